"""Compiles one part in a process of its own, tries it in the toolkit's simulator, and writes what came out.

Called by convert_rknn.py with one argument, a JSON object:
  target, file (name of the .rknn), source, folder (of the source), shapes, clip, language, verify, out (a directory)
Writes into `out` the .rknn and golden.json and golden.f32, and last result.json. What the compiler prints goes where
this process prints.
"""
import collections
import json
import pathlib
import platform
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "common"), str(ROOT / "whisper")]

import numpy as np  # noqa: E402
import onnxruntime  # noqa: E402

import toolkit  # noqa: E402
from parity import differences  # noqa: E402
from preparation import read_json, run, say, sha256  # noqa: E402
from rknn_file import check  # noqa: E402
from trial_parts import Subject  # noqa: E402
from trials import TRIALS  # noqa: E402

SAMPLES = 200
Clip = collections.namedtuple("Clip", "path language")


def golden(names, feed, outputs, record, out):
    """One input whole and samples of what ONNX Runtime makes of it: for a check on a board, without ONNX Runtime."""
    with open(out / "golden.f32", "wb") as file:
        for array in feed.values():
            file.write(np.asarray(array, "<f4").tobytes())
    random = np.random.default_rng(len(names))
    values = {}
    for name, array in zip(names, outputs):
        flat = np.ravel(array)
        places = np.sort(random.choice(flat.size, min(SAMPLES, flat.size), replace=False))
        values[name] = {
            "shape": list(array.shape),
            "peak": round(float(np.abs(flat).max()), 6),
            "values": [[int(place), float(f"{flat[place]:.7g}")] for place in places],
        }
    inputs = [{"name": name, "shape": list(np.shape(array))} for name, array in feed.items()]
    text = json.dumps({**record, "inputs": inputs, "outputs": values}, separators=(", ", ": "))
    (out / "golden.json").write_text(text + "\n", "utf-8")


def try_out(compilation, subject, trial, options):
    """Parity in the simulator, with every real input and, when asked for, end to end."""
    reference = subject.session()
    names = [output.name for output in reference.get_outputs()]
    order = list(subject.shapes)
    compilation.simulate()

    def simulated(feed):
        return compilation.run([feed[name] for name in order])

    feeds, started = trial.feeds, time.monotonic()
    found = differences(names, feeds, lambda feed: reference.run(None, feed), simulated)
    for name, difference in found.items():
        trial.limits[name].check(name, difference)
    say(f"simulated {len(feeds)} runs in {time.monotonic() - started:.1f} s")
    middle = feeds[len(feeds) // 2]
    source = {"file": subject.source, "sha256": sha256(subject.folder / subject.source)}
    golden(names, middle, reference.run(None, middle), {"source": source}, options.out)
    result = {
        "how": f"rknn-toolkit2's own simulator on {platform.machine()} against ONNX Runtime {onnxruntime.__version__}; "
        "never run on a board",
        "inputs": trial.inputs,
        "runs": len(feeds),
        "outputs": {name: difference.figures() for name, difference in found.items()},
    }
    return result, trial.end_to_end(simulated) if options.verify else None


def main():
    job = json.loads(sys.argv[1])
    options = collections.namedtuple("Options", job)(**{**job, "out": pathlib.Path(job["out"])})
    folder = pathlib.Path(options.folder)
    subject = Subject(folder, read_json(folder / "bundle.json"), options.source, options.shapes)
    clip = Clip(pathlib.Path(options.clip), options.language) if options.clip else None
    trial = TRIALS[subject.bundle["family"]](subject, clip)
    compilation, started = toolkit.Compilation(options.target, subject.bundle["family"]), time.monotonic()
    compilation.build(folder / options.source, options.shapes)
    say(f"built in {time.monotonic() - started:.1f} s")
    parity, heard = try_out(compilation, subject, trial, options)
    file = options.out / options.file
    compilation.export(file)
    tensors = check(file, options.target, toolkit.VERSION).get("norm_tensor", [])
    result = {
        "toolkit": f"rknn-toolkit2 {toolkit.VERSION}",
        "parity": parity,
        "endToEnd": heard,
        "tensors": [{"name": tensor.get("url"), "size": tensor.get("size")} for tensor in tensors],
    }
    (options.out / "result.json").write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    run(main)
