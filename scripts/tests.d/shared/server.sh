# A server of a script's own, and the Python programs that meet it. Sourced after expect.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154

# shellcheck source=scripts/tests.d/shared/python.sh
source "${BASH_SOURCE[0]%/*}/python.sh"
programs=$(readlink -f -- "${BASH_SOURCE[0]%/*}/../server")
# Programs that fail are counted, so that one run shows all that is wrong.
failed_programs=0

# Starts `rkvoice serve` on a free port. The arguments: more of its own. Sets $server (process id), $url, and writes
# what it says to $area/server.log.
start_server() {
    : >"$area/server.log"
    "$RKVOICE" serve --port 0 "$@" 2>"$area/server.log" >/dev/null </dev/null &
    server=$!
    await 60 says_port
    url=http://127.0.0.1:$(sed -nE 's/.*listening on [^ ]+:([0-9]+).*/\1/p' "$area/server.log" | head -1)
    await 120 is_ready
}
says_port() { server_lives && grep -qE 'listening on [^ ]+:[0-9]+' "$area/server.log"; }
is_ready() { server_lives && curl --silent --fail --max-time 5 --noproxy '*' --output /dev/null "$url/readyz"; }
server_lives() {
    kill -0 "$server" 2>/dev/null ||
        { tail -5 "$area/server.log" && fail "the server does not end by itself"; } || exit 1
}

# SIGTERM; the server has to end with 0, without having said a word about a crash.
stop_server() {
    local code=0
    kill -TERM "$server"
    await 60 server_ended
    wait "$server" || code=$?
    [[ $code == 0 ]] || fail "the server ends with 0 after SIGTERM (it is $code)"
    ! grep -E 'Fatal|Stack dump|BUG|leaked' "$area/server.log" || fail "the log has no trace of a crash"
}
server_ended() { [[ ! -e /proc/$server || $(awk '/^State:/ { print $2 }' "/proc/$server/status") == [ZX] ]]; }

# Runs one of the programs; the rest: its arguments.
meets() {
    local started=$SECONDS code=0
    echo "= ${1%.py}"
    (cd "$area" && PYTHONDONTWRITEBYTECODE=1 "$python" "$programs/$1" "${@:2}") || code=$?
    echo "= ${1%.py}: $((SECONDS - started)) s"
    ((code == 0)) || failed_programs=$((failed_programs + 1))
}

# The last line of a script: fails when one of the programs did. $1: what has been seen.
conclude() {
    if ((failed_programs > 0)); then
        { grep -v ' request$' "$area/server.log" || true; } | tail -5 | sed 's/^/  server | /'
        echo "$failed_programs of the programs found something wrong"
        exit 1
    fi
    echo "$1"
}
