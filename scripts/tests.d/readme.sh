#!/usr/bin/env bash
# The README's commands work as they are printed: every ```sh block, in order, in an empty directory.
# RKVOICE_README names another file.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
readme=${RKVOICE_README:-$source_root/README.md}
# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"

# `./rkvoice test` is what runs this script.
# shellcheck disable=SC2016  # back ticks of Markdown
sed -n '/^```sh$/,/^```$/{/^```/!p}' "$readme" | grep -vxF './rkvoice test' >"$area/commands.sh" || true
[[ -s $area/commands.sh ]] || fail "there are \`\`\`sh blocks in $readme"
ln -s "$RKVOICE" "$out/rkvoice"
echo "- $(grep -c . "$area/commands.sh") lines of ${readme##*/}"
limit=600 run bash -euxo pipefail "$area/commands.sh"
[[ $code == 0 ]] || fail "they succeed (exit code $code)"
! grep -qE '^(error|warning): ' "$area/stderr" || fail "none complains"
grep -qxF "The quick brown fox jumps over the lazy dog." "$area/stdout" || fail "the first sentence is printed"
echo "the README's commands work"
