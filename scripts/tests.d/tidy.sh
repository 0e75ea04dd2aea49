#!/usr/bin/env bash
# Nothing outside RKVOICE_HOME is written, not even by the libraries that are loaded, and nobody is called.
set -euo pipefail

mkdir home cache
HOME="$PWD/home" XDG_CACHE_HOME="$PWD/cache" "$RKVOICE" say -q "Keep it tidy." -o tidy.wav
HOME="$PWD/home" XDG_CACHE_HOME="$PWD/cache" "$RKVOICE" transcribe -q tidy.wav
stray=$(find home cache -mindepth 1)
if [ -n "$stray" ]; then
    echo "written outside RKVOICE_HOME: $stray"
    exit 1
fi
echo "nothing stray"
