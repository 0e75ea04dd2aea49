"""A client of /dialogue and /v2v/stream, and everything it was told, each frame with its time."""

import array
import asyncio
import contextlib
import json
import os
import statistics
import struct
import time
import urllib.parse

import websockets

from scenarios import expect, expect_same, figure, require
from serving import Target
from speech import FOX, edits, parse_wav, resampled, wav, words

# A frame of a microphone.
FRAME_SECONDS = 0.02


def target_of(address):
    """The server at an address; SERVICE_KEY holds its key where it asks for one."""
    key = os.environ.get("SERVICE_KEY")
    return Target(address, headers={"Authorization": f"Bearer {key}"} if key else None)


class Clips:
    """Speech of the target's own voice at the rates that a test wants, made once."""

    cache = {}

    @classmethod
    def get(cls, target, text=FOX, rate=16000):
        if (text, rate) not in cls.cache:
            pcm, own = parse_wav(target.http.post("/tts", json={"text": text}).content)
            cls.cache[text, rate] = resampled(pcm, own, rate)
        return cls.cache[text, rate]


def voiced_seconds(pcm, rate):
    """Until the last sample that is no silence: louder than a hundredth of full scale."""
    samples = array.array("h", pcm)
    last = next((index for index in reversed(range(len(samples))) if abs(samples[index]) > 327), 0)
    return last / rate


class Talk:
    """An open socket. What comes is collected beside whatever the client does."""

    def __init__(self, socket):
        self.socket = socket
        self.started = time.monotonic()
        self.frames = []
        self.news = asyncio.Event()
        self.code = None
        self.collector = asyncio.create_task(self._collect())

    @property
    def now(self):
        return time.monotonic() - self.started

    async def _collect(self):
        with contextlib.suppress(websockets.ConnectionClosed):
            async for frame in self.socket:
                self.frames.append((self.now, frame if isinstance(frame, bytes) else json.loads(frame)))
                self.news.set()
        self.code = self.socket.close_code and int(self.socket.close_code)
        self.news.set()

    async def say(self, **members):
        await self.socket.send(json.dumps(members))

    async def send(self, frame):
        await self.socket.send(frame)

    async def speak(self, pcm, rate, pace=1.0):
        """Frames of 20 ms as from a microphone; pace 0 is as fast as it goes. Returns when the last one went out."""
        size = 2 * int(rate * FRAME_SECONDS)
        began = time.monotonic()
        for index, place in enumerate(range(0, len(pcm), size)):
            if pace:
                await asyncio.sleep(max(0, began + (index + 1) * FRAME_SECONDS / pace - time.monotonic()))
            await self.socket.send(pcm[place : place + size])
        return self.now

    async def until(self, condition, claim, timeout=60):
        """Waits until `condition(self)` holds, or the socket is closed."""
        end = time.monotonic() + timeout
        while not condition(self):
            left = end - time.monotonic()
            require(left > 0, f"{claim} within {timeout} s (last: {self.messages[-2:]})")
            require(self.code is None, f"{claim} before the socket closes ({self.code}; last: {self.messages[-2:]})")
            self.news.clear()
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self.news.wait(), min(left, 0.5))

    async def closed(self, timeout=60):
        """Waits for the server to close; returns the code."""
        done, _ = await asyncio.wait([self.collector], timeout=timeout)
        expect(done, f"the server closes within {timeout} s (last: {self.messages[-2:]})")
        return self.code

    @property
    def messages(self):
        return [message for _, message in self.frames if isinstance(message, dict)]

    def of(self, kind):
        return [message for message in self.messages if message.get("type") == kind]

    def time_of(self, kind):
        return next(seconds for seconds, frame in self.frames if isinstance(frame, dict) and frame.get("type") == kind)

    @property
    def binaries(self):
        return [(seconds, frame) for seconds, frame in self.frames if isinstance(frame, bytes)]

    @property
    def done(self):
        return [message for message in self.messages if "done" in message or "error" in message]

    def turns(self):
        """The binary frames before each message that ends a turn of /dialogue, with that message."""
        turns, frames = [], []
        for seconds, frame in self.frames:
            if isinstance(frame, bytes):
                frames.append((seconds, frame))
            elif "done" in frame or "error" in frame:
                turns.append((frames, frame))
                frames = []
        return turns


def key_of(target):
    key = target.http.headers.get("Authorization")
    return {"Authorization": key} if key else None


@contextlib.asynccontextmanager
async def talk(target, path, headers=None, **query):
    text = urllib.parse.urlencode(query)
    address = target.socket_url + path + (f"?{text}" if text else "")
    async with websockets.connect(
        address,
        proxy=None,
        compression=None,
        open_timeout=60,
        close_timeout=10,
        ping_interval=None,
        max_size=1 << 20,
        additional_headers=headers or key_of(target),
    ) as socket:
        one = Talk(socket)
        try:
            yield one
        finally:
            one.collector.cancel()


def sound(frames):
    """The PCM and rate of a reply that begins with the rate. `frames` are (seconds, bytes)."""
    require(frames, "there is sound")
    header = frames[0][1]
    require(len(header) == 4, f"the first binary frame is the sample rate (it has {len(header)} bytes)")
    rate = struct.unpack("<I", header)[0]
    expect(8000 <= rate <= 48000, f"the sample rate is one ({rate})")
    odd = [len(frame) for _, frame in frames[1:] if len(frame) % 2]
    expect(not odd, f"frames hold whole samples ({odd})")
    return b"".join(frame for _, frame in frames[1:]), rate


def heard(target, pcm, rate):
    """What our recognizer makes of it."""
    answer = target.http.post("/asr", files={"file": ("reply.wav", wav(pcm, rate), "audio/wav")})
    require(answer.status_code == 200, f"/asr takes the reply ({answer.status_code}: {answer.text[:160]})")
    return answer.json()["text"]


def expect_said(target, pcm, rate, text, what="the reply"):
    """A reply that is understood: at most one letter in ten is heard otherwise."""
    understood = heard(target, pcm, rate)
    wrong = edits("".join(words(understood)), "".join(words(text))) / len(text)
    expect(wrong <= 0.1, f'{what} says "{text}" (heard: "{understood}")')


def expect_ledger(done, frames, rate, what):
    """The server's account of what it sent is what came, give or take a frame."""
    counted = 1000 * sum(len(frame) for _, frame in frames if len(frame) != 4) / 2 / rate
    longest = 1000 * max((len(frame) for _, frame in frames), default=0) / 2 / rate
    account = done.get("audio_ms", {})
    sent = account.get("sent", -1)
    near = abs(sent - counted) <= longest + 1
    expect(near, f"{what}: sent {sent} ms is what came ({counted:.0f} ms, ± {longest:.0f})")
    ordered = 0 <= account.get("played", -1) <= sent <= account.get("generated", -1) + 1
    expect(ordered, f"{what}: played <= sent <= generated ({account})")


def expect_budget(dones):
    """Each turn tells where its time went, and the steps make up the whole."""
    steps = ["endpoint", "recognition", "first_token", "first_sentence", "first_sound"]
    budgets = [done.get("latency_ms", {}) for done in dones]
    for budget in budgets:
        together = sum(budget.get(step, float("nan")) for step in steps)
        expect(abs(together - budget.get("total", 0)) < 1, f"the steps make up the total ({budget})")
    shown = {step: round(statistics.median(budget[step] for budget in budgets)) for step in [*steps, "total"]}
    figure(f"median budget in ms: {', '.join(f'{step} {length}' for step, length in shown.items())}")


def expect_frames(done, frames):
    """N of the seed's `chunks` counts the header, too."""
    expect_same(done.get("chunks"), len(frames), "the binary frames that `chunks` counts")
