#!/usr/bin/env python3
"""Makes the tiny decoders that the tests of language models load, and prints what a plain reference says of them.

    python3 ModelPrep/tiny/decoder.py Tests/RuntimesTests/Fixtures

Two layers as Qwen3 has them, with a KV cache: RMS norms, also of each query and key, rotary positions (halves rotated),
queries that share keys and values, a gated feed-forward part, no biases. lm_tokens.onnx takes tokens, lm_rows.onnx
embeddings, positions and a mask, lm_embed.onnx turns the former into the latter. The reference is numpy without a
cache: it reads everything anew for each token. Made with onnx 1.18.0. Deterministic: the same bytes every time.
"""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper, numpy_helper

LAYERS, GROUPS, SHARING, SIZE, VOCABULARY, CONTEXT = 2, 2, 2, 8, 40, 64
HEADS, HIDDEN, WIDE, THETA, EPSILON = GROUPS * SHARING, 16, 24, 1e4, 1e-6


def weights():
    """By name; numbers of a fixed seed."""
    random = np.random.default_rng(7)

    def matrix(rows, columns, scale=1.6):
        return (random.standard_normal((rows, columns)) * scale / np.sqrt(rows)).astype(np.float32)

    table = {"embedding": matrix(VOCABULARY, HIDDEN, 4), "head": matrix(HIDDEN, VOCABULARY, 3)}
    angles = np.outer(np.arange(CONTEXT), THETA ** (-np.arange(SIZE // 2) / (SIZE // 2)))
    table["cos"] = np.cos(np.tile(angles, 2)).astype(np.float32)
    table["sin"] = np.sin(np.tile(angles, 2)).astype(np.float32)
    for layer in range(LAYERS):
        for name, columns in (("q", HEADS * SIZE), ("k", GROUPS * SIZE), ("v", GROUPS * SIZE)):
            table[f"{name}{layer}"] = matrix(HIDDEN, columns)
        table[f"o{layer}"] = matrix(HEADS * SIZE, HIDDEN)
        for name, shape in (("gate", (HIDDEN, WIDE)), ("up", (HIDDEN, WIDE)), ("down", (WIDE, HIDDEN))):
            table[f"{name}{layer}"] = matrix(*shape)
        for name, size in (("norm_a", HIDDEN), ("norm_b", HIDDEN), ("norm_q", SIZE), ("norm_k", SIZE)):
            table[f"{name}{layer}"] = (1 + random.standard_normal(size) * 0.2).astype(np.float32)
    return table | {"norm": np.ones(HIDDEN, np.float32)}


class Nodes(list):
    """The nodes of a graph, in order."""

    def add(self, kind, inputs, output, **attributes):
        self.append(helper.make_node(kind, inputs, [output], **attributes))
        return output


def places_given(add):
    """Where each position is, as positions and mask say it."""
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


def rms_norm(add, x, weight, name):
    """Over the last axis."""
    add("Mul", [x, x], f"{name}_square")
    add("ReduceMean", [f"{name}_square"], f"{name}_mean", axes=[-1])
    add("Add", [f"{name}_mean", "epsilon"], f"{name}_above_zero")
    add("Sqrt", [f"{name}_above_zero"], f"{name}_root")
    add("Div", [x, f"{name}_root"], f"{name}_scaled")
    return add("Mul", [f"{name}_scaled", weight], f"{name}_normed")


def heads(add, x, name, layer, split):
    """Queries, keys or values: [1, heads, n, size]; the former two normed and rotated."""
    tag = f"{name}{layer}"
    add("MatMul", [x, tag], f"{tag}_flat")
    out = add("Reshape", [f"{tag}_flat", split], f"{tag}_split")
    if name != "v":
        out = rms_norm(add, out, f"norm_{name}{layer}", f"{tag}_norm")
    out = add("Transpose", [out], f"{tag}_heads", perm=[0, 2, 1, 3])
    if name == "v":
        return out
    add("MatMul", [out, "turn"], f"{tag}_turned")
    add("Mul", [out, "cos_at"], f"{tag}_straight")
    add("Mul", [f"{tag}_turned", "sin_at"], f"{tag}_across")
    return add("Add", [f"{tag}_straight", f"{tag}_across"], f"{tag}_rotated")


def attention(add, x, layer):
    """What the positions up to each one say."""
    x = rms_norm(add, x, f"norm_a{layer}", f"a{layer}")
    queries = heads(add, x, "q", layer, "split_q")
    add("Reshape", [queries, "in_groups"], f"queries{layer}")
    for kind, name in (("k", "keys"), ("v", "values")):
        new = heads(add, x, kind, layer, "split_kv")
        whole = add("Concat", [f"past_{kind}_{layer}", new], f"{kind}_{layer}", axis=2)
        add("Unsqueeze", [whole, "axis_2"], f"{name}{layer}")
    add("Transpose", [f"keys{layer}"], f"keys{layer}_across", perm=[0, 1, 2, 4, 3])
    add("MatMul", [f"queries{layer}", f"keys{layer}_across"], f"scores{layer}")
    add("Mul", [f"scores{layer}", "scale"], f"scaled{layer}")
    add("Add", [f"scaled{layer}", "bias"], f"biased{layer}")
    add("Softmax", [f"biased{layer}"], f"shares{layer}", axis=-1)
    add("MatMul", [f"shares{layer}", f"values{layer}"], f"mixed{layer}")
    add("Reshape", [f"mixed{layer}", "as_heads"], f"mixed{layer}_heads")
    add("Transpose", [f"mixed{layer}_heads"], f"mixed{layer}_back", perm=[0, 2, 1, 3])
    add("Reshape", [f"mixed{layer}_back", "join"], f"joined{layer}")
    return add("MatMul", [f"joined{layer}", f"o{layer}"], f"attended{layer}")


def feed_forward(add, x, layer):
    """SwiGLU."""
    x = rms_norm(add, x, f"norm_b{layer}", f"b{layer}")
    add("MatMul", [x, f"gate{layer}"], f"gated{layer}")
    add("Sigmoid", [f"gated{layer}"], f"open{layer}")
    add("Mul", [f"gated{layer}", f"open{layer}"], f"silu{layer}")
    add("MatMul", [x, f"up{layer}"], f"raised{layer}")
    add("Mul", [f"silu{layer}", f"raised{layer}"], f"passed{layer}")
    return add("MatMul", [f"passed{layer}", f"down{layer}"], f"fed{layer}")


def graph_nodes(rows_in):
    """From embeddings [1, n, hidden] to logits, with the caches."""
    nodes = Nodes()
    add = nodes.add
    (places_given if rows_in else places_counted)(add)
    add("Gather", ["cos", "query_places"], "cos_at")
    add("Gather", ["sin", "query_places"], "sin_at")
    add("Range", ["zero", "end", "one"], "key_places")
    add("Unsqueeze", ["query_places", "axis_1"], "query_column")
    add("LessOrEqual", ["key_places", "query_column"], "sees")
    add("Where", ["sees", "nothing", "never"], "bias")
    x = "rows"
    for layer in range(LAYERS):
        x = add("Add", [x, attention(add, x, layer)], f"x{layer}_attended")
        x = add("Add", [x, feed_forward(add, x, layer)], f"x{layer}")
    add("Identity", [rms_norm(add, x, "norm", "last")], "hidden")
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
        helper.make_tensor_value_info(f"{name}_{layer}", T.FLOAT, [1, GROUPS, axis, SIZE])
        for layer in range(LAYERS)
        for name in names
    ]


def normed(x, weight):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * weight


def rotated(x, table):
    """Halves of [heads, n, size] turned by the angles of their positions."""
    first, second = np.split(x, 2, -1)
    return x * table["cos"][: x.shape[1]] + np.concatenate([-second, first], -1) * table["sin"][: x.shape[1]]


def reference(table, tokens, count):
    """The likeliest tokens, one by one, everything read anew for each."""
    answer = []
    for _ in range(count):
        x = table["embedding"][tokens + answer].astype(np.float64)
        length = len(x)
        for layer in range(LAYERS):
            row = normed(x, table[f"norm_a{layer}"])
            q, k, v = ((row @ table[f"{n}{layer}"]).reshape(length, -1, SIZE) for n in "qkv")
            q = rotated(normed(q, table[f"norm_q{layer}"]).transpose(1, 0, 2), table)
            k = rotated(normed(k, table[f"norm_k{layer}"]).transpose(1, 0, 2), table)
            k, v = (np.repeat(part, SHARING, 0) for part in (k, v.transpose(1, 0, 2)))
            scores = np.where(np.tri(length, dtype=bool), q @ k.transpose(0, 2, 1) / np.sqrt(SIZE), -1e9)
            shares = np.exp(scores - scores.max(-1, keepdims=True))
            shares /= shares.sum(-1, keepdims=True)
            x = x + (shares @ v).transpose(1, 0, 2).reshape(length, HEADS * SIZE) @ table[f"o{layer}"]
            row = normed(x, table[f"norm_b{layer}"])
            gate = row @ table[f"gate{layer}"]
            x = x + (gate / (1 + np.exp(-gate)) * (row @ table[f"up{layer}"])) @ table[f"down{layer}"]
        answer.append(int(np.argmax(normed(x[-1], table["norm"]) @ table["head"])))
    return answer


def main():
    out = pathlib.Path(sys.argv[1])
    table = weights()
    integers = {"zero": 0, "one": 1, "two": 2, "axis_0": [0], "axis_1": [1], "axis_2": [2]}
    integers |= {"split_q": [1, -1, HEADS, SIZE], "split_kv": [1, -1, GROUPS, SIZE], "as_heads": [1, HEADS, -1, SIZE]}
    integers |= {"in_groups": [1, GROUPS, SHARING, -1, SIZE], "join": [1, -1, HEADS * SIZE]}
    table |= {name: np.array(value, np.int64) for name, value in integers.items()}
    numbers = {"scale": SIZE**-0.5, "nothing": 0, "never": -1e9, "epsilon": EPSILON}
    table |= {name: np.array(value, np.float32) for name, value in numbers.items()}
    # Times this matrix, the halves change places, the second with the other sign.
    table["turn"] = np.kron([[0, 1], [-1, 0]], np.eye(SIZE // 2)).astype(np.float32)
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
