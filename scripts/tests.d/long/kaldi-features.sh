#!/usr/bin/env bash
# Every feature of 27 clips in 9 languages against torchaudio's Kaldi code: log-mel within 1e-3, normalized rows within
# 2e-4, the same to the bit in pieces of any size; and the speed of one thread beside kaldi-native-fbank.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/python.sh
source "$source_root/scripts/tests.d/shared/python.sh"
programs=$source_root/scripts/tests.d/kaldi
python_with "$programs/requirements.txt"
export OMP_NUM_THREADS=1
features() { "$python" -B "$programs/features.py" "$@"; }

if ! "$python" -m pip --quiet download --no-deps --only-binary :all: --dest "$area/wheels" \
    torchaudio==2.11.0 pytest-audioeval==0.1.3 2>"$area/stderr"; then
    tail -1 "$area/stderr"
    echo "not seen: anything, because pip cannot download torchaudio 2.11.0 and pytest-audioeval 0.1.3"
    exit 77
fi
reference=$(echo "$area"/wheels/torchaudio-*.whl)
clips=$area/clips
mkdir "$clips"
features clips "$(echo "$area"/wheels/pytest_audioeval-*.whl)" "$clips"
features form "$reference" "$clips" "$area"
form=(--form "$area/form.json" --statistics "$area/am.mvn")

echo "- every feature"
works "$RKVOICE" bench fbank "$clips"/*.wav --runs 1 --write "$area/mel"
works "$RKVOICE" bench fbank "$clips"/*.wav --runs 1 --write "$area/rows" "${form[@]}"
features compare "$reference" "$clips" "$area/mel" "$area/rows"

echo "- the same to the bit in pieces of any size"
for piece in 1 159 160 161 1024 1600 4001 16000; do
    works "$RKVOICE" bench fbank "$clips"/*.wav --runs 1 --chunk "$piece" --write "$area/pieces" "${form[@]}"
    diff -rq "$area/rows" "$area/pieces" >/dev/null || fail "pieces of $piece samples give the same rows"
done

echo "- one thread beside kaldi-native-fbank"
ours=() theirs=()
for _ in 1 2 3 4 5; do
    theirs+=("$(features speed "$clips")")
    "$RKVOICE" bench fbank "$clips"/*.wav --runs 9 --json >"$area/speed.json"
    ours+=("$("$python" - "$area/speed.json" "$area/mel" <<'PYTHON'
import json
import pathlib
import sys

milliseconds = json.load(open(sys.argv[1]))["rows"][0]["milliseconds"]["smallest"]
frames = sum(path.stat().st_size for path in pathlib.Path(sys.argv[2]).iterdir()) / 4 / 80
print(f"{milliseconds * 1000 / frames:.4f}")
PYTHON
    )")
done
"$python" - "${ours[*]}" "${theirs[*]}" <<'PYTHON'
import sys

ours, theirs = ([float(word) for word in words.split()] for words in sys.argv[1:])
ratio = min(theirs) / min(ours)
print(f"  ours {min(ours):.2f} us a frame, kaldi-native-fbank {min(theirs):.2f}: {ratio:.1f} times as fast")
sys.exit(0 if ratio >= 1.3 else "  not so: at least 1.3 times as fast")
PYTHON
echo "the Kaldi front end hears what its references hear, and sooner"
