#!/usr/bin/env python3
"""Decodes the clips with hotwords by FunASR's own runtime and by NumPy and ONNX Runtime; writes what was heard as JSON.

Four lists of hotwords for each clip: none of its words, some of them, 60 words, and none at all (which FunASR's runtime
cannot be asked). Fails when the two differ, or when hotwords change nothing. Needs requirements-small.txt and the
wheel of funasr-onnx 0.4.3.
"""
import argparse
import json
import pathlib
import random
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import numpy as np  # noqa: E402

import kaldi_features  # noqa: E402
import oracle_records  # noqa: E402
import speech_clips  # noqa: E402
from ear_parts import margins, session  # noqa: E402
from funasr_bundle import kaldi_network  # noqa: E402
from paraformer_ear import OfflineEar  # noqa: E402
from preparation import PreparationError, run, say  # noqa: E402

ROW, SOS, EOS = 10, 1, 2
MANY = 60
#: A record with two tokens nearer than this is left out: rounding may decide. The weak part for hotwords is often near.
SMALLEST_MARGIN = 0.01
#: As FunASR's WavFrontend is configured for its models, without noise.
CONFIG = """frontend_conf: {fs: 16000, window: hamming, n_mels: 80, frame_length: 25, frame_shift: 10, lfr_m: 7,
  lfr_n: 6, dither: 0.0}
model_conf: {predictor_bias: 1}
"""


class HotwordEar(OfflineEar):
    """An offline Paraformer with an encoder of hotwords, each of which is a list of tokens."""

    def __init__(self, folder):
        super().__init__(folder)
        self.encoder = session(folder / "model_eb.onnx")

    def encode(self, words):
        """The row of each word's last token, and that of none of them: [1, n + 1, D]."""
        words = [*words, [SOS]]
        rows = np.zeros((len(words), ROW), np.int32)
        for row, word in zip(rows, words):
            row[: len(word)] = word
        encoded = self.encoder.run(None, {self.encoder.get_inputs()[0].name: rows})[0]
        return np.stack([encoded[len(word) - 1, index] for index, word in enumerate(words)])[None]

    def hear_words(self, samples, words):
        rows = ((kaldi_features.stacked(kaldi_features.log_mel(samples)) + self.shift) * self.scale).astype(np.float32)
        names = [port.name for port in self.session.get_inputs()]
        values = [rows[None], np.array([len(rows)], np.int32), self.encode(words)]
        scores = self.session.run(None, dict(zip(names, values)))[0][0]
        ids = [int(token) for token in scores.argmax(axis=-1)]
        return ids[: ids.index(EOS)] if EOS in ids else ids, float(margins(scores).min())


def runtime(folder, ear, wheel, work):
    """FunASR's runtime over the same files, in the layout that it wants."""
    sys.path.insert(0, str(wheel))
    from funasr_onnx import SeacoParaformer, paraformer_bin

    # Its text refuses scripts that it does not know; what it heard is compared token by token.
    paraformer_bin.sentence_postprocess = lambda tokens, times=None: (tokens, times, None)
    for name in ("model.onnx", "model_eb.onnx"):
        (work / name).symlink_to((folder / name).resolve())
    (work / "config.yaml").write_text(CONFIG)
    (work / "tokens.json").write_text(json.dumps(ear.tokens), "utf-8")
    (work / "am.mvn").write_text(kaldi_network(list(map(float, ear.shift)), list(map(float, ear.scale))))
    return SeacoParaformer(str(work), intra_op_num_threads=1)


def lists(clip_tokens, namesake, chance, others):
    """Hotwords in namesakes: of other clips, of this one, many; and none."""
    def phrases(texts, count):
        found = []
        for _ in range(count):
            text = chance.choice(texts)
            size = min(len(text), chance.randint(1, 3))
            start = chance.randint(0, len(text) - size)
            found.append([namesake[token] for token in text[start : start + size]])
        return found

    return {
        "others": phrases(others, 7), "own": phrases([clip_tokens], 2) + phrases(others, 5),
        "many": phrases([clip_tokens], 3) + phrases(others, MANY - 3), "none": [],
    }


def record(clip, kind, words, ear, model):
    ids, margin = ear.hear_words(clip.samples, words)
    phrases = ["".join(ear.tokens[token] for token in word) for word in words]
    heard = model(clip.samples, " ".join(phrases))[0]["raw_tokens"] if phrases else None
    tokens = [ear.tokens[token] for token in ids]
    return {
        "clip": clip.name, "list": kind, "hotwords": phrases, "tokens": tokens, "ids": ids, "text": " ".join(tokens),
        "margin": round(margin, 4), "agrees": heard is None or heard == tokens,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="directory with model.onnx, model_eb.onnx and tokens.txt")
    parser.add_argument("out", type=pathlib.Path, help="the JSON file to write")
    parser.add_argument("--funasr-onnx", type=pathlib.Path, required=True, help="the wheel of funasr-onnx 0.4.3")
    speech_clips.add_argument(parser)
    options = parser.parse_args()
    ear, chance = HotwordEar(options.model), random.Random(6)
    # The first namesake is that of token 3; namesakes go on in the order of the tokens.
    first = next(index for index, token in enumerate(ear.tokens) if 0x3400 <= ord(token[0]) < 0x4E00)
    namesake = {token: token + first - 3 for token in range(3, first)}
    records = []
    with tempfile.TemporaryDirectory() as work:
        model = runtime(options.model, ear, options.funasr_onnx, pathlib.Path(work))
        clips = speech_clips.read_clips(options.audioeval)
        plain = {clip.name: ear.hear_words(clip.samples, [])[0] for clip in clips}
        if wrong := [name for name, ids in plain.items() if not ids or max(ids) >= first]:
            raise PreparationError(f"without hotwords, {', '.join(wrong)} are not heard as they are: train longer")
        for clip in clips:
            others = [ids for name, ids in plain.items() if name != clip.name]
            for kind, words in lists(plain[clip.name], namesake, chance, others).items():
                records.append(record(clip, kind, words, ear, model))
    sure = [record for record in records if record["margin"] >= SMALLEST_MARGIN]
    oracle_records.judge(sure, {})
    changed = sum(record["ids"] != plain[record["clip"]] for record in sure)
    if changed < len(clips):
        raise PreparationError(f"hotwords change {changed} of {len(sure)} texts: this model has learned nothing")
    say(f"hotwords change {changed} of {len(sure)} texts; {len(records) - len(sure)} left to rounding")
    head = oracle_records.header(options.model, ["model.onnx", "model_eb.onnx", "tokens.txt"])
    oracle_records.write(options.out, head | {"smallestMargin": SMALLEST_MARGIN}, sure)


if __name__ == "__main__":
    run(main)
