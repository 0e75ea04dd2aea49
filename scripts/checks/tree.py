"""The files of the repository, and their text without comments and strings."""

import functools
import pathlib
import re
import subprocess


class Tree:
    """What git tracks, or would track, under one directory."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=self.root, check=True, capture_output=True, text=True,
        ).stdout
        self.paths = sorted({path for path in listing.split("\0") if path and (self.root / path).is_file()})

    def named(self, *endings, under=()):
        """Paths with one of the endings, below one of the folders if any are given."""
        return [
            path for path in self.paths
            if path.endswith(endings) and (not under or path.startswith(tuple(f"{folder}/" for folder in under)))
        ]

    @functools.cache
    def text(self, path):
        """The text of a file; nothing for a file that is not text."""
        data = (self.root / path).read_bytes()
        return "" if b"\0" in data else data.decode("utf-8", "replace")

    @functools.cache
    def code(self, path):
        """The text of a Swift or C file with comments and strings blanked; every character keeps its place."""
        return without_comments_and_strings(self.text(path))


# What starts something that is not code, in Swift and in C.
OPENING = re.compile(r'//|/\*|(#*)("""|")|\'(?:\\.|[^\'\\\n])\'')


def without_comments_and_strings(text):
    """Blanks comments, strings (also raw, multi-line and with interpolations) and C characters."""
    pieces, place = [], 0
    while match := OPENING.search(text, place):
        end = end_of_opaque(text, match)
        pieces += [text[place:match.start()], re.sub(r"[^\n]", " ", text[match.start():end])]
        place = end
    return "".join(pieces) + text[place:]


def end_of_opaque(text, match):
    """Where the comment or string ends that `match` of OPENING begins."""
    if match[0] == "//":
        end = text.find("\n", match.end())
        return len(text) if end < 0 else end
    if match[0] == "/*":
        return end_of_comment(text, match.end())
    return end_of_string(text, match.end(), match[1], match[2]) if match[2] else match.end()


def end_of_comment(text, place):
    """Comments nest in Swift."""
    depth = 1
    for mark in re.compile(r"/\*|\*/").finditer(text, place):
        depth += 1 if mark[0] == "/*" else -1
        if depth == 0:
            return mark.end()
    return len(text)


def end_of_string(text, place, hashes, quote):
    """Where a string ends whose opening, `hashes` and `quote`, ends at `place`."""
    escape = re.escape("\\" + hashes)
    marks = re.compile(rf"{escape}\(|{escape}.|{re.escape(quote + hashes)}|\n", re.DOTALL)
    while mark := marks.search(text, place):
        place = mark.end()
        if mark[0] == quote + hashes or (mark[0] == "\n" and quote == '"'):
            return place
        if mark[0].endswith("("):
            place = end_of_interpolation(text, place)
    return len(text)


def end_of_interpolation(text, place):
    """Where the parenthesis closes that was opened just before `place`; strings inside are skipped."""
    depth = 1
    while mark := re.compile(r'[()]|(#*)("""|")').search(text, place):
        place = end_of_string(text, mark.end(), mark[1], mark[2]) if mark[2] else mark.end()
        depth += {"(": 1, ")": -1}.get(mark[0], 0)
        if depth == 0:
            return place
    return len(text)
