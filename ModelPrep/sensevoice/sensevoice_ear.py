"""SenseVoice by NumPy and ONNX Runtime: a third opinion beside sherpa-onnx and our own code.

Needs requirements-small.txt. Nothing here runs when a model is prepared.
"""
import dataclasses

import numpy as np

import kaldi_features
from ear_parts import margins, normalization, read_tokens, session
from onnx_properties import read_properties

#: Rows in front of the sound, and tokens in front of the text: language, emotion, event, punctuation.
QUERIES = 4
#: Seconds from one row to the next.
ROW_SECONDS = 0.06
WORD_START = "▁"


@dataclasses.dataclass
class Heard:
    """`ids` with the tags in front; `times` in seconds and `margin` of the rows of the text's tokens."""

    ids: list
    times: list
    margin: float


class SenseVoiceEar:
    """One model; `precision` chooses the file as sherpa-onnx publishes them."""

    def __init__(self, folder, precision="fp32"):
        self.file = folder / ("model.int8.onnx" if precision == "int8" else "model.onnx")
        self.tokens = read_tokens(folder / "tokens.txt")
        self.properties = read_properties(folder / "model.onnx")
        self.shift, self.scale = normalization(self.properties)
        self.session = session(self.file)

    def features(self, samples):
        return (kaldi_features.stacked(kaldi_features.log_mel(samples)) + self.shift) * self.scale

    def scores(self, features, language, itn):
        """[rows + 4, tokens]; inputs go by position, as their names differ between exports."""
        query = int(self.properties[f"lang_{language or 'auto'}"])
        norm = int(self.properties["with_itn" if itn else "without_itn"])
        numbers = [np.array([value], np.int32) for value in (len(features), query, norm)]
        names = [port.name for port in self.session.get_inputs()]
        return self.session.run(None, dict(zip(names, [features[None].astype(np.float32), *numbers])))[0][0]

    def hear(self, samples, language="auto", itn=False):
        """Best token of each row, repeats taken together, blanks left out."""
        scores = self.scores(self.features(samples), language, itn)
        best = scores.argmax(axis=-1)
        blank = int(self.properties.get("blank_id", 0))
        rows = [row for row, token in enumerate(best) if token != blank and (row == 0 or token != best[row - 1])]
        times = [round(ROW_SECONDS * (row - QUERIES), 2) for row in rows[QUERIES:]]
        return Heard([int(best[row]) for row in rows], times, float(margins(scores).min()))

    def pieces(self, ids):
        """Pieces of the text as sherpa-onnx gives them, a space where a word begins."""
        return [self.tokens[token].replace(WORD_START, " ") for token in ids[QUERIES:]]
