#!/usr/bin/env bash
# The tests of inference and of the runtimes under the thread sanitizer and the address sanitizer. Our Swift and the
# simulator's C are built for them; ONNX Runtime, Foundation and Swift's own libraries are not.
#
#   RKVOICE_SANITIZERS                which ones (thread address)
#   RKVOICE_SANITIZER_RUNS            how often, because threads meet differently every time (5)
#   RKVOICE_SANITIZER_CONFIGURATION   debug or release (debug)
#   RKVOICE_SANITIZER_JOBS            compilers at a time (all processors)
#
# Debug has the compiler's checks, and every call in a stack. There, what generic code reads through pointers goes
# through Swift's own library, which is not instrumented, so that a read beyond the end is not seen.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/toolchain.sh
source "$root/scripts/toolchain.sh"
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$root/scripts/tests.d/shared/expect.sh"
own=$root/scripts/tests.d/sanitizers
place=$root/.build/sanitize
package=$place/package
runs=${RKVOICE_SANITIZER_RUNS:-5}
configuration=${RKVOICE_SANITIZER_CONFIGURATION:-debug}
jobs=()
[[ -z ${RKVOICE_SANITIZER_JOBS-} ]] || jobs=(-j "$RKVOICE_SANITIZER_JOBS")
read -ra sanitizers <<<"${RKVOICE_SANITIZERS:-thread address}"

if [[ ! -r $RKVOICE_HOME/runtimes/onnxruntime/libonnxruntime.so ]]; then
    echo "not seen: any run, because ONNX Runtime is not installed: ./rkvoice models pull"
    exit 77
fi

# Stacks with names; a backtrace of Swift's own would hold the sanitizer's report up.
symbolizer=$(command -v llvm-symbolizer || true)
options=$own/suppressions
export SWIFT_BACKTRACE=enable=no
export TSAN_OPTIONS="history_size=4 exitcode=66 external_symbolizer_path=$symbolizer"
export ASAN_OPTIONS="detect_leaks=1 detect_stack_use_after_return=1 exitcode=66 external_symbolizer_path=$symbolizer"
export LSAN_OPTIONS="suppressions=$options/leaks.txt print_suppressions=1"
# ThreadSanitizer does not bear addresses as random as newer kernels make them.
fixed=()
! setarch -R true 2>/dev/null || fixed=(setarch -R)

# The package without the server, beside the real one.
lay_out_package() {
    mkdir -p "$package"
    ln -sfn "$root"/{Sources,Tests,Simulator,ModelPrep} "$own/support" "$package"
    cat "$root/Package.swift" "$own/narrow.swift" >"$area/Package.swift"
    # Its time of change is what is looked at.
    cmp -s "$area/Package.swift" "$package/Package.swift" || cp "$area/Package.swift" "$package"
    [[ ! -f $root/Package.resolved ]] || cp "$root/Package.resolved" "$package"
}

# $1: sanitizer.
build_for() {
    local log=$place/$1.log file
    run_swift build -c "$configuration" --build-tests --sanitize="$1" --skip-update "${jobs[@]}" \
        --package-path "$package" --scratch-path "$place/$1" --cache-path "$root/.build/swiftpm/cache" \
        >"$log" 2>&1 || {
        grep -A 4 'error:' "$log" | head -40
        fail "the tests are built for the $1 sanitizer"
    }
    for file in "$program" "${program%/*}"/lib{rknn,rkllm}rt-sim.so; do
        # "T" in the program, "U" in the library.
        nm -D "$file" | grep -E " (U|T) __${prefix}_(read4|report_load4)" >/dev/null || fail "$file is instrumented"
    done
}

# Runs the test program. $1: where its output goes. The rest: arguments. Sets $code.
run_program() {
    code=0
    timeout --kill-after=10 1200 "${fixed[@]}" "$program" --testing-library swift-testing "${@:2}" >"$1" 2>&1 ||
        code=$?
}

# How many reports file $1 has.
findings() { grep -cE '^(WARNING: ThreadSanitizer|==[0-9]+==ERROR: (Address|Leak)Sanitizer)' "$1" || true; }

# What is planted is found. $@: names of errors.
controls() {
    local error
    for error in "$@"; do
        RKVOICE_SANITIZER_CONTROL=$error run_program "$area/control" --filter '^Nothing\.'
        (($(findings "$area/control") == 1 && code != 0)) || {
            tail -20 "$area/control"
            fail "the error \"$error\" that is planted is found (exit code $code)"
        }
    done
}

# $1: sanitizer.
tests_under() {
    local turn found log
    for ((turn = 1; turn <= runs; turn++)); do
        log=$place/$1-$turn.log
        run_program "$log"
        found=$(findings "$log")
        printf '  run %s: %s findings: %s\n' "$turn" "$(grep -oE 'Test run with .*' "$log" || echo "no end")" "$found"
        if ((found > 0 || code != 0)); then
            grep -hE '^SUMMARY|recorded an issue|✘' "$log" | sort | uniq -c | sort -rn | head -40
            fail "nothing is found, and all tests pass, under the $1 sanitizer (exit code $code): $log"
        fi
    done
    grep -hE '(Test|Suite) .* skipped' "$place/$1-$runs.log" | sed 's/^/  /' || true
}

lay_out_package
for sanitizer in "${sanitizers[@]}"; do
    program=$place/$sanitizer/$configuration/rkvoicePackageTests.xctest
    echo "- under the $sanitizer sanitizer"
    case $sanitizer in
        thread) prefix=tsan planted=(thread) ;;
        address) prefix=asan planted=(address leak) ;;
        *) fail "RKVOICE_SANITIZERS names thread and address: $sanitizer" ;;
    esac
    build_for "$sanitizer"
    controls "${planted[@]}"
    tests_under "$sanitizer"
done
