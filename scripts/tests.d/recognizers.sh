#!/usr/bin/env bash
# Recognizers of other families, as somebody meets them who has sherpa-onnx's files: imported as they are, asked for
# languages, numbers, marks and hotwords, and damaged.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
home=${RKVOICE_HOME:?is set by scripts/test.sh}
fixtures=$root/Tests/ParityTests/Fixtures/FunASR

RKVOICE_CATALOG=$root/Tests/ParityTests/clips-catalog.json works "$RKVOICE" models pull clips-audioeval itn-zh-en
mkdir -p "$area/sound" "$area/home/models" "$area/published"
python3 -B "$root/scripts/tests.d/funasr/placements.py" clips "$home/models/clips-audioeval" "$area/sound" \
    en-quick_brown_fox zh-nihao_shijie zh-jishu
cp -RL "$home/models/silero-vad" "$area/home/models/"
ln -s "$home/runtimes" "$area/home/"
export RKVOICE_HOME=$area/home
fox=$area/sound/en-quick_brown_fox.wav
hello=$area/sound/zh-nihao_shijie.wav
counting=$area/sound/zh-jishu.wav

# $1: the fixture, laid out as sherpa-onnx publishes it; $2: its directory.
publish() {
    mkdir -p "$2/test_wavs"
    cp "$fixtures/$1"/*.onnx "$2"
    [[ ! -e $fixtures/$1/tokens.txt ]] || cp "$fixtures/$1/tokens.txt" "$2"
    echo "no model" >"$2/README.md"
}
# $1: what is heard (a regular expression); the rest: arguments.
hears() {
    works "$RKVOICE" transcribe --quiet "${@:2}"
    grep -qE "$1" "$area/stdout" || fail "\"${*:2}\" hears $1 and not $(<"$area/stdout")"
}

echo "- what sherpa-onnx publishes is imported as it is, as a directory and as an archive"
publish sensevoice "$area/published/sherpa-onnx-sense-voice-small"
publish paraformer "$area/published/sherpa-onnx-paraformer-small"
publish streaming "$area/published/sherpa-onnx-streaming-paraformer-small"
publish punctuation "$area/published/sherpa-onnx-punct-small"
tar -C "$area/published" -cjf "$area/published/sherpa-onnx-paraformer-small.tar.bz2" sherpa-onnx-paraformer-small
works "$RKVOICE" models import "$area/published/sherpa-onnx-sense-voice-small"
[[ $(cut -f1 "$area/stdout") == sherpa-onnx-sense-voice-small ]] || fail "it is called as its directory"
works "$RKVOICE" models import "$area/published/sherpa-onnx-paraformer-small.tar.bz2" --id whole --license MIT
works "$RKVOICE" models import "$area/published/sherpa-onnx-streaming-paraformer-small" --id stream
works "$RKVOICE" models import "$area/published/sherpa-onnx-punct-small" --id marks
[[ ! -e $area/home/models/whole/README.md && ! -e $area/home/models/whole/test_wavs ]] ||
    fail "what is not needed stays behind"
works "$RKVOICE" models verify
works "$RKVOICE" models list --installed
grep -qE 'whole .*MIT' "$area/stdout" || fail "the license is told: $(<"$area/stdout")"

echo "- each of them hears"
ears=sherpa-onnx-sense-voice-small
hears '^the quick brown fox jumps over the lazy dog\.?$' --model "$ears" "$fox"
hears '^the quick brown fox jumps over the lazy dog$' --model whole "$fox"
hears '^the quick brown fox jumps over the lazy dog$' --model stream "$fox"
hears '^你好世界。?$' --model "$ears" "$hello"
works "$RKVOICE" transcribe --quiet --format json --model "$ears" "$fox"
python3 - "$area/stdout" <<'PYTHON' || fail "JSON has language, mood, event and words in order: $(<"$area/stdout")"
import json, sys

segment = json.load(open(sys.argv[1]))["segments"][0]
words = segment["words"]
assert (segment["language"], segment["emotion"], segment["event"]) == ("en", "neutral", "speech"), segment
assert [word["text"] for word in words][:3] == ["the", "quick", "brown"], words
assert all(one["start"] < one["end"] <= two["start"] for one, two in zip(words, words[1:])), words
PYTHON

echo "- texts come as one writes them, if that is wished"
RKVOICE_ASR_WRITTEN_FORM=off hears '[^.]$' --model "$ears" "$fox"
hears '^一二三四五六七八九' --model whole "$counting"
RKVOICE_ASR_WRITTEN_FORM=on RKVOICE_OFFLINE=1 refuses 69 'itn-zh-en is not installed' \
    "$RKVOICE" transcribe --model whole "$counting"
cp -RL "$home/models/itn-zh-en" "$area/home/models/"
hears '^[0-9 ~-]+$' --model whole "$counting"
hears '^[0-9 ~-]+$' --model stream "$counting"
RKVOICE_ASR_WRITTEN_FORM=off hears '^一二三四五六七八九' --model whole "$counting"
RKVOICE_ASR_PUNCTUATION=marks hears '\.$' --model whole "$fox"
RKVOICE_ASR_PUNCTUATION=marks hears '。$' --model stream "$hello"

echo "- what cannot be is said"
refuses 64 'does not know German; it knows' "$RKVOICE" transcribe --model "$ears" --language de "$fox"
RKVOICE_ASR_HOTWORDS=Rockchip refuses 64 'takes no hotwords' "$RKVOICE" transcribe --model whole "$fox"
RKVOICE_ASR_HOTWORDS=Rockchip refuses 64 'takes no hotwords' "$RKVOICE" transcribe --model "$ears" "$fox"
RKVOICE_ASR_PUNCTUATION=whole refuses 64 'no model for punctuation' "$RKVOICE" transcribe --model stream "$fox"
refuses 64 'no recognizer' "$RKVOICE" transcribe --model marks "$fox"
mkdir "$area/damaged"
cp "$fixtures/sensevoice/tokens.txt" "$area/damaged"
head -c 100000 "$fixtures/sensevoice/model.onnx" >"$area/damaged/model.onnx"
refuses 65 'not a whole ONNX file' "$RKVOICE" models import "$area/damaged"
cp "$fixtures/sensevoice/model.onnx" "$area/damaged/model.onnx"
head -20 "$fixtures/sensevoice/tokens.txt" >"$area/damaged/tokens.txt"
works "$RKVOICE" models import "$area/damaged" --id short
refuses 69 '20 tokens.*logits of 278' "$RKVOICE" transcribe --model short "$fox"
rm "$area/damaged/tokens.txt"
refuses 65 'tokens.txt is missing beside model.onnx' "$RKVOICE" models import "$area/damaged" --id without
[[ -z $(find "$area/home/models" -name 'without*') ]] || fail "nothing is half installed"
echo "other families hear what they are given"
