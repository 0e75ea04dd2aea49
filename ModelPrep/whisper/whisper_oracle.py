"""Reference ears for the golden and test-set scripts: Whisper by CTranslate2 and by our graphs, from the same mel.

Needs requirements-oracle.txt. Nothing here runs when a model is prepared.
"""
import ctranslate2
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor

from onnx_ear import Bundle

SAMPLE_RATE, SAMPLES, FRAMES = 16000, 480000, 3000
#: Whisper's code for a language where it differs from ISO 639.
WHISPER_CODES = {"jv": "jw"}


def log_mel(samples):
    """OpenAI's log-mel [80, 3000]: the audio, not the mel, is padded with zeros to 30 s or cut there."""
    audio = np.zeros(SAMPLES, np.float32)
    audio[: min(SAMPLES, len(samples))] = samples[:SAMPLES]
    return np.ascontiguousarray(FeatureExtractor()(audio, padding=0)[:, :FRAMES], np.float32)


class CTranslate2Ear(Bundle):
    """The same by CTranslate2; `bundle` is the prepared one, for its tokens."""

    def __init__(self, source, bundle, compute_type="float32", threads=1):
        super().__init__(bundle)
        self.model = ctranslate2.models.Whisper(str(source), compute_type=compute_type, intra_threads=threads)

    def generate(self, mel, language, beam=1):
        features = ctranslate2.StorageView.from_array(mel[None])
        result = self.model.generate(features, [self.prompt(language)], beam_size=beam)
        return list(result[0].sequences_ids[0])

    def languages(self, mel):
        found = self.model.detect_language(ctranslate2.StorageView.from_array(mel[None]))[0]
        codes = {f"<|{WHISPER_CODES.get(code, code)}|>": code for code in self.config["languageTokens"]}
        return {codes[name]: probability for name, probability in found}
