"""Small is a number: the hard limits of DESIGN.md for files and functions."""

import ast
import re

from allowances import Finding

FILE_LINES = 500
FUNCTION_LINES = 40
COLUMNS = 120

# A function, initializer, subscript or computed property of Swift. `self.init(` is a call.
SWIFT_FUNCTION = re.compile(
    r"(?<![\w.`])(?:func\s+(?P<name>[^\s(<]+)|(?P<kind>init[?!]?|deinit|subscript)\s*(?=[(<{])"
    r"|var\s+(?P<property>\w+)\s*:[^={}\n]*(?=\{))"
)
# After a declaration, any of these before its "{" says that it has no body.
NO_BODY = re.compile(r"[{}]|(?<![\w.`])(?:func|var|let|init|deinit|subscript|case|associatedtype|static|mutating)\b")
C_FUNCTION = re.compile(r"^[\w][^;{}#=]*?(?P<name>\w+)\s*\([^;{}]*\)\s*(?=\{)", re.MULTILINE)


def measure(tree):
    for path in tree.named(".swift", ".py", ".sh", ".c", ".h", "rkvoice", ".ci/run"):
        lines = tree.text(path).count("\n")
        yield Finding("file-length", path, lines, FILE_LINES, f"{lines} lines; a file has at most {FILE_LINES}")
        if not path.endswith(".swift"):  # swift format sees to those
            yield from long_lines(path, tree.text(path).splitlines())
    for path in tree.named(".swift", ".c", ".py"):
        yield from longest(path, FUNCTIONS[path.rsplit(".", 1)[1]](tree, path))


def long_lines(path, lines):
    numbers = [number for number, line in enumerate(lines, 1) if len(line) > COLUMNS]
    if numbers:
        yield Finding("line-length", path, len(numbers), 0, f"a line has at most {COLUMNS} columns", numbers[0])


def longest(path, functions):
    """One finding for each name, because overloads share it. `functions`: name, line and number of lines of each."""
    sizes = {}
    for name, line, lines in functions:
        sizes[name] = max(sizes.get(name, (0, 0)), (lines, line))
    for name, (lines, line) in sizes.items():
        message = f"the body of {name} has {lines} lines; a function has at most {FUNCTION_LINES}"
        yield Finding("function-length", f"{path}:{name}", lines, FUNCTION_LINES, message, line)


def swift_functions(tree, path):
    code = tree.code(path)
    for match in SWIFT_FUNCTION.finditer(code):
        brace = start_of_body(code, match.end())
        if brace is not None:
            name = match["name"] or match["kind"] or match["property"]
            yield name, code.count("\n", 0, match.start()) + 1, lines_in_braces(code, brace)


def start_of_body(code, place):
    """Where the "{" of a declaration is: not in a parenthesis, and before the next declaration."""
    depth = 0
    while place < len(code):
        if code[place] in "([":
            depth += 1
        elif code[place] in ")]":
            depth -= 1
        elif depth == 0 and (end := NO_BODY.match(code, place)):
            return place if end[0] == "{" else None
        place += 1
    return None


def lines_in_braces(code, brace):
    """Lines between the "{" at `brace` and its "}"."""
    depth = 0
    for mark in re.compile(r"[{}]").finditer(code, brace):
        depth += 1 if mark[0] == "{" else -1
        if depth == 0:
            return max(0, code.count("\n", brace, mark.start()) - 1)
    return 0


def c_functions(tree, path):
    code = tree.code(path)
    for match in C_FUNCTION.finditer(code):
        yield match["name"], code.count("\n", 0, match.start()) + 1, lines_in_braces(code, match.end())


def python_functions(tree, path):
    try:
        module = ast.parse(tree.text(path))
    except SyntaxError:
        return  # the check of the files says so
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            yield node.name, node.lineno, node.end_lineno - body[0].lineno + 1


FUNCTIONS = {"swift": swift_functions, "c": c_functions, "py": python_functions}
