#!/usr/bin/env python3
"""Trains a small SenseVoice on 27 clips: model.onnx, model.int8.onnx and tokens.txt as sherpa-onnx publishes them.

FunASR's own classes at width 128. The language asked for and punctuation change what it says, so that a wrong number of
a query shows in the result. Needs requirements-small.txt; half a minute of training.
"""
import argparse
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import torch  # noqa: E402
from funasr.models.sense_voice.model import SenseVoiceSmall  # noqa: E402
from torch.nn import functional  # noqa: E402

import kaldi_features  # noqa: E402
import small_model  # noqa: E402
from preparation import run  # noqa: E402
from speech_clips import read_clips  # noqa: E402

#: Rows of the table of queries (FunASR, SenseVoiceSmall: lid_dict, textnorm_dict).
LANGUAGES = {"auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12, "nospeech": 13}
WITH_ITN, WITHOUT_ITN = 14, 15
EVENT, EMOTION = 1, 2
QUERIES = 4
#: Languages that a clip is asked for in training; half of the time none is.
ASKED = [0, 0, 0, 3, 4, 7, 11, 12]
TAGS = ["<|zh|>", "<|en|>", "<|yue|>", "<|ja|>", "<|ko|>", "<|nospeech|>"]
TAGS += ["<|NEUTRAL|>", "<|Speech|>", "<|withitn|>", "<|woitn|>"]
STEPS = 220
#: Tokens of the published model.
FULL_VOCABULARY = 25055


class Lessons:
    """The clips as normalized features and numbers of tokens."""

    def __init__(self, clips):
        self.clips = clips
        texts = [small_model.pieces_with_marks(clip.text) for clip in clips]
        self.tokens = ["<unk>", "<s>", "</s>", *sorted({piece for text in texts for piece in text}), ".", "。", *TAGS]
        self.ids = {token: index for index, token in enumerate(self.tokens)}
        self.texts = [[self.ids[piece] for piece in text] for text in texts]
        rows = [kaldi_features.stacked(kaldi_features.log_mel(clip.samples)) for clip in clips]
        self.shift, self.scale = kaldi_features.normalization(rows)
        self.features = [torch.from_numpy((row + self.shift) * self.scale) for row in rows]
        self.lengths = torch.tensor([len(row) for row in rows], dtype=torch.int32)

    def tags(self, clip, language, norm):
        """The first four rows: the language asked for, or the clip's own; emotion; event; punctuation."""
        own = clip.language if f"<|{clip.language}|>" in self.ids else "en"
        name = own if language == 0 else {row: name for name, row in LANGUAGES.items()}[language]
        names = [f"<|{name}|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>" if norm == WITH_ITN else "<|woitn|>"]
        return [self.ids[name] for name in names]

    def text(self, index, norm):
        mark = "。" if self.clips[index].language in ("zh", "ja") else "."
        return self.texts[index] + ([self.ids[mark]] if norm == WITH_ITN else [])

    def draw(self):
        """Random queries for every clip, and what is to be said then."""
        asked = [(random.choice(ASKED), random.choice([WITH_ITN, WITHOUT_ITN])) for _ in self.clips]
        tags = [self.tags(clip, *query) for clip, query in zip(self.clips, asked)]
        texts = [self.text(index, norm) for index, (_, norm) in enumerate(asked)]
        return torch.tensor(asked), torch.tensor(tags), texts


class Network(torch.nn.Module):
    """The interface of the published graph: features, their length and two queries; raw scores of tokens."""

    def __init__(self, options, vocabulary):
        super().__init__()
        settings = small_model.encoder_settings(options) | {
            "tp_blocks": options.second_blocks, "input_layer": "pe", "pos_enc_class": "SinusoidalPositionEncoder",
        }
        self.inner = SenseVoiceSmall(
            encoder="SenseVoiceEncoderSmall", encoder_conf=settings, input_size=560, vocab_size=vocabulary,
            ctc_conf={"dropout_rate": 0.0},
        )

    def forward(self, x, x_length, language, text_norm):
        table = self.inner.embed
        # The size at run time, not that of the traced example.
        middle = table(torch.tensor([[EVENT, EMOTION]])).repeat(x.size(0), 1, 1)
        rows = torch.cat([table(language)[:, None], middle, table(text_norm)[:, None], x], 1)
        hidden, _ = self.inner.encoder(rows, x_length + QUERIES)
        return self.inner.ctc.ctc_lo(hidden)


def train(network, lessons, options):
    """Cross-entropy on the four tags, connectionist temporal classification on the rest, as FunASR trains it."""
    features, lengths = small_model.pad(lessons.features), lessons.lengths

    def loss():
        asked, tags, texts = lessons.draw()
        noisy = features + small_model.NOISE * torch.randn_like(features)
        scores = network(noisy, lengths, asked[:, 0], asked[:, 1])
        rich = functional.cross_entropy(scores[:, :QUERIES].reshape(-1, scores.size(2)), tags.reshape(-1))
        spoken = functional.ctc_loss(
            scores[:, QUERIES:].log_softmax(-1).transpose(0, 1), torch.tensor(sum(texts, [])), lengths.long(),
            torch.tensor([len(text) for text in texts]), zero_infinity=True,
        )
        return rich + spoken, {"tags": rich, "text": spoken}

    small_model.fit(network, options, loss)


def metadata(lessons):
    return {
        "lfr_window_size": kaldi_features.STACKED, "lfr_window_shift": kaldi_features.STEP, "normalize_samples": 0,
        "neg_mean": small_model.listing(lessons.shift), "inv_stddev": small_model.listing(lessons.scale),
        "model_type": "sense_voice_ctc", "version": 2, "vocab_size": len(lessons.tokens), "comment": "small test model",
        "with_itn": WITH_ITN, "without_itn": WITHOUT_ITN, **{f"lang_{name}": row for name, row in LANGUAGES.items()},
    }


def make(options, folder):
    small_model.seed()
    lessons = Lessons(read_clips(options.audioeval))
    lessons.tokens = small_model.extended(lessons.tokens, options, FULL_VOCABULARY)
    network = Network(options, len(lessons.tokens))
    if options.steps:
        train(network, lessons, options)
    network.eval()
    example = (
        torch.randn(2, 100, 560), torch.tensor([80, 100], dtype=torch.int32),
        torch.tensor([0, 3], dtype=torch.int32), torch.tensor([WITH_ITN, WITHOUT_ITN], dtype=torch.int32),
    )
    batch = {0: "N"}
    small_model.export(
        network, example, folder / "model.onnx",
        input_names=["x", "x_length", "language", "text_norm"], output_names=["logits"],
        dynamic_axes={
            "x": {0: "N", 1: "T"}, "x_length": batch, "language": batch, "text_norm": batch,
            "logits": {0: "N", 1: "T"},
        },
    )
    small_model.write_tokens(folder / "tokens.txt", lessons.tokens)
    small_model.finish(folder, ["model.onnx"], metadata(lessons), options, unsigned=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    small_model.add_arguments(parser, STEPS)
    options = parser.parse_args()
    small_model.check(options)
    small_model.cached(__file__, options, lambda folder: make(options, folder))


if __name__ == "__main__":
    run(main)
