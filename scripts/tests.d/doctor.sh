#!/usr/bin/env bash
# rkvoice doctor in a user's hands: on this machine as it is, with what is wrong with it, and on simulated boards.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"

shows() { grep -qE -- "$1" "$area/stdout" || fail "the output has \"$1\": $(<"$area/stdout")"; }

# The rest ends with the exit status $1.
ends() {
    run "${@:2}"
    [[ $code == "$1" ]] || fail "\"${*:3}\" ends with $1 (it is $code): $(<"$area/stdout")"
    ! grep -qE 'Fatal|Stack dump' "$area/stderr" || fail "no trace of a crash"
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
shows '^(ok  |warn)  model whisper-base: [0-9]+ files as they were installed'
shows '^ok    placements: .*whisper-base as '
shows '^[0-9]+ ok, [0-9]+ to look at, 0 failed\.'
! grep -q $'\x1b' "$area/stdout" || fail "no colors in a pipe"

echo "- JSON, without private data"
works "$RKVOICE" doctor --json
[[ $(json 'len({"board", "findings", "simulated", "verdict"} & set(it))') == 4 ]] || fail "the JSON has its four keys"
[[ $(json 'all(f["why"] and f["verdict"] in ("ok", "warn", "fail") for f in it["findings"])') == True ]] ||
    fail "each finding says why"
[[ $(json 'all("fix" in f for f in it["findings"] if f["verdict"] != "ok")') == True ]] || fail "and what to do"
for word in "$(uname -n)" "$HOME/" "$RKVOICE_HOME"; do
    [[ ${#word} -lt 4 || $word == localhost ]] || ! grep -qF -- "$word" "$area/stdout" || fail "it does not say $word"
done

# What follows needs no large model, each of which is read whole.
mkdir -p "$area/home/models" "$area/home/runtimes"
cp -r "$RKVOICE_HOME/models/silero-vad" "$area/home/models/"
ln -s "$RKVOICE_HOME"/runtimes/* "$area/home/runtimes/"
export RKVOICE_HOME=$area/home

echo "- without any model: nothing is made or downloaded"
works env RKVOICE_HOME="$area/empty" RKVOICE_OFFLINE= "$RKVOICE" doctor
shows '^warn  ONNX Runtime: not installed yet'
shows '^ok    model: none is installed'
ends 69 env RKVOICE_HOME="$area/empty" RKVOICE_OFFLINE=1 "$RKVOICE" doctor
shows '^fail  ONNX Runtime: .*downloads are off'
ends 69 env RKVOICE_HOME="$area/empty" RKVOICE_ONNXRUNTIME="$area/none.so" "$RKVOICE" doctor
shows '^fail  ONNX Runtime: .*none\.so'
[[ ! -e $area/empty ]] || fail "nothing is made: $(find "$area/empty")"

echo "- an ordinary user, whom root's files are closed to"
executable=$(dirname -- "$(readlink -f -- "$RKVOICE")")/.build/release/rkvoice
[[ -x $executable ]] || executable=$RKVOICE
nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env -i "PATH=$PATH")
if ((EUID == 0)) && "${nobody[@]}" test -x "$executable"; then
    works "${nobody[@]}" "$executable" doctor
    shows '^ok    codecs: '
    shows ' 0 failed\.'
else
    unseen "an ordinary user (this is none that can become one)"
fi

echo "- simulated boards say so"
for board in rk3588 rk3576; do
    works "$RKVOICE" doctor --simulate $board --json
    [[ $(json 'it["simulated"], it["board"]') == "(True, '$board')" ]] || fail "the report says that it is simulated"
done

echo "- a board that this machine is not: what is missing is told, and fails"
if [[ ! -e /proc/device-tree/compatible ]]; then
    ends 69 "$RKVOICE" doctor --board rk3588
    shows '^warn  board: counts as RK3588 by choice'
    shows '^(fail|warn)  NPU driver: '
    shows '^fail  librknnrt: '
    shows '^      fix: sudo curl '
else
    unseen "a machine without an NPU"
fi

echo "- a server that others can reach, or that cannot start"
ends 69 env OVS_API_KEY= "$RKVOICE" doctor --host 0.0.0.0
shows '^fail  configuration: .*no API key'
works "$RKVOICE" doctor --host 0.0.0.0 --insecure
shows '^warn  server exposure: other machines can use the server without a key'
works "$RKVOICE" doctor --host 0.0.0.0 --api-key secret-of-anna
shows '^warn  server exposure: .*without encryption'
! grep -q secret-of-anna "$area/stdout" || fail "a key is not shown"
ends 69 env RKVOICE_THREADS=many "$RKVOICE" doctor
shows '^fail  configuration: .*RKVOICE_THREADS'
shows '^(ok  |warn)  model silero-vad: '

echo "- placements of what the server would load, not of everything that is there"
works "$RKVOICE" doctor --no-tts
shows '^ok    placements: silero-vad as .*, not installed yet: whisper-base$'
works "$RKVOICE" doctor --no-tts --no-asr
shows '^ok    placements: nothing is served$'
ends 69 "$RKVOICE" doctor --profile rk1828-gemma4
shows '^fail  placements gemma4_rk1828: '

echo "- a port that is taken"
python3 - "$area/port" <<'PYTHON' &
import os
import socket
import sys
import time

with socket.create_server(("127.0.0.1", 0)) as server:
    with open(sys.argv[1] + ".new", "w") as file:
        file.write(str(server.getsockname()[1]))
    os.rename(sys.argv[1] + ".new", sys.argv[1])
    time.sleep(600)
PYTHON
holder=$!
await 20 test -e "$area/port"
works "$RKVOICE" doctor --port "$(<"$area/port")"
shows "^warn  server port: $(<"$area/port") is taken"
kill "$holder"

echo "- one byte of a model is another"
works "$RKVOICE" doctor
shows '^(ok  |warn)  model silero-vad: [0-9]+ files as they were installed'
model=$(find "$area/home/models" -name '*.onnx' | sort | head -n 1)
printf '\x5a' | dd of="$model" bs=1 seek=1000 conv=notrunc status=none
ends 69 "$RKVOICE" doctor
shows '^fail  model silero-vad: .*another SHA-256'
shows '^      fix: rkvoice models remove silero-vad && rkvoice models pull silero-vad'
rm "$model"
ends 69 "$RKVOICE" doctor
shows '^fail  model silero-vad: .* is missing'
works "$RKVOICE" models remove silero-vad
works "$RKVOICE" doctor
shows '^ok    model: none is installed'

echo "- mistakes, help, completions"
refuses 64 'not one of rk3576, rk3588' "$RKVOICE" doctor --simulate rk3599
works "$RKVOICE" doctor --help
shows 'rkvoice doctor --simulate rk3588'
works "$RKVOICE" --help
shows '^THIS MACHINE SUBCOMMANDS:'
for shell in bash zsh fish; do
    works "$RKVOICE" --generate-completion-script "$shell"
    shows doctor
done
((${#skipped[@]} == 0)) || printf 'not seen: %s\n' "${skipped[*]}"
echo "the doctor is truthful"
