#!/usr/bin/env bash
# Language models as a user meets them: a decoder for RKLLM, simulated in every generation; and what is said of files
# and releases that are not the right ones.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
if [[ ! -r $RKVOICE_HOME/runtimes/onnxruntime/libonnxruntime.so ]]; then
    echo "not seen: any run, because ONNX Runtime is not installed: ./rkvoice models pull"
    exit 77
fi
export RKVOICE_ONNXRUNTIME=$RKVOICE_HOME/runtimes/onnxruntime/libonnxruntime.so RKVOICE_HOME=$area/home
bundle=$area/tiny
mkdir -p "$bundle"
cp "$source_root/Tests/RuntimesTests/Fixtures/lm_tokens.onnx" "$bundle"
cat >"$bundle/bundle.json" <<'JSON'
{
  "schema": 1, "family": "toy", "name": "tiny", "sampleRate": 16000,
  "config": {"decoder": {
    "contextLength": 64, "vocabularySize": 40, "hiddenSize": 16, "layers": 2, "endTokens": [],
    "layout": {"tokens": "tokens", "hidden": "hidden"}}},
  "placements": {
    "rkllm": {"decoder": [[{"file": "decoder.w8a8.{board}.rkllm", "runtime": "rkllm", "source": "lm_tokens.onnx"}]]}}
}
JSON
bench=("$RKVOICE" bench llm "$bundle" --latency 0)

# Prints what a python expression makes of the last JSON, called `it`.
json() {
    python3 -c 'import json, sys; it = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$area/stdout" "$1"
}

# Whether the last output has a line that matches $1 (an extended regular expression).
shows() { grep -qE -- "$1" "$area/stdout" || fail "the output has \"$1\""; }

echo "- a decoder in every generation, and what each token costs on top of the bare call"
for release in 1.1.4 1.2.0 1.2.3 1.3.0; do
    RKVOICE_RUNTIME_RKLLM_VERSION=$release works "${bench[@]}" --runs 3 --latency 2 --simulate rk3588 --json
    [[ $(json 'it["subject"]') == *"RKLLM $release (simulated), 48 tokens an answer" ]] || fail "it says what it ran on"
    printf '  %s, steps of 2 ms: ratio %.3f\n' "$release" "$(json 'it["rows"][1]["ratio"]')"
done
works "${bench[@]}" --runs 1 --simulate rk3576 --json

echo "- many answers take no more memory than some"
works "${bench[@]}" --runs 20 --simulate rk3588 --json
some=$(json 'it["peakMemory"]')
works "${bench[@]}" --runs 300 --simulate rk3588 --json
many=$(json 'it["peakMemory"]')
printf '  %d and %d MB; without a latency a token costs %.1f times the bare call\n' $((some >> 20)) $((many >> 20)) \
    "$(json 'it["rows"][1]["ratio"]')"
((many - some < 8 << 20)) || fail "memory is flat: $some and $many bytes"

echo "- the plan, and what the files say of themselves"
run "$RKVOICE" plan "$bundle" --simulate rk3588
[[ $code == 0 ]] || fail "it can be planned"
shows '^  decoder +decoder\.w8a8\.rk3588\.rkllm +rkllm +- +all cores +1 +from source'
container=$area/home/simulated/rk3588/tiny/decoder.w8a8.rk3588.rkllm
works "$RKVOICE" models inspect "$container"
shows '^target +rk3588, simulated: for the simulator only, no board can run it$'
shows '^numbers +w8a8$'
shows '^decoder +vocabulary 40, hidden size 16, context 64$'
head -c 5000 /dev/zero >"$area/decoder_qwen3.w4a16_g128.rk3576.rkllm"
works "$RKVOICE" models inspect "$area/decoder_qwen3.w4a16_g128.rk3576.rkllm"
shows '^target +rk3576$'
shows '^numbers +w4a16_g128$'
: >"$area/empty.rkllm"
refuses 65 'empty\.rkllm: the file is empty' "$RKVOICE" models inspect "$area/empty.rkllm"

echo "- releases and libraries that are not the right ones"
RKVOICE_RUNTIME_RKLLM_VERSION=1.2.1b1 refuses 69 'RKLLM "1\.2\.1b1" is a beta' "${bench[@]}" --simulate rk3588
RKVOICE_RUNTIME_RKLLM_VERSION=1.4.0 refuses 69 'RKLLM "1\.4\.0" is not known.*1\.3\.0' "${bench[@]}" --simulate rk3588
RKVOICE_RUNTIME_RKLLM=/nowhere.so refuses 69 '/nowhere\.so is not there' "${bench[@]}" --board rk3588
refuses 69 'needs the runtime rkllm, which is not there' "${bench[@]}"
refuses 66 'no bundle\.json' "$RKVOICE" bench llm "$area/nowhere" --simulate rk3588
