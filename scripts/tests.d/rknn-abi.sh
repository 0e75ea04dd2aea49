#!/usr/bin/env bash
# Our declarations of the RKNN API (Sources/CRuntimes/include/rknn_*.h) hold on x86-64 and arm64, and say what the
# public headers say. Those are not ours to keep: RKVOICE_RKNN_HEADERS is a folder with rknn_api.h and
# rknn_matmul_api.h, such as rknpu2/runtime/Linux/librknn_api/include of airockchip/rknn-toolkit2 at 2.3.2.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
ours=$source_root/Sources/CRuntimes/include
comparison=$source_root/scripts/tests.d/rknn/same_abi.cpp
theirs=${RKVOICE_RKNN_HEADERS:-}

# The compilers that are there, a command a line. $1: the language, c or c++.
compilers() {
    local name
    [[ $1 == c ]] && name=gcc || name="g++"
    command -v "$name" || true
    command -v "aarch64-linux-gnu-$name" || true
    if command -v clang >/dev/null; then
        printf 'clang --target=%s-linux-gnu -ffreestanding\n' x86_64 aarch64
    fi
}

# $1: the folder of our headers. The rest: the language, its standard, a file, and more arguments.
compiles() {
    local compiler
    while read -ra compiler; do
        run "${compiler[@]}" -x "$2" -std="$3" -Wall -Werror -fsyntax-only -I "$1" "$4" "${@:5}"
        [[ $code == 0 ]] || return 1
        printf '  %s\n' "${compiler[*]}"
    done < <(compilers "$2")
}

echo "- sizes and places hold, for every architecture that a compiler is here for"
echo '#include "rknn_matmul_calls.h"' >"$area/both.c"
compiles "$ours" c c11 "$area/both.c" >"$area/seen" || fail "the declarations compile"
cat "$area/seen"
grep -qE 'x86_64|/gcc' "$area/seen" || fail "there is a compiler for x86-64"
grep -q aarch64 "$area/seen" || unseen "arm64, because there is neither clang nor aarch64-linux-gnu-gcc"

echo "- every constant, structure and call is compared"
names=$(grep -ohE '\bRKNN_[A-Z0-9_]+ = |^} RKNN\w+|\b_Nonnull RKNN\w+Call\b' "$ours"/rknn_*.h |
    grep -oE 'RKNN\w+' | sort -u)
count=$(wc -l <<<"$names")
((count > 150)) || fail "there are names to compare ($count)"
for name in $names; do
    grep -qE "\b$name\b" "$comparison" || fail "$name is compared with the public headers"
done
declared=$(grep -ohE '\bRKNN_[A-Z]+_[A-Z0-9_]+ = ' "$ours"/rknn_*.h | wc -l)
compared=$(grep -c '^VALUE(' "$comparison")
((compared == declared)) || fail "$declared constants are declared, and $compared compared"
echo "  $count names"

if [[ ! -r $theirs/rknn_matmul_api.h ]]; then
    echo "not seen: the public headers, because RKVOICE_RKNN_HEADERS is no folder that has them"
    exit 77
fi

echo "- sizes, places, numbers and calls are those of the public headers"
compiles "$ours" c++ c++17 "$comparison" -isystem "$theirs" || fail "both say the same"

echo "- a difference is found"
# $1: what is replaced, by $2.
differs() {
    rm -rf "$area/planted" && cp -r "$ours" "$area/planted"
    sed -i "s/$1/$2/" "$area/planted"/rknn_*.h
    ! diff -rq "$ours" "$area/planted" >/dev/null || fail "\"$1\" is there to be replaced"
    ! compiles "$area/planted" c++ c++17 "$comparison" -isystem "$theirs" || fail "\"$2\" is found"
    grep -q "$3" "$area/stderr" || fail "\"$3\" is what is wrong"
}
differs 'RKNN_STATUS_BAD_MODEL = -6' 'RKNN_STATUS_BAD_MODEL = -5' 'another value'
differs 'RKNNSetCoreMaskCall)(RKNNHandle, uint32_t' 'RKNNSetCoreMaskCall)(RKNNHandle, uint64_t' 'called in another way'
differs 'RKNNWaitCall)(RKNNHandle, ' 'RKNNWaitCall)(' 'called in another way'
