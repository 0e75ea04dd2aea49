"""Plants one violation of every rule in a copy of the repository, and expects each to be found."""

import pathlib
import shutil
import subprocess
import tempfile

from tree import Tree
from words import BANS

# One line more than a function may have.
BODY = "\n".join(f"    var a{number} = {number}" for number in range(41))

# Check, what it has to say, the file, and what is added to it.
VIOLATIONS = [
    ("format", "format", "Sources/Speech/Planted.swift", "let  a=1\n"),
    ("shell", "shell", "scripts/planted.sh", "#!/usr/bin/env bash\nif true; then\n"),
    ("sizes", "file-length", "Sources/Speech/Planted.swift", "// line\n" * 501),
    ("sizes", "line-length", "ModelPrep/planted.py", "# " + "x" * 119 + "\n"),
    ("sizes", "function-length", "Sources/Speech/Planted.swift", f"func f(a: Int = {{ 1 }}()) -> Int {{\n{BODY}\n}}\n"),
    ("sizes", "function-length", "Sources/Speech/Planted.swift", f"struct A {{\n    init() {{\n{BODY}\n    }}\n}}\n"),
    ("sizes", "function-length", "Sources/EspeakProcess/planted.c", f"int f(void)\n{{\n{BODY}\n}}\n"),
    ("sizes", "function-length", "ModelPrep/planted.py", f"def f():\n{BODY.replace('var ', '')}\n"),
    ("sizes", "remove it", "scripts/allow/file-length.txt", "Package.swift 600  it was long once\n"),
    ("words", "lower 2 to 1", "Sources/Speech/Allowed.swift", "let a = try! load()\n"),
    ("words", "remove it", "scripts/allow/forced-cast.txt", "Sources/Speech/Gone.swift 1  it is gone\n"),
    ("rooms", "room", "Sources/Speech/Planted.swift", "package import struct Inference.Tensor\n"),
    ("rooms", "room", "Sources/Planted/Planted.swift", "import Foundation\n"),
    ("documents", "link", "docs/planted.md", "[a](nowhere.md)\n"),
    ("documents", "link", "docs/planted.md", "# One\n[a](#two)\n"),
    ("documents", "decision-index", "docs/decisions/9999-planted.md", "# Planted\n"),
    ("files", "python", "ModelPrep/planted.py", "def f(:\n"),
    ("files", "hollow-test", "Tests/SpeechTests/Planted.swift", "@Test func nothing() {}\n"),
    ("files", "big-file", "docs/planted.txt", "x" * 1_000_001),
    ("files", "home-path", "docs/planted.md", "see /ho" "me/somebody/notes\n"),
    ("files", "host", "docs/planted.md", "see https" "://planted.io/page\n"),
    ("files", "host", "scripts/allow/hosts.txt", "planted.io  nobody mentions it\n"),
    ("files", "login-in-url", "docs/planted.md", "see https" "://me:secret@planted.io/\n"),
] + [("words", ban.rule, ban.sample_path, ban.sample + "\n") for ban in BANS]

# What a rule must not take for a violation: the same words in comments, strings and longer names.
INNOCENT = (
    "Sources/Speech/Planted.swift",
    'let a = "try! \\(b("as! \\(1)")) fatalError("  // print("x"), @unchecked Sendable\n'
    'let c = #"getenv("a") \\("#\n/* AsyncStream( /* nested */ Unmanaged */\n'
    'let d = """\n    as! "quoted" try!\n    """\n'
    "let e = blueprint(1)\nprotocol P {\n    func f() -> Int\n    var g: Int { get }\n}\n",
)


def main(root, run):
    caught = 0
    with tempfile.TemporaryDirectory(dir=build_directory(root)) as directory:
        copy = pathlib.Path(directory)
        copy_tree(root, copy)
        quick = ["sizes", "words", "rooms", "documents", "files"]
        missed = [f"an unchanged copy fails: {problem}" for problem in run(copy, quick)]
        (copy / "scripts/allow").mkdir(exist_ok=True)
        (copy / "scripts/allow/forced-try.txt").write_text("Sources/Speech/Allowed.swift 2  planted\n")
        for check, answer, path, text in VIOLATIONS:
            said = "\n".join(planted(copy, run, check, path, text))
            if f"[{answer}" in said or f": {answer}" in said:
                caught += 1
            else:
                missed.append(f"{check} does not say '{answer}' about {path}")
        (copy / "scripts/allow/forced-try.txt").unlink()
        missed += [f"an innocent file fails: {problem}" for problem in planted(copy, run, "words", *INNOCENT)]
    print(*missed, f"{caught} of {len(VIOLATIONS)} planted violations were found", sep="\n")
    return 1 if missed else 0


def build_directory(root):
    (root / ".build").mkdir(exist_ok=True)
    return root / ".build"


def copy_tree(root, copy):
    for path in Tree(root).paths:
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(root / path, copy / path)
    subprocess.run(["git", "init", "--quiet"], cwd=copy, check=True)


def planted(copy, run, check, path, text):
    """What a check says about the copy with `text` added to one file."""
    file = copy / path
    before = file.read_text() if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((before or "") + text)
    problems = run(copy, [check])
    if before is None:
        file.unlink()
    else:
        file.write_text(before)
    return problems
