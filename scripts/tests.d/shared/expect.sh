# What the scripts expect of the executable. Sourced; sets $area (scratch), $code, $area/stdout and $area/stderr.
# shellcheck shell=bash

area=$(mktemp -d)
mkdir "$area/out"

# Where a run may leave files: empty before and after everything that fails.
out=$area/out

# Ends what a script started, however it ends itself.
finish() {
    jobs -p | xargs -r kill -KILL 2>/dev/null || true
    chmod -R u+rwX "$area" 2>/dev/null || true
    rm -rf "$area"
}
trap finish EXIT

fail() {
    echo "  not so: $1"
    if [[ -s $area/stderr ]]; then
        head -c 1000 "$area/stderr" | sed 's/^/  stderr | /'
    fi
    exit 1
}

# Runs a command in $out, at most $limit seconds (90). The rest: the command; standard input is the caller's.
run() {
    code=0
    timeout --kill-after=5 "${limit:-90}" env -C "$out" "$@" >"$area/stdout" 2>"$area/stderr" || code=$?
    ((code < 124 || code == 130 || code == 141)) || fail "\"${*:2}\" ends by itself (exit code $code)"
}

# Exactly one line for people that begins with $1 and matches $2, and no trace of a crash.
expect_one() {
    local lines
    lines=$(grep -cE '^(error|warning): ' "$area/stderr") || true
    [[ $lines == 1 ]] || fail "exactly one error or warning ($lines)"
    grep -qE "^$1: .*($2)" "$area/stderr" || fail "$1 that says \"$2\""
    ! grep -qE 'Fatal|Stack dump|Traceback' "$area/stderr" || fail "no trace of a crash"
}

# $1: exit code (a regular expression). $2: what the error says (a regular expression). The rest: the command.
# Nothing may be left behind.
refuses() {
    run "${@:3}"
    [[ $code =~ ^($1)$ ]] || fail "\"${*:4}\" ends with $1 (it is $code)"
    expect_one error "$2"
    [[ ! -s $area/stdout ]] || fail "\"${*:4}\" prints nothing"
    expect_nothing_left
}

# $1: what the warning says. The rest: the command, which succeeds.
warns() {
    run "${@:2}"
    [[ $code == 0 ]] || fail "\"${*:3}\" succeeds (exit code $code)"
    expect_one warning "$1"
}

# The command succeeds without an error or a warning.
works() {
    run "$@"
    [[ $code == 0 ]] || fail "\"${*:2}\" succeeds (exit code $code)"
    ! grep -qE '^(error|warning): ' "$area/stderr" || fail "\"${*:2}\" does not complain"
}

expect_nothing_left() { [[ -z $(ls -A "$out") ]] || fail "nothing is left behind: $(ls -A "$out")"; }

# Waits until a command succeeds, $1 seconds at most. The rest: the command.
await() {
    local end=$((SECONDS + $1))
    until "${@:2}"; do
        ((SECONDS < end)) || fail "within $1 s: ${*:2}"
        read -rt 0.05 _ <> <(:) || true
    done
}

# Skips the rest of a script only at its end: $skipped collects what could not be seen.
skipped=()
unseen() {
    echo "- not seen: $1"
    skipped+=("$1")
}

# Writes a WAV file. $1: path; $2: python expression for its bytes, with header(bytes, rate=…, riff=…, data=…).
wav() {
    python3 - "$@" <<'PYTHON'
import struct
import sys


def header(size, rate=16000, riff=None, data=None):
    form = struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
    riff = 36 + size if riff is None else riff
    data = size if data is None else data
    return b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + form + b"data" + struct.pack("<I", data)


speech = open(sys.argv[3], "rb").read() if len(sys.argv) > 3 else b""
with open(sys.argv[1], "wb") as file:
    file.write(eval(sys.argv[2]))
PYTHON
}
