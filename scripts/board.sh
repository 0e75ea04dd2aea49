#!/usr/bin/env bash
# What the owner of a board runs first: scripts/board.sh [--simulate rk3588|rk3576] [--runs N] [-o FILE]
#
#   --simulate BOARD   without a board: its NPU is simulated, and the report says so
#   --runs N           how often each measurement is taken (default: 3)
#   -o FILE            the report (default: board-report.md in the current directory)
#
# The doctor, the plan, a sentence spoken and heard, the NPU against the CPU, and measurements, in one report without
# private data, ready to be attached to an issue. Ends with 0 when all of it went well, 69 otherwise, 130 when it is
# interrupted; then there is no report.
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
[[ -d $(dirname -- "$report") && ! -d $report ]] || { echo "error: $report cannot be a file" >&2 && exit 73; }
report=$(realpath -- "$report")

area=$(mktemp -d)
child=
trap 'rm -rf "$area" "$report.$$"' EXIT
# What runs is in a group of its own, which Ctrl-C does not reach.
trap 'kill "$child" 2>/dev/null || true; wait; echo "interrupted: there is no report" >&2; exit 130' INT TERM
npu=()
[[ -z $simulate ]] || npu=(--simulate "$simulate")
failures=()

# Runs a command that can be interrupted. $1: seconds it may take; $2: file for what it says; the rest: the command.
bounded() {
    local status=0
    timeout --kill-after=5 "$1" "${@:3}" >"$2" 2>&1 &
    child=$!
    wait "$child" || status=$?
    return "$status"
}

# One part of the report. $1: its title; $2: the function that makes it, ten minutes at most.
part() {
    local status=0 start=$SECONDS
    echo "== $1" >&2
    bounded 600 "$area/part" bash -euo pipefail -c "source '$area/steps'; $2" || status=$?
    ((status == 0)) || failures+=("$1 (exit status $status)")
    {
        printf '\n## %s\n\nExit status %s after %s s.\n\n```\n' "$1" "$status" "$((SECONDS - start))"
        # What progress bars draw is no text; a part that never ends is cut.
        tr '\r' '\n' <"$area/part" | sed -e 's/\x1b\[[0-9;]*[A-Za-z]//g' -e '/^$/d' -e 's/^\x60/ &/' |
            head -c 60000 || true
        printf '```\n'
    } >>"$area/parts"
}

# Takes out of a text who the user is and which device this is. Host names that are words of the report stay.
scrub() {
    python3 - "$area" "$root" "${RKVOICE_HOME:-}" "${HOME:-}" "$(uname -n)" <<'PYTHON'
import pathlib
import re
import sys

area, root, store, home, host = sys.argv[1:]
text = pathlib.Path(area, "whole").read_text(errors="replace")
places = {area: "<scratch>", store: "$RKVOICE_HOME", root: "<rkvoice>", home: "~"}
# The longest first: one may be inside another.
for path, name in sorted(places.items(), key=lambda place: -len(place[0])):
    if path.count("/") > 1 or path == "/root":
        text = text.replace(path, name)
text = re.sub(r"/home/[^/\s:;,'\"]+|/root(?=[/\s:;,'\"])", "~", text)
text = re.sub(r"\b(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}\b", "<hardware address>", text)
text = re.sub(r"\b(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}\b", "<address>", text)
if len(host) > 3 and not re.fullmatch(r"localhost|rk\w*|linux|board|simulated", host):
    text = re.sub(rf"\b{re.escape(host)}\b", "<host>", text)
pathlib.Path(area, "report").write_text(text)
PYTHON
}

# The steps, for processes of their own, which can be ended in time.
write_steps() {
    declare -p RKVOICE npu area sentence runs simulate board
    declare -f doctor plan smoke parity speech_speed recognition_speed
}

doctor() { "$RKVOICE" doctor --all "${npu[@]}"; }

plan() { "$RKVOICE" plan "${npu[@]}"; }

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
    if [[ $board == cpu ]]; then
        echo "this machine has no NPU that is known, so there is nothing to compare"
        return
    fi
    "$RKVOICE" say --quiet "$sentence" -o "$area/cpu.wav" --board cpu
    printf 'the CPU hears of the NPU: %s\n' "$("$RKVOICE" transcribe --quiet "$area/npu.wav" --board cpu)"
    python3 - "$area" "$simulate" <<'PYTHON'
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
signal, noise = sum(a * a for a in cpu), sum((a - b) ** 2 for a, b in zip(cpu, npu))
ratio = 10 * math.log10((signal or 1) / noise) if noise else math.inf
print(f"CPU {len(cpu)} samples, NPU {len(npu)} samples; signal to difference: {ratio:.1f} dB")
if say + hear == 0:
    sys.exit("nothing ran on the NPU, so nothing is compared: see the doctor's placements")
# Half precision and windows are all that may be between them.
sys.exit(len(cpu) != len(npu) or ratio < 20)
PYTHON
}

speech_speed() { "$RKVOICE" bench tts --runs "$runs" "${npu[@]}"; }

recognition_speed() { "$RKVOICE" bench asr --runs "$runs" "${npu[@]}"; }

# What the report is of. Nothing of it tells one board from another of its kind.
head_of_report() {
    echo "# Board report"
    echo
    [[ -z $simulate ]] || printf 'simulated: the NPU of %s on a CPU; no figure here is of a board.\n\n' "$simulate"
    [[ $board != cpu ]] || printf 'No NPU that is known: everything ran on the CPU.\n\n'
    printf 'rkvoice %s (%s), %s, %s CPUs, %s.\n\n' "$("$RKVOICE" --version)" \
        "$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo 'no commit')" "$(uname -srm)" "$(nproc)" \
        "$(sed -n 's/^PRETTY_NAME="\(.*\)"$/\1/p' /etc/os-release 2>/dev/null || true)"
    if ((${#failures[@]})); then printf 'Not well: %s\n' "${failures[@]}"; else echo "All of it went well."; fi
}

echo "The report will be in $report; it takes two minutes on a fast machine, and an hour at most." >&2
# Builds and downloads what is missing, as long as that takes.
"$RKVOICE" --version >/dev/null
if "$RKVOICE" say "Ready." -o "$area/ready.wav"; then "$RKVOICE" transcribe "$area/ready.wav" >/dev/null || true; fi
"$RKVOICE" doctor --json "${npu[@]}" >"$area/doctor.json" 2>/dev/null || true
board=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["board"])' "$area/doctor.json" || echo unknown)
write_steps >"$area/steps"
: >"$area/parts"
part "Doctor" doctor
part "Plan" plan
part "A sentence spoken and heard" smoke
part "The NPU against the CPU" parity
part "Measurements: speech" speech_speed
part "Measurements: recognition" recognition_speed
{ head_of_report && cat "$area/parts"; } >"$area/whole"
scrub
# Whole or not at all, and never through a link in its place.
cp -- "$area/report" "$report.$$" || exit 73
mv -fT -- "$report.$$" "$report" || exit 73
echo "The report is in $report; look through it before you show it." >&2
((${#failures[@]} == 0)) || { printf 'error: not well: %s\n' "${failures[*]}" >&2 && exit 69; }
