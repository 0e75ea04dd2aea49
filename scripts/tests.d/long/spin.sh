#!/usr/bin/env bash
# Every order of events in which a dialogue can take turns is searched; models with a planted fault are found out.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "$source_root/scripts/tests.d/shared/expect.sh"
models=$source_root/scripts/spin

# Leaves a skip to whoever runs this, with the reason that was printed.
search() {
    code=0
    nice "$models/run.sh" "$@" >"$area/search.log" 2>&1 || code=$?
    ((code != 77)) || { cat "$area/search.log" && exit 77; }
}
# $1: what is wrong then; $2: what the search says; $3: the change, for sed.
finds() {
    # Short answers are long enough.
    sed -E 's/^(#define (ROOM|HELD)) .*/\1 1/' "$models/dialogue.pml" >"$area/small.pml"
    sed -E "$3" "$area/small.pml" >"$area/faulty.pml"
    ! cmp -s "$area/small.pml" "$area/faulty.pml" || fail "there is something to change for: $1"
    search "$area/faulty.pml"
    ((code == 1)) || fail "it is found: $1"
    grep -qE "$2" "$area/search.log" || { tail -5 "$area/search.log" && fail "$1: the search says $2"; }
    echo "- found: $1"
}

search
sed 's/^/- /' "$area/search.log"
((code == 0)) || fail "no order of events breaks a dialogue"

finds "sound of a turn that was cancelled goes out" 'assertion violated.*at_work' \
    's/:: turn != current \|\| speaking == 0 .*/:: speaking == 0/'
finds "speech does not end the reply" 'assertion violated' '/:: event == text/,/begin/s/interrupt\(\); begin/begin/'
finds "a reply ends without the turn behind it" 'assertion violated.*waiting==0' \
    '/inline close_all/,/^\}/s/end_waiting\(\); //'
finds "a turn ends twice" 'assertion violated.*at_work' \
    's/else -> fresh = utterance; utterance = 0/else -> fresh = utterance/'
finds "nobody waits for a voice that hangs" 'invalid end state' '/current != 0 && speaking != 0 -> d_step/d'
finds "nobody waits for a recognizer that hangs" 'invalid end state' '/input_over && !recognition_over && current/d'
echo "every order of events ends every turn once, and closes the dialogue"
