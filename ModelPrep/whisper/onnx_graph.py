"""A small builder of ONNX graphs whose weights are computed only while the file is written."""
import numpy as np
from onnx import TensorProto, helper

from onnx_stream import Weight, write_model

#: LayerNormalization is of opset 17; IR version 8 is what opset 17 came with.
OPSET, IR_VERSION = 17, 8
#: Rows of a weight that are quantized at a time: bounds the float32 copy to some megabytes.
ROWS = 4096
#: Share of the difficulty moved from activations to weights, and standard deviations a channel is taken to reach.
#: Chosen on base: shares of 0.7 to 0.8 lie within 0.2 dB of one another, 0.35, 0.5 and 1 are 1 to 2 dB worse.
SMOOTHING, SMOOTHING_DEVIATIONS = 0.75, 2.0
INT8_MAX = 127
#: Smallest peak of a row that is divided by it: a row of zeros stays one.
SILENCE = np.float32(1e-9)


def column_peaks(weight):
    """The largest magnitude in each column of `weight` [out, in], in float32."""
    blocks = range(0, weight.shape[0], ROWS)
    return np.max([np.abs(weight[start : start + ROWS]).max(axis=0) for start in blocks], axis=0).astype(np.float32)


def quantized_rows(weight, factors):
    """Symmetric int8, one step per row of `weight` [out, in] x `factors` (one, or one per column).

    Yields (first row, int8 rows, float32 steps).
    """
    for start in range(0, weight.shape[0], ROWS):
        rows = weight[start : start + ROWS].astype(np.float32) * factors
        step = np.maximum(np.abs(rows).max(axis=1), np.finfo(np.float32).tiny) / np.float32(INT8_MAX)
        yield start, np.rint(rows / step[:, None]).astype(np.int8), step


def int8_columns(weight, factors):
    """`weight` [out, in] x `factors`, quantized and transposed: int8 [in, out]."""
    out = np.empty(weight.shape[::-1], np.int8)
    for start, rows, _ in quantized_rows(weight, factors):
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
    weights once (per output column, int8). ONNX Runtime fuses that pattern into one kernel. Two things keep it
    accurate: with `many_rows`, each row of activations is first divided by its peak, so that a loud row costs the
    others nothing; and `smoothing` holds by how much the channels of a value were divided where it was made.
    """

    def __init__(self, quantized, many_rows):
        self.quantized, self.many_rows = quantized, many_rows
        self.nodes, self.weights, self.inputs, self.outputs = [], {}, [], []
        self.activations, self.smoothing = {}, {}

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

    def optional_input(self, name, value, axis):
        """An input that may be left out: it is `value` then, of one axis that may be shorter or longer when given."""
        self.input(name, [axis], helper.np_dtype_to_tensor_dtype(value.dtype))
        return self.weight(value.shape, value.dtype, lambda: value, name)

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
            peaks = self.Max(self.ReduceMax(self.Abs(x), axes=[-1]), SILENCE) if self.many_rows else None
            values = self.Div(x, peaks) if peaks else x
            self.activations[x] = [peaks, *self.DynamicQuantizeLinear(values, outputs=3)]
        peaks, codes, step, zero = self.activations[x]
        factors = self.smoothing.get(x, np.float32(1)) * np.float32(scale)
        columns = self.weight(weight.shape[::-1], np.int8, lambda: int8_columns(weight, factors))
        steps = np.concatenate([steps for _, _, steps in quantized_rows(weight, factors)])
        sums = self.Cast(self.MatMulInteger(codes, columns, zero), to=TensorProto.FLOAT)
        y = self.Mul(sums, self.Mul(step, steps))
        return self.Mul(y, peaks) if peaks else y

    def smoothed(self, gamma, beta, readers):
        """Factors by which to divide the channels of a normalized value that the weights `readers` read.

        SmoothQuant (Xiao et al., 2023): loud channels are made quieter and the weights that read them louder, which
        changes nothing but the rounding. Its peaks of activations come from recorded speech; here they are estimated
        from what normalization multiplies and adds. On base this gains 3 dB in the encoder's output, `many_rows` 5 dB.
        """
        activations = SMOOTHING_DEVIATIONS * np.abs(gamma) + np.abs(beta)
        weights = np.maximum(np.max([column_peaks(weight) for weight in readers], axis=0), SILENCE)
        factors = activations**SMOOTHING / weights ** (1 - SMOOTHING)
        return (factors / np.exp(np.log(factors).mean())).astype(np.float32)

    def save(self, path, name, metadata):
        """Writes the model; `metadata` goes into its metadata_props."""
        graph = helper.make_graph(self.nodes, name, self.inputs, self.outputs)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="rkvoice")
        model.ir_version = IR_VERSION
        helper.set_model_props(model, metadata)
        write_model(path, model, list(self.weights.values()))
