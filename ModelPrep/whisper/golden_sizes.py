#!/usr/bin/env python3
"""Prints CompressedTexts.swift: texts and how many bytes Python's zlib makes of them, as Whisper's reference does."""
import json
import zlib

TEXTS = [
    "",
    "a",
    "la la la la la la la la la la la la",
    "Thank you. " * 30,
    "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.",
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness, it "
    "was the epoch of belief, it was the epoch of incredulity, it was the season of Light, it was the season of "
    "Darkness.",
    "你好世界。今天天气很好，我们去公园散步吧。",
    "oito, oito, " * 18,
    "The quick brown fox jumps over the lazy dog. " * 2 + "The quick brown fox sleeps.",
    "".join(chr(33 + (index * index * 7 + index * 13) % 90) for index in range(700)),
    "ha" * 400,
]


def main():
    print("/// Texts and how many bytes Python's zlib makes of them; printed by ModelPrep/whisper/golden_sizes.py.")
    print("struct CompressedText: Sendable {\n    var text: String\n    var size: Int\n")
    print("    static let all = [")
    for text in TEXTS:
        size = len(zlib.compress(text.encode()))
        lines = [text[start : start + 80] for start in range(0, len(text), 80)] or [""]
        quoted = "\n                + ".join(json.dumps(line, ensure_ascii=False) for line in lines)
        print(f"        CompressedText(\n            text: {quoted},\n            size: {size}\n        ),")
    print("    ]\n}")


if __name__ == "__main__":
    main()
