#!/usr/bin/env python3
"""Lays a Piper voice out as rkvoice-stream has it: DIR/LOCALE/ with encoder.onnx, flow_decoder.onnx and config.json.

The graph is cut behind the length regulator: the encoder, on the CPU, gives the prior's sample; the flow and the
vocoder, for the NPU, make sound of it. Shapes are fixed and the noise is part of the encoder. Needs numpy and onnx
only.

    python seed_layout.py VOICE.onnx VOICE.onnx.json DIR en_US de_DE=de
"""
import argparse
import copy
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

from onnx_surgery import Index, rename_input, rename_output, subgraph  # noqa: E402
from preparation import BundleDirectory, PreparationError, read_json, run, say  # noqa: E402
from split import load_graph, setting  # noqa: E402
from vits_parts import Vocoder, feed_noise, free_names  # noqa: E402

#: Phoneme ids of one run of the encoder.
IDS = 128
#: Latent frames of one run of the decoder.
FRAMES = 256
#: Columns of the prior's noise; longer sentences meet them again.
NOISE_COLUMNS = 512
#: The flow's first layer: its name in every Piper export.
FLOW = "/flow/flows.7/Slice"


class FlowDecoder(Vocoder):
    """The vocoder together with the flow in front of it."""

    def __init__(self, graph):
        super().__init__(graph)
        index = Index(graph)
        first = index.only([node for node in graph.node if node.name == FLOW], f"node {FLOW}")
        self.input = first.input[0]
        self.mask = self.flow_mask(index)
        inside = index.upstream([self.output], {self.input, self.mask})
        outside = {self.input, self.mask}
        self.nodes = [node for node in graph.node if node.output[0] in inside and node.output[0] not in outside]

    @staticmethod
    def flow_mask(index):
        """The value that the flow's layers are multiplied by: 1 up to the last frame of the sentence."""
        layers = [node for node in index.nodes("Mul") if node.name.startswith("/flow/")]
        layers = [node for node in layers if node.name.count("/") == 3 and node.name.endswith("/Mul")]
        masks = {node.input[1] for node in layers}
        return index.only(sorted(masks), "mask of the flow")


def bake(graph, channels):
    """Turns the noise inputs into weights: the same in every run, as a compiled graph has it."""
    random = np.random.default_rng(1)
    weights = {"duration_noise": (1, 2, IDS), "prior_noise": (1, channels, NOISE_COLUMNS)}
    for name, shape in weights.items():
        graph.initializer.append(numpy_helper.from_array(random.standard_normal(shape).astype(np.float32), name))


def cut(model):
    """The encoder, the flow with the vocoder, and the latter's figures. Changes `model`."""
    graph = model.graph
    weights = {weight.name for weight in graph.initializer}
    names = [value.name for value in graph.input if value.name not in weights]
    if set(names) - {"sid"} != {"input", "input_lengths", "scales"}:
        raise PreparationError(f"inputs are {', '.join(names)}; a Piper voice has input, input_lengths, scales, sid")
    if "sid" in names:
        raise PreparationError("a voice of several speakers: its flow depends on the speaker, which this layout lacks")
    free_names(graph)
    decoder = FlowDecoder(graph)
    figures = {"channels": decoder.channels, "hop": decoder.hop, "reach": decoder.reach}
    feed_noise(graph)
    bake(graph, figures["channels"])
    for old, new in ((decoder.input, "z"), (decoder.mask, "y_mask"), (decoder.output, "audio")):
        rename_input(graph.node, old, new)
        rename_output(graph.node, old, new)
    return parts(model, figures), figures


def parts(model, figures):
    """Both graphs as models of their own; the decoder's mask has a shorter name than the encoder's. Changes `model`."""
    value, f32, i64 = helper.make_tensor_value_info, TensorProto.FLOAT, TensorProto.INT64
    metadata = {"rkvoice.family": "piper", "rkvoice.source": "a Piper voice, cut behind the length regulator"}
    encoder = subgraph(
        model,
        "piper_prior",
        [value("input", i64, [1, IDS]), value("input_lengths", i64, [1]), value("scales", f32, [3])],
        [value("z", f32, [1, figures["channels"], "frames"]), value("y_mask", f32, [1, 1, "frames"])],
        metadata,
    )
    rename_input(model.graph.node, "y_mask", "mask")
    rename_output(model.graph.node, "y_mask", "mask")
    decoder = subgraph(
        model,
        "piper_flow_decoder",
        [value("z", f32, [1, figures["channels"], FRAMES]), value("mask", f32, [1, 1, FRAMES])],
        [value("audio", f32, [1, 1, 1, FRAMES * figures["hop"]])],
        metadata,
    )
    return encoder, decoder


def locale(text):
    """`de_DE` or `de_DE=de`: a directory, and which espeak voice speaks there if it is not the voice's own."""
    name, _, voice = text.partition("=")
    if not name.replace("_", "").isalnum():
        raise argparse.ArgumentTypeError(f"{text}: want LOCALE or LOCALE=ESPEAK_VOICE, such as de_DE or de_DE=de")
    return name, voice


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voice", type=pathlib.Path, help="the voice's .onnx file")
    parser.add_argument("config", type=pathlib.Path, help="the voice's .onnx.json file")
    parser.add_argument("out", type=pathlib.Path, help="directory of all locales")
    parser.add_argument(
        "locales", nargs="+", type=locale, help="LOCALE, or LOCALE=ESPEAK_VOICE for the same weights in another accent"
    )
    return parser.parse_args()


def main():
    options = arguments()
    config = read_json(options.config)
    setting(config, options.config, "phoneme_id_map")
    say(f"reading {options.voice}")
    (encoder, decoder), figures = cut(load_graph(options.voice))
    say(f"one frame is heard {figures['reach']:.2f} frames away, with {figures['hop']} samples each")
    first = None
    for name, voice in options.locales:
        own = copy.deepcopy(config)
        if voice:
            own["espeak"]["voice"] = voice
        with BundleDirectory(options.out / name) as directory:
            directory.json("config.json", own)
            for file, graph in (("encoder.onnx", encoder), ("flow_decoder.onnx", decoder)):
                target = directory.file(file)
                target.unlink(missing_ok=True)
                if first:
                    os.link(first / file, target)
                else:
                    onnx.save(graph, target)
        first = first or options.out / name


if __name__ == "__main__":
    run(main)
