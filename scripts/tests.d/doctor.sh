#!/usr/bin/env bash
# rkvoice doctor in a user's hands, on this machine and on simulated boards; and the report that scripts/board.sh makes.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
root=$(readlink -f -- "${BASH_SOURCE[0]%/*}/../..")

shows() { grep -qE -- "$1" "$area/stdout" || fail "the output has \"$1\": $(<"$area/stdout")"; }

# The rest ends with the exit status $1.
ends() {
    run "${@:2}"
    [[ $code == "$1" ]] || fail "\"${*:3}\" ends with $1 (it is $code): $(<"$area/stdout")"
}

# Prints what a python expression makes of the JSON on the last output, called `it`.
json() {
    python3 -c 'import json, sys; it = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$area/stdout" "$1"
}

echo "- this machine, with its models"
works "$RKVOICE" doctor
shows '^ok    ONNX Runtime: [0-9.]+ from .RKVOICE_HOME'
shows '^ok    phoneme process: espeak-ng'
shows '^ok    codecs: WAV, FLAC, MP3 and Opus'
shows '^ok    model whisper-base: [0-9]+ files'
shows '^[0-9]+ ok, [0-9]+ to look at, 0 failed\.'
! grep -q $'\x1b' "$area/stdout" || fail "no colors in a pipe"

echo "- JSON, without private data"
works "$RKVOICE" doctor --json
[[ $(json 'len({"board", "findings", "simulated", "verdict"} & set(it))') == 4 ]] || fail "the JSON has its four keys"
[[ $(json 'all(f["why"] and f["verdict"] in ("ok", "warn", "fail") for f in it["findings"])') == True ]] ||
    fail "each finding says why"
for word in "$(uname -n)" "$HOME/" "$RKVOICE_HOME"; do
    [[ ${#word} -lt 4 || $word == localhost ]] || ! grep -qF -- "$word" "$area/stdout" || fail "it does not say $word"
done

echo "- without any model, and without a way to get one"
ends 69 env RKVOICE_HOME="$area/empty" RKVOICE_ONNXRUNTIME="$area/none.so" "$RKVOICE" doctor
shows '^fail  ONNX Runtime: .*none\.so'
shows '^ok    model: none is installed'
[[ ! -e $area/empty ]] || fail "nothing is made"

echo "- simulated boards say so"
for board in rk3588 rk3576; do
    works "$RKVOICE" doctor --simulate $board --json
    [[ $(json 'it["simulated"], it["board"]') == "(True, '$board')" ]] || fail "the report says that it is simulated"
done

echo "- a board that this machine is not: what is missing is told, and fails"
if [[ ! -e /proc/device-tree/compatible ]]; then
    ends 69 "$RKVOICE" doctor --board rk3588
    shows '^warn  board: counts as RK3588 by choice'
    shows '^fail  NPU driver: '
    shows '^fail  librknnrt: '
    shows '^      fix: '
else
    unseen "a machine without an NPU"
fi

echo "- a server that others can reach"
ends 69 env OVS_API_KEY= "$RKVOICE" doctor --host 0.0.0.0
shows '^fail  configuration: .*no API key'
works "$RKVOICE" doctor --host 0.0.0.0 --insecure
shows '^warn  server exposure: other machines can use the server without a key'
works "$RKVOICE" doctor --host 0.0.0.0 --api-key secret-of-anna
shows '^warn  server exposure: .*without encryption'
! grep -q secret-of-anna "$area/stdout" || fail "a key is not shown"

echo "- a port that is taken"
python3 - "$area/port" <<'PYTHON' &
import socket, sys, time
with socket.create_server(("127.0.0.1", 0)) as server:
    open(sys.argv[1] + ".new", "w").write(str(server.getsockname()[1]))
    import os
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    time.sleep(600)
PYTHON
holder=$!
await 20 test -e "$area/port"
works "$RKVOICE" doctor --port "$(<"$area/port")"
shows "^warn  server port: $(<"$area/port") is taken"
kill "$holder"

echo "- a damaged model"
mkdir -p "$area/home/runtimes"
cp -r "$RKVOICE_HOME/models" "$area/home/models"
ln -s "$RKVOICE_HOME"/runtimes/* "$area/home/runtimes/"
model=$(find "$area/home/models" -name '*.onnx' | sort | head -n 1)
printf 'x' | dd of="$model" bs=1 seek=1000 conv=notrunc status=none
ends 69 env RKVOICE_HOME="$area/home" "$RKVOICE" doctor
shows '^fail  model .*: .*another SHA-256'

echo "- mistakes"
refuses 64 'not one of rk3576, rk3588' "$RKVOICE" doctor --simulate rk3599
works "$RKVOICE" doctor --help
shows 'rkvoice doctor --simulate rk3588'

echo "- the report of a simulated board"
limit=600 run "$root/scripts/board.sh" --simulate rk3588 --runs 1 -o "$area/report.md"
[[ $code == 0 ]] || fail "board.sh ends with 0 ($code): $(<"$area/report.md")"
for line in '^# Board report' '^simulated: the NPU of rk3588' '^heard:  The quick brown fox jumps over the lazy dog\.' \
    '^runs on the simulated NPU of rk3588: [1-9]' 'signal to difference: ' '^## Measurements: asr'; do
    grep -qE -- "$line" "$area/report.md" || fail "the report has \"$line\": $(<"$area/report.md")"
done
for word in "$HOME/" "$RKVOICE_HOME" "$root"; do
    ! grep -qF -- "$word" "$area/report.md" || fail "the report does not say $word"
done
for wrong in '--simulate rk3599' '--runs 0' '--bogus' '--simulate'; do
    # shellcheck disable=SC2086
    run "$root/scripts/board.sh" $wrong
    [[ $code == 64 ]] || fail "board.sh $wrong ends with 64 ($code)"
done
