"""Whisper's two graphs in other precisions than the bundles have: what study_quantization.py compares."""
import re

import numpy as np
import onnx

import whisper_graphs
from whisper_graphs import WhisperGraph

#: Values of a block of weights that share a step: the smallest that ONNX Runtime's kernels take quickly.
BLOCK = 32
#: `accuracy_level` of MatMulNBits: 4 computes in int8 with activations quantized by blocks, 0 in float32.
INT8_COMPUTE = 4


class MixedGraph(WhisperGraph):
    """An int8 graph in which the weights whose names match `kept` stay float32."""

    kept = None

    def norm(self, x, name, readers):
        self.reader = readers[0]
        return super().norm(x, name, readers)

    def project(self, x, name, *arguments, **options):
        self.reader = name
        return super().project(x, name, *arguments, **options)

    def linear(self, x, weight, bias=None, scale=1.0):
        if not (self.quantized and self.kept and re.search(self.kept, self.reader)):
            return super().linear(x, weight, bias, scale)
        # Channels that were divided where the value was made are multiplied back here.
        restored = weight.astype(np.float32) * np.float32(self.smoothing.get(x, np.float32(1)))
        y = self.matmul(x, restored, scale)
        if bias is None or not bias.any():
            return y
        return self.Add(y, bias.astype(np.float32) * np.float32(scale))


def write(path, stage, variables, kept):
    """Writes a graph in int8 but for the weights that match `kept`; with "." it is float32 throughout."""
    kind = type("Kept", (MixedGraph,), {"kept": kept})
    original, whisper_graphs.WhisperGraph = whisper_graphs.WhisperGraph, kind
    try:
        graph = getattr(whisper_graphs, stage)(variables, kept != ".")
    finally:
        whisper_graphs.WhisperGraph = original
    graph.save(path, f"whisper_{stage}", {"rkvoice.stage": stage})


def weight_only(path, source, bits, level=INT8_COMPUTE):
    """Rewrites the products of a float32 graph as MatMulNBits: weights in blocks, symmetric, nothing else changed."""
    from onnxruntime.quantization import matmul_nbits_quantizer as nbits

    config = nbits.DefaultWeightOnlyQuantConfig(
        block_size=BLOCK, is_symmetric=True, accuracy_level=level, bits=bits, op_types_to_quantize=("MatMul",)
    )
    quantizer = nbits.MatMulNBitsQuantizer(onnx.load(source), algo_config=config)
    quantizer.process()
    onnx.save(quantizer.model.model, path)
