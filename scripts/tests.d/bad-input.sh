#!/usr/bin/env bash
# What goes wrong in a user's hands: each has one clear line on stderr, a documented exit code, no crash, no hang, and
# leaves no partial file.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
fox="The quick brown fox jumps over the lazy dog."
home=$RKVOICE_HOME
in=$area/in
mkdir "$in"

echo "- made: a clip to spoil"
# Not the default seed: what is tested here is not the voice.
works "$RKVOICE" say --quiet --seed 2 -o "$in/fox.wav" "$fox" </dev/null
[[ ! -s $area/stderr && ! -s $area/stdout ]] || fail "quiet says nothing"

# shellcheck source=scripts/tests.d/shared/bad-audio.sh
source "$source_root/scripts/tests.d/shared/bad-audio.sh"
# shellcheck source=scripts/tests.d/shared/bad-models.sh
source "$source_root/scripts/tests.d/shared/bad-models.sh"
# shellcheck source=scripts/tests.d/shared/bad-text.sh
source "$source_root/scripts/tests.d/shared/bad-text.sh"
# shellcheck source=scripts/tests.d/shared/interruptions.sh
source "$source_root/scripts/tests.d/shared/interruptions.sh"

if ((${#skipped[@]} > 0)); then
    printf 'every mishap that could be tried ended well; not tried: %s\n' "$(IFS=';' && echo "${skipped[*]}")"
else
    echo "every mishap ended well"
fi
