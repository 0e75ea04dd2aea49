"""Makes the archives of the model store's tests, good and hostile ones, in the directory given."""

import io
import json
import os
import pathlib
import sys
import tarfile
import zipfile

OUT = pathlib.Path(sys.argv[1])
BUNDLE = json.dumps(
    {
        "schema": 1,
        "family": "silero",
        "name": "tiny",
        "sampleRate": 16000,
        "languages": ["en"],
        "license": "MIT",
        "placements": {"cpu": {"detector": [[{"file": "tiny.onnx", "runtime": "onnx"}]]}},
        "config": {},
    }
)
GRAPH = bytes(range(256)) * 64


def wheel(name, version, files):
    stem = f"{name}-{version}"
    with zipfile.ZipFile(OUT / f"{stem}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
        archive.writestr(f"{stem}.dist-info/METADATA", about)
        archive.writestr(f"{stem}.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{stem}.dist-info/RECORD", "")


def tar(name, members, mode="w:gz"):
    with tarfile.open(OUT / name, mode) as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def entry(name, kind=tarfile.REGTYPE, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def wheels():
    wheel("tinymodel", "1.0", {"tinymodel/tiny.onnx": GRAPH, "tinymodel/LICENSE": "MIT\n"})
    wheel("tinypart_one", "1.0", {"tinypart_one/part": b"first half, "})
    wheel("tinypart_two", "1.0", {"tinypart_two/part": b"second half"})
    # A whole zip whose directory is right and whose first member's data is not.
    good = (OUT / "tinymodel-1.0-py3-none-any.whl").read_bytes()
    place = good.index(b"tinymodel/tiny.onnx") + 40
    broken = good[:place] + bytes(b ^ 0xFF for b in good[place : place + 20]) + good[place + 20 :]
    (OUT / "tinybroken-1.0-py3-none-any.whl").write_bytes(broken)


def good_archives():
    files = [("bundle.json", BUNDLE.encode()), ("tiny.onnx", GRAPH)]
    tar("good.tar.gz", [(entry("tiny/" + name), data) for name, data in files])
    tar("good.tar", [(entry(name), data) for name, data in files], mode="w")
    with zipfile.ZipFile(OUT / "good.zip", "w") as archive:
        for name, data in files:
            archive.writestr(name, data)
    directory = OUT / "directory"
    directory.mkdir()
    for name, data in files:
        (directory / name).write_bytes(data)


def hostile_archives():
    bundle = (entry("bundle.json"), BUNDLE.encode())
    tar("absolute.tar.gz", [bundle, (entry("/tmp/rkvoice-hostile"), b"x")])
    tar("parent.tar.gz", [bundle, (entry("../escaped"), b"x")])
    tar("symlink.tar.gz", [bundle, (entry("tiny.onnx", tarfile.SYMTYPE, "/etc/passwd"), b"")])
    tar("hardlink.tar.gz", [bundle, (entry("tiny.onnx", tarfile.LNKTYPE, "/etc/passwd"), b"")])
    tar("device.tar.gz", [bundle, (entry("tiny.onnx", tarfile.CHRTYPE), b"")])
    tar("twice.tar.gz", [bundle, bundle])
    tar("bomb.tar.gz", [bundle, (entry("tiny.onnx"), bytes(120 << 20))])
    (OUT / "cut.tar.gz").write_bytes((OUT / "good.tar.gz").read_bytes()[:-200])
    (OUT / "text.zip").write_text("This is no archive.\n")
    with zipfile.ZipFile(OUT / "parent.zip", "w") as archive:
        archive.writestr("bundle.json", BUNDLE)
        archive.writestr("../escaped", "x")
    with zipfile.ZipFile(OUT / "symlink.zip", "w") as archive:
        archive.writestr("bundle.json", BUNDLE)
        link = zipfile.ZipInfo("tiny.onnx")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with zipfile.ZipFile(OUT / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bundle.json", BUNDLE)
        archive.writestr("tiny.onnx", bytes(80 << 20))
    with zipfile.ZipFile(OUT / "crowd.zip", "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}", "")
    tar("missing.tar.gz", [bundle])


os.makedirs(OUT, exist_ok=True)
wheels()
good_archives()
hostile_archives()
