#!/usr/bin/env bash
# The parsers against hostile input, for a short while: what was found before, then some seconds of search each.
# scripts/tests.d/long/fuzz.sh searches longer.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$root/scripts/tests.d/shared/expect.sh"

if ! command -v swiftc >/dev/null; then
    echo "not seen: any fuzzer, because there is no swiftc"
    exit 77
fi

echo "- every input of the corpus and every one that broke something once"
"$root/scripts/fuzz.sh" --seconds 0

echo "- new inputs, ${RKVOICE_FUZZ_SECONDS:-4} s a target"
"$root/scripts/fuzz.sh" --seconds "${RKVOICE_FUZZ_SECONDS:-4}"
echo "nothing new was found"
