#!/usr/bin/env python3
"""Makes the tiny decoders that the tests of language models load, and prints what a plain reference says of them.

    python3 ModelPrep/tiny/decoder.py Tests/RuntimesTests/Fixtures

Two layers of causal attention with a KV cache: lm_tokens.onnx takes tokens, lm_rows.onnx embeddings, positions and a
mask, lm_embed.onnx turns the former into the latter. The reference is numpy without a cache: it reads everything anew
for each token. Made with onnx 1.18.0. Deterministic: the same bytes every time.
"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

LAYERS, HEADS, SIZE, VOCABULARY, CONTEXT = 2, 2, 8, 40, 64
HIDDEN = HEADS * SIZE


def weights():
    """By name; numbers of a fixed seed."""
    random = np.random.default_rng(7)

    def matrix(rows, columns, scale=1.6):
        return (random.standard_normal((rows, columns)) * scale / np.sqrt(rows)).astype(np.float32)

    table = {"embedding": matrix(VOCABULARY, HIDDEN, 4), "head": matrix(HIDDEN, VOCABULARY, 3)}
    table["place"] = (np.sin(np.outer(np.arange(CONTEXT) + 1, 0.9 ** np.arange(HIDDEN)))).astype(np.float32)
    for layer in range(LAYERS):
        for name in "qkvo":
            table[f"{name}{layer}"] = matrix(HIDDEN, HIDDEN)
    return table


class Nodes(list):
    """The nodes of a graph, in order."""

    def add(self, kind, inputs, output, **attributes):
        self.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def places_given(add):
    """Where each position is, as positions and mask say it."""
    add("Gather", ["place", "positions"], "at")
    add("ReduceSum", ["mask", "axis_1"], "ends", keepdims=0)
    add("Squeeze", ["ends"], "end")
    add("Squeeze", ["positions", "axis_0"], "query_places")


def places_counted(add):
    """Where each position is, by the length of the cache; and the rows of the tokens."""
    add("Gather", ["embedding", "tokens"], "rows")
    add("Shape", ["past_k_0"], "past_shape")
    add("Gather", ["past_shape", "two"], "past")
    add("Shape", ["tokens"], "tokens_shape")
    add("Gather", ["tokens_shape", "one"], "count")
    add("Add", ["past", "count"], "end")
    add("Range", ["past", "end", "one"], "query_places")
    add("Gather", ["place", "query_places"], "at_flat")
    add("Unsqueeze", ["at_flat", "axis_0"], "at")


def attention(add, x, layer):
    """One layer: what is there plus what the positions before it say."""
    parts = {}
    for name in "qkv":
        add("MatMul", [x, f"{name}{layer}"], f"{name}{layer}_flat")
        add("Reshape", [f"{name}{layer}_flat", "split"], f"{name}{layer}_split")
        parts[name] = add("Transpose", [f"{name}{layer}_split"], f"{name}{layer}_heads", perm=[0, 2, 1, 3])
    keys = add("Concat", [f"past_k_{layer}", parts["k"]], f"k_{layer}", axis=2)
    values = add("Concat", [f"past_v_{layer}", parts["v"]], f"v_{layer}", axis=2)
    add("Transpose", [keys], f"keys{layer}", perm=[0, 1, 3, 2])
    add("MatMul", [parts["q"], f"keys{layer}"], f"scores{layer}")
    add("Mul", [f"scores{layer}", "scale"], f"scaled{layer}")
    add("Add", [f"scaled{layer}", "bias"], f"biased{layer}")
    add("Softmax", [f"biased{layer}"], f"shares{layer}", axis=-1)
    add("MatMul", [f"shares{layer}", values], f"mixed{layer}")
    add("Transpose", [f"mixed{layer}"], f"mixed{layer}_back", perm=[0, 2, 1, 3])
    add("Reshape", [f"mixed{layer}_back", "join"], f"joined{layer}")
    add("MatMul", [f"joined{layer}", f"o{layer}"], f"out{layer}")
    add("Tanh", [f"out{layer}"], f"tanh{layer}")
    return add("Add", [x, f"tanh{layer}"], f"x{layer}")


def graph_nodes(rows_in):
    """From embeddings [1, n, hidden] to logits, with the caches."""
    nodes = Nodes()
    add = nodes.add
    (places_given if rows_in else places_counted)(add)
    add("Range", ["zero", "end", "one"], "key_places")
    add("Unsqueeze", ["query_places", "axis_1"], "query_column")
    add("LessOrEqual", ["key_places", "query_column"], "sees")
    add("Where", ["sees", "nothing", "never"], "bias")
    x = add("Add", ["rows", "at"], "x")
    for layer in range(LAYERS):
        x = attention(add, x, layer)
    add("Identity", [x], "hidden")
    add("MatMul", ["hidden", "head"], "logits")
    return nodes


def save(path, nodes, inputs, outputs, table):
    used = {name for node in nodes for name in node.input}
    constants = [numpy_helper.from_array(value, name) for name, value in table.items() if name in used]
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], producer_name="rkvoice")
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, path)


def caches(names, axis):
    return [
        helper.make_tensor_value_info(f"{name}_{layer}", T.FLOAT, [1, HEADS, axis, SIZE])
        for layer in range(LAYERS)
        for name in names
    ]


def reference(table, tokens, count):
    """The likeliest tokens, one by one, everything read anew for each."""
    answer = []
    for _ in range(count):
        rows = table["embedding"][tokens + answer] + table["place"][: len(tokens + answer)]
        x = rows.astype(np.float64)
        length = len(x)
        for layer in range(LAYERS):
            q, k, v = ((x @ table[f"{n}{layer}"]).reshape(length, HEADS, SIZE).transpose(1, 0, 2) for n in "qkv")
            scores = q @ k.transpose(0, 2, 1) / np.sqrt(SIZE)
            scores = np.where(np.tri(length, dtype=bool), scores, -1e9)
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            shares /= shares.sum(-1, keepdims=True)
            mixed = (shares @ v).transpose(1, 0, 2).reshape(length, HIDDEN)
            x = x + np.tanh(mixed @ table[f"o{layer}"])
        answer.append(int(np.argmax(x[-1] @ table["head"])))
    return answer


def main():
    out = pathlib.Path(sys.argv[1])
    table = weights()
    integers = {"zero": 0, "one": 1, "two": 2, "axis_0": [0], "axis_1": [1]}
    table |= {name: np.array(value, np.int64) for name, value in integers.items()}
    table |= {"split": np.array([1, -1, HEADS, SIZE], np.int64), "join": np.array([1, -1, HIDDEN], np.int64)}
    table |= {"scale": np.array(SIZE**-0.5, np.float32)}
    table |= {"nothing": np.array(0, np.float32), "never": np.array(-1e9, np.float32)}
    tokens = helper.make_tensor_value_info("tokens", T.INT64, [1, "n"])
    rows = helper.make_tensor_value_info("rows", T.FLOAT, [1, "n", HIDDEN])
    outputs = [
        helper.make_tensor_value_info("logits", T.FLOAT, [1, "n", VOCABULARY]),
        helper.make_tensor_value_info("hidden", T.FLOAT, [1, "n", HIDDEN]),
    ] + caches(("k", "v"), "total")
    past = caches(("past_k", "past_v"), "past")
    places = [
        helper.make_tensor_value_info("positions", T.INT64, [1, "n"]),
        helper.make_tensor_value_info("mask", T.INT64, [1, "total"]),
    ]
    save(out / "lm_tokens.onnx", graph_nodes(False), [tokens] + past, outputs, table)
    save(out / "lm_rows.onnx", graph_nodes(True), [rows] + places + past, outputs, table)
    embed = [helper.make_node("Gather", ["embedding", "tokens"], ["rows"])]
    save(out / "lm_embed.onnx", embed, [tokens], [rows], table)
    for prompt in ([1, 2, 3], [7], [39, 0, 12, 5, 5]):
        print(prompt, reference(table, prompt, 12))


if __name__ == "__main__":
    main()
