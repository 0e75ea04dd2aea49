#!/usr/bin/env bash
# rkvoice models inspect in a user's hands: what a compiled file says of itself, and what is wrong with one.
set -euo pipefail

# shellcheck source=scripts/tests.d/shared/expect.sh
source "${BASH_SOURCE[0]%/*}/shared/expect.sh"
in=$area/in
mkdir -p "$in"
inspect=("$RKVOICE" models inspect)

# Whether the last output has a line that matches $1 (an extended regular expression).
shows() { grep -qE -- "$1" "$area/stdout" || fail "the output has \"$1\""; }

# The frame of a compiled file: header, 300 bytes for the driver, description.
python3 - "$in" <<'PYTHON'
import json
import pathlib
import struct
import sys

folder = pathlib.Path(sys.argv[1])
port = {"left_tensor_id": 0, "right": "norm_tensor"}
tail = json.dumps({
    "target_platform": ["rk3588"], "version": "2.3.2",
    "graph": [dict(port, left="input", right_tensor_id=0), dict(port, left="output", right_tensor_id=1)],
    "norm_tensor": [{"tensor_id": 0, "url": "z", "size": [1, 192, 62], "dtype": {"vx_type": ""}},
                    {"tensor_id": 1, "url": "audio", "size": [1, 15872], "dtype": {"vx_type": "int8"}}],
}).encode()
body = (bytes(4) + b"RKNN" + bytes(100) + b"2.3.2(compiler version: 2.3.2 (c978047055@2025-03-29))").ljust(300, b"\0")
whole = b"RKNN\0\0\0\0" + struct.pack("<QQ", 6, len(body)) + bytes(40) + body + struct.pack("<Q", len(tail)) + tail
(folder / "decoder.rk3588.rknn").write_bytes(whole)
(folder / "cut.rknn").write_bytes(whole[:200])
(folder / "long.rknn").write_bytes(whole + b"more")
(folder / "pointer.rknn").write_text("version https://git-lfs\noid sha256:00\nsize 5188782\n")
(folder / "other.rknn").write_bytes(b"\x08\x08\x12\x07pytorch")
PYTHON
size=$(stat -c %s "$in/decoder.rk3588.rknn")

echo "- target, toolkit, compiler, sizes, tensors"
works "${inspect[@]}" "$in/decoder.rk3588.rknn"
shows '^target +rk3588$'
shows '^toolkit +2\.3\.2$'
shows '^compiler +2\.3\.2 \(c978047055@2025-03-29\)$'
shows "^size +$size bytes"
shows '^input +z float\[1,192,62\]$'
shows '^output +audio int8\[1,15872\]$'

echo "- JSON, for several files"
works "${inspect[@]}" --json "$in/decoder.rk3588.rknn" "$in/decoder.rk3588.rknn"
python3 - "$area/stdout" <<'PYTHON' || fail "the JSON says the same"
import json
import sys

first, second = json.load(open(sys.argv[1]))
assert first == second and first["targets"] == ["rk3588"] and first["simulated"] is False, first
assert first["ports"][0] == {"name": "z", "direction": "input", "shape": [1, 192, 62]}, first["ports"]
PYTHON

echo "- what cannot be run, in words"
refuses 65 "cut\.rknn: the file is cut off: 200 of more than 372 bytes" "${inspect[@]}" "$in/cut.rknn"
refuses 65 "long\.rknn: 4 bytes follow its end" "${inspect[@]}" "$in/long.rknn"
refuses 65 "Git LFS pointer that stands for 5188782 bytes" "${inspect[@]}" "$in/pointer.rknn"
refuses 65 "not an \.rknn file: it begins with 08 08 12 07" "${inspect[@]}" "$in/other.rknn"
refuses 65 "it is a directory" "${inspect[@]}" "$in"
refuses 65 "not a regular file" "${inspect[@]}" /dev/zero
refuses 66 "there is no such file" "${inspect[@]}" "$in/nowhere.rknn"
refuses 64 "Missing expected argument" "${inspect[@]}"
