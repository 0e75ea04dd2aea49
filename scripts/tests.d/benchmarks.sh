#!/usr/bin/env bash
# docs/Benchmarks.md, the README and --help tell one story: commands and options exist, the README quotes rows of the
# tables as they are, and the tables keep what is promised. Measuring is scripts/tests.d/long/bench-peers.sh.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)

echo "- commands and options that the documents name are there"
python3 "$root/scripts/tests.d/bench/story.py" options "$root" >"$area/wanted"
while read -r command options; do
    works "$RKVOICE" bench "$command" --help
    for option in $options; do
        grep -q -e "$option\b" "$area/stdout" || fail "bench $command has the option $option"
    done
done <"$area/wanted"

echo "- the README quotes the tables, and the tables keep what is promised"
python3 "$root/scripts/tests.d/bench/story.py" figures "$root" || fail "the documents tell one story"
