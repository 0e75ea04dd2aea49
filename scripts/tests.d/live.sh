#!/usr/bin/env bash
# The live suite's gates against a server of our own, as a user runs them against a board.
set -euo pipefail

env -u SERVICE_URL bash "${BASH_SOURCE[0]%/*}/../live.sh" gates
