"""Text as CT-Transformer sees it, in sherpa-onnx's way: tokens, and what it joins of them.

Written after sherpa-onnx's `text-utils.cc` and `offline-punctuation-ct-transformer-impl.h`.
"""
import string

#: Letters of two bytes that belong to words; all others of two bytes stand alone, as do all of three and four.
IN_WORDS = set("äöüßáéíóúñàèùçâêîôûëï" + "äöüáéíóúñàèùçâêîôûëï".upper())
#: What ends a word, without the apostrophe.
ALONE = set(string.punctuation) - {"'"}
#: What isspace() says in the C locale.
SPACES = set(" \t\n\v\f\r")


def split(text):
    """Words of Latin letters and digits; every other character by itself; no spaces."""
    tokens, word = [], ""
    for letter in text:
        size = len(letter.encode("utf-8"))
        if (size == 1 and letter not in ALONE and letter not in SPACES) or letter in IN_WORDS:
            word += letter
            continue
        if word:
            tokens.append(word)
        word = ""
        if letter not in SPACES:
            tokens.append(letter)
    return [*tokens, word] if word else tokens


def join(tokens, marks, comma="，", pause="、", dot="。", question="？", none="_"):
    """The text of sherpa-onnx: tokens in ASCII have spaces between them, no others do, and a mark ends it all."""
    if not marks:
        raise ValueError("no tokens")
    parts = []
    for index, (token, mark) in enumerate(zip(tokens, marks)):
        if index and ord(parts[-1][0]) < 0x80 and ord(token[0]) < 0x80:
            parts.append(" ")
        parts.append(token)
        if mark != none:
            parts.append(mark)
    if parts[-1] in (comma, pause):
        parts[-1] = dot
    if parts[-1] not in (dot, question):
        parts.append(dot)
    return "".join(parts)
