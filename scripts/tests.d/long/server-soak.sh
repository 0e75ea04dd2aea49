#!/usr/bin/env bash
# Minutes of mixed load: speech, recognition, streams, clients that vanish, bad requests. Memory and open files stay
# flat, and no request fails that should not.
#
#   RKVOICE_SOAK_MINUTES   how long (10)
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/../shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/../shared/server.sh"
python_with "$programs/requirements.txt"

start_server --set limits.requests_per_minute=0
meets soak.py "$url" --minutes "${RKVOICE_SOAK_MINUTES:-10}"
stop_server
conclude "the server is as well in the end as in the beginning"
