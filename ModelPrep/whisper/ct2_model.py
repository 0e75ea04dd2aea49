"""Reads the model.bin of a CTranslate2 Whisper (binary version 6) without copying its weights.

Layout, little-endian: u32 version; text spec; u32 revision; u32 count, then per variable: text name, u8 rank,
u32 x rank shape, u8 type, u32 byte count, data; u32 count of aliases, then per alias: text name, text target.
A text is a u16 length, then so many bytes, the last of them NUL.
"""
import mmap
import struct

import numpy as np

from preparation import PreparationError, existing_file

BINARY_VERSION = 6
SPEC, SPEC_REVISION = "WhisperSpec", 3
#: The file's type codes, in order.
DTYPES = (np.float32, np.int8, np.int16, np.int32, np.float16)


class Reader:
    """A position in a memory-mapped file; every read is checked against its end."""

    def __init__(self, path):
        self.path, self.position = path, 0
        with open(path, "rb") as file:
            try:
                self.buffer = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:
                raise PreparationError(f"{path}: empty file; fetch it again") from None

    def advance(self, size):
        start, self.position = self.position, self.position + size
        if self.position > len(self.buffer):
            raise PreparationError(
                f"{self.path}: truncated: {len(self.buffer)} bytes, at least {self.position} expected; fetch it again"
            )
        return start

    def numbers(self, layout):
        layout = "<" + layout
        return struct.unpack_from(layout, self.buffer, self.advance(struct.calcsize(layout)))

    def number(self, layout):
        return self.numbers(layout)[0]

    def text(self):
        size = self.number("H")
        start = self.advance(size)
        return self.buffer[start : start + size].rstrip(b"\0").decode("utf-8", "replace")

    def array(self, shape, code, size):
        if code >= len(DTYPES):
            raise PreparationError(f"{self.path}: unknown element type {code}; the file is damaged or too new")
        dtype = np.dtype(DTYPES[code])
        count = int(np.prod(shape, dtype=np.int64))
        if count * dtype.itemsize != size:
            raise PreparationError(f"{self.path}: {size} bytes for shape {shape}: damaged; fetch it again")
        return np.frombuffer(self.buffer, dtype, count, self.advance(size)).reshape(shape)


def read_header(reader):
    version = reader.number("I")
    if version != BINARY_VERSION:
        raise PreparationError(
            f"{reader.path}: CTranslate2 binary version {version}, this converter reads {BINARY_VERSION}"
        )
    spec, revision = reader.text(), reader.number("I")
    if spec != SPEC or revision != SPEC_REVISION:
        raise PreparationError(
            f"{reader.path}: model is {spec} revision {revision}, this converter reads {SPEC} revision {SPEC_REVISION}"
        )


def read_model(path):
    """The variables of a model.bin by name: read-only arrays that point into the mapped file."""
    reader, variables = Reader(existing_file(path)), {}
    read_header(reader)
    for _ in range(reader.number("I")):
        name, rank = reader.text(), reader.number("B")
        shape = reader.numbers(f"{rank}I")
        variables[name] = reader.array(shape, reader.number("B"), reader.number("I"))
    for _ in range(reader.number("I")):
        alias, target = reader.text(), reader.text()
        if target not in variables:
            raise PreparationError(f"{path}: {alias} stands for {target}, which is missing: damaged; fetch it again")
        variables[alias] = variables[target]
    if reader.position != len(reader.buffer):
        raise PreparationError(f"{path}: {len(reader.buffer) - reader.position} bytes too many; fetch it again")
    return variables
