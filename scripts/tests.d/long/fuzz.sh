#!/usr/bin/env bash
# The parsers against hostile input, ten minutes each (RKVOICE_FUZZ_SECONDS), libsndfile's side among them (container):
# under the address sanitizer, whose allocator libsndfile uses, too. With ffmpeg also the containers that it reads.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
"$root/scripts/fuzz.sh" --seconds "${RKVOICE_FUZZ_SECONDS:-600}"
if [[ -x /usr/bin/ffmpeg ]]; then
    "$root/scripts/fuzz.sh" --seconds "${RKVOICE_FUZZ_SECONDS:-600}" foreign
else
    echo "not seen: WebM and M4A (ffmpeg is not installed)"
fi
