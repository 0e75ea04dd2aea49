"""Requests that are refused, with the exact answer. Part of endpoints.py."""

from answers import expect_failure, expect_invalid
from scenarios import expect, expect_same, scenario
from speech import FOX


@scenario
def no_such_path(target):
    """A path that does not exist"""
    for path in ("/nothing", "/tts/nothing", "/../etc/passwd", "/%2e%2e/x", "/TTS"):
        answer = target.http.get(path)
        body = expect_failure(answer, 404, "not_found", f"GET {path}")
        expect_same(body.get("detail"), "Not Found", f"the detail of {path}")
    expect_failure(target.http.post("/nothing", content=b"x" * 100_000), 404, "not_found", "POST with a body")


@scenario
def wrong_method(target):
    """A method that a path does not have"""
    for method, path, allowed in [
        ("GET", "/tts", "POST"),
        ("GET", "/asr", "POST"),
        ("PUT", "/tts", "POST"),
        ("DELETE", "/health", "GET"),
        ("PATCH", "/tts/stream", "POST"),
        ("POST", "/health", "GET"),
        ("GET", "/tts/stream", "POST"),
    ]:
        answer = target.http.request(method, path)
        expect_failure(answer, 405, "method_not_allowed", f"{method} {path}")
        names = [name.strip() for name in answer.headers.get("allow", "").split(",")]
        expect(allowed in names and method not in names, f"{method} {path} says what is allowed ({names})")


@scenario
def sockets_over_http(target):
    """GET of /asr/stream without a handshake says that it is a WebSocket"""
    answer = target.http.get("/asr/stream")
    expect(answer.status_code in (400, 404, 426), f"it is refused ({answer.status_code}: {answer.text[:120]})")
    expect("error" in answer.json(), f"it says why ({answer.text[:120]})")


@scenario
def wrong_type(target):
    """A body of another type"""
    for path in ("/tts", "/tts/stream"):
        # What curl -d calls a form is taken for what it is, so it has to be JSON.
        answer = target.http.post(path, data={"text": FOX})
        expect_failure(answer, 400, "invalid_json", f"a form for {path}")
        answer = target.http.post(path, files={"text": FOX})
        expect_failure(answer, 415, "unsupported_media_type", f"a multipart form for {path}")
        answer = target.http.post(path, content=b"<text/>", headers={"Content-Type": "text/xml"})
        expect_failure(answer, 415, "unsupported_media_type", f"XML for {path}")
    answer = target.http.post("/asr", json={"audio": "x"})
    expect_failure(answer, 415, "unsupported_media_type", "JSON for /asr")


@scenario
def broken_json(target):
    """A body that is no JSON"""
    deep = b"[" * 100_000
    bodies = {
        "nothing": b"",
        "half an object": b'{"text": "a',
        "two objects": b'{"text":"a"}{"text":"b"}',
        "deep nesting": deep,
        "deep nesting in a key": b'{"text":"a","x":' + deep,
        "invalid UTF-8": b'{"text":"\xff\xfe"}',
        "garbage": b"\0\1\2",
        "deep and whole": b'{"text":"a","x":' + deep + b"]" * 100_000 + b"}",
    }
    for what, body in bodies.items():
        answer = target.http.post("/tts", content=body, headers={"Content-Type": "application/json"})
        expect_failure(answer, 400, "invalid_json", what)


@scenario
def no_object(target):
    """JSON that is no object, or has no text"""
    for body in ([], "text", 5, None, True, [{"text": "a"}]):
        answer = target.http.post("/tts", json=body)
        expect(answer.status_code in (400, 422), f"{body!r} is refused ({answer.status_code}: {answer.text[:120]})")
        expect(isinstance(answer.json().get("code"), str), f"{body!r} gets a code ({answer.text[:120]})")
    for body in ({}, {"text": None}, {"text": 5}, {"text": ["a"]}, {"text": {}}):
        expect_invalid(target.http.post("/tts", json=body), "text", f"{body}")


@scenario
def absurd_numbers(target):
    """Numbers out of range, and strings where numbers are due"""
    for name, values in {
        "speed": [
            "NaN",
            "Infinity",
            "-Infinity",
            "0",
            "-1",
            "0.2",
            "4.1",
            "1e308",
            "1e999",
            "-0.0",
            '"fast"',
            "true",
            "[]",
            "{}",
            '"1.5"',
        ],
        "sid": ["-1", "9999999999999999999999", "1.5", '"a"', "1e300"],
        "volume": ["-1", "1e308", '"loud"', "1000"],
        "pitch": ['"high"'],
        "seed": ["-1", "1.5", "1e400", '"x"'],
        "voice": ["5", "[]"],
        "language": ["5", "{}"],
    }.items():
        for value in values:
            body = f'{{"text":"Hello.","{name}":{value}}}'
            answer = target.http.post("/tts", content=body, headers={"Content-Type": "application/json"})
            # 1e999 is a number that no double holds: some parsers call that no JSON.
            if value in ("1e999", "1e400") and answer.status_code == 400:
                expect_failure(answer, 400, "invalid_json", f"{name} {value}")
            else:
                expect_invalid(answer, name, f"{name} {value}")


@scenario
def nothing_to_say(target):
    """Text without anything to say is refused, not answered with silence"""
    for text in ("", "   ", "...?! --", "🎉🎉🎉", "\x01\x02\x7f", "\u200b"):
        for path in ("/tts", "/tts/stream"):
            answer = target.http.post(path, json={"text": text})
            expect_invalid(answer, "text", f"{path} of {text!r}", code="empty_text")


@scenario
def strange_text(target):
    """Text with more than letters is spoken all the same"""
    for text in (
        "Hello\x01 \x07world 🎉!",
        "a" * 300,
        "\u202eHello there\u0000.",
        "Hello 你好 Привет world.",
        "1/2 & <b>x</b>",
    ):
        answer = target.http.post("/tts", json={"text": text})
        fine = answer.status_code == 200 and len(answer.content) > 5000
        expect(fine, f"{text[:30]!r} is spoken ({answer.status_code}: {answer.text[:100] if answer.is_error else ''})")


@scenario
def bad_queries(target):
    """Parameters in the query that are none"""
    for query, name in [
        ("sample_rate=1&format=pcm", "sample_rate"),
        ("sample_rate=nan&format=pcm", "sample_rate"),
        ("sample_rate=9999999999&format=pcm", "sample_rate"),
        ("language=%00%ff&format=pcm&sample_rate=16000", "language"),
    ]:
        answer = target.http.post(f"/asr?{query}", content=bytes(3200), headers={"Content-Type": "audio/pcm"})
        expect_invalid(answer, name, f"/asr?{query}")
    answer = target.http.post("/tts?strict=perhaps", json={"text": "Hello."})
    expect(answer.status_code in (200, 422), f"strict=perhaps has an answer ({answer.status_code})")
