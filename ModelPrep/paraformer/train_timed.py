#!/usr/bin/env python3
"""Trains a small Paraformer that tells when its tokens begin: model.onnx, model.int8.onnx, tokens.txt as published.

FunASR's BiCifParaformer at width 128: a second predictor, at three times the rate of the rows, gives the graph two more
outputs, `us_alphas` and `us_cif_peak`. Needs requirements-small.txt.
"""
import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import torch  # noqa: E402
import funasr.models.bicif_paraformer.cif_predictor  # noqa: E402, F401  registers the predictor's class
import funasr.models.paraformer.decoder  # noqa: E402, F401  registers the decoder's class
import funasr.models.sanm.encoder  # noqa: E402, F401  registers the encoder's class
from funasr.models.bicif_paraformer.export_meta import export_rebuild_model  # noqa: E402
from funasr.models.bicif_paraformer.model import BiCifParaformer  # noqa: E402

import small_model  # noqa: E402
from preparation import PreparationError, run  # noqa: E402
from small_paraformer import decoder_settings, predictor_settings  # noqa: E402
from speech_clips import read_clips  # noqa: E402
from train_small import LONGEST, Lessons, metadata, train  # noqa: E402

STEPS = 300
#: The second predictor as in the published model.
PREDICTOR = {
    "smooth_factor2": 0.25, "noise_threshold2": 0.01, "upsample_times": 3, "upsample_type": "cnn_blstm",
    "use_cif1_cnn": False,
}


def classes(vocabulary):
    return {
        "encoder": "SANMEncoder", "decoder": "ParaformerSANMDecoder", "predictor": "CifPredictorV3",
        "input_size": 560, "vocab_size": vocabulary,
    }


def network(options, vocabulary):
    encoder = small_model.encoder_settings(options) | {
        "input_layer": "pe", "pos_enc_class": "SinusoidalPositionEncoder",
    }
    return BiCifParaformer(
        **classes(vocabulary), ctc_weight=0.0, predictor_weight=1.0, predictor_bias=1, sampling_ratio=0.0,
        length_normalized_loss=True, encoder_conf=encoder, decoder_conf=decoder_settings(options, 0),
        predictor_conf=predictor_settings(options) | PREDICTOR,
    )


def finish(path, properties, options):
    """As `small_model.finish`, which shortens names; those of this graph's loops have to stay."""
    if options.half:
        small_model.halve(path)
    small_model.set_metadata(path, properties)
    small_model.quantize(path)
    if options.half:
        small_model.pack(path)


def make(options, folder):
    small_model.seed()
    lessons = Lessons(read_clips(options.audioeval))
    model = network(options, len(lessons.tokens))
    train(model, lessons, options)
    graph = export_rebuild_model(model, device="cpu", max_seq_len=LONGEST, **classes(len(lessons.tokens))).eval()
    # Real speech: of noise no token may fire, and the traced graph would lack what makes tokens.
    example = (lessons.features[:2, :30], torch.tensor([16, 30], dtype=torch.int32))
    small_model.export(
        graph, example, folder / "model.onnx", input_names=graph.export_input_names(),
        output_names=graph.export_output_names(), dynamic_axes=graph.export_dynamic_axes(),
    )
    small_model.write_tokens(folder / "tokens.txt", lessons.tokens)
    finish(folder / "model.onnx", metadata(lessons), options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    small_model.add_arguments(parser, STEPS)
    options = parser.parse_args()
    small_model.check(options)
    if options.full_size:
        raise PreparationError("--full-size has no second predictor; use train_small.py")
    small_model.cached(__file__, options, lambda folder: make(options, folder))


if __name__ == "__main__":
    run(main)
