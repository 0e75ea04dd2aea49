#!/usr/bin/env bash
# The page at / in a real browser: speech from a fake microphone, sound, interruptions, keys, phones, screen readers.
#
#   CHROMIUM                  the browser (else chromium, chromium-browser or google-chrome of the path)
#   RKVOICE_PAGE_SCREENSHOT   where the picture of docs/page.md is written, from the top of the repository; else nowhere
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
# shellcheck source=scripts/tests.d/shared/server.sh
source "${BASH_SOURCE[0]%/*}/shared/server.sh"
PYTHONPATH=$(readlink -f -- "$programs")
export PYTHONPATH
# Under another name: the server takes every RKVOICE_* for a setting.
PAGE_SCREENSHOT=${RKVOICE_PAGE_SCREENSHOT:-}
unset RKVOICE_PAGE_SCREENSHOT
[[ ${PAGE_SCREENSHOT:-/} == /* ]] || PAGE_SCREENSHOT=${RKVOICE%/*}/$PAGE_SCREENSHOT
export PAGE_SCREENSHOT
programs=$(readlink -f -- "${BASH_SOURCE[0]%/*}/page")

# Prints the path of a browser that starts; what a snap puts in its place on a machine without snaps does not.
browser() {
    local name path
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
        path=$(command -v "$name" 2>/dev/null) || continue
        if timeout 60 "$path" --version >/dev/null 2>&1; then
            printf '%s\n' "$path"
            return
        fi
    done
    return 1
}

# A gate may install one for itself; nobody else's machine is touched.
if ! browser >/dev/null && [[ ${CI:-} == true && $EUID == 0 && ${RKVOICE_NO_INSTALL:-0} == 0 ]]; then
    echo "- a browser is installed"
    install=(apt-get install -y --no-install-recommends chromium fonts-dejavu-core)
    { "${install[@]}" || { apt-get update && "${install[@]}"; }; } >"$area/apt.log" 2>&1 || tail -3 "$area/apt.log"
fi
if ! chromium=$(browser); then
    echo "not seen: the page, because there is no Chromium: apt-get install chromium, or CHROMIUM=path"
    exit 77
fi
python_with "$programs/requirements.txt"

echo "- the browser is $("$chromium" --version 2>/dev/null | head -1)"
start_server --set server.allowed_hosts=board.test
meets keyless.py "$url" "$chromium"
stop_server
start_server --api-key sesame
meets keyed.py "$url" "$chromium"
stop_server
conclude "the page can be spoken to, heard, interrupted, and used without a mouse"
