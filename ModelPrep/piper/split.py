#!/usr/bin/env python3
"""Turns a Piper voice into a bundle: encoder and vocoder apart, noise as an input. Needs numpy and onnx only."""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import onnx  # noqa: E402
import rknn_placement  # noqa: E402
from google.protobuf.message import DecodeError  # noqa: E402

from onnx_stream import save_aligned  # noqa: E402
from preparation import BundleDirectory, PreparationError  # noqa: E402
from preparation import existing_file, read_json, run, say, sha256  # noqa: E402
from vits_parts import split  # noqa: E402


def setting(voice, path, *keys):
    """A value of the voice's JSON."""
    value = voice
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            raise PreparationError(f"{path}: no {'.'.join(keys)}; is it the JSON file of a Piper voice?")
        value = value[key]
    return value


def language(voice, path):
    """The voice's language as a tag such as en-US."""
    code = voice.get("language", {}).get("code") or setting(voice, path, "espeak", "voice")
    return code.replace("_", "-")


def voice_config(voice, path):
    """What the voice's JSON says about phonemes, speakers and the usual scales."""
    kind = voice.get("phoneme_type", "espeak")
    if kind != "espeak":
        raise PreparationError(f"{path}: phonemes of type {kind}; only voices with espeak phonemes are supported")
    return {
        "espeakVoice": setting(voice, path, "espeak", "voice"),
        "noiseScale": setting(voice, path, "inference", "noise_scale"),
        "lengthScale": setting(voice, path, "inference", "length_scale"),
        "noiseW": setting(voice, path, "inference", "noise_w"),
        "speakers": voice.get("num_speakers", 1),
        "speakerIDs": voice.get("speaker_id_map", {}),
        "phonemeIDs": setting(voice, path, "phoneme_id_map"),
    }


def load_graph(path):
    try:
        return onnx.load(existing_file(path))
    except DecodeError:
        raise PreparationError(f"{path}: not a whole ONNX file: truncated or another format; fetch it again") from None


def bundle(options, voice, config):
    stages = {stage: [[{"file": f"{stage}.onnx", "runtime": "onnx"}]] for stage in ("encoder", "decoder")}
    npu = rknn_placement.piper(config["latentChannels"], config["hopLength"], config["speakers"])
    return {
        "schema": 1,
        "family": "piper",
        "name": options.name,
        "sampleRate": setting(voice, options.config, "audio", "sample_rate"),
        "languages": [language(voice, options.config)],
        "license": options.license,
        "placements": {"cpu": stages, "rknn": npu},
        "config": config,
    }


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("voice", type=pathlib.Path, help="the voice's .onnx file")
    parser.add_argument("config", type=pathlib.Path, help="the voice's .onnx.json file")
    parser.add_argument("out", type=pathlib.Path, help="directory to write the bundle into")
    parser.add_argument("--name", required=True, help="the bundle's name, such as en_US-joe-medium")
    parser.add_argument("--license", required=True, help="the license of the voice")
    return parser.parse_args()


def main():
    options = arguments()
    voice = read_json(options.config)
    config = voice_config(voice, options.config)
    say(f"reading {options.voice}")
    model = load_graph(options.voice)
    metadata = {
        "rkvoice.family": "piper",
        "rkvoice.name": options.name,
        "rkvoice.precision": "fp32",
        "rkvoice.source": f"Piper voice, onnx sha256 {sha256(options.voice)}",
    }
    say("splitting at the vocoder")
    encoder, decoder, figures = split(model, metadata)
    with BundleDirectory(options.out) as directory:
        directory.json("bundle.json", bundle(options, voice, {**figures, **config}))
        save_aligned(encoder, directory.file("encoder.onnx"))
        save_aligned(decoder, directory.file("decoder.onnx"))


if __name__ == "__main__":
    run(main)
