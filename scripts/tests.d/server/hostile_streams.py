"""Streams as nobody should use them: python hostile_streams.py http://127.0.0.1:8621 [SCENARIO...]"""

import asyncio
import base64
import contextlib
import os
import socket
import struct
import sys
import time

import websockets

import scenarios
from raw import Raw
from scenarios import expect, expect_same, require, scenario, within
from serving import Target, Watch
from speech import FOX, parse_wav, resampled
from streaming import Heard, collect, connect, listen


def speech(target):
    return resampled(*parse_wav(target.fox), 16000)


def expect_error(heard, code, close, what):
    errors = heard.of("error")
    if expect(errors, f"{what}: there is an error frame ({heard.messages})"):
        expect_same(errors[0].get("code"), code, f"{what}: the code")
        said = errors[0].get("error")
        expect(isinstance(said, str) and said, f"{what}: it says what is wrong ({errors[0]})")
        expect_same(errors[0].get("is_final"), close is not None, f"{what}: is_final")
    if close is not None:
        expect_same(heard.code, close, f"{what}: the close code")


def heard_by(target, *script, **query):
    return asyncio.run(listen(target, list(script), **query))


def expect_goes_on(heard, what):
    last = heard.last
    expect(last.get("type") == "final" and last.get("text") == FOX, f"{what}: the stream goes on to its text ({last})")
    expect_same(heard.code, 1000, f"{what}: the close code")


@scenario
def odd_frames(target):
    """A binary frame of odd length is told and ends the stream"""
    for size in (1, 3, 641):
        expect_error(heard_by(target, bytes(640), bytes(size)), "odd_length", 1007, f"{size} bytes")
    target.still_works("odd frames")


@scenario
def broken_text(target):
    """Text that is no JSON, nested deep, of unknown types: told, and the stream goes on"""
    pcm = speech(target)
    for what, text, code in [
        ("garbage", "hello", "invalid_json"),
        ("half", '{"type":', "invalid_json"),
        ("empty text", "", "invalid_json"),
        ("an array", "[1,2]", "invalid_json"),
        ("a number", "5", "invalid_json"),
        ("null", "null", "invalid_json"),
        ("deep nesting", "[" * 100_000, "invalid_json"),
        ("deep in a key", '{"type":' + "[" * 2000, "invalid_json"),
        ("an unknown type", '{"type":"dance"}', "unknown_type"),
        ("no type", "{}", "unknown_type"),
        ("a type that is a number", '{"type":5}', "invalid_json"),
        ("an unknown command", '{"command":"dance"}', "unknown_command"),
        ("a long type", '{"type":"' + "a" * 3000 + '"}', "unknown_type"),
        ("audio as text", "\u0000\u0001" * 100, "invalid_json"),
    ]:
        heard = heard_by(target, (pcm[:6400], 0), text, (pcm[6400:], 0), b"", partials="false")
        expect_error(heard, code, None, what)
        expect_goes_on(heard, what)


@scenario
def absurd_parameters(target):
    """Parameters that are none: told in an error frame, then the stream ends"""
    for query in (
        {"sample_rate": "0"},
        {"sample_rate": "7999"},
        {"sample_rate": "48001"},
        {"sample_rate": "nan"},
        {"sample_rate": "-16000"},
        {"sample_rate": "1e99"},
        {"sample_rate": "many"},
        {"language": "Klingonese"},
        {"vad": "perhaps"},
        {"vad_silence_ms": "-1"},
        {"vad_silence_ms": "nan"},
        {"vad_silence_ms": "1e308"},
        {"vad_threshold": "inf"},
        {"vad_threshold": "2"},
        {"multi_utterance": "perhaps"},
        {"partials": "5"},
    ):
        name = next(iter(query))
        query = {"sample_rate": 16000, **query}
        heard = asyncio.run(refused_stream(target, query))
        expect_error(heard, "invalid_parameter", 1007, f"{name}={query[name]}")
        expect(name in str(heard.of("error")), f"{name} is named ({heard.messages})")


async def refused_stream(target, query):
    """Connects with parameters that are refused; nothing is sent."""
    heard = Heard(started=time.monotonic())
    async with connect(target, **query) as client:
        await asyncio.wait_for(collect(client, heard), 30)
    return heard


@scenario
def huge_messages(target):
    """A message over the limit closes the stream with 1009"""
    with Watch(target) as watch:
        for _ in range(3):
            heard = asyncio.run(send_whole(target, bytes(8 << 20)))
            expect_same(heard, 1009, "the close code after 8 MB in one message")
            expect_same(asyncio.run(send_whole(target, "x" * (8 << 20))), 1009, "the close code after 8 MB of text")
    expect(watch.growth < 60, f"memory is bounded ({watch.growth:.0f} MB)")
    target.still_works("messages that are too large")


async def send_whole(target, message):
    """The close code after one message."""
    client = await connect(target)
    # A client that is refused in the middle of its message may see that in several ways.
    with contextlib.suppress(websockets.ConnectionClosed, OSError, AttributeError):
        await client.send(message)
        await asyncio.wait_for(client.recv(), 30)
    code = client.close_code
    with contextlib.suppress(OSError, AttributeError):
        client.transport.abort()
    return code


class RawSocket(Raw):
    """A WebSocket by hand."""

    def __init__(self, target, path="/asr/stream"):
        super().__init__(target, timeout=30)
        key = base64.b64encode(os.urandom(16)).decode()
        self.request(
            "GET",
            path,
            [
                ("Upgrade", "websocket"),
                ("Connection", "Upgrade"),
                ("Sec-WebSocket-Key", key),
                ("Sec-WebSocket-Version", "13"),
            ],
        )
        answer = self.answer()
        require(answer is not None and answer.status == 101, f"the handshake is accepted ({answer})")

    def frame(self, opcode, data, masked=True, fin=True, length=None):
        size = len(data) if length is None else length
        head = bytes([opcode | (0x80 if fin else 0)])
        mask = 0x80 if masked else 0
        if size < 126:
            head += bytes([mask | size])
        elif size < 1 << 16:
            head += bytes([mask | 126]) + struct.pack(">H", size)
        else:
            head += bytes([mask | 127]) + struct.pack(">Q", size)
        self.send(head + (bytes(4) if masked else b"") + data)

    def close_code(self):
        """The code of the close frame that comes, or None when the connection just ends."""
        while True:
            while len(self.pending) >= 2:
                opcode, size, skip = self.pending[0] & 15, self.pending[1] & 127, 2
                if size == 126 and len(self.pending) >= 4:
                    size, skip = struct.unpack(">H", self.pending[2:4])[0], 4
                if len(self.pending) < skip + size:
                    break
                data, self.pending = self.pending[skip : skip + size], self.pending[skip + size :]
                if opcode == 8:
                    return struct.unpack(">H", data[:2])[0] if len(data) >= 2 else 1005
            if not self.read():
                return None


@scenario
def unmasked_and_oversized(target):
    """Frames without a mask, of absurd lengths, of unknown kinds"""
    for what, expected, send in [
        ("an unmasked frame", 1002, lambda s: s.frame(2, bytes(640), masked=False)),
        ("a frame that says 8 EB", 1009, lambda s: s.frame(2, b"", length=(1 << 63) - 1)),
        ("a frame that says 2^63", None, lambda s: s.frame(2, b"", length=1 << 63)),
        ("a frame that says 10 MB", 1009, lambda s: s.frame(2, bytes(1000), length=10_000_000)),
        ("a reserved opcode", 1002, lambda s: s.frame(3, b"")),
        ("a reserved bit", 1002, lambda s: s.frame(0x42, b"")),
        ("text that is no UTF-8", 1007, lambda s: s.frame(1, b"\xff\xfe")),
        ("a ping of 200 bytes", 1002, lambda s: s.frame(9, bytes(200))),
    ]:
        with Watch(target) as watch, RawSocket(target) as client:
            send(client)
            code = client.close_code()
        expect(code == expected if expected else code in (1002, 1009), f"{what} is closed with {expected} ({code})")
        expect(watch.growth < 30, f"{what}: memory is bounded ({watch.growth:.0f} MB)")
    target.still_works("frames that are none")


@scenario
def many_fragments(target):
    """A message in more fragments than the limit, and one that never ends"""
    with RawSocket(target) as client:
        client.frame(2, bytes(2), fin=False)
        try:
            for _ in range(10_000):
                client.frame(0, bytes(2), fin=False)
        except OSError:
            pass
        code = client.close_code()
        expect(code in (1008, 1009, None), f"the close code ({code})")
    target.still_works("fragments without an end")


@scenario
def flood(target):
    """Ten minutes of sound as fast as it goes, from a client that reads nothing: memory is bounded"""
    with Watch(target) as watch, RawSocket(target) as client:
        client.socket.settimeout(3)
        sent = 0
        try:
            while sent < 600 * 32000:
                client.frame(2, bytes(32000))
                sent += 32000
        except (TimeoutError, OSError):
            pass  # held back, as it should be, or closed
        client.abort()
    expect(watch.growth < 100, f"memory is bounded ({watch.growth:.0f} MB, {sent / 32000:.0f} s taken)")
    within(10, lambda: target.metrics().value("rkvoice_active_streams") == 0, "the stream is over")
    target.still_works("a flood")


@scenario
def half_closed(target):
    """A client that ends its half of the connection, and one that says goodbye and stays"""
    with RawSocket(target) as client:
        client.frame(2, bytes(640))
        client.socket.shutdown(socket.SHUT_WR)
        expect(client.closed() < 20, "a half-closed stream is ended")
    with RawSocket(target) as client:
        client.frame(8, struct.pack(">H", 1000))
        expect_same(client.close_code(), 1000, "the answer to a goodbye")
        expect(client.closed() < 20, "the connection is closed after it")
    within(10, lambda: target.metrics().value("rkvoice_active_streams") == 0, "no stream is open")


@scenario
def wrong_handshakes(target):
    """Handshakes that are none have an answer in HTTP"""
    key = ("Sec-WebSocket-Key", base64.b64encode(bytes(16)).decode())
    upgrade = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
    for what, path, headers, statuses in [
        ("an old version", "/asr/stream", [*upgrade, key, ("Sec-WebSocket-Version", "8")], {426}),
        ("no key", "/asr/stream", [*upgrade, ("Sec-WebSocket-Version", "13")], {400}),
        (
            "a short key",
            "/asr/stream",
            [*upgrade, ("Sec-WebSocket-Key", "YQ=="), ("Sec-WebSocket-Version", "13")],
            {400},
        ),
        ("another path", "/nothing", [*upgrade, key, ("Sec-WebSocket-Version", "13")], {404}),
        ("a path of HTTP", "/health", [*upgrade, key, ("Sec-WebSocket-Version", "13")], {200, 400}),
        ("another protocol", "/livez", [("Upgrade", "h2c"), ("Connection", "Upgrade, HTTP2-Settings")], {200}),
    ]:
        with Raw(target) as client:
            client.request("GET", path, headers)
            answer = client.answer()
        expect(answer is not None and answer.status in statuses, f"{what} is answered with {statuses} ({answer})")
        if what == "an old version":
            expect_same(answer.headers.get("sec-websocket-version"), "13", "the version that is spoken")


if __name__ == "__main__":
    scenarios.run(Target(sys.argv[1]), sys.argv[2:])
