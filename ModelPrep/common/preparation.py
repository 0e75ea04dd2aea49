"""What every preparation script shares: progress, one-line errors, files that appear only when whole."""
import hashlib
import json
import os
import pathlib
import sys


class PreparationError(Exception):
    """Bad input. The message is one line that says what is wrong and what to do."""


def say(text):
    """One line of progress, on stderr: stdout stays free."""
    print(text, file=sys.stderr, flush=True)


def run(main):
    """Runs a script's main function; ends the process with one line, never a traceback, on bad input."""
    try:
        main()
    except PreparationError as error:
        sys.exit(f"error: {error}")
    except MemoryError:
        sys.exit("error: not enough memory to prepare this model; close other programs or add swap")
    except OSError as error:
        sys.exit(f"error: {error.filename or 'input or output'}: {error.strerror or error}")
    except KeyboardInterrupt:
        sys.exit(130)


def existing_file(path):
    """`path` as a Path; an error when there is no such file."""
    path = pathlib.Path(path)
    if not path.is_file():
        raise PreparationError(f"{path}: no such file")
    return path


def read_json(path):
    """A JSON object from a file."""
    try:
        value = json.loads(existing_file(path).read_text("utf-8"))
    except ValueError as error:
        raise PreparationError(f"{path}: not valid JSON ({error}); fetch the file again") from None
    if not isinstance(value, dict):
        raise PreparationError(f"{path}: want a JSON object at the top; this is another kind of file")
    return value


def sha256(path):
    """The SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


class BundleDirectory:
    """A directory whose new files get their names only when all of them are whole.

    `file(name)` is a temporary path to write to; leaving the `with` block renames every such path,
    or removes it after an error.
    """

    def __init__(self, path):
        self.path, self.names = pathlib.Path(path), []

    def __enter__(self):
        self.path.mkdir(parents=True, exist_ok=True)
        return self

    def file(self, name):
        self.names.append(name)
        return self.path / f".{name}.partial"

    def json(self, name, value):
        text = json.dumps(value, ensure_ascii=False, separators=(", ", ": "), indent=None)
        self.file(name).write_text(text + "\n", "utf-8")

    def __exit__(self, kind, error, trace):
        for name in self.names:
            partial = self.path / f".{name}.partial"
            if kind is None:
                os.replace(partial, self.path / name)
                say(f"wrote {name} ({(self.path / name).stat().st_size / 1e6:.1f} MB)")
            else:
                partial.unlink(missing_ok=True)
