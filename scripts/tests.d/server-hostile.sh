#!/usr/bin/env bash
# Bad input over the network: each has the exact answer, memory stays bounded, and the next request works.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
python_with "$programs/requirements.txt"

# Short patience, so that the clients that try it are over soon.
start_server --set limits.head_seconds=2 --set limits.body_idle_seconds=2 --set limits.slow_reader_seconds=3 \
    --set limits.requests_per_minute=0
meets hostile.py "$url"
meets hostile_audio.py "$url"
meets hostile_forms.py "$url"
meets hostile_streams.py "$url"
stop_server
conclude "the server has an answer to everything"
