#!/usr/bin/env bash
# The tests of SpeechSignal under the address sanitizer, with leaks: our readers and writers are built for it, and
# libsndfile, libsoxr and what they load use its allocator. What they read of their own memory is not seen.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/toolchain.sh
source "$root/scripts/toolchain.sh"
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$root/scripts/tests.d/shared/expect.sh"
own=$root/scripts/tests.d/sanitizers
place=$root/.build/sanitize-audio
package=$place/rkvoice
log=$place/tests.log
program=$place/build/debug/rkvoicePackageTests.xctest

mkdir -p "$package"
ln -sfn "$root"/{Sources,Tests} "$own/support" "$package"
cp "$own/Package-audio.swift" "$package/Package.swift"
run_swift build -c debug --build-tests --sanitize=address --disable-xctest \
    --package-path "$package" --scratch-path "$place/build" >"$place/build.log" 2>&1 || {
    grep -A 4 'error:' "$place/build.log" | head -40
    fail "the tests are built for the address sanitizer"
}

export SWIFT_BACKTRACE=enable=no
symbolizer=$(command -v llvm-symbolizer || true)
export ASAN_OPTIONS="detect_leaks=1 exitcode=66 external_symbolizer_path=$symbolizer"
export LSAN_OPTIONS="suppressions=$own/suppressions/leaks.txt print_suppressions=1"

# $1: where its output goes. The rest: arguments. Sets $code.
run_program() {
    code=0
    timeout --kill-after=10 1800 "$program" --testing-library swift-testing "${@:2}" >"$1" 2>&1 || code=$?
}

for error in address leak; do
    RKVOICE_SANITIZER_CONTROL=$error run_program "$area/control" --filter '^Nothing\.'
    if ((code == 0)) || ! grep -qE 'ERROR: (Address|Leak)Sanitizer' "$area/control"; then
        fail "the error \"$error\" that is planted is found (exit code $code)"
    fi
done
echo "- an error and a leak that are planted are found"

run_program "$log"
grep -E 'Test run with' "$log" || true
if ((code != 0)) || grep -qE 'ERROR: (Address|Leak)Sanitizer' "$log"; then
    grep -hE '^SUMMARY|recorded an issue|✘' "$log" | sort | uniq -c | sort -rn | head -40
    fail "nothing is found, and all tests pass (exit code $code): $log"
fi
echo "the tests of SpeechSignal find nothing under the address sanitizer"
