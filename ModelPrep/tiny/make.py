#!/usr/bin/env python3
"""Makes the tiny graphs that the tests of the runtimes load: a few nodes each, through the real libraries.

    python3 ModelPrep/tiny/make.py Tests/RuntimesTests/Fixtures

Made with onnx 1.18.0. Deterministic: the same bytes every time.
"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

from onnx_stream import save_aligned  # noqa: E402

TYPES = {"f32": T.FLOAT, "f16": T.FLOAT16, "i64": T.INT64, "i32": T.INT32, "i8": T.INT8, "u8": T.UINT8, "bool": T.BOOL}


def save(path, name, nodes, inputs, outputs, constants=(), metadata=None):
    graph = helper.make_graph(nodes, name, inputs, outputs, list(constants))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="rkvoice")
    model.ir_version = 8
    helper.set_model_props(model, metadata or {})
    onnx.checker.check_model(model)
    onnx.save(model, path)


def add():
    """sum = a + b along an axis of any length; carries metadata."""
    ports = [helper.make_tensor_value_info(n, T.FLOAT, [1, "n"]) for n in ("a", "b")]
    out = [helper.make_tensor_value_info("sum", T.FLOAT, [1, "n"])]
    return [helper.make_node("Add", ["a", "b"], ["sum"])], ports, out, (), {"rkvoice.family": "tiny"}


def identities():
    """One pass-through for each element type."""
    nodes = [helper.make_node("Identity", [f"{n}_in"], [f"{n}_out"]) for n in TYPES]
    ins = [helper.make_tensor_value_info(f"{n}_in", t, ["n"]) for n, t in TYPES.items()]
    outs = [helper.make_tensor_value_info(f"{n}_out", t, ["n"]) for n, t in TYPES.items()]
    return nodes, ins, outs


def endless():
    """A loop of matrix products that runs for minutes: something to cancel."""
    eye = numpy_helper.from_array(np.eye(128, dtype=np.float32), "eye")
    body = helper.make_graph(
        [
            helper.make_node("MatMul", ["x", "eye_in"], ["y"]),
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Identity", ["eye_in"], ["eye_out"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("step", T.INT64, []),
            helper.make_tensor_value_info("go", T.BOOL, []),
            helper.make_tensor_value_info("x", T.FLOAT, [128, 128]),
            helper.make_tensor_value_info("eye_in", T.FLOAT, [128, 128]),
        ],
        [
            helper.make_tensor_value_info("go_on", T.BOOL, []),
            helper.make_tensor_value_info("y", T.FLOAT, [128, 128]),
            helper.make_tensor_value_info("eye_out", T.FLOAT, [128, 128]),
        ],
    )
    count = numpy_helper.from_array(np.array(10_000_000, dtype=np.int64), "count")
    go = numpy_helper.from_array(np.array(True), "go_first")
    loop = helper.make_node("Loop", ["count", "go_first", "start", "eye"], ["end", "eye_end"], body=body)
    start = [helper.make_tensor_value_info("start", T.FLOAT, [128, 128])]
    end = [helper.make_tensor_value_info("end", T.FLOAT, [128, 128])]
    return [loop], start, end, (eye, count, go)


def weights(name, *shape):
    """Numbers between -1 and 1 that are no round ones."""
    count = int(np.prod(shape))
    return numpy_helper.from_array(np.sin(np.arange(count) * 0.7 + 0.3).astype(np.float32).reshape(shape), name)


def front():
    """First stage of a model with two: hidden = tanh(features^T w)."""
    nodes = [
        helper.make_node("Transpose", ["features"], ["rows"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["rows", "w"], ["product"]),
        helper.make_node("Tanh", ["product"], ["hidden"]),
    ]
    ins = [helper.make_tensor_value_info("features", T.FLOAT, [1, 8, "n"])]
    outs = [helper.make_tensor_value_info("hidden", T.FLOAT, [1, "n", 6])]
    return nodes, ins, outs, (weights("w", 8, 6),)


def back():
    """Second stage: scores = hidden w + b."""
    nodes = [
        helper.make_node("MatMul", ["hidden", "w"], ["product"]),
        helper.make_node("Add", ["product", "b"], ["scores"]),
    ]
    ins = [helper.make_tensor_value_info("hidden", T.FLOAT, [1, "n", 6])]
    outs = [helper.make_tensor_value_info("scores", T.FLOAT, [1, "n", 4])]
    return nodes, ins, outs, (weights("w", 6, 4), weights("b", 4))


def image():
    """Four dimensions, no two places alike: brighter = pixels w."""
    ports = [helper.make_tensor_value_info(n, T.FLOAT, [1, 3, 4, 5]) for n in ("pixels", "brighter")]
    nodes = [helper.make_node("Mul", ["pixels", "w"], ["brighter"])]
    return nodes, ports[:1], ports[1:], (weights("w", 1, 3, 4, 5),)


def embed():
    """A row of a table for every token."""
    ins = [helper.make_tensor_value_info("tokens", T.INT64, [1, "n"])]
    outs = [helper.make_tensor_value_info("vectors", T.FLOAT, [1, "n", 4])]
    return [helper.make_node("Gather", ["table", "tokens"], ["vectors"])], ins, outs, (weights("table", 10, 4),)


def recur():
    """A state that is given back: next = state / 2 + input."""
    half = numpy_helper.from_array(np.array(0.5, dtype=np.float32), "half")
    nodes = [
        helper.make_node("Mul", ["state", "half"], ["fading"]),
        helper.make_node("Add", ["fading", "input"], ["next"]),
    ]
    ins = [helper.make_tensor_value_info(n, T.FLOAT, [1, 4]) for n in ("input", "state")]
    return nodes, ins, [helper.make_tensor_value_info("next", T.FLOAT, [1, 4])], (half,)


def rows():
    """A row of a table that is large enough to stay in its file, plus a bias that may be left out."""
    ins = [helper.make_tensor_value_info("index", T.INT64, ["n"]), helper.make_tensor_value_info("bias", T.FLOAT, [80])]
    nodes = [
        helper.make_node("Gather", ["table", "index"], ["plain"]),
        helper.make_node("Add", ["plain", "bias"], ["rows"]),
    ]
    outs = [helper.make_tensor_value_info("rows", T.FLOAT, ["n", 80])]
    return nodes, ins, outs, (weights("table", 16, 80), numpy_helper.from_array(np.zeros(80, np.float32), "bias"))


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for make in (add, identities, endless, front, back, image, embed, recur):
        save(out / f"{make.__name__}.onnx", make.__name__, *make())
    save(out / "rows.onnx", "rows", *rows())
    save_aligned(onnx.load(out / "rows.onnx"), out / "rows.onnx")


if __name__ == "__main__":
    main()
