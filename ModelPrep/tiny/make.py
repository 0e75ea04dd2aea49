#!/usr/bin/env python3
"""Makes the tiny graphs that the tests of the ONNX runtime load: a few nodes each, through the real library.

    python3 ModelPrep/tiny/make.py Tests/RuntimesTests/Fixtures

Made with onnx 1.18.0. Deterministic: the same bytes every time.
"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

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


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for make in (add, identities, endless):
        save(out / f"{make.__name__}.onnx", make.__name__, *make())


if __name__ == "__main__":
    main()
