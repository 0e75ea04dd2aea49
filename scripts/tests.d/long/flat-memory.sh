#!/usr/bin/env bash
# Memory stays flat however long the work is: hours of audio through `transcribe`, and a book through `say` into a
# reader that is slower than the voice.
#
#   RKVOICE_FLAT_HOURS        hours of audio (3)
#   RKVOICE_FLAT_CHARACTERS   characters of text (100000)
#   RKVOICE_FLAT_MODEL        recognizer (the default one)
#   RKVOICE_FLAT_RATE         bytes that the slow reader takes each second (150000: 3.4 times real time)
#
# Sampled every two seconds: the resident memory of the process and of its children. By work is meant by time: both
# works are even.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
sentences=${RKVOICE_FLAT_SENTENCES:-$source_root/ModelPrep/testset/sentences.txt}
hours=${RKVOICE_FLAT_HOURS:-3}
characters=${RKVOICE_FLAT_CHARACTERS:-100000}
rate=${RKVOICE_FLAT_RATE:-150000}
model=()
[[ -z ${RKVOICE_FLAT_MODEL-} ]] || model=(--model "$RKVOICE_FLAT_MODEL")
work=$(mktemp -d)
# Ends what this script started, even when it is interrupted.
trap 'jobs -p | xargs -r kill 2>/dev/null || true; rm -rf "$work"' EXIT

fail() {
    echo "  not so: $1"
    exit 1
}

# Kilobytes that process $1 and its children hold.
resident() {
    local pid sum=0 kilobytes
    for pid in "$1" $(cat "/proc/$1"/task/*/children 2>/dev/null); do
        kilobytes=$(awk '/^VmRSS:/ { print $2 }' "/proc/$pid/status" 2>/dev/null) || true
        sum=$((sum + ${kilobytes:-0}))
    done
    echo "$sum"
}

# Samples process $1 until it ends, into file $2: seconds, kilobytes.
sample() {
    local started=$SECONDS
    while [[ -r /proc/$1/status && $(awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null) != Z ]]; do
        echo "$((SECONDS - started)) $(resident "$1")" >>"$2"
        sleep 2
    done
}

# Prints the table of $1, called $2; fails when memory grew. The first tenth is warm-up: what is loaded on first use.
# Compared are medians of a tenth of the time each, because the memory of one step breathes with its length.
judge() {
    python3 - "$1" "$2" <<'PYTHON'
import statistics
import sys

samples = [tuple(map(int, line.split())) for line in open(sys.argv[1])]
samples = [sample for sample in samples if sample[1] > 0]
if len(samples) < 20:
    sys.exit(f"  not so: {sys.argv[2]} took long enough to be sampled ({len(samples)} samples)")
end = samples[-1][0]


def around(part):
    near = [size for time, size in samples if abs(time - part * end) <= 0.05 * end]
    return statistics.median(near) / 1024


print(f"  {sys.argv[2]}, {end} s:  10 %: {around(.1):.1f} MB   50 %: {around(.5):.1f} MB   90 %: {around(.9):.1f} MB")
warm = max(size for time, size in samples if time <= 0.15 * end) / 1024
peak = max(size for time, size in samples) / 1024
print(f"  peak of the first 15 %: {warm:.1f} MB, of all: {peak:.1f} MB")
for part in (0.5, 0.9):
    if around(part) > 1.1 * around(0.1):
        sys.exit(f"  not so: memory at {part:.0%} is at most a tenth above that at 10 %")
if peak > 1.1 * warm:
    sys.exit("  not so: the peak is at most a tenth above that of the first 15 %")
PYTHON
}

# $1: the file. Speech of four readings with pauses of a half to five seconds, over and over; the last words differ.
make_audio() {
    local seed
    for seed in 1 2 3 4; do
        "$RKVOICE" say --quiet --seed "$seed" -o "$work/reading$seed.wav" - <"$sentences"
    done
    python3 - "$1" "$hours" "$work"/reading*.wav <<'PYTHON'
import sys
import wave

readings = []
for path in sys.argv[3:]:
    with wave.open(path) as file:
        rate = file.getframerate()
        readings.append(file.readframes(file.getnframes()))
pauses = [0.5, 2, 1, 5, 0.7, 3]
left = int(float(sys.argv[2]) * 3600 * rate)
with wave.open(sys.argv[1], "wb") as out:
    out.setparams((1, 2, rate, 0, "NONE", ""))
    turn = 0
    while left > 0:
        block = readings[turn % len(readings)] + bytes(2 * int(pauses[turn % len(pauses)] * rate))
        out.writeframesraw(block[: 2 * left])
        left -= len(block) // 2
        turn += 1
PYTHON
}

transcribe_hours() {
    local pid audio=$work/hours.wav words
    make_audio "$audio"
    "$RKVOICE" transcribe --quiet "${model[@]}" "$audio" >"$work/text" &
    pid=$!
    sample "$pid" "$work/transcribe.samples"
    wait "$pid" || fail "transcribe ends well (exit code $?)"
    rm "$audio"
    words=$(wc -w <"$work/text")
    echo "- $hours h of audio: $words words"
    # The voice says about 150 words a minute with the pauses; half of that in every hour means nothing was dropped.
    awk -v words="$words" -v hours="$hours" 'BEGIN { exit words < hours * 4500 }' || fail "all of it was written down"
    judge "$work/transcribe.samples" transcribe
}

# Takes $1 bytes a second from standard input, and prints how many came.
slow_reader() {
    python3 -c '
import os, sys, time

rate = int(sys.argv[1])
started, count = time.monotonic(), 0
while block := os.read(0, 16384):
    count += len(block)
    time.sleep(max(0, started + count / rate - time.monotonic()))
print(count)' "$1"
}

speak_book() {
    local pid bytes
    python3 -c '
import itertools, sys

lines = itertools.cycle(open(sys.argv[1]).read().splitlines())
text, size = "", int(sys.argv[2])
while len(text) < size:
    text += next(lines) + "\n"
print(end=text[:size])' "$sentences" "$characters" >"$work/book"
    mkfifo "$work/pipe"
    slow_reader "$rate" <"$work/pipe" >"$work/bytes" &
    "$RKVOICE" say --quiet -o - - <"$work/book" >"$work/pipe" &
    pid=$!
    sample "$pid" "$work/say.samples"
    wait "$pid" || fail "say ends well (exit code $?)"
    wait
    bytes=$(<"$work/bytes")
    echo "- $characters characters into a pipe: $((bytes / 44100)) s of speech"
    # The voice says about 19 characters a second; half of that means nothing was dropped.
    ((bytes / 44100 > characters / 38)) || fail "all of it was spoken"
    judge "$work/say.samples" say
}

transcribe_hours
speak_book
