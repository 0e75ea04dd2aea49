#!/usr/bin/env bash
# Whatever goes wrong on the NPU: the request in flight is told in time, the others go on, nothing is lost, and the
# server works again without a restart where that is possible.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
python_with "$programs/requirements.txt"

meets npu_faults.py
: >"$area/server.log"
conclude "no fault of the NPU takes the server down, but a crash of its library"
