#!/usr/bin/env bash
# scripts/board.sh with the program itself: the report of this machine, and those of two simulated boards.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/../shared/expect.sh"
board=$(readlink -f -- "${BASH_SOURCE[0]%/*}/../../board.sh")
root=${board%/scripts/*}

has() { grep -qE -- "$1" "$area/report.md" || fail "the report has \"$1\": $(<"$area/report.md")"; }

# The rest: what is added to the command.
report() {
    limit=3600 run "$board" -o "$area/report.md" --runs 1 "$@"
    [[ $code == 0 ]] || fail "board.sh ends with 0 ($code): $(<"$area/report.md")"
    has '^All of it went well'
    has '^heard:  The quick brown fox jumps over the lazy dog\.'
    has '^  rkvoice, samples to text '
    for word in "$HOME/" "$RKVOICE_HOME" "$root" "$area"; do
        ! grep -qF -- "$word" "$area/report.md" || fail "the report does not say $word"
    done
}

for soc in rk3588 rk3576; do
    echo "- a simulated $soc"
    report --simulate $soc
    has "^simulated: the NPU of $soc"
    has "^runs on the simulated NPU of $soc: [1-9][0-9]* while speaking, [1-9][0-9]* while hearing"
    grep -E 'signal to difference' "$area/report.md" | sed 's/^/  /'
done
echo "- this machine"
report
echo "the reports are whole"
