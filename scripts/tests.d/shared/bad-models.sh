# Models, libraries and programs that are missing, wrong or damaged. Part of bad-input.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154

# A home of links to the real one, in which $1 is a copy that can be spoiled. Leaves the copy's path in $model.
spoiled_home() {
    spoiled=$area/spoiled
    rm -rf "$spoiled"
    mkdir -p "$spoiled/models"
    ln -s "$home/runtimes" "$spoiled/runtimes"
    ln -s "$home"/models/* "$spoiled/models"
    rm "$spoiled/models/$1"
    cp -r "$home/models/$1" "$spoiled/models/$1"
    model=$spoiled/models/$1
}
declare -a spoiled_hear=(env RKVOICE_HOME="$area/spoiled" RKVOICE_OFFLINE=1 "$RKVOICE" transcribe "$in/fox.wav")
declare -a spoiled_say=(env RKVOICE_HOME="$area/spoiled" RKVOICE_OFFLINE=1 "$RKVOICE" say -o x.wav "$fox")

echo "- models: of another name, of another kind, in another language"
refuses 64 "did you mean 'whisper-base'" "$RKVOICE" transcribe --model wisper-base "$in/fox.wav"
refuses 64 'family piper.*no recognizer' "$RKVOICE" transcribe --model en_US-joe-medium "$in/fox.wav"
refuses 64 'family silero.*no voice' "$RKVOICE" say --voice silero-vad -o x.wav "$fox"
refuses 64 'has no voice "bob"' "$RKVOICE" say --speaker bob -o x.wav "$fox"

echo "- models: damaged in a way that shows: the model counts as missing, and would be pulled again"
for file in encoder.onnx bundle.json tokens.bin; do
    spoiled_home whisper-base
    rm "$model/$file"
    refuses 69 'RKVOICE_OFFLINE' "${spoiled_hear[@]}"
    spoiled_home whisper-base
    truncate -s 1000 "$model/$file"
    refuses 69 'RKVOICE_OFFLINE' "${spoiled_hear[@]}"
done

echo "- models: damaged without a change of size"
for file in encoder.onnx decoder.onnx bundle.json; do
    spoiled_home whisper-base
    head -c 2048 /dev/zero | dd of="$model/$file" bs=2048 conv=notrunc status=none
    refuses '65|69' "$file" "${spoiled_hear[@]}"
done
spoiled_home en_US-joe-medium
cp "$home/models/whisper-base/bundle.json" "$model/bundle.json"
refuses '64|69' 'RKVOICE_OFFLINE|family whisper.*no voice' "${spoiled_say[@]}"
spoiled_home en_US-joe-medium
echo spoiled >>"$model/bundle.json"
run env RKVOICE_HOME="$spoiled" "$RKVOICE" models verify en_US-joe-medium
[[ $code == 65 ]] || fail "verify finds what was changed"
grep -q 'bundle.json.*expected' "$area/stdout" || fail "verify names the file and what it should be"

echo "- nothing installed, and no network"
mkdir "$area/new-home"
refuses 69 'RKVOICE_OFFLINE' env RKVOICE_HOME="$area/new-home" RKVOICE_OFFLINE=1 "$RKVOICE" say -o x.wav "$fox"
refuses 69 'RKVOICE_OFFLINE' env RKVOICE_HOME="$area/new-home" RKVOICE_OFFLINE=1 "$RKVOICE" transcribe "$in/fox.wav"
refuses 66 'No such file' env RKVOICE_HOME="$area/new-home" "$RKVOICE" transcribe missing.wav
[[ -z $(find "$area/new-home" -size +0 -type f) ]] || fail "nothing is downloaded for a file that is not there"

echo "- ONNX Runtime: not there, another library, not a library"
refuses 69 'nonexistent is not there' "$RKVOICE" say --onnx-runtime /nonexistent -o x.wav "$fox"
library=$(ldconfig -p 2>/dev/null | awk '/libm\.so\.6 / { print $NF; exit }') || true
if [[ -n $library ]]; then
    refuses 69 'is it the right library' "$RKVOICE" say --onnx-runtime "$library" -o x.wav "$fox"
else
    unseen "another library in place of ONNX Runtime (ldconfig names no libm)"
fi
refuses 69 'cannot load' "$RKVOICE" say --onnx-runtime "$in/fox.wav" -o x.wav "$fox"

echo "- the phoneme program: not there, another program"
refuses 69 'does not start' env RKVOICE_ESPEAK=/nonexistent "$RKVOICE" say -o x.wav "$fox"
refuses 69 'ended while it started' env RKVOICE_ESPEAK=/bin/true "$RKVOICE" say -o x.wav "$fox"
