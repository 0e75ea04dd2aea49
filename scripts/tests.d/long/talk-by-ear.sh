#!/usr/bin/env bash
# A conversation through a real sound server: PulseAudio with an ear (what the microphone hears) and a mouth (what the
# loudspeaker plays), both without hardware.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"

for program in pulseaudio pactl parec paplay; do
    command -v "$program" >/dev/null && continue
    echo "not heard: a conversation, because there is no $program: apt-get install pulseaudio pulseaudio-utils"
    exit 77
done

# A sound server of our own, in a folder of its own. Root is warned, and served.
export PULSE_RUNTIME_PATH=$area/pulse PULSE_STATE_PATH=$area/pulse-state
mkdir -p "$PULSE_RUNTIME_PATH" "$PULSE_STATE_PATH"
pulseaudio -n --daemonize=no --exit-idle-time=-1 --log-level=error \
    --load="module-native-protocol-unix" \
    --load="module-null-sink sink_name=ear rate=16000 channels=1" \
    --load="module-null-sink sink_name=mouth rate=22050 channels=1" 2>"$area/pulse.log" &
pulse=$!
await 20 pactl info
pactl set-default-source ear.monitor
pactl set-default-sink mouth

declare -A texts=(
    [fox]="The quick brown fox jumps over the lazy dog."
    [long]="The children are playing football behind the school, and the old man is reading a newspaper in the garden."
    [stop]="What time is it now?"
)
for name in "${!texts[@]}"; do
    works "$RKVOICE" say "${texts[$name]}" -o "$area/$name.wav"
done

# Talks, and keeps what the loudspeaker plays. The arguments: more of rkvoice talk.
begin() {
    : >"$area/turns"
    : >"$area/notes"
    "$RKVOICE" talk --json --language English "$@" >"$area/turns" 2>"$area/notes" </dev/null &
    talk=$!
    await 60 listens
    parec --device=mouth.monitor --file-format=wav "$area/heard.wav" 2>/dev/null &
    recorder=$!
}
speaks() { pactl list short sink-inputs | grep -q .; }
ended() { [[ ! -e /proc/$talk || $(awk '/^State:/ { print $2 }' "/proc/$talk/status") == [ZX] ]]; }
listens() { pactl list short source-outputs | grep -q .; }
# $1: how many turns are over.
over() { (($(wc -l <"$area/turns") >= $1)); }
hang_up() {
    kill -INT "$talk"
    code=0
    wait "$talk" || code=$?
    [[ $code == 130 ]] || fail "Ctrl-C ends it with 130 (it is $code)"
    kill -INT "$recorder"
    wait "$recorder" 2>/dev/null || true
}
# What a turn says. $1: its number, from 0; $2: a member of its line.
turn() {
    python3 -c 'import json, sys; print(json.loads(sys.stdin.readlines()[int(sys.argv[1])])[sys.argv[2]])' "$@" \
        <"$area/turns"
}

echo "- what is said into the microphone is answered by the loudspeaker"
begin
paplay --device=ear "$area/fox.wav"
await 30 over 1
# The last of it is still in the loudspeaker.
sleep 1
hang_up
[[ $(turn 0 outcome) == "done" ]] || fail "the turn is done ($(cat "$area/turns"))"
[[ $(turn 0 question) == *"lazy dog"* ]] || fail "the question is understood ($(turn 0 question))"
echo "  $(turn 0 latencyMilliseconds)"
works "$RKVOICE" transcribe "$area/heard.wav"
grep -qi "lazy dog" "$area/stdout" || fail "the answer is heard ($(cat "$area/stdout"))"

echo "- with --barge-in speech, who speaks into the answer silences it"
begin --barge-in speech
paplay --device=ear "$area/long.wav"
await 30 speaks
paplay --device=ear "$area/stop.wav"
await 30 over 2
sleep 1
hang_up
[[ $(turn 0 outcome) == "cancelled: speech" ]] || fail "the answer is interrupted ($(cat "$area/turns"))"
[[ $(turn 1 question) == *[Tt]"ime"* ]] || fail "what interrupted it is understood ($(turn 1 question))"
works "$RKVOICE" transcribe "$area/heard.wav"
grep -qi "garden" "$area/stdout" && fail "the end of the answer is not played ($(cat "$area/stdout"))"
grep -qi "time is it" "$area/stdout" || fail "the second answer is heard ($(cat "$area/stdout"))"

echo "- a microphone that goes away is told"
begin
kill "$pulse"
code=0
await 20 ended
wait "$talk" || code=$?
[[ $code == 69 ]] || fail "it ends with 69 ($code)"
grep -q "is there a microphone" "$area/notes" || fail "it says why ($(cat "$area/notes"))"
echo "a conversation can be held by microphone and loudspeaker"
