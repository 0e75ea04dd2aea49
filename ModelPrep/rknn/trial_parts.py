"""What the trials of all families share: the limits of an output, and the graph that is tried."""
import dataclasses

import onnxruntime

from preparation import PreparationError


@dataclasses.dataclass(frozen=True)
class Limits:
    """What an output must keep: a signal-to-noise ratio of at least so many dB, or an error of at most so much."""

    decibels: float = 0
    error: float = float("inf")

    def check(self, name, difference):
        if not (difference.decibels >= self.decibels and difference.error <= self.error):
            raise PreparationError(
                f"{name} is too far from ONNX Runtime: {difference.decibels:.1f} dB, error {difference.error:.2e}"
            )


@dataclasses.dataclass(frozen=True)
class Subject:
    """The graph that is compiled, and where it comes from."""

    folder: object
    bundle: dict
    source: str
    shapes: dict

    @property
    def config(self):
        return self.bundle["config"]

    def session(self, file=None):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, 3
        return onnxruntime.InferenceSession(str(self.folder / (file or self.source)), options)
