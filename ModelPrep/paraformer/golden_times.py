#!/usr/bin/env python3
"""Decodes the clips with sherpa-onnx 2.0.1 and with ONNX Runtime, and writes tokens and their times as JSON.

The times are those of a Paraformer with a second predictor (train_timed.py). Fails when the two decoders differ, or
when a clip has no times. Needs requirements-small.txt.
"""
import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import numpy as np  # noqa: E402
import sherpa_onnx  # noqa: E402

import kaldi_features  # noqa: E402
import oracle_records  # noqa: E402
import speech_clips  # noqa: E402
from ear_parts import margins  # noqa: E402
from golden import NEEDED, check_properties  # noqa: E402
from paraformer_ear import OfflineEar  # noqa: E402
from preparation import PreparationError, run  # noqa: E402

#: Seconds of a value of `us_cif_peak`: three for each row of six frames of 10 ms.
PEAK_SECONDS = 0.02
#: A peak is a sum of weights above this; in the graph it fires at the same value. It is compared in double precision.
PEAK = 1 - 1e-4
#: Times from ours that sherpa-onnx gives as 32-bit floats.
TOLERANCE = 1e-4
#: A clip with a sum nearer than this to the threshold is not compared: 8-bit products carry rounding of features on.
NEAREST = {"fp32": oracle_records.SMALLEST_DISTANCE, "int8": 2e-4}


class TimedEar(OfflineEar):
    """An offline Paraformer with its four outputs."""

    def hear_times(self, samples):
        """Numbers of tokens, their times, the smallest margin of a token, and how near a sum is to the threshold."""
        rows = ((kaldi_features.stacked(kaldi_features.log_mel(samples)) + self.shift) * self.scale).astype(np.float32)
        names = [port.name for port in self.session.get_inputs()]
        outputs = self.session.run(None, dict(zip(names, [rows[None], np.array([len(rows)], np.int32)])))
        if len(outputs) < 4:
            raise PreparationError(f"{self.file}: {len(outputs)} outputs: this graph does not tell times")
        scores, peaks = outputs[0][0], outputs[3][0].astype(np.float64)
        ids = [int(token) for token in scores.argmax(axis=-1)]
        end = self.tokens.index("</s>")
        ids = ids[: ids.index(end)] if end in ids else ids
        times = [float(place) * PEAK_SECONDS for place in np.flatnonzero(peaks > PEAK)[:-1]]
        nearest = float(np.abs(peaks - PEAK).min())
        return ids, times if len(times) == len(ids) else [], float(margins(scores).min()), nearest


def record(clip, ear, decoder):
    stream = decoder.create_stream()
    stream.accept_waveform(speech_clips.RATE, clip.samples)
    decoder.decode_stream(stream)
    tokens, times = list(stream.result.tokens), list(stream.result.timestamps)
    ids, own, margin, nearest = ear.hear_times(clip.samples)
    agrees = [ear.tokens[token] for token in ids] == tokens and len(own) == len(times)
    agrees = agrees and all(abs(first - second) < TOLERANCE for first, second in zip(own, times))
    return {
        "clip": clip.name, "tokens": tokens, "ids": ids, "text": stream.result.text,
        "times": [round(time, 4) for time in times], "margin": round(margin, 3),
        "nearestToThreshold": float(f"{nearest:.2g}"), "agrees": agrees,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="directory with model.onnx and tokens.txt")
    parser.add_argument("out", type=pathlib.Path, help="the JSON file to write")
    speech_clips.add_argument(parser)
    parser.add_argument("--precision", choices=("fp32", "int8"), default="fp32")
    options = parser.parse_args()
    ear = TimedEar(options.model, options.precision)
    check_properties(ear, NEEDED)
    decoder = sherpa_onnx.OfflineRecognizer.from_paraformer(
        paraformer=str(ear.file), tokens=str(options.model / "tokens.txt"), num_threads=1
    )
    records = [record(clip, ear, decoder) for clip in speech_clips.read_clips(options.audioeval)]
    untimed = [record["clip"] for record in records if not record["times"]]
    if untimed:
        raise PreparationError(f"no times for {', '.join(untimed)}: train longer")
    excluded = oracle_records.exclusions(records)
    for near in records:
        if near["nearestToThreshold"] < NEAREST[options.precision]:
            excluded.setdefault(near["clip"], f"a sum is {near['nearestToThreshold']} from where a token begins")
    oracle_records.judge(records, excluded)
    head = oracle_records.header(options.model, [ear.file.name, "tokens.txt"]) | {"excluded": excluded}
    oracle_records.write(options.out, head, records)


if __name__ == "__main__":
    run(main)
