#!/usr/bin/env python3
"""Joins English clips of the test set to clips of about ten seconds, which it has few of.

    python3 ModelPrep/testset/join.py TESTSET OUT_DIR [--count N]

Clips in their order, 0.3 s of silence between them, until one has 8.5 s; the same each time.
"""
import argparse
import json
import pathlib
import wave

PAUSE, LEAST = 0.3, 8.5


def read(path):
    with wave.open(str(path)) as file:
        return file.getparams()[:3], file.readframes(file.getnframes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("testset", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--count", type=int, default=12)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    entries = [e for e in json.loads((options.testset / "manifest.json").read_text("utf-8")) if e["language"] == "en"]
    made, texts, sound = [], [], b""
    for entry in entries:
        (channels, width, rate), frames = read(options.testset / entry["file"])
        sound += (bytes(int(PAUSE * rate) * channels * width) if sound else b"") + frames
        texts.append(entry["text"])
        if len(sound) < LEAST * rate * channels * width:
            continue
        name = f"joined-{len(made):03}.wav"
        with wave.open(str(options.out / name), "wb") as file:
            file.setparams((channels, width, rate, 0, "NONE", ""))
            file.writeframes(sound)
        made.append({"file": name, "text": " ".join(texts), "language": "en"})
        texts, sound = [], b""
        if len(made) == options.count:
            break
    (options.out / "manifest.json").write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
