"""The graphs of a streaming Paraformer for fixed lengths: masks are inputs, the encoder is in two parts.

What the published graphs compute from lengths (`make_pad_mask`) becomes an input that is 1 where there is something and
0 behind, under the names that rkvoice-stream's files have. The names of nodes are those of FunASR's exporter.
"""
import numpy as np
from onnx import TensorProto, helper

from onnx_surgery import Index, rename_input, subgraph
from preparation import PreparationError

FLOAT, INT32 = TensorProto.FLOAT, TensorProto.INT32
ROW = 560


def value(name, shape, kind=FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def made_by(index, name):
    """What the node of that name makes."""
    found = [node for node in index.graph.node if node.name == name]
    if len(found) != 1:
        raise PreparationError(f"no node {name}: not the graph that FunASR exports; take the one with 32-bit weights")
    return found[0].output[0]


def read_instead(model, made, name):
    """Makes every reader of a value read an input of another name."""
    rename_input(model.graph.node, made, name)


class Encoder:
    """The encoder with its masks as inputs, whole or cut behind a block."""

    def __init__(self, model, width):
        index = Index(model.graph)
        read_instead(model, made_by(index, "/encoder/make_pad_mask/Cast_3"), "encoder_pad_mask")
        read_instead(model, made_by(index, "/make_pad_mask/Cast_1"), "cif_pad_mask")
        self.model, self.width = model, width
        self.outputs = [value("enc", [1, "T", width]), value("enc_len", [1], INT32), value("alphas", [1, "T"])]
        self.lengths = [value("speech_lengths", [1], INT32)]
        self.masks = [value("encoder_pad_mask", [1, "T"]), value("cif_pad_mask", [1, "T"])]

    def cut(self, block):
        """What the block of that number makes; the first block of all has none, as its input is narrower."""
        return made_by(Index(self.model.graph), f"/encoder/encoders/encoders.{block}/Add_1")

    def part(self, name, inputs, outputs):
        return subgraph(self.model, name, inputs, outputs, {"rkvoice.stage": name})

    def whole(self):
        speech = value("speech", [1, "T", ROW])
        return self.part("encoder", [speech, *self.lengths, *self.masks], self.outputs)

    def prefix(self, block):
        speech, cut = value("speech", [1, "T", ROW]), value(self.cut(block), [1, "T", self.width])
        return self.part("encoder_prefix", [speech, self.masks[0]], [cut])

    def suffix(self, block):
        cut = value(self.cut(block), [1, "T", self.width])
        return self.part("encoder_suffix", [cut, *self.lengths, *self.masks], self.outputs)


class Decoder:
    """The decoder with its masks as inputs.

    A cache is the last columns of what it was and what came in. Where tokens are filled up to a fixed number, the last
    columns are filling: `cache_window` [columns, kept], with a one in each column, says which to keep.
    """

    def __init__(self, model, width, length):
        index = Index(model.graph)
        read_instead(model, made_by(index, "/decoder/make_pad_mask/Cast_3"), "pad_mask")
        read_instead(model, made_by(index, "/decoder/make_pad_mask_1/Cast_3"), "enc_pad_mask")
        self.model, self.width, self.length = model, width, length
        self.caches = [port.name for port in model.graph.input if port.name.startswith("in_cache_")]
        vocabulary = model.graph.output[0].type.tensor_type.shape.dim[-1].dim_value
        self.logits = value("logits", [1, "U", vocabulary or "V"])

    def inputs(self):
        return [
            value("enc", [1, "T", self.width]), value("acoustic_embeds", [1, "U", self.width]),
            *(value(name, [1, self.width, self.length]) for name in self.caches),
            value("pad_mask", [1, "U"]), value("enc_pad_mask", [1, "T"]),
        ]

    def outputs(self):
        kept = [value(name.replace("in_", "out_"), [1, self.width, self.length]) for name in self.caches]
        return [self.logits, value("sample_ids", [1, "U"], TensorProto.INT64), *kept]

    def any_length(self):
        """For exact numbers of rows and tokens: nothing is filled up, and caches are right as they are."""
        return subgraph(self.model, "decoder", self.inputs(), self.outputs(), {"rkvoice.stage": "decoder"})

    def filled(self):
        """For a fixed number of tokens: caches are chosen by `cache_window`, ids are left to the reader of logits."""
        index = Index(self.model.graph)
        for name in self.caches:
            made = name.replace("in_", "out_")
            last = index.producer[made]
            if last.op_type != "Slice":
                raise PreparationError(f"{made} comes from a {last.op_type}, want a Slice: another decoder")
            last.op_type = "MatMul"
            del last.attribute[:], last.input[1:]
            last.input.append("cache_window")
        window = value("cache_window", [1, "W", self.length])
        outputs = [self.logits, *self.outputs()[2:]]
        return subgraph(self.model, "decoder", [*self.inputs(), window], outputs, {"rkvoice.stage": "decoder"})


def cache_window(tokens, size, length):
    """The columns to keep after `tokens` real ones of `size`: [1, length + size, length]."""
    window = np.zeros((1, length + size, length), np.float32)
    window[0, np.arange(length) + tokens, np.arange(length)] = 1
    return window
