"""RFC 6455 case by case: python3 scripts/tests.d/websocket PORT | --table

With the port of a probe (TransportProbe), runs every case and prints a line of each: section, case, expected, seen.
With --table, prints the table of docs/websocket-conformance.md. Without the package websockets, its cases are left out.
"""

import importlib.util
import sys

import cases
import meetings

RAW = (
    meetings.handshakes, cases.framing, cases.fragments, cases.control, cases.closing, meetings.endings, cases.utf8,
    cases.limits,
)


def printable(text):
    """Control and other odd characters as Python writes them, so that a line is a line."""
    return "".join(c if c.isprintable() and c != "|" else c.encode("unicode_escape").decode() for c in text)


def main(argument):
    everything = [case for group in (*RAW, meetings.library) for case in group()]
    if argument == "--table":
        print("| section | case | answer |\n|---|---|---|")
        for case in everything:
            print(f"| {case.section} | {printable(case.name)} | {printable(case.expected)} |")
        return 0
    if importlib.util.find_spec("websockets") is None:
        everything = [case for case in everything if case.section != "client"]
    failed = 0
    for case in everything:
        try:
            seen = case.run(int(argument))
        except Exception as error:  # whatever happens in a case is what was seen
            seen = f"{type(error).__name__}: {error}"
        passed = seen == case.expected
        failed += not passed
        line = [case.section, case.name, f"expected {case.expected}", f"seen {seen}", "pass" if passed else "FAIL"]
        print(printable(" · ".join(line)), flush=True)
    print(f"{len(everything) - failed} of {len(everything)} cases are as the RFC says")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
