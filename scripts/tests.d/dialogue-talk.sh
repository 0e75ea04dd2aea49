#!/usr/bin/env bash
# A conversation from a terminal: recordings and typed lines in, texts and sound out, and bad arguments.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
: "${RKVOICE:?is the launcher, as scripts/test.sh sets it}"

fox="The quick brown fox jumps over the lazy dog."
other="The children are playing football behind the school."

# What a line of JSON on standard output says. $1: number of the line; $2: its member.
line() { python3 -c 'import json, sys; print(json.loads(sys.stdin.readlines()[int(sys.argv[1])])[sys.argv[2]])' "$@" \
    <"$area/stdout"; }

# Case and marks differ from sound to sound.
letters() { tr '[:upper:]' '[:lower:]' | tr -cd '[:lower:]'; }

echo "- recordings are questions, the answers are spoken into a file"
works "$RKVOICE" say "$fox" -o "$area/fox.wav"
works "$RKVOICE" say "$other" -o "$area/other.wav"
limit=180 works "$RKVOICE" talk --input "$area/fox.wav" "$area/other.wav" --output "$area/answers.wav" --json
[[ $(wc -l <"$area/stdout") == 2 ]] || fail "each recording is one turn ($(cat "$area/stdout"))"
[[ $(line 0 question | letters) == "$(letters <<<"$fox")" ]] ||
    fail "the first question is understood ($(line 0 question))"
[[ $(line 1 question | letters) == "$(letters <<<"$other")" ]] ||
    fail "the second question is understood ($(line 1 question))"
[[ $(line 0 outcome) == "done" ]] || fail "the first turn is done"
[[ $(line 1 outcome) == "done" ]] || fail "the second turn is done"
python3 -c 'import json, sys
for text in sys.stdin:
    steps = json.loads(text)["latencyMilliseconds"]
    assert 0 < steps["total"] and {"recognition", "first_token", "first_sentence", "first_sound"} <= set(steps), steps
    print("  " + ", ".join(f"{name} {steps[name]:.0f} ms" for name in sorted(steps)))' <"$area/stdout" ||
    fail "each turn tells where its time went"
works "$RKVOICE" transcribe "$area/answers.wav"
grep -qi "fox" "$area/stdout" || fail "the first answer is understood"
grep -qi "football" "$area/stdout" || fail "the second answer is understood"

echo "- for people the question, the answer and the times are lines"
works "$RKVOICE" talk --input "$area/fox.wav" --output "$area/answer.wav"
grep -qi "^you: the quick brown fox" "$area/stdout" || fail "the question is printed"
grep -q "^rkvoice: " "$area/stdout" || fail "the answer is printed"
grep -qE "first sound [0-9]+ ms" "$area/stderr" || fail "the times are printed"

echo "- lines of standard input are questions, too"
works "$RKVOICE" talk --text --output "$area/typed.wav" <<<"$fox"
grep -qxF "you: $fox" "$area/stdout" || fail "the question is printed"
[[ -s $area/typed.wav ]] || fail "the answer is in the file"

echo "- what cannot work is refused before anything is loaded"
limit=10 refuses 64 "exclude each other" "$RKVOICE" talk --text --input "$area/fox.wav" --output "$area/x.wav"
limit=10 refuses 66 "No such file" "$RKVOICE" talk --input "$area/missing.wav" --output "$area/x.wav"
limit=10 refuses 64 "language" "$RKVOICE" talk --text --language Klingon --output "$area/x.wav"
limit=10 refuses 64 "speed" "$RKVOICE" talk --text --speed 9 --output "$area/x.wav"
if ! command -v pw-record parec arecord >/dev/null; then
    limit=10 refuses 69 "no recorder found" "$RKVOICE" talk --output "$area/x.wav"
fi
echo "people can talk with it in a terminal"
