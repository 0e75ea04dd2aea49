"""Paraformer by NumPy and ONNX Runtime, offline and streaming: a third opinion beside sherpa-onnx and our own code.

Needs requirements-small.txt. Nothing here runs when a model is prepared.
"""
import dataclasses

import numpy as np

import kaldi_features
from ear_parts import margins, normalization, read_tokens, session
from onnx_properties import read_properties

#: Rows of a window that count: 5 on the left and 3 on the right are context.
ROWS, FIRST_LIVE, LAST_LIVE = 18, 5, 15
THRESHOLD = np.float32(1)
BLANK = 0


@dataclasses.dataclass
class Heard:
    """Numbers of tokens, the smallest margin of a decision, and how near a sum came to the threshold."""

    ids: list
    margin: float
    nearest: float = 1.0
    steps: int = 0


class OfflineEar:
    """Whole utterances: the graph itself integrates, fires and decodes."""

    def __init__(self, folder, precision="fp32"):
        self.file = folder / ("model.int8.onnx" if precision == "int8" else "model.onnx")
        self.properties = read_properties(folder / "model.onnx")
        self.tokens = read_tokens(folder / "tokens.txt")
        self.shift, self.scale = normalization(self.properties)
        self.session = session(self.file)

    def hear(self, samples):
        frames = kaldi_features.log_mel(samples)
        if not len(frames):
            return Heard([], float("inf"))
        rows = ((kaldi_features.stacked(frames) + self.shift) * self.scale).astype(np.float32)
        names = [port.name for port in self.session.get_inputs()]
        scores = self.session.run(None, dict(zip(names, [rows[None], np.array([len(rows)], np.int32)])))[0][0]
        ids = [int(token) for token in scores.argmax(axis=-1)]
        end = self.tokens.index("</s>")
        return Heard(ids[: ids.index(end)] if end in ids else ids, float(margins(scores).min()))


class Integration:
    """Integrate-and-fire carried from window to window (Dong and Xu, 2020): a token for every whole sum of weights."""

    def __init__(self, width):
        self.sum, self.hidden, self.nearest = np.float32(0), np.zeros(width, np.float32), 1.0

    def fire(self, rows, weights):
        """What fires within these rows; at most one token a row, as sherpa-onnx does it."""
        fired = []
        for row, weight in zip(rows, weights):
            self.nearest = min(self.nearest, abs(float(self.sum + weight - THRESHOLD)))
            if self.sum + weight < THRESHOLD:
                self.sum += weight
                self.hidden = self.hidden + row * weight
            else:
                fired.append(self.hidden + row * (THRESHOLD - self.sum))
                self.sum = self.sum + weight - THRESHOLD
                self.hidden = row * self.sum
        return fired


class StreamingEar:
    """Windows of 18 rows; the weights are integrated here, the decoder keeps its caches between windows."""

    def __init__(self, folder, precision="fp32"):
        ending = ".int8.onnx" if precision == "int8" else ".onnx"
        self.files = {name: folder / (name + ending) for name in ("encoder", "decoder")}
        self.properties = read_properties(folder / "encoder.onnx")
        self.tokens = read_tokens(folder / "tokens.txt")
        self.width, self.blocks, kernel = (
            int(self.properties[key])
            for key in ("encoder_output_size", "decoder_num_blocks", "decoder_kernel_size")
        )
        self.cache = np.zeros((1, self.width, kernel - 1), np.float32)
        self.chunks = kaldi_features.Chunks(*normalization(self.properties), self.width)
        self.encoder, self.decoder = (session(self.files[name]) for name in ("encoder", "decoder"))

    def decode(self, hidden, length, fired, caches):
        """Scores, tokens and caches after it; inputs go by position, as their names differ between exports."""
        tokens = np.stack(fired)[None].astype(np.float32)
        values = [hidden, length, tokens, np.array([len(fired)], np.int32), *caches]
        names = [port.name for port in self.decoder.get_inputs()]
        scores, ids, *caches = self.decoder.run(None, dict(zip(names, values)))
        return scores[0], ids[0], caches

    def hear(self, samples, flush=False):
        state, caches = Integration(self.width), [self.cache] * self.blocks
        heard = Heard([], float("inf"))
        names = [port.name for port in self.encoder.get_inputs()]
        for window in self.chunks.windows(kaldi_features.log_mel(samples), flush):
            heard.steps += 1
            feed = dict(zip(names, [window[None], np.array([ROWS], np.int32)]))
            hidden, length, weights = self.encoder.run(None, feed)
            weights = weights[0].copy()
            weights[:FIRST_LIVE] = weights[LAST_LIVE:] = 0
            fired = state.fire(hidden[0], weights)
            if fired:
                scores, ids, caches = self.decode(hidden, length, fired, caches)
                heard.ids += [int(token) for token in ids if token != BLANK]
                heard.margin = min(heard.margin, float(margins(scores).min()))
        heard.nearest = state.nearest
        return heard
