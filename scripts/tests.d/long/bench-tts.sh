#!/usr/bin/env bash
# What docs/Benchmarks.md promises of speech, measured anew: `bench tts --peers` against thresholds. $1: a report of
# `bench tts --peers --json` to look at in place of measuring. Wants a quiet machine; 10 minutes on two cores.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/../shared/expect.sh"

report=${1:-}
if [[ -z $report ]]; then
    report=$area/report.json
    limit=3000 works "$RKVOICE" bench tts --peers --runs 5 --quiet --json
    cp "$area/stdout" "$report"
fi
python3 - "$report" <<'PYTHON' || fail "speech is as fast and as clear as it is promised to be"
import json, sys

rows = {row["name"]: row for row in json.load(open(sys.argv[1]))}
piper, quality = rows["piper-tts"], rows["rkvoice quality"]
low, balanced = rows["rkvoice low"], rows["rkvoice balanced"]


def start(row):
    return row["start"]["milliseconds"]["median"]


lines = [
    ("first sound of 6 s, balanced, by the bare graph's whole time", balanced["firstPlain"], 0.38),
    ("first sound, low, with an early clause break, by the same", low["firstClause"], 0.25),
    ("start to file by piper-tts", start(balanced) / start(piper), 0.6),
    ("most memory in all sentences, balanced, by piper-tts", balanced["peakMemory"] / piper["peakMemory"], 0.6),
]
lines += [(f"whole sentence, {row['name']}, by the bare graph", row["whole"], 1.03) for row in (low, balanced, quality)]
lines += [
    (f"WER, {row['name']}, less that of piper-tts", row["words"]["rate"] - piper["words"]["rate"], 0.02)
    for row in (low, balanced, quality)
]
missed = [what for what, value, limit in lines if value > limit]
for what, value, limit in lines:
    print(f"  {'holds' if value <= limit else 'MISSED'}  {what}: {value:.3f}, at most {limit}")
sys.exit(bool(missed))
PYTHON
echo "speech keeps what docs/Benchmarks.md promises"
