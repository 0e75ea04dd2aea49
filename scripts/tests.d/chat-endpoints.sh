#!/usr/bin/env bash
# Language models behind an endpoint that is down, slow, wrong, cut off or endless: each is told in words and bounded in
# time, the next turn works, and nothing stays behind.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
python_with "$programs/requirements.txt"

meets chat_dialogue.py
: >"$area/server.log"
conclude "whatever a language model's endpoint does, the dialogue goes on"
