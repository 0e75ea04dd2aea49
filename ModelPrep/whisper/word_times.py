#!/usr/bin/env python3
"""Measures the times that `rkvoice transcribe --word-times` gives words, against speech whose times are known.

A Piper voice says how many frames each of its phonemes takes, so every word of its speech has a time that is exact to a
frame (11.6 ms). Sentences in which espeak-ng runs words together ("of the") are left out. A word begins with its first
phoneme; it ends with its last one and the blank behind it, which sounds on. So do the voices of Festival, which are
others altogether (Debian: festival, festvox-us-slt-hts, festvox-kallpc16k). Words that were not understood are not
compared. Needs requirements-oracle.txt.
"""
import argparse
import difflib
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "testset")]

import numpy as np  # noqa: E402
import soundfile  # noqa: E402
import soxr  # noqa: E402
from piper.phoneme_ids import phonemes_to_ids  # noqa: E402

from preparation import PreparationError, run, say  # noqa: E402
from scoring import english_words  # noqa: E402
from voices import NOISE_COLUMNS, SAMPLE_RATE, Piper  # noqa: E402

#: Seconds of silence before and behind each sentence.
SILENCE = 0.5
MARKS = set(".,:;!?()\"'-")


class TimedPiper(Piper):
    """A voice that tells when it says which word."""

    def say(self, text, rate, seed):
        """Speech at 16 kHz and (word, start, end) of each word; None where words run together."""
        words = [english_words(word) for word in text.split()]
        phonemes = sum(self.phonemizer.phonemize(self.config["espeakVoice"], text), [])
        if any(len(word) != 1 for word in words) or len(words) != "".join(phonemes).count(" ") + 1:
            return None
        numbers = self.config["phonemeIDs"]
        ids = phonemes_to_ids(phonemes, numbers)
        random = np.random.default_rng(seed)
        z, durations = self.encoder.run(None, {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([self.config["noiseScale"], 1 / rate, self.config["noiseW"]], np.float32),
            "duration_noise": random.standard_normal((1, 2, len(ids)), np.float32),
            "prior_noise": random.standard_normal((1, self.config["latentChannels"], NOISE_COLUMNS), np.float32),
        })
        audio = soxr.resample(self.decoder.run(None, {"z": z})[0].ravel(), self.rate, SAMPLE_RATE)
        times = np.concatenate([[0], np.cumsum(durations[0])]) * self.config["hopLength"] / self.rate
        names = {number[0]: symbol for symbol, number in numbers.items()}
        return audio, self.spans([word[0] for word in words], [names[number] for number in ids], times)

    @staticmethod
    def spans(words, symbols, times):
        found, sounds = [], []
        for place, symbol in enumerate([*symbols, " "]):
            if symbol in (" ", "$") and sounds:
                found.append((words[len(found)], times[sounds[0]], times[sounds[-1] + 2]))
                sounds = []
            elif symbol not in MARKS and symbol not in ("_", "^", "$", " "):
                sounds.append(place)
        return found


class Festival:
    """A voice of Festival, which lists its words with their times."""

    WORDS = """({voice})
(set! utt (utt.synth (Utterance Text {text})))
(utt.save.wave utt {path} 'riff)
(mapcar (lambda (word) (format t "%s %f %f\\n" (item.name word)
    (item.feat word "word_start") (item.feat word "word_end"))) (utt.relation.items utt 'Word))
"""

    def __init__(self, name):
        self.name = name

    def say(self, text, rate, seed):
        """As of TimedPiper; None where words are said otherwise than they are written. It has one rate."""
        with tempfile.TemporaryDirectory() as folder:
            script, path = pathlib.Path(folder, "say.scm"), pathlib.Path(folder, "said.wav")
            script.write_text(self.WORDS.format(voice=self.name, text=json.dumps(text), path=json.dumps(str(path))))
            command = ["festival", "--batch", str(script)]
            lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
            audio, rate = soundfile.read(path, dtype="float32")
        spans = [(word.lower(), float(start), float(end)) for word, start, end in map(str.split, lines)]
        if [word for word, _, _ in spans] != english_words(text):
            return None
        return soxr.resample(audio, rate, SAMPLE_RATE), spans


def record(voice, sentences, count, folder):
    """Says sentences into files: the words of each file with their times."""
    said = {}
    for number, text in enumerate(sentences):
        if len(said) == count:
            break
        speech = voice.say(text, (0.9, 1.0, 1.15)[number % 3], number)
        if speech is None:
            continue
        audio, words = speech
        silence = np.zeros(int(SILENCE * SAMPLE_RATE), np.float32)
        path = folder / f"{number:03}.wav"
        soundfile.write(path, np.concatenate([silence, audio, silence]), SAMPLE_RATE)
        said[path] = [(word, start + SILENCE, end + SILENCE) for word, start, end in words]
    return said


def by_rkvoice(executable, model, paths):
    command = [executable, "transcribe", "--quiet", "--language", "en", "--word-times", "--format", "json"]
    lines = subprocess.run([*command, "--model", model, *paths], check=True, capture_output=True, text=True).stdout
    for line in lines.splitlines():
        words = [word for segment in json.loads(line)["segments"] for word in segment["words"]]
        yield [(word["text"], word["start"], word["end"]) for word in words]


def by_faster_whisper(source, paths):
    from faster_whisper import WhisperModel

    model = WhisperModel(source, device="cpu", compute_type="int8", cpu_threads=1)
    for path in paths:
        segments, _ = model.transcribe(str(path), language="en", word_timestamps=True)
        yield [(word.word, word.start, word.end) for segment in segments for word in segment.words]


def errors(said, heard):
    """Of the words that were understood, how many seconds too late their starts and ends are."""
    found = []
    for known, words in zip(said, heard):
        texts = ["".join(english_words(text)) for text, _, _ in words]
        matcher = difflib.SequenceMatcher(None, [word for word, _, _ in known], texts, autojunk=False)
        for block in matcher.get_matching_blocks():
            for (_, start, end), (_, from_, to) in zip(known[block.a :][: block.size], words[block.b :]):
                found.append((from_ - start, to - end))
    return 1000 * np.array(found).reshape(-1, 2)


def report(name, found, words):
    for column, what in enumerate(("start", "end")):
        late = found[:, column]
        size = np.abs(late)
        print(
            f"| {name} | {what} | {len(size)} of {words} | {np.median(size):.0f} | {np.percentile(size, 90):.0f} "
            f"| {size.mean():.0f} | {np.median(late):+.0f} |"
        )
    print(f"| {name} | both | | {np.median(np.abs(found)):.0f} | | | |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "voice", help="a prepared Piper bundle, or a voice of Festival, such as voice_cmu_us_slt_arctic_hts"
    )
    parser.add_argument("--executable", default="./rkvoice")
    parser.add_argument("--model", action="append", help="id of a recognizer (whisper-base); may be repeated")
    parser.add_argument("--peer", help="a CTranslate2 model for faster-whisper, int8")
    parser.add_argument("--sentences", type=int, default=60)
    options = parser.parse_args()
    texts = (ROOT / "testset" / "sentences.txt").read_text("utf-8").splitlines()
    with tempfile.TemporaryDirectory() as folder:
        is_piper = pathlib.Path(options.voice).is_dir()
        voice = TimedPiper(pathlib.Path(options.voice)) if is_piper else Festival(options.voice)
        said = record(voice, texts, options.sentences, pathlib.Path(folder))
        if not said:
            raise PreparationError(f"{options.voice}: no sentence could be timed")
        words = sum(map(len, said.values()))
        say(f"{len(said)} sentences, {words} words")
        print("| | of | words | median ms | 90 % ms | mean ms | late by (median) ms |\n|---|---|---|---|---|---|---|")
        for model in options.model or ["whisper-base"]:
            report(model, errors(said.values(), by_rkvoice(options.executable, model, said)), words)
        if options.peer:
            report("faster-whisper int8", errors(said.values(), by_faster_whisper(options.peer, said)), words)


if __name__ == "__main__":
    run(main)
