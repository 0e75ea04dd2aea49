#!/usr/bin/env bash
# What `transcribe` gives besides text: JSON, OpenAI's verbose JSON, subtitles, times of words; and what it refuses.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
fox="The quick brown fox jumps over the lazy dog."
cd "$out"

# Prints what a python expression makes of the JSON on standard input, called `it`.
json() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }

works "$RKVOICE" say --quiet "$fox Nobody saw it coming. The dog went on sleeping in the sun." -o fox.wav

echo "- segments lie one behind the other, each with its confidence"
works "$RKVOICE" transcribe --quiet --format json fox.wav
[[ $(json 'all(0 < s["confidence"] <= 1 for s in it["segments"])' <"$area/stdout") == True ]] || fail "how sure it is"
[[ $(json 'all(a["end"] <= b["start"] + 0.001 for a, b in zip(it["segments"], it["segments"][1:]))' \
    <"$area/stdout") == True ]] || fail "segments do not overlap: $(<"$area/stdout")"

echo "- words have times, in JSON of both kinds"
works "$RKVOICE" transcribe --quiet --format json --word-times fox.wav
[[ $(json '[w["text"] for s in it["segments"] for w in s["words"]][:4]' <"$area/stdout") == \
    "['The', 'quick', 'brown', 'fox']" ]] || fail "the words are those that were said: $(<"$area/stdout")"
[[ $(json 'all(0 <= w["start"] <= w["end"] <= it["duration"] + 0.001 for s in it["segments"] for w in s["words"])' \
    <"$area/stdout") == True ]] || fail "the words lie within the clip"
works "$RKVOICE" transcribe --quiet --format verbose_json --word-times fox.wav
[[ $(json 'it["task"] + " " + it["language"] + " " + it["words"][3]["word"] + " " + str(it["segments"][0]["id"])' \
    <"$area/stdout") == "transcribe english fox 0" ]] || fail "OpenAI's names: $(<"$area/stdout")"

echo "- subtitles"
works "$RKVOICE" transcribe --quiet --format srt fox.wav
grep -qE '^00:00:0[0-9],[0-9]{3} --> 00:00:[0-9]{2},[0-9]{3}$' "$area/stdout" || fail "times of SubRip"
[[ $(head -n1 "$area/stdout") == 1 ]] || fail "cues are counted from 1"
works "$RKVOICE" transcribe --quiet --format vtt fox.wav
[[ $(head -n1 "$area/stdout") == WEBVTT ]] || fail "the mark of WebVTT"
grep -qE '^00:00:0[0-9]\.[0-9]{3} --> 00:00:[0-9]{2}\.[0-9]{3}$' "$area/stdout" || fail "times of WebVTT"

echo "- a prompt and a task are taken"
works "$RKVOICE" transcribe --quiet --prompt "the quick brown fox" fox.wav
grep -qi 'quick brown fox' "$area/stdout" || fail "a prompt does no harm"
works "$RKVOICE" transcribe --quiet --task translate fox.wav
grep -qi 'quick brown fox' "$area/stdout" || fail "English is translated to itself"

echo "- what cannot be is refused"
refuses 64 'subtitles are of one file' "$RKVOICE" transcribe --format srt fox.wav fox.wav
refuses 64 'word-times needs' "$RKVOICE" transcribe --word-times fox.wav
refuses 64 'prompt is empty' "$RKVOICE" transcribe --prompt "" fox.wav
refuses 64 'pdf' "$RKVOICE" transcribe --format pdf fox.wav
refuses 64 'sing' "$RKVOICE" transcribe --task sing fox.wav
echo "every form of a transcript came out"
