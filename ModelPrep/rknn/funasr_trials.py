"""What compiled graphs of SenseVoice and Paraformer are tried with; as in trials.py."""
import numpy as np

import kaldi_rows
from preparation import PreparationError
from speech import read_wav
from trial_parts import Limits

QUERIES = 4


def filled(array, size, axis=1):
    """`array` with zeros behind, up to `size` along an axis."""
    missing = [(0, 0)] * array.ndim
    missing[axis] = (0, size - array.shape[axis])
    return np.pad(array, missing)


def mask(real, size):
    return (np.arange(size) < real).astype(np.float32)[None]


class SenseVoiceTrial:
    """A clip with each of two questions: the scores, and the tokens in the end."""

    #: Half precision gives 40 to 60 dB in small models; the tokens decide.
    limits = {"logits": Limits(decibels=30)}

    def __init__(self, subject, clip):
        self.subject, self.session = subject, subject.session()
        self.size = subject.shapes["speech"][1]
        sound = kaldi_rows.rows(read_wav(clip.path), subject.config, subject.folder)
        self.sound = sound[: self.size - QUERIES]
        self.table = np.load(subject.folder / subject.config["embedding"])
        self.inputs = f"{len(self.sound)} rows of {clip.path.name} in {self.size}, two questions"

    def feed(self, language, norm):
        numbers = [self.subject.config["languageQueries"][language], 1, 2, self.subject.config[norm]]
        rows = np.concatenate([self.table[numbers], self.sound])[None].astype(np.float32)
        return {"speech": filled(rows, self.size), "mask": mask(rows.shape[1], self.size)}

    @property
    def feeds(self):
        return [self.feed("auto", "withoutITN"), self.feed("ko", "withITN")]

    def tokens(self, scores):
        best = np.asarray(scores).reshape(self.size, -1)[: len(self.sound) + QUERIES].argmax(axis=-1)
        blank = self.subject.config["blank"]
        return [int(id) for row, id in enumerate(best) if id != blank and (row == 0 or id != best[row - 1])]

    def end_to_end(self, run):
        heard = []
        for feed in self.feeds:
            found, wanted = self.tokens(run(feed)[0]), self.tokens(self.session.run(None, feed)[0])
            if found != wanted or len(wanted) <= QUERIES:
                raise PreparationError(f"the tokens are {found}; with ONNX Runtime they are {wanted}")
            heard.append(found)
        return {"what": "tokens of two questions, as with ONNX Runtime", "tokens": heard}


class ParaformerEars:
    """The graphs of the layout in ONNX Runtime, and what integrates between them."""

    def __init__(self, subject, clip):
        self.subject, self.config = subject, subject.config
        sound = kaldi_rows.rows(read_wav(clip.path), self.config, subject.folder)
        scaled = sound * np.float32(self.config["width"] ** 0.5)
        self.rows = (scaled + kaldi_rows.positions(*scaled.shape)).astype(np.float32)[None]

    def graph(self, stage, link=0):
        return self.subject.session(self.subject.bundle["placements"]["cpu"][stage][link][0]["file"])

    def suffix(self, cut):
        """Hidden rows and weights from what the prefix made."""
        session, count = self.graph("encoder", 1), cut.shape[1]
        ones = np.ones((1, count), np.float32)
        names = [port.name for port in session.get_inputs()]
        hidden, _, weights = session.run(None, dict(zip(names, [cut, np.array([count], np.int32), ones, ones])))
        return hidden, weights

    @staticmethod
    def fired(hidden, weights):
        """A token for every whole sum of weights (integrate and fire)."""
        total, state, found = 0.0, np.zeros(hidden.shape[2], np.float32), []
        for row, weight in zip(hidden[0], weights[0]):
            if total + weight < 1:
                total, state = total + weight, state + row * weight
            else:
                found.append(state + row * (1 - total))
                total = total + weight - 1
                state = row * total
        if not found:
            raise PreparationError("no token fires in this clip; take a longer one")
        return np.stack(found)[None].astype(np.float32)

    def decoder_feed(self, hidden, tokens):
        shape = (1, self.config["width"], self.config["cacheLength"])
        caches = {f"in_cache_{index}": np.zeros(shape, np.float32) for index in range(self.config["caches"])}
        masks = {name: np.ones(values.shape[:2], np.float32)
                 for name, values in (("pad_mask", tokens), ("enc_pad_mask", hidden))}
        return {"enc": hidden, "acoustic_embeds": tokens, **caches, **masks}

    def heard(self, cut):
        """Tokens by the suffix and the decoder."""
        hidden, weights = self.suffix(cut)
        return self.graph("decoder").run(["sample_ids"], self.decoder_feed(hidden, self.fired(hidden, weights)))[0][0]


class PrefixTrial(ParaformerEars):
    """The encoder's first blocks: what they make of a clip, and the tokens in the end."""

    def __init__(self, subject, clip):
        super().__init__(subject, clip)
        self.size = subject.shapes["speech"][1]
        self.session = subject.session()
        self.real = min(self.rows.shape[1], self.size)
        self.inputs = f"{self.real} rows of {clip.path.name} in {self.size}"
        # The residual is large and its small values matter little: the tokens decide.
        self.limits = {port.name: Limits(decibels=30) for port in self.session.get_outputs()}

    @property
    def feeds(self):
        rows = filled(self.rows[:, : self.real], self.size)
        return [{"speech": rows, "encoder_pad_mask": mask(self.real, self.size)}]

    def cut(self, outputs):
        return np.asarray(outputs[0], np.float32).reshape(1, self.size, -1)[:, : self.real]

    def end_to_end(self, run):
        found, wanted = (list(map(int, self.heard(self.cut(compute(self.feeds[0]))))) for compute in (
            run, lambda feed: self.session.run(None, feed)))
        if found != wanted:
            raise PreparationError(f"the tokens are {found}; with ONNX Runtime they are {wanted}")
        return {"what": "tokens with suffix and decoder in ONNX Runtime, as with the prefix there", "tokens": found}


class DecoderTrial(ParaformerEars):
    """The decoder with rows and tokens filled up to its fixed lengths: tokens, and the caches after two calls."""

    def __init__(self, subject, clip):
        super().__init__(subject, clip)
        self.session = subject.session()
        prefix = self.graph("encoder")
        rows = min(self.rows.shape[1], subject.shapes["enc"][1])
        speech = {"speech": self.rows[:, :rows], "encoder_pad_mask": np.ones((1, rows), np.float32)}
        hidden, weights = self.suffix(prefix.run(None, speech)[0])
        self.tokens = self.fired(hidden, weights)[:, : subject.shapes["acoustic_embeds"][1]]
        self.hidden = hidden
        self.inputs = f"{self.tokens.shape[1]} tokens and {rows} rows of {clip.path.name}, in two calls"
        self.limits = {port.name: Limits(decibels=25) for port in self.session.get_outputs()}

    def feed(self, tokens, caches):
        rows, size = (self.subject.shapes[name][1] for name in ("enc", "acoustic_embeds"))
        length, real = self.config["cacheLength"], tokens.shape[1]
        window = np.zeros((1, length + size, length), np.float32)
        window[0, np.arange(length) + real, np.arange(length)] = 1
        feed = {"enc": filled(self.hidden, rows), "acoustic_embeds": filled(tokens, size), **caches}
        feed |= {"pad_mask": mask(real, size), "enc_pad_mask": mask(self.hidden.shape[1], rows)}
        return feed | {"cache_window": window}

    def calls(self, run):
        """The tokens in two calls, the second one with the caches of the first."""
        shape = (1, self.config["width"], self.config["cacheLength"])
        names = [f"in_cache_{index}" for index in range(self.config["caches"])]
        caches = {name: np.zeros(shape, np.float32) for name in names}
        half = self.tokens.shape[1] // 2
        for tokens in (self.tokens[:, :half], self.tokens[:, half:]):
            if not tokens.shape[1]:
                continue
            feed = self.feed(tokens, caches)
            outputs = run(feed)
            size = feed["acoustic_embeds"].shape[1]
            scores = np.asarray(outputs[0]).reshape(size, -1)[: tokens.shape[1]]
            caches = {name: np.asarray(value, np.float32).reshape(shape) for name, value in zip(names, outputs[1:])}
            yield feed, scores.argmax(axis=-1)

    def in_onnx(self, feed):
        return self.session.run(None, feed)

    @property
    def feeds(self):
        return [feed for feed, _ in self.calls(self.in_onnx)]

    def end_to_end(self, run):
        found, wanted = ([int(id) for _, ids in self.calls(how) for id in ids] for how in (run, self.in_onnx))
        if found != wanted:
            raise PreparationError(f"the tokens are {found}; with ONNX Runtime they are {wanted}")
        return {"what": "tokens of two calls, each with its own caches", "tokens": found}


def paraformer_trial(subject, clip):
    return (DecoderTrial if "acoustic_embeds" in subject.shapes else PrefixTrial)(subject, clip)
