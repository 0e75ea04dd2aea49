# Text that is no sentence, and arguments out of range. Part of bad-input.sh.
# shellcheck shell=bash
# shellcheck disable=SC2154

say=("$RKVOICE" say --quiet -o x.wav)

# Text that has sound: a WAV of more than $1 bytes. The rest: the command.
speaks() {
    works "${@:2}"
    (($(stat -c %s "$out/x.wav") > $1)) || fail "there is sound"
    rm "$out/x.wav"
    expect_nothing_left
}

echo "- text: nothing to say"
for text in '' '   ' '...?! --' '🎉🎉🎉' $'\x01\x02\x7f'; do
    refuses 65 'nothing to say' "${say[@]}" -- "$text"
done
refuses 65 'nothing to say' "${say[@]}" </dev/null
head -c 100000 /dev/zero | tr '\0' '.' >"$in/dots"
refuses 65 'nothing to say' "${say[@]}" - <"$in/dots"

echo "- text: more than letters"
speaks 10000 "${say[@]}" $'Hello\x01 \x07world 🎉!'
printf 'Hello\0world. \xff\xfe \xc3 Bye \xe2\x82' >"$in/bytes"
speaks 10000 "${say[@]}" - <"$in/bytes"

echo "- text: 100,000 characters, with spaces and without; the first sound comes soon, and a reader may leave"
for unit in 'Send the message to all of them. ' 'la'; do
    python3 -c 'import sys; print(end=(sys.argv[1] * 100000)[:100000])' "$unit" >"$in/book"
    set +e
    timeout --kill-after=5 120 "$RKVOICE" say -o - - <"$in/book" 2>"$area/stderr" | head -c 50000 >"$area/sound"
    code=${PIPESTATUS[0]}
    set -e
    [[ $code == 141 && $(stat -c %s "$area/sound") == 50000 ]] || fail "sound of 100000 characters of \"$unit\" ($code)"
done
# Whole; all 100,000 characters are spoken in long/flat-memory.sh.
head -c 2000 "$in/book" >"$in/page"
limit=240 speaks 2000000 "${say[@]}" - <"$in/page"

echo "- arguments out of range"
for arguments in '--speed 0' '--speed nan' '--speed 4.1' '--seed x' '--latency fast' '--threads 0' '--loudness 3' \
    '--volume 5' '--volume nan' '--sentence-silence x'; do
    read -ra words <<<"$arguments"
    refuses 64 '--help' "$RKVOICE" say "${words[@]}" -o x.wav "$fox"
done
refuses 64 'no language that is known' "$RKVOICE" transcribe --language Gibberish "$in/fox.wav"
refuses 64 '--help' "$RKVOICE" transcribe
refuses 64 '--help' "$RKVOICE" sing
