#!/usr/bin/env bash
# Every container that goes in and comes out, as a user meets them in a shell.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
fox="The quick brown fox jumps over the lazy dog."
cd "$out"

# Lossy coding and other rates may turn a letter small or take a mark: the words are what counts.
words() { tr -cd '[:alpha:] ' <<<"${1,,}"; }
hears() {
    works "$RKVOICE" transcribe --quiet "$@"
    [[ $(words "$(<"$area/stdout")") == "$(words "$fox")" ]] || fail "$* is heard: $(<"$area/stdout")"
}

echo "- what say writes, transcribe hears: wav flac mp3 opus ogg pcm"
for ending in wav flac mp3 opus ogg pcm; do
    works "$RKVOICE" say --quiet "$fox" -o "fox.$ending"
    [[ -s fox.$ending && -z $(find . -name '*.partial-*') ]] || fail "fox.$ending is there, and nothing else"
    echo "  fox.$ending: $(stat -c %s "fox.$ending") bytes"
    [[ $ending == pcm ]] || hears "fox.$ending"
done
declare -A magic=([wav]=RIFF [flac]=fLaC [opus]=OggS [ogg]=OggS)
for ending in "${!magic[@]}"; do
    [[ $(head -c 4 "fox.$ending") == "${magic[$ending]}" ]] || fail "fox.$ending is what its name says"
done
(($(stat -c %s fox.opus) * 4 < $(stat -c %s fox.wav))) || fail "Opus is small"

echo "- a stream through a named pipe"
mkfifo pipe.mp3
"$RKVOICE" say --quiet "$fox" -o pipe.mp3 &
cat pipe.mp3 >streamed.mp3
wait $! || fail "it is spoken into the pipe"
hears streamed.mp3
rm pipe.mp3

echo "- a format into a pipe, over a name, and not for a kind that is none"
for format in flac mp3 opus; do
    "$RKVOICE" say --quiet --format "$format" -o - "$fox" | cat >"piped.$format"
    [[ ${PIPESTATUS[*]} == "0 0" ]] || fail "$format is spoken into a pipe (${PIPESTATUS[*]})"
    hears "piped.$format"
done
works "$RKVOICE" say --quiet --format flac -o named.wav "$fox"
[[ $(head -c 4 named.wav) == fLaC ]] || fail "--format goes before the name"
run "$RKVOICE" say --format m4a -o x.m4a "$fox"
[[ $code == 64 ]] || fail "--format m4a is refused ($code)"

echo "- kinds that are not written are refused"
for ending in m4a webm aiff; do
    run "$RKVOICE" say "$fox" -o "x.$ending"
    [[ $code == 64 && ! -e x.$ending ]] || fail ".$ending is refused ($code)"
    grep -q "\.$ending is not written; .*\.opus" "$area/stderr" || fail "the message names what is written"
done

echo "- samples without a header"
rate=$(python3 -c 'import struct; print(struct.unpack("<I", open("fox.wav", "rb").read(28)[24:])[0])')
hears --raw "$rate:1:s16le" fox.pcm
run "$RKVOICE" transcribe --quiet --raw "$rate" - <fox.pcm
[[ $code == 0 && $(words "$(<"$area/stdout")") == "$(words "$fox")" ]] || fail "raw audio is heard from a pipe"
run "$RKVOICE" transcribe --raw 16000:1:mp3 fox.pcm
[[ $code == 64 ]] || fail "an unknown encoding is refused ($code)"
grep -q s24le "$area/stderr" || fail "the known ones are named"
run "$RKVOICE" transcribe --raw 400 fox.pcm
[[ $code == 64 ]] || fail "400 Hz are refused"

echo "- a named pipe is read, and one that nobody writes to ends with its reader"
mkfifo in.flac
cat fox.flac >in.flac &
hears in.flac
"$RKVOICE" transcribe --quiet in.flac 2>"$area/stderr" &
reader=$!
is_waiting() { [[ $(readlink /proc/"$reader"/fd/*) == *in.flac* ]]; }
await 60 is_waiting
kill -TERM "$reader"
code=0
wait "$reader" || code=$?
[[ $code == 130 ]] || fail "SIGTERM ends a wait for a pipe ($code)"
rm in.flac

if [[ -x /usr/bin/ffmpeg || -x /usr/local/bin/ffmpeg ]]; then
    echo "- WebM, M4A and AAC through ffmpeg, from a file and from a pipe"
    make=(ffmpeg -y -loglevel error -i fox.wav)
    "${make[@]}" -c:a libopus fox.webm
    "${make[@]}" -c:a aac fox.m4a
    "${make[@]}" -c:a aac -f adts fox.aac
    for ending in webm m4a aac; do hears "fox.$ending"; done
    for ending in webm m4a; do
        run "$RKVOICE" transcribe --quiet - < <(cat "fox.$ending")
        [[ $code == 0 && $(words "$(<"$area/stdout")") == "$(words "$fox")" ]] || fail "$ending from a pipe is heard"
    done
    head -c 9000 fox.webm >cut.webm
    warns 'cut short' "$RKVOICE" transcribe cut.webm
    head -c 9000 fox.m4a >cut.m4a
    run "$RKVOICE" transcribe cut.m4a
    [[ $code == 66 ]] || fail "an M4A without its end is refused ($code)"
    expect_one error 'ffmpeg says'
    { printf '\0\0\0\x20ftypM4A ' && head -c 20000 /dev/urandom; } >noise.m4a
    run "$RKVOICE" transcribe noise.m4a
    ((code == 65 || code == 66)) || fail "noise behind a name is refused ($code)"
    ! pgrep -P $$ ffmpeg >/dev/null || fail "no ffmpeg is left behind"
    # $1: what takes the place of ffmpeg.
    instead_of_ffmpeg() {
        # shellcheck disable=SC2016  # $1 is the inner shell's
        unshare -m --propagation private sh -c \
            'for f in /usr/bin/ffmpeg /usr/local/bin/ffmpeg; do [ ! -e $f ] || mount --bind "$1" $f; done
            shift; exec "$@"' x "$@"
    }
    if ((EUID == 0)) && instead_of_ffmpeg /dev/null true 2>/dev/null; then
        code=0
        instead_of_ffmpeg /dev/null "$RKVOICE" transcribe --quiet fox.webm 2>"$area/stderr" || code=$?
        [[ $code == 65 ]] || fail "WebM is refused without ffmpeg ($code)"
        expect_one error 'WebM.*apt-get install ffmpeg'
        printf '#!/bin/sh\nexec cat /dev/urandom\n' >noise
        chmod +x noise
        code=0
        instead_of_ffmpeg "$PWD/noise" "$RKVOICE" transcribe --quiet fox.webm 2>"$area/stderr" || code=$?
        [[ $code == 65 ]] || fail "noise of ffmpeg is refused ($code)"
    else
        unseen "a machine without ffmpeg (no root)"
    fi
else
    run "$RKVOICE" transcribe <(printf '\x1a\x45\xdf\xa3 and so on')
    [[ $code == 65 ]] || fail "WebM is refused without ffmpeg ($code)"
    expect_one error 'WebM.*apt-get install ffmpeg'
    unseen "WebM and M4A (ffmpeg is not installed)"
fi

echo "- odd but whole: 8 kHz, 192 kHz, eight channels, floats that are no numbers, clipped"
python3 - fox.wav <<'PYTHON'
import array
import math
import struct
import sys

data = open(sys.argv[1], "rb").read()
rate = struct.unpack("<I", data[24:28])[0]
fox = [sample / 32768 for sample in array.array("h", data[44:])]


def resampled(target):
    step = rate / target
    for index in range(int((len(fox) - 2) / step)):
        place = index * step
        low = int(place)
        yield fox[low] + (fox[low + 1] - fox[low]) * (place - low)


def write(name, frames, rate, channels=1, tag=1):
    width = 4 if tag == 3 else 2
    if tag == 3:
        body = array.array("f", frames).tobytes()
    else:
        body = array.array("h", (max(-32768, min(32767, round(32767 * sample))) for sample in frames)).tobytes()
    form = struct.pack("<IHHIIHH", 16, tag, channels, rate, rate * channels * width, channels * width, 8 * width)
    head = b"RIFF" + struct.pack("<I", 36 + len(body)) + b"WAVEfmt " + form + b"data" + struct.pack("<I", len(body))
    open(name, "wb").write(head + body)


write("low.wav", list(resampled(8000)), 8000)
write("high.wav", list(resampled(192000)), 192000)
write("eight.wav", [sample for sample in fox for _ in range(8)], rate, channels=8)
holes = [math.nan if index % 4000 == 0 else math.inf if index % 4001 == 0 else sample
         for index, sample in enumerate(fox)]
write("holes.wav", holes, rate, tag=3)
write("clipped.wav", [8 * sample for sample in fox], rate)
write("nine.wav", [0] * 900, rate, channels=9)
# ADPCM, then a list of 4 GB whose entries are empty: libsndfile 1.2.0 counts them for minutes.
form = struct.pack("<IHHIIHHHH", 20, 0x11, 1, rate, rate // 2, 512, 4, 2, 1017)
head = b"RIFF" + struct.pack("<I", 120) + b"WAVEfmt " + form + b"LIST" + struct.pack("<I", 0xFFFF0003)
open("list.wav", "wb").write(head + b"\xff" * 70)
PYTHON
for file in high eight holes clipped; do hears "$file.wav"; done
works "$RKVOICE" transcribe --quiet low.wav
[[ $(words "$(<"$area/stdout")") == *"brown fox"* ]] || fail "the telephone's rate is heard: $(<"$area/stdout")"
run "$RKVOICE" transcribe nine.wav
[[ $code == 65 ]] || fail "nine channels are refused ($code)"
expect_one error 'at most 8'
limit=20 run "$RKVOICE" transcribe list.wav
[[ $code == 65 ]] || fail "a list of 4 GB in 130 bytes is refused ($code)"
expect_one error 'ends before its first sample'

((${#skipped[@]} == 0)) || printf 'not seen: %s\n' "${skipped[@]}"
echo "every container is heard or refused in words"
