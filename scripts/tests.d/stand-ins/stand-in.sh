#!/usr/bin/env bash
# Stands in for swift, dpkg-query, apt-cache, apt-get and sudo in the test of the launcher: which, the name that it is
# called by says. STAND_IN is a directory: `calls` takes a line for each call; `installed` holds the names of packages;
# `stale`, when it is there, makes apt-get install fail until update; `locked` makes it fail once; `hold` is a FIFO
# that a build writes one line to and then reads one line from; `broken` makes a build fail.
set -euo pipefail

name=${0##*/}
printf '%s %s\n' "$name" "$*" >>"$STAND_IN/calls"

swift_build() {
    local product=${*: -1}
    if [[ -p $STAND_IN/hold ]]; then
        echo building >"$STAND_IN/hold"
        read -r _ <"$STAND_IN/hold"
    fi
    echo "[1/2] Compiling $product"
    if [[ -e $STAND_IN/broken ]]; then
        echo "/somewhere/Planted.swift:1:1: error: cannot find 'a' in scope"
        exit 1
    fi
    mkdir -p .build/release
    # shellcheck disable=SC2016  # the stand-in executable expands it
    printf '#!/bin/bash\nprintf "%%s\\n" "home=$RKVOICE_HOME" "$@"\n' >".build/release/$product.new"
    chmod +x ".build/release/$product.new"
    mv ".build/release/$product.new" ".build/release/$product"
}

case $name-${1-} in
    swift---version) echo "Swift version $(cat "$STAND_IN/swift-version") (stand-in)" ;;
    swift--print-target-info) printf '    "runtimeLibraryPaths": [\n      "%s"\n    ],\n' "$STAND_IN" ;;
    swift-build) swift_build "$@" ;;
    dpkg-query-*) sed 's/^/installed /' "$STAND_IN/installed" ;;
    apt-cache-policy)
        shift
        printf '%s:\n  Candidate: 1.0\n' "$@"
        ;;
    apt-get-update) rm -f "$STAND_IN/stale" ;;
    apt-get-install)
        if [[ -e $STAND_IN/locked ]]; then
            rm "$STAND_IN/locked"
            echo "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 1 (apt-get)"
            exit 100
        fi
        [[ ! -e $STAND_IN/stale ]] || exit 100
        shift
        printf '%s\n' "$@" | grep -v '^-' >>"$STAND_IN/installed"
        ;;
    sudo--n) ;;
    sudo-*) exec "$@" ;;
    *) exit 99 ;;
esac
