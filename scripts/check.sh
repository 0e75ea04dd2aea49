#!/usr/bin/env bash
# The rules of the house that a compiler does not keep, in under a minute: scripts/check.sh [--list] [CHECK...]
# --self-test plants one violation of every rule in a copy, and fails when one is not found.
# See scripts/checks: what each check holds. See scripts/allow: what is excepted from it.
set -euo pipefail

self=$(readlink -f -- "${BASH_SOURCE[0]}")
cd "${self%/scripts/*}"
exec python3 -B scripts/checks "$@"
