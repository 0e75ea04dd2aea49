#!/usr/bin/env python3
"""Turns a CTranslate2 Whisper into a bundle of two ONNX graphs. Needs numpy and onnx only."""
import argparse
import functools
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import rknn_placement  # noqa: E402
from preparation import BundleDirectory, PreparationError, read_json, run, say, sha256  # noqa: E402
from ct2_model import read_model  # noqa: E402
from whisper_graphs import Dimensions, decoder, encoder  # noqa: E402
from whisper_tokens import Vocabulary  # noqa: E402

SAMPLE_RATE = 16000
#: English-only models have 51864 tokens, the multilingual ones at least one more (openai/whisper, model.py).
MULTILINGUAL_VOCABULARY = 51865


def token_config(vocabulary, settings, multilingual):
    """Special tokens and suppression rules. The rules are the model's own, which CTranslate2 applies by default."""
    return {
        "startOfTranscript": vocabulary.id("<|startoftranscript|>"),
        "endOfText": vocabulary.id("<|endoftext|>"),
        "transcribe": vocabulary.id("<|transcribe|>") if multilingual else None,
        "translate": vocabulary.id("<|translate|>") if multilingual else None,
        "startOfPrevious": vocabulary.id("<|startofprev|>"),
        "noSpeech": vocabulary.id("<|nospeech|>", "<|nocaptions|>"),
        "noTimestamps": vocabulary.id("<|notimestamps|>"),
        "timestampBegin": vocabulary.id("<|notimestamps|>") + 1,
        "languageTokens": vocabulary.languages() if multilingual else {},
        "suppress": settings["suppress_ids"],
        "suppressAtStart": settings["suppress_ids_begin"],
    }


def bundle(options, size, vocabulary, settings):
    multilingual = size.vocabulary >= MULTILINGUAL_VOCABULARY
    config = {
        "precision": options.precision,
        "mels": size.mels,
        "layers": size.decoder_layers,
        "heads": size.heads,
        "headSize": size.head_size,
        "audioContext": size.audio_context,
        "textContext": size.text_context,
        "vocabularySize": size.vocabulary,
        "multilingual": multilingual,
        "tokens": "tokens.bin",
        **token_config(vocabulary, settings, multilingual),
    }
    if settings.get("alignment_heads"):
        config["alignmentHeads"] = settings["alignment_heads"]
    stages = {stage: [[{"file": f"{stage}.onnx", "runtime": "onnx"}]] for stage in ("encoder", "decoder")}
    return {
        "schema": 1,
        "family": "whisper",
        "name": options.name,
        "sampleRate": SAMPLE_RATE,
        "languages": list(config["languageTokens"]) or ["en"],
        "license": options.license,
        "placements": {"cpu": stages, "rknn": rknn_placement.whisper(size.mels, size.audio_context)},
        "config": config,
    }


def read_settings(path):
    settings = read_json(path)
    for key in ("suppress_ids", "suppress_ids_begin"):
        if not isinstance(settings.get(key), list):
            raise PreparationError(f"{path}: no {key}; is it the config.json of a CTranslate2 Whisper?")
    return settings


def alignment_heads(settings, size):
    """The heads that follow the words, [[layer, head], ...]; none where the model does not name them."""
    heads = settings.get("alignment_heads") or []
    known = all(
        isinstance(pair, list) and len(pair) == 2 and 0 <= pair[0] < size.decoder_layers and 0 <= pair[1] < size.heads
        for pair in heads
    )
    if not known:
        raise PreparationError("config.json: alignment_heads names what the model lacks; fetch it again")
    return heads


def write_graphs(directory, variables, options, source_hash, heads):
    metadata = {
        "rkvoice.family": "whisper",
        "rkvoice.name": options.name,
        "rkvoice.precision": options.precision,
        "rkvoice.source": f"CTranslate2 WhisperSpec, model.bin sha256 {source_hash}",
    }
    for name, build in (("encoder", encoder), ("decoder", functools.partial(decoder, alignment_heads=heads))):
        say(f"building {name} ({options.precision})")
        try:
            graph = build(variables, options.precision == "int8")
        except KeyError as missing:
            raise PreparationError(f"model.bin has no {missing}; not a Whisper this converter knows") from None
        graph.save(directory.file(f"{name}.onnx"), f"whisper_{name}", {**metadata, "rkvoice.stage": name})


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=pathlib.Path, help="directory with model.bin, config.json and tokenizer.json")
    parser.add_argument("out", type=pathlib.Path, help="directory to write the bundle into")
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    parser.add_argument("--name", required=True, help="the bundle's name, such as whisper-base")
    parser.add_argument("--license", default="MIT", help="the license of the weights")
    return parser.parse_args()


def main():
    options = arguments()
    say(f"reading {options.source / 'model.bin'}")
    variables = read_model(options.source / "model.bin")
    settings = read_settings(options.source / "config.json")
    try:
        size = Dimensions(variables)
    except KeyError as missing:
        raise PreparationError(f"model.bin has no {missing}; not a Whisper this converter knows") from None
    heads = alignment_heads(settings, size)
    vocabulary = Vocabulary(options.source / "tokenizer.json", size.vocabulary)
    with BundleDirectory(options.out) as directory:
        directory.json("bundle.json", bundle(options, size, vocabulary, settings))
        directory.file("tokens.bin").write_bytes(vocabulary.packed())
        write_graphs(directory, variables, options, sha256(options.source / "model.bin"), heads)


if __name__ == "__main__":
    run(main)
