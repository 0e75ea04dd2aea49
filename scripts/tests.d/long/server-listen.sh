#!/usr/bin/env bash
# A test set streamed at real-time pace: accuracy beside /asr on the same clips, stable text that stays, and how soon
# the final text is there. What HTTP adds to recognition and to the first sound.
#
#   RKVOICE_TEST_SET   folder with manifest.json and its clips (ModelPrep/testset says how to make one)
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/../shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/../shared/server.sh"
python_with "$programs/requirements.txt"

"$RKVOICE" bench server --runs 9
if [[ -z ${RKVOICE_TEST_SET-} ]]; then
    echo "not seen: accuracy and latency of streamed speech (RKVOICE_TEST_SET names no test set)"
    exit 77
fi
start_server --set limits.requests_per_minute=0
meets listen.py "$url" --set "$RKVOICE_TEST_SET"
stop_server
conclude "streamed speech is heard as well as a file"
