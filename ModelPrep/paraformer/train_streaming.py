#!/usr/bin/env python3
"""Trains a small streaming Paraformer on 27 clips: encoder.onnx, decoder.onnx, their int8 sisters and tokens.txt.

It learns on the very windows that a stream is decoded in: 18 rows, of which 5 are context to the left and 3 to the
right. Needs requirements-small.txt; about 70 s of training.
"""
import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import torch  # noqa: E402
import funasr.models.paraformer.decoder  # noqa: E402, F401  registers the decoder's class
import funasr.models.scama.encoder  # noqa: E402, F401  registers the encoder's class
from funasr.models.paraformer.cif_predictor import cif_v1  # noqa: E402
from funasr.models.paraformer_streaming.export_meta import export_rebuild_model  # noqa: E402
from funasr.models.paraformer_streaming.model import ParaformerStreaming  # noqa: E402
from torch.nn import functional  # noqa: E402

import kaldi_features  # noqa: E402
import small_model  # noqa: E402
from preparation import PreparationError, run, say  # noqa: E402
from small_paraformer import FULL_VOCABULARY, Vocabulary, decoder_settings, predictor_settings, prepare  # noqa: E402
from speech_clips import read_clips, with_silence  # noqa: E402

STEPS = 160
ROWS, FIRST_LIVE, LAST_LIVE = 18, 5, 15
LIVE = LAST_LIVE - FIRST_LIVE
#: Seconds of silence after each clip. Short: the last token must fire in time. Long: silence fires nothing.
TAILS = (0.7, 2.0)
#: What the weights of an utterance add up to beyond its tokens, so that the last one fires without any tail.
SURPLUS = 0.4
QUANTITY = 0.3


class Lessons(Vocabulary):
    """Every clip twice, with a short and a long silence, as windows [clips, windows, 18, 560]."""

    def __init__(self, clips, width):
        super().__init__(clips * len(TAILS))
        frames = [
            kaldi_features.log_mel(with_silence(clip.samples, tail)) for tail in TAILS for clip in clips
        ]
        silence = [int(tail * 100) for tail in TAILS for _ in clips]
        spoken = [kaldi_features.stacked_whole(rows[:-cut]) for rows, cut in zip(frames, silence)]
        self.shift, self.scale = kaldi_features.normalization(spoken)
        chunks = kaldi_features.Chunks(self.shift, self.scale, width)
        windows = [torch.stack([torch.from_numpy(window) for window in chunks.windows(rows)]) for rows in frames]
        self.windows = small_model.pad(windows)
        self.counts = torch.tensor([len(window) for window in windows])
        self.live = (torch.arange(self.windows.size(1))[None] < self.counts[:, None]).float()


def classes(vocabulary):
    return {
        "encoder": "SANMEncoderChunkOpt", "decoder": "ParaformerSANMDecoder", "predictor": "CifPredictorV2",
        "input_size": 560, "vocab_size": vocabulary,
    }


def network(options, vocabulary):
    encoder = small_model.encoder_settings(options) | {
        "input_layer": "pe_online", "chunk_size": [12, 15], "stride": [8, 10], "pad_left": [0, 0],
        "encoder_att_look_back_factor": [4, 4], "decoder_att_look_back_factor": [1, 1],
    }
    return ParaformerStreaming(
        **classes(vocabulary), ctc_weight=0.0, encoder_conf=encoder, decoder_conf=decoder_settings(options, 5),
        predictor_conf=predictor_settings(options),
    )


def encode(model, windows):
    """Hidden rows and weights of windows [n, 18, 560], as the exported encoder computes them."""
    encoder, predictor = model.encoder, model.predictor
    everything = torch.ones(windows.size(0), 1, ROWS)
    hidden = encoder.after_norm(encoder.encoders(encoder.encoders0(windows, everything)[0], everything)[0])
    mixed = torch.relu(predictor.cif_conv1d(predictor.pad(hidden.transpose(1, 2)))).transpose(1, 2)
    return hidden, torch.sigmoid(predictor.cif_output(mixed)).squeeze(-1)


def chunk_of_token(weights, tokens):
    """The window in which each token fires, [clips, tokens]."""
    sums, wholes = weights.cumsum(1).detach(), torch.arange(1, tokens + 1)
    fired = (sums[:, None] < wholes[None, :, None]).sum(-1)
    return fired.clamp(max=weights.size(1) - 1) // LIVE


def train(model, lessons, options):
    clips, windows = lessons.windows.shape[:2]
    tokens = int(lessons.lengths.max())
    wanted = lessons.lengths + SURPLUS
    loudness = small_model.NOISE * options.width**0.5

    def loss():
        noisy = lessons.windows + loudness * torch.randn_like(lessons.windows)
        hidden, weights = encode(model, noisy.reshape(-1, ROWS, 560))
        hidden = hidden.reshape(clips, windows, ROWS, options.width)
        weights = weights.reshape(clips, windows, ROWS) * lessons.live[..., None]
        weights = weights[:, :, FIRST_LIVE:LAST_LIVE].reshape(clips, -1)
        quantity = (weights.sum(1) - wanted).abs().mean()
        weights = weights * (wanted / weights.sum(1))[:, None]
        inner = hidden[:, :, FIRST_LIVE:LAST_LIVE].reshape(clips, -1, options.width)
        fired = cif_v1(inner, weights, 1.0)[0][:, :tokens]
        # A token sees the window that it fires in, and nothing else: the decoder is called once for each window.
        window = torch.arange(windows * ROWS)[None, None] // ROWS
        mask = (window == chunk_of_token(weights, tokens)[..., None]).float()
        memory = hidden.reshape(clips, windows * ROWS, options.width)
        lengths = torch.full((clips,), windows * ROWS)
        scores, _ = model.decoder(memory, lengths, fired, lessons.lengths, chunk_mask=mask)
        target = lessons.padded[:, :tokens]
        text = functional.cross_entropy(scores.reshape(-1, scores.size(2)), target.reshape(-1), ignore_index=-1)
        right = ((scores.argmax(-1) == target) & (target >= 0)).sum() / lessons.lengths.sum()
        return text + QUANTITY * quantity, {"text": text, "quantity": quantity, "right": right}

    small_model.fit(model, options, loss)


def check_export(model, encoder, lessons, before):
    """The exported modules compute what was trained."""
    windows = lessons.windows[0, : lessons.counts[0]]
    with torch.no_grad():
        hidden, _, weights = encoder(windows, torch.full((len(windows),), ROWS, dtype=torch.int32))
    error = max(float((new - old).abs().max()) for new, old in zip((hidden, weights), before))
    say(f"exported modules differ by {error:.1e} from those that were trained")
    if error > 1e-5:
        raise PreparationError("the exported modules compute something else than was trained")


def metadata(lessons, options):
    return {
        "lfr_window_size": kaldi_features.STACKED, "lfr_window_shift": kaldi_features.STEP,
        "encoder_output_size": options.width, "decoder_num_blocks": options.decoder_blocks, "decoder_kernel_size": 11,
        "neg_mean": small_model.listing(lessons.shift), "inv_stddev": small_model.listing(lessons.scale),
        "model_type": "paraformer", "version": 1, "vocab_size": len(lessons.tokens), "comment": "small test model",
    }


def make(options, folder):
    small_model.seed()
    lessons = Lessons(read_clips(options.audioeval), options.width)
    lessons.tokens = small_model.extended(lessons.tokens, options, FULL_VOCABULARY)
    model = network(options, len(lessons.tokens))
    prepare(model, options, lambda: train(model, lessons, options))
    with torch.no_grad():
        before = encode(model, lessons.windows[0, : lessons.counts[0]])
    encoder, decoder = (part.eval() for part in export_rebuild_model(model, **classes(len(lessons.tokens))))
    check_export(model, encoder, lessons, before)
    example = (lessons.windows[:2, 0], torch.tensor([12, ROWS], dtype=torch.int32))
    for name, part, inputs in (("encoder", encoder, example), ("decoder", decoder, decoder.export_dummy_inputs())):
        small_model.export(
            part, inputs, folder / f"{name}.onnx", input_names=part.export_input_names(),
            output_names=part.export_output_names(), dynamic_axes=part.export_dynamic_axes(),
        )
    small_model.write_tokens(folder / "tokens.txt", lessons.tokens)
    small_model.finish(folder, ["encoder.onnx", "decoder.onnx"], metadata(lessons, options), options)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    small_model.add_arguments(parser, STEPS)
    options = parser.parse_args()
    small_model.check(options)
    small_model.cached(__file__, options, lambda folder: make(options, folder))


if __name__ == "__main__":
    run(main)
