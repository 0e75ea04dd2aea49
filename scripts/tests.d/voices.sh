#!/usr/bin/env bash
# A Piper voice of several speakers in another language, as somebody meets it who has the file: imported, each speaker
# as the whole graph has it, mistakes told; then served, with a lexicon. The voice: ModelPrep/piper/small_voice.py.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
home=${RKVOICE_HOME:?is set by scripts/test.sh}
fixtures=$root/Tests/ParityTests/Fixtures/Piper
voice=$area/de_DE-small-low.onnx

mkdir -p "$area/home/models"
for part in runtimes prep python; do
    [[ ! -e $home/$part ]] || ln -s "$home/$part" "$area/home/"
done
export RKVOICE_HOME=$area/home
gunzip -c "$fixtures/de_DE-small-low.onnx.gz" >"$voice"
# Without noise it says the same as the whole graph without noise.
python3 - "$fixtures/de_DE-small-low.onnx.json" "$voice.json" <<'PYTHON'
import json, sys
voice = json.load(open(sys.argv[1]))
voice["inference"].update(noise_scale=0, noise_w=0)
json.dump(voice, open(sys.argv[2], "w"))
PYTHON

echo "- it is imported as it is, and says who speaks"
limit=300 works "$RKVOICE" models import "$voice" --id small
phonemes=$(sed -E 's/.*"phonemes":"([^"]*)".*/\1/' "$fixtures/de_DE-small-low.golden.json")
# $1: the speaker. $2: the file. The rest: options.
speaks() { works "$RKVOICE" say --quiet --voice small --speaker "$1" -o "$area/$2.wav" "[[$phonemes]]" "${@:3}"; }
for latency in low balanced quality; do
    speaks bruno "bruno-$latency" --latency "$latency"
done
speaks 1 bruno-1
# With one thread its decoder is rewritten when it is loaded.
speaks bruno bruno-alone --threads 1
speaks anna anna
speaks clara clara

echo "- each speaker sounds as in the whole graph, within 0.0001"
python3 - "$fixtures/de_DE-small-low.golden.json" "$area" <<'PYTHON' || fail "the speakers are those of the graph"
import array, json, sys, wave
golden = json.load(open(sys.argv[1]))
files = {"anna": ["anna"], "clara": ["clara"]}
files["bruno"] = [f"bruno-{how}" for how in ("1", "alone", "low", "balanced", "quality")]
for name, takes in files.items():
    for take in takes:
        with wave.open(f"{sys.argv[2]}/{take}.wav") as file:
            samples = array.array("h", file.readframes(file.getnframes()))
        wanted = golden["speakers"][name]
        error = max(abs(s / 32768 - v) for s, v in zip(samples[:: golden["step"]], wanted["values"]))
        print(f"  {take}: {len(samples)} samples, at most {error:.6f} from the whole graph")
        assert len(samples) == wanted["samples"] and error < 1e-4, take
PYTHON

echo "- a wrong speaker, voice or phoneme is told, and what there is"
refuses 64 'did you mean bruno\?' "$RKVOICE" say --voice small --speaker Brunno Hallo. -o x.wav
refuses 64 'there is anna, bruno, clara' "$RKVOICE" say --voice small --speaker 7 Hallo. -o x.wav
refuses 65 'has no phoneme "ʘ"' "$RKVOICE" say --voice small '[[ʘ]]' -o x.wav
refuses 64 "there is no model 'smal'" "$RKVOICE" say --voice smal Hallo. -o x.wav

echo "- a lexicon with mistakes is refused with their lines, by say and by a server that has not begun"
printf '# names\nsql sequel\nCaen = [[kɑːn]]\n= x\n' >"$area/wrong.txt"
run "$RKVOICE" say --voice small --lexicon "$area/wrong.txt" Hallo. -o x.wav
[[ $code == 65 ]] || fail "say refuses it (exit code $code)"
grep -q "wrong.txt:2: there is no =" "$area/stderr" || fail "say tells the first line"
grep -q "wrong.txt:4: there is no word" "$area/stderr" || fail "say tells the second line"
expect_nothing_left
run "$RKVOICE" serve --port 0 --no-asr --tts-model small --set "tts.lexicon=$area/wrong.txt"
[[ $code == 65 ]] || fail "serve refuses it (exit code $code)"
grep -q "wrong.txt:2: there is no =" "$area/stderr" || fail "serve tells the line"
! grep -q listening "$area/stderr" || fail "serve tells it before it listens"
refuses 69 'cannot be read' "$RKVOICE" serve --port 0 --set tts.lexicon=/dev/zero

echo "- a server speaks as each of them, with the lexicon, the volume and the pauses of its profile"
printf 'sql = eins zwei drei vier fünf\n' >"$area/words.txt"
cat >"$area/profile.yaml" <<YAML
server: {port: 0}
asr: {enabled: false}
tts: {model: small, lexicon: $area/words.txt, volume: 0.5, sentence_silence: 1s}
YAML
"$RKVOICE" serve --profile "$area/profile.yaml" 2>"$area/serve.log" &
await 60 grep -q "ready in" "$area/serve.log" || fail "the server is ready: $(<"$area/serve.log")"
port=$(sed -nE 's/.*listening on http:[^ ]*:([0-9]+).*/\1/p' "$area/serve.log")
python3 - "$port" <<'PYTHON' || fail "the server says what it is set to"
import array, io, json, sys, urllib.error, urllib.request, wave
def say(**job):
    request = urllib.request.Request(f"http://127.0.0.1:{sys.argv[1]}/tts", json.dumps(job).encode())
    with wave.open(io.BytesIO(urllib.request.urlopen(request).read())) as file:
        return array.array("h", file.readframes(file.getnframes()))
bruno, clara = say(text="Hallo.", voice="bruno"), say(text="Hallo.", voice="clara")
assert bruno != clara
assert not any(bruno[-22050:]), "a second of silence behind the sentence"
assert say(text="SQL.") == say(text="eins zwei drei vier fünf.") != say(text="SQK."), "the lexicon is used"
loud = say(text="Hallo.", voice="bruno", volume=2)
assert abs(max(loud) - 2 * max(bruno)) <= 2, (max(loud), max(bruno))
try:
    say(text="Hallo.", voice="dora")
    raise SystemExit("dora spoke")
except urllib.error.HTTPError as error:
    told = json.loads(error.read())
    assert error.code == 422 and "anna" in json.dumps(told), told
PYTHON
echo "voices of several speakers are as they should be"
