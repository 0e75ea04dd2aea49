"""The frame of a compiled .rknn file: a header, the compiler's data, and a description in JSON at the end."""
import json
import struct

from preparation import PreparationError

MAGIC = b"RKNN"
#: Where the data begins, and where its own identifier is.
DATA, IDENTIFIER = 64, 68


def description(path):
    """The JSON of a whole file: `target_platform`, `version`, `norm_tensor` and more.

    Little-endian: "RKNN" and four zeros; u64 version of the frame, 6; u64 length of the data; zeros up to byte 64; the
    data; u64 length of the JSON; the JSON, up to the end of the file.
    """
    data = path.read_bytes()
    if len(data) < DATA + 8 or data[:4] != MAGIC or data[IDENTIFIER : IDENTIFIER + 4] != MAGIC:
        raise PreparationError(f"{path.name}: not an RKNN file")
    version, length = struct.unpack_from("<QQ", data, 8)
    end = DATA + length
    if version != 6 or end + 8 > len(data):
        raise PreparationError(f"{path.name}: version {version} with {length} bytes of data in {len(data)}: truncated?")
    (size,) = struct.unpack_from("<Q", data, end)
    if end + 8 + size != len(data):
        raise PreparationError(f"{path.name}: the description has {size} bytes, {len(data) - end - 8} are there")
    try:
        return json.loads(data[end + 8 :].decode("utf-8"))
    except ValueError:
        raise PreparationError(f"{path.name}: its description is no JSON") from None


def check(path, target, version):
    """Fails unless the file is whole and is what was asked for."""
    found = description(path)
    platforms = found.get("target_platform") or []
    if target not in platforms or not str(found.get("version", "")).startswith(version):
        raise PreparationError(f"{path.name}: made for {platforms} by {found.get('version')}, not {target}, {version}")
    return found
