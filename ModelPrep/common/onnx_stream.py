"""Writes an ONNX file whose weights are made one at a time, so that memory holds one weight, not the model.

The wire format is that of protocol buffers (https://protobuf.dev/programming-guides/encoding/), the field numbers
those of onnx.proto. Only what frames the weights is written by hand; the rest is serialized by the onnx package.
"""
import functools

import numpy as np
import onnx
from onnx import helper, numpy_helper

GRAPH_OF_MODEL, INITIALIZER_OF_GRAPH, RAW_DATA_OF_TENSOR, COMMENT_OF_TENSOR = 7, 5, 9, 12
#: Bytes: a line of the processors' caches, and what ONNX Runtime gives its own buffers.
ALIGNMENT = 64
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


def padded_header(header, nbytes, position):
    """What stands before a weight's data: the header, and a comment that puts the data at a multiple of ALIGNMENT.

    Readers that leave weights in the file need them aligned; readers that do not skip the comment.
    """
    for pad in range(ALIGNMENT + 2):
        comment = field(COMMENT_OF_TENSOR, pad) + b" " * pad if pad else b""
        frame = field(INITIALIZER_OF_GRAPH, len(comment) + len(header) + nbytes) + comment + header
        if (position + len(frame)) % ALIGNMENT == 0 or not nbytes:
            return frame
    raise AssertionError("no padding fits")


def frames_after(start, weights):
    """What stands before each weight's data, the first at `start`, and how long all is."""
    frames, position = [], start
    for weight in weights:
        frames.append(padded_header(weight.header(), weight.nbytes, position))
        position += len(frames[-1]) + weight.nbytes
    return frames, position - start


def write_model(path, model, weights):
    """Writes `model` (whose graph has no initializers of its own) with `weights` as its initializers."""
    graph = model.graph.SerializeToString()
    model.ClearField("graph")
    before = model.SerializeToString()
    length = len(graph) + sum(weight.nbytes for weight in weights)
    while True:
        start = before + field(GRAPH_OF_MODEL, length) + graph
        frames, count = frames_after(len(start), weights)
        if length == len(graph) + count:
            break
        length = len(graph) + count
    with open(path, "wb") as file:
        file.write(start)
        for frame, weight in zip(frames, weights):
            data = weight.make()
            if data.nbytes != weight.nbytes or data.dtype != weight.dtype:
                raise AssertionError(f"{weight.name}: made {data.dtype} {data.shape}, announced {weight.shape}")
            file.write(frame)
            file.write(memoryview(data).cast("B"))


def save_aligned(model, path):
    """Writes a model that is in memory so that its weights can be read in place. `model` is used up."""
    tensors = list(model.graph.initializer)
    model.graph.ClearField("initializer")
    weights = [
        Weight(tensor.name, tensor.dims, numpy_helper.to_array(tensor).dtype, functools.partial(array_of, tensor))
        for tensor in tensors
    ]
    write_model(path, model, weights)


def array_of(tensor):
    return np.array(numpy_helper.to_array(tensor), order="C")
