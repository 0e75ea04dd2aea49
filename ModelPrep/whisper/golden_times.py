#!/usr/bin/env python3
"""Makes the golden data of Whisper's times and checks, from CTranslate2 and faster-whisper in float32.

  whisper_times.json   per clip: tokens with times, how sure the reference is of them, and the times of words; tokens of
                       translations and of texts behind a prompt; what becomes of noise

The audio is padded, not the mel, as in golden.py; so faster-whisper's own functions are called below its `transcribe`.
Clips are read from their wheels and are not committed. Needs requirements-oracle.txt.
"""
import argparse
import importlib.metadata
import pathlib
import sys
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import ctranslate2  # noqa: E402
import faster_whisper  # noqa: E402
import numpy as np  # noqa: E402
from faster_whisper.tokenizer import Tokenizer  # noqa: E402

from golden import clips, write  # noqa: E402
from preparation import run, say  # noqa: E402
from whisper_oracle import SAMPLE_RATE, WHISPER_CODES, log_mel  # noqa: E402

#: The latest first time in steps of 20 ms, the reference's default.
LATEST_START = 50
#: faster-whisper's marks that belong to the word after and before them.
PREPENDED, APPENDED = "\"'“¿([{-", "\"'.。,，!！?？:：”)]}、"
PROMPT = "Samuel Beckett's novella Worstward Ho; Rockchip, RK3588."
VERSIONS = ("ctranslate2", "faster-whisper", "numpy")


class Reference:
    """A model and its tokenizer for one language and task."""

    def __init__(self, source):
        self.model = faster_whisper.WhisperModel(str(source), device="cpu", compute_type="float32", cpu_threads=1)

    def tokenizer(self, language, task="transcribe"):
        multilingual = self.model.model.is_multilingual
        code = WHISPER_CODES.get(language, language)
        return Tokenizer(self.model.hf_tokenizer, multilingual, task=task, language=code)

    def encode(self, mel):
        return self.model.model.encode(ctranslate2.StorageView.from_array(mel[None]), to_cpu=False)

    def generate(self, encoded, prompt):
        """Greedy tokens and how sure the model is of them, as faster-whisper's generate_with_fallback counts it."""
        result = self.model.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            length_penalty=1,
            return_scores=True,
            return_no_speech_prob=True,
            max_initial_timestamp_index=LATEST_START,
        )[0]
        tokens = list(result.sequences_ids[0])
        sure = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return tokens, {"averageLogProbability": round(sure, 5), "noSpeech": round(result.no_speech_prob, 5)}

    def timed(self, encoded, tokenizer, seconds):
        """Tokens with times, the stretches they make, and words."""
        tokens, sure = self.generate(encoded, self.model.get_prompt(tokenizer, []))
        text = tokenizer.decode(tokens).strip()
        sure["compressionRatio"] = round(len(text.encode()) / len(zlib.compress(text.encode())), 5)
        frames = int(seconds * SAMPLE_RATE) // 160
        stretches, seek, _ = self.model._split_segments_by_timestamps(tokenizer, tokens, 0, frames, seconds, 0)
        result = {"tokens": tokens, **sure, "rest": seek / 100 if seek != frames else None}
        result["stretches"] = [[s["start"], round(s["end"], 3), len(s["tokens"])] for s in stretches]
        self.model.add_word_timestamps([stretches], tokenizer, encoded, frames, PREPENDED, APPENDED, 0.0)
        result["words"] = [[w["word"], float(w["start"]), float(w["end"])] for s in stretches for w in s["words"]]
        return result


def noises():
    """Sounds without speech by the generator of golden.py: (name, samples)."""
    x, values = 1, np.empty(8 * SAMPLE_RATE)
    for index in range(len(values)):
        x = (1664525 * x + 1013904223) % 2**32
        values[index] = x / 2**31 - 1
    time = np.arange(len(values)) / SAMPLE_RATE
    buzz = 0.3 * np.sign(np.sin(2 * np.pi * 110 * time)) * (np.sin(2 * np.pi * 1.5 * time) > 0)
    return [("silence", 0 * values), ("noise", 0.3 * values), ("buzz", buzz), ("both", buzz + 0.1 * values)]


def unspoken(reference):
    tokenizer = reference.tokenizer("en")
    found = []
    for name, samples in noises():
        samples = samples.astype(np.float32)
        result = reference.timed(reference.encode(log_mel(samples)), tokenizer, len(samples) / SAMPLE_RATE)
        found.append({"name": name, **result})
    return found


def entries(reference, model, found):
    for entry, audio in found:
        if not reference.model.model.is_multilingual and entry["language"] != "en":
            continue
        tokenizer = reference.tokenizer(entry["language"])
        encoded = reference.encode(log_mel(audio))
        result = {"model": model, **entry, **reference.timed(encoded, tokenizer, len(audio) / SAMPLE_RATE)}
        if entry["language"] != "en":
            translator = reference.tokenizer(entry["language"], "translate")
            prompt = reference.model.get_prompt(translator, [], without_timestamps=True)
            result["translated"], _ = reference.generate(encoded, prompt)
        if "beckett" in entry["path"]:
            before = tokenizer.encode(" " + PROMPT)
            prompt = reference.model.get_prompt(tokenizer, before, without_timestamps=True)
            result["prompt"], result["promptTokens"] = PROMPT, before
            result["prompted"], _ = reference.generate(encoded, prompt)
        yield result


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--audioeval", type=pathlib.Path, required=True, help="the pytest-audioeval wheel")
    parser.add_argument("--moonshine", type=pathlib.Path, required=True, help="the moonshine-voice wheel")
    for name in ("tiny.en", "base"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True, metavar="SOURCE")
    return parser.parse_args()


def main():
    options = arguments()
    found = clips(options.audioeval, options.moonshine)
    results, silent = [], {}
    for name in ("tiny.en", "base"):
        reference = Reference(getattr(options, name))
        results += entries(reference, name, found)
        silent[name] = unspoken(reference)
        say(f"decoded with {name}")
    versions = {name: importlib.metadata.version(name) for name in VERSIONS}
    write(options.out / "whisper_times.json", {"versions": versions, "unspoken": silent, "clips": results})


if __name__ == "__main__":
    run(main)
