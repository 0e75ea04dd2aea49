"""Writes an ONNX file whose weights are made one at a time, so that memory holds one weight, not the model.

The wire format is that of protocol buffers (https://protobuf.dev/programming-guides/encoding/), the field numbers
those of onnx.proto. Only what frames the weights is written by hand; the rest is serialized by the onnx package.
"""
import onnx
from onnx import helper

GRAPH_OF_MODEL, INITIALIZER_OF_GRAPH, RAW_DATA_OF_TENSOR = 7, 5, 9
LENGTH_DELIMITED = 2


class Weight:
    """A tensor that is computed while the file is being written.

    `shape` and `dtype` (numpy) are known at once; `make()` returns the array, C-ordered and little-endian.
    """

    def __init__(self, name, shape, dtype, make):
        self.name, self.shape, self.dtype, self.make = name, tuple(shape), dtype, make

    @property
    def nbytes(self):
        count = self.dtype.itemsize
        for size in self.shape:
            count *= size
        return count

    def header(self):
        """The serialized tensor up to its data."""
        kind = helper.np_dtype_to_tensor_dtype(self.dtype)
        tensor = onnx.TensorProto(name=self.name, dims=self.shape, data_type=kind)
        return tensor.SerializeToString() + field(RAW_DATA_OF_TENSOR, self.nbytes)


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def field(number, length):
    """The key and length in front of a length-delimited field."""
    return varint(number << 3 | LENGTH_DELIMITED) + varint(length)


def write_model(path, model, weights):
    """Writes `model` (whose graph has no initializers of its own) with `weights` as its initializers."""
    graph = model.graph.SerializeToString()
    model.ClearField("graph")
    headers = [weight.header() for weight in weights]
    frames = [
        field(INITIALIZER_OF_GRAPH, len(header) + weight.nbytes) + header
        for header, weight in zip(headers, weights)
    ]
    length = len(graph) + sum(len(frame) + weight.nbytes for frame, weight in zip(frames, weights))
    with open(path, "wb") as file:
        file.write(model.SerializeToString() + field(GRAPH_OF_MODEL, length) + graph)
        for frame, weight in zip(frames, weights):
            data = weight.make()
            if data.nbytes != weight.nbytes or data.dtype != weight.dtype:
                raise AssertionError(f"{weight.name}: made {data.dtype} {data.shape}, announced {weight.shape}")
            file.write(frame)
            file.write(memoryview(data).cast("B"))
