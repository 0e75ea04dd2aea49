#!/usr/bin/env python3
"""Makes the golden data of the Whisper parity tests, from CTranslate2 and faster-whisper's mel.

  tokens.json          token sequences of CTranslate2 (float32, greedy, no timestamps) and language probabilities
  whisper_mel.json     log-mel samples of the same clips
  synthetic_16k.f32    a synthetic signal, 3 s of 16 kHz mono
  synthetic_mel.f32    its log-mel [80, 320], bin by bin; the frames after 3.2 s all equal `rest` in whisper_mel.json

Clips are read from their wheels and are not committed. Needs requirements-oracle.txt.
"""
import argparse
import hashlib
import importlib.metadata
import io
import json
import pathlib
import sys
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import numpy as np  # noqa: E402
import soundfile  # noqa: E402
import soxr  # noqa: E402

from preparation import run, say  # noqa: E402
from onnx_ear import Graphs  # noqa: E402
from whisper_oracle import FRAMES, SAMPLE_RATE, CTranslate2Ear, FeatureExtractor, log_mel  # noqa: E402

MEL_SAMPLES = 64
SYNTHETIC_SECONDS, SYNTHETIC_FRAMES = 3, 320
VERSIONS = ("ctranslate2", "faster-whisper", "numpy", "onnxruntime", "soxr", "soundfile", "onnx")
#: Of the human recordings: (file, first second, last second or None for the end).
PARTS = [
    ("beckett.wav", 0, None),
    ("two_cities.wav", 0, 30),
    ("two_cities.wav", 30, None),
    ("two_cities.wav", 0, 10),
    ("two_cities.wav", 10, 20),
    ("two_cities.wav", 20, 30),
]


def synthetic():
    """Three seconds: a rising tone, a silence, then noise by a linear congruential generator that fades out.

    Generator of Numerical Recipes: x <- 1664525 x + 1013904223 mod 2^32, from x = 1.
    """
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    tone = 0.4 * np.sin(2 * np.pi * (100 * t + 3700 * t * t))
    noise, x = np.empty(SAMPLE_RATE), 1
    for index in range(SAMPLE_RATE):
        x = (1664525 * x + 1013904223) % 2**32
        noise[index] = x / 2**31 - 1
    return np.concatenate([tone, np.zeros(SAMPLE_RATE), 0.5 * noise * (1 - t)]).astype(np.float32)


def mel_double(samples):
    """The same definition in double precision, written out: a check of the reference."""
    audio = np.zeros(480000)
    audio[: len(samples)] = samples
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)
    padded = np.pad(audio, 200, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, 400)[::160][:FRAMES] * window
    power = np.abs(np.fft.rfft(frames)) ** 2
    log = np.log10(np.maximum(power @ FeatureExtractor().mel_filters.T.astype(np.float64), 1e-10)).T
    return (np.maximum(log, log.max() - 8) + 4) / 4


def read_audio(data):
    """Mono float32 at 16 kHz; other rates by soxr HQ."""
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    return samples if rate == SAMPLE_RATE else soxr.resample(samples, rate, SAMPLE_RATE, quality="HQ")


def clip(wheel, path, data, language, first=0, last=None, text=None):
    audio = read_audio(data)[first * SAMPLE_RATE : last and last * SAMPLE_RATE]
    entry = {
        "wheel": wheel.name,
        "path": path,
        "sha256": hashlib.sha256(data).hexdigest(),
        "firstSample": first * SAMPLE_RATE,
        "samples": len(audio),
        "language": language,
        "reference": text,
    }
    return entry, audio


def clips(audioeval, moonshine):
    found = []
    with zipfile.ZipFile(audioeval) as wheel:
        for path in sorted(name for name in wheel.namelist() if name.endswith(".wav")):
            text = wheel.read(path[:-3] + "txt").decode("utf-8").strip()
            found.append(clip(audioeval, path, wheel.read(path), path.split("/")[-2], text=text))
    with zipfile.ZipFile(moonshine) as wheel:
        for name, first, last in PARTS:
            path = f"moonshine_voice/assets/{name}"
            found.append(clip(moonshine, path, wheel.read(path), "en", first, last))
    return found


def mel_samples(mel, seed):
    """Values at random places, half of them where there is sound."""
    random = np.random.default_rng(seed)
    active = max(1, int(np.flatnonzero(mel.max(axis=0) > mel.min())[-1]))
    half = MEL_SAMPLES // 2
    frames = np.concatenate([random.integers(0, active, half), random.integers(0, FRAMES, half)])
    bins = random.integers(0, 80, MEL_SAMPLES)
    return [[int(b), int(f), round(float(mel[b, f]), 6)] for b, f in zip(bins, frames)]


def decode(ear, graphs, entry, mel):
    """One clip through CTranslate2, and through our fp32 graphs as a check."""
    tokens = ear.generate(mel, entry["language"])
    result = {**entry, "tokens": tokens, "text": ear.text(tokens).strip()}
    if tokens != graphs.generate(mel, entry["language"]):
        say(f"{entry['path']}: our fp32 graphs decode something else")
        result["graphsDiffer"] = True
    if ear.config["multilingual"]:
        best = sorted(ear.languages(mel).items(), key=lambda item: -item[1])[:5]
        result["languages"] = {code: round(probability, 6) for code, probability in best}
    return result


def write(path, value):
    """JSON with one line per clip."""
    head = {key: item for key, item in value.items() if key != "clips"}
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value["clips"])
    text = json.dumps(head, ensure_ascii=False)[:-1] + ', "clips": [\n' + lines + "\n]}\n"
    path.write_text(text, "utf-8")
    say(f"wrote {path.name} ({path.stat().st_size} bytes)")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--audioeval", type=pathlib.Path, required=True, help="the pytest-audioeval wheel")
    parser.add_argument("--moonshine", type=pathlib.Path, required=True, help="the moonshine-voice wheel")
    for name in ("tiny.en", "base"):
        parser.add_argument(f"--{name}", nargs=2, required=True, metavar=("SOURCE", "FP32_BUNDLE"))
    return parser.parse_args()


def main():
    options = arguments()
    versions = {name: importlib.metadata.version(name) for name in VERSIONS}
    found = [(entry, audio, log_mel(audio)) for entry, audio in clips(options.audioeval, options.moonshine)]
    signal = synthetic()
    mel = log_mel(signal)
    rest = float(mel[0, -1])
    if not np.all(mel[:, SYNTHETIC_FRAMES:] == np.float32(rest)):
        raise AssertionError("the synthetic signal is not silent after its end")
    error = max(float(np.abs(log_mel(audio) - mel_double(audio)).max()) for audio in (signal, found[0][1]))
    signal.astype("<f4").tofile(options.out / "synthetic_16k.f32")
    mel[:, :SYNTHETIC_FRAMES].astype("<f4").tofile(options.out / "synthetic_mel.f32")
    entries = [{**entry, "mel": mel_samples(mel, index)} for index, (entry, _, mel) in enumerate(found)]
    shape = {"shape": [80, SYNTHETIC_FRAMES], "rest": rest, "errorAgainstDoublePrecision": error}
    write(options.out / "whisper_mel.json", {"versions": versions, "synthetic": shape, "clips": entries})
    decoded = []
    for name in ("tiny.en", "base"):
        source, bundle = getattr(options, name)
        ear, graphs = CTranslate2Ear(source, bundle), Graphs(bundle)
        for entry, _, mel in found:
            if ear.config["multilingual"] or entry["language"] == "en":
                decoded.append({"model": name, **decode(ear, graphs, entry, mel)})
        say(f"decoded with {name}")
    write(options.out / "tokens.json", {"versions": versions, "decoding": "greedy, no timestamps", "clips": decoded})


if __name__ == "__main__":
    run(main)
