"""Writes a vocoder's convolutions over time, [1,C,T], as convolutions over planes of height 1, [1,C,1,T].

ONNX Runtime's kernels for blocks of channels take four dimensions only. Weights keep their bytes, and what is computed
stays the same.
"""
import numpy as np
from onnx import helper, numpy_helper

CONVOLUTIONS = ("Conv", "ConvTranspose")
#: What treats every number alike, whatever the dimensions.
ELEMENTWISE = ("Add", "Div", "LeakyRelu", "Mul", "Tanh")
#: Before this version of ONNX's operators, Squeeze takes its axes elsewhere.
LEAST_OPSET = 13
AXIS = "plane_axis"


def plane(name):
    return f"{name}_plane"


class Planes:
    """A graph's nodes, written anew one by one. A value exists as it was, as planes under another name, or both."""

    def __init__(self, graph):
        self.weights = {weight.name: weight for weight in graph.initializer}
        self.kernels = {name for name, weight in self.weights.items() if len(weight.dims) == 3}
        self.flat = {value.name for value in graph.input}
        self.lifted = set()
        self.nodes = []
        for node in graph.node:
            self.add(node)
        graph.initializer.append(numpy_helper.from_array(np.array([2], np.int64), AXIS))
        del graph.node[:]
        graph.node.extend(self.nodes)

    def add(self, node):
        convolves = node.op_type in CONVOLUTIONS and node.input[1] in self.kernels
        values = node.input[:1] if convolves else [name for name in node.input if not self.is_scalar(name)]
        if not convolves and not (node.op_type in ELEMENTWISE and self.lifted.issuperset(values)):
            for name in node.input:
                self.flatten(name)
            self.flat.update(node.output)
            self.nodes.append(node)
            return
        for name in values:
            self.lift(name)
        if convolves:
            self.widen(node)
        for index, name in enumerate(node.input):
            node.input[index] = plane(name) if name in values else name
        self.lifted.add(node.output[0])
        node.output[0] = plane(node.output[0])
        self.nodes.append(node)

    def is_scalar(self, name):
        return name in self.weights and not self.weights[name].dims

    def widen(self, node):
        """Gives a convolution its second dimension."""
        weight = self.weights[node.input[1]]
        if len(weight.dims) == 3:
            weight.dims.insert(2, 1)
        for item in node.attribute:
            if item.name in ("dilations", "kernel_shape", "strides"):
                item.ints.insert(0, 1)
            elif item.name == "output_padding":
                item.ints.insert(0, 0)
            elif item.name == "pads":
                item.ints[:] = [0, item.ints[0], 0, item.ints[1]]

    def lift(self, name):
        if name not in self.lifted:
            self.nodes.append(helper.make_node("Unsqueeze", [name, AXIS], [plane(name)]))
            self.lifted.add(name)

    def flatten(self, name):
        if name in self.lifted and name not in self.flat:
            self.nodes.append(helper.make_node("Squeeze", [plane(name), AXIS], [name]))
            self.flat.add(name)


def lift_convolutions(model):
    """Lifts a model's convolutions in place; a model of old operators stays as it is."""
    opset = next(item.version for item in model.opset_import if item.domain in ("", "ai.onnx"))
    if opset >= LEAST_OPSET:
        Planes(model.graph)
