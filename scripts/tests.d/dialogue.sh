#!/usr/bin/env bash
# Conversations: typed and spoken turns, interruptions, speech in both directions.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
python_with "$programs/requirements.txt"

start_server --set limits.requests_per_minute=0
meets dialogue.py "$url"
meets dialogue_v2v.py "$url"
stop_server
conclude "people can talk with it, and interrupt it"
