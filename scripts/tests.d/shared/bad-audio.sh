# Audio that is not what it should be. Part of bad-input.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154

declare -a hear=("$RKVOICE" transcribe)

echo "- audio: not there, not audio, nothing in it"
refuses 66 'missing.wav.*No such file' "${hear[@]}" "$in/missing.wav"
mkdir "$in/folder.wav"
refuses 66 'is a directory' "${hear[@]}" "$in/folder.wav"
: >"$in/empty.wav"
refuses 65 'empty' "${hear[@]}" "$in/empty.wav"
wav "$in/header.wav" 'header(0)'
refuses 65 'no sound' "${hear[@]}" "$in/header.wav"
wav "$in/cut-header.wav" 'header(0)[:20]'
refuses 65 'ends before' "${hear[@]}" "$in/cut-header.wav"
for _ in {1..40}; do echo "This is a text, whatever its name says."; done >"$in/text.wav"
refuses 65 'not an audio file but text' "${hear[@]}" "$in/text.wav"
head -c 50000 /dev/urandom >"$in/noise.mp3"
refuses 65 'not an audio file|damaged' "${hear[@]}" "$in/noise.mp3"
refuses 65 'not an audio file' "${hear[@]}" /dev/zero
refuses 65 'standard input: is empty' "${hear[@]}" - </dev/null
wav "$in/rate.wav" 'header(3200, rate=0) + bytes(3200)'
refuses 65 'sample rate of 0' "${hear[@]}" "$in/rate.wav"
if ((EUID == 0)); then
    unseen "a file without permission to read (root may read everything)"
else
    cp "$in/fox.wav" "$in/secret.wav"
    chmod 0 "$in/secret.wav"
    refuses 66 'Permission denied' "${hear[@]}" "$in/secret.wav"
fi

echo "- audio: nobody speaks"
wav "$in/silent.wav" 'header(96000) + bytes(96000)'
warns 'nobody speaks' "${hear[@]}" "$in/silent.wav"
[[ ! -s $area/stdout ]] || fail "silence gives no text"
wav "$in/one.wav" 'header(2) + b"\1\0"'
warns 'nobody speaks' "${hear[@]}" "$in/one.wav"

echo "- audio: cut short, with sizes that lie"
head -c 90000 "$in/fox.wav" >"$in/cut.wav"
warns 'cut short' "${hear[@]}" "$in/cut.wav"
grep -q 'quick brown fox' "$area/stdout" || fail "what is there is written down"
for sizes in 'riff=0, data=0' 'riff=0xFFFFFFFF, data=0xFFFFFFFF'; do
    wav "$in/lie.wav" "header(0, rate=22050, $sizes) + speech[44:]" "$in/fox.wav"
    works "${hear[@]}" "$in/lie.wav"
    [[ $(<"$area/stdout") == "$fox" ]] || fail "sizes of $sizes are those of a stream: all of it is written down"
done
wav "$in/lie.wav" 'header(0, rate=22050, data=3 * len(speech)) + speech[44:]' "$in/fox.wav"
warns 'cut short' "${hear[@]}" "$in/lie.wav"
[[ $(<"$area/stdout") == "$fox" ]] || fail "all that is there is written down"

echo "- audio: one bad file among good ones"
run "${hear[@]}" "$in/fox.wav" "$in/missing.wav" "$in/fox.wav"
[[ $code == 66 && $(grep -c "$fox" "$area/stdout") == 2 ]] || fail "the good ones are written down, the exit code is 66"
expect_one error 'missing.wav'

echo "- output that cannot be written"
if [[ -c /dev/full ]]; then
    code=0
    "$RKVOICE" transcribe "$in/fox.wav" >/dev/full 2>"$area/stderr" || code=$?
    [[ $code == 74 ]] || fail "text onto a full disk ends with 74 (it is $code)"
    expect_one error 'No space left'
    refuses 74 'No space left' "$RKVOICE" say -o /dev/full "$fox"
else
    unseen "a full disk (there is no /dev/full)"
fi
refuses 73 'no directory' "$RKVOICE" say -o missing/x.wav "$fox"
refuses 73 'is a directory' "$RKVOICE" say -o "$in/folder.wav" "$fox"
refuses 64 'm4a is not written' "$RKVOICE" say -o x.m4a "$fox"
refuses 64 'needs the name' "$RKVOICE" say -o '' "$fox"
if ((EUID == 0)) && mkdir "$area/small" && mount -t tmpfs -o size=64k tmpfs "$area/small" 2>/dev/null; then
    refuses 74 'No space left' "$RKVOICE" say -o "$area/small/x.wav" "$fox" || true
    left=$(ls -A "$area/small")
    umount "$area/small"
    [[ -z $left ]] || fail "a disk that fills up keeps no part of the file: $left"
else
    unseen "a disk that fills up midway (no root, or no tmpfs)"
fi
for number in 1 2; do
    set +e
    case $number in
        1) "$RKVOICE" say -o - "$fox" 2>"$area/stderr" | head -c 100 >/dev/null ;;
        2) "$RKVOICE" transcribe "$in/fox.wav" 2>"$area/stderr" | true ;;
    esac
    code=${PIPESTATUS[0]}
    set -e
    [[ $code == 141 && ! -s $area/stderr ]] || fail "a reader that goes away is met with silence and 141 ($code)"
done
