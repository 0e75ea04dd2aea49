#!/usr/bin/env bash
# `rkvoice bench server` with several clients: a server that it starts, one that runs, one with too much to do, one that
# dies.
# The figures are looked at for sense, never for speed.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/../shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/../shared/server.sh"
unset SERVICE_KEY

# Few runs and little time: $1 is "started" or "running", the rest are options.
measures() {
    limit=200 works "$RKVOICE" bench server --json --quiet --runs 2 --limit 120 --vad-silence 400 \
        --concurrency 2 --concurrency 1 --concurrency 2 "${@:2}"
    PYTHONDONTWRITEBYTECODE=1 python3 "$programs/bench_report.py" "$1" <"$area/stdout" ||
        fail "the report is as it should be"
}

echo "- a server that it starts"
measures started
echo "- a server that runs and asks for a key"
start_server --set limits.requests_per_minute=0 --api-key first-key
echo first-key >"$area/keys"
measures running --url "$url" --api-key-file "$area/keys"
echo "- the same for people, and it can be stopped"
SERVICE_KEY=first-key limit=60 works "$RKVOICE" bench server --url "$url" --runs 1 --limit 10 --concurrency 1
grep -q "^first PCM, short, POST /tts/stream  *[0-9]" "$area/stdout" || fail "a table is printed"
grep -q "nearest rank" "$area/stdout" || fail "it says what a percentile is"
code=0
SERVICE_KEY=first-key timeout --signal=INT --preserve-status 4 \
    "$RKVOICE" bench server --quiet --url "$url" >/dev/null 2>"$area/stderr" || code=$?
[[ $code == 130 ]] || fail "Ctrl-C ends it with 130 (it is $code)"
expect_one error "interrupted"
stop_server

echo "- a server that has enough to do refuses, and that is counted"
start_server --set limits.requests_per_minute=0 --set limits.streams=1
limit=120 works "$RKVOICE" bench server --quiet --url "$url" --runs 4 --concurrency 3
grep -qE "^3 clients: [0-9]+ refused" "$area/stdout" || fail "refusals are counted"
echo "- a server that dies meanwhile is told"
(sleep 4 && kill -KILL "$server") &
limit=30 refuses 69 "nobody answers|broke the connection off" "$RKVOICE" bench server --quiet --url "$url"
wait "$server" 2>/dev/null || true

echo "- a server that limits rates, one without a voice, one without a recognizer"
start_server --set limits.requests_per_minute=3
limit=60 refuses 75 "limits no rates" "$RKVOICE" bench server --quiet --url "$url"
stop_server
start_server --set limits.requests_per_minute=0 --no-tts
limit=30 refuses 69 "no voice.*--set" "$RKVOICE" bench server --url "$url"
stop_server
start_server --set limits.requests_per_minute=0 --no-asr
limit=60 works "$RKVOICE" bench server --quiet --url "$url" --runs 1 --concurrency 1
grep -q "no recognizer" "$area/stdout" || fail "it says what is left out"
grep -q "^first PCM, 6 s, WS" "$area/stdout" || fail "it measures the rest"
stop_server
echo "a server is measured, and what cannot be measured is told"
