#!/usr/bin/env bash
# SenseVoice and Paraformer on every placement: the small models of the tests, in the layouts of boards, hear on
# simulated boards what they hear on the CPU: files in buckets at, below and above their limits, and the seed's
# profiles over /asr and /asr/stream.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
home=${RKVOICE_HOME:?is set by scripts/test.sh}
fixtures=$root/Tests/ParityTests/Fixtures/FunASR
heard() { PYTHONDONTWRITEBYTECODE=1 "$python" "$root/scripts/tests.d/funasr/placements.py" "$@"; }

RKVOICE_CATALOG=$root/Tests/ParityTests/clips-catalog.json works "$RKVOICE" models pull clips-audioeval
preparation=
for candidate in "$home"/prep/*/bin/python; do
    if "$candidate" -c 'import numpy, onnx' 2>/dev/null; then preparation=$candidate; fi
done
if [[ -z $preparation ]]; then
    echo "not seen: anything, because no model was prepared here, so there is no Python with numpy and onnx"
    exit 77
fi
python_with "$programs/requirements.txt"
prepare() {
    "$preparation" -B "$root/ModelPrep/$1" "${@:2}" --license MIT >/dev/null 2>"$area/stderr" || fail "$1 works"
}

names=(en-hello_world en-quick_brown_fox es-conteo fr-pangrama it-conteggio pl-liczenie zh-jishu zh-nihao_shijie)
mkdir "$area/clips"
heard clips "$home/models/clips-audioeval" "$area/clips" "${names[@]}"
clips=("${names[@]/#/$area/clips/}")
clips=("${clips[@]/%/.wav}")

# What is imported, and what a simulation packs, goes to a home of this script's own.
mkdir -p "$area/home/models"
cp -RL "$home/models/silero-vad" "$area/home/models/"
ln -s "$home/runtimes" "$area/home/"
ln -s "$root/configs" "$area/home/profiles"
export RKVOICE_HOME=$area/home

# $1: the file for what is heard; $2: the model; the rest: more options.
transcribe() {
    works "$RKVOICE" transcribe --quiet --format json --threads 1 --model "$2" "${@:3}" "${clips[@]}"
    heard files "$1" <"$area/stdout"
}
# $1: a folder with a bundle, called after its model. $2: the placement of the CPU. The rest: those of boards.
compare_files() {
    local board placement
    works "$RKVOICE" models import "$1" --id "${1##*/}"
    transcribe "$area/cpu.json" "${1##*/}" --placement "$2"
    for board in rk3588 rk3576; do
        for placement in "${@:3}"; do
            transcribe "$area/board.json" "${1##*/}" --placement "$placement" --simulate "$board"
            heard same "${1##*/}, $placement, $board" "$area/cpu.json" "$area/board.json"
        done
    done
}

echo "- files, placed on the CPU, partly on the NPU, and wholly"
prepare paraformer/split_encoder.py "$fixtures/streaming" "$area/stream" --name stream --block 0 --rows 18 40
# A third placement of boards: the encoder is not cut.
"$python" - "$area/stream/bundle.json" <<'PYTHON'
import json
import sys

bundle = json.load(open(sys.argv[1]))
placements = bundle["placements"]
whole = [
    {
        "file": f"encoder.{rows}.fp16.{{board}}.rknn", "runtime": "rknn", "frames": rows, "source": "encoder-rknn.onnx",
        "shapes": {"speech": [1, rows, 560], "speech_lengths": [1]}
        | {mask: [1, rows] for mask in ("encoder_pad_mask", "cif_pad_mask")},
    }
    for rows in (18, 40)
]
placements["whole"] = placements["rknn"] | {"encoder": [whole]}
json.dump(bundle, open(sys.argv[1], "w"))
PYTHON
compare_files "$area/stream" cpu hybrid rknn whole
cp "$area/cpu.json" "$area/stream.json"
works "$RKVOICE" models import "$fixtures/streaming" --id published-stream
transcribe "$area/cpu.json" published-stream
heard same "a stream's graphs in parts, as published" "$area/cpu.json" "$area/stream.json"
prepare sensevoice/fixed_window.py "$fixtures/sensevoice" "$area/window" --name window
compare_files "$area/window" cpu rknn
works "$RKVOICE" models import "$fixtures/sensevoice" --id published-window
transcribe "$area/cpu.json" published-window
heard same "one window, as published" "$area/board.json" "$area/cpu.json"

echo "- whole utterances in buckets at, below and above their limits"
# $1: where the model goes; the rest: rows of its buckets.
windows() {
    prepare paraformer/split_encoder.py "$fixtures/streaming" "$1" --name windows --block 0 --rows "${@:2}"
    "$python" - "$1/bundle.json" <<'PYTHON'
import json
import sys

bundle = json.load(open(sys.argv[1]))
bundle["config"]["mode"] = "windows"
json.dump(bundle, open(sys.argv[1], "w"))
PYTHON
}
windows "$area/probe" 400
works "$RKVOICE" models import "$area/probe" --id probe
transcribe "$area/probe.json" probe --placement cpu
mapfile -t lengths < <(heard rows "$area/probe.json" | sort -nu)
((${#lengths[@]} > 4)) || fail "utterances have different lengths (${lengths[*]})"
# The shortest fills its bucket, the next but one is a row too long for one, and the one after that a row shorter.
buckets=("${lengths[0]}" $((lengths[2] - 1)) $((lengths[3] + 1)) 400)
echo "  utterances of ${lengths[*]} rows in buckets of ${buckets[*]}"
mapfile -t buckets < <(printf '%s\n' "${buckets[@]}" | sort -nu)
windows "$area/windows" "${buckets[@]}"
compare_files "$area/windows" cpu hybrid rknn

# $1: the file for what is heard; the rest: options of the server.
serve() {
    start_server --set tts.backend=disabled --set limits.requests_per_minute=0 "${@:2}"
    heard serve "$url" "$1" "${clips[@]}"
    stop_server
}

echo "- the seed's profiles, over HTTP and WebSocket"
seed=$area/paraformer
cp -r "$area/stream" "$seed"
# As the seed calls them, whose models are cut behind block 30.
for part in prefix_to suffix_from; do mv "$seed/encoder_${part}_block0.onnx" "$seed/encoder_${part}_block30.onnx"; done
rm "$seed/bundle.json"
serve "$area/cpu.json" --set asr.backend=paraformer_sherpa --set "asr.model_dir=$fixtures/streaming"
for board in rk3576 rk3588; do
    serve "$area/board.json" --profile "$board-paraformer-matcha" --simulate "$board" --set "asr.model_dir=$seed" \
        --set "asr.rknn_dir=$seed/rknn"
    heard same "$board-paraformer-matcha" "$area/cpu.json" "$area/board.json"
done
serve "$area/cpu.json" --set asr.backend=sensevoice_sherpa --set "asr.model_dir=$fixtures/sensevoice"
for board in rk3576 rk3588; do
    serve "$area/board.json" --simulate "$board" --set asr.backend=sensevoice_rknn --set "asr.model_dir=$area/window"
    heard same "sensevoice_rknn on $board" "$area/cpu.json" "$area/board.json"
done
echo "- all of this was simulated"
