"""A small builder of ONNX graphs whose weights are computed only while the file is written."""
import numpy as np
import onnx
from onnx import TensorProto, helper

from onnx_stream import Weight, write_model

#: LayerNormalization is of opset 17; IR version 8 is what opset 17 came with.
OPSET, IR_VERSION = 17, 8
#: Rows of a weight that are quantized at a time: bounds the float32 copy to some megabytes.
ROWS = 4096
INT8_MAX = 127


def quantized_rows(weight, scale):
    """Symmetric int8, one scale per row of `weight` [out, in]; yields (first row, int8 rows, float32 scales)."""
    for start in range(0, weight.shape[0], ROWS):
        rows = weight[start : start + ROWS].astype(np.float32) * np.float32(scale)
        step = np.maximum(np.abs(rows).max(axis=1), np.finfo(np.float32).tiny) / np.float32(INT8_MAX)
        yield start, np.rint(rows / step[:, None]).astype(np.int8), step


def int8_columns(weight, scale):
    """`weight` [out, in] times `scale`, quantized and transposed: int8 [in, out]."""
    out = np.empty(weight.shape[::-1], np.int8)
    for start, rows, _ in quantized_rows(weight, scale):
        out[:, start : start + len(rows)] = rows.T
    return out


def float_columns(weight, scale):
    """`weight` [out, in] times `scale`, transposed: float32 [in, out]."""
    out = np.empty(weight.shape[::-1], np.float32)
    for start in range(0, weight.shape[0], ROWS):
        out[:, start : start + ROWS] = weight[start : start + ROWS].T
    return np.multiply(out, np.float32(scale), out=out)


class Graph:
    """A list of nodes that names its values: `g.Add(a, b)` appends a node and returns its output's name.

    With `quantized`, `linear` computes in int8: activations are quantized when it runs (per tensor, uint8),
    weights once (per output column, int8). ONNX Runtime fuses that pattern into one kernel.
    """

    def __init__(self, quantized):
        self.quantized = quantized
        self.nodes, self.weights, self.inputs, self.outputs = [], {}, [], []
        self.activations = {}

    def __getattr__(self, operator):
        def append(*inputs, outputs=1, name=None, **attributes):
            names = [name] if name else [f"{operator}_{len(self.nodes)}_{i}" for i in range(outputs)]
            values = [self.constant(value) for value in inputs]
            self.nodes.append(helper.make_node(operator, values, names, **attributes))
            return names[0] if outputs == 1 else names

        return append

    def constant(self, value):
        """The name of a constant; a string is already a name."""
        if isinstance(value, str):
            return value
        value = np.array(value, order="C")  # ascontiguousarray would make a scalar one-dimensional
        if value.dtype == np.float64:
            value = value.astype(np.float32)
        name = f"{value.dtype}_{value.tolist()}" if value.size < 9 else f"weight_{len(self.weights)}"
        return self.weight(value.shape, value.dtype, lambda: value, name)

    def weight(self, shape, dtype, make, name=None):
        name = name or f"weight_{len(self.weights)}"
        self.weights[name] = Weight(name, shape, np.dtype(dtype), make)
        return name

    def input(self, name, shape, dtype=TensorProto.FLOAT):
        self.inputs.append(helper.make_tensor_value_info(name, dtype, shape))
        return name

    def output(self, value, name, shape, dtype=TensorProto.FLOAT):
        self.Identity(value, name=name)
        self.outputs.append(helper.make_tensor_value_info(name, dtype, shape))

    def linear(self, x, weight, bias=None, scale=1.0):
        """x · weightᵀ · scale + bias · scale, with `weight` [out, in]."""
        y = self.matmul_int8(x, weight, scale) if self.quantized else self.matmul(x, weight, scale)
        if bias is None or not bias.any():
            return y
        return self.Add(y, bias.astype(np.float32) * np.float32(scale))

    def matmul(self, x, weight, scale):
        return self.MatMul(x, self.weight(weight.shape[::-1], np.float32, lambda: float_columns(weight, scale)))

    def matmul_int8(self, x, weight, scale):
        if x not in self.activations:
            self.activations[x] = self.DynamicQuantizeLinear(x, outputs=3)
        codes, step, zero = self.activations[x]
        columns = self.weight(weight.shape[::-1], np.int8, lambda: int8_columns(weight, scale))
        steps = np.concatenate([step for _, _, step in quantized_rows(weight, scale)])
        sums = self.Cast(self.MatMulInteger(codes, columns, zero), to=TensorProto.FLOAT)
        return self.Mul(sums, self.Mul(step, steps))

    def save(self, path, name, metadata):
        """Writes the model; `metadata` goes into its metadata_props."""
        graph = helper.make_graph(self.nodes, name, self.inputs, self.outputs)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="rkvoice")
        model.ir_version = IR_VERSION
        helper.set_model_props(model, metadata)
        write_model(path, model, list(self.weights.values()))
