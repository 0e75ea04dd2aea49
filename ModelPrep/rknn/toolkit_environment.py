"""The private Python environment of rknn-toolkit2: made once, 0.7 GB, kept in the home of rkvoice."""
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

from preparation import PreparationError, say

REQUIREMENTS = pathlib.Path(__file__).resolve().parent.parent / "requirements-rknn.txt"
#: The versions of Python that every pinned package has a wheel for.
PYTHONS = ((3, 10), (3, 11), (3, 12))


def home():
    """Where rkvoice keeps its files: RKVOICE_HOME, or its default."""
    return pathlib.Path(os.environ.get("RKVOICE_HOME") or pathlib.Path.home() / ".local/share/rkvoice").absolute()


def toolkit_python():
    """The environment's interpreter; the environment is made first if need be. One process makes it at a time."""
    if sys.version_info[:2] not in PYTHONS:
        have = ".".join(map(str, sys.version_info[:2]))
        raise PreparationError(f"this is Python {have}; rknn-toolkit2 runs on 3.10, 3.11 and 3.12: call one of those")
    key = hashlib.sha256(sys.version.encode() + REQUIREMENTS.read_bytes()).hexdigest()[:12]
    parent = home() / "python-rknn"
    folder = parent / key
    parent.mkdir(parents=True, exist_ok=True)
    with open(parent / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "complete").exists():
            make(folder)
    return folder / "bin/python"


def make(folder):
    """Fills an environment; what an interrupted run left is removed."""
    say(f"installing rknn-toolkit2 into {folder} (0.7 GB, once)")
    shutil.rmtree(folder, ignore_errors=True)
    quiet = ["--quiet", "--disable-pip-version-check"]
    steps = [
        [sys.executable, "-m", "venv", folder],
        [folder / "bin/python", "-m", "pip", *quiet, "install", "--no-deps", "--requirement", REQUIREMENTS],
    ]
    for step in steps:
        done = subprocess.run(step, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            last = [line for line in done.stdout.splitlines() if line.strip()][-1:]
            raise PreparationError(f"cannot install rknn-toolkit2: {' '.join(last) or 'no message'}")
    (folder / "complete").touch()
