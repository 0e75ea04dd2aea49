#!/usr/bin/env bash
# Rewrites all Swift files as .swift-format says, or those named: scripts/format.sh [FILE...]
set -euo pipefail

self=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
# shellcheck source=scripts/toolchain.sh
source "$root/scripts/toolchain.sh"
if (($# == 0)); then
    mapfile -t files < <(git -C "$root" ls-files -co --exclude-standard -- '*.swift')
else
    mapfile -t files < <(realpath -- "$@")
fi
run_swift format --in-place --parallel "${files[@]}"
