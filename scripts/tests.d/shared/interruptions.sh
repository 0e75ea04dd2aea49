# Killed in the middle. Part of bad-input.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154

book=$in/interrupted-book
python3 -c 'print(end="The children are playing football behind the school. " * 400)' >"$book"

# Whether the process $writer has more than 100,000 bytes of a file in $out that nobody sees yet.
is_writing() {
    local file
    for file in /proc/"$writer"/fd/*; do
        [[ $(readlink "$file") == "$out"/* ]] || continue
        (($(stat -L -c %s "$file") > 100000)) && return 0
    done
    return 1
}
is_heard() { [[ -s $area/stdout ]]; }

# $1: the signal. $2: what has to be so before it is sent. The rest: the command.
interrupted_by() {
    local pid
    # What the last run heard must not be taken for this one.
    : >"$area/stdout"
    # A background job of a script starts with SIGINT ignored.
    (cd "$out" && exec env --default-signal=INT,TERM "${@:3}") <&0 >"$area/stdout" 2>"$area/stderr" &
    pid=$!
    writer=$pid
    await 90 "$2"
    kill -"$1" "$pid"
    await 30 ended "$pid"
    code=0
    wait "$pid" || code=$?
    if [[ $1 == KILL ]]; then
        expect_nothing_left
        return
    fi
    [[ $code == 130 ]] || fail "$1 ends it with 130 (it is $code)"
    expect_one error interrupted
    expect_nothing_left
}
ended() { [[ ! -e /proc/$1 || $(awk '/^State:/ { print $2 }' "/proc/$1/status" 2>/dev/null) == [ZX] ]]; }

echo "- Ctrl-C and SIGTERM in the middle leave nothing"
interrupted_by INT is_writing "$RKVOICE" say -o x.wav - <"$book"
interrupted_by TERM is_writing "$RKVOICE" say -o x.wav - <"$book"
if [[ $(stat -f -c %T "$out") == @(ext2/ext3|ext4|xfs|btrfs|tmpfs) ]]; then
    interrupted_by KILL is_writing "$RKVOICE" say -o x.opus - <"$book"
else
    unseen "a file that goes away with a killed process (not known of $(stat -f -c %T "$out"))"
fi
python3 - "$in/fox.wav" "$in/hour.wav" <<'PYTHON'
import sys
import wave

with wave.open(sys.argv[1]) as fox, wave.open(sys.argv[2], "wb") as hour:
    hour.setparams(fox.getparams())
    hour.writeframes((fox.readframes(fox.getnframes()) + bytes(44100)) * 900)
PYTHON
interrupted_by INT is_heard "$RKVOICE" transcribe "$in/hour.wav"
interrupted_by TERM is_heard "$RKVOICE" transcribe "$in/hour.wav"

echo "- the phoneme program is killed in the middle of a text: all of it is spoken"
sentences=30
python3 -c "print(end='The children are playing football behind the school. ' * $sentences)" >"$book"
works "$RKVOICE" say --quiet -o whole.wav - <"$book"
"$RKVOICE" say --quiet -o "$out/x.wav" - <"$book" 2>"$area/stderr" &
speaker=$!
writer=$speaker
await 60 is_writing
phonemizer=
# shellcheck disable=SC2013  # numbers, one word each
for child in $(cat /proc/"$speaker"/task/*/children); do
    [[ $(cat /proc/"$child"/comm) == rkvoice-espeak ]] && phonemizer=$child
done
[[ -n $phonemizer ]] || fail "there is a phoneme program to kill"
kill -KILL "$phonemizer"
code=0
wait "$speaker" || code=$?
[[ $code == 0 && ! -s $area/stderr ]] || fail "nobody notices (exit code $code)"
# The same seed: the same sound, to the byte.
cmp "$out/whole.wav" "$out/x.wav" || fail "the sound is that of an undisturbed run"
rm "$out/whole.wav" "$out/x.wav"
