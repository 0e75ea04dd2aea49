#!/usr/bin/env bash
# `rkvoice bench`: what is wrong is told, a worker answers jobs, and a comparison with peers, whom a stub stands in for,
# comes to a table, JSON and a document. Figures are looked at for sense, never for speed.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)

# A home with the models of the real one, and a Python that is none.
home=$area/home
mkdir -p "$home/models"
ln -s "$RKVOICE_HOME"/models/* "$home/models/"
ln -s "$RKVOICE_HOME/runtimes" "$home/runtimes"
for list in recognition speech; do
    hash=$(sha256sum "$here/../../ModelPrep/peers/requirements-$list.txt")
    mkdir -p "$home/prep/${hash:0:12}/bin"
    cp "$here/bench/peer_stub.py" "$home/prep/${hash:0:12}/bin/python"
    chmod +x "$home/prep/${hash:0:12}/bin/python"
done
compares() { works env RKVOICE_HOME="$home" RKVOICE_OFFLINE=1 STUB= "$RKVOICE" bench "$@"; }

mkdir "$area/set" "$area/weights"
touch "$area/weights/model.bin"
"$RKVOICE" say "Hello world." -o "$area/speech.wav" --quiet
python3 - "$area" <<'PYTHON'
import json, sys, wave
area = sys.argv[1]
with wave.open(f"{area}/speech.wav") as file:
    rate, data = file.getframerate(), file.readframes(file.getnframes())
for name in ("a", "b", "c"):
    with wave.open(f"{area}/set/{name}.wav", "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes(data)
clips = [{"file": f"{name}.wav", "text": "Hello, world!", "language": "en"} for name in "abc"]
json.dump(clips, open(f"{area}/set/manifest.json", "w"))
PYTHON
asr=(asr --peers --set "$area/set" --model whisper-base --peer-model "$area/weights" --runs 2 --threads 1)

echo "- what is wrong is told before anything is loaded"
refuses 64 "wants a --set" "$RKVOICE" bench asr --peers
refuses 64 "belong to --peers" "$RKVOICE" bench asr --document x.md
refuses 64 "every is" "$RKVOICE" bench tts --peers --every 0
refuses 64 "starts is" "$RKVOICE" bench tts --peers --starts 101
refuses 64 "runs is" "$RKVOICE" bench vad --runs 0
refuses 66 "manifest.json is not there" "$RKVOICE" bench asr --peers --set "$area/none"
refuses 66 "is not there" "$RKVOICE" bench "${asr[@]}" --document "$area/none.md"
echo "# Benchmarks" >"$area/empty.md"
refuses 65 "no place for this table" "$RKVOICE" bench "${asr[@]}" --document "$area/empty.md"

echo "- a worker answers jobs, and goes on after one that is none"
printf '%s\n' 'nonsense' '{"file": "none.wav"}' "{\"file\": \"$area/set/a.wav\", \"language\": \"en\"}" >"$area/jobs"
works "$RKVOICE" bench worker asr --model whisper-base --quiet <"$area/jobs"
python3 - "$area/stdout" <<'PYTHON' || fail "a worker answers as it should"
import json, sys
ready, nonsense, none, heard = map(json.loads, open(sys.argv[1]))
assert ready["ready"] == {} and "error" in nonsense and "none.wav" in none["error"], (ready, nonsense, none)
assert "hello" in heard["text"].lower() and heard["ms"] > 0 and heard["stages"]["encoder"] > 0, heard
assert heard["peak_rss"] > 1 << 20 and 0.3 < heard["seconds"] < 5, heard
PYTHON

echo "- recognizers are compared: a table, JSON, and a document that keeps what is around"
printf '# Mine\n\n<!-- bench asr -->\nold\n<!-- /bench asr -->\nafter\n' >"$area/mine.md"
compares "${asr[@]}" --starts 1 --document "$area/mine.md" --json
python3 - "$area/stdout" "$area/mine.md" <<'PYTHON' || fail "the comparison is as it should be"
import json, sys
rows = {row["name"]: row for row in json.load(open(sys.argv[1]))}
both = {"rkvoice whisper-base", "rkvoice whisper-base --full-context"}
assert set(rows) == both | {"faster-whisper int8", "faster-whisper float32"}, rows
stub, ours = rows["faster-whisper int8"], rows["rkvoice whisper-base"]
assert stub["words"]["errors"] == 0 and stub["words"]["total"] == 6, stub
assert abs(stub["ratio"] - 1) < 1e-9 and abs(stub["total"] - 0.03) < 1e-6 and stub["peakMemory"] == 5 << 20, stub
assert ours["ratio"] > 0 and ours["peakMemory"] > 10 << 20 and ours["stages"]["decoder"] > 0, ours
assert ours["start"]["peakMemory"] == 7 << 20 and ours["start"]["milliseconds"]["median"] == 10, ours
text = open(sys.argv[2]).read()
assert text.startswith("# Mine\n") and text.endswith("<!-- /bench asr -->\nafter\n") and "old" not in text, text
assert "$ ./rkvoice bench asr --peers" in text and text.count("| faster-whisper int8") == 1, text
PYTHON

echo "- a peer that fails is named, with its own last words"
# $1: the fault; $2: exit code; $3: what is said.
fails() {
    refuses "$2" "$3" env RKVOICE_HOME="$home" RKVOICE_OFFLINE=1 STUB="$1" "$RKVOICE" bench "${asr[@]}" --starts 0
}
fails broken 69 "faster-whisper int8 .*the peer is broken"
fails dies 69 "faster-whisper .*the peer died"
fails babbles 65 "what is no answer"
fails refuses 69 "no such clip"

echo "- detector and front end"
works "$RKVOICE" bench vad --runs 1 --json
python3 - "$area/stdout" <<'PYTHON' || fail "the detector hears speech"
import json, sys
report = json.load(open(sys.argv[1]))
assert " 0 % speech" not in report["subject"] and len(report["rows"]) == 2, report
PYTHON
works "$RKVOICE" bench frontend "$area/speech.wav" --runs 1 --json
grep -q "log-mel" "$area/stdout" || fail "both front ends are measured"
works "$RKVOICE" bench fbank "$area/speech.wav" --runs 1 --json
echo "what is compared takes turns, and whoever fails is named"
