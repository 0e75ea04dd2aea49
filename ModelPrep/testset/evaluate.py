#!/usr/bin/env python3
"""Word error rate (English) and character error rate (other languages) of Whisper bundles and of their peer.

Each --model adds: our graphs (greedy), CTranslate2's int8 (greedy, the same mel) and faster-whisper as it comes
(beam 5), float32 and int8. Needs requirements-oracle.txt.
"""
import argparse
import json
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "whisper")]

import soundfile  # noqa: E402
from faster_whisper import WhisperModel  # noqa: E402

from onnx_ear import Graphs  # noqa: E402
from preparation import run, say  # noqa: E402
from scoring import Corpus, characters, english_words  # noqa: E402
from whisper_oracle import CTranslate2Ear, log_mel  # noqa: E402


def greedy(ear):
    return lambda samples, language: ear.text(ear.generate(log_mel(samples), language))


def thinned(ear):
    return lambda samples, language: ear.text(ear.generate(log_mel(samples), language, len(samples)))


def faster_whisper(source, compute_type):
    model = WhisperModel(source, compute_type=compute_type, cpu_threads=1)

    def transcribe(samples, language):
        segments, _ = model.transcribe(samples, language=language)
        return "".join(segment.text for segment in segments)

    return transcribe


def systems(name, source, bundles, strides):
    """Makers of recognizers by name; each is made only when its turn comes."""
    found = {}
    for bundle in bundles:
        label = f"{name} ours {pathlib.Path(bundle).name}"
        found[label] = lambda bundle=bundle: greedy(Graphs(bundle))
        for stride in strides:
            found[f"{label} 1 in {stride}"] = lambda bundle=bundle, n=stride: thinned(Graphs(bundle, stride=n))
    found[f"{name} ctranslate2 int8"] = lambda: greedy(CTranslate2Ear(source, bundles[0], "int8"))
    for kind in ("float32", "int8"):
        found[f"{name} faster-whisper {kind}"] = lambda kind=kind: faster_whisper(source, kind)
    return found


def transcribe_all(recognizer, entries, folder):
    texts, started = [], time.perf_counter()
    for entry in entries:
        samples, _ = soundfile.read(folder / entry["file"], dtype="float32")
        texts.append(recognizer(samples, entry["language"]).strip())
    return texts, time.perf_counter() - started


def report(label, corpus, extra=""):
    low, high = corpus.interval()
    print(f"{label:44} {100 * corpus.rate:6.2f}  [{100 * low:.2f}, {100 * high:.2f}]  {corpus.sizes.sum():5} {extra}")


def score(label, entries, texts, results):
    """Prints a system's rates: English as a whole and by kind, then the other languages."""
    groups = {"English": [i for i, e in enumerate(entries) if e["language"] == "en"]}
    for kind in ("human", "package", "ours", "peer"):
        groups[f"  {kind}"] = [i for i in groups["English"] if entries[i]["kind"] == kind]
    groups["  clean"] = [i for i in groups["English"] if not entries[i]["noise_db"] and not entries[i]["room"]]
    groups["  noise or room"] = [i for i in groups["English"] if i not in set(groups["  clean"])]
    groups["other languages (characters)"] = [i for i, e in enumerate(entries) if e["language"] != "en"]
    for name, chosen in groups.items():
        if chosen:
            units = characters if name.startswith("other") else english_words
            corpus = Corpus([entries[i]["text"] for i in chosen], [texts[i] for i in chosen], units)
            results.setdefault(name, {})[label] = corpus
            report(f"{label}: {name}" if not name.startswith(" ") else f"    {name}", corpus)


def compare(results, first):
    """Prints each system's rate minus that of `first` on the same clips."""
    for name in ("English", "other languages (characters)"):
        for label, corpus in results.get(name, {}).items():
            if label != first and first in results[name]:
                rate, (low, high) = corpus.difference(results[name][first])
                print(f"{name}: {label} - {first}: {100 * rate:+.2f} points [{100 * low:+.2f}, {100 * high:+.2f}]")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("testset", type=pathlib.Path, help="what build.py made")
    parser.add_argument("--model", nargs="+", action="append", required=True, metavar="NAME SOURCE BUNDLE...")
    parser.add_argument("--stride", type=int, action="append", default=[], metavar="N",
                        help="also with one in N positions of the silence")
    parser.add_argument("--out", type=pathlib.Path, help="write every transcript here, as JSON")
    options = parser.parse_args()
    manifest = json.loads((options.testset / "manifest.json").read_text("utf-8"))
    transcripts = {}
    for name, source, *bundles in options.model:
        entries = [e for e in manifest if e["language"] == "en" or not name.endswith(".en")]
        results = {}
        for label, make in systems(name, source, bundles, options.stride).items():
            texts, seconds = transcribe_all(make(), entries, options.testset)
            say(f"{label}: {seconds:.0f} s")
            score(label, entries, texts, results)
            transcripts[label] = {entry["file"]: text for entry, text in zip(entries, texts)}
            if options.out:
                options.out.write_text(json.dumps(transcripts, ensure_ascii=False, indent=1) + "\n", "utf-8")
        compare(results, f"{name} faster-whisper int8")


if __name__ == "__main__":
    run(main)
