#!/usr/bin/env python3
"""Measures the sound of a voice in rkvoice-stream's layout made in windows against the same made in one piece.

    oracle/bin/python ModelPrep/piper/seed_windows.py DIR/en_US Tests/ParityTests/Fixtures/piper_audio.json

Needs onnxruntime (requirements-oracle.txt) and a directory of seed_layout.py.
"""
import argparse
import json
import pathlib

import numpy as np
import onnx
import onnxruntime

#: What the voice's frames and windows have.
IDS, CHANNELS, FRAMES, HOP = 128, 192, 256, 256
OVERLAPS = (16, 24, 32, 40, 42, 43)
#: Noise, length and duration noise: one sentence at several paces makes a long sound.
SCALES = [(0.667, length, 0.8) for length in (1.0, 1.3, 1.6, 2.0)]


def flexible(path):
    """The decoder for any number of frames."""
    model = onnx.load(path)
    for value in [*model.graph.input, *model.graph.output]:
        value.type.tensor_type.shape.dim[-1].dim_param = "samples" if value.name == "audio" else "frames"
    return onnxruntime.InferenceSession(model.SerializeToString())


def encode(encoder, ids, scales):
    padded = np.zeros((1, IDS), np.int64)
    padded[0, : len(ids)] = ids
    inputs = {"input": padded, "input_lengths": np.array([len(ids)]), "scales": np.array(scales, np.float32)}
    z, mask = encoder.run(["z", "y_mask"], inputs)
    return z[:, :, : int(mask.sum())]


def decode(decoder, z, frames):
    inputs = {"z": np.zeros((1, CHANNELS, frames), np.float32), "mask": np.zeros((1, 1, frames), np.float32)}
    inputs["z"][:, :, : z.shape[2]] = z
    inputs["mask"][:, :, : z.shape[2]] = 1
    return decoder.run(["audio"], inputs)[0].ravel()


def windowed(decoder, z, overlap):
    """As WindowPlan.swift lays windows of one length: the last one is moved back until it is full."""
    total, start, sound = z.shape[2], 0, []
    while start < total:
        first = max(0, min(start - overlap, total - FRAMES))
        last = min(total, first + FRAMES)
        end = total if last == total else last - overlap
        samples = decode(decoder, z[:, :, first:last], FRAMES)
        sound.append(samples[(start - first) * HOP : (end - first) * HOP])
        start = end
    return np.concatenate(sound)


def report(name, seen, whole):
    error = np.abs(seen - whole)
    place = int(error.argmax())
    print(f"{name}: {len(seen)} samples, largest difference {error.max():.1e} at {place} of {len(whole)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voice", type=pathlib.Path, help="directory of one locale")
    parser.add_argument("golden", type=pathlib.Path, help="piper_audio.json, for its phoneme ids")
    options = parser.parse_args()
    encoder = onnxruntime.InferenceSession(options.voice / "encoder.onnx")
    fixed = onnxruntime.InferenceSession(options.voice / "flow_decoder.onnx")
    free = flexible(options.voice / "flow_decoder.onnx")
    cases = [case["ids"] for case in json.loads(options.golden.read_text())["cases"]]
    ids = max((ids for ids in cases if len(ids) <= IDS), key=len)
    sentences = [encode(encoder, ids, scales) for scales in SCALES]
    short, long = sentences[0], np.concatenate(sentences, axis=2)
    whole = decode(free, long, long.shape[2])
    for overlap in OVERLAPS:
        report(f"{long.shape[2]} frames, overlap {overlap}", windowed(fixed, long, overlap), whole)
    whole = decode(free, short, short.shape[2])
    report(f"{short.shape[2]} frames in one window", windowed(fixed, short, OVERLAPS[-1]), whole)


if __name__ == "__main__":
    main()
