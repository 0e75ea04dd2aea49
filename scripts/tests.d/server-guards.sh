#!/usr/bin/env bash
# Who may ask for what: keys, origins, hosts, rates, queues, TLS; and what a running server takes over on SIGHUP.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
python_with "$programs/requirements.txt"

meets guards.py
meets limits.py
meets reload.py
meets shutdown.py
: >"$area/server.log"
conclude "only who may is served, and a server that is told to end does so in order"
