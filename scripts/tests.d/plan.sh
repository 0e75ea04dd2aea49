#!/usr/bin/env bash
# rkvoice plan in a user's hands: what runs where, what does not fit and why, with nothing installed and nothing loaded.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
in=$area/in
mkdir -p "$in"
plan=("$RKVOICE" plan)

# Whether the last output has a line that matches $1 (an extended regular expression).
shows() { grep -qE -- "$1" "$area/stdout" || fail "the output has \"$1\""; }

# A bundle $1 with one stage on the NPU; $2: more keys of its part.
bundle() {
    mkdir -p "$in/$1"
    printf '{"schema": 1, "family": "toy", "name": "%s", "sampleRate": 16000, "placements":
        {"rknn": {"stage": [[{"file": "a.{board}.rknn", "runtime": "rknn"%s}]]}}}' "$1" "$2" >"$in/$1/bundle.json"
    : >"$in/$1/a.rk3588.rknn"
}

# The rest ends with the exit status $1.
ends() {
    run "${@:2}"
    [[ $code == "$1" ]] || fail "\"${*:3}\" ends with $1 (it is $code)"
}

echo "- the models of the configuration, on this machine"
works "${plan[@]}"
shows 'placement cpu'
! grep -q $'\x1b' "$area/stdout" || fail "no colors in a pipe"

echo "- a bundle by its directory: sizes that are known, and that are not"
bundle voice ', "bytes": 104857600, "cores": [1, 2]'
bundle ear ', "bytes": 52428800, "cores": [1]'
works "${plan[@]}" --board rk3588 "$in/voice" "$in/ear"
shows '^RK3588: 3 NPU cores, 4 GiB for models$'
shows '^  stage +a\.rk3588\.rknn +rknn +- +cores 1 and 2 +1 +0 B +100 MiB$'
shows '^NPU memory: 150 MiB of 4 GiB$'
shows '^warning: .*mask 6.*may refuse'
shows '^warning: .*core 1: .*2 models on 1 core'
shows '^  way out: put one of them on core 0'
bundle blank ''
rm "$in/blank/a.rk3588.rknn"
ends 69 "${plan[@]}" --board rk3588 "$in/blank"
shows 'missing +unknown$'
shows '^error: .*1 of 1 files missing: a\.rk3588\.rknn'

echo "- more memory than there is: the sum, and a way out"
ends 69 "${plan[@]}" --board rk3588 --npu-memory 120 "$in/voice" "$in/ear"
shows '^error: .*100 MiB \(.*voice\) \+ 50 MiB \(.*ear\) = 150 MiB, 30 MiB more than the 120 MiB of RK3588$'

echo "- cores that the board does not have"
cp "$in/voice/a.rk3588.rknn" "$in/voice/a.rk3576.rknn"
ends 69 "${plan[@]}" --board rk3576 "$in/voice"
shows '^error: .*cores 1 and 2 asked for, but RK3576 has cores 0 to 1'

echo "- JSON"
ends 69 "${plan[@]}" --board rk3588 --json "$in/blank"
python3 - "$area/stdout" <<'PYTHON' || fail "the JSON says the same"
import json
import sys

plan = json.load(open(sys.argv[1]))
assert plan["board"] == "rk3588" and plan["device"]["unknownFiles"] == 1, plan
assert [conflict["kind"] for conflict in plan["conflicts"]] == ["missing_file"], plan
assert "memory" not in plan["models"][0]["parts"][0], plan
PYTHON

echo "- nothing installed, and mistakes"
ends 66 env RKVOICE_HOME="$area/empty" "${plan[@]}" whisper-base
shows "not installed; run: rkvoice models pull whisper-base"
refuses 64 '"rk3858" is not one of rk3576, rk3588, rk1828, cpu' "${plan[@]}" --board rk3858
refuses 64 "there is no model 'wisper-base'; did you mean 'whisper-base'\?" "${plan[@]}" wisper-base
printf '{"schema": 1, "placements": {}, "placements": {}}' >"$in/blank/bundle.json"
ends 65 "${plan[@]}" "$in/blank"
shows '"placements" is there twice'
ends 66 "${plan[@]}" "$in/nowhere/at-all"
