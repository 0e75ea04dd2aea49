"""The one place that talks to rknn-toolkit2. Import it in a process of its own: a build leaves memory and state behind.

Never asks for a runtime on a board: without one, the toolkit starts a daemon of adb that stays, and then fails.
"""
import importlib.abc
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
import types

from preparation import PreparationError

VERSION = importlib.metadata.version("rknn-toolkit2")


class Unused(type):
    """Stands for any class of torch, and for any attribute of it."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Placeholder


class Placeholder(metaclass=Unused):
    def __init__(self, *_, **__):
        pass

    def __call__(self, *values, **_):
        return values[0] if values else self


class AbsentTorch(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets `import torch` succeed where torch is not installed.

    The toolkit imports it at its start, for models of PyTorch and for quantization. Building from ONNX in half
    precision calls nothing of it; torch itself would be another 0.2 to 0.8 GB.
    """

    def find_spec(self, name, path=None, target=None):
        if name == "torch" or name.startswith("torch."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        module = types.ModuleType(spec.name)
        module.__path__, module.__version__ = [], "2.4.0"
        module.__getattr__ = lambda name: getattr(Placeholder, name)
        return module

    def exec_module(self, module):
        pass


if importlib.util.find_spec("torch") is None:
    sys.meta_path.insert(0, AbsentTorch())

from rknn.api import RKNN  # noqa: E402


#: Rewritings that call torch for graphs of these families, and so fail without it. They only save copies.
LEFT_OUT = {family: ["reduce_reshape_op_around_split"] for family in ("sensevoice", "paraformer")}


class Compilation:
    """One ONNX file on its way to one SoC, in half precision."""

    def __init__(self, target, family):
        self.target, self.rknn = target, RKNN(verbose=True)
        rules = LEFT_OUT.get(family)
        options = {"disable_rules": rules} if rules else {}
        self.check(self.rknn.config(target_platform=target, **options), "the target")

    def check(self, status, what):
        if status != 0:
            raise PreparationError(f"rknn-toolkit2 refused {what} (status {status})")

    def build(self, path, shapes):
        """Compiles; the log may hold errors all the same. `shapes` by name of input, in the graph's order."""
        names, sizes = list(shapes), [list(shape) for shape in shapes.values()]
        self.check(self.rknn.load_onnx(str(path), inputs=names, input_size_list=sizes), "the ONNX file")
        self.check(self.rknn.build(do_quantization=False), "to build")

    def simulate(self):
        """Prepares the toolkit's own simulator: in this process only, and only after a build."""
        self.check(self.rknn.init_runtime(), "to start its simulator")

    def run(self, arrays):
        """Outputs in the graph's order, as the simulator computes them."""
        outputs = self.rknn.inference(inputs=list(arrays), data_format="nchw")
        if outputs is None:
            raise PreparationError("rknn-toolkit2's simulator gave no output")
        return outputs

    def export(self, path):
        self.check(self.rknn.export_rknn(str(path)), "to export")
