"""The checks that other programs do: swift format and shellcheck."""

import os
import shutil
import subprocess
import sys

from allowances import Finding


def swift_format(tree):
    paths = tree.named(".swift")
    temporary = tree.root / ".build/swiftpm/tmp"
    temporary.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
        ["swift", "format", "lint", "--strict", "--parallel", *paths],
        cwd=tree.root, capture_output=True, text=True, env={**os.environ, "TMPDIR": str(temporary)},
    )
    lines = [line for line in result.stderr.splitlines() if ": error: " in line or ": warning: " in line]
    if result.returncode and not lines:
        lines = [f"swift format failed: {result.stderr.strip()[-300:]}"]
    for line in lines:
        place, _, message = line.replace(": warning: ", ": error: ").partition(": error: ")
        message = message or "scripts/format.sh mends most of it"
        yield Finding("format", place.removeprefix(f"{tree.root}/"), 1, 0, message)


def shell(tree):
    scripts = [path for path in tree.paths if tree.text(path).startswith("#!/usr/bin/env bash")]
    sourced = [path for path in tree.named(".sh") if path not in scripts]
    if shutil.which("shellcheck"):
        command = ["shellcheck", "-x", "--format", "gcc", *scripts, *sourced]
    else:
        print("  shellcheck is not installed: only the syntax of shell scripts is checked", file=sys.stderr)
        command = ["bash", "-c", 'for file; do bash -n "$file" || exit; done', "bash", *scripts, *sourced]
    result = subprocess.run(command, cwd=tree.root, capture_output=True, text=True)
    for line in (result.stdout + result.stderr).splitlines() if result.returncode else []:
        path, _, message = line.partition(":")
        yield Finding("shell", f"{path}:{message.partition(':')[0]}", 1, 0, message)
