#!/usr/bin/env python3
"""Which precision of Whisper loses least for its speed: variants of both graphs beside faster-whisper.

For each clip of a test set every variant and the peers take turns, so that what else the machine does slows all alike.
OUT gets the graphs and clips.jsonl, a line for each clip; a run that was stopped goes on where it was, and --report
alone prints the tables of what is there. Needs requirements-oracle.txt and onnx-ir.
"""
import argparse
import json
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / name) for name in ("common", "whisper", "testset")]

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402
import soundfile  # noqa: E402

from ct2_model import read_model  # noqa: E402
from onnx_ear import Graphs, session  # noqa: E402
from preparation import PreparationError, run, say  # noqa: E402
from scoring import Corpus, characters, english_words  # noqa: E402
from whisper_oracle import log_mel  # noqa: E402
from whisper_variants import weight_only, write  # noqa: E402

#: Graphs in int8 but for the weights that match. Of the encoder: none; what the decoder reads; the second half of each
#: feed-forward block, whose inputs come out of GELU; those two; all.
ENCODERS = {
    "int8": None,
    "int8, crossings fp32": "^decoder/",
    "int8, second ffn fp32": r"ffn/linear_1",
    "fp32": ".",
}
#: Of the decoder: none; the projection to logits; all.
DECODERS = {"int8": None, "int8, logits fp32": "decoder/projection", "fp32": "."}
WEIGHT_ONLY = {"nbits8": 8, "nbits4": 4}
#: What is compared, as (encoder, decoder).
PAIRS = (
    ("int8", "int8"), ("fp32", "fp32"), ("int8", "fp32"), ("fp32", "int8"), ("int8", "int8, logits fp32"),
    ("int8", "nbits8"), ("int8", "nbits4"), ("int8, crossings fp32", "int8"), ("int8, second ffn fp32", "int8"),
    ("int8, second ffn fp32", "nbits8"), ("nbits8", "nbits8"),
)  # fmt: skip
PEERS = ("int8", "float32")


def file_of(folder, stage, name):
    return folder / f"{stage}.{name.replace(', ', '-').replace(' ', '-')}.onnx"


def build(folder, source):
    """Writes the graphs that are not there yet."""
    variables = None
    for stage, variants in (("encoder", ENCODERS), ("decoder", DECODERS)):
        for name, kept in variants.items():
            path = file_of(folder, stage, name)
            if not path.exists():
                variables = variables or read_model(source / "model.bin")
                say(f"building {path.name}")
                write(path, stage, variables, kept)
        for name, bits in WEIGHT_ONLY.items():
            path = file_of(folder, stage, name)
            if not path.exists() and any(pair[stage == "decoder"] == name for pair in PAIRS):
                say(f"building {path.name}")
                weight_only(path, file_of(folder, stage, "fp32"), bits)


class Variants(Graphs):
    """All pairs on one mel: each encoder runs once, then each decoder on what it gave."""

    def __init__(self, bundle, folder, threads):
        super().__init__(bundle, threads)
        used = {stage: {pair[index] for pair in PAIRS} for index, stage in enumerate(("encoder", "decoder"))}
        self.graphs = {
            (stage, name): session(file_of(folder, stage, name), threads)
            for stage, names in used.items() for name in sorted(names)
        }  # fmt: skip

    def encoded(self, name, mel):
        self.encoder = self.graphs["encoder", name]
        return timed(lambda: super(Variants, self).encode(mel))

    def encode(self, mel):
        return self.cross

    def hear(self, mel, language):
        """Text, milliseconds of the encoder and of the decoder, and tokens, by pair."""
        found = {}
        for name in sorted({pair[0] for pair in PAIRS}):
            self.cross, encoding = self.encoded(name, mel)
            for encoder, decoder in PAIRS:
                if encoder == name:
                    self.decoder = self.graphs["decoder", decoder]
                    tokens, decoding = timed(lambda: self.generate(mel, language))
                    found[f"{encoder} | {decoder}"] = [self.text(tokens).strip(), encoding, decoding, len(tokens)]
        return found


def timed(body):
    start = time.perf_counter()
    return body(), 1000 * (time.perf_counter() - start)


def peers(source, threads):
    from faster_whisper import WhisperModel

    def hears(model):
        def hear(samples, language):
            return "".join(segment.text for segment in model.transcribe(samples, language=language)[0]).strip()

        return hear

    models = {kind: WhisperModel(str(source), compute_type=kind, cpu_threads=threads) for kind in PEERS}
    return {f"faster-whisper {kind}": hears(model) for kind, model in models.items()}


def measure(options, done):
    """Adds a line to clips.jsonl for each clip that has none."""
    manifest = json.loads((options.testset / "manifest.json").read_text("utf-8"))
    entries = [entry for entry in manifest if entry["file"] not in done]
    # Spread over the kinds, so that a run that ends early has seen some of all.
    entries = [entry for start in range(options.stride) for entry in entries[start :: options.stride]]
    variants = Variants(options.bundle, options.out, options.threads)
    rivals = peers(options.source, options.threads)
    with open(options.out / "clips.jsonl", "a", encoding="utf-8") as file:
        for index, entry in enumerate(entries):
            samples, _ = soundfile.read(options.testset / entry["file"], dtype="float32")
            language = entry["language"]
            mel, features = timed(lambda: log_mel(samples))
            line = {**entry, "seconds": len(samples) / 16000, "mel": features}
            line["ours"] = variants.hear(mel, language)
            line["peers"] = {name: timed(lambda: hear(samples, language)) for name, hear in rivals.items()}
            if index == 0:  # the first clip allocates: once more, for its times
                line["ours"] = variants.hear(mel, language)
                line["peers"] = {name: timed(lambda: hear(samples, language)) for name, hear in rivals.items()}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
            file.flush()
            say(f"{index + 1} of {len(entries)} clips")


def texts_and_times(lines):
    """By system: its texts, and its milliseconds from samples to text, clip by clip."""
    systems = {}
    for name in lines[0]["ours"]:
        texts = [line["ours"][name][0] for line in lines]
        systems[name] = texts, np.array([line["mel"] + line["ours"][name][1] + line["ours"][name][2] for line in lines])
    for name in lines[0]["peers"]:
        systems[name] = [line["peers"][name][0] for line in lines], np.array([line["peers"][name][1] for line in lines])
    return systems


def rate(corpus):
    low, high = corpus.interval()
    return f"{100 * corpus.rate:.2f} [{100 * low:.1f}, {100 * high:.1f}]"


def paired(corpus, reference):
    change, (low, high) = corpus.difference(reference)
    return f"{100 * change:+.2f} [{100 * low:+.1f}, {100 * high:+.1f}]"


def report(lines, reference="faster-whisper int8"):
    """Markdown: errors and time of each system, and its difference from the reference on the same clips."""
    systems = texts_and_times(lines)
    groups = {
        "English, words": ([i for i, e in enumerate(lines) if e["language"] == "en"], english_words),
        "English, characters": ([i for i, e in enumerate(lines) if e["language"] == "en"], characters),
        "others, characters": ([i for i, e in enumerate(lines) if e["language"] != "en"], characters),
    }
    print(f"{len(lines)} clips, {sum(line['seconds'] for line in lines):.0f} s of sound; {onnxruntime.__version__}\n")
    heads = [head for group in groups for head in (group, f"- {reference}")]
    print("| encoder \\| decoder | " + " | ".join(heads) + " | time, ratio |")
    print("|---|" + "---|" * (len(heads) + 1))
    for name, (texts, times) in systems.items():
        cells = []
        for chosen, units in groups.values():
            if not chosen:
                cells += ["", ""]
                continue
            said = [lines[i]["text"] for i in chosen]
            corpus = Corpus(said, [texts[i] for i in chosen], units)
            cells += [rate(corpus), paired(corpus, Corpus(said, [systems[reference][0][i] for i in chosen], units))]
        ratio = np.median(times / systems[reference][1])
        print(f"| {name.replace('|', chr(92) + '|')} | " + " | ".join(cells) + f" | {ratio:.2f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("testset", type=pathlib.Path, help="what testset/build.py made")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--source", type=pathlib.Path, help="the CTranslate2 model")
    parser.add_argument("--bundle", type=pathlib.Path, help="a bundle prepared from it, for its tokens")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--stride", type=int, default=7, help="clips are taken so many apart, in so many rounds")
    parser.add_argument("--report", action="store_true", help="print the tables and end")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    path = options.out / "clips.jsonl"
    if not options.report:
        if not options.source or not options.bundle:
            raise PreparationError("name --source and --bundle, or take --report")
        build(options.out, options.source)
        measure(options, {line["file"] for line in read(path)})
    if not (lines := read(path)):
        raise PreparationError(f"{path} has no clips yet; run without --report")
    report(lines)


def read(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


if __name__ == "__main__":
    run(main)
