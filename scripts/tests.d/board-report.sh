#!/usr/bin/env bash
# The report of scripts/board.sh: whole or not at all, with what went wrong, without private data. A stand-in for the
# program makes it a matter of seconds; long/board.sh takes the program itself.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
board=$(readlink -f -- "${BASH_SOURCE[0]%/*}/../board.sh")

has() { grep -qE -- "$1" "$area/report.md" || fail "the report has \"$1\": $(<"$area/report.md")"; }
lacks() { ! grep -qF -- "$1" "$area/report.md" || fail "the report does not say $1: $(<"$area/report.md")"; }

# $1: exit status. The rest: what is added to the command.
report() {
    rm -f "$area/report.md"
    run env RKVOICE="$area/program" HOME="$area/house/anna" "$board" -o "$area/report.md" "${@:2}"
    [[ $code == "$1" ]] || fail "it ends with $1 (it is $code)"
}

cat >"$area/program" <<'PROGRAM'
#!/usr/bin/env bash
# Answers as rkvoice does, and tells what it should not.
set -euo pipefail
here=${BASH_SOURCE[0]%/*}
words=" $* "
lease='{"traceEvents": []}'
[[ ! -e $here/npu-runs ]] || lease='{"traceEvents": [{"cat": "lease"}]}'
for ((i = 1; i < $#; i++)); do
    case ${!i} in
        --trace) j=$((i + 1)) && printf '%s\n' "$lease" >"${!j}" ;;
        -o) j=$((i + 1)) && cp "$here/sound.wav" "${!j}" ;;
    esac
done
case $words in
    *" --version "*) echo 0.1.0 ;;
    *" doctor --json "*) if [[ -e $here/npu ]]; then echo '{"board": "rk3588"}'; else echo '{"board": "cpu"}'; fi ;;
    *" doctor "*)
        homes=(home/bob root)
        printf 'ok    paths: %s/lib /%s/x /%s/y, ' "$HOME" "${homes[@]}"
        echo "10.1.2.3 and 127.0.0.1, 0a:1b:2c:3d:4e:5f on $(uname -n)"
        [[ ! -e $here/hold ]] || { echo held >"$here/held" && sleep 600; }
        [[ ! -e $here/sick ]] || exit 69
        ;;
    *" transcribe "*) echo "The quick brown fox jumps over the lazy dog." ;;
    *) printf '\033[32mfigures\033[0m 10%%\r100%%\n' ;;
esac
PROGRAM
mkdir "$area/bin"
cat >"$area/bin/uname" <<'PROGRAM'
#!/usr/bin/env bash
# A machine with a name of its own.
[[ $* == -n ]] && echo annas-machine || exec /bin/uname "$@"
PROGRAM
chmod +x "$area/program" "$area/bin/uname"
PATH=$area/bin:$PATH
wav "$area/sound.wav" 'header(3200) + bytes(range(1, 101)) * 32'

touch "$area/npu" "$area/npu-runs"
echo "- a simulated board: everything in one file, and it says simulated"
report 0 --simulate rk3588 --runs 1
for line in '^# Board report' '^simulated: the NPU of rk3588' '^All of it went well' '^## Doctor' '^## Plan' \
    '^heard:  The quick brown fox' '^runs on the simulated NPU of rk3588: 1 while speaking, 1' \
    'signal to difference: inf dB' '^## Measurements: speech' '^## Measurements: recognition' '^100%$'; do
    has "$line"
done
grep -qE "The report will be in $area/report.md; it takes" "$area/stderr" || fail "it says where and how long"

echo "- without private data"
has '^ok    paths: ~/lib ~/x ~/y, <address> and 127\.0\.0\.1, <hardware address> on <host>$'
for word in "$area" anna bob 10.1.2.3 0a:1b; do lacks "$word"; done
! grep -q $'\x1b' "$area/report.md" || fail "no colors in it"

echo "- a machine without an NPU says so, and still reports"
rm "$area/npu" "$area/npu-runs"
report 0
has '^No NPU that is known: everything ran on the CPU'
has 'so there is nothing to compare'

echo "- a board whose NPU is not used"
touch "$area/npu"
report 69
has '^Not well: The NPU against the CPU \(exit status 1\)'
has 'nothing ran on the NPU'

echo "- what fails is told, and the rest is there"
touch "$area/sick"
touch "$area/npu-runs"
report 69 --simulate rk3576
has '^Not well: Doctor \(exit status 69\)'
has '^## Measurements: recognition'
rm "$area/sick"

echo "- interrupted, it leaves nothing"
touch "$area/hold"
mkdir "$area/temporary"
rm -f "$area/report.md"
TMPDIR="$area/temporary" RKVOICE="$area/program" "$board" -o "$out/report.md" 2>"$area/stderr" >/dev/null &
child=$!
await 30 test -e "$area/held"
kill -TERM "$child"
code=0
wait "$child" || code=$?
[[ $code == 130 ]] || fail "it ends with 130 ($code)"
expect_nothing_left
[[ -z $(ls -A "$area/temporary") ]] || fail "nothing is left in the temporary directory"
rm "$area/hold"

echo "- mistakes"
for wrong in '--simulate rk3599' '--runs 0' '--runs 1000' '--bogus' '--simulate'; do
    # shellcheck disable=SC2086
    run env RKVOICE=/bin/false "$board" $wrong
    [[ $code == 64 ]] || fail "board.sh $wrong ends with 64 ($code)"
done
for wrong in /nowhere/report.md "$out"; do
    run env RKVOICE=/bin/false "$board" -o "$wrong"
    [[ $code == 73 ]] || fail "board.sh -o $wrong ends with 73 ($code)"
done
expect_nothing_left
run "$board" --help
[[ $code == 0 ]] || fail "--help succeeds"
grep -q -- '--simulate BOARD' "$area/stderr" || fail "it explains itself"
echo "the report is whole or not there, and can be shown"
