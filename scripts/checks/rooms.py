"""Which room may import which: rooms.txt, held against every import in the sources."""

import pathlib
import re

from allowances import Finding

# Modules of the system, for every room.
SYSTEM = {"Foundation", "FoundationEssentials", "Glibc", "Musl", "Android", "Dispatch", "Synchronization", "Swift"}
IMPORT = re.compile(
    r"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+"
    r"(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(?P<module>\w+)",
    re.MULTILINE,
)


def table():
    rows = {}
    for line in pathlib.Path(__file__).with_name("rooms.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            room, modules = line.split(":")
            rows[room] = set(modules.split())
    return rows


def measure(tree):
    rows = table()
    for path in tree.named(".swift", under=("Sources", "ModelPrep")):
        parts = path.split("/")
        room = parts[1] if parts[0] == "Sources" else parts[0]
        if room not in rows:
            yield Finding("room", path, 1, 0, f"{room} is no row of scripts/checks/rooms.txt")
            continue
        code = tree.code(path)
        for match in IMPORT.finditer(code):
            if match["module"] not in rows[room] | SYSTEM:
                line = code.count("\n", 0, match.start("module")) + 1
                message = f"{room} may not import {match['module']} (scripts/checks/rooms.txt)"
                yield Finding("room", f"{path}:{match['module']}", 1, 0, message, line)
