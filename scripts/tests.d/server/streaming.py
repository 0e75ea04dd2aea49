"""A client of /asr/stream, and what it heard."""

import asyncio
import dataclasses
import json
import time
import urllib.parse

import websockets

from scenarios import expect


@dataclasses.dataclass
class Heard:
    """Everything a stream said, each message with the seconds since the first frame went out."""

    messages: list = dataclasses.field(default_factory=list)
    audio_ended: float = 0
    code: int = None
    started: float = 0

    def of(self, kind):
        return [message for _, message in self.messages if message["type"] == kind]

    def times(self, kind):
        return [seconds for seconds, message in self.messages if message["type"] == kind]

    @property
    def finals(self):
        return self.of("final")

    @property
    def last(self):
        return self.messages[-1][1] if self.messages else {}


def address(target, **query):
    text = urllib.parse.urlencode(query)
    return f"{target.socket_url}/asr/stream" + (f"?{text}" if text else "")


def connect(target, /, headers=None, **query):
    return websockets.connect(
        address(target, **query),
        proxy=None,
        compression=None,
        open_timeout=60,
        close_timeout=10,
        ping_interval=None,
        additional_headers=headers,
        max_size=1 << 20,
    )


async def collect(socket, heard):
    """Takes messages until the socket closes."""
    try:
        async for text in socket:
            heard.messages.append((time.monotonic() - heard.started, json.loads(text)))
    except websockets.ConnectionClosed:
        pass
    heard.code = socket.close_code and int(socket.close_code)


async def speak(socket, pcm, rate, heard, pace=1.0, milliseconds=20):
    """Sends frames of 20 ms as a microphone does; `pace` 4 is four times as fast, 0 as fast as it goes."""
    size = 2 * int(rate * milliseconds / 1000)
    began = time.monotonic()
    for index, place in enumerate(range(0, len(pcm), size)):
        if pace:
            await asyncio.sleep(max(0, began + (index + 1) * milliseconds / 1000 / pace - time.monotonic()))
        await socket.send(pcm[place : place + size])
    heard.audio_ended = time.monotonic() - heard.started


async def listen(target, script, timeout=60, **query):
    """Opens a stream and plays a script: bytes are audio, dicts and strings text frames, numbers seconds to wait,
    (pcm, pace) audio at a pace, a function waits until it is true of what was heard. Returns when the server closes."""
    rate = int(query.get("sample_rate", 16000))
    async with connect(target, **query) as socket:
        heard = Heard(started=time.monotonic())
        collector = asyncio.create_task(collect(socket, heard))
        try:
            for step in script:
                await play(socket, step, rate, heard, timeout)
        except websockets.ConnectionClosed:
            pass  # the code of it is in what was heard
        done, _ = await asyncio.wait([collector], timeout=timeout)
        expect(done, f"the server ends the stream within {timeout} s")
        collector.cancel()
    return heard


async def play(socket, step, rate, heard, timeout):
    if isinstance(step, bytes):
        await speak(socket, step, rate, heard, pace=0) if step else await socket.send(b"")
    elif isinstance(step, tuple):
        await speak(socket, step[0], rate, heard, pace=step[1])
    elif isinstance(step, dict):
        await socket.send(json.dumps(step))
    elif isinstance(step, str):
        await socket.send(step)
    elif callable(step):
        await until(lambda: step(heard), timeout)
    else:
        await asyncio.sleep(step)


async def until(condition, timeout):
    end = time.monotonic() + timeout
    while not condition() and time.monotonic() < end:
        await asyncio.sleep(0.02)
    expect(condition(), f"what a client waits for comes within {timeout} s")


def expect_shape(heard):
    """Every message is one that both client families can read."""
    for _, message in heard.messages:
        kind = message.get("type")
        expect(kind in ("partial", "final", "reset", "error", "vad_endpoint"), f"a message has a known type: {message}")
        if kind in ("partial", "final"):
            has = isinstance(message.get("text"), str) and isinstance(message.get("utterance"), str)
            flags = isinstance(message.get("is_stable"), bool) and message.get("is_final") is (kind == "final")
            expect(has and flags, f"a {kind} has text, utterance, is_final and is_stable: {message}")
        if kind == "partial":
            count = message.get("stable_chars")
            expect(isinstance(count, int) and 0 <= count <= len(message["text"]), f"stable_chars counts: {message}")
        if kind == "final":
            for name in ("session_complete", "duplicate_of_streamed"):
                expect(isinstance(message.get(name), bool), f"{name} of a final is true or false: {message}")
            expect(message.get("endpoint") in ("vad", "client"), f"a final says what ended it: {message}")


def stable_violations(heard):
    """Partials that change what an earlier partial of the same utterance called stable."""
    promised, broken = "", []
    for _, message in heard.messages:
        if message["type"] == "partial":
            if not message["text"].startswith(promised):
                broken.append((promised, message["text"]))
            promised = message["text"][: message["stable_chars"]]
        elif message["type"] in ("final", "reset"):
            promised = ""
    return broken
