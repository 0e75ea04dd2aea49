"""What is banned from the sources, and where it is welcome all the same."""

import dataclasses
import re

from allowances import Finding


@dataclasses.dataclass(frozen=True)
class Ban:
    """One rule. `sample` is a line that breaks it, used to see the check fail."""

    rule: str
    pattern: str
    remedy: str
    sample: str
    under: tuple = ("Sources",)
    welcome: tuple = ()  # beginnings of paths
    endings: tuple = (".swift",)
    in_comments: bool = False
    sample_path: str = "Sources/Speech/Planted.swift"


BANS = [
    Ban(
        "unchecked-sendable", r"@unchecked\s+Sendable", "make it Sendable, or an actor",
        "final class A: @unchecked Sendable {}",
    ),
    Ban("nonisolated-unsafe", r"nonisolated\(unsafe\)", "isolate it", "nonisolated(unsafe) var shared = 0"),
    Ban("forced-try", r"\btry!", "throw, or handle the error", "let a = try! load()"),
    Ban("forced-cast", r"\bas!", "use as? and say what was wrong", "let a = b as! Int"),
    Ban("fatal-error", r"\bfatalError\(", "throw an error that says what to do", 'fatalError("no")'),
    Ban(
        "print", r"(?<![\w.])(?:print|debugPrint|dump|NSLog)\(", "only the command-line tool prints", 'print("here")',
        welcome=("Sources/CommandLineTool/",),
    ),
    Ban(
        "environment", r"\bgetenv\b|\.processInfo\b[\s.]*environment\b|\bsetenv\b",
        "the environment is read in Sources/RKVoice/Config only", 'let home = getenv("HOME")',
        welcome=("Sources/RKVoice/Config/",),
    ),
    Ban(
        "unbounded-stream", r"\.unbounded\b|\bAsync(?:Throwing)?Stream\b\s*(?:<[^>]*>+\s*)?(?:\(|\.makeStream|\{)",
        "pull: an AsyncSequence that computes its next element", "let stream = AsyncStream<Int> { _ in }",
    ),
    Ban(
        "unsafe-pointer", r"\bUnsafe\w*Pointer\b|\bOpaquePointer\b|\bUnmanaged\b|\bunsafeBitCast\b|\bwithUnsafe\w+",
        "pointers belong in Runtimes, SpeechSignal and Inference/Tensor*", "func f(_ p: UnsafePointer<Float>) {}",
        welcome=("Sources/Runtimes/", "Sources/SpeechSignal/", "Sources/Inference/Tensor"),
    ),
    Ban(
        "placement-in-model", r"\bPlacement\.Runtime\b|\.onnx\b|\.rknn\b|\bimport\s+Runtimes\b",
        "a model does not know who runs its graphs", "let runtime: Placement.Runtime = .onnx",
        under=("Sources/SpeechModels",), sample_path="Sources/SpeechModels/Planted.swift",
    ),
    Ban(
        "class-in-model", r"(?<![\w.])class\s+\w", "a model is a value, and so is its state", "final class Session {}",
        under=("Sources/SpeechModels",), sample_path="Sources/SpeechModels/Planted.swift",
    ),
    Ban(
        "unfinished", r"\b(?:TODO|FIXME|XXX)\b|[Nn]ot implemented|\bunimplemented\b", "finish it, or take it out",
        "// TO" "DO: later", under=("Sources", "Tests", "Examples", "ModelPrep", "Simulator"),
        endings=(".swift", ".c", ".h", ".py"), in_comments=True,
    ),
]


def measure(tree):
    for ban in BANS:
        pattern = re.compile(ban.pattern)
        for path in tree.named(*ban.endings, under=ban.under):
            if path.startswith(ban.welcome):
                continue
            text = tree.text(path) if ban.in_comments else tree.code(path)
            places = [match.start() for match in pattern.finditer(text)]
            if places:
                line = text.count("\n", 0, places[0]) + 1
                word = " ".join(pattern.search(text)[0].split())
                yield Finding(ban.rule, path, len(places), 0, f'"{word}": {ban.remedy}', line)
