"""Multipart as nobody should send it: python hostile_forms.py http://127.0.0.1:8621 [SCENARIO...]"""

import os
import sys

import scenarios
from answers import expect_failure, expect_invalid
from scenarios import expect, expect_same, scenario
from serving import Target, Watch
from speech import FOX

BOUNDARY = "frontier"


def part(name, data, filename=None, more=""):
    """One part; `name` None leaves its name out."""
    disposition = "Content-Disposition: form-data"
    disposition += f'; name="{name}"' if name is not None else ""
    disposition += f'; filename="{filename}"' if filename is not None else ""
    head = f"--{BOUNDARY}\r\n{disposition}\r\n{more}\r\n".encode()
    return head + (data if isinstance(data, bytes) else data.encode()) + b"\r\n"


def posted(target, body, end=True, boundary=BOUNDARY):
    content = body + (f"--{BOUNDARY}--\r\n".encode() if end else b"")
    kind = "multipart/form-data" + (f"; boundary={boundary}" if boundary is not None else "")
    return target.http.post("/asr", content=content, headers={"Content-Type": kind})


def expect_fox(answer, what):
    if expect(answer.status_code == 200, f"{what} is taken ({answer.status_code}: {answer.text[:160]})"):
        expect_same(answer.json()["text"], FOX, f"{what}: the text")


@scenario
def in_any_order(target):
    """The file first, last, between others"""
    fox, language, other = part("file", target.fox, "a.wav"), part("language", "en"), part("other", "x" * 1000)
    expect_fox(posted(target, fox + language + other), "the file first")
    expect_fox(posted(target, other + language + fox), "the file last")
    expect_fox(posted(target, other + fox + language), "the file between")
    target.http.post("/asr", files=[("x", b"1")] * 5)


@scenario
def file_names(target):
    """Names of files are never paths"""
    before, stray = set(os.listdir(".")), f"stray-{os.getpid()}.wav"
    for name in (
        f"../../../../../../tmp/{stray}",
        "/etc/passwd",
        "..\\..\\x.wav",
        "",
        "a" * 1000,
        "n\u00e4me.wav",
        "x.wav\x01",
    ):
        expect_fox(posted(target, part("file", target.fox, name)), f"a file called {name[:30]!r}")
    expect_fox(posted(target, part("file", target.fox)), "a field without a file name")
    expect(set(os.listdir(".")) == before and not os.path.exists(f"/tmp/{stray}"), "nothing is written anywhere")


@scenario
def twice(target):
    """The file twice, or file and audio both"""
    fox = part("file", target.fox, "a.wav")
    expect_invalid(posted(target, fox + fox), "file", "the file twice", code="duplicate_field")
    answer = posted(target, fox + part("audio", target.fox, "b.wav"))
    body = expect_failure(answer, 422, "duplicate_field", "file and audio")
    expect(body.get("parameter") in ("file", "audio"), f"it names one of them ({body})")
    answer = posted(target, part("language", "en") + part("language", "de") + fox)
    expect_invalid(answer, "language", "the language twice", code="duplicate_field")


@scenario
def no_file(target):
    """No file, a file under another name, a part without a name"""
    for what, body in {
        "no part at all": b"",
        "only a language": part("language", "en"),
        "a file under another name": part("sound", target.fox, "a.wav"),
    }.items():
        answer = posted(target, body)
        body = expect_failure(answer, 422, "missing_file", what)
        expect(isinstance(body.get("detail"), list), f"{what}: FastAPI's detail is there ({str(body)[:120]})")
    # RFC 7578, section 4.2: a part has a name.
    expect_failure(posted(target, part(None, target.fox, "a.wav")), 400, "invalid_multipart", "a part without a name")


@scenario
def no_end(target):
    """A form that ends in the middle"""
    fox = part("file", target.fox, "a.wav")
    for what, body in {
        "no final boundary": fox,
        "half of the file": fox[: len(fox) // 2],
        "half of a boundary": fox + b"--fron",
        "only a head": part("file", b"")[:40],
    }.items():
        expect_failure(posted(target, body, end=False), 400, "invalid_multipart", what)


@scenario
def boundaries(target):
    """Boundaries that are missing, too long, quoted, or another one"""
    fox = part("file", target.fox, "a.wav")
    for what, boundary in {
        "none": None,
        "an empty one": '""',
        "one of 71": "b" * 71,
        "one of 10,000": "b" * 10_000,
    }.items():
        expect_failure(posted(target, fox, boundary=boundary), 400, "invalid_multipart", f"a boundary: {what}")
    expect_fox(posted(target, fox, boundary=f'"{BOUNDARY}"'), "a quoted boundary")
    answer = posted(target, fox, boundary="another")
    expect(answer.status_code in (400, 422), f"another boundary ({answer.status_code}: {answer.text[:120]})")


@scenario
def around_the_parts(target):
    """Preamble and epilogue are no parts; a part may say how it is encoded"""
    fox = part("file", target.fox, "a.wav", more="Content-Type: audio/wav\r\nContent-Transfer-Encoding: binary\r\n")
    expect_fox(posted(target, b"This is a preamble.\r\n" + fox), "a preamble")
    expect_fox(posted(target, fox + f"--{BOUNDARY}--\r\nepilogue".encode(), end=False), "an epilogue")
    coded = part("file", "UklGRg==", "a.wav", more="Content-Transfer-Encoding: base64\r\n")
    answer = posted(target, coded)
    expect(answer.status_code in (400, 415, 422), f"base64 is refused ({answer.status_code}: {answer.text[:120]})")


@scenario
def crowded(target):
    """Many parts, huge part headers, parts without an end: memory is bounded"""
    fox = part("file", target.fox, "a.wav")
    with Watch(target) as watch:
        for what, body in {
            "100,000 parts": part("x", "y") * 100_000 + fox,
            "a part header of 5 MB": part("file", target.fox, "a.wav", more="X-Long: " + "h" * 5_000_000 + "\r\n"),
            "10,000 part headers": part("file", target.fox, "a.wav", more="X-More: 1\r\n" * 10_000),
            "a field of 20 MB": part("language", "e" * 20_000_000) + fox,
        }.items():
            answer = posted(target, body)
            refused = answer.status_code in (400, 413, 422) and isinstance(answer.json().get("code"), str)
            expect(refused, f"{what} is refused ({answer.status_code}: {answer.text[:120]})")
    expect(watch.growth < 150, f"memory is bounded ({watch.growth:.0f} MB)")
    target.still_works("crowded forms")


@scenario
def boundary_in_the_sound(target):
    """Bytes of the sound that look like a boundary, almost"""
    for lure in (b"\r\n--fronti", b"\r\n--", b"\r\n--frontie\r\n", b"\n--frontier\n"):
        sound = bytearray(target.fox)
        sound[60 : 60 + len(lure)] = lure
        answer = posted(target, part("file", bytes(sound), "a.wav"))
        expect(answer.status_code == 200, f"{lure!r} within a file ({answer.status_code}: {answer.text[:120]})")


if __name__ == "__main__":
    scenarios.run(Target(sys.argv[1]), sys.argv[2:])
