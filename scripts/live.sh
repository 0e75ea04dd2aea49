#!/usr/bin/env bash
# The HTTP and WebSocket tests against a server that runs, such as one on a board; without one they start their own.
#
#   scripts/live.sh                                             against a server of its own
#   SERVICE_URL=http://board:8621 scripts/live.sh               against that one
#   SERVICE_URL=... scripts/live.sh gates                       a part: gates, endpoints, streaming, dialogue, v2v
#   SERVICE_URL=... SERVICE_KEY=... scripts/live.sh             a server with a key: gates, dialogue, v2v
#
# gates: what any server of the family has to pass (character error rate < 0.5, real-time factor < 1, and ours). The
# other parts ask for what this server promises. A server under test should serve nobody else meanwhile, and limit no
# rates (limits.requests_per_minute=0). Fails when anything is not so.
set -euo pipefail

self=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
export RKVOICE=${RKVOICE:-$root/rkvoice}

declare -A program=(
    [gates]=live_gates.py [endpoints]=endpoints.py [streaming]=listen.py [dialogue]=dialogue.py [v2v]=dialogue_v2v.py
)
parts=("$@")
if ((${#parts[@]} == 0)); then
    parts=(gates endpoints streaming dialogue v2v)
    # The other parts bring no key.
    [[ -z ${SERVICE_KEY:-} ]] || parts=(gates dialogue v2v)
fi
for part in "${parts[@]}"; do
    if [[ -z ${program[$part]:-} ]]; then
        sed -n '2,/^set/{s/^# \{0,1\}//p}' "$self" >&2
        exit 64
    fi
done

# shellcheck source=scripts/tests.d/shared/expect.sh
source "$root/scripts/tests.d/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "$root/scripts/tests.d/shared/server.sh"
python_with "$programs/requirements.txt"

own=0
if [[ -z ${SERVICE_URL:-} ]]; then
    own=1
    echo "- SERVICE_URL is not set: a server of our own"
    start_server --set limits.requests_per_minute=0
    SERVICE_URL=$url
fi
: >>"$area/server.log"
key=(${SERVICE_KEY:+--header "Authorization: Bearer $SERVICE_KEY"})
curl "${key[@]}" --silent --fail --max-time 10 --noproxy '*' --output /dev/null "$SERVICE_URL/health" ||
    fail "$SERVICE_URL/health answers: is the server there, and the address without a path?"
for part in "${parts[@]}"; do
    meets "${program[$part]}" "$SERVICE_URL"
done
((own == 0)) || stop_server
conclude "$SERVICE_URL passes: ${parts[*]}"
