#!/usr/bin/env bash
# Our declarations of the RKLLM API (Sources/CRuntimes/include/rkllm_*.h) hold on x86-64 and arm64, and say what the
# public headers of each release say. Those are not ours to keep: RKVOICE_RKLLM_HEADERS is a folder with
# rkllm-VERSION.h, such as rkllm-runtime/Linux/librkllm_api/include/rkllm.h of airockchip/rknn-llm at each release tag.
set -euo pipefail

source_root=$(dirname -- "$(readlink -f -- "$RKVOICE")")
# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
ours=$source_root/Sources/CRuntimes/include
comparison=$source_root/scripts/tests.d/rkllm/same_abi.cpp
theirs=${RKVOICE_RKLLM_HEADERS:-}

# Which generation a release is of: the table of rkllm_calls.h.
declare -A generation=(
    [1.1.0]=110 [1.1.1]=110 [1.1.2]=110 [1.1.3]=110 [1.1.4]=110 [1.2.0]=120 [1.2.1]=121 [1.2.2]=121 [1.2.3]=121
    [1.3.0]=130
)

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

# Some of the headers are C++ by one include alone, and not every compiler has that library for both architectures.
mkdir "$area/plain"
echo '#include <stdint.h>' >"$area/plain/cstdint"

# $1: the folder of our headers. $2: a release. $3: the generation that it is held against.
agrees() {
    compiles "$1" c++ c++17 "$comparison" -isystem "$area/plain" -isystem "$theirs" \
        "-DTHEIRS=<rkllm-$2.h>" "-DGENERATION=$3"
}

echo "- sizes and places hold, for every architecture that a compiler is here for"
echo '#include "rkllm_calls.h"' >"$area/all.c"
compiles "$ours" c c11 "$area/all.c" >"$area/seen" || fail "the declarations compile"
cat "$area/seen"
grep -qE 'x86_64|/gcc' "$area/seen" || fail "there is a compiler for x86-64"
grep -q aarch64 "$area/seen" || unseen "arm64, because there is neither clang nor aarch64-linux-gnu-gcc"

echo "- every constant, structure and call is compared"
names=$(grep -ohE '\bRKLLM_[A-Z0-9_]+ = |^} RKLLM\w+|\(\*RKLLM\w+\)' "$ours"/rkllm_*.h |
    grep -oE 'RKLLM\w+' | grep -v '^RKLLM_ANSWER_' | sort -u)
count=$(wc -l <<<"$names")
((count > 60)) || fail "there are names to compare ($count)"
for name in $names; do
    short=$(sed -E 's/^RKLLM[0-9]+//' <<<"$name")
    grep -qE "\b$name\b|OURS\($short\)" "$comparison" || fail "$name is compared with the public headers"
done
members=$(grep -ohE '^RKLLM_PLACE\(\w+, \w+' "$ours"/rkllm_*.h | sed -E 's/^RKLLM_PLACE\(//; s/, /,/')
while IFS=, read -r structure member; do
    [[ $member == content ]] || grep -qE \
        "PLACE\((OURS\(${structure#RKLLM[0-9][0-9][0-9]}\)|$structure), $member," "$comparison" ||
        fail "$structure.$member is compared with the public headers"
done <<<"$members"
echo "  $count names"

present=()
for release in "${!generation[@]}"; do
    [[ -n $theirs && -r $theirs/rkllm-$release.h ]] && present+=("$release")
done
if ((${#present[@]} == 0)); then
    echo "not seen: the public headers, because RKVOICE_RKLLM_HEADERS is no folder that has them (rkllm-1.2.3.h)"
    exit 77
fi

for release in $(printf '%s\n' "${present[@]}" | sort); do
    echo "- sizes, places, numbers and calls are those of the public header of $release"
    agrees "$ours" "$release" "${generation[$release]}" >"$area/seen" || fail "both say the same"
    echo "  $(wc -l <"$area/seen") compilers"
done
for of in 110 120 121 130; do
    grep -qw "$of" <<<"$(for release in "${present[@]}"; do echo "${generation[$release]}"; done)" ||
        unseen "generation $of, because no header of its releases is in $theirs"
done

# The beta, and the last release of a generation held against the next: a layout that is not its own is found.
# $1: a release. $2: the generation that it is not of.
disagrees() {
    [[ -r $theirs/rkllm-$1.h ]] || return 0
    echo "- $1 is not taken for generation $2"
    ! agrees "$ours" "$1" "$2" >/dev/null || fail "the difference is found"
    grep -qE 'has another size|is elsewhere|another way|error' "$area/stderr" || fail "it is told"
}
disagrees 1.2.1b1 120
disagrees 1.2.1b1 121
disagrees 1.2.0 110
disagrees 1.2.1 120
disagrees 1.2.3 130

echo "- a difference is found"
# $1: what is replaced, by $2. $3: what is wrong then. $4: a release that shows it.
differs() {
    if [[ ! -r $theirs/rkllm-$4.h ]]; then
        unseen "\"$2\", because there is no header of $4"
        return 0
    fi
    rm -rf "$area/planted" && cp -r "$ours" "$area/planted"
    sed -i "s/$1/$2/" "$area/planted"/rkllm_*.h
    ! diff -rq "$ours" "$area/planted" >/dev/null || fail "\"$1\" is there to be replaced"
    ! agrees "$area/planted" "$4" "${generation[$4]}" >/dev/null || fail "\"$2\" is found"
    grep -q "$3" "$area/stderr" || fail "\"$3\" is what is wrong"
}
differs 'RKLLM_STATE_FAILED = 3' 'RKLLM_STATE_FAILED = 4' 'another value' 1.1.4
differs 'typedef int (\*RKLLM121ResultCallback)' 'typedef void (*RKLLM121ResultCallback)' 'called in another way' 1.2.3
differs 'RKLLM130Callbacks \*_Nonnull' 'RKLLM130ResultCallback _Nonnull' 'called in another way' 1.3.0
differs 'RKLLM120ClearCacheCall)(RKLLMHandle _Nonnull, ' 'RKLLM120ClearCacheCall)(' 'called in another way' 1.2.0
