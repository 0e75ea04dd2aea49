#!/usr/bin/env python3
"""Turns a SenseVoice that sherpa-onnx publishes into a bundle: the graph as it is, what it says of itself beside it."""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import funasr_bundle  # noqa: E402
import rknn_placement  # noqa: E402
from preparation import BundleDirectory, PreparationError, run, say  # noqa: E402

LANGUAGES = ("zh", "en", "yue", "ja", "ko")


def config(properties, file):
    if "Nano" in properties.values.get("comment", ""):
        raise PreparationError(f"{properties.path}: this is Fun-ASR-Nano, another family with the same name")
    return {
        "precision": "int8" if ".int8." in file else "fp32",
        "metadata": file,
        "tokens": "tokens.txt",
        "vocabularySize": properties.number("vocab_size"),
        "blank": properties.number("blank_id", 0),
        "languageQueries": {name: properties.number(f"lang_{name}") for name in ("auto", *LANGUAGES)},
        "withITN": properties.number("with_itn"),
        "withoutITN": properties.number("without_itn"),
        "frontEnd": funasr_bundle.front_end(properties, is_stream=False),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    funasr_bundle.add_arguments(parser, pathlib)
    options = parser.parse_args()
    file = funasr_bundle.graph(options.source, "model")
    say(f"reading {options.source / file}")
    properties = funasr_bundle.Properties(options.source / file)
    settings = config(properties, file)
    funasr_bundle.statistics(properties)
    funasr_bundle.check_tokens(options.source / "tokens.txt", settings["vocabularySize"])
    placements = {"cpu": {"model": rknn_placement.on_cpu(file)}}
    with BundleDirectory(options.out) as directory:
        directory.json(
            "bundle.json", funasr_bundle.bundle(options, "sensevoice", list(LANGUAGES), placements, settings)
        )
        funasr_bundle.take(directory, options.source, [file, "tokens.txt"])


if __name__ == "__main__":
    run(main)
