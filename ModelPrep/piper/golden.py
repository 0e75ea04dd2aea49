#!/usr/bin/env python3
"""Makes the golden data of the Piper parity tests.

  piper_ids.json    the sentences beside this script, with piper-tts' phonemes and ids
  piper_audio.json  samples of what the whole graph makes of five of them, without noise and with a given noise

Fails when the split graphs differ from the whole one. Needs requirements-oracle.txt.
"""
import argparse
import importlib.metadata
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
from piper import PiperVoice  # noqa: E402

from preparation import run, say  # noqa: E402

SAMPLES, NOISE_COLUMNS = 200, 50
#: A third of a step of 16 bits: convolutions over planes add in another order than the whole graph.
TOLERANCE = 1e-5
SCALES = np.array([0.667, 1.0, 0.8], np.float32)
VERSIONS = ("piper-tts", "onnxruntime", "numpy", "onnx")
#: Positions in sentences.txt of the sentences that are spoken, from one word to a long one.
SPOKEN = (23, 0, 11, 124, 199)
DURATION_NOISE, PRIOR_NOISE = "/dp/RandomNormalLike_output_0", "/RandomNormalLike_output_0"


def waves(shape, first):
    """A reproducible stand-in for noise: sin(first + k) of the flat index k."""
    return np.sin(first + np.arange(np.prod(shape), dtype=np.float64)).astype(np.float32).reshape(shape)


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def injectable(path):
    """The whole graph with its two noise generators turned into inputs."""
    model = onnx.load(path)
    kept = [node for node in model.graph.node if node.op_type != "RandomNormalLike"]
    for name, shape in ((DURATION_NOISE, [1, 2, "phonemes"]), (PRIOR_NOISE, [1, "channels", "frames"])):
        model.graph.input.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    del model.graph.node[:]
    model.graph.node.extend(kept)
    return session(model.SerializeToString())


def sampled(audio):
    """Length, peak and values at random places."""
    places = np.sort(np.random.default_rng(len(audio)).choice(len(audio), SAMPLES, replace=False))
    return {
        "samples": len(audio),
        "peak": round(float(np.abs(audio).max()), 7),
        "values": [[int(place), round(float(audio[place]), 7)] for place in places],
    }


class Speaker:
    """The whole graph and its two parts."""

    def __init__(self, voice, bundle):
        self.whole = injectable(voice)
        self.encoder, self.decoder = (session(str(bundle / f"{name}.onnx")) for name in ("encoder", "decoder"))
        self.channels = json.loads((bundle / "bundle.json").read_text("utf-8"))["config"]["latentChannels"]

    def speak(self, ids, scales):
        """Audio of both ways, which must agree, and the durations."""
        feed = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.asarray(scales, np.float32),
        }
        duration_noise = waves((1, 2, len(ids)), 0)
        prior_noise = waves((1, self.channels, NOISE_COLUMNS), 1)
        z, durations = self.encoder.run(None, {**feed, "duration_noise": duration_noise, "prior_noise": prior_noise})
        parts = self.decoder.run(None, {"z": z})[0].ravel()
        laid = prior_noise[:, :, np.arange(z.shape[2]) % NOISE_COLUMNS]
        whole = self.whole.run(None, {**feed, DURATION_NOISE: duration_noise, PRIOR_NOISE: laid})[0].ravel()
        error = float(np.abs(parts - whole).max()) if len(parts) == len(whole) else float("inf")
        if error > TOLERANCE:
            raise AssertionError(f"parts and whole differ by {error}")
        return whole, durations[0].tolist(), error


def audio_cases(speaker, texts):
    cases = []
    for text, ids in texts:
        quiet, durations, error = speaker.speak(ids, (0, 1, 0))
        noisy, noisy_durations, noisy_error = speaker.speak(ids, SCALES)
        cases.append({
            "text": text,
            "ids": ids,
            "quiet": {"durations": durations, **sampled(quiet)},
            "noisy": {"durations": noisy_durations, **sampled(noisy)},
            "errorOfParts": max(error, noisy_error),
        })
    return cases


def phonemize(voice, text):
    sentences = [["".join(phonemes), voice.phonemes_to_ids(phonemes)] for phonemes in voice.phonemize(text)]
    return {"text": text, "phonemes": [p for p, _ in sentences], "ids": [ids for _, ids in sentences]}


def write(path, head, key, entries):
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in entries)
    text = json.dumps(head, ensure_ascii=False)[:-1] + f', "{key}": [\n{lines}\n]}}\n'
    path.write_text(text, "utf-8")
    say(f"wrote {path.name} ({path.stat().st_size} bytes, {len(entries)} entries)")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voice", type=pathlib.Path, help="the voice's .onnx, its .onnx.json beside it")
    parser.add_argument("bundle", type=pathlib.Path, help="what split.py made of it")
    parser.add_argument("out", type=pathlib.Path)
    options = parser.parse_args()
    versions = {name: importlib.metadata.version(name) for name in VERSIONS}
    voice = PiperVoice.load(options.voice)
    texts = (pathlib.Path(__file__).parent / "sentences.txt").read_text("utf-8").splitlines()
    entries = [phonemize(voice, text) for text in texts]
    head = {"versions": versions, "voice": options.voice.stem, "espeakVoice": voice.config.espeak_voice}
    write(options.out / "piper_ids.json", head, "sentences", entries)
    spoken = [(entries[index]["text"], entries[index]["ids"][0]) for index in SPOKEN]
    noise = {
        "formula": "sin(first + k), k the flat index, in double precision",
        "durationNoise": {"first": 0, "shape": "[1, 2, ids]"},
        "priorNoise": {"first": 1, "columns": NOISE_COLUMNS},
        "noisyScales": SCALES.astype(float).round(3).tolist(),
    }
    cases = audio_cases(Speaker(options.voice, options.bundle), spoken)
    write(options.out / "piper_audio.json", {**head, "noise": noise}, "cases", cases)


if __name__ == "__main__":
    run(main)
