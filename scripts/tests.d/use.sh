#!/usr/bin/env bash
# What the executable is for, as a user meets it in a shell.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
fox="The quick brown fox jumps over the lazy dog."
cd "$out"

# Prints what a python expression makes of the JSON on standard input, called `it`.
json() { python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"; }
seconds_of() {
    python3 -c 'import sys, wave; f = wave.open(sys.argv[1]); print(f.getnframes() / f.getframerate())' "$1"
}
holds() { python3 -c "import sys; sys.exit(not ($1))"; }

echo "- what was said is what is heard; only results are on stdout"
works "$RKVOICE" say "$fox" -o fox.wav
[[ ! -s $area/stdout ]] || fail "a spoken file prints nothing on stdout"
grep -q 'fox.wav: .* of speech' "$area/stderr" || fail "the figures are on stderr"
works "$RKVOICE" transcribe fox.wav
[[ $(<"$area/stdout") == "$fox" ]] || fail "the sentence comes back: $(<"$area/stdout")"
works "$RKVOICE" transcribe --quiet fox.wav
[[ $(<"$area/stdout") == "$fox" && ! -s $area/stderr ]] || fail "quiet prints the result alone"
works "$RKVOICE" say --quiet "$fox" -o quiet.wav
[[ ! -s $area/stdout && ! -s $area/stderr ]] || fail "quiet prints nothing"

echo "- the same seed gives the same file, another seed another; twice the speed is half as long"
cmp fox.wav quiet.wav || fail "the default seed is the same every time"
works "$RKVOICE" say --seed 7 "$fox" -o seven.wav
works "$RKVOICE" say --seed 7 "$fox" -o again.wav
cmp seven.wav again.wav || fail "seed 7 is seed 7"
! cmp -s fox.wav seven.wav || fail "seed 7 differs from the default"
works "$RKVOICE" say --speed 2 "$fox" -o fast.wav
ratio=$(python3 -c "print(round($(seconds_of fast.wav) / $(seconds_of fox.wav), 3))")
echo "  at twice the speed: $ratio of the length"
# Piper rounds the length of every phoneme up to frames of 12 ms: rather more than a half.
holds "0.4 < $ratio < 0.7" || fail "twice the speed is about half as long"

echo "- what a reply cost, as JSON"
works "$RKVOICE" say --json "$fox" -o cost.wav
holds "abs($(json 'it["duration"]' <"$area/stdout") - $(seconds_of cost.wav)) < 0.01" ||
    fail "the duration is the file's"
for field in rtf inferenceTime timeToFirstAudio; do
    holds "$(json "it[\"$field\"]" <"$area/stdout") > 0" || fail "$field is there"
done

echo "- sound flows before the text has ended"
mkfifo text sound
"$RKVOICE" say --quiet - <text >sound &
exec {writer}>text {reader}<sound
printf 'This is the first sentence. And here is the second one. ' >&"$writer"
if ! timeout 60 head -c 20000 <&"$reader" >first.part; then fail "sound within 60 s while the text is still open"; fi
[[ $(head -c 4 first.part) == RIFF && $(stat -c %s first.part) == 20000 ]] || fail "it is WAV"
printf 'The end.' >&"$writer"
exec {writer}>&-
cat <&"$reader" >rest.part
exec {reader}<&-
wait $! || fail "it ends well when the text does"
cat first.part rest.part >streamed.wav
works "$RKVOICE" transcribe streamed.wav
grep -qi 'first sentence.*second one.*the end' <(tr '\n' ' ' <"$area/stdout") || fail "all of it was spoken"

echo "- audio from a pipe, several files, one straight into the other"
run "$RKVOICE" transcribe - < <(cat fox.wav)
[[ $code == 0 && $(<"$area/stdout") == "$fox" ]] || fail "audio from a pipe is heard"
works "$RKVOICE" transcribe fox.wav seven.wav
[[ $(grep -c "^[a-z]*.wav: $fox" "$area/stdout") == 2 ]] || fail "each line says of which file it is"

echo "- JSON with segments inside of the clip"
works "$RKVOICE" transcribe --format json fox.wav
duration=$(seconds_of fox.wav)
[[ $(json 'it["text"]' <"$area/stdout") == "$fox" ]] || fail "JSON has the text"
[[ $(json 'it["file"] + " " + it["language"]' <"$area/stdout") == "fox.wav en" ]] || fail "JSON has file and language"
# Times in the file are whole samples, those in JSON are not rounded alike.
holds "$(json "all(0 <= s['start'] < s['end'] <= $duration + 0.001 for s in it['segments'])" <"$area/stdout")" ||
    fail "the segments lie within the clip"
holds "$(json "len(it['segments']) > 0" <"$area/stdout")" || fail "there are segments"
holds "abs($(json 'it["duration"]' <"$area/stdout") - $duration) < 0.01" || fail "the duration is the file's"
works "$RKVOICE" transcribe --format json fox.wav seven.wav
[[ $(wc -l <"$area/stdout") == 2 ]] || fail "one line of JSON a file"

echo "- languages by name, code and locale"
for language in German de de-DE; do
    works "$RKVOICE" transcribe --language "$language" fox.wav
    [[ -s $area/stdout ]] || fail "$language is known"
done
run "$RKVOICE" transcribe --language Gibberish fox.wav
[[ $code == 64 ]] || fail "a language that does not exist is refused"

echo "- help with examples, and completions"
for command in say transcribe bench "bench tts" "bench asr" models "models list" "models pull" "models verify" \
    "models remove" "models import" "models path"; do
    read -ra words <<<"$command"
    works "$RKVOICE" "${words[@]}" --help
    grep -q 'Examples:' "$area/stdout" || fail "the help of $command has examples"
done
for shell in bash zsh fish; do
    works "$RKVOICE" --generate-completion-script "$shell"
    grep -q transcribe "$area/stdout" || fail "the completion for $shell knows the commands"
    cp "$area/stdout" completion
    if command -v "$shell" >/dev/null; then
        "$shell" -n completion || fail "$shell reads its completion"
    else
        echo "  not seen: that $shell reads its completion ($shell is not installed)"
    fi
done

echo "- a terminal gets a bar that is drawn over, a file gets plain lines"
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
    command=$(printf '%q ' "$RKVOICE" transcribe fox.wav)
    script -qec "$command" typescript >/dev/null </dev/null
    grep -q $'\x1b\[K' typescript || fail "a terminal gets a bar"
    grep -q "$fox" typescript || fail "and the result"
    NO_COLOR=1 script -qec "$command" typescript >/dev/null </dev/null
    ! grep -q $'\x1b\[[0-9;]*m' typescript || fail "NO_COLOR is honored"
else
    unseen "the progress bar on a terminal (no script(1), or no terminal to be had)"
fi
works "$RKVOICE" transcribe fox.wav
! grep -q $'\x1b' "$area/stdout" "$area/stderr" || fail "no control codes without a terminal"

echo "- other containers, rates and channels"
if command -v sox >/dev/null; then
    sox fox.wav -r 44100 -c 2 stereo.wav
    for kind in stereo.wav fox.flac fox.ogg fox.mp3 fox.opus fox.aiff; do
        if [[ ! -e $kind ]] && ! sox fox.wav "$kind" 2>/dev/null; then
            unseen "${kind##*.} input (this sox does not write it)"
            continue
        fi
        works "$RKVOICE" transcribe "$kind"
        # Lossy coding and other rates may turn the first letter small: the words are what counts.
        heard=$(<"$area/stdout")
        [[ ${heard,,} == "${fox,,}" ]] || fail "$kind is heard: $heard"
    done
else
    unseen "FLAC, Ogg, MP3, Opus, stereo (no sox)"
fi

echo "- it starts at once"
# Median of nine: other work on the machine must not decide.
figure=$(python3 - "$RKVOICE" <<'PYTHON'
import statistics
import subprocess
import sys
import time


def seconds(command):
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


print(round(statistics.median(seconds([sys.argv[1], "--version"]) for _ in range(9)), 3))
PYTHON
)
echo "  launcher and start of the program: $figure s"
holds "$figure < 0.3" || fail "the program has started within 0.3 s"

((${#skipped[@]} == 0)) || printf 'not seen: %s\n' "${skipped[@]}"
echo "a user gets what the help promises"
