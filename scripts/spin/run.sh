#!/usr/bin/env bash
# Searches every order of events of models: scripts/spin/run.sh [MODEL.pml...], all beside it where none is named.
# Needs spin, a C compiler, and about a gigabyte of memory. Fails when an order breaks a model, and shows its messages.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
for program in spin cc; do
    command -v "$program" >/dev/null && continue
    echo "not seen: any order of events, because $program is missing (apt-get install spin gcc)"
    exit 77
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(($# > 0)) || set -- "$here"/*.pml
for model in "$@"; do
    name=$(basename "$model" .pml)
    cp "$model" "$work/$name.pml"
    (
        cd "$work"
        spin -a "$name.pml" >"$name.log" || { cat "$name.log" && exit 1; }
        cc -O2 -DSAFETY -DCOLLAPSE -DNOCLAIM -DMEMLIM=6000 -o "$name" pan.c
        "./$name" -m1000000 -n >"$name.log" 2>&1 || true
    )
    # An error, or a search that was cut short, must not pass.
    if ! grep -q 'errors: 0' "$work/$name.log" ||
        grep -qE 'Search not completed|max search depth too small' "$work/$name.log"; then
        (cd "$work" && [ ! -f "$name.pml.trail" ] || spin -t -c "$name.pml" | tail -40) || true
        grep -E '^pan|errors:|^error' "$work/$name.log"
        echo "$name: an order of events breaks it, or not all were searched"
        exit 1
    fi
    echo "$name: $(awk '/states, stored/ { print $1 }' "$work/$name.log") states, no error"
done
