#!/usr/bin/env python3
"""Decodes the clips with sherpa-onnx 2.0.1 and with ONNX Runtime, and writes what sherpa-onnx heard as JSON.

A directory with model.onnx is decoded whole. One with encoder.onnx is decoded as a stream in six chunkings with 0.7 s
of silence at the end, and once without any and what is left flushed. Fails when the two differ anywhere but in clips
that are decided by less than rounding, which are named. Needs requirements-small.txt.
"""
import argparse
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr")]

import numpy as np  # noqa: E402
import sherpa_onnx  # noqa: E402

import oracle_records  # noqa: E402
import speech_clips  # noqa: E402
from paraformer_ear import OfflineEar, StreamingEar  # noqa: E402
from preparation import PreparationError, run  # noqa: E402

#: Samples of a chunk; 0: random ones of up to a second, None: all at once.
CHUNKINGS = [160, 400, 1600, 9600, 0, None]
TAIL = 0.7
#: sherpa-onnx ends the process when one of these is missing.
NEEDED = ("vocab_size", "lfr_window_size", "lfr_window_shift", "neg_mean", "inv_stddev")
NEEDED_STREAMING = (*NEEDED, "encoder_output_size", "decoder_num_blocks", "decoder_kernel_size")


def check_properties(ear, needed):
    missing = [key for key in needed if key not in ear.properties]
    if missing:
        raise PreparationError(f"no metadata {', '.join(missing)}; is it a Paraformer for sherpa-onnx?")


def decode_whole(folder, precision, clips):
    ear, records = OfflineEar(folder, precision), []
    check_properties(ear, NEEDED)
    decoder = sherpa_onnx.OfflineRecognizer.from_paraformer(
        paraformer=str(ear.file), tokens=str(folder / "tokens.txt"), num_threads=1
    )
    for clip in clips:
        stream = decoder.create_stream()
        stream.accept_waveform(speech_clips.RATE, clip.samples)
        decoder.decode_stream(stream)
        own = ear.hear(clip.samples)
        tokens = list(stream.result.tokens)
        records.append({
            "clip": clip.name, "tokens": tokens, "ids": own.ids, "text": stream.result.text,
            "margin": round(own.margin, 3), "agrees": [ear.tokens[token] for token in own.ids] == tokens,
        })
    return records


def pieces(samples, size, random):
    """The samples in chunks of one size, of random ones, or whole."""
    at = 0
    while at < len(samples):
        count = len(samples) if size is None else size or int(random.integers(1, speech_clips.RATE))
        yield samples[at : at + count]
        at += count


def stream_through(decoder, samples, size, random, flush=False):
    """Tokens, text and partial texts of one stream."""
    stream, partials = decoder.create_stream(), []

    def step():
        while decoder.is_ready(stream):
            decoder.decode_stream(stream)
            if (text := decoder.get_result(stream)) and (not partials or partials[-1] != text):
                partials.append(text)

    for piece in pieces(samples, size, random):
        stream.accept_waveform(speech_clips.RATE, piece)
        step()
    stream.input_finished()
    if flush:
        stream.set_option("is_final", "1")
    step()
    return list(decoder.get_result_all(stream).tokens), decoder.get_result(stream), partials


def stream_record(clip, decoder, ear, random, flush):
    """One clip in every chunking; all must give the same."""
    samples = clip.samples if flush else speech_clips.with_silence(clip.samples, TAIL)
    own = ear.hear(samples, flush)
    sizes = [1600] if flush else CHUNKINGS
    found = [stream_through(decoder, samples, size, random, flush) for size in sizes]
    tokens, text, partials = found[sizes.index(1600)]
    same = all(other[0] == tokens for other in found)
    return {
        "clip": clip.name, "ending": "flush" if flush else "silence", "tokens": tokens, "ids": own.ids, "text": text,
        "partials": partials, "steps": own.steps, "margin": round(own.margin, 3),
        "nearestToThreshold": float(f"{own.nearest:.2g}"),
        "agrees": same and [ear.tokens[token] for token in own.ids] == tokens,
    }


def decode_stream(folder, precision, clips):
    ear, random = StreamingEar(folder, precision), np.random.default_rng(6)
    check_properties(ear, NEEDED_STREAMING)
    decoder = sherpa_onnx.OnlineRecognizer.from_paraformer(
        tokens=str(folder / "tokens.txt"), encoder=str(ear.files["encoder"]), decoder=str(ear.files["decoder"]),
        num_threads=1,
    )
    return [stream_record(clip, decoder, ear, random, flush) for flush in (False, True) for clip in clips]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path, help="directory with model.onnx, or encoder.onnx and decoder.onnx")
    parser.add_argument("out", type=pathlib.Path, help="the JSON file to write")
    speech_clips.add_argument(parser)
    parser.add_argument("--precision", choices=("fp32", "int8"), default="fp32")
    return parser.parse_args()


def main():
    options = arguments()
    clips = speech_clips.read_clips(options.audioeval)
    ending = ".int8.onnx" if options.precision == "int8" else ".onnx"
    is_stream = (options.model / "encoder.onnx").is_file()
    records = (decode_stream if is_stream else decode_whole)(options.model, options.precision, clips)
    excluded = oracle_records.exclusions(records)
    oracle_records.judge(records, excluded)
    stems = ("encoder", "decoder") if is_stream else ("model",)
    head = oracle_records.header(options.model, [*(stem + ending for stem in stems), "tokens.txt"])
    head |= {"excluded": excluded}
    if is_stream:
        head |= {"chunkings": CHUNKINGS, "silence": TAIL}
    oracle_records.write(options.out, head, records)


if __name__ == "__main__":
    run(main)
