#!/usr/bin/env bash
# Both commands of the README in a bare Debian root.
set -euo pipefail

fresh=$(dirname -- "$(readlink -f -- "$RKVOICE")")/scripts/fresh.sh
if ((EUID != 0)) || ! command -v debootstrap >/dev/null; then
    echo "scripts/fresh.sh needs root and debootstrap"
    exit 77
fi
# The long tier is not entered again inside.
exec env -u RKVOICE_LONG "$fresh"
