"""What a compiled graph is tried with: real inputs, the limits that it must keep, and what is heard in the end.

A trial has `inputs` (in words), `feeds` (one dictionary for each run), `limits` and `end_to_end(run)`, where `run` maps
a feed to the outputs of the compiled graph and the result is figures for the record; it raises when they are bad.
"""
import numpy as np
import onnxruntime

from funasr_trials import SenseVoiceTrial, paraformer_trial
from onnx_ear import Graphs
from preparation import PreparationError
from speech import RATE, log_mel, read_wav
from trial_parts import Limits


class PiperTrial:
    """A whole sentence in windows, against the vocoder run once over all of it."""

    #: "The quick brown fox jumps over the lazy dog." by espeak-ng, en-us; a voice leaves out what it does not know.
    PHONEMES = "ðə kwˈɪk bɹˈaʊn fˈɑːks dʒˈʌmps ˌoʊvɚ ðə lˈeɪzi dˈɑːɡ."
    #: 50 dB is 3e-3 of the peak: half precision gives 55 to 57.
    limits = {"audio": Limits(decibels=50)}
    inputs = "every window of a spoken sentence, noise seeded with 1"

    def __init__(self, subject, _):
        self.config, self.frames = subject.config, subject.shapes["z"][2]
        self.z = self.latents(subject)
        if self.z.shape[2] < self.frames:
            raise PreparationError(f"the sentence has {self.z.shape[2]} latent frames; the window has {self.frames}")
        self.speaker = {"sid": np.zeros(1, np.int64)} if "sid" in subject.shapes else {}
        self.whole = subject.session().run(None, {"z": self.z, **self.speaker})[0].ravel()

    def latents(self, subject):
        ids = self.config["phonemeIDs"]
        pad = ids["_"]
        line = ids["^"] + pad + sum((ids[mark] + pad for mark in self.PHONEMES if mark in ids), []) + ids["$"]
        random, encoder = np.random.default_rng(1), subject.session("encoder.onnx")
        scales = [self.config[name] for name in ("noiseScale", "lengthScale", "noiseW")]
        feed = {
            "input": np.array([line], np.int64),
            "input_lengths": np.array([len(line)], np.int64),
            "scales": np.array(scales, np.float32),
            "duration_noise": random.standard_normal((1, 2, len(line)), np.float32),
            "prior_noise": random.standard_normal((1, self.config["latentChannels"], 2000), np.float32),
            "sid": np.zeros(1, np.int64),
        }
        return encoder.run(["z"], {item.name: feed[item.name] for item in encoder.get_inputs()})[0]

    def windows(self):
        """(first frame decoded, kept from, kept to); those at the ends are moved inward, so that none is padded."""
        total, overlap, kept = self.z.shape[2], self.config["overlap"], 0
        while kept < total:
            first = min(max(kept - overlap, 0), total - self.frames)
            end = total if first == total - self.frames else first + self.frames - overlap
            yield first, kept, end
            kept = end

    def feed(self, first):
        return {"z": np.ascontiguousarray(self.z[:, :, first : first + self.frames]), **self.speaker}

    @property
    def feeds(self):
        return [self.feed(first) for first, _, _ in self.windows()]

    def end_to_end(self, run):
        hop, pieces = self.config["hopLength"], []
        for first, start, end in self.windows():
            audio = np.asarray(run(self.feed(first))[0]).ravel()
            pieces.append(audio[(start - first) * hop : (end - first) * hop])
        audio = np.concatenate(pieces)
        noise = float(((audio - self.whole) ** 2).sum())
        decibels = 10 * np.log10(float((self.whole**2).sum()) / noise)
        if decibels < self.limits["audio"].decibels:
            raise PreparationError(f"the sentence in windows is {decibels:.1f} dB from the whole one")
        error = float(np.abs(audio - self.whole).max())
        return {
            "what": "a sentence in windows against one run of the whole in ONNX Runtime",
            "frames": self.z.shape[2],
            "windows": len(pieces),
            "snr": round(decibels, 1),
            "maxError": float(f"{error:.2e}"),
        }


class CompiledEncoder(Graphs):
    """Greedy decoding with the compiled encoder and the decoder of ONNX Runtime."""

    def __init__(self, folder, run):
        super().__init__(folder)
        self.run = run

    def encode(self, mel):
        outputs = self.encoder.get_outputs()
        heads, width = self.config["heads"], self.config["headSize"]
        shapes = {"k": (1, heads, width, -1), "v": (1, heads, -1, width)}
        arrays = [np.asarray(array, np.float32) for array in self.run({"mel": mel[None]})]
        return {
            output.name: onnxruntime.OrtValue.ortvalue_from_numpy(
                np.ascontiguousarray(array.reshape(shapes[output.name.split("_")[1]]))
            )
            for output, array in zip(outputs, arrays)
        }


class WhisperTrial:
    """A clip of speech: the cross-attention's keys and values, and the text in the end."""

    #: Of a clip that is not longer than the window less the second of silence that Whisper needs after it.
    MARGIN = 1.0

    def __init__(self, subject, clip):
        self.subject, self.frames, self.language = subject, subject.shapes["mel"][2], clip.language
        samples = read_wav(clip.path)
        samples = samples[: int((self.frames / 100 - self.MARGIN) * RATE)]
        self.inputs = f"{len(samples) / RATE:.1f} s of {clip.path.name}"
        self.mel = log_mel(samples, subject.config["mels"], self.frames)
        # Half precision gives 42 to 57 dB, least for base and short windows; the text is the same in all.
        names = [output.name for output in subject.session().get_outputs()]
        self.limits = {name: Limits(decibels=35) for name in names}

    @property
    def feeds(self):
        return [{"mel": self.mel[None]}]

    def end_to_end(self, run):
        language = self.language if self.subject.config["multilingual"] else None
        expected = Graphs(self.subject.folder)
        found = CompiledEncoder(self.subject.folder, run)
        tokens, wanted = found.generate(self.mel, language), expected.generate(self.mel, language)
        text = found.text(tokens).strip()
        if tokens != wanted or not text:
            raise PreparationError(f'the text is "{text}"; with ONNX Runtime it is "{expected.text(wanted).strip()}"')
        return {"what": "text with the decoder in ONNX Runtime; the encoder there gives the same tokens", "text": text}


class SileroTrial:
    """Every window of a clip, each with the state that the one before left."""

    #: The simulator takes 0.1 s a window.
    SECONDS = 5
    #: Half precision moves a probability most where it is undecided, at the beginning and end of speech: by 0.007 on a
    #: recording, by 0.06 on a synthetic voice that sets in at full strength.
    limits = {"output": Limits(decibels=30, error=0.1), "stateN": Limits(decibels=30)}

    def __init__(self, subject, clip):
        self.config, self.reference = subject.config, subject.session()
        self.samples = read_wav(clip.path)[: self.SECONDS * RATE]
        self.inputs = f"{len(self.samples) / RATE:.1f} s of {clip.path.name}"

    def walk(self, run):
        """Feeds and probabilities, the state being that of `run` itself."""
        context, window = self.config["context"], self.config["window"]
        state = np.zeros(self.config["stateShape"], np.float32)
        padded = np.concatenate([np.zeros(context, np.float32), self.samples])
        for start in range(0, len(self.samples) - window + 1, window):
            feed = {"input": padded[None, start : start + context + window], "state": state}
            probability, state = run(feed)
            state = np.asarray(state, np.float32).reshape(self.config["stateShape"])
            yield feed, float(np.ravel(probability)[0])

    def in_onnx(self, feed):
        return self.reference.run(None, feed)

    @property
    def feeds(self):
        return [feed for feed, _ in self.walk(self.in_onnx)]

    def end_to_end(self, run):
        found = np.array([probability for _, probability in self.walk(run)])
        wanted = np.array([probability for _, probability in self.walk(self.in_onnx)])
        error, other = float(np.abs(found - wanted).max()), int(((found > 0.5) != (wanted > 0.5)).sum())
        if error > self.limits["output"].error:
            raise PreparationError(f"probabilities of speech differ by {error:.2e}; {other} windows change sides")
        return {
            "what": "probability of speech, window by window, each with its own state",
            "windows": len(found),
            "highest": round(float(found.max()), 3),
            "changedSides": other,
            "maxError": float(f"{error:.2e}"),
        }


TRIALS = {
    "piper": PiperTrial, "whisper": WhisperTrial, "silero": SileroTrial, "sensevoice": SenseVoiceTrial,
    "paraformer": paraformer_trial,
}
