#!/usr/bin/env python3
"""Puts marks into texts with sherpa-onnx 2.0.1 and with ONNX Runtime, and writes what both say as JSON.

Fails when the two differ. Needs requirements-small.txt.
"""
import argparse
import importlib.metadata
import json
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import sherpa_onnx  # noqa: E402

import punctuation_text  # noqa: E402
from preparation import PreparationError, run, say, sha256  # noqa: E402
from punctuation_ear import PunctuationEar  # noqa: E402

SENTENCES = pathlib.Path(__file__).resolve().parent / "sentences.txt"
PACKAGES = ("sherpa-onnx", "onnxruntime", "numpy")
#: sherpa-onnx ends the process when one of these is missing.
NEEDED = ("tokens", "punctuations", "unk_symbol", "vocab_size")
#: A text in which two marks are nearer than this is not compared: rounding may choose.
SMALLEST_MARGIN = 1e-3
FEWEST = 100
#: What a recognizer may say, too: letters of other scripts, marks that are there already, unknown words.
OTHERS = [
    "好", "a", "9", "?", "。", "…", "你好，", "hello,", "３", "你　好", "a\tb\nc", "  你好  ",
    "Please Turn OFF the LIGHT", "ÖFFNEN SIE DAS FENSTER", "l’été à Besançon", "pięć sześć siedem", "раз два три",
    "एक दो तीन", "こんにちは世界", "안녕하세요 세계", "สวัสดีชาวโลก", "👍🏽 好的", "é", "don't e-mail me at 3.14",
    "版本 3.5 发布了", "C++ 和 C#", "<unk> _ |", "㐀㐁 𠀀𠀁", "NaïVe CAFÉ", "我们 走 吧",
]


def texts():
    """Sentences without marks, alone and one after another, in both languages and mixed; and everything else."""
    chance = random.Random(7)
    lines = [line for line in SENTENCES.read_text("utf-8").splitlines() if line]
    bare = ["".join(" " if letter == "," else letter for letter in line if letter not in "，。？、.?") for line in lines]
    bare = [" ".join(line.split()) for line in bare]
    found = [*OTHERS, *bare]
    for count in (2, 3, 5, 8, 12):
        found += [" ".join(chance.choices(bare, k=count)) for _ in range(12)]
    letters = "".join(bare).replace(" ", "")
    for count in (1, 2, 19, 20, 21, 22, 39, 40, 41, 200, 201, 500):
        found.append("".join(chance.choices(letters, k=count)))
        found.append("".join(chance.choices("零一二三四五六七八九", k=count)))
        found.append(" ".join(chance.choices(["apples", "and", "milk", "zzz", "the", "Dog"], k=count)))
    found.append("一" * 450)
    return list(dict.fromkeys(found))


def record(text, ear, model):
    tokens, marks, kept, margin = ear.hear(text)
    said = model.add_punctuation(text)
    own = punctuation_text.join(tokens[:kept], marks[:kept])
    return {
        "text": text, "punctuated": said, "marks": "".join("·" if mark == "_" else mark for mark in marks),
        "lost": len(tokens) - kept, "margin": float(f"{margin:.3g}"), "agrees": own == said,
    }


def judge(records):
    wrong = [record["text"][:40] for record in records if not record.pop("agrees")]
    if wrong:
        raise PreparationError(f"sherpa-onnx says otherwise in {len(wrong)} of {len(records)}: {wrong}")
    marks = {mark for record in records for mark in record["marks"]}
    if len(records) < FEWEST or not marks >= set("·，。？、"):
        raise PreparationError(f"{len(records)} texts with the marks {''.join(sorted(marks))}: too few")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="the graph: model.onnx or model.int8.onnx")
    parser.add_argument("out", type=pathlib.Path, help="the JSON file to write")
    options = parser.parse_args()
    ear = PunctuationEar(options.model)
    missing = [key for key in NEEDED if key not in ear.properties]
    if missing:
        raise PreparationError(f"no metadata {', '.join(missing)}; is it a CT-Transformer for sherpa-onnx?")
    config = sherpa_onnx.OfflinePunctuationModelConfig(ct_transformer=str(options.model), num_threads=1)
    model = sherpa_onnx.OfflinePunctuation(sherpa_onnx.OfflinePunctuationConfig(model=config))
    records = [record(text, ear, model) for text in texts()]
    sure = [record for record in records if record["margin"] >= SMALLEST_MARGIN]
    judge(sure)
    head = {
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "files": {options.model.name: sha256(options.model)}, "smallestMargin": SMALLEST_MARGIN,
    }
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in sure)
    options.out.write_text(json.dumps(head)[:-1] + ', "texts": [\n' + lines + "\n]}\n", "utf-8")
    lost = sum(1 for record in sure if record["lost"])
    say(f"{len(sure)} texts equal, {len(records) - len(sure)} left to rounding; sherpa-onnx loses words in {lost}")


if __name__ == "__main__":
    run(main)
