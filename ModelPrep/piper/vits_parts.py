"""Cuts Piper's VITS graph in two at the vocoder's input and makes its noise an input.

VITS (Kim, Kong and Son, 2021) draws noise twice: for the durations and for the latent frames. Piper's export draws it
inside the graph; here the caller gives it, so that a seed reproduces speech. HiFi-GAN (Kong, Kim and Bae, 2020) is
the vocoder; it is local in time and so can run in windows.

encoder  input i64 [1,P], input_lengths i64 [1], scales f32 [3] = noise, length, noise_w,
         sid i64 [1] (voices of several speakers only),
         duration_noise f32 [1,2,P], prior_noise f32 [1,C,n]: frame t takes column t mod n, n >= 1
         -> z f32 [1,C,frames], durations i64 [1,P] in frames
decoder  z (and sid) -> audio f32, one or more 1s in front of frames x hop samples
"""
import numpy as np
from onnx import TensorProto, helper, numpy_helper

from preparation import PreparationError
from onnx_surgery import Index, attribute, rename_input, rename_output, subgraph
from planes import lift_convolutions

#: The vocoder's first convolution: its name in every Piper export.
CUT = "/dec/conv_pre/Conv"
#: Of a [1, channels, frames] tensor.
TIME_AXIS = 2
#: Names that the parts use for their inputs and outputs.
INTERFACE = frozenset("input input_lengths scales sid duration_noise prior_noise z durations audio".split())


def initializer_shape(graph, name):
    for weight in graph.initializer:
        if weight.name == name:
            return list(weight.dims)
    raise PreparationError(f"no weight {name}: not the VITS graph that Piper exports")


def free_names(graph):
    """Renames values that have a name of INTERFACE by chance: in some voices a weight is called sid."""
    made = {weight.name for weight in graph.initializer} | {name for node in graph.node for name in node.output}
    taken = (made & INTERFACE) - {value.name for value in graph.input}
    for name in sorted(taken):
        fresh = f"original_{name}"
        rename_input(graph.node, name, fresh)
        rename_output(graph.node, name, fresh)
        for value in [*graph.initializer, *graph.output]:
            value.name = fresh if value.name == name else value.name


class Vocoder:
    """Where the vocoder begins, and what follows from its layers."""

    def __init__(self, graph):
        index = Index(graph)
        convolution = index.only([node for node in graph.node if node.name == CUT], f"node {CUT}")
        self.input = convolution.input[0]
        self.channels = initializer_shape(graph, convolution.input[1])[1]
        self.output = graph.output[0].name
        inside = index.upstream([self.output], {self.input})
        self.nodes = [node for node in graph.node if node.output[0] in inside and node.output[0] != self.input]
        self.graph = graph

    @property
    def hop(self):
        """Samples per latent frame."""
        return int(np.prod([attribute(node, "strides")[0] for node in self.nodes if node.op_type == "ConvTranspose"]))

    @property
    def reach(self):
        """How far one latent frame is heard before and after its own samples, in frames: the receptive field."""
        heard = {self.input: (0, 0)}
        for node in self.nodes:
            known = [heard[name] for name in node.input if name in heard]
            if not known:
                continue
            first, last = min(low for low, _ in known), max(high for _, high in known)
            if node.op_type in ("Conv", "ConvTranspose"):
                first, last = self.widen(node, first, last)
            heard.update((name, (first, last)) for name in node.output)
        first, last = heard[self.output]
        return max(-first, last - (self.hop - 1)) / self.hop

    def widen(self, node, first, last):
        """The output samples that input samples `first` to `last` change."""
        before = attribute(node, "pads", [0, 0])[0]
        taps = (initializer_shape(self.graph, node.input[1])[2] - 1) * attribute(node, "dilations", [1])[0]
        if node.op_type == "Conv":
            return first - (taps - before), last + before
        stride = attribute(node, "strides")[0]
        return first * stride - before, last * stride - before + taps


def feed_noise(graph):
    """Replaces the graph's two noise generators by inputs; returns the name of the value that holds the durations."""
    index = Index(graph)
    ceil = index.only(index.nodes("Ceil"), "Ceil (durations)")
    noises = index.nodes("RandomNormalLike")
    before = index.upstream(ceil.output)
    durations = index.only([node for node in noises if node.output[0] in before], "noise before the durations")
    prior = index.only([node for node in noises if node.output[0] not in before], "noise after the durations")
    rename_input(graph.node, durations.output[0], "duration_noise")
    rename_input(graph.node, prior.output[0], "prior_noise_frames")
    nodes = list(graph.node)
    nodes[nodes.index(prior) : nodes.index(prior) + 1] = repeated_noise(graph, prior.input[0])
    nodes.remove(durations)
    del graph.node[:]
    graph.node.extend(nodes)
    return ceil.output[0]


def repeated_noise(graph, like):
    """Nodes that lay the columns of prior_noise along the frames of `like`, over and over."""
    constants = {"noise_zero": 0, "noise_one": 1, "noise_time_axis": TIME_AXIS}
    graph.initializer.extend(numpy_helper.from_array(np.array(v, np.int64), k) for k, v in constants.items())
    return [
        helper.make_node("Shape", [like], ["noise_like_shape"]),
        helper.make_node("Gather", ["noise_like_shape", "noise_time_axis"], ["noise_frames"], axis=0),
        helper.make_node("Shape", ["prior_noise"], ["noise_shape"]),
        helper.make_node("Gather", ["noise_shape", "noise_time_axis"], ["noise_columns"], axis=0),
        helper.make_node("Range", ["noise_zero", "noise_frames", "noise_one"], ["noise_range"]),
        helper.make_node("Mod", ["noise_range", "noise_columns"], ["noise_index"]),
        helper.make_node("Gather", ["prior_noise", "noise_index"], ["prior_noise_frames"], axis=TIME_AXIS),
    ]


def duration_output(graph, durations):
    """Appends `durations` as whole numbers [1,P]."""
    graph.initializer.append(numpy_helper.from_array(np.array([1, -1], np.int64), "durations_shape"))
    graph.node.append(helper.make_node("Cast", [durations], ["durations_whole"], to=TensorProto.INT64))
    graph.node.append(helper.make_node("Reshape", ["durations_whole", "durations_shape"], ["durations"]))


def split(model, metadata):
    """The encoder and decoder of a Piper model, and its vocoder's figures. Changes `model`."""
    graph = model.graph
    weights = {weight.name for weight in graph.initializer}  # old exports list weights among the inputs
    names = [value.name for value in graph.input if value.name not in weights]
    if set(names) - {"sid"} != {"input", "input_lengths", "scales"}:
        raise PreparationError(f"inputs are {', '.join(names)}; a Piper voice has input, input_lengths, scales, sid")
    free_names(graph)
    vocoder = Vocoder(graph)
    figures = {
        "hopLength": vocoder.hop,
        "latentChannels": vocoder.channels,
        "overlap": round(vocoder.reach),  # the outermost taps are tiny: 10 for a reach of 10.1 leaves errors of 2e-6
    }
    duration_output(graph, feed_noise(graph))
    rename_input(graph.node, vocoder.input, "z")
    rename_output(graph.node, vocoder.input, "z")
    rename_output(graph.node, vocoder.output, "audio")
    value, f32, i64 = helper.make_tensor_value_info, TensorProto.FLOAT, TensorProto.INT64
    z = value("z", f32, [1, vocoder.channels, "frames"])
    sid = [value("sid", i64, [1])] if "sid" in names else []
    inputs = [
        value("input", i64, [1, "phonemes"]),
        value("input_lengths", i64, [1]),
        value("scales", f32, [3]),
        value("duration_noise", f32, [1, 2, "phonemes"]),
        value("prior_noise", f32, [1, vocoder.channels, "columns"]),
    ]
    ones = [1] * (len(graph.output[0].type.tensor_type.shape.dim) - 1)
    durations, audio = value("durations", i64, [1, "phonemes"]), value("audio", f32, ones + ["samples"])
    encoder = subgraph(model, "piper_encoder", inputs + sid, [z, durations], {**metadata, "rkvoice.stage": "encoder"})
    decoder = subgraph(model, "piper_decoder", [z] + sid, [audio], {**metadata, "rkvoice.stage": "decoder"})
    lift_convolutions(decoder)
    return encoder, decoder, figures
