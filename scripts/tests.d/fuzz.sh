#!/usr/bin/env bash
# The parsers against hostile input, for a short while: what was found before, then a second of search each. Most of the
# time goes into building them for the fuzzer. scripts/tests.d/long/fuzz.sh searches longer.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "$RKVOICE")")

if ! command -v swiftc >/dev/null; then
    echo "not seen: any fuzzer, because there is no swiftc"
    exit 77
fi

# Each search begins with the corpus and the regressions.
"$root/scripts/fuzz.sh" --seconds "${RKVOICE_FUZZ_SECONDS:-1}"
