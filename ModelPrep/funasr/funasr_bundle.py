"""What the bundle makers of FunASR's families share: metadata of the published graphs, tokens, the front end.

The layouts are those that sherpa-onnx publishes and reads: graphs with metadata, and tokens.txt. Graphs stay the same.
"""
import shutil

from onnx_properties import read_properties
from preparation import PreparationError, existing_file

SAMPLE_RATE, BINS = 16000, 80


class Properties:
    """The metadata of one graph, with errors that name the key."""

    def __init__(self, path):
        self.path, self.values = path, read_properties(path)

    def text(self, key):
        if key not in self.values:
            raise PreparationError(f"{self.path}: no {key} in its metadata; take what sherpa-onnx publishes")
        return self.values[key]

    def number(self, key, default=None):
        if default is not None and key not in self.values:
            return default
        try:
            return int(self.text(key))
        except ValueError:
            raise PreparationError(f"{self.path}: {key} in its metadata is no whole number") from None

    def numbers(self, key, count):
        """A list of so many finite numbers."""
        try:
            found = [float(number) for number in self.text(key).split(",")]
        except ValueError:
            found = []
        if len(found) != count or not all(abs(number) < float("inf") for number in found):
            raise PreparationError(f"{self.path}: {key} in its metadata is no list of {count} numbers")
        return found


def row(properties):
    """Frames of a row, and those from one row to the next."""
    window, shift = (properties.number(f"lfr_window_{name}") for name in ("size", "shift"))
    if not 0 < shift <= window <= 64:
        raise PreparationError(f"{properties.path}: rows of {window} frames every {shift}: not a model of this family")
    return window, shift


def front_end(properties, is_stream):
    """How sound becomes rows. What is not said is FunASR's own choice, which is the default of the front end."""
    window, shift = row(properties)
    edges = {"left": 0, "tail": "dropped"} if is_stream else {"left": (window - 1) // 2, "tail": "repeated"}
    scale = 1 if properties.number("normalize_samples", 0) else 32768
    return {
        "fbank": {"sampleRate": SAMPLE_RATE, "scale": scale, "mel": {"bins": BINS}},
        "lfr": {"window": window, "shift": shift, **edges},
        "normalization": "given",
    }


def statistics(properties):
    """What rows are normalized by, checked: what to add, and what to multiply with then."""
    width = row(properties)[0] * BINS
    return [properties.numbers(key, width) for key in ("neg_mean", "inv_stddev")]


def kaldi_network(shift, scale):
    """am.mvn: Kaldi's text of a network that adds and multiplies."""
    width = len(shift)
    lists = ((name, " ".join(map(repr, numbers))) for name, numbers in (("AddShift", shift), ("Rescale", scale)))
    layers = "".join(f"<{name}> {width} {width}\n<LearnRateCoef> 0 [ {text} ]\n" for name, text in lists)
    return f"<Nnet>\n<Splice> {width} {width}\n[ 0 ]\n{layers}</Nnet>\n"


def check_tokens(path, count):
    """tokens.txt has a line `piece number` for each of so many tokens."""
    try:
        lines = existing_file(path).read_text("utf-8").splitlines()
        numbers = sorted(int(line.rsplit(" ", 1)[1]) for line in lines if line)
    except (IndexError, ValueError):
        raise PreparationError(f"{path}: a line is not a piece and its number; fetch it again") from None
    if numbers != list(range(count)):
        raise PreparationError(f"{path}: {len(numbers)} tokens, the graph has {count}; they do not belong together")


def graph(folder, stem):
    """The file of a graph: the small one, with 8-bit weights, where both are there."""
    for name in (f"{stem}.int8.onnx", f"{stem}.onnx"):
        if (folder / name).is_file():
            return name
    raise PreparationError(f"{folder}: neither {stem}.onnx nor {stem}.int8.onnx is there")


def take(directory, folder, names):
    """Brings published files into a bundle as they are."""
    for name in names:
        if (folder / name).resolve() == (directory.path / name).resolve():
            continue
        shutil.copyfile(folder / name, directory.file(name))


def bundle(options, family, languages, placements, config):
    return {
        "schema": 1, "family": family, "name": options.name, "sampleRate": SAMPLE_RATE, "languages": languages,
        "license": options.license, "placements": placements, "config": config,
    }


def add_arguments(parser, pathlib):
    parser.add_argument("source", type=pathlib.Path, help="directory with the files that sherpa-onnx publishes")
    parser.add_argument("out", type=pathlib.Path, help="directory to write the bundle into; may be the same")
    parser.add_argument("--name", required=True, help="the bundle's name")
    parser.add_argument("--license", required=True, help="the license of the weights")
