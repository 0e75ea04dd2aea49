"""Putting compiled files and what is known of them into a bundle, at no moment leaving it half changed."""
import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import tempfile

from preparation import PreparationError, read_json, sha256

#: Where a conversion happens, inside the directory that gets its files. A leading dot: no part of the bundle.
WORKING = ".convert-"


@contextlib.contextmanager
def working_directory(out):
    """A fresh directory inside `out`, removed at the end. One conversion at a time; what a killed one left goes."""
    out.mkdir(parents=True, exist_ok=True)
    handle = os.open(out, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PreparationError(f"{out}: another conversion is writing there; wait for it") from None
        for left in out.glob(WORKING + "*"):
            shutil.rmtree(left, ignore_errors=True)
        work = pathlib.Path(tempfile.mkdtemp(prefix=WORKING, dir=out))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
    finally:
        os.close(handle)


def replace(path, value):
    """Writes JSON so that a reader sees the old file or the new one."""
    partial = path.with_name(f".{path.name}.partial")
    with open(partial, "w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=2)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(partial, path)


def publish(work, out, names):
    """Moves files to where they are wanted, in that order: the last one is the one that others look for."""
    for name in names:
        with open(work / name, "rb") as file:
            os.fsync(file.fileno())
        os.replace(work / name, out / name)


def update_bundle(folder, bundle):
    """Replaces bundle.json and its line in manifest.json, by which `rkvoice models` tells damage.

    The manifest forgets the file before it changes: a run that is killed in between leaves an intact model.
    """
    manifest_path, path = folder / "manifest.json", folder / "bundle.json"
    manifest = read_json(manifest_path) if manifest_path.is_file() else None
    if manifest:
        manifest["files"] = [file for file in manifest["files"] if file["path"] != path.name]
        replace(manifest_path, manifest)
    replace(path, bundle)
    if manifest:
        entry = {"path": path.name, "bytes": path.stat().st_size, "sha256": sha256(path)}
        manifest["files"] = sorted([*manifest["files"], entry], key=lambda file: file["path"])
        replace(manifest_path, manifest)
