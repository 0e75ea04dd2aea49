#!/usr/bin/env bash
# What `transcribe` gives besides text: JSON, OpenAI's verbose JSON, subtitles, times of words; and what it refuses.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
fox="The quick brown fox jumps over the lazy dog."
cd "$area"
wav=$area/fox.wav

# Prints what a python expression makes of the JSON on standard input, called `it`.
json() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }

works "$RKVOICE" say --quiet "$fox Nobody saw it coming. The dog went on sleeping in the sun." -o "$wav"

echo "- segments lie one behind the other, each with its confidence"
works "$RKVOICE" transcribe --quiet --format json "$wav"
[[ $(json 'all(0 < s["confidence"] <= 1 for s in it["segments"])' <"$area/stdout") == True ]] || fail "how sure it is"
[[ $(json 'all(a["end"] <= b["start"] + 0.001 for a, b in zip(it["segments"], it["segments"][1:]))' \
    <"$area/stdout") == True ]] || fail "segments do not overlap: $(<"$area/stdout")"

echo "- words have times, in JSON of both kinds"
works "$RKVOICE" transcribe --quiet --format json --word-times "$wav"
[[ $(json '[w["text"] for s in it["segments"] for w in s["words"]][:4]' <"$area/stdout") == \
    "['The', 'quick', 'brown', 'fox']" ]] || fail "the words are those that were said: $(<"$area/stdout")"
[[ $(json 'all(0 <= w["start"] <= w["end"] <= it["duration"] + 0.001 for s in it["segments"] for w in s["words"])' \
    <"$area/stdout") == True ]] || fail "the words lie within the clip"
works "$RKVOICE" transcribe --quiet --format verbose_json --word-times "$wav"
[[ $(json 'it["task"] + " " + it["language"] + " " + it["words"][3]["word"] + " " + str(it["segments"][0]["id"])' \
    <"$area/stdout") == "transcribe english fox 0" ]] || fail "OpenAI's names: $(<"$area/stdout")"

[[ $(json 'sorted(it["segments"][0])' <"$area/stdout") == "['avg_logprob', 'compression_ratio', 'confidence', 'end', \
'id', 'no_speech_prob', 'seek', 'start', 'temperature', 'text', 'tokens']" ]] || fail "OpenAI's figures"
[[ $(json 'all(s["avg_logprob"] < 0 < s["compression_ratio"] and s["tokens"] for s in it["segments"])' \
    <"$area/stdout") == True ]] || fail "the figures are the model's"

echo "- subtitles"
works "$RKVOICE" transcribe --quiet --format srt "$wav"
grep -qE '^00:00:0[0-9],[0-9]{3} --> 00:00:[0-9]{2},[0-9]{3}$' "$area/stdout" || fail "times of SubRip"
[[ $(head -n1 "$area/stdout") == 1 ]] || fail "cues are counted from 1"
works "$RKVOICE" transcribe --quiet --format vtt "$wav"
[[ $(head -n1 "$area/stdout") == WEBVTT ]] || fail "the mark of WebVTT"
grep -qE '^00:00:0[0-9]\.[0-9]{3} --> 00:00:[0-9]{2}\.[0-9]{3}$' "$area/stdout" || fail "times of WebVTT"

echo "- a prompt and a task are taken"
works "$RKVOICE" transcribe --quiet --prompt "the quick brown fox" "$wav"
grep -qi 'quick brown fox' "$area/stdout" || fail "a prompt does no harm"
works "$RKVOICE" transcribe --quiet --task translate "$wav"
grep -qi 'quick brown fox' "$area/stdout" || fail "English is translated to itself"

echo "- a stream: each event as it comes, out of a pipe too"
works "$RKVOICE" transcribe --quiet --stream --format json - <"$wav"
events() { python3 -c "import json, sys; them = [json.loads(line) for line in sys.stdin]; print($1)"; }
[[ $(events 'them[0]["type"], them[-1]["type"], "quick brown fox" in them[-1]["text"]' <"$area/stdout") == \
    "speech_started final True" ]] || fail "events come in order: $(<"$area/stdout")"
works "$RKVOICE" transcribe --stream "$wav"
grep -qi 'quick brown fox' "$area/stdout" || fail "the text of a stream"
! grep -q $'\033' "$area/stdout" "$area/stderr" || fail "nothing is drawn where there is no terminal"
# Played in as a microphone would, on a terminal.
cat >play.sh <<'END'
python3 -c 'import sys, time
sound = open(sys.argv[1], "rb").read()
for start in range(0, len(sound), 4410):
    sys.stdout.buffer.write(sound[start : start + 4410])
    sys.stdout.buffer.flush()
    time.sleep(0.1)' fox.wav | "$RKVOICE" transcribe --stream -
END
RKVOICE=$RKVOICE timeout 90 python3 -c 'import pty; pty.spawn(["bash", "play.sh"])' >drawn </dev/null
(($(grep -oE $'\033\\[K[A-Za-z]' drawn | wc -l) > 4)) || fail "a terminal shows unfinished texts: $(<drawn)"
grep -q $'\033\\[KThe quick brown fox .*\r$' drawn || fail "and the finished ones: $(<drawn)"

echo "- what cannot be is refused"
refuses 64 'subtitles are of one file' "$RKVOICE" transcribe --format srt "$wav" "$wav"
refuses 64 'word-times needs' "$RKVOICE" transcribe --word-times "$wav"
refuses 64 'prompt is empty' "$RKVOICE" transcribe --prompt "" "$wav"
refuses 64 'stream gives' "$RKVOICE" transcribe --stream --format srt "$wav"
refuses 64 'pdf' "$RKVOICE" transcribe --format pdf "$wav"
refuses 64 'sing' "$RKVOICE" transcribe --task sing "$wav"
echo "every form of a transcript came out"
