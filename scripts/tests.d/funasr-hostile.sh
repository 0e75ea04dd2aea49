#!/usr/bin/env bash
# What nobody should say to SenseVoice and Paraformer, as files: silence, noise, one sample, nothing, no numbers, ten
# minutes of one tone; and speech at 8 kHz and in stereo at 48 kHz.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
home=${RKVOICE_HOME:?is set by scripts/test.sh}
fixtures=$root/Tests/ParityTests/Fixtures/FunASR
programs=$root/scripts/tests.d/funasr

RKVOICE_CATALOG=$root/Tests/ParityTests/clips-catalog.json works "$RKVOICE" models pull clips-audioeval
mkdir -p "$area/sound" "$area/home/models"
python3 -B "$programs/placements.py" clips "$home/models/clips-audioeval" "$area/sound" en-quick_brown_fox
python3 -B "$programs/hostile.py" "$area/sound" "$area/sound/en-quick_brown_fox.wav"
cp -RL "$home/models/silero-vad" "$area/home/models/"
ln -s "$home/runtimes" "$area/home/"
export RKVOICE_HOME=$area/home

# $1: the model; $2: the sound; sets $text.
hear() {
    works "$RKVOICE" transcribe --quiet --threads 1 --model "$1" "$area/sound/$2.wav"
    text=$(<"$area/stdout")
}
# $1: the model; the rest: sound in which nobody speaks.
hears_nobody() {
    local name
    for name in "${@:2}"; do
        warns 'nobody speaks in it' "$RKVOICE" transcribe --threads 1 --model "$1" "$area/sound/$name.wav"
        [[ ! -s $area/stdout ]] || fail "$1 hears nothing in $name"
    done
}
for model in sensevoice paraformer streaming; do
    echo "- $model"
    works "$RKVOICE" models import "$fixtures/$model" --id "$model"
    hears_nobody "$model" silence one noise nan tone
    refuses 65 'holds no sound' "$RKVOICE" transcribe --model "$model" "$area/sound/empty.wav"
    hear "$model" en-quick_brown_fox
    wanted=$text
    [[ $wanted == "the quick brown fox jumps over the lazy dog"* ]] || fail "$model hears the fox ($wanted)"
    hear "$model" stereo
    [[ $text == "$wanted" ]] || fail "$model hears the same at 48 kHz in stereo ($text, and not $wanted)"
    # What these models know by heart sounds different without its upper half.
    hear "$model" low
    [[ -n $text ]] || fail "$model hears 8 kHz"
    echo "  8 kHz: $text"
done
