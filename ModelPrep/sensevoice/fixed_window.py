#!/usr/bin/env python3
"""Turns a SenseVoice that sherpa-onnx publishes into the layout of boards: one fixed window, queries in front.

The rows of the queries go into embedding.npy and the normalization into am.mvn, as in rkvoice-stream's directories.
Unlike there, rows that only fill the window up are masked: otherwise they change what is heard. Needs numpy and onnx,
with --check onnxruntime too.
"""
import argparse
import pathlib
import shutil
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "funasr"), str(ROOT / "piper")]

import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

import funasr_bundle  # noqa: E402
import funasr_placement  # noqa: E402
import sensevoice_bundle  # noqa: E402
from onnx_surgery import Index, attribute, rename_input, subgraph  # noqa: E402
from preparation import BundleDirectory, PreparationError, existing_file, run, say  # noqa: E402

QUERIES, ROW = 4, funasr_placement.ROW
ERROR = 1e-3
#: What is added to the scores of rows that are masked, in place of minus infinity: half precision must hold it.
MASKED = -30000.0
BIAS = "attention_bias"


def only(found, what):
    if len(found) != 1:
        raise PreparationError(f"found {len(found)} of {what}, want one: not the graph that sherpa-onnx publishes")
    return found[0]


def rows_with_queries(index, x):
    """What puts the four queries in front of the sound."""
    return only([node for node in index.consumers[x] if node.op_type == "Concat"], "what joins queries and sound")


def mask_of_rows(index, x_length):
    """What is 1 for rows with something and 0 behind: a comparison with the length, cast to a number."""
    after, pending = set(), [x_length]
    while pending:
        for node in index.consumers.get(pending.pop(), []):
            if node.name not in after:
                after.add(node.name)
                pending += [] if node.op_type == "Less" else list(node.output)
    less = only([node for node in index.nodes("Less") if node.name in after], "comparisons with the length")
    made = less.output[0]
    while len(readers := index.consumers[made]) == 1 and readers[0].op_type == "Cast":
        made = readers[0].output[0]
    if attribute(index.producer[made], "to") != TensorProto.FLOAT:
        raise PreparationError("the mask of rows is no float: not the graph that sherpa-onnx publishes")
    return made


def table_of_queries(model, index, language):
    """The rows that queries are looked up in, [16, 560]."""
    gather = only([node for node in index.consumers[language] if node.op_type == "Gather"], "tables of queries")
    name = gather.input[0]
    if (cast := index.producer.get(name)) is not None and cast.op_type == "Cast":
        name = cast.input[0]  # stored in half precision
    weights = [weight for weight in model.graph.initializer if weight.name == name]
    return numpy_helper.to_array(only(weights, "weights of queries")).astype(np.float32)


def constant(index, name):
    """The one number that a constant holds; None for anything else."""
    node = index.producer.get(name)
    if node is None or node.op_type != "Constant" or node.attribute[0].name != "value":
        return None
    values = numpy_helper.to_array(node.attribute[0].t)
    return float(values.ravel()[0]) if values.size == 1 else None


def add_instead_of_choose(model):
    """Masks attention by adding to its scores, in place of two choices for each block; returns how many blocks.

    What is masked gets a share of exp(MASKED), which is 0 as before. The compiler computes choices on the CPU.
    """
    index, count = Index(model.graph), 0
    for node in index.nodes("Where"):
        chosen, value = constant(index, node.input[1]), node.input[2]
        maker = index.producer.get(value)
        if maker is None or maker.op_type not in ("MatMul", "Softmax"):
            continue
        if maker.op_type == "MatMul" and chosen == -np.inf:
            node.op_type, count = "Add", count + 1
            node.input[:] = [value, BIAS]
        elif maker.op_type == "Softmax" and chosen == 0:
            node.op_type = "Identity"
            node.input[:] = [value]
    return count


def bias_of(mask):
    """Nodes and weights that make, of a mask [1, rows], what to add to scores [1, heads, rows, rows]."""
    weights = {f"{BIAS}_one": np.float32(1), f"{BIAS}_size": np.float32(-MASKED)}
    shape = numpy_helper.from_array(np.array([1, 1, 1, -1], np.int64), f"{BIAS}_shape")
    nodes = [
        helper.make_node("Sub", [mask, f"{BIAS}_one"], [f"{BIAS}_signed"]),
        helper.make_node("Mul", [f"{BIAS}_signed", f"{BIAS}_size"], [f"{BIAS}_flat"]),
        helper.make_node("Reshape", [f"{BIAS}_flat", f"{BIAS}_shape"], [BIAS]),
    ]
    return nodes, [shape, *(numpy_helper.from_array(np.array(number), name) for name, number in weights.items())]


def fixed(model, rows):
    """The encoder from rows with queries to scores, and the table of queries."""
    x, x_length, language, _ = (port.name for port in model.graph.input)
    index = Index(model.graph)
    joined, mask = rows_with_queries(index, x).output[0], mask_of_rows(index, x_length)
    table = table_of_queries(model, index, language)
    rename_input(model.graph.node, joined, "speech")
    rename_input(model.graph.node, mask, "mask")
    scores = model.graph.output[0]
    vocabulary = scores.type.tensor_type.shape.dim[-1].dim_value or "V"
    say(f"attention of {add_instead_of_choose(model)} blocks is masked by addition")
    nodes, weights = bias_of("mask")
    for node in reversed(nodes):
        model.graph.node.insert(0, node)
    model.graph.initializer.extend(weights)
    made = helper.make_tensor_value_info
    inputs = [made("speech", TensorProto.FLOAT, [1, rows, ROW]), made("mask", TensorProto.FLOAT, [1, rows])]
    outputs = [made(scores.name, TensorProto.FLOAT, [1, rows, vocabulary])]
    part = subgraph(model, "sense_voice_encoder", inputs, outputs, {"rkvoice.stage": "encoder"})
    if scores.name != "logits":
        for node in part.graph.node:
            node.output[:] = ["logits" if name == scores.name else name for name in node.output]
        part.graph.output[0].name = "logits"
    return part, table


def check(options, config):
    """Windows that are full, nearly full and nearly empty, against the published graph."""
    import onnxruntime

    published, own = (onnxruntime.InferenceSession(str(path)) for path in (
        options.source / "model.onnx", options.out / "sense-voice-encoder.onnx"))
    random, table, error = np.random.default_rng(0), np.load(options.out / "embedding.npy"), 0.0
    for sound in (1, 20, 100, options.rows - QUERIES):
        features = random.standard_normal((1, sound, ROW)).astype(np.float32)
        numbers = [sound, config["languageQueries"]["ko"], config["withITN"]]
        feed = [features, *(np.array([number], np.int32) for number in numbers)]
        wanted = published.run(None, dict(zip([port.name for port in published.get_inputs()], feed)))[0]
        speech = np.zeros((1, options.rows, ROW), np.float32)
        speech[0, :QUERIES] = table[[numbers[1], 1, 2, numbers[2]]]
        speech[0, QUERIES : QUERIES + sound] = features
        mask = (np.arange(options.rows) < QUERIES + sound).astype(np.float32)[None]
        found = own.run(None, {"speech": speech, "mask": mask})[0][:, : QUERIES + sound]
        error = max(error, float(np.abs(wanted - found).max()))
    say(f"the window is within {error:.1e} of the published graph")
    if not error < ERROR:
        raise PreparationError("the window computes something else than the published graph")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    funasr_bundle.add_arguments(parser, pathlib)
    default = funasr_placement.WINDOW_ROWS
    parser.add_argument("--rows", type=int, default=default, help=f"rows of the window with the queries ({default})")
    parser.add_argument("--check", action="store_true", help="compare with the published graph in ONNX Runtime")
    options = parser.parse_args()
    path = existing_file(options.source / "model.onnx")
    properties = funasr_bundle.Properties(path)
    config = sensevoice_bundle.config(properties, path.name) | {"embedding": "embedding.npy", "statistics": "am.mvn"}
    del config["metadata"]
    network = funasr_bundle.kaldi_network(*funasr_bundle.statistics(properties))
    funasr_bundle.check_tokens(options.source / "tokens.txt", config["vocabularySize"])
    say(f"reading {path}")
    part, table = fixed(onnx.load(path), options.rows)
    placements = funasr_placement.sensevoice(options.rows)
    languages = list(sensevoice_bundle.LANGUAGES)
    with BundleDirectory(options.out) as directory:
        directory.json("bundle.json", funasr_bundle.bundle(options, "sensevoice", languages, placements, config))
        onnx.save(part, directory.file("sense-voice-encoder.onnx"))
        with open(directory.file("embedding.npy"), "wb") as file:
            np.save(file, table)
        directory.file("am.mvn").write_text(network, "utf-8")
        shutil.copyfile(options.source / "tokens.txt", directory.file("tokens.txt"))
    if options.check:
        check(options, config)


if __name__ == "__main__":
    run(main)
