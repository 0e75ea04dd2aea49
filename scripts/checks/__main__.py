"""Runs the checks: python3 -B scripts/checks [--list | --self-test | CHECK...], from the top of the repository."""

import pathlib
import sys
import time

import documents
import files
import formatting
import rooms
import self_test
import sizes
import words
from allowances import verdicts
from tree import Tree

# Name of a check: the function that finds, the rules that have a list of exceptions, and what it holds.
CHECKS = {
    "format": (formatting.swift_format, (), "swift format lint --strict finds nothing"),
    "shell": (formatting.shell, (), "shellcheck finds nothing"),
    "sizes": (sizes.measure, ("file-length", "function-length", "line-length"), "files and functions are small"),
    "words": (words.measure, [ban.rule for ban in words.BANS], "what is banned is not written"),
    "rooms": (rooms.measure, ("room",), "each room imports only what it may"),
    "documents": (documents.measure, (), "links lead somewhere, decisions are in their index"),
    "files": (
        files.measure, ("home-path", "hollow-test", "big-file"),
        "Python compiles, tests expect something, nothing is big, no private paths or hosts",
    ),
}


def run(root, names):
    """Runs the named checks on a tree; returns the lines that say what is wrong."""
    tree = Tree(root)
    problems = []
    for name in names:
        find, rules, _ = CHECKS[name]
        problems += verdicts(tree, rules, list(find(tree)))
    return problems


def main(arguments):
    root = pathlib.Path.cwd()
    if arguments == ["--list"]:
        for name, (_, _, promise) in CHECKS.items():
            print(f"{name:10} {promise}")
        return 0
    if arguments == ["--self-test"]:
        return self_test.main(root, run)
    unknown = [name for name in arguments if name not in CHECKS]
    if unknown:
        print(f"no such check: {' '.join(unknown)} (there are: {' '.join(CHECKS)})", file=sys.stderr)
        return 64
    failed = 0
    for name in arguments or CHECKS:
        started = time.monotonic()
        problems = run(root, [name])
        print(f"{'FAILED' if problems else 'ok':6} {name:10} {time.monotonic() - started:5.1f} s  {CHECKS[name][2]}")
        print(*(f"  {problem}" for problem in problems), sep="\n", end="\n" if problems else "")
        failed += bool(problems)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
