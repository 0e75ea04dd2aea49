#!/usr/bin/env bash
# Searches every order of events of the models beside it. Needs spin and a C compiler.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
for program in spin cc; do
    command -v "$program" > /dev/null && continue
    echo "skipped: $program is missing (apt-get install spin gcc)" >&2
    exit 77
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for model in "$here"/*.pml; do
    name=$(basename "$model" .pml)
    (
        cd "$work"
        spin -a "$model" > "$name.log"
        cc -O2 -DSAFETY -DCOLLAPSE -DNOCLAIM -o "$name" pan.c
        "./$name" -m1000000 -n > "$name.log"
    )
    # An error, or a search that was cut short, must not pass.
    if ! grep -q 'errors: 0' "$work/$name.log" || grep -q 'max search depth too small' "$work/$name.log"; then
        cat "$work/$name.log" >&2
        [ ! -f "$work/$name.pml.trail" ] || cp "$work/$name.pml.trail" "$here/"
        echo "$name: an order of events breaks it" >&2
        exit 1
    fi
    echo "$name: $(grep 'states, stored' "$work/$name.log" | awk '{print $1}') states, no error"
done
