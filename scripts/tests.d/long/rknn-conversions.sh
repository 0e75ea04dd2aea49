#!/usr/bin/env bash
# Real conversions with rknn-toolkit2: the voice's decoder, Whisper's encoder and the speech detector, for every board,
# tried in the toolkit's own simulator. What must fail does: a window beyond the compiler's limit, 8-bit weights alone.
#
#   RKVOICE_RKNN_MODELS   which bundles (en_US-joe-medium silero-vad whisper-tiny.en-fp32 whisper-base-fp32)
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"
convert=$source_root/ModelPrep/rknn/convert_rknn.py
boards=(rk3588 rk3576)
read -ra models <<<"${RKVOICE_RKNN_MODELS:-en_US-joe-medium silero-vad whisper-tiny.en-fp32 whisper-base-fp32}"
targets=("${boards[@]/#/--target=}")
home=${RKVOICE_HOME:?is set by scripts/test.sh}

python=
for name in python3 python3.12 python3.11 python3.10; do
    if "$name" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; then
        python=$name
        break
    fi
done
if [[ -z $python || $(uname -m) != x86_64 ]]; then
    echo "not seen: any conversion, because rknn-toolkit2 wants x86-64 and Python 3.10 to 3.12"
    exit 77
fi

# Prints what a python expression makes of the JSON in file $1, called `it`.
json() { python3 -c 'import json, sys; it = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"; }
conversion=(env -C "$area" RKVOICE_HOME="$home" "$python" -B "$convert")
convert() { "${conversion[@]}" "$@"; }
# The parts of bundle $1 that are compiled, {board} in their names.
files_of() {
    json "$home/models/$1/bundle.json" '"\n".join(
        part["file"] for chain in it["placements"]["rknn"].values() for link in chain if isinstance(link, list)
        for part in link if "source" in part)'
}

limit=3600
works "$RKVOICE" models pull "${models[@]}"
works "$RKVOICE" say --quiet "The quick brown fox jumps over the lazy dog." -o "$area/fox.wav"

for model in "${models[@]}"; do
    echo "- $model for ${boards[*]}, tried end to end"
    made=$area/$model
    convert "$model" "${targets[@]}" --verify --force --audio "$area/fox.wav" -o "$made" 2>"$area/stderr" ||
        fail "$model is converted (exit code $?)"
    grep -vE '^installing|^simulated' "$area/stderr" | sed 's/^/  /'
    for file in $(files_of "$model"); do
        for board in "${boards[@]}"; do
            record=$made/${file/\{board\}/$board}.json
            [[ -s ${record%.json} && -s $record ]] || fail "${record%.json} is there"
            [[ $(json "$record" 'it["target"]') == "$board" ]] || fail "$record tells the board"
            [[ $(json "$record" 'it["sha256"]') == "$(sha256sum "${record%.json}" | cut -d' ' -f1)" ]] ||
                fail "$record tells the file's SHA-256"
        done
    done
    [[ -z $(find "$made" -name '.*' -not -path "$made") ]] || fail "no half-made file stays: $(ls -A "$made")"
done

model=${models[0]} made=$area/${models[0]}
echo "- what is there is not made again; what was changed is"
started=$SECONDS
convert "$model" "${targets[@]}" --verify -o "$made" 2>"$area/stderr" || fail "it runs again"
[[ $(grep -c 'is up to date' "$area/stderr") == 2 ]] || fail "both files are up to date"
echo "  $((SECONDS - started)) s"
printf 'x' >>"$(find "$made" -name '*.rk3588.rknn')"
convert "$model" "${targets[@]}" -o "$made" 2>"$area/stderr" || fail "it runs a third time"
[[ $(grep -c 'is up to date' "$area/stderr") == 1 ]] || fail "the damaged file is made anew"

echo "- a killed run leaves no file, and the next one cleans up"
killed=$area/killed
"${conversion[@]}" "$model" --target rk3588 -o "$killed" 2>"$area/stderr" &
pid=$!
await 120 compgen -G "$killed/.convert-*/*.log" >/dev/null
kill -KILL "$pid"
wait "$pid" 2>/dev/null || true
nobody_works() { ! pgrep -f -- "$killed" >/dev/null; }
await 10 nobody_works
! compgen -G "$killed/*" >/dev/null || fail "nothing has a name yet: $(ls "$killed")"
convert "$model" --target rk3588 -o "$killed" 2>"$area/stderr" || fail "the next run succeeds"
[[ -z $(find "$killed" -name '.*' -not -path "$killed") ]] || fail "the next run cleans up: $(ls -A "$killed")"

echo "- a window that the NPU's registers cannot hold is refused, although the compiler calls it a success"
mkdir -p "$area/wide"
cp "$home/models/en_US-joe-medium/"*.onnx "$area/wide"
python3 - "$home/models/en_US-joe-medium/bundle.json" "$area/wide/bundle.json" <<'PYTHON'
import json
import sys

bundle = json.load(open(sys.argv[1]))
part = bundle["placements"]["rknn"]["decoder"][0][0]
part |= {"file": "decoder.64.{board}.rknn", "frames": 64}
part["shapes"]["z"][2] = 64
json.dump(bundle, open(sys.argv[2], "w"))
PYTHON
for board in "${boards[@]}"; do
    ! convert "$area/wide" --target "$board" -o "$area/refused" 2>"$area/stderr" || fail "64 frames are refused"
    grep -qE '^error: .*REGTASK' "$area/stderr" || fail "the compiler's line is told"
    [[ -z $(find "$area/refused" -name '*.rknn') ]] || fail "no file of 64 frames stays"
done

echo "- bad input is one line"
# $1: what the line says. The rest: arguments.
complains() {
    ! convert "${@:2}" 2>"$area/stderr" || fail "\"${*:2}\" fails"
    [[ $(grep -c '^error: ' "$area/stderr") == 1 ]] || fail "\"${*:2}\" says one line"
    grep -qE "^error: .*$1" "$area/stderr" || fail "it says: $1"
}
complains 'no model there' no-such-model --target rk3588
complains 'no WAV file' silero-vad --target rk3588 -o "$area/bad" --force --audio "$convert"
mkdir -p "$area/alone/whisper-base"
config='{"precision": "int8", "mels": 80, "audioContext": 1500}'
echo '{"name": "whisper-base", "family": "whisper", "placements": {}, "config": '"$config}" \
    >"$area/alone/whisper-base/bundle.json"
complains 'models pull whisper-base-fp32' "$area/alone/whisper-base" --target rk3588 -o "$area/bad"

echo "- an older bundle gets its placement, and stays an intact model"
mkdir -p "$area/home/models"
cp -r "$home/models/silero-vad" "$area/home/models"
cp -r "$home/runtimes" "$area/home"
python3 - "$area/home/models/silero-vad" <<'PYTHON'
import hashlib
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1])
bundle = json.loads((folder / "bundle.json").read_text())
del bundle["placements"]["rknn"]
(folder / "bundle.json").write_text(json.dumps(bundle))
manifest = json.loads((folder / "manifest.json").read_text())
for file in manifest["files"]:
    data = (folder / file["path"]).read_bytes()
    file |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
manifest["revision"] = "0" * 64
(folder / "manifest.json").write_text(json.dumps(manifest))
PYTHON
convert "$area/home/models/silero-vad" --target rk3576 --audio "$area/fox.wav" 2>"$area/stderr" ||
    fail "it is converted"
[[ $(json "$area/home/models/silero-vad/bundle.json" 'it["placements"]["rknn"]["boards"]') == *rk3576* ]] ||
    fail "the placement is written"
works env RKVOICE_HOME="$area/home" RKVOICE_OFFLINE=1 "$RKVOICE" models verify silero-vad
