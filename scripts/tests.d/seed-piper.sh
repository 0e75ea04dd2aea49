#!/usr/bin/env bash
# Piper voices in the seed's directories, on a simulated board: every language speaks, long sentences come whole, and
# what is missing is told.
#
# One real voice is laid out, and stands in for the others with another accent: their weights are not at hand.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
home=${RKVOICE_HOME:?is set by scripts/test.sh}
whole=en_US-joe-medium-whole

RKVOICE_CATALOG=$root/Tests/ParityTests/clips-catalog.json works "$RKVOICE" models pull "$whole"
preparation=
for candidate in "$home"/prep/*/bin/python; do
    if "$candidate" -c 'import numpy, onnx' 2>/dev/null; then preparation=$candidate; fi
done
if [[ -z $preparation ]]; then
    echo "not seen: anything, because no model was prepared here, so there is no Python with numpy and onnx"
    exit 77
fi
python_with "$programs/requirements.txt"

echo "- a voice is laid out as the seed has it"
voices=$area/piper-models
works "$preparation" -B "$root/ModelPrep/piper/seed_layout.py" "$home/models/$whole/"en_US-joe-medium.onnx{,.json} \
    "$voices" en_US zh_CN=cmn de_DE=de fr_FR=fr
grep -q 'heard 42\.09 frames away' "$area/stderr" || fail "it tells how far a frame is heard"

# What a simulation packs goes below a home of this script's own, and with it.
mkdir "$area/home"
ln -s "$home/models" "$home/runtimes" "$area/home/"
ln -s "$root/configs" "$area/home/profiles"
export RKVOICE_HOME=$area/home
serve=(--profile rk3576-piper-multilang --set "tts.model_dir=$voices" --simulate rk3576)

echo "- it comes up with the languages that are there, and says which is not"
start_server "${serve[@]}" --set limits.requests_per_minute=0
grep -q 'warning: ja_JP is missing: Japanese needs Kokoro' "$area/server.log" ||
    fail "the start tells that ja_JP is missing"
meets seed_piper.py "$url" "$area"
stop_server
conclude "the seed's profile speaks"

echo "- what it said is English, to the last word of a long sentence"
for name in fox long; do
    works "$RKVOICE" transcribe "$area/$name.wav" --language en
    "$python" - "$programs" "$area/$name.txt" "$area/stdout" <<'PYTHON' || fail "$name is heard as it was written"
import sys

sys.path.insert(0, sys.argv[1])
import speech

said, heard = (open(path).read() for path in sys.argv[2:4])
rate = speech.error_rate(heard, said)
print(f"  {len(speech.words(said))} words, {100 * rate:.0f} % wrong: {heard.strip()[:70]}")
sys.exit(rate > 0.05)
PYTHON
done

echo "- without its files it says which, and what would be there"
# $1: what it says (a regular expression). $2: where the voices are. The rest: more settings.
refuses_voices() {
    run "$RKVOICE" serve --port 0 --profile rk3576-piper-multilang --simulate rk3576 --set tts.require_backend=true \
        --set "tts.model_dir=$2" "${@:3}"
    [[ $code != 0 ]] || fail "a voice that cannot be loaded ends the program"
    grep -qE "^error: .*($1)" "$area/stderr" || fail "it says \"$1\""
}
italian=(--set tts.languages=it_IT --set tts.default_lang=it_IT)
refuses_voices 'nowhere is not there; it holds a directory for each language.*tts.model_dir' /nowhere
mv "$voices/en_US/encoder.onnx" "$area/kept.onnx"
refuses_voices 'the usual voice, en_US, is missing: .*encoder.onnx is missing' "$voices"
mv "$area/kept.onnx" "$voices/en_US/encoder.onnx"
mkdir "$voices/it_IT" && touch "$voices/it_IT/model.rknn"
refuses_voices 'whole voice in one graph' "$voices" "${italian[@]}"
rm "$voices/it_IT/model.rknn"
cp "$area/home/simulated/rk3576/"en_US-*/flow_decoder.rknn "$voices/en_US/"{encoder.onnx,config.json} "$voices/it_IT/"
refuses_voices 'takes 128 ids at a time, and not 256' "$voices" "${italian[@]}" --set tts.seq_len=256

echo "- a packed container in the place of the vendor's file will do"
start_server "${serve[@]}" "${italian[@]}"
curl --silent --fail --noproxy '*' --output "$area/packed.wav" --header 'Content-Type: application/json' \
    --data '{"text": "Ciao."}' "$url/tts" ||
    { tail -5 "$area/server.log"; fail "it speaks from a packed container"; }
stop_server
echo "- all of this was simulated"
