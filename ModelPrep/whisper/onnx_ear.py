"""Greedy decoding with a prepared Whisper bundle, in ONNX Runtime: needs numpy and onnxruntime only."""
import json
import pathlib
import struct

import numpy as np
import onnxruntime

#: Samples from one frame of the mel to the next.
HOP = 160
#: Positions behind the sound that are kept although they are silence: 1 s.
MARGIN = 50
#: CTranslate2 writes at most half of its max_length of 448 tokens (src/models/whisper.cc).
MAX_TOKENS = 224


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads, options.log_severity_level = threads, 1, 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def read_tokens(path):
    """The token bytes of a bundle's tokens.bin."""
    data, position, tokens = pathlib.Path(path).read_bytes(), 0, []
    while position < len(data):
        (size,) = struct.unpack_from("<H", data, position)
        tokens.append(data[position + 2 : position + 2 + size])
        position += 2 + size
    return tokens


def thinned_context(frames, stride, whole):
    """Positions of the encoder that a window with `frames` of sound keeps, and the bias of their attention scores.

    The same as Sources/SpeechModels/Whisper/AudioContext.swift, which says why.
    """
    kept = min(whole, (frames + 1) // 2 + MARGIN)
    starts = np.arange(kept, whole, stride)
    ends = np.minimum(starts + stride, whole)
    bias = np.concatenate([np.zeros(kept), np.log(ends - starts)]).astype(np.float32)
    return np.concatenate([np.arange(kept), (starts + ends) // 2]).astype(np.int64), bias


class Bundle:
    """A prepared Whisper bundle."""

    def __init__(self, path):
        path = pathlib.Path(path)
        self.config = json.loads((path / "bundle.json").read_text("utf-8"))["config"]
        self.tokens, self.path = read_tokens(path / self.config["tokens"]), path

    def text(self, tokens):
        return b"".join(self.tokens[token] for token in tokens).decode("utf-8", "replace")

    def prompt(self, language):
        config = self.config
        task = [config["languageTokens"][language], config["transcribe"]] if config["multilingual"] else []
        return [config["startOfTranscript"], *task, config["noTimestamps"]]


class Graphs(Bundle):
    """Greedy decoding on the two ONNX graphs; with `stride`, one position in so many of the silence is looked at."""

    def __init__(self, path, threads=1, stride=None):
        super().__init__(path)
        self.encoder, self.decoder = (session(self.path / f"{name}.onnx", threads) for name in ("encoder", "decoder"))
        self.stride, self.sound = stride, None
        self.names = [output.name for output in self.decoder.get_outputs()]
        suppressed = np.zeros(self.config["vocabularySize"], np.float32)
        suppressed[self.config["suppress"]] = -np.inf
        suppressed[self.config["noTimestamps"] :] = -np.inf
        self.suppressed, self.suppressed_at_start = suppressed, suppressed.copy()
        self.suppressed_at_start[self.config["suppressAtStart"]] = -np.inf

    def encode(self, mel):
        feed = {"mel": mel[None]}
        if self.stride:
            positions, bias = thinned_context(self.sound, self.stride, self.config["audioContext"])
            columns = np.stack([2 * positions, 2 * positions + 1], axis=1).reshape(-1)
            feed = {"mel": np.ascontiguousarray(mel[:, columns])[None], "positions": positions, "bias": bias}
        feed = {name: onnxruntime.OrtValue.ortvalue_from_numpy(value) for name, value in feed.items()}
        values = self.encoder.run_with_ort_values(None, feed)
        cross = dict(zip((output.name for output in self.encoder.get_outputs()), values))
        return cross | ({"bias": feed["bias"]} if self.stride else {})

    def step(self, tokens, cache, cross):
        feed = {"tokens": onnxruntime.OrtValue.ortvalue_from_numpy(np.array([tokens], np.int64)), **cache, **cross}
        values = dict(zip(self.names, self.decoder.run_with_ort_values(None, feed)))
        return values["logits"].numpy()[0], {f"past_{k}": v for k, v in values.items() if k[:2] in ("k_", "v_")}

    def empty_cache(self):
        shape = (1, self.config["heads"], 0, self.config["headSize"])
        empty = onnxruntime.OrtValue.ortvalue_from_numpy(np.zeros(shape, np.float32))
        return {f"past_{part}_{layer}": empty for part in "kv" for layer in range(self.config["layers"])}

    def generate(self, mel, language, samples=None):
        """Token ids of the most probable next tokens, without the end of text; `samples` is how many hold sound."""
        self.sound = mel.shape[1] if samples is None else samples // HOP + 1
        cross, cache, feed, found = self.encode(mel), self.empty_cache(), self.prompt(language), []
        while len(found) < MAX_TOKENS:
            logits, cache = self.step(feed, cache, cross)
            token = int((logits + (self.suppressed if found else self.suppressed_at_start)).argmax())
            if token == self.config["endOfText"]:
                break
            found.append(token)
            feed = [token]
        return found

    def languages(self, mel):
        """Probability by language: softmax over the language tokens after the start of transcript."""
        logits, _ = self.step([self.config["startOfTranscript"]], self.empty_cache(), self.encode(mel))
        ids = list(self.config["languageTokens"].values())
        weights = np.exp(logits[ids] - logits[ids].max())
        return dict(zip(self.config["languageTokens"], (weights / weights.sum()).tolist()))
