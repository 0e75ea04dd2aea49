#!/usr/bin/env python3
"""Turns a Paraformer that takes hotwords, as FunASR exports it, into a bundle; its graphs stay as they are.

The directory has model.onnx and model_eb.onnx, or both with `_quant` or `.int8` for 8-bit weights, am.mvn and
tokens.json; or tokens.txt and, in the metadata of the first, what am.mvn would say.
"""
import argparse
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import funasr_bundle  # noqa: E402
import rknn_placement  # noqa: E402
from preparation import BundleDirectory, PreparationError, run, say  # noqa: E402

STAGES = {"model": "model", "hotwords": "model_eb"}
ENDINGS = (".int8.onnx", "_quant.onnx", ".onnx")


def graphs(folder):
    """The files of both stages, with 8-bit weights where they are there."""
    for ending in ENDINGS:
        found = {stage: stem + ending for stage, stem in STAGES.items()}
        if all((folder / file).is_file() for file in found.values()):
            return found
    raise PreparationError(f"{folder}: no model.onnx with a model_eb.onnx; export with FunASR first")


def tokens(folder):
    """tokens.txt: a piece and its number in each line."""
    if (folder / "tokens.txt").is_file():
        return (folder / "tokens.txt").read_text("utf-8")
    try:
        pieces = json.loads((folder / "tokens.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise PreparationError(f"{folder}: neither tokens.txt nor a readable tokens.json ({error})") from None
    if not isinstance(pieces, list) or not all(isinstance(piece, str) for piece in pieces) or "<s>" not in pieces:
        raise PreparationError(f"{folder}/tokens.json: not the tokens of a Paraformer")
    return "".join(f"{piece} {number}\n" for number, piece in enumerate(pieces))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    funasr_bundle.add_arguments(parser, pathlib)
    parser.add_argument("--languages", default="zh,en", help="ISO codes with commas between (zh,en)")
    options = parser.parse_args()
    files, lines = graphs(options.source), tokens(options.source)
    config = {"mode": "offline", "tokens": "tokens.txt", "frontEnd": {"lfr": {}, "normalization": "given"}}
    taken = list(files.values())
    if (options.source / "am.mvn").is_file():
        config["statistics"] = "am.mvn"
        taken.append("am.mvn")
    else:
        say(f"reading {options.source / files['model']}")
        funasr_bundle.statistics(funasr_bundle.Properties(options.source / files["model"]))
        config["metadata"] = files["model"]
    placements = {"cpu": {stage: rknn_placement.on_cpu(file) for stage, file in files.items()}}
    languages = options.languages.split(",")
    with BundleDirectory(options.out) as directory:
        directory.json("bundle.json", funasr_bundle.bundle(options, "paraformer", languages, placements, config))
        directory.file("tokens.txt").write_text(lines, "utf-8")
        funasr_bundle.take(directory, options.source, taken)


if __name__ == "__main__":
    run(main)
