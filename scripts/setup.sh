# Installs what is missing and builds a release. Sourced after current.sh by ./rkvoice and scripts/test.sh.
# Safe to interrupt at any point: the next run goes on from what is there.
# Exit codes: 69 something is missing and may not or cannot be installed, 70 the build failed,
# 73 .build cannot be written.
# shellcheck shell=bash
# shellcheck disable=SC2154  # root, state and binary are the caller's

# The oldest compiler that reads Package.swift (its swift-tools-version).
swift_minimum=6.1

say() { printf 'rkvoice: %s\n' "$*" >&2; }

# $1: exit code; the rest: what is wrong and what to do.
stop() {
    say "${@:2}"
    exit "$1"
}

# shellcheck source=scripts/progress.sh
source "$root/scripts/progress.sh"
# shellcheck source=scripts/toolchain.sh
source "$root/scripts/toolchain.sh"
# shellcheck source=scripts/packages.sh
source "$root/scripts/packages.sh"

require_swift() {
    local how="Get it from https://www.swift.org/install/linux/, put its usr/bin on PATH and run this again."
    local needed="Swift $swift_minimum or newer is needed" version
    command -v swift >/dev/null || stop 69 "$needed, and there is no swift on PATH. $how"
    version=$(run_swift --version 2>&1) || stop 69 "\"swift --version\" failed: ${version:-no output}. $how"
    [[ $version =~ Swift\ version\ ([0-9.]+) ]] || stop 69 "\"swift --version\" says: $version. $how"
    printf '%s\n' "$swift_minimum" "${BASH_REMATCH[1]}" | sort -VC ||
        stop 69 "$needed; this is ${BASH_REMATCH[1]}, at $(command -v swift). $how"
}

# SwiftPM's products and module caches hold absolute paths: useless once the directory has been moved or copied.
# The packages it fetched hold none, and stay.
leave_old_place() {
    local place=""
    [[ ! -f $state/place ]] || place=$(<"$state/place")
    if [[ -n $place && $place != "$root" ]]; then
        say "this directory was at $place when it was built: building again"
        rm -rf "$root"/.build/{release,debug,*.yaml,plugins,build.db,*-linux-*} "$root/.build/swiftpm/clang-modules"
    fi
    printf '%s\n' "$root" >"$state/place"
}

# Builds both executables and the simulators, and records what they were built from. $1: release, or tests for those
# too: in one step, because rooms and tests then wait less for each other.
build() {
    local runtime fingerprint product started=$SECONDS
    require_swift
    leave_old_place
    # What killed builds left. Not the locks, which another SwiftPM may hold.
    find "$root/.build/swiftpm" -path '*/tmp/TemporaryDirectory.*' -prune -mtime +0 -exec rm -rf {} + \
        2>/dev/null || true
    runtime=$(swift_runtime)
    # Taken before the build, so that an edit made meanwhile is built the next time.
    fingerprint=$(fingerprint "$runtime")
    say "building a release (the first time takes some minutes)"
    [[ $1 == release ]] || swiftpm build --build-tests 2>&1 | show_progress "building all" "$state/build-tests.log" ||
        explain_failed_build "${PIPESTATUS[0]}" "$state/build-tests.log"
    for product in rkvoice rkvoice-espeak rknnrt-sim rkllmrt-sim; do
        swiftpm build --product "$product" 2>&1 | show_progress "building $product" "$state/build-$product.log" ||
            explain_failed_build "${PIPESTATUS[0]}" "$state/build-$product.log"
    done
    # Last and in one step: an interrupted build is never taken for a finished one.
    printf '%s\n' "$runtime" "$fingerprint" >"$state/built.new"
    mv -f "$state/built.new" "$state/built"
    say "built in $((SECONDS - started)) s"
}

# $1: exit code of SwiftPM. $2: its output.
explain_failed_build() {
    [[ $1 -lt 128 ]] || exit "$1"
    if grep -q 'error:' "$2"; then
        grep -A 4 'error:' "$2" | head -60 >&2
    else
        tail -30 "$2" >&2
    fi
    stop 70 "the build failed; all of its output is in $2"
}

# Does what is missing. A second launcher waits for the first one. $1: of build.
set_up() {
    { mkdir -p "$state" && [[ -w $state ]]; } 2>/dev/null ||
        stop 73 "cannot write $state: run this as the owner of $root, or give $(id -un) that directory"
    exec 9>>"$state/lock"
    if ! flock -n 9; then
        say "another rkvoice is setting up here: waiting for it"
        flock 9
    fi
    # 9>&-: what is started here must not hold the lock when the launcher is killed.
    packages_are_current || install_packages 9>&-
    build_is_current || build "$1" 9>&-
    exec 9>&-
}
