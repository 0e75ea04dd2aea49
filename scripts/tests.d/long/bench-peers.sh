#!/usr/bin/env bash
# `rkvoice bench asr --peers` and `bench tts --peers` with the peers themselves: their environments are made, all of
# them answer, and what they say makes sense. Needs the network once. The test set is $RKVOICE_TESTSET
# (ModelPrep/testset).
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/../shared/expect.sh"

echo "- voices beside the bare graph, piper-tts and sherpa-onnx"
limit=1500 works "$RKVOICE" bench tts --peers --every 6 --runs 1 --starts 1 --quiet --json
cp "$area/stdout" "$area/tts.json"
python3 - "$area/tts.json" <<'PYTHON' || fail "the voices are as they should be"
import json, sys
rows = {row["name"]: row for row in json.load(open(sys.argv[1]))}
modes = {f"rkvoice {mode}" for mode in ("low", "balanced", "quality")}
assert set(rows) == modes | {"bare graph, onnxruntime", "piper-tts", "sherpa-onnx"}, set(rows)
for name, row in rows.items():
    assert 0.3 < row["whole"] < 4 and row["peakMemory"] > 20 << 20 and row["words"]["rate"] < 0.4, (name, row)
PYTHON

if [[ -z ${RKVOICE_TESTSET:-} ]]; then
    unseen "recognizers: RKVOICE_TESTSET names no test set"
else
    echo "- recognizers beside faster-whisper"
    limit=1500 works "$RKVOICE" bench asr --peers --set "$RKVOICE_TESTSET" --model whisper-base --every 8 --runs 1 \
        --starts 1 --quiet --json
    python3 - "$area/stdout" <<'PYTHON' || fail "the recognizers are as they should be"
import json, sys
rows = {row["name"]: row for row in json.load(open(sys.argv[1]))}
ours = {"rkvoice whisper-base", "rkvoice whisper-base --full-context"}
assert set(rows) == ours | {"faster-whisper int8", "faster-whisper float32"}, set(rows)
for name, row in rows.items():
    assert row["words"]["rate"] < 0.3 and 0.005 < row["rtf"] < 2, (name, row)
    assert "--full-context" in name or row["start"]["peakMemory"] > 20 << 20, (name, row)
PYTHON
fi
echo "peers are compared${skipped[0]:+, but not all of them: ${skipped[*]}}"
