"""Bad requests, at the level of HTTP: python hostile.py http://127.0.0.1:8621 [SCENARIO...]

Time-outs are waited for: give the server short ones (scripts/tests.d/server-hostile.sh does).
"""

import re
import sys
import time

import scenarios
from answers import expect_failure
from raw import Raw
from scenarios import expect, figure, scenario, within
from serving import Target, Watch
from speech import LONG_TEXT, wav

JSON = [("Content-Type", "application/json")]
# What a connection may cost beyond what was there, in megabytes: allocators keep some of what they once had.
GROWTH = 60


def answered(target, *pieces, timeout=60):
    """Sends bytes on a connection of their own; returns the answer, or None when the server only closes."""
    with Raw(target, timeout) as client:
        try:
            for piece in pieces:
                client.send(piece)
        except (ConnectionResetError, BrokenPipeError):
            pass  # refused before all of it was sent: the answer may be there all the same
        return client.answer()


def expect_bounded(watch, what, megabytes=GROWTH):
    expect(watch.growth < megabytes, f"{what} holds less than {megabytes} MB ({watch.growth:.0f} MB)")


@scenario
def hundred_thousand_headers(target):
    """100,000 headers, a header of 10 MB, and one that never ends"""
    head = f"GET /livez HTTP/1.1\r\nHost: {target.host}:{target.port}\r\n"
    with Watch(target) as watch:
        answer = answered(target, head, "".join(f"X-{i}: {i}\r\n" for i in range(100_000)), "\r\n")
        expect_failure(answer, 431, "head_too_large", "100,000 headers")
        answer = answered(target, head, "X-Long: ", "a" * 10_000_000, "\r\n\r\n")
        expect_failure(answer, 431, "head_too_large", "a header of 10 MB")
        answer = answered(target, head, *["X-Endless: " + "b" * 100_000] * 100)
        expect_failure(answer, 431, "head_too_large", "a header without an end")
        answer = answered(target, head, "".join(f"X-{i}: 1\r\n" for i in range(150)), "\r\n")
        expect_failure(answer, 431, "head_too_large", "150 headers")
    expect_bounded(watch, "a head that is too large")
    target.still_works("heads that are too large")


@scenario
def long_target(target):
    """A path of a megabyte"""
    with Watch(target) as watch:
        answer = answered(target, "GET /" + "a" * 1_000_000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
        if answer is not None and answer.status == 431:
            expect_failure(answer, 431, "head_too_large", "a path of a megabyte")
        else:
            expect_failure(answer, 414, "target_too_long", "a path of a megabyte")
    expect_bounded(watch, "a long path")


@scenario
def slow_heads(target):
    """Slowloris: heads that come a byte at a time, or not at all, are given up"""
    crowd = [Raw(target) for _ in range(50)]
    slow, silent = Raw(target), Raw(target)
    for client in crowd:
        client.send("GET /livez HTTP/1.1\r\nHost: local")
    started = time.monotonic()
    answer, sent = None, "GET /livez HTTP/1.1\r\nHost: localhost\r\n" + "X-Slow: 1\r\n" * 1000
    slow.socket.settimeout(0.25)
    for byte in sent:
        try:
            slow.send(byte)
            answer = slow.answer()
            break
        except TimeoutError:
            continue
        except OSError:
            break
    seconds = time.monotonic() - started
    if answer is not None:
        expect_failure(answer, 408, "head_timeout", "a head that drips")
    expect(seconds < 30, f"a head that drips is given up ({seconds:.1f} s)")
    for what, client in [("a connection that says nothing", silent), ("one that stops in its head", crowd[0])]:
        expect(client.closed() < 30, f"{what} is closed")
    for client in [*crowd, slow, silent]:
        client.socket.close()
    figure(f"a head that drips was given up after {seconds:.1f} s")
    target.still_works("slow heads")


@scenario
def stalled_body(target):
    """A body that stalls is given up"""
    with Raw(target) as client:
        client.request(
            "POST", "/asr", [("Content-Type", "audio/wav"), ("Content-Length", "100000")], b"RIFF", length=False
        )
        started = time.monotonic()
        answer = client.answer()
        seconds = time.monotonic() - started
        if answer is not None:
            expect_failure(answer, 408, "body_timeout", "a body that stalls")
        expect(client.closed() < 10 and seconds < 30, f"a body that stalls is given up ({seconds:.1f} s)")
    figure(f"given up after {seconds:.1f} s with {answer}")
    target.still_works("a body that stalls")


@scenario
def too_large_body(target):
    """A body over the limit is refused: by its length before it is sent, in chunks when it gets there"""
    with Watch(target) as watch:
        with Raw(target) as client:
            client.request("POST", "/asr", [("Content-Length", str(1 << 40))], length=False)
            expect_failure(client.answer(), 413, "body_too_large", "a terabyte by Content-Length")
        with Raw(target) as client:
            headers = [("Content-Length", str(1 << 30)), ("Expect", "100-continue")]
            client.request("POST", "/asr", headers, length=False)
            expect_failure(client.answer(), 413, "body_too_large", "a gigabyte, asked for with Expect")
        chunk = b"100000\r\n" + bytes(0x100000) + b"\r\n"
        head = "POST /asr HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
        expect_failure(answered(target, head, *[chunk] * 40), 413, "body_too_large", "40 MB in chunks")
        answer = target.http.post("/tts", content=b'{"text":"' + b"a" * (33 << 20) + b'"}')
        expect_failure(answer, 413, "body_too_large", "33 MB of JSON")
    expect_bounded(watch, "a body that is too large", 150)
    target.still_works("bodies that are too large")


@scenario
def million_characters(target):
    """A million characters of text"""
    for path in ("/tts", "/tts/stream"):
        with Watch(target) as watch:
            body = expect_failure(target.http.post(path, json={"text": "word " * 200_000}), 413, "text_too_long", path)
        expect(re.search(r"100[,.]?000", str(body.get("error"))), f"{path} says the limit ({body})")
        expect_bounded(watch, "a long text")
    target.still_works("a million characters")


@scenario
def never_reads(target):
    """A client that never reads a long /tts/stream: the server gives up, and computes little for it"""
    body = b'{"text":"' + (LONG_TEXT * 40).encode() + b'"}'
    with Watch(target) as watch:
        clients = [Raw(target, receive_buffer=4096) for _ in range(2)]
        for client in clients:
            client.request("POST", "/tts/stream", JSON, body)
        active = lambda: target.metrics().value("rkvoice_active_requests")  # noqa: E731
        within(30, lambda: active() > 0, "they are served")
        seconds = within(120, lambda: active() == 0, "the server gives up")
        for client in clients:
            client.socket.close()
    expect_bounded(watch, "clients that never read", 150)
    figure(f"given up after {seconds or 0:.1f} s; {watch.growth:.0f} MB")
    target.still_works("clients that never read")


@scenario
def garbage(target):
    """Bytes that are no HTTP: 400 or the end of the connection"""
    junk = {
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        "zeros": bytes(1000) + b"\r\n\r\n",
        "a method": b"BREW\x00 / HTTP/1.1\r\n\r\n",
        "no version": b"GET /livez\r\n\r\n",
        "version 9": b"GET /livez HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "a field without a colon": b"GET /livez HTTP/1.1\r\nHost: localhost\r\nnonsense\r\n\r\n",
        "a space before the colon": b"GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n",
        "a NUL in a field": b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX: a\0b\r\n\r\n",
        "two lengths": b"POST /tts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        "a length below zero": b"POST /tts HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        "a length that is none": b"POST /tts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1e3\r\n\r\n",
        "length and chunks": b"POST /tts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "a chunk size that is none": b"POST /tts HTTP/1.1\r\nHost: localhost\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "no host": b"GET /livez HTTP/1.1\r\n\r\n",
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    }
    for what, data in junk.items():
        try:
            answer = answered(target, data, timeout=30)
        except TimeoutError:
            expect(False, f"{what}: an answer or a close")
            continue
        refused = answer is None or answer.status in (400, 411, 413, 501, 505)
        expect(refused, f"{what} is refused ({answer})")
    target.still_works("garbage")


def visited(target, path):
    request = f"GET {path} HTTP/1.1\r\nHost: {target.host}:{target.port}\r\nConnection: close\r\n\r\n"
    return answered(target, request.encode("utf-8"))


@scenario
def paths(target):
    """Paths that are none"""
    queries = "?" + "a=b&" * 1000
    escapes = ("/..%2f..%2fetc%2fpasswd", "/page/..%2fpage.html", "/page/../../etc/passwd", "/tts\\..\\x")
    for path in ("/%00", "/%", "/%zz", *escapes, "/nowhere" + queries, "/\u00e9"):
        answer = visited(target, path)
        expect(answer is not None and answer.status in (400, 404, 414), f"{path[:30]!r} is refused ({answer})")
    for path in ("//", "/" + queries):
        answer = visited(target, path)
        expect(answer is not None and answer.status == 200, f"{path[:30]!r} is the page ({answer})")
    target.still_works("paths that are none")


@scenario
def many_connections(target):
    """Three hundred connections that do nothing do not keep others out"""
    clients = [Raw(target) for _ in range(300)]
    target.still_works("opening 300 connections")
    for client in clients:
        client.abort()
    target.still_works("300 connections that were reset")


@scenario
def other_expectations(target):
    """An expectation that nobody knows"""
    with Raw(target) as client:
        client.request("POST", "/tts", [*JSON, ("Expect", "a-miracle")], b'{"text":"Hello."}')
        expect_failure(client.answer(), 417, "expectation_failed", "Expect: a-miracle")


@scenario
def compressed_body(target):
    """A compressed body is refused, not taken for audio"""
    answer = target.http.post("/asr", content=wav(bytes(3200), 16000), headers={"Content-Encoding": "gzip"})
    expect_failure(answer, 415, "unsupported_media_type", "Content-Encoding: gzip")


@scenario
def pipelined(target):
    """Requests sent before the first is answered are answered in order"""
    with Raw(target) as client:
        for number in range(20):
            client.request("GET", "/livez", [("X-Request-ID", f"n{number}")])
        ids = [client.answer().headers.get("x-request-id") for _ in range(20)]
    expect(ids == [f"n{number}" for number in range(20)], f"the answers are in order ({ids})")


if __name__ == "__main__":
    scenarios.run(Target(sys.argv[1]), sys.argv[2:])
