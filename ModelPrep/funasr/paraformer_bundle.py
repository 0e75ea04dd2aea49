#!/usr/bin/env python3
"""Turns a Paraformer that sherpa-onnx publishes, offline or streaming, into a bundle; its graphs stay as they are."""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import funasr_bundle  # noqa: E402
import rknn_placement  # noqa: E402
from preparation import BundleDirectory, PreparationError, run, say  # noqa: E402

def shared(properties, files, is_stream):
    return {
        "precision": "int8" if all(".int8." in file for file in files) else "fp32",
        "mode": "streaming" if is_stream else "offline",
        "metadata": files[0],
        "tokens": "tokens.txt",
        "vocabularySize": properties.number("vocab_size"),
        "frontEnd": funasr_bundle.front_end(properties, is_stream),
    }


def streaming(properties):
    """Sizes of the encoder's rows and of the decoder's caches."""
    width, blocks, kernel = (
        properties.number(name) for name in ("encoder_output_size", "decoder_num_blocks", "decoder_kernel_size")
    )
    if not (0 < width <= 8192 and 0 < blocks <= 128 and 1 < kernel <= 128):
        raise PreparationError(f"{properties.path}: width {width}, {blocks} blocks, kernel {kernel}: not a Paraformer")
    # Rows are scaled and given their positions outside of the graph.
    return {"width": width, "caches": blocks, "cacheLength": kernel - 1, "addsPositions": True}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    funasr_bundle.add_arguments(parser, pathlib)
    parser.add_argument("--languages", default="zh,en", help="ISO codes with commas between (zh,en)")
    options = parser.parse_args()
    is_stream = any((options.source / f"encoder{ending}.onnx").is_file() for ending in ("", ".int8"))
    stages = ["encoder", "decoder"] if is_stream else ["model"]
    files = [funasr_bundle.graph(options.source, stage) for stage in stages]
    say(f"reading {options.source / files[0]}")
    properties = funasr_bundle.Properties(options.source / files[0])
    config = shared(properties, files, is_stream) | (streaming(properties) if is_stream else {})
    funasr_bundle.statistics(properties)
    funasr_bundle.check_tokens(options.source / config["tokens"], config["vocabularySize"])
    placements = {"cpu": {stage: rknn_placement.on_cpu(file) for stage, file in zip(stages, files)}}
    languages = options.languages.split(",")
    with BundleDirectory(options.out) as directory:
        directory.json("bundle.json", funasr_bundle.bundle(options, "paraformer", languages, placements, config))
        funasr_bundle.take(directory, options.source, [*files, config["tokens"]])


if __name__ == "__main__":
    run(main)
