#!/usr/bin/env bash
# The NPU as a user meets it: simulated boards that speak and hear, traces, plans, and what is said when a file or a
# library is not the right one.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
fox="The quick brown fox jumps over the lazy dog."
cd "$out"
executable=$(dirname -- "$(readlink -f -- "$RKVOICE")")/.build/release/rkvoice
[[ -x $executable ]] || executable=$RKVOICE

# Prints what a python expression makes of the JSON in file $1, called `it`.
json() { python3 -c 'import json, sys; it = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"; }

works "$RKVOICE" say "$fox" -o cpu.wav
for board in rk3588 rk3576; do
    echo "- a simulated $board says what it hears, and that it is simulated"
    works "$RKVOICE" say "$fox" -o npu.wav --simulate "$board" --json --trace say.json
    grep -q "NPU of $board is simulated" "$area/stderr" || fail "say tells that it simulates"
    [[ $(json "$area/stdout" 'it["simulated"]') == "$board" ]] || fail "its figures say simulated"
    # Windows of 62 frames against whole sentences: nothing but rounding to half precision is between them.
    python3 - cpu.wav npu.wav <<'PYTHON' || fail "it sounds as on the CPU"
import array, math, sys, wave

cpu, npu = (array.array("h", wave.open(path).readframes(10**9)) for path in sys.argv[1:])
noise = sum((a - b) ** 2 for a, b in zip(cpu, npu)) or 1
snr = 10 * math.log10(sum(a * a for a in cpu) / noise)
print(f"  {len(cpu)} and {len(npu)} samples, SNR {snr:.1f} dB")
sys.exit(not (len(cpu) == len(npu) and snr > 40))
PYTHON
    works "$RKVOICE" transcribe npu.wav --simulate "$board" --format json --trace hear.json
    [[ $(json "$area/stdout" 'it["text"]') == "$fox" ]] || fail "the sentence comes back: $(<"$area/stdout")"
    [[ $(json "$area/stdout" 'it["simulated"]') == "$board" ]] || fail "the transcript says simulated"
    for trace in say hear; do
        [[ $(json $trace.json 'it["metadata"]["simulated"]') == True ]] || fail "the trace of $trace says simulated"
        json $trace.json '"\n".join(sorted({e["name"] for e in it["traceEvents"] if e.get("cat") == "lease"}))' >>leases
    done
done
for stage in decoder.62 encoder.3000 silero_vad; do
    grep -q "/$stage" leases || fail "$stage ran on the NPU: $(<leases)"
done
rm -f -- *.json leases npu.wav

echo "- a plan needs neither the board nor its files; what does not fit ends with 69"
run "$RKVOICE" plan --board rk3588 --placement rknn en_US-joe-medium
[[ $code == 69 ]] || fail "a plan with a missing file ends with 69 ($code)"
grep -q 'decoder.62.rk3588.rknn .*rknn .*any core' "$area/stdout" || fail "the plan names the file"
grep -q 'way out: ' "$area/stdout" "$area/stderr" || fail "the plan says what to do"
works "$RKVOICE" plan --board rk3588 --json
[[ $(json "$area/stdout" 'len(it["models"])') == 3 ]] || fail "the plan as JSON: $(<"$area/stdout")"

echo "- a library that is none, has a call too few or is for another machine is told from the others"
head -c 4096 /dev/urandom >"$area/garbage.so"
echo 'int rknn_init(void) { return 0; }' | cc -shared -fPIC -x c - -o "$area/few.so"
printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\267\0\1\0\0\0' >"$area/arm.so"
head -c 4096 /dev/zero >>"$area/arm.so"
[[ $(uname -m) == aarch64 ]] && machine='no ELF|truncated|cannot load' || machine='for aarch64, this machine is'
speak=("$RKVOICE" say hello -o never.wav --board rk3588)
rm cpu.wav
RKVOICE_RKNN=$area/garbage.so refuses 69 'garbage.so: it is not a shared library' "${speak[@]}"
RKVOICE_RKNN=$area/few.so refuses 69 'few.so has no rknn_[a-z_]+' "${speak[@]}"
RKVOICE_RKNN=$area/arm.so refuses 69 "$machine" "${speak[@]}"
RKVOICE_RKNN=$area/nothing.so refuses 69 'nothing.so is not there' "${speak[@]}"
RKVOICE_RKNN=${executable%/*}/librknnrt-sim.so refuses 69 'it is the simulator' "${speak[@]}"

echo "- a file for another chip, cut off or damaged is told by name"
made=$RKVOICE_HOME/simulated/rk3588/en_US-joe-medium/decoder.62.rk3588.rknn
other=$RKVOICE_HOME/simulated/rk3576/en_US-joe-medium/decoder.62.rk3576.rknn
simulate=("$RKVOICE" say hello -o never.wav --simulate rk3588)
works "$RKVOICE" models inspect "$made"
grep -q simulated "$area/stdout" || fail "inspect says simulated"
cp "$made" "$area/kept"
trap 'cp "$area/kept" "$made" 2>/dev/null || true; finish' EXIT
cp "$other" "$made"
refuses 69 'made for rk3576, but this board is an rk3588' "${simulate[@]}"
head -c 100000 "$area/kept" >"$made"
refuses 69 'cut off: 100000 of more than' "${simulate[@]}"
head -c 100000 /dev/urandom >"$made"
refuses 69 'not an? .?rknn' "${simulate[@]}"
refuses 65 'not an? .?rknn' "$RKVOICE" models inspect "$made"
rm "$made"
works "$RKVOICE" say hello -o again.wav --simulate rk3588
[[ -s $made ]] || fail "the container is made again"
rm again.wav
refuses 64 'not one of rk3576, rk3588' "$RKVOICE" say hello -o never.wav --simulate rk3599
refuses 69 'needs the runtime rknn' "$RKVOICE" say hello -o never.wav --board rk3588 --placement rknn
