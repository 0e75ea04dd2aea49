"""What the scripted chat endpoint can be asked: "garbage: How are you?" is answered by garbage."""

import asyncio
import json
import random
import time

from speech import FOX, LONG_TEXT, SENTENCES

SHELLS = SENTENCES[2]
# Longer than any time-out of the tests.
FOR_EVER = 120
# For what was sent to be read: what is on its way when a connection breaks may be lost.
READ = 0.3
STREAM = "text/event-stream"
SCRIPTS = {}


def script(function):
    SCRIPTS[function.__name__] = function
    return function


class Answer:
    """What a script writes. After the head everything is in chunks, so that the connection can be kept."""

    def __init__(self, exchange, attempt, writer):
        self.exchange, self.attempt, self.writer = exchange, attempt, writer
        self.is_kept = False

    async def send(self, data):
        self.exchange.bytes += len(data)
        self.writer.write(data)
        await self.writer.drain()

    async def head(self, status=200, kind=STREAM, **headers):
        lines = [f"HTTP/1.1 {status} It is", f"Content-Type: {kind}", "Transfer-Encoding: chunked"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        await self.send("\r\n".join([*lines, "", ""]).encode())

    async def raw(self, data):
        await self.send(f"{len(data):x}\r\n".encode() + data + b"\r\n")

    async def end(self):
        await self.send(b"0\r\n\r\n")
        self.is_kept = True

    async def whole(self, status, body, kind="application/json", **headers):
        await self.head(status, kind, **headers)
        await self.raw(body if isinstance(body, bytes) else json.dumps(body).encode())
        await self.end()

    async def say(self, text):
        self.exchange.pieces.append((time.monotonic(), text))
        await self.raw(event_of(text))

    async def words(self, text, pause=0.0):
        for word in text.split():
            await self.say(word + " ")
            await asyncio.sleep(pause)

    async def stop(self):
        """The end of a good answer, with figures behind it."""
        await self.raw(event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}))
        await self.raw(event({"choices": [], "usage": {"completion_tokens": 1}}) + b"data: [DONE]\n\n")
        await self.end()


def event(value):
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def event_of(text):
    return event({"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": text}}]})


async def answer(exchange, attempt, writer):
    """Plays the script that the question names. Returns whether the connection is kept."""
    play = SCRIPTS.get(exchange.question.split(":")[0], good)
    one = Answer(exchange, attempt, writer)
    await play(one)
    return one.is_kept


@script
async def good(one):
    await one.head()
    await one.raw(event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": None}}]}))
    await one.words(SHELLS)
    await one.stop()


@script
async def short(one):
    await one.head()
    await one.say("Yes.")
    await one.stop()


@script
async def slow(one):
    await asyncio.sleep(FOR_EVER)


@script
async def pings(one):
    """Signs of life, and never a word."""
    await one.head()
    for _ in range(10 * FOR_EVER):
        await one.raw(b": ping\n\n")
        await asyncio.sleep(0.1)


@script
async def silence(one):
    await one.head()
    await one.words(FOX + " She sells")
    await asyncio.sleep(FOR_EVER)


@script
async def garbage(one):
    noise = random.Random(7)
    await one.head()
    await one.raw(noise.randbytes(2000) + b"\n\ndata: \xff\xfe\x00{]\n\n" + noise.randbytes(2000))
    await one.end()


@script
async def noise(one):
    """Not even HTTP."""
    await one.send(bytes(range(256)))


@script
async def line_without_end(one):
    await one.head()
    await one.raw(b"data: ")
    for _ in range(1024):
        await one.raw(b"x" * 65536)


@script
async def page(one):
    await one.whole(200, b"<html><body>It works!</body></html>", "text/html; charset=utf-8")


@script
async def cut_event(one):
    await one.head()
    await one.words(FOX)
    await one.raw(event_of("She sells")[:-20])
    await asyncio.sleep(READ)


@script
async def cut_letter(one):
    await one.head()
    await one.words(FOX)
    # The first of the two bytes of "ï".
    await one.raw(event_of("naïve")[: event_of("naïve").index("ï".encode()) + 1])
    await asyncio.sleep(READ)


@script
async def cut_clean(one):
    """In order for HTTP, but nothing says that the answer is complete."""
    await one.head()
    await one.words(FOX)
    await one.end()


@script
async def cut_early(one):
    """Twice before the first word, then not."""
    if one.attempt > 2:
        return await good(one)
    await one.head()


@script
async def error_event(one):
    await one.head()
    await one.words(FOX)
    key = one.exchange.headers.get("authorization", "").removeprefix("Bearer ")
    await one.raw(event({"error": {"message": f"out of memory, says {key}", "code": 500}}))
    await asyncio.sleep(FOR_EVER)


@script
async def unauthorized(one):
    key = one.exchange.headers.get("authorization", "").removeprefix("Bearer ")
    await one.whole(401, {"error": {"message": f"Incorrect API key provided: {key}."}})


@script
async def unknown(one):
    await one.whole(404, {"error": {"message": "model 'scripted' not found"}})


@script
async def elsewhere(one):
    await one.whole(307, b"", Location="/v1/elsewhere")


@script
async def busy(one):
    if one.attempt > 1:
        return await good(one)
    await one.whole(429, {"error": "slow down"}, Retry_After=1)


@script
async def broken_twice(one):
    if one.attempt > 2:
        return await good(one)
    await one.whole(500, {"detail": "try again"})


@script
async def broken(one):
    await one.whole(500, {"detail": "no luck today"})


@script
async def nothing(one):
    await one.head()
    await one.stop()


@script
async def at_once(one):
    """An endpoint that does not stream."""
    await one.whole(200, {"choices": [{"message": {"role": "assistant", "content": SHELLS}, "finish_reason": "stop"}]})


@script
async def bytewise(one):
    """Every byte alone, with CRLF, comments, and several characters of more than one byte."""
    await one.head()
    data = b": hello\r\n\r\n" + event_of("A naïve café, ").replace(b"\n", b"\r\n") + event_of(SHELLS)
    one.exchange.pieces.append((time.monotonic(), "A naïve café, " + SHELLS))
    for byte in data:
        await one.raw(bytes([byte]))
    await one.stop()


@script
async def reasoning(one):
    await one.head()
    for piece in ("<th", "ink>I wonder ", "about elephants.", "\n\n</thi", "nk>\n\n", "She sells ", SHELLS[10:]):
        await one.say(piece)
    await one.stop()


@script
async def markdown(one):
    await one.head()
    for piece in ("## **She", " sells** 🐚 `sea` ", "[shells](https://shells.", "example/x) by the ", "_sea shore_. 🌊"):
        await one.say(piece)
    await one.stop()


@script
async def slowly(one):
    """A sentence, and then words for ever."""
    await one.head()
    for _ in range(200):
        await one.words(LONG_TEXT, pause=0.06)


@script
async def without_marks(one):
    """600 words without any punctuation."""
    await one.head()
    await one.words("the children are playing football behind the school again " * 67, pause=0.005)
    await one.stop()


@script
async def long(one):
    """10,000 words."""
    await one.head()
    await one.words("The children are playing football behind the school again today. " * 1000)
    await one.stop()


@script
async def endless(one):
    await one.head()
    for _ in range(1000):
        await one.say(LONG_TEXT * 128)
