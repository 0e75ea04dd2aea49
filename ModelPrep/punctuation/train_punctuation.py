#!/usr/bin/env python3
"""Trains a small CT-Transformer that puts marks into Chinese and English text: model.onnx as sherpa-onnx publishes it.

FunASR's own class at width 64, taught with the sentences of sentences.txt in all orders. Needs requirements-small.txt.
"""
import argparse
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import torch  # noqa: E402
import funasr.models.sanm.encoder  # noqa: E402, F401  registers the encoder's class
from funasr.models.ct_transformer.export_meta import export_rebuild_model  # noqa: E402
from funasr.models.ct_transformer.model import CTTransformer  # noqa: E402

import punctuation_text  # noqa: E402
import small_model  # noqa: E402
from preparation import PreparationError, run, say, sha256  # noqa: E402

SENTENCES = pathlib.Path(__file__).resolve().parent / "sentences.txt"
#: Marks in the order of the published model.
MARKS = ["<unk>", "_", "，", "。", "？", "、"]
WRITTEN = {"，": 2, ",": 2, "。": 3, ".": 3, "？": 4, "?": 4, "、": 5}
NONE, COMMA = 1, 2
UNKNOWN = "<unk>"
STEPS, BATCH, LONGEST = 400, 24, 260
#: Texts without any end: digits with a comma after each nine, so that the cut of long sentences is met.
DIGITS = "零一二三四五六七八九"


def lesson(line):
    """Tokens of a sentence without its marks, and the mark behind each."""
    tokens, marks = [], []
    for token in punctuation_text.split(line):
        if token in WRITTEN:
            marks[-1] = WRITTEN[token]
        else:
            tokens.append(token.lower())
            marks.append(NONE)
    return tokens, marks


class Lessons:
    """Random texts of known sentences, and the numbers of their tokens."""

    def __init__(self):
        self.sentences = [lesson(line) for line in SENTENCES.read_text("utf-8").splitlines() if line]
        known = {token for tokens, _ in self.sentences for token in tokens} | set(DIGITS)
        self.tokens = [UNKNOWN, *sorted(known)]
        self.ids = {token: index for index, token in enumerate(self.tokens)}

    def text(self):
        """Sentences one after another, some words unknown, maybe cut at the start; or digits."""
        if random.random() < 0.1:
            tokens = random.choices(DIGITS, k=random.randint(1, LONGEST))
            return tokens, [COMMA if token == DIGITS[-1] else NONE for token in tokens]
        tokens, marks = [], []
        for _ in range(random.randint(1, 6)):
            sentence = random.choice(self.sentences)
            tokens, marks = tokens + sentence[0], marks + sentence[1]
        tokens = [UNKNOWN if random.random() < 0.02 else token for token in tokens]
        start = random.randint(0, 3) if len(tokens) > 8 and random.random() < 0.3 else 0
        return tokens[start:], marks[start:]

    def batch(self):
        texts = [self.text() for _ in range(BATCH)]
        ids = [torch.tensor([self.ids[token] for token in tokens]) for tokens, _ in texts]
        marks = [torch.tensor(marks) for _, marks in texts]
        pad = torch.nn.utils.rnn.pad_sequence
        return pad(ids, True), torch.tensor([len(row) for row in ids]), pad(marks, True, -1)


def settings(options):
    """As FunASR's template for this model, but for the sizes."""
    encoder = {
        "input_size": options.width, "output_size": options.width, "attention_heads": 4,
        "linear_units": 2 * options.width, "num_blocks": options.blocks, "dropout_rate": 0.0,
        "positional_dropout_rate": 0.0, "attention_dropout_rate": 0.0, "input_layer": "pe",
        "pos_enc_class": "SinusoidalPositionEncoder", "normalize_before": True, "kernel_size": 11, "sanm_shfit": 0,
        "selfattention_layer_type": "sanm", "padding_idx": 0,
    }
    return {
        "encoder": "SANMEncoder", "encoder_conf": encoder, "punc_list": MARKS, "embed_unit": options.width,
        "att_unit": options.width, "dropout_rate": 0.0,
    }


def train(model, lessons, options):
    def loss():
        ids, lengths, marks = lessons.batch()
        scores = model.punc_forward(ids, lengths)[0]
        total = torch.nn.functional.cross_entropy(scores.flatten(0, 1), marks.flatten(), ignore_index=-1)
        right = (scores.argmax(-1) == marks)[marks >= 0].float().mean()
        return total, {"loss": total, "right": right}

    small_model.fit(model, options, loss)


def metadata(tokens):
    if any("|" in token for token in tokens):
        raise PreparationError("a token has a |, which stands between tokens")
    return {
        "tokens": "|".join(tokens), "punctuations": "|".join(MARKS), "unk_symbol": UNKNOWN, "vocab_size": len(tokens),
        "model_type": "ct_transformer", "comment": "small test model",
    }


def make(options):
    small_model.seed()
    lessons = Lessons()
    model = CTTransformer(vocab_size=len(lessons.tokens), **settings(options))
    train(model, lessons, options)
    graph = export_rebuild_model(model, **settings(options)).eval()
    path = options.out / "model.onnx"
    example = (torch.ones(1, 30, dtype=torch.int32), torch.tensor([30], dtype=torch.int32))
    small_model.export(
        graph, example, path, input_names=graph.export_input_names(), output_names=graph.export_output_names(),
        dynamic_axes=graph.export_dynamic_axes(),
    )
    if options.half:
        small_model.halve(path)
    small_model.set_metadata(path, metadata(lessons.tokens))
    small_model.quantize(path)
    if options.half:
        small_model.pack(path)
        small_model.shorten(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path, help="directory to write the model into, as sherpa-onnx publishes it")
    parser.add_argument("--steps", type=int, default=STEPS, help=f"training steps ({STEPS})")
    parser.add_argument("--width", type=int, default=64, help="width of the encoder, a multiple of 4 (64)")
    parser.add_argument("--blocks", type=int, default=2, help="blocks of the encoder (2)")
    parser.add_argument("--half", action="store_true", help="store weights in half precision: small enough to commit")
    options = parser.parse_args()
    if options.steps < 1 or options.width < 8 or options.width % 4 or options.blocks < 2:
        raise PreparationError("wants at least 1 step, 2 blocks and a width that 4 divides")
    options.out.mkdir(parents=True, exist_ok=True)
    make(options)
    for path in sorted(options.out.glob("*.onnx")):
        say(f"{path.name}: {path.stat().st_size} bytes, sha256 {sha256(path)}")


if __name__ == "__main__":
    run(main)
