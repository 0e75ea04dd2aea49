#!/usr/bin/env bash
# Everything that says whether this works: ./rkvoice test [--long] [FILTER...]
#
#   --long     also what takes hours, or root: scripts/tests.d/long, and tests that ask for RKVOICE_LONG
#   FILTER     only Swift tests that match the regular expression, and scripts whose name contains it; no checks
#
# In order: packages, the release build, checks, the Swift tests, the scripts of scripts/tests.d (exit 77: skipped, for
# the reason in the last line), some of them beside the others. The last line counts them all. Fails when a test does,
# or when none ran.
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
# Scripts that compute and do not watch the clock: they run beside the others, with what those leave of the cores.
beside=" bad-input containers funasr-hostile funasr-placements fuzz inspect recognizers rkllm-simulator rknn-simulator"
beside+=" seed-piper transcribe-formats voices "

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
        printf 'passed\n' >>"$logs/results.txt"
    else
        printf 'failed\n' >>"$logs/results.txt"
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
        0) printf 'passed\n' >>"$logs/results.txt" ;;
        77)
            printf 'skipped\n' >>"$logs/results.txt"
            printf 'script %s: %s\n' "$name" "$(tail -1 "$logs/script-$name.log")" >>"$logs/skipped.txt"
            ;;
        *)
            printf 'failed\n' >>"$logs/results.txt"
            printf 'script %s\n' "$name" >>"$logs/failed.txt"
            ;;
    esac
}

is_beside() { [[ $beside == *" $(basename "$1" .sh) "* ]]; }

# What runs beside the other scripts, one after the other.
scripts_beside() {
    local script
    renice -n 19 "$BASHPID" >/dev/null
    ((${#filters[@]} > 0)) || single "checks can fail" "$root/scripts/check.sh" --self-test
    for script in "$root"/scripts/tests.d/*.sh; do
        if is_beside "$script"; then script_test "$script" "$script_seconds"; fi
    done
}

# Ends a process and what it started. $1: its number.
end_tree() {
    local child
    local -a children=()
    read -ra children 2>/dev/null <"/proc/$1/task/$1/children" || true
    for child in "${children[@]}"; do end_tree "$child"; done
    kill "$1" 2>/dev/null || true
}

scripts() {
    local script other
    scripts_beside >"$logs/beside.log" 2>&1 &
    other=$!
    # shellcheck disable=SC2064  # the process of now
    trap "end_tree $other" EXIT
    for script in "$root"/scripts/tests.d/*.sh; do
        is_beside "$script" || script_test "$script" "$script_seconds"
    done
    if ! wait "$other"; then
        printf 'failed\n' >>"$logs/results.txt"
        printf 'the scripts beside the others\n' >>"$logs/failed.txt"
    fi
    trap - EXIT
    cat "$logs/beside.log"
}

# How many parts ended so. $1: passed, failed or skipped.
count_results() { grep -cx "$1" "$logs/results.txt" || true; }

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
: >"$logs/results.txt"
if ((${#filters[@]} == 0)); then
    single "checks" "$root/scripts/check.sh"
fi
status=0
phase "swift tests" swift_tests || status=$?
count_swift_tests "$status"
shopt -s nullglob
scripts
if ((long)); then
    for script in "$root"/scripts/tests.d/long/*.sh; do
        script_test "$script" infinity
    done
fi
passed=$((passed + $(count_results passed)))
failed=$((failed + $(count_results failed)))
skipped=$((skipped + $(count_results skipped)))
report
((failed == 0 && passed > 0))
