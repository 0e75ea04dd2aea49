#!/usr/bin/env python3
"""Decodes the clips with sherpa-onnx 2.0.1 and with ONNX Runtime, and writes what sherpa-onnx heard as JSON.

Four settings of language and punctuation. Fails when the two differ anywhere but in clips that are decided by less than
rounding, which are named. Needs requirements-small.txt.
"""
import argparse
import collections
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import numpy as np  # noqa: E402
import sherpa_onnx  # noqa: E402

import oracle_records  # noqa: E402
import speech_clips  # noqa: E402
from preparation import PreparationError, run  # noqa: E402
from sensevoice_ear import QUERIES, SenseVoiceEar  # noqa: E402

Setting = collections.namedtuple("Setting", "language itn")
#: Languages that no clip has are asked for as well: the answer then tells which query the model got.
SETTINGS = [Setting("auto", False), Setting("", True), Setting("ko", True), Setting("yue", False)]
#: sherpa-onnx ends the process when one of these is missing.
NEEDED = ("vocab_size", "lfr_window_size", "lfr_window_shift", "with_itn", "without_itn", "neg_mean", "inv_stddev")


def recognizer(ear, folder, setting):
    missing = [key for key in NEEDED if key not in ear.properties]
    if missing:
        raise PreparationError(f"{ear.file}: no metadata {', '.join(missing)}; is it a SenseVoice for sherpa-onnx?")
    return sherpa_onnx.OfflineRecognizer.from_sense_voice(
        model=str(ear.file), tokens=str(folder / "tokens.txt"), language=setting.language, use_itn=setting.itn,
        num_threads=1,
    )


def record(clip, setting, result, ear):
    own = ear.hear(clip.samples, setting.language, setting.itn)
    tokens = list(result.tokens)
    agrees = ear.pieces(own.ids) == tokens and np.allclose(result.timestamps, own.times, atol=1e-5)
    tags = [ear.tokens[token] for token in own.ids[: QUERIES - 1]]
    agrees = agrees and tags == [result.lang, result.emotion, result.event]
    return {
        "clip": clip.name, "setting": SETTINGS.index(setting), "tokens": tokens, "ids": own.ids[QUERIES:],
        "text": result.text, "times": own.times, "lang": result.lang, "emotion": result.emotion,
        "event": result.event, "margin": round(own.margin, 3), "agrees": bool(agrees),
    }


def decode(folder, precision, clips):
    ear, records = SenseVoiceEar(folder, precision), []
    for setting in SETTINGS:
        decoder = recognizer(ear, folder, setting)
        for clip in clips:
            stream = decoder.create_stream()
            stream.accept_waveform(speech_clips.RATE, clip.samples)
            decoder.decode_stream(stream)
            records.append(record(clip, setting, stream.result, ear))
    return records


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="directory with model.onnx, model.int8.onnx and tokens.txt")
    parser.add_argument("out", type=pathlib.Path, help="the JSON file to write")
    speech_clips.add_argument(parser)
    parser.add_argument("--precision", choices=("fp32", "int8"), default="fp32")
    return parser.parse_args()


def main():
    options = arguments()
    records = decode(options.model, options.precision, speech_clips.read_clips(options.audioeval))
    excluded = oracle_records.exclusions(records)
    oracle_records.judge(records, excluded)
    name = "model.int8.onnx" if options.precision == "int8" else "model.onnx"
    head = oracle_records.header(options.model, [name, "tokens.txt"])
    head |= {"settings": [setting._asdict() for setting in SETTINGS], "excluded": excluded}
    oracle_records.write(options.out, head, records)


if __name__ == "__main__":
    run(main)
