#!/usr/bin/env bash
# Hours of speech through the small models of both families, as a file and as a stream: memory stays flat.
#
#   RKVOICE_SOAK_HOURS   hours of sound (2)
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "$source_root/scripts/tests.d/shared/server.sh"
hours=${RKVOICE_SOAK_HOURS:-2}
home=${RKVOICE_HOME:?is set by scripts/test.sh}
fixtures=$source_root/Tests/ParityTests/Fixtures/FunASR
funasr() { PYTHONDONTWRITEBYTECODE=1 "$python" "$source_root/scripts/tests.d/funasr/$1.py" "${@:2}"; }

RKVOICE_CATALOG=$source_root/Tests/ParityTests/clips-catalog.json works "$RKVOICE" models pull clips-audioeval
python_with "$programs/requirements.txt"
mkdir -p "$area/clips" "$area/home/models"
cp -RL "$home/models/silero-vad" "$area/home/models/"
ln -s "$home/runtimes" "$area/home/"
mapfile -t names < <(cd "$home/models/clips-audioeval" && printf '%s\n' {en,es,fr,it,pl,pt}-*.wav | sed 's/\.wav$//')
funasr placements clips "$home/models/clips-audioeval" "$area/clips" "${names[@]}"
funasr soak audio "$hours" "$area/hours.wav" "$area/clips"/*.wav
export RKVOICE_HOME=$area/home

echo "- $hours h as a file"
for model in sensevoice paraformer streaming; do
    works "$RKVOICE" models import "$fixtures/$model" --id "soak-$model"
    funasr soak run "$hours" "$model" "$RKVOICE" transcribe --quiet --threads 1 --model "soak-$model" "$area/hours.wav"
done

echo "- $hours h as a stream"
declare -A backend=([sensevoice]=sensevoice_sherpa [streaming]=paraformer_sherpa)
for model in sensevoice streaming; do
    start_server --set tts.backend=disabled --set limits.requests_per_minute=0 \
        --set "asr.backend=${backend[$model]}" --set "asr.model_dir=$fixtures/$model"
    funasr soak stream "$hours" "$model" "$url" "$server" "$area/hours.wav"
    stop_server
done
