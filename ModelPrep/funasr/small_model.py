"""Small models of FunASR's graphs: training, export with the interface that sherpa-onnx reads, and a cache of results.

A model of a million parameters learns the 27 clips by heart in a minute; what it says is then real text, so that two
decoders can be compared token by token. Needs requirements-small.txt.
"""
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import sys
import tempfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

import speech_clips
from preparation import PreparationError, say, sha256

REQUIREMENTS = pathlib.Path(__file__).resolve().parent.parent / "requirements-small.txt"
#: Opset of the published models; the exporter is the older one of PyTorch, as theirs was.
OPSET = 13
#: Letters that are written without spaces between words: kana and Chinese characters.
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
#: Letters of a piece of a word.
PIECE = 3
#: The rate is that of width 128; narrower models learn with a larger one.
LEARNING_RATE, WARM_UP, LARGEST_GRADIENT = 2e-3, 0.1, 5.0
#: Standard deviation of the noise that is added to normalized features: what is learned so is not lost to rounding.
NOISE = 0.1
#: Weights of more elements are stored in half precision, where that is asked for.
HALF_ABOVE = 256


def words(text):
    """The words of a text in lower case, without punctuation; kana and Chinese characters one by one."""
    for word in re.sub(r"[.。।,，]", "", text.lower()).split():
        yield list(word) if UNSPACED.search(word) else word


def pieces_with_marks(text):
    """Pieces of SentencePiece's kind: one that begins a word begins with U+2581."""
    out = []
    for word in words(text):
        parts = word if isinstance(word, list) else [word[at : at + PIECE] for at in range(0, len(word), PIECE)]
        out += parts if isinstance(word, list) else ["▁" + parts[0], *parts[1:]]
    return out


def pieces_with_joints(text):
    """Pieces of byte-pair encoding's kind: one that is not the last of its word ends in `@@`."""
    out = []
    for word in words(text):
        parts = word if isinstance(word, list) else [word[at : at + PIECE] for at in range(0, len(word), PIECE)]
        out += parts if isinstance(word, list) else [part + "@@" for part in parts[:-1]] + [parts[-1]]
    return out


def seed():
    """The same numbers on every run of one machine. One thread: the order of additions decides the last bits."""
    torch.manual_seed(0)
    random.seed(0)
    torch.set_num_threads(1)


def pad(rows):
    """Tensors of different lengths as one, filled up with zeros."""
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True)


def fit(model, options, loss_of_step):
    """Trains with all clips in every step. `loss_of_step()` gives the loss and figures to tell."""
    steps, rate = options.steps, LEARNING_RATE * (128 / options.width) ** 0.5
    optimizer = torch.optim.AdamW(model.parameters(), 1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=WARM_UP)
    for step in range(steps):
        loss, figures = loss_of_step()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), LARGEST_GRADIENT)
        optimizer.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            say(f"step {step}: " + ", ".join(f"{name} {float(value):.4f}" for name, value in figures.items()))
    model.eval()


def export(module, inputs, path, **names):
    """Writes a module as ONNX; `names` are `input_names`, `output_names` and `dynamic_axes`."""
    torch.onnx.export(module, inputs, str(path), opset_version=OPSET, dynamo=False, **names)


def listing(values):
    """Numbers as sherpa-onnx reads them from metadata: with commas between."""
    return ",".join(f"{np.float32(value):.9g}" for value in values)


def halve(path):
    """Rounds the large weights of a model to half precision. They stay single in the file: all that computes agrees."""
    model = onnx.load(path)
    for weight in model.graph.initializer:
        if weight.data_type == TensorProto.FLOAT and np.prod(weight.dims) > HALF_ABOVE:
            values = numpy_helper.to_array(weight).astype(np.float16).astype(np.float32)
            weight.CopyFrom(numpy_helper.from_array(values, weight.name))
    onnx.save(model, path)


def pack(path):
    """Stores weights that half precision holds so, and has the graph widen them: half the bytes, equal results."""
    model, casts = onnx.load(path), []
    for weight in model.graph.initializer:
        if weight.data_type != TensorProto.FLOAT or np.prod(weight.dims) <= HALF_ABOVE:
            continue
        name = weight.name
        values = numpy_helper.to_array(weight)
        if not np.array_equal(values, values.astype(np.float16).astype(np.float32)):
            raise AssertionError(f"{name} is not whole in half precision")
        weight.CopyFrom(numpy_helper.from_array(values.astype(np.float16), name + "_half"))
        casts.append(helper.make_node("Cast", [name + "_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    model.graph.ClearField("node")
    model.graph.node.extend(nodes)
    onnx.save(model, path)


def shorten(path):
    """Gives values between nodes short names: the exporter's are a third of a small file. Nodes keep theirs."""
    model = onnx.load(path)
    kept = {port.name for port in (*model.graph.input, *model.graph.output)}
    kept |= {weight.name for weight in model.graph.initializer} | {""}
    names = {}

    def short(name):
        return name if name in kept else names.setdefault(name, f"v{len(names)}")

    def visit(graph):
        for node in graph.node:
            node.input[:], node.output[:] = map(short, node.input), map(short, node.output)
            for inner in (attribute.g for attribute in node.attribute if attribute.HasField("g")):
                visit(inner)
                for port in inner.output:
                    port.name = short(port.name)

    visit(model.graph)
    model.graph.ClearField("value_info")
    onnx.save(model, path)


def set_metadata(path, metadata):
    model = onnx.load(path)
    helper.set_model_props(model, {key: str(value) for key, value in metadata.items()})
    onnx.save(model, path)


def write_tokens(path, tokens):
    """`piece id` in each line."""
    pathlib.Path(path).write_text("".join(f"{token} {index}\n" for index, token in enumerate(tokens)), "utf-8")


def quantize(path, unsigned=False):
    """The file beside `path` with 8-bit weights of its matrix products, as the published models have them."""
    kind = QuantType.QUInt8 if unsigned else QuantType.QInt8
    quantize_dynamic(path, path.with_suffix(".int8.onnx"), op_types_to_quantize=["MatMul"], weight_type=kind)


def scripts_digest():
    """Changes with every script of ours that this process has loaded, and with the pinned packages."""
    root = str(REQUIREMENTS.parent)
    loaded = {getattr(module, "__file__", None) or "" for module in sys.modules.values()}
    digest = hashlib.sha256(REQUIREMENTS.read_bytes())
    for path in sorted(path for path in map(os.path.realpath, loaded) if path.startswith(root)):
        digest.update(pathlib.Path(path).read_bytes())
    return digest.hexdigest()


def cached(script, options, make):
    """Fills `options.out` by `make(directory)`, or from `options.cache` when that has what the same inputs gave."""
    settings = {key: value for key, value in vars(options).items() if key not in ("out", "cache", "audioeval")}
    parts = [scripts_digest(), sha256(options.audioeval), json.dumps(settings, sort_keys=True, default=str)]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    root = options.cache or options.out.parent / ".small-models"
    kept = root / f"{pathlib.Path(script).parent.name}-{pathlib.Path(script).stem}-{key}"
    if not kept.is_dir():
        root.mkdir(parents=True, exist_ok=True)
        work = pathlib.Path(tempfile.mkdtemp(prefix=".training-", dir=root))
        try:
            make(work)
            os.replace(work, kept)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    else:
        say(f"{kept.name} is there already")
    shutil.copytree(kept, options.out, dirs_exist_ok=True)
    for path in sorted(options.out.iterdir()):
        say(f"{path.name}: {path.stat().st_size} bytes, sha256 {sha256(path)}")


def add_arguments(parser, steps):
    parser.add_argument("out", type=pathlib.Path, help="directory to write the model into, as sherpa-onnx publishes it")
    speech_clips.add_argument(parser)
    parser.add_argument("--cache", type=pathlib.Path, help="where trained models are kept by a hash of all inputs")
    parser.add_argument("--steps", type=int, default=steps, help=f"training steps ({steps})")
    parser.add_argument("--width", type=int, default=128, help="width of the encoder, a multiple of 4 (128)")
    parser.add_argument("--blocks", type=int, default=3, help="blocks of the encoder (3)")
    parser.add_argument("--half", action="store_true", help="store weights in half precision: small enough to commit")
    parser.add_argument(
        "--full-size", action="store_true", help="random weights in the published sizes, for speed tests (0.9 GB)"
    )


def check(options):
    """Sets what `--full-size` stands for, and refuses what makes no model."""
    options.units, options.decoder_blocks, options.second_blocks = 2 * options.width, 2, max(1, options.blocks - 1)
    if options.full_size:
        options.steps, options.width, options.blocks = 0, 512, 50
        options.units, options.decoder_blocks, options.second_blocks = 2048, 16, 20
    if options.steps < (0 if options.full_size else 1) or options.width < 8 or options.width % 4 or options.blocks < 2:
        raise PreparationError("wants at least 1 step, 2 blocks and a width that 4 divides")


def extended(tokens, options, count):
    """The tokens, and with `--full-size` so many more that there are `count`."""
    return [*tokens, *(f"<{index}>" for index in range(len(tokens), count))] if options.full_size else tokens


def encoder_settings(options):
    """What FunASR's encoders have in common."""
    return {
        "output_size": options.width, "attention_heads": 4, "linear_units": options.units,
        "num_blocks": options.blocks, "dropout_rate": 0.0, "positional_dropout_rate": 0.0,
        "attention_dropout_rate": 0.0, "normalize_before": True, "kernel_size": 11, "sanm_shfit": 0,
        "selfattention_layer_type": "sanm",
    }


def finish(folder, names, metadata, options, unsigned=False):
    """Everything after the export: metadata on the first file, 8-bit sisters, and half precision where asked for."""
    for index, name in enumerate(names):
        path = folder / name
        if options.half:
            halve(path)
        set_metadata(path, metadata if index == 0 else {})
        quantize(path, unsigned)
        if options.half:
            pack(path)
            shorten(path)
