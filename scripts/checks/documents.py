"""Markdown: relative links and anchors lead somewhere, and every decision record is in the index."""

import posixpath
import re
import urllib.parse

from allowances import Finding

LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)|^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*$", re.MULTILINE)
FENCED = re.compile(r"^( *)(```|~~~).*?^ *\2", re.MULTILINE | re.DOTALL)
RECORDS = "docs/decisions"


def measure(tree):
    folders = {posixpath.dirname(path) for path in tree.paths}
    folders |= {"/".join(folder.split("/")[:count]) for folder in folders for count in range(folder.count("/") + 1)}
    for path in tree.named(".md"):
        prose = without_code(tree.text(path))
        for match in LINK.finditer(prose):
            problem = broken(tree, folders, path, match[1] or match[2])
            if problem:
                line = prose.count("\n", 0, match.start()) + 1
                yield Finding("link", f"{path}:{match[1] or match[2]}", 1, 0, problem, line)
    yield from unlisted_records(tree)


def without_code(text):
    """Code is no place for links; its lines stay, so that numbers of lines do."""
    return re.sub(r"`[^`\n]*`", "", FENCED.sub(lambda block: "\n" * block[0].count("\n"), text))


def broken(tree, folders, path, target):
    """What is wrong with a link, or None."""
    if re.match(r"[a-z][a-z0-9+.-]*:", target):
        return None
    place, _, anchor = urllib.parse.unquote(target).partition("#")
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), place)) if place else path
    if place not in tree.paths and place not in folders and place != ".":
        return f"the link to {target} leads nowhere"
    if anchor and place.endswith(".md") and anchor not in anchors(tree.text(place)):
        return f"there is no heading #{anchor} in {place}"
    return None


def anchors(text):
    """The anchors that GitHub gives to headings: lower case, no punctuation, dashes for spaces, numbered repeats."""
    names = set()
    for match in HEADING.finditer(FENCED.sub("", text)):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", match[1]).replace("`", "").lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        number = 0
        while (name if number == 0 else f"{name}-{number}") in names:
            number += 1
        names.add(name if number == 0 else f"{name}-{number}")
    return names


def unlisted_records(tree):
    index = f"{RECORDS}/README.md"
    listed = tree.text(index) if index in tree.paths else ""
    for path in tree.named(".md", under=(RECORDS,)):
        name = posixpath.basename(path)
        if re.match(r"\d{4}-", name) and f"({name})" not in listed:
            yield Finding("decision-index", path, 1, 0, f"is not in {index}")
