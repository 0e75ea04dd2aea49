#!/usr/bin/env bash
# Fuzzes the parsers with libFuzzer under the address sanitizer: scripts/fuzz.sh [--seconds N] [TARGET...]
#
#   --seconds N   how long each target searches (10); 0 only repeats the corpus and the regressions
#   TARGET        names of Fuzz/Targets/Main.swift; all but `foreign` without any, which starts a process an input
#
# The rooms are built from their sources into .build/fuzz; nothing of the package's own build is used or touched. What
# is found stays in .build/fuzz/found: mend it, and put the input into Fuzz/regressions/TARGET.
# New inputs that reach new code stay in .build/fuzz/corpus; Fuzz/corpus is what is kept in the repository.
set -euo pipefail

self=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
# shellcheck source=scripts/toolchain.sh
source "$root/scripts/toolchain.sh"
place=$root/.build/fuzz
program=$place/fuzz
sources=$root/Sources

all=(wav container raw catalog bundle cmvn tokens sentencepiece whisper-tokens onnx rknn grammar splitter speakable
    markdown spoken lexicon json multipart header events)

seconds=10
chosen=()
while (($# > 0)); do
    case $1 in
        --seconds) seconds=${2:?--seconds needs a number} && shift ;;
        -*) sed -n '2,/^set/{s/^# \{0,1\}//p}' "$self" >&2 && exit 64 ;;
        *) chosen+=("$1") ;;
    esac
    shift
done
((${#chosen[@]} > 0)) || chosen=("${all[@]}")

# The files that are built: three rooms whole, and of others what stands on its own.
wire=("$sources"/VoiceServer/Wire/{JSON,JSONReader,HeaderValue,MultipartBoundary,MultipartReader}.swift)
events=("$sources/Conversation/Chat/OpenAI/ServerSentEvents.swift")
store=("$sources"/ModelStore/Catalog/{Catalog,Catalog+Decoding,Catalog+Loading,JSONValue,StrictDecoding}.swift
    "$sources"/ModelStore/{StoreError,StoreHome}.swift)
runtimes=("$sources"/Runtimes/ONNX/{ONNXMetadata,ONNXOutline,WireCursor}.swift
    "$sources"/Runtimes/RKNN/{BoundedFile,RKNNFile,RKNNDescription}.swift)

# A short search repeats what is known, for the most part, and ends before an optimized build would have begun.
# Unoptimized there is no -g: the compiler would wrap the module's file under the object's own name, and refuses.
optimization=(-O -g)
((seconds > 5)) || optimization=(-Onone)
options=(-package-name rkvoice -swift-version 6 "${optimization[@]}" -whole-module-optimization -parse-as-library
    -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility
    -enable-upcoming-feature InternalImportsByDefault
    "-sanitize=fuzzer,address" -I "$place" -I "$sources/CSndfile" -I "$sources/CSoxr")

# $1: the module. The rest: its files.
compile() {
    echo "building $1"
    run_swiftc "${options[@]}" -module-name "$1" -emit-module -emit-module-path "$place/$1.swiftmodule" \
        -emit-object -o "$place/$1.o" "${@:2}"
}

# $1: a room, all of whose files are compiled.
compile_room() {
    local -a files
    mapfile -d '' -t files < <(find "$sources/$1" -name '*.swift' -print0 | sort -z)
    compile "$1" "${files[@]}"
}

# The compiler, kept from writing anywhere but in .build.
run_swiftc() {
    env -C "$root" TMPDIR="$place" CLANG_MODULE_CACHE_PATH="$place/clang-modules" \
        "$(command -v swiftc)" -module-cache-path "$place/modules" "$@"
}

fingerprint_of_fuzzer() {
    find "$root/Fuzz" "$self" "$sources"/{SpeechSignal,SpeechText,Inference,CSndfile,CSoxr} "${wire[@]}" \
        "${events[@]}" "${store[@]}" "${runtimes[@]}" -type f -not -path '*/corpus/*' -not -path '*/regressions/*' \
        -printf '%p %s %T@\n' | sort | cat - <(echo "${optimization[@]}") | cksum
}

build() {
    local current
    current=$(fingerprint_of_fuzzer)
    if [[ -x $program && -f $place/built && $(<"$place/built") == "$current" ]]; then return; fi
    mkdir -p "$place"
    rm -f "$place/built"
    # None of them needs another; two compilers at a time.
    compile_room SpeechSignal &
    compile_room SpeechText
    compile_room Inference
    compile Transport "$root/Fuzz/StandIns/Transport.swift"
    compile HTTPTypes "$root/Fuzz/StandIns/HTTPTypes.swift"
    wait $!
    compile Fuzz "$root"/Fuzz/Targets/*.swift "$root/Fuzz/StandIns/PackageResources.swift" "${wire[@]}" \
        "${events[@]}" "${store[@]}" "${runtimes[@]}"
    # The linker has a line for each function of the sanitizer.
    run_swiftc -sanitize=fuzzer,address -o "$program" \
        "$place"/{Fuzz,SpeechSignal,SpeechText,Inference,Transport,HTTPTypes}.o -lsndfile -lsoxr \
        2> >(grep -v 'Cannot export local symbol .__asan' >&2)
    printf '%s\n' "$current" >"$place/built"
}

# $1: the target. Runs the corpus and the regressions first; any failure there is a failure.
fuzz() {
    local name=$1 corpus=$place/corpus/$1 found=$place/found/$1 log=$place/$1.log length=4096
    local -a known=()
    mkdir -p "$corpus" "$found"
    [[ ! -d $root/Fuzz/corpus/$name ]] || known+=("$root/Fuzz/corpus/$name")
    [[ ! -d $root/Fuzz/regressions/$name ]] || known+=("$root/Fuzz/regressions/$name")
    # A file of sound needs room behind its header.
    # Weights stand outside of an outline if they are large.
    case $name in wav | container | foreign | raw | onnx) length=65536 ;; esac
    local -a run=("$program" "-artifact_prefix=$found/" "-max_len=$length" -timeout=10 -rss_limit_mb=2048
        -print_final_stats=1)
    if ((seconds > 0)); then
        run+=("-max_total_time=$seconds" "$corpus" "${known[@]}")
    else
        run+=(-runs=0 "${known[@]}")
    fi
    local code=0
    RKVOICE_FUZZ=$name "${run[@]}" >"$log" 2>&1 || code=$?
    local runs coverage
    runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    coverage=$(grep -oE 'cov: [0-9]+' "$log" | tail -1 || true)
    if ((code != 0)); then
        echo "$name: failed after ${runs:-?} inputs (exit code $code), see $log"
        grep -E 'broken promise|ERROR: |Fatal error|SUMMARY|Test unit written' "$log" | head -6 | sed 's/^/  | /'
        return 1
    fi
    echo "$name: $runs inputs, ${coverage:-cov: ?}"
}

export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS="detect_leaks=1 exitcode=66 handle_abort=1"
ASAN_OPTIONS+=" external_symbolizer_path=$(command -v llvm-symbolizer || true)"
export LSAN_OPTIONS="suppressions=$root/scripts/tests.d/sanitizers/suppressions/leaks.txt print_suppressions=0"

build
# A target takes one core.
rm -f "$place"/*.failed
for target in "${chosen[@]}"; do
    while (($(jobs -rp | wc -l) >= $(nproc))); do wait -n || true; done
    { fuzz "$target" || touch "$place/$target.failed"; } &
done
wait
failed=()
for target in "${chosen[@]}"; do [[ ! -e $place/$target.failed ]] || failed+=("$target"); done
if ((${#failed[@]} > 0)); then
    echo "failed: ${failed[*]}"
    exit 1
fi
echo "${#chosen[@]} targets, nothing found"
