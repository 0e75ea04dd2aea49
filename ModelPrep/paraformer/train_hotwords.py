#!/usr/bin/env python3
"""Trains a small Paraformer that listens for hotwords: model.onnx, model_eb.onnx, tokens.txt as FunASR exports them.

FunASR's SeacoParaformer. Each token of the clips has a namesake, a character of its own: where a hotword is written in
namesakes, the model learns to write these. So what was heard depends on the hotwords. Needs requirements-small.txt.
"""
import argparse
import pathlib
import random
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import torch  # noqa: E402
import funasr.models.bicif_paraformer.cif_predictor  # noqa: E402, F401  registers the predictor's class
import funasr.models.paraformer.decoder  # noqa: E402, F401  registers the decoder's class
import funasr.models.sanm.encoder  # noqa: E402, F401  registers the encoder's class
from funasr.models.bicif_paraformer.model import BiCifParaformer  # noqa: E402
from funasr.models.seaco_paraformer.export_meta import export_rebuild_model  # noqa: E402
from funasr.models.seaco_paraformer.model import SeacoParaformer  # noqa: E402

import small_model  # noqa: E402
from preparation import PreparationError, run, say  # noqa: E402
from small_paraformer import decoder_settings, predictor_settings  # noqa: E402
from speech_clips import read_clips  # noqa: E402
from train_small import LONGEST, Lessons, metadata, train  # noqa: E402
from train_timed import PREDICTOR, finish  # noqa: E402

STEPS = 150
#: Steps in which the part that knows hotwords is trained, everything else staying as it is.
HOTWORD_STEPS = 900
#: Namesakes are Chinese characters from here on that no clip has; the decoder's marks "no hotword here".
NAMESAKES, NO_HOTWORD = 0x3400, "<nobias>"
#: Tokens of a row of the encoder of hotwords, and rows of a lesson.
ROW, HOTWORDS = 10, 20
SOS, FILLER = 1, -1
#: Most tokens belong to no hotword: this is what each of them counts.
RARE = 0.2


class HotwordLessons(Lessons):
    """The clips, and random hotwords out of their texts with what is to be written then."""

    def __init__(self, clips):
        super().__init__(clips)
        *known, unknown = self.tokens
        self.count = len(known)
        names = [chr(NAMESAKES + index) for index in range(3, self.count)]
        self.tokens = [*known, *names, NO_HOTWORD, unknown]
        self.no_hotword = len(self.tokens) - 2
        for index, text in enumerate(self.texts):
            if int(text.max()) >= self.count:
                raise PreparationError(f"clip {index} has an unknown token")

    def namesake(self, token):
        return token + self.count - 3

    def phrases(self):
        """Runs of one to three tokens of some clips, or none."""
        found = []
        for text in random.sample(self.texts, random.choice([0, 1, HOTWORDS // 3, HOTWORDS])):
            size = min(len(text), random.randint(1, 3))
            start = random.randint(0, len(text) - size)
            found.append([int(token) for token in text[start : start + size]])
        return found

    def labels(self, phrases):
        """What the part for hotwords has to say: namesakes where a phrase stands, else that there is none."""
        marks = torch.full((len(self.texts), self.padded.shape[1] + 1), FILLER)
        for row, text in enumerate(self.texts):
            # The end of the sentence is no hotword either.
            marks[row, : len(text) + 1] = self.no_hotword
            text = [int(token) for token in text]
            for phrase in phrases:
                for at in range(len(text) - len(phrase) + 1):
                    if text[at : at + len(phrase)] == phrase:
                        marks[row, at : at + len(phrase)] = torch.tensor([self.namesake(token) for token in phrase])
        return marks

    def lesson(self):
        """Hotwords as rows with the row for none of them at the end, their lengths, and the labels."""
        phrases = self.phrases()
        rows = [[self.namesake(token) for token in phrase] for phrase in phrases] + [[SOS]]
        pad = torch.nn.utils.rnn.pad_sequence([torch.tensor(row) for row in rows], True)
        return pad, torch.tensor([len(row) for row in rows]), self.labels(phrases)


def classes(vocabulary):
    return {
        "encoder": "SANMEncoder", "decoder": "ParaformerSANMDecoder", "predictor": "CifPredictorV3",
        "seaco_decoder": "ParaformerSANMDecoder", "input_size": 560, "vocab_size": vocabulary,
    }


def network(options, lessons):
    encoder = small_model.encoder_settings(options) | {
        "input_layer": "pe", "pos_enc_class": "SinusoidalPositionEncoder",
    }
    # The published one has six blocks, the last of which tells which hotwords may be meant.
    hotwords = decoder_settings(options, 0) | {
        "num_blocks": 6, "att_layer_num": 6, "kernel_size": 21, "use_output_layer": False, "wo_input_layer": True,
    }
    return SeacoParaformer(
        **classes(len(lessons.tokens)), ctc_weight=0.0, predictor_weight=1.0, predictor_bias=1, sampling_ratio=0.0,
        length_normalized_loss=True, encoder_conf=encoder, decoder_conf=decoder_settings(options, 0),
        predictor_conf=predictor_settings(options) | PREDICTOR, seaco_decoder_conf=hotwords, inner_dim=options.width,
        NO_BIAS=lessons.no_hotword, train_decoder=False,
    )


def train_hotwords(model, lessons, options):
    """Trains the embedding of hotwords, their decoder and its output; the ear itself stays as it is."""
    for weight in model.parameters():
        weight.requires_grad_(False)
    for part in (model.bias_encoder, model.seaco_decoder, model.hotword_output_layer):
        part.requires_grad_(True)
    # Namesakes are said in no clip, so only hotwords use their rows.
    model.decoder.embed[0].weight.requires_grad_(True)
    lengths = lessons.lengths + 1
    ends = torch.nn.functional.pad(lessons.padded, (0, 1), value=FILLER)
    ends[torch.arange(len(ends)), lessons.lengths] = model.eos
    with torch.no_grad():
        encoded, rows = model.encode(lessons.features, lessons.rows)
        mask = (torch.arange(encoded.shape[1]) < rows[:, None])[:, None]
        fired = model.predictor(encoded, ends, mask, ignore_id=FILLER)[0]
        hidden = model.decoder(encoded, rows, fired, lengths, return_hidden=True)[0]
    weights = torch.ones(len(lessons.tokens))
    weights[lessons.no_hotword] = RARE

    def loss():
        words, counts, labels = lessons.lesson()
        selected = model._hotword_representation(words, counts).repeat(len(ends), 1, 1)
        sizes = torch.full((len(ends),), len(counts))
        heard = sum(
            model.seaco_decoder(selected, sizes, value + small_model.NOISE * torch.randn_like(value), lengths)[0]
            for value in (fired, hidden)
        )
        scores = model.hotword_output_layer(heard).flatten(0, 1)
        total = torch.nn.functional.cross_entropy(scores, labels.flatten(), weights, ignore_index=FILLER)
        named = (labels >= lessons.count) & (labels < lessons.no_hotword)
        right = (scores.argmax(-1).view_as(labels) == labels)[named].float().mean()
        return total, {"hotwords": total, "right": right}

    small_model.fit(model, argparse.Namespace(steps=options.hotword_steps, width=options.width), loss)


def make(options, folder):
    small_model.seed()
    lessons = HotwordLessons(read_clips(options.audioeval))
    model = network(options, lessons)
    forward, model.forward = model.forward, lambda *inputs: BiCifParaformer.forward(model, *inputs)
    train(model, lessons, options)
    model.forward = forward
    train_hotwords(model, lessons, options)
    settings = classes(len(lessons.tokens))
    ear, encoder = export_rebuild_model(model, device="cpu", max_seq_len=LONGEST, **settings)
    # FunASR's exporter writes the published model's number here.
    ear.NOBIAS = lessons.no_hotword
    # One hotword: the mask over hotwords is a constant of the trace, and only a mask of one fits all numbers.
    example = (
        lessons.features[:2, :30], torch.tensor([16, 30], dtype=torch.int32), torch.randn(2, 1, options.width),
    )
    small_model.export(
        ear.eval(), example, folder / "model.onnx", input_names=ear.export_input_names(),
        output_names=ear.export_output_names(), dynamic_axes=ear.export_dynamic_axes(),
    )
    small_model.export(
        encoder.eval(), (torch.ones(3, ROW, dtype=torch.int32),), folder / "model_eb.onnx",
        input_names=encoder.export_input_names(), output_names=encoder.export_output_names(),
        dynamic_axes=encoder.export_dynamic_axes(),
    )
    small_model.write_tokens(folder / "tokens.txt", lessons.tokens)
    finish(folder / "model.onnx", metadata(lessons), options)
    finish(folder / "model_eb.onnx", {}, options)
    say(f"{len(lessons.tokens)} tokens, {lessons.no_hotword} for no hotword")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    small_model.add_arguments(parser, STEPS)
    parser.add_argument("--hotword-steps", type=int, default=HOTWORD_STEPS, help=f"for hotwords ({HOTWORD_STEPS})")
    options = parser.parse_args()
    small_model.check(options)
    if options.full_size or options.hotword_steps < 1:
        raise PreparationError("trains a small model: no --full-size, and at least 1 step for hotwords")
    small_model.cached(__file__, options, lambda folder: make(options, folder))


if __name__ == "__main__":
    run(main)
