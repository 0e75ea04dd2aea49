#!/usr/bin/env bash
# The profiles that come with the program, as somebody meets them who moves here from the system they were written for.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"

echo "- profiles by name, from any directory"
works "$RKVOICE" config --profiles
[[ $(wc -l <"$area/stdout") -ge 14 ]] || fail "all of them are listed"
mapfile -t profiles < <(awk '/^rk(3576|3588|1828)-/ { print $1 }' "$area/stdout")
[[ ${#profiles[@]} == 14 ]] || fail "fourteen of them are the seed's (${#profiles[@]})"

echo "- each of them plans, without one file of its models"
for profile in "${profiles[@]}"; do
    run "$RKVOICE" plan --profile "$profile" --json --set asr.model_dir=/nowhere/asr --set tts.model_dir=/nowhere/tts
    [[ $code == 66 ]] || fail "$profile: a plan of models that are not installed ends with 66 (it is $code)"
    python3 - "$area/stdout" "$profile" <<'PYTHON' || fail "$profile: the plan has stages and what settings come to"
import json, sys

plan = json.load(open(sys.argv[1]))
models = [model for model in plan["models"] if model["family"] != "silero"]
assert plan["board"] == sys.argv[2][:6], plan["board"]
assert models and all(model["parts"] and not model["isInstalled"] for model in models), models
assert all("problem" in model for model in models)
PYTHON
done

echo "- a name that is nearly right, a key that is nearly right, a board that is another"
refuses 66 'no profile "rk3576-ful".*did you mean rk3576-full' "$RKVOICE" plan --profile rk3576-ful
printf 'asr:\n  backend: qwen3_asr_rk\n  npu_core_maks: NPU_CORE_1\n' >"$area/slip.yaml"
refuses 65 'slip.yaml:3: unknown setting .*did you mean asr.npu_core_mask' "$RKVOICE" plan --profile "$area/slip.yaml"
refuses 64 'platform rk3588 and npu.simulate rk3576 contradict' \
    "$RKVOICE" plan --profile rk3588-full --simulate rk3576

echo "- what cannot be is refused with the arithmetic"
run "$RKVOICE" plan --profile rk3576-full --set asr.max_context_len=128
[[ $code == 69 ]] || fail "a context that is too short ends with 69 (it is $code)"
grep -qE '26 tokens of prompt \+ 26 of 2 s of audio \+ 128 of answer .* = 180, more than the 128' "$area/stdout" ||
    fail "the sum is shown"
run "$RKVOICE" plan --profile rk1828-qwen3-tts --set audio_llm.backend=gemma4_rk1828
[[ $code == 69 ]] || fail "two models on an RK1828 end with 69 (it is $code)"
grep -qE '= 5.9 GiB, 972 MiB more than the 5 GiB of RK1828' "$area/stdout" || fail "the sum is shown"

echo "- serve says which family is missing, and serves nothing in its place"
"$RKVOICE" serve --profile rk3576-full --port 0 2>"$area/server.log" >/dev/null </dev/null &
server=$!
says() { grep -qE "$1" "$area/server.log"; }
await 30 says 'the family Qwen3-ASR \(qwen3_asr_rk\) is not in this version'
await 30 says 'the family Matcha \(matcha_rknn\) is not in this version'
await 30 says 'listening on'
url=http://127.0.0.1:$(sed -nE 's/.*listening on [^ ]+:([0-9]+).*/\1/p' "$area/server.log" | head -1)
[[ $(curl -s -o "$area/answer" -w '%{http_code}' --noproxy '*' "$url/readyz") == 503 ]] || fail "it is not ready"
grep -q 'Qwen3-ASR' "$area/answer" || fail "readiness names the family: $(<"$area/answer")"
[[ $(curl -s -o "$area/answer" -w '%{http_code}' --noproxy '*' "$url/tts" -d '{"text":"a"}') == 503 ]] ||
    fail "/tts answers 503: $(<"$area/answer")"
kill -TERM "$server"
wait "$server" || fail "the server ends with 0"
for profile in "${profiles[@]}"; do
    [[ $profile != rk3576-piper-multilang ]] || continue
    # What the server before said is not what this one says.
    : >"$area/server.log"
    "$RKVOICE" serve --profile "$profile" --port 0 2>"$area/server.log" >/dev/null </dev/null &
    server=$!
    await 30 says 'the family [^;]+ is not in this version'
    kill -TERM "$server" 2>/dev/null || true
    wait "$server" || true
done
run "$RKVOICE" serve --profile rk1828-gemma4 --port 0 --set audio_llm.require_backend=true
[[ $code != 0 ]] || fail "a language model that is required and missing ends the program"
grep -q 'the family Gemma 4' "$area/stderr" || fail "it says why"
printf 'tts:\n  backend: matcha_rknn\n  require_backend: 1\n' >"$area/required.yaml"
run "$RKVOICE" serve --profile "$area/required.yaml" --port 0
[[ $code == 64 ]] || fail "require_backend ends the program with 64 (it is $code)"
grep -q 'the family Matcha' "$area/stderr" || fail "it says why"
echo "profiles say what they come to"
