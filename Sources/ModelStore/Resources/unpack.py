"""Takes files out of an archive and trusts nothing that the archive says.

    unpack.py members ARCHIVE OUT FROM TO [FROM TO]...   named members; the same TO again is appended
    unpack.py all     ARCHIVE OUT MAX_BYTES MAX_ENTRIES  a whole .zip, .tar, .tar.gz, .tar.bz2 or .tar.xz

Exit status: 0, 65 (corrupt or refused), 73 (cannot create), 74 (reading, writing, disk full). One line on stderr.
"""

import errno
import lzma
import os
import stat
import sys
import tarfile
import zipfile
import zlib

PIECE = 1 << 20
# Weights hardly compress; beyond this ratio a large member is a bomb (deflate itself ends at about 1030:1).
MAX_RATIO = 200
RATIO_FROM_BYTES = 64 << 20


class Refused(Exception):
    """The archive is not acceptable; the text says why."""


class Budget:
    """Counts what has been written; an archive's own sizes are not believed."""

    def __init__(self, max_bytes):
        self.left = max_bytes

    def spend(self, count):
        self.left -= count
        if self.left < 0:
            raise Refused("it unpacks to more than is allowed")


def copy(source, target, budget):
    """Copies in pieces and returns the number of bytes."""
    total = 0
    while piece := source.read(PIECE):
        budget.spend(len(piece))
        target.write(piece)
        total += len(piece)
    return total


def safe_name(name):
    """The relative path of a member, or Refused."""
    if not name or "\\" in name or any(ord(c) < 32 for c in name):
        raise Refused(f"the member name {name!r} is not acceptable")
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        raise Refused(f"the member {name!r} has an absolute path")
    if ".." in parts:
        raise Refused(f"the member {name!r} leaves the archive")
    return "/".join(part for part in parts if part not in ("", "."))


def extract_members(path, out, pairs):
    budget = Budget(1 << 40)
    with zipfile.ZipFile(path) as archive:
        for source, target in pairs:
            try:
                info = archive.getinfo(source)
            except KeyError:
                raise Refused(f"the member '{source}' is missing") from None
            place = os.path.join(out, safe_name(target))
            os.makedirs(os.path.dirname(place), exist_ok=True)
            with archive.open(info) as reader, open(place, "ab") as writer:
                copy(reader, writer, budget)


def write_new(out, name, reader, budget):
    place = os.path.join(out, name)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    try:
        writer = open(place, "xb")
    except FileExistsError:
        raise Refused(f"the member '{name}' stands twice") from None
    with writer:
        return copy(reader, writer, budget)


def extract_zip(path, out, budget, max_entries):
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        if len(entries) > max_entries:
            raise Refused(f"it has more than {max_entries} entries")
        for info in entries:
            name = safe_name(info.filename)
            kind = stat.S_IFMT(info.external_attr >> 16)
            if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
                raise Refused(f"the member '{name}' is a link or a device")
            if info.is_dir() or not name:
                continue
            if info.file_size > RATIO_FROM_BYTES and info.file_size > MAX_RATIO * max(info.compress_size, 1):
                raise Refused(f"the member '{name}' is compressed beyond reason")
            with archive.open(info) as reader:
                write_new(out, name, reader, budget)


def extract_tar(path, out, budget, max_entries):
    limit = os.path.getsize(path) * MAX_RATIO + RATIO_FROM_BYTES
    budget.left = min(budget.left, limit)
    with tarfile.open(path, "r:*") as archive:
        for count, info in enumerate(archive, start=1):
            if count > max_entries:
                raise Refused(f"it has more than {max_entries} entries")
            name = safe_name(info.name)
            if info.isdir() or not name:
                continue
            if not info.isreg() or info.issparse():
                raise Refused(f"the member '{name}' is a link, a device or sparse")
            if info.size > budget.left:
                raise Refused("it unpacks to more than is allowed")
            reader = archive.extractfile(info)
            if write_new(out, name, reader, budget) != info.size:
                raise Refused(f"the member '{name}' is cut off")


def extract_all(path, out, max_bytes, max_entries):
    budget = Budget(max_bytes)
    if zipfile.is_zipfile(path):
        extract_zip(path, out, budget, max_entries)
    else:
        extract_tar(path, out, budget, max_entries)


def main(arguments):
    mode, path, out, *rest = arguments
    if mode == "members":
        extract_members(path, out, list(zip(rest[::2], rest[1::2])))
    else:
        extract_all(path, out, int(rest[0]), int(rest[1]))


def fail(status, reason):
    print(f"error: {' '.join(str(reason).split())}", file=sys.stderr)
    sys.exit(status)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except Refused as refused:
        fail(65, refused)
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError) as error:
        fail(65, f"it is corrupt: {error}")
    except RuntimeError as error:
        fail(65, f"it cannot be read: {error}")
    except OSError as error:
        corrupt = error.errno is None
        fail(65 if corrupt else 73 if error.errno in (errno.EACCES, errno.EROFS) else 74, error)
