#!/usr/bin/env bash
# The server as its users meet it: every endpoint, streamed speech, clients that go away, and many that only listen.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
python_with "$programs/requirements.txt"

echo "- it starts, and says where"
start_server --set limits.requests_per_minute=0
meets endpoints.py "$url"
meets listen.py "$url"
meets dropping.py "$url"
meets idle.py "$url"
stop_server
conclude "clients get what the server promises"
