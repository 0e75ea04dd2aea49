"""What the ears by NumPy and ONNX Runtime share. Needs requirements-small.txt."""
import numpy as np
import onnxruntime


def read_tokens(path):
    """Pieces by number."""
    entries = (line.rsplit(" ", 1) for line in path.read_text("utf-8").splitlines())
    return [piece for piece, _ in sorted(entries, key=lambda entry: int(entry[1]))]


def margins(scores):
    """How far the best score of each row is above the second."""
    best = np.sort(scores, axis=-1)
    return best[..., -1] - best[..., -2]


def session(path):
    """One thread: the order of additions does not depend on the machine."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options)


def normalization(properties):
    """What is added to a row, and what it is multiplied with then."""
    for key in ("neg_mean", "inv_stddev"):
        yield np.array([float(number) for number in properties[key].split(",")], np.float32)
