#!/usr/bin/env bash
# The simulator of librkllmrt (docs/simulator.md): what it exports, and its own tests under the sanitizers.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
simulator=$source_root/Simulator/rkllm
flags=(
    -std=c11 -g -O1 -Wall -Wextra -Wshadow -Werror -fno-omit-frame-pointer
    -I "$simulator" -I "$simulator/include" -I "$simulator/.." -I "$simulator/../include"
    -I "$source_root/Sources/CRuntimes/include"
)
libraries=(-ldl -lpthread -lm)
runtime=$RKVOICE_HOME/runtimes/onnxruntime/libonnxruntime.so

# $1: where the library goes. The rest: the compiler.
build_library() {
    run "${@:2}" -shared -fPIC "${flags[@]}" "$simulator"/*.c -o "$1" "${libraries[@]}"
    [[ $code == 0 ]] || fail "it compiles with ${*:2}"
}

echo "- a C compiler is all that it takes, and nothing but calls is exported"
build_library "$area/librkllmrt-sim.so" cc
exported=$(nm -D --defined-only "$area/librkllmrt-sim.so" | awk '{ print $3 }')
strays=$(grep -vE '^rkllm_' <<<"$exported" || true)
[[ -z $strays ]] || fail "nothing else is exported: $strays"
# rkllm_createDefaultParam is in no header, because its result has no type that would hold for every release.
headers=("$simulator/rkllm_exports.h" "$simulator/include/rkllm_simulator.h")
promised=$({
    echo rkllm_createDefaultParam
    grep -ohE '\brkllm_\w+\(' "${headers[@]}" | grep -oE 'rkllm_\w+'
} | sort -u)
diff <(echo "$promised") <(sort -u <<<"$exported") || fail "the promised calls are exported, no more and no less"
echo "  $(wc -l <<<"$promised") calls"

if command -v aarch64-linux-gnu-gcc >/dev/null; then
    build_library "$area/librkllmrt-sim-arm64.so" aarch64-linux-gnu-gcc
else
    unseen "arm64, because there is no aarch64-linux-gnu-gcc"
fi

if [[ ! -r $runtime ]]; then
    echo "not seen: any run, because ONNX Runtime is not installed: ./rkvoice models pull"
    exit 77
fi

# ThreadSanitizer of older compilers does not bear addresses as random as newer kernels make them.
fixed=()
! setarch -R true 2>/dev/null || fixed=(setarch -R)

# $1: sanitizers.
tests_under() {
    run cc -fsanitize="$1" "${flags[@]}" "$simulator"/*.c "$simulator"/test/*.c -o "$area/tests" "${libraries[@]}"
    [[ $code == 0 ]] || fail "the tests compile for the $1 sanitizer"
    limit=300 run "${fixed[@]}" env UBSAN_OPTIONS=halt_on_error=1 "$area/tests" "$runtime"
    cat "$area/stdout"
    ! grep -qE 'Sanitizer|runtime error' "$area/stderr" || fail "nothing is found"
    [[ $code == 0 ]] || fail "the tests pass under the $1 sanitizer"
}

echo "- its tests, under the address and undefined-behavior sanitizers"
tests_under address,undefined
echo "- its tests, under the thread sanitizer"
tests_under thread

echo "- its tests, as an arm64 program under emulation"
emulator=$(command -v qemu-aarch64 qemu-aarch64-static | head -1 || true)
if [[ -n $emulator && -r ${RKVOICE_ARM64_ONNXRUNTIME:-} ]] && command -v aarch64-linux-gnu-gcc >/dev/null; then
    run aarch64-linux-gnu-gcc "${flags[@]}" "$simulator"/*.c "$simulator"/test/*.c -o "$area/arm64" "${libraries[@]}"
    [[ $code == 0 ]] || fail "the tests compile for arm64"
    limit=600 run "$emulator" -L /usr/aarch64-linux-gnu "$area/arm64" "$RKVOICE_ARM64_ONNXRUNTIME"
    cat "$area/stdout"
    [[ $code == 0 ]] || fail "the tests pass on arm64"
else
    unseen "arm64, because it takes aarch64-linux-gnu-gcc, qemu-user and RKVOICE_ARM64_ONNXRUNTIME, a library"
fi

echo "- a crash that is asked for is one, and is told"
code=0
RKLLM_SIM_FAULT=crash timeout 60 "$area/tests" "$runtime" >"$area/stdout" 2>"$area/stderr" || code=$?
((code != 0)) || fail "the fault crashes the process"
grep -q 'crashing, by a fault' "$area/stderr" || fail "it is told"
