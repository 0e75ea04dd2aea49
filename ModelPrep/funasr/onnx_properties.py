"""Reads the key-value pairs of an ONNX file without reading its weights.

The file is a protocol buffer (https://protobuf.dev/programming-guides/encoding/): fields are skipped by their length,
so that a model of a gigabyte takes a few reads. The numbers are those of onnx.proto.
"""
from preparation import PreparationError, existing_file

METADATA_OF_MODEL, KEY, VALUE = 14, 1, 2
VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5
#: Bytes of all pairs together; what is more is no metadata.
LIMIT = 16 << 20


def varint(file):
    """The next whole number, or None at the end of the file."""
    value, shift = 0, 0
    while shift < 64:
        byte = file.read(1)
        if not byte:
            if shift:
                raise ValueError("it ends within a number")
            return None
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
        shift += 7
    raise ValueError("a number of more than 64 bits")


def fields(file, end):
    """(number, length) of each length-delimited field up to `end`, the file standing at its data; no others."""
    while file.tell() < end:
        key = varint(file)
        number, kind = key >> 3, key & 7
        size = {VARINT: None, FIXED64: 8, FIXED32: 4}.get(kind, -1)
        if kind == LENGTH_DELIMITED:
            length = varint(file)
            after = file.tell() + (length or 0)
            if length is None or after > end:
                raise ValueError("a field goes on beyond the end")
            yield number, length
            file.seek(after)
        elif size is None:
            varint(file)
        elif size > 0:
            file.seek(size, 1)
        else:
            raise ValueError(f"a field of kind {kind}")


def pair(file, length):
    """Key and value of one entry."""
    found = {KEY: b"", VALUE: b""}
    for number, size in fields(file, file.tell() + length):
        if number in found:
            found[number] = file.read(size)
    return found[KEY].decode("utf-8"), found[VALUE].decode("utf-8")


def read_properties(path):
    """All pairs of an ONNX file as a dictionary of strings."""
    found, total = {}, 0
    with open(existing_file(path), "rb") as file:
        end = file.seek(0, 2)
        file.seek(0)
        try:
            for number, length in fields(file, end):
                if number == METADATA_OF_MODEL:
                    total += length
                    if total > LIMIT:
                        raise ValueError("its metadata is larger than any model's")
                    key, value = pair(file, length)
                    found[key] = value
        except (ValueError, TypeError) as error:
            raise PreparationError(f"{path}: not a whole ONNX file ({error}); fetch it again") from None
    return found
