"""What the compiler printed, judged: its build() returns success although it printed errors."""
import re

#: A color that the toolkit puts around the level of a line.
COLOR = re.compile(r"\x1b\[[0-9;]*m")
#: Fields of the NPU's registers that a graph does not fit into: what is written then is wrong on the chip.
REGISTER = re.compile(r"REGTASK")
#: A line of level "error", of the compiler or of the toolkit around it.
ERROR = re.compile(r"^E\s+\S")
#: Printed, as an error, once for a graph with an operator that the runtime computes on the CPU; spelled so.
ON_CPU = re.compile(r"Unkn?own op target: 0$")
#: A line of the table of layers: number, operator, type, target, shapes, cycles of memory, NPU and both, for some SoCs
#: a ratio of sparseness, kilobytes, name.
LAYER = re.compile(
    r"^D RKNN: \[[\d:.]+\] \d+\s+(?P<operator>\w+)\s+\w+\s+(?P<target>CPU|NPU)\s.*"
    r"\s\d+/\d+/(?P<cycles>\d+)\s+(?:\d+%\s+)?\d+\s+\S+$"
)
MEMORY = re.compile(r"Total (?P<kind>Internal|Weight) Memory Size: (?P<kilobytes>[\d.]+)KB")
#: Where data enters and leaves: always on the CPU.
PORTS = {"InputOperator", "OutputOperator"}


def lines(path):
    return [COLOR.sub("", line).strip() for line in path.read_text("utf-8", "replace").splitlines()]


def layers(path):
    """Operator, target and estimated cycles of each layer."""
    found = [match for match in map(LAYER.match, lines(path)) if match]
    return [(match["operator"], match["target"], int(match["cycles"])) for match in found]


def operators_on_cpu(path):
    return sorted(operator for operator, target, _ in layers(path) if target == "CPU" and operator not in PORTS)


def faults(path):
    """The lines that make a build a failure."""
    bad = [line for line in lines(path) if REGISTER.search(line) or ERROR.match(line)]
    # Known and harmless in the simulator, and explained by the table; unexplained it is an error like any other.
    return [line for line in bad if not ON_CPU.search(line)] if operators_on_cpu(path) else bad


def reason(path, printed):
    """The line that tells most: of a refusal the toolkit prints a traceback and its version first."""
    telling = [line for line in printed if "Traceback" not in line and "toolkit2 version" not in line]
    if telling:
        return telling[0]
    own = [line for line in lines(path) if line.startswith("error: ") or re.match(r"\w*Error: ", line)]
    return (own or printed or ["it ended without a word"])[-1].removeprefix("error: ")


def figures(path):
    """What the compiler tells of its work. Cycles and memory are its own estimates: nothing here was measured."""
    sizes = {}
    for match in filter(None, map(MEMORY.search, lines(path))):
        sizes[match["kind"].lower()] = round(float(match["kilobytes"]) * 1024)
    table = layers(path)
    return {
        "registerErrors": sum(bool(REGISTER.search(line)) for line in lines(path)),
        "layers": len(table),
        "operatorsOnCPU": operators_on_cpu(path),
        "cyclesByCompiler": sum(cycles for _, _, cycles in table),
        "memory": {**sizes, "total": sum(sizes.values())} if len(sizes) == 2 else None,
    }
