#!/usr/bin/env bash
# Everything that says whether this works: ./rkvoice test [--long] [FILTER...]
#
#   --long     also what takes hours, or root: scripts/tests.d/long, and tests that ask for RKVOICE_LONG
#   FILTER     only Swift tests that match the regular expression, and scripts whose name contains it; no checks
#
# In order: packages, checks, the release build, the Swift tests, the scripts of scripts/tests.d (exit 77: skipped, for
# the reason in the last line). The last line counts them all. Fails when a test does, or when none ran.
# Models go to RKVOICE_HOME. What everything printed is kept in .build/test-logs.
set -euo pipefail

self=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
state=$root/.build/rkvoice
binary=$root/.build/release/rkvoice
logs=$root/.build/test-logs
RKVOICE_HOME=${RKVOICE_HOME:-${HOME:-~}/.local/share/rkvoice}
export RKVOICE_HOME

# shellcheck source=scripts/current.sh
source "$root/scripts/current.sh"
# shellcheck source=scripts/setup.sh
source "$root/scripts/setup.sh"

# A script that hangs must not take the gate with it. The long ones may take what they need.
script_seconds=900

long=0
filters=()
for argument in "$@"; do
    case $argument in
        --long) long=1 ;;
        -*) sed -n '2,/^set/{s/^# \{0,1\}//p}' "$self" >&2 && exit 64 ;;
        *) filters+=("$argument") ;;
    esac
done
if ((long)); then
    export RKVOICE_LONG=1
fi

passed=0 failed=0 skipped=0

# Runs one part, keeps what it prints, says how long it took. $1: its name; the rest: the command.
phase() {
    local name=$1 started=$SECONDS status=0
    shift
    printf '== %s\n' "$name"
    "$@" 2>&1 | tee "$logs/${name// /-}.log" || status=${PIPESTATUS[0]}
    printf '== %s: %s s%s\n' "$name" "$((SECONDS - started))" "$( ((status == 0)) || printf ', exit code %s' "$status")"
    return "$status"
}

# A part that is one test. $1: its name; the rest: the command.
single() {
    if phase "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s\n' "$1" >>"$logs/failed.txt"
    fi
}

swift_tests() {
    local filter
    local -a chosen=()
    for filter in "${filters[@]}"; do
        chosen+=(--filter "$filter")
    done
    # Without these, SwiftPM compiles every room again with another flag, and runs XCTest for nothing.
    swiftpm test --disable-testable-imports --disable-xctest "${chosen[@]}"
}

# Adds up what Swift Testing printed. $1: the exit code of the tests.
count_swift_tests() {
    local -a counts
    read -ra counts < <(
        python3 -B "$root/scripts/tally.py" "$logs/swift-tests.log" "$1" "$logs/skipped.txt" "$logs/failed.txt"
    )
    if ((counts[0] + counts[1] == 0 && ${#filters[@]} == 0)); then
        counts[1]=1
        printf 'no Swift test ran\n' >>"$logs/failed.txt"
    fi
    passed=$((passed + counts[0])) failed=$((failed + counts[1])) skipped=$((skipped + counts[2]))
}

# $1: a script of scripts/tests.d. $2: how many seconds it may take.
script_test() {
    local name status=0 scratch
    name=$(basename "$1" .sh)
    matches_filter "$name" || return 0
    scratch=$(mktemp -d "$root/.build/script-XXXXXX")
    phase "script $name" env -C "$scratch" RKVOICE="$root/rkvoice" TMPDIR="$scratch" \
        timeout --kill-after=10 "$2" bash "$1" </dev/null || status=$?
    rm -rf "$scratch"
    case $status in
        0) passed=$((passed + 1)) ;;
        77)
            skipped=$((skipped + 1))
            printf 'script %s: %s\n' "$name" "$(tail -1 "$logs/script-$name.log")" >>"$logs/skipped.txt"
            ;;
        *)
            failed=$((failed + 1))
            printf 'script %s\n' "$name" >>"$logs/failed.txt"
            ;;
    esac
}

# $1: the name of a script.
matches_filter() {
    local filter
    ((${#filters[@]} > 0)) || return 0
    for filter in "${filters[@]}"; do
        [[ $1 != *"$filter"* ]] || return 0
    done
    return 1
}

report() {
    printf '\n== %s executed, %s skipped, in %s s\n' "$((passed + failed))" "$skipped" "$SECONDS"
    [[ ! -s $logs/skipped.txt ]] || { printf 'skipped:\n' && sed 's/^/  /' "$logs/skipped.txt"; }
    [[ ! -s $logs/failed.txt ]] || { printf 'failed:\n' && sed 's/^/  /' "$logs/failed.txt"; }
    printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
}

set_up tests
rm -rf "$logs"
mkdir -p "$logs"
: >"$logs/skipped.txt"
: >"$logs/failed.txt"
if ((${#filters[@]} == 0)); then
    single "checks" "$root/scripts/check.sh"
    single "checks can fail" "$root/scripts/check.sh" --self-test
fi
status=0
phase "swift tests" swift_tests || status=$?
count_swift_tests "$status"
shopt -s nullglob
for script in "$root"/scripts/tests.d/*.sh; do
    script_test "$script" "$script_seconds"
done
if ((long)); then
    for script in "$root"/scripts/tests.d/long/*.sh; do
        script_test "$script" infinity
    done
fi
report
((failed == 0 && passed > 0))
