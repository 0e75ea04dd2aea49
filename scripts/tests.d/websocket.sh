#!/usr/bin/env bash
# RFC 6455 section by section: what a raw client and Python's websockets see of the server's WebSockets, case by case,
# against the probe. The table of docs/websocket-conformance.md names the same cases and answers.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
cases=$source_root/scripts/tests.d/websocket
probe=$source_root/.build/release/TransportProbe

echo "- the table of docs/websocket-conformance.md is that of the cases"
sed -n '/^| section/,$p' "$source_root/docs/websocket-conformance.md" >"$area/written"
python3 -B "$cases" --table >"$area/cases"
diff "$area/written" "$area/cases" || fail "the table is written by: python3 scripts/tests.d/websocket --table"

python3 -m venv "$area/venv"
"$area/venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$cases/requirements.txt" \
    2>"$area/stderr" || unseen "what Python's websockets makes of it: the package cannot be installed"

[[ -x $probe ]] || fail "there is $probe"
"$probe" >"$area/probe" 2>"$area/probe-log" &
pid=$!
await 30 grep -q '^listening on ' "$area/probe"
read -r _ _ port <"$area/probe"

echo "- every case"
timeout 300 "$area/venv/bin/python" -B "$cases" "$port" || fail "every case is as the RFC says"

echo "- the probe ends in order"
kill -TERM "$pid"
code=0
wait "$pid" || code=$?
[[ $code == 0 ]] || fail "the probe ends with 0 (it is $code)"
