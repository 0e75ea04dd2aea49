#!/usr/bin/env python3
"""Turns a streaming Paraformer that sherpa-onnx publishes into the layout of boards: rkvoice-stream's names and shapes.

The encoder's first blocks go to the NPU in half precision; the residual of the published model grows beyond what that
holds behind block 31, so the rest stays with ONNX Runtime. Needs numpy and onnx, with --check onnxruntime too.
"""
import argparse
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr"), str(ROOT / "piper")]

import numpy as np  # noqa: E402
import onnx  # noqa: E402

import funasr_bundle  # noqa: E402
import funasr_placement  # noqa: E402
import paraformer_bundle  # noqa: E402
from fixed_graphs import Decoder, Encoder, cache_window  # noqa: E402
from preparation import BundleDirectory, PreparationError, existing_file, run, say  # noqa: E402

#: The last block on the NPU, counted as the published graph's nodes are.
BLOCK = 30
#: What two computations of the same graph may differ by.
ERROR = 1e-4


def read(path):
    say(f"reading {path}")
    return onnx.load(existing_file(path))


def graphs(options, config):
    """Every graph of the layout by the name of its file, and the name of the value at the cut."""
    encoder = Encoder(read(options.source / "encoder.onnx"), config["width"])
    sizes = config["width"], config["cacheLength"]
    stems = f"encoder_prefix_to_block{options.block}", f"encoder_suffix_from_block{options.block}"
    made = {
        "encoder-rknn": encoder.whole(),
        stems[0]: encoder.prefix(options.block), stems[1]: encoder.suffix(options.block),
        "decoder-rknn": Decoder(read(options.source / "decoder.onnx"), *sizes).any_length(),
        "decoder-filled": Decoder(read(options.source / "decoder.onnx"), *sizes).filled(),
    }
    return {f"{name}.onnx": model for name, model in made.items()}, encoder.cut(options.block)


def worst(left, right):
    return max(float(np.abs(np.asarray(one, np.float64) - other).max()) for one, other in zip(left, right))


class Check:
    """The layout against the published graphs, in ONNX Runtime, with random rows of several lengths."""

    def __init__(self, options, files, config):
        import onnxruntime

        def session(path):
            return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])

        self.config, self.random = config, np.random.default_rng(0)
        self.published = [session(options.source / f"{name}.onnx") for name in ("encoder", "decoder")]
        self.parts = [session(options.out / name) for name in files]

    def rows(self, count):
        return self.random.standard_normal((1, count, funasr_placement.ROW)).astype(np.float32)

    def encoder(self, real, rows):
        """Prefix and suffix with `real` of `rows` rows, the prefix filled up, against the whole of the real ones."""
        speech = self.rows(rows)
        speech[:, real:] = 0
        mask = (np.arange(rows) < real).astype(np.float32)[None]
        lengths, ones = np.array([real], np.int32), np.ones((1, real), np.float32)
        feed = {"speech": speech[:, :real], "speech_lengths": lengths}
        wanted = self.published[0].run(None, feed)
        whole = self.parts[0].run(None, feed | {"encoder_pad_mask": ones, "cif_pad_mask": ones})
        cut = self.parts[1].run(None, {"speech": speech, "encoder_pad_mask": mask})[0][:, :real]
        ports = [port.name for port in self.parts[2].get_inputs()]
        half = self.parts[2].run(None, dict(zip(ports, [cut, lengths, ones, ones])))
        return max(worst(wanted, whole), worst(wanted, half))

    def decoder(self, tokens, size):
        """Two calls in a row with carried caches, `tokens` of `size` each, against the published decoder."""
        width, length, count = (self.config[key] for key in ("width", "cacheLength", "caches"))
        enc = self.random.standard_normal((1, 60, width)).astype(np.float32)
        caches = [[np.zeros((1, width, length), np.float32)] * count] * 3
        error = 0.0
        for _ in range(2):
            embeds = self.random.standard_normal((1, tokens, width)).astype(np.float32)
            names = [port.name for port in self.published[1].get_inputs()]
            lengths = np.array([60], np.int32), np.array([tokens], np.int32)
            wanted = self.published[1].run(None, dict(zip(names, [enc, lengths[0], embeds, lengths[1], *caches[0]])))
            exact = {"enc": enc, "acoustic_embeds": embeds, "pad_mask": np.ones((1, tokens), np.float32)}
            exact |= {"enc_pad_mask": np.ones((1, 60), np.float32)}
            found = self.parts[3].run(None, exact | self.named(caches[1]))
            filled = self.parts[4].run(None, self.filled(enc, embeds, size, length) | self.named(caches[2]))
            error = max(error, worst(wanted, found), worst([wanted[0]], [filled[0][:, :tokens]]))
            caches = [wanted[2:], found[2:], filled[1:]]
            error = max(error, worst(caches[0], caches[2]))
        return error

    def filled(self, enc, embeds, size, length):
        tokens, rows = embeds.shape[1], 80
        feed = {"enc": np.pad(enc, ((0, 0), (0, rows - enc.shape[1]), (0, 0)))}
        feed["acoustic_embeds"] = np.pad(embeds, ((0, 0), (0, size - tokens), (0, 0)))
        feed["pad_mask"] = (np.arange(size) < tokens).astype(np.float32)[None]
        feed["enc_pad_mask"] = (np.arange(rows) < enc.shape[1]).astype(np.float32)[None]
        return feed | {"cache_window": cache_window(tokens, size, length)}

    @staticmethod
    def named(caches):
        return {f"in_cache_{index}": cache for index, cache in enumerate(caches)}

    def run(self):
        error = max(
            *(self.encoder(real, rows) for real, rows in ((18, 18), (18, 40), (39, 40), (40, 40), (41, 80))),
            *(self.decoder(tokens, 40) for tokens in (1, 3, 12, 40)),
        )
        say(f"the layout is within {error:.1e} of the published graphs")
        if not error < ERROR:
            raise PreparationError("the layout computes something else than the published graphs")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    funasr_bundle.add_arguments(parser, pathlib)
    parser.add_argument("--languages", default="zh,en", help="ISO codes with commas between (zh,en)")
    parser.add_argument("--block", type=int, default=BLOCK, help=f"the last block on the NPU ({BLOCK})")
    parser.add_argument("--rows", type=int, nargs="+", default=funasr_placement.ENCODER_ROWS, help="lengths of buckets")
    parser.add_argument("--check", action="store_true", help="compare with the published graphs in ONNX Runtime")
    return parser.parse_args()


def main():
    options = arguments()
    properties = funasr_bundle.Properties(options.source / "encoder.onnx")
    config = paraformer_bundle.shared(properties, ["encoder.onnx"], True) | paraformer_bundle.streaming(properties)
    del config["metadata"]
    config["statistics"] = "am.mvn"
    network = funasr_bundle.kaldi_network(*funasr_bundle.statistics(properties))
    funasr_bundle.check_tokens(options.source / "tokens.txt", config["vocabularySize"])
    made, cut = graphs(options, config)
    sizes = funasr_placement.DECODER_ROWS, funasr_placement.DECODER_TOKENS
    placements = funasr_placement.paraformer(options.block, cut, config, sorted(options.rows), sizes)
    languages = options.languages.split(",")
    with BundleDirectory(options.out) as directory:
        directory.json("bundle.json", funasr_bundle.bundle(options, "paraformer", languages, placements, config))
        for name, model in made.items():
            onnx.save(model, directory.file(name))
        directory.file("am.mvn").write_text(network, "utf-8")
        shutil.copyfile(options.source / "tokens.txt", directory.file("tokens.txt"))
    if options.check:
        Check(options, list(made), config).run()


if __name__ == "__main__":
    run(main)
