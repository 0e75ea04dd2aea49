#!/usr/bin/env python3
"""Trains a small offline Paraformer on 27 clips: model.onnx, model.int8.onnx, tokens.txt as sherpa-onnx publishes them.

FunASR's own classes and loss at width 128. Needs requirements-small.txt; about 40 s of training.
"""
import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import torch  # noqa: E402
import funasr.models.paraformer.decoder  # noqa: E402, F401  registers the decoder's class
import funasr.models.sanm.encoder  # noqa: E402, F401  registers the encoder's class
from funasr.models.paraformer.export_meta import export_rebuild_model  # noqa: E402
from funasr.models.paraformer.model import Paraformer  # noqa: E402

import kaldi_features  # noqa: E402
import small_model  # noqa: E402
from preparation import run  # noqa: E402
from small_paraformer import FULL_VOCABULARY, Vocabulary, decoder_settings, predictor_settings, prepare  # noqa: E402
from speech_clips import read_clips  # noqa: E402

STEPS = 300
LONGEST = 512


class Lessons(Vocabulary):
    """The clips as normalized features and numbers of tokens."""

    def __init__(self, clips):
        super().__init__(clips)
        rows = [kaldi_features.stacked(kaldi_features.log_mel(clip.samples)) for clip in clips]
        self.shift, self.scale = kaldi_features.normalization(rows)
        self.features = small_model.pad([torch.from_numpy((row + self.shift) * self.scale) for row in rows])
        self.rows = torch.tensor([len(row) for row in rows])


def classes(vocabulary):
    return {
        "encoder": "SANMEncoder", "decoder": "ParaformerSANMDecoder", "predictor": "CifPredictorV2",
        "input_size": 560, "vocab_size": vocabulary,
    }


def network(options, vocabulary):
    encoder = small_model.encoder_settings(options) | {
        "input_layer": "pe", "pos_enc_class": "SinusoidalPositionEncoder",
    }
    return Paraformer(
        **classes(vocabulary), ctc_weight=0.0, predictor_weight=1.0, sampling_ratio=0.0, length_normalized_loss=True,
        # Teaches the end of the sentence: a decoder that reads rows beyond a short utterance of a batch stops there.
        predictor_bias=1,
        encoder_conf=encoder, decoder_conf=decoder_settings(options, 0), predictor_conf=predictor_settings(options),
    )


def train(model, lessons, options):
    count = len(lessons.rows)

    def loss():
        order = torch.randperm(count)
        noise = small_model.NOISE * torch.randn_like(lessons.features)
        total, figures, _ = model(
            lessons.features[order] + noise, lessons.rows[order], lessons.padded[order], lessons.lengths[order]
        )
        return total, {name: figures[name] for name in ("loss_att", "loss_pre", "acc")}

    small_model.fit(model, options, loss)


def metadata(lessons):
    return {
        "lfr_window_size": kaldi_features.STACKED, "lfr_window_shift": kaldi_features.STEP,
        "neg_mean": small_model.listing(lessons.shift), "inv_stddev": small_model.listing(lessons.scale),
        "model_type": "paraformer", "version": 1, "vocab_size": len(lessons.tokens), "comment": "small test model",
    }


def make(options, folder):
    small_model.seed()
    lessons = Lessons(read_clips(options.audioeval))
    lessons.tokens = small_model.extended(lessons.tokens, options, FULL_VOCABULARY)
    model = network(options, len(lessons.tokens))
    prepare(model, options, lambda: train(model, lessons, options))
    graph = export_rebuild_model(model, device="cpu", max_seq_len=LONGEST, **classes(len(lessons.tokens))).eval()
    # Two rows of real speech: of noise no token may fire, and the traced graph would lack what makes tokens.
    example = (lessons.features[:2, :30], torch.tensor([16, 30], dtype=torch.int32))
    small_model.export(
        graph, example, folder / "model.onnx", input_names=graph.export_input_names(),
        output_names=graph.export_output_names(), dynamic_axes=graph.export_dynamic_axes(),
    )
    small_model.write_tokens(folder / "tokens.txt", lessons.tokens)
    small_model.finish(folder, ["model.onnx"], metadata(lessons), options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    small_model.add_arguments(parser, STEPS)
    options = parser.parse_args()
    small_model.check(options)
    small_model.cached(__file__, options, lambda folder: make(options, folder))


if __name__ == "__main__":
    run(main)
