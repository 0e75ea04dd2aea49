"""What is tracked: Python that compiles, tests that expect something, nothing big, nothing private."""

import pathlib
import re

from allowances import Finding

BIG_BYTES = 1_000_000
EXPECTATION = re.compile(r"#expect|#require|confirmation\(|Issue\.record|XCTAssert|XCTUnwrap")
HOME = re.compile(r"(?<![\w.$}])/(?:home/[a-z][\w-]*|Users/\w+|root)/")
URL = re.compile(r"\b(?:https?|wss?|git)://(?P<login>[^\s/@\"'<>]+@)?(?P<host>[A-Za-z0-9.-]*[A-Za-z0-9])")
# Reserved for examples (RFC 2606, RFC 6761), and this machine.
EXAMPLE = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|org|net))?|test|invalid|localhost)$|^127\.|^0\.0\.0\.0$")


def measure(tree):
    yield from python(tree)
    yield from tests(tree)
    hosts = listed_hosts(tree)
    unused = set(hosts)
    for path in tree.paths:
        size = (tree.root / path).stat().st_size
        yield Finding("big-file", path, size, BIG_BYTES, f"{size} bytes; a tracked file has at most {BIG_BYTES}")
        yield from home_paths(tree, path)
        if path != "scripts/allow/hosts.txt":
            yield from urls(tree, path, hosts, unused)
    for host in sorted(unused):
        yield Finding("host", "scripts/allow/hosts.txt", 1, 0, f"{host} is mentioned nowhere: remove it", hosts[host])


def python(tree):
    for path in tree.named(".py"):
        try:
            compile(tree.text(path), path, "exec")
        except SyntaxError as error:
            yield Finding("python", path, 1, 0, error.msg, error.lineno or 0)


def tests(tree):
    for path in tree.named(".swift", under=("Tests",)):
        code = tree.code(path)
        if re.search(r"@Test\b|\bfunc test", code) and not EXPECTATION.search(code):
            yield Finding("hollow-test", path, 1, 0, "has tests and expects nothing")


def home_paths(tree, path):
    text = tree.text(path)
    own = f"{pathlib.Path.home()}/."
    places = [match.start() for match in HOME.finditer(text)] + ([text.index(own)] if own in text else [])
    if places:
        line = text.count("\n", 0, places[0]) + 1
        yield Finding("home-path", path, len(places), 0, "a path in somebody's home", line)


def listed_hosts(tree):
    """The hosts that may be mentioned, one a line, with the number of the line."""
    path = "scripts/allow/hosts.txt"
    lines = tree.text(path).splitlines() if path in tree.paths else []
    return {line.split()[0]: number for number, line in enumerate(lines, 1) if line and not line.startswith("#")}


def urls(tree, path, hosts, unused):
    text = tree.text(path)
    for match in URL.finditer(text):
        host = match["host"].lower()
        line = text.count("\n", 0, match.start()) + 1
        if EXAMPLE.search(host) or "." not in host:
            continue
        if match["login"]:
            yield Finding("login-in-url", f"{path}:{line}", 1, 0, "a URL with a login")
        unused.discard(host)
        if host not in hosts:
            message = f"{host} is not in scripts/allow/hosts.txt: this repository names public documentation only"
            yield Finding("host", f"{path}:{line}", 1, 0, message)
