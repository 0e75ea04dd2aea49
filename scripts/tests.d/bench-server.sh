#!/usr/bin/env bash
# `rkvoice bench server`: against a server that runs, one that wants a key, and what is no server of this kind. The
# figures are looked at for sense, never for speed; long/bench-server.sh has several clients at a time.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
unset SERVICE_KEY

# Few runs and little time: $1 is "started" or "running", the rest are options.
measures() {
    limit=120 works "$RKVOICE" bench server --json --quiet --runs 1 --limit 20 --vad-silence 400 \
        --concurrency 1 "${@:2}"
    PYTHONDONTWRITEBYTECODE=1 python3 "$programs/bench_report.py" "$1" <"$area/stdout" ||
        fail "the report is as it should be"
}

echo "- what is wrong is told before anything is loaded"
limit=10 refuses 64 "no address" "$RKVOICE" bench server --url board
limit=10 refuses 64 "only http" "$RKVOICE" bench server --url https://board:8621
limit=10 refuses 64 "names no host" "$RKVOICE" bench server --url http://:8621
limit=10 refuses 64 "more than a host" "$RKVOICE" bench server --url http://board:8621/tts
limit=10 refuses 64 "is none" "$RKVOICE" bench server --url http://board:99999
limit=10 refuses 64 "started here" "$RKVOICE" bench server --url http://board:8621 --threads 2
limit=10 refuses 64 "runs is" "$RKVOICE" bench server --runs 0
limit=10 refuses 64 "limit is" "$RKVOICE" bench server --limit 1
limit=10 refuses 64 "concurrency is" "$RKVOICE" bench server --concurrency 0
limit=10 refuses 64 "vad-silence is" "$RKVOICE" bench server --vad-silence 1
limit=10 refuses 66 "cannot be read" "$RKVOICE" bench server --url http://127.0.0.1:1 --api-key-file "$area/none"
: >"$area/empty"
limit=10 refuses 65 "has no key" "$RKVOICE" bench server --url http://127.0.0.1:1 --api-key-file "$area/empty"

echo "- who does not answer, or is another, is named"
limit=30 refuses 69 "nobody answers.*[Rr]efused" "$RKVOICE" bench server --url http://127.0.0.1:1
# $1: exit code; $2: what is said; $3: which of the other servers.
other() {
    python3 "$programs/other_servers.py" "$3" >"$area/port" &
    local other=$!
    await 10 test -s "$area/port"
    limit=40 refuses "$1" "$2" "$RKVOICE" bench server --url "http://127.0.0.1:$(cat "$area/port")"
    kill "$other"
    wait "$other" 2>/dev/null || true
    : >"$area/port"
}
other 64 "no server of rkvoice.*404" another
other 64 "no server of rkvoice" page
other 64 "SERVICE_KEY" locked
other 75 "limits no rates" strict
other 65 "does not speak HTTP" no-http
other 69 "broke the connection off" leaving
other 65 "MiB" endless
other 75 "within 10 s" silent

echo "- a server that runs and asks for a key"
start_server --set limits.requests_per_minute=0 --api-key first-key
limit=30 refuses 64 "SERVICE_KEY" "$RKVOICE" bench server --url "$url"
limit=30 refuses 64 "SERVICE_KEY" "$RKVOICE" bench server --url "$url" --api-key wrong
echo first-key >"$area/keys"
measures running --url "$url" --api-key-file "$area/keys"
stop_server
echo "a server is measured, and what cannot be measured is told"
