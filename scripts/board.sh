#!/usr/bin/env bash
# What the owner of a board runs first: scripts/board.sh [--simulate rk3588|rk3576] [--runs N] [-o FILE]
#
#   --simulate BOARD   without a board: its NPU is simulated, and the report says so
#   --runs N           how often each measurement is taken (default: 3)
#   -o FILE            the report (default: board-report.md in the current directory)
#
# The doctor, a sentence spoken and heard, measurements, and the NPU against the CPU, in one report without private
# data, ready to be attached to an issue. Ends with 0 when all of it went well, 69 otherwise.
set -euo pipefail

self=$(readlink -f -- "${BASH_SOURCE[0]}")
root=${self%/scripts/*}
RKVOICE=${RKVOICE:-$root/rkvoice}
sentence="The quick brown fox jumps over the lazy dog."
report=board-report.md runs=3 simulate=

usage() {
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//p}' "$self" >&2
    exit "$1"
}

while (($#)); do
    case $1 in
        --simulate | --runs | -o) [[ -n ${2-} ]] || { echo "error: $1 takes a value" >&2 && exit 64; } ;;
    esac
    case $1 in
        --simulate) simulate=$2 && shift 2 ;;
        --runs) runs=$2 && shift 2 ;;
        -o) report=$2 && shift 2 ;;
        -h | --help) usage 0 ;;
        *) echo "error: $1 is no option" >&2 && usage 64 ;;
    esac
done
[[ $simulate =~ ^(|rk3588|rk3576)$ ]] || { echo "error: --simulate takes rk3588 or rk3576" >&2 && exit 64; }
[[ $runs =~ ^[1-9][0-9]?$ ]] || { echo "error: --runs takes a number from 1 to 99" >&2 && exit 64; }
[[ -d $(dirname -- "$report") ]] || { echo "error: there is no directory for $report" >&2 && exit 73; }

area=$(mktemp -d)
trap 'rm -rf "$area"' EXIT
npu=()
[[ -z $simulate ]] || npu=(--simulate "$simulate")
failures=()

# Takes out of a text who the user is and which device this is.
scrub() {
    local name
    name=$(uname -n)
    sed -E -e 's#/home/[^/[:space:]:;,"'"'"']+#~#g' -e 's#/root([/[:space:]:;,"]|$)#~\1#g' \
        -e "s#$area#<scratch>#g" -e "s#${RKVOICE_HOME:-/no/home}#\$RKVOICE_HOME#g" -e "s#$root#<rkvoice>#g" \
        -e 's#\b([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\b#<hardware address>#g' |
        if [[ ${#name} -gt 3 && $name != localhost ]]; then sed "s#\b${name//[^A-Za-z0-9-]/.}\b#<host>#g"; else cat; fi
}

# One part of the report. $1: its title; the rest: the command, ten minutes at most.
part() {
    local title=$1 status=0
    shift
    echo "== $title" >&2
    timeout --kill-after=5 600 "$@" >"$area/part" 2>&1 || status=$?
    ((status == 0)) || failures+=("$title (exit status $status)")
    {
        printf '\n## %s\n\nExit status %s.\n\n```\n' "$title" "$status"
        # What progress bars draw is no text; a part that never ends is cut.
        tr '\r' '\n' <"$area/part" | sed -e 's/\x1b\[[0-9;]*[A-Za-z]//g' -e '/^$/d' -e 's/^\x60/ &/' |
            head -c 60000 || true
        printf '```\n'
    } >>"$area/parts"
}

doctor() { "$RKVOICE" doctor --all "${npu[@]}"; }

# A sentence that is spoken comes back as text.
smoke() {
    local heard
    "$RKVOICE" say --quiet "$sentence" -o "$area/npu.wav" --trace "$area/say.json" "${npu[@]}"
    heard=$("$RKVOICE" transcribe --quiet "$area/npu.wav" --trace "$area/hear.json" "${npu[@]}")
    printf 'spoken: %s\nheard:  %s\n' "$sentence" "$heard"
    [[ $heard == "$sentence" ]]
}

# The same sentence on the CPU, sample by sample; and whether anything ran on the NPU at all.
parity() {
    local board=(--board cpu)
    "$RKVOICE" say --quiet "$sentence" -o "$area/cpu.wav" "${board[@]}"
    [[ $("$RKVOICE" transcribe --quiet "$area/npu.wav" "${board[@]}") == "$sentence" ]] ||
        { echo "the CPU hears something else" && return 1; }
    python3 - "$area" "${simulate:-}" <<'PYTHON'
import array
import json
import math
import pathlib
import sys
import wave

area, simulated = pathlib.Path(sys.argv[1]), sys.argv[2]


def samples(name):
    with wave.open(str(area / name)) as file:
        return array.array("h", file.readframes(10**9))


def leases(name):
    return sum(event.get("cat") == "lease" for event in json.loads((area / name).read_text())["traceEvents"])


say, hear = leases("say.json"), leases("hear.json")
where = f"on the simulated NPU of {simulated}" if simulated else "on the NPU"
print(f"runs {where}: {say} while speaking, {hear} while hearing")
cpu, npu = samples("cpu.wav"), samples("npu.wav")
noise = sum((a - b) ** 2 for a, b in zip(cpu, npu))
ratio = "the same samples" if noise == 0 else f"{10 * math.log10(sum(a * a for a in cpu) / noise):.1f} dB"
print(f"CPU {len(cpu)} samples, NPU {len(npu)} samples; signal to difference: {ratio}")
if say + hear == 0:
    sys.exit("nothing ran on the NPU, so nothing is compared: see the doctor's placements")
# Half precision and windows are all that may be between them.
sys.exit(len(cpu) != len(npu) or (noise > 0 and 10 * math.log10(sum(a * a for a in cpu) / noise) < 20))
PYTHON
}

speed() { "$RKVOICE" bench "$1" --runs "$runs" "${npu[@]}"; }

export -f doctor smoke parity speed
: >"$area/parts"
for step in doctor smoke parity 'speed tts' 'speed asr'; do
    case $step in
        doctor) title="Doctor" ;;
        smoke) title="A sentence spoken and heard" ;;
        parity) title="The NPU against the CPU" ;;
        *) title="Measurements: ${step#speed }" ;;
    esac
    # A process of its own can be ended in time; arrays do not travel through the environment.
    part "$title" env RKVOICE="$RKVOICE" bash -euo pipefail -c "$(declare -p npu area sentence runs simulate); $step"
done

{
    echo "# Board report"
    echo
    [[ -z $simulate ]] || printf 'simulated: the NPU of %s on a CPU; no figure here is of a board.\n\n' "$simulate"
    printf 'rkvoice %s, %s, %s CPUs.\n\n' "$("$RKVOICE" --version)" "$(uname -srm)" "$(nproc)"
    if ((${#failures[@]})); then printf 'Not well: %s\n' "${failures[@]}"; else echo "All of it went well."; fi
    cat "$area/parts"
} | scrub >"$area/report"
cp -- "$area/report" "$report" || exit 73
echo "The report is in $report; look through it before you show it." >&2
((${#failures[@]} == 0)) || { printf 'error: not well: %s\n' "${failures[*]}" >&2 && exit 69; }
