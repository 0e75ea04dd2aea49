#!/usr/bin/env python3
"""Golden data for written text.

Writes Tests/ParityTests/Fixtures/written.json: what wetext makes of the texts beside this script, and of hostile ones,
as rows of language, text as spoken, text as written; and Tests/SpeechTextTests/Fixtures/transducers.json: small
random transducers with what kaldifst writes through them.

The reference for texts is wetext's tagger, reordering and verbalizer, but for three things (docs/recognizers.md):
- reordering doubles backslashes, so that a quotation mark comes back with one in front, and where the verbalizer does
  not take that, nothing at all: values are left as they are here. The script fails where this changes a text that has
  neither of them.
- English marks that the rules put apart from their number are put back, as MarkSpacing.swift does.
- where wetext ends with an error or gives nothing, the text comes back as it was.

  python3 -m venv text && text/bin/pip install wetext==0.1.8 kaldifst==1.8.3
  text/bin/python ModelPrep/text/golden.py
"""
import base64
import importlib.metadata
import json
import random
import sys
import tempfile
from pathlib import Path

import kaldifst
import wetext
from wetext import token_parser

HERE = Path(__file__).resolve().parent
TESTS = HERE.parents[1] / "Tests"
VERSIONS = {"wetext": "0.1.8", "kaldifst": "1.8.3"}
# Where OpenFst's header has what is known of a transducer.
PROPERTIES = slice(34, 42)
EXPANDED_AND_MUTABLE = (3).to_bytes(8, "little")

# Whatever the language.
HOSTILE = [
    "", " ", "   ", "\n", "\t\r\n", "\u3000", "\x1c\x1f", "\0", "\0\0二十\0", "二十\0五", "twenty\0 five",
    '"', '""', '"二十五"', 'he said "twenty five"', ' " twenty five " ', "\\", "\\\\", '\\"', '二十"', 'a\\b 二十', "\\n二十",
    "'", "''", "{", "}", "{}", ": \"", 'value: "x" }', 'char { value: "二" }', 'cardinal { integer: "twenty" } }',
    'date { year: "二零二六年" month: "三月" }', "preserve_order: \"true\"", "<EOS>", "<eps>", "\x01\x02\x7f", "\u0080\u009f",
    "\u00a0二十\u00a0", "二十\u2028三十", "\ufeff二十", "\u200b二十\u200d", "\u202e二十\u202c", "\u0301二十", "e\u0301 twenty",
    "\ud7ff\ue000\uffff", "\U0001f600\U0010ffff", "二十\U0002000b五", "𝟚𝟝 二十", "Ⅻ 二十", "①二十", "２５ 二十", "25二十",
    "二十25", "٢٥ twenty", "\r\n二十\r\n三十\r\n", "  twenty   five  ", "twenty\tfive", "twenty\nfive", "二 十 五", "二十 五",
    " 二十五 ", "a" * 300, "." * 300, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 20, "é" * 100, "한국어 이십오",
    "ภาษาไทย ยี่สิบ", "عشرون twenty", "עשרים", "हिन्दी बीस",
]
SENTENCES = {
    "zh": "他在二零二六年十一月二十三日下午三点四十五分花了一百二十五块五毛买了三斤苹果占百分之三十五点二电话是一三八零零一三八零零零，",
    "en": "on november twenty third twenty twenty six at three forty five p m he paid one hundred twenty five dollars "
    "and fifty cents ",
    "ja": "午後三時四十五分に二千五百円を払いました、三十五パーセントです。",
}
LONG = {
    "zh": ["一" * 200, "十万" * 50, "一点" * 50, "百分之" * 50],
    "en": ["one " * 99 + "one", "twenty " * 50, "nine hundred thousand " * 20, "double " * 50],
    "ja": ["一" * 100],
}


def texts(language):
    """Lines beside the script, hostile texts, long ones."""
    yield from (HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    yield from HOSTILE
    yield (SENTENCES[language] * 100)[:2000].strip()
    yield from LONG[language]


def written(spoken, language):
    """What wetext's own steps give, values left as they are; the text itself where they fail or give nothing."""
    if not spoken.strip():
        return ""
    try:
        tagged = wetext.tag(spoken.strip(), language, "itn")
        result = wetext.verbalize(wetext.reorder(tagged, language, "itn"), language, "itn")
    except AssertionError:
        return spoken
    return result or spoken


def closed_up(spoken, result):
    """English without the spaces before marks (behind an opening one) that the text as spoken did not have."""
    spoken = spoken.strip()
    closing = set(",.!?;:)…") - {b for a, b in zip(spoken, spoken[1:]) if a.isspace()}
    opening = {"("} - {a for a, b in zip(spoken, spoken[1:]) if b.isspace()}
    text, is_open = "", True
    for word in result.split(" "):
        is_mark = set(word) <= closing
        if word == "." and is_mark and text.endswith(".m."):
            continue
        text += word if is_mark or is_open else f" {word}"
        is_open = word in opening
    return text


def as_published(spoken, language):
    """What wetext gives; the text itself where it fails or gives nothing."""
    if not spoken.strip():
        return ""
    try:
        return wetext.normalize(spoken, lang=language, operator="itn") or spoken
    except AssertionError:
        return spoken


def random_transducer(rng):
    """States in a row with arcs between them, costs that often tie; no circle of arcs that read nothing."""
    costs = rng.choice([[0.0], [0.0, 0.5], [0.0, 0.1, 0.2, -0.1], [1.0, 0.3, 0.7, 0.1]])
    graph = kaldifst.StdVectorFst()
    states = rng.randint(2, 6)
    for _ in range(states):
        graph.add_state()
    graph.start = 0
    for state in range(states):
        if state == states - 1 or rng.random() < 0.3:
            graph.set_final(state, rng.choice(costs))
        arcs = []
        for _ in range(rng.randint(1, 6)):
            label = rng.choice([0, 97, 97, 98, 98])
            if label or state + 1 < states:
                following = rng.randrange(0 if label else state + 1, states)
                arcs.append((label, rng.choice([0, 99, 100, 101, 102]), rng.choice(costs), following))
        for label, output, cost, following in sorted(arcs, key=lambda arc: arc[0]):
            graph.add_arc(state, kaldifst.StdArc(label, output, cost, following))
    return graph


def transducers(count):
    """Rows of a file in base64, a text and what is written; nothing also stands for no way."""
    rng = random.Random(1)
    rows = []
    with tempfile.TemporaryDirectory() as directory:
        path = str(Path(directory) / "graph.fst")
        while len(rows) < count:
            random_transducer(rng).write(path)
            file = bytearray(Path(path).read_bytes())
            # wetext's files tell nothing of themselves but that they are whole; how ties are broken depends on that.
            file[PROPERTIES] = EXPANDED_AND_MUTABLE
            Path(path).write_bytes(file)
            normalizer = kaldifst.TextNormalizer(path)
            texts = {"".join(rng.choice("ab") for _ in range(rng.randint(0, 8))) for _ in range(12)}
            found = [(text, normalizer(text)) for text in sorted(texts)]
            found = sorted(found, key=lambda pair: -len(pair[1]))[:3]
            if found[0][1]:
                rows.append([base64.b64encode(file).decode(), found])
    return rows


def save(path, rows):
    """One row a line."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f'{{"versions": {json.dumps(VERSIONS)},\n"rows": [\n{lines}\n]}}\n', encoding="utf-8")


def main():
    for package, version in VERSIONS.items():
        if importlib.metadata.version(package) != version:
            sys.exit(f"needs {package}=={version}")
    cases = [(language, text) for language in SENTENCES for text in dict.fromkeys(texts(language))]
    published = [as_published(text, language) for language, text in cases]
    token_parser.escape_value = lambda value: value
    rows = []
    for (language, text), reference in zip(cases, published):
        result = written(text, language)
        if result != reference and not set('"\\') & set(text):
            sys.exit(f"{language} {text!r}: {result!r} instead of {reference!r}")
        if language == "en" and text.strip() and result != text:
            result = closed_up(text, result)
        rows.append([language, text, result])
    for language in SENTENCES:
        own = [row for row in rows if row[0] == language]
        changed = sum(spoken.strip() != result for _, spoken, result in own)
        print(f"{language}: {len(own)} texts, {changed} changed", file=sys.stderr)
    differing = sum(row[2] != reference for row, reference in zip(rows, published))
    print(f"{differing} differ from what wetext gives in quotes, backslashes and spaces before marks", file=sys.stderr)
    save(TESTS / "ParityTests" / "Fixtures" / "written.json", rows)
    save(TESTS / "SpeechTextTests" / "Fixtures" / "transducers.json", transducers(80))


if __name__ == "__main__":
    main()
