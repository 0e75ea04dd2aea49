#!/usr/bin/env python3
"""Turns a CT-Transformer for punctuation that sherpa-onnx publishes into a bundle; the graph stays as it is."""
import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import funasr_bundle  # noqa: E402
import rknn_placement  # noqa: E402
from preparation import BundleDirectory, PreparationError, run, say  # noqa: E402

#: Marks that a model has to know; the bundle's reader knows `_` for none, too.
NEEDED = {"_", "。"}


def check(properties):
    """That the words, the marks and the word for all others belong together."""
    words, marks = properties.text("tokens").split("|"), set(properties.text("punctuations").split("|"))
    if properties.text("unk_symbol") not in words or len(words) != properties.number("vocab_size", len(words)):
        raise PreparationError(f"{properties.path}: {len(words)} words in its metadata, which says otherwise")
    if not marks >= NEEDED:
        raise PreparationError(f"{properties.path}: the marks {' '.join(sorted(marks))}: not a model of this kind")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    funasr_bundle.add_arguments(parser, pathlib)
    options = parser.parse_args()
    file = funasr_bundle.graph(options.source, "model")
    say(f"reading {options.source / file}")
    properties = funasr_bundle.Properties(options.source / file)
    check(properties)
    placements = {"cpu": {"model": rknn_placement.on_cpu(file)}}
    config = {"metadata": file}
    with BundleDirectory(options.out) as directory:
        directory.json("bundle.json", funasr_bundle.bundle(options, "punctuation", ["zh", "en"], placements, config))
        funasr_bundle.take(directory, options.source, [file])


if __name__ == "__main__":
    run(main)
