"""Limits, each with its answer: python limits.py [SCENARIO...]"""

import asyncio
import json
import sys
import threading
import time

import websockets

import scenarios
from answers import expect_failure
from raw import Raw
from scenarios import expect, expect_same, figure, require, scenario, within
from serving import Server
from speech import FOX, LONG_TEXT, wav
from streaming import connect, listen


@scenario
def rate(_):
    """Requests a minute: 429 with Retry-After, for each key apart"""
    keys = ["key-one-000000000000", "key-two-000000000000"]
    arguments = ["--set", "limits.requests_per_minute=30"]
    with Server(*arguments, environment={"RKVOICE_SERVER_API_KEYS": ",".join(keys)}) as server:

        def ask(key):
            return server.target.http.get("/health", headers={"X-API-Key": key})

        answers = [ask(keys[0]) for _ in range(80)]
        passed = sum(answer.status_code == 200 for answer in answers)
        expect(10 <= passed <= 45, f"about 30 of 80 pass ({passed})")
        refused = answers[-1]
        expect_failure(refused, 429, "rate_limited", "one too many")
        wait = refused.headers.get("retry-after", "")
        require(wait.isdigit() and 1 <= int(wait) <= 60, f"Retry-After is a number of seconds ({wait!r})")
        expect_same(ask(keys[1]).status_code, 200, "the status of the other key")
        expect_same(server.target.http.get("/livez").status_code, 200, "the status of /livez, which needs no key")
        time.sleep(int(wait))
        expect_same(ask(keys[0]).status_code, 200, "the status after Retry-After")


class Request(threading.Thread):
    def __init__(self, server, path, **arguments):
        super().__init__(daemon=True)
        self.call, self.answer, self.seconds = lambda: server.target.http.post(path, **arguments), None, None
        self.start()

    def run(self):
        started = time.monotonic()
        self.answer = self.call()
        self.seconds = time.monotonic() - started


@scenario
def queue(_):
    """A full queue: 429 with a computed Retry-After; waiting too long: 503"""
    arguments = [
        "--set",
        "limits.concurrent_requests=1",
        "--set",
        "limits.queue_length=2",
        "--set",
        "limits.queue_seconds=3",
    ]
    with Server(*arguments) as server:
        pcm, rate = server.target.fox_pcm()
        # As long as the test takes: it holds the one turn.
        holder = Raw(server.target)
        holder.request("POST", "/asr", [("Content-Type", "audio/wav")], wav(pcm * 200, rate))
        within(20, lambda: server.target.metrics().value("rkvoice_active_requests") == 1, "one computes")
        waiting = [Request(server, "/tts", json={"text": FOX}) for _ in range(2)]
        within(20, lambda: server.target.metrics().value("rkvoice_waiting_requests") == 2, "two wait")
        started = time.monotonic()
        answer = server.target.http.post("/tts/stream", json={"text": FOX})
        expect(time.monotonic() - started < 1, "one too many is refused at once")
        expect_failure(answer, 429, "too_many_requests", "one too many")
        wait = answer.headers.get("retry-after", "")
        expect(wait.isdigit() and int(wait) >= 1, f"Retry-After is a number of seconds ({wait!r})")
        for request in waiting:
            request.join(20)
            expect_failure(request.answer, 503, "queue_timeout", "one that waited too long")
            expect(2 < (request.seconds or 0) < 8, f"after about 3 s ({request.seconds:.1f} s)")
        expect_same(server.target.http.get("/health").status_code, 200, "the status of what needs no turn")
        holder.abort()
        within(10, lambda: server.target.metrics().value("rkvoice_active_requests") == 0, "the turn is given back")
        server.target.still_works("a full queue")
        refusals = server.target.metrics()
        expect_same(refusals.value("rkvoice_queue_refusals_total", code="too_many_requests"), 1, "refusals counted")
        expect_same(refusals.value("rkvoice_queue_refusals_total", code="queue_timeout"), 2, "time-outs counted")


@scenario
def in_turn(_):
    """Requests that wait get their turn in order"""
    with Server("--set", "limits.concurrent_requests=1") as server:
        requests = []
        for number in range(6):
            requests.append(Request(server, "/tts", json={"text": FOX, "seed": number}))
            time.sleep(0.05)
        for request in requests:
            request.join(60)
        statuses = [request.answer.status_code for request in requests]
        expect_same(statuses, [200] * 6, "the statuses")
        figure("six in one turn each: " + ", ".join(f"{request.seconds:.2f} s" for request in requests))


@scenario
def streams(_):
    """One stream too many is told and closed with 4429; the others go on"""
    with Server("--set", "limits.streams=2") as server:
        target = server.target

        async def fill():
            async with connect(target) as first, connect(target):
                code, messages = await overflow(target)
                expect_same(code, 4429, "the close code")
                error = json.loads(messages[0]) if messages else {}
                expect_same((error.get("type"), error.get("code")), ("error", "too_many_streams"), "the error frame")
                expect(isinstance(error.get("error"), str), f"it says why ({messages})")
                await first.send(json.dumps({"type": "eou"}))
                expect_same(json.loads(await first.recv())["type"], "final", "what the first stream says")
            for _ in range(40):
                if target.metrics().value("rkvoice_active_streams") == 0:
                    break
                await asyncio.sleep(0.05)
            heard = await listen(target, [b""])
            expect_same(heard.code, 1000, "the close code of a stream when there is room again")

        asyncio.run(fill())


async def overflow(target):
    messages = []
    async with connect(target) as third:
        try:
            while True:
                messages.append(await asyncio.wait_for(third.recv(), 20))
        except websockets.ConnectionClosed:
            return third.close_code, messages


@scenario
def small_limits(_):
    """Bytes, characters and seconds: each with its answer"""
    settings = {
        "limits.body_bytes": "400kB",
        "limits.text_characters": "50",
        "limits.audio_seconds": "5",
        "limits.message_bytes": "64KiB",
        "limits.header_fields": "20",
        "limits.header_bytes": "4KiB",
    }
    arguments = [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]
    with Server(*arguments) as server:
        http = server.target.http
        pcm, rate = server.target.fox_pcm()
        expect_failure(http.post("/tts", json={"text": "a " * 26}), 413, "text_too_long", "52 characters")
        expect_same(http.post("/tts", json={"text": "aß 你好 🎉 " * 5}).status_code, 200, "the status of 45 characters")
        expect_failure(http.post("/asr", content=bytes(500_000)), 413, "body_too_large", "500 kB")
        expect_failure(http.post("/asr", content=wav(bytes(16000 * 12), 16000)), 413, "audio_too_long", "6 s of sound")
        expect_same(http.post("/asr", content=wav(pcm, rate)).json().get("text"), FOX, "the text of 3 s")
        many = {f"X-{number}": "1" for number in range(30)}
        expect_failure(http.get("/livez", headers=many), 431, "head_too_large", "30 headers")
        expect_failure(http.get("/livez", headers={"X-Long": "a" * 5000}), 431, "head_too_large", "a header of 5 kB")

        async def send():
            async with connect(server.target) as socket:
                try:
                    await socket.send(bytes(65 * 1024))
                    await asyncio.wait_for(socket.recv(), 20)
                except websockets.ConnectionClosed:
                    pass
                return socket.close_code

        expect_same(asyncio.run(send()), 1009, "the close code after 65 KiB in a message")


@scenario
def switched_off(_):
    """Without recognition or without a voice: the rest works, and says what is missing"""
    with Server("--no-asr") as server:
        http = server.target.http
        health = http.get("/health").json()
        expect_same((health["tts"], health["asr"], health["asr_backend"]), (True, False, None), "tts, asr, asr_backend")
        expect_failure(http.post("/asr", content=b"RIFF"), 503, "not_ready", "/asr")
        expect_same(http.get("/asr/capabilities").status_code, 503, "the status of /asr/capabilities")
        answer = asyncio.run(overflow(server.target))
        expect("ASR not ready" in str(answer[1]), f"the socket says it in the seed's words ({answer})")
        server.target.still_works("asking for what is off")
    with Server("--no-tts") as server:
        http = server.target.http
        expect_failure(http.post("/tts", json={"text": LONG_TEXT}), 503, "not_ready", "/tts")
        expect("TTS not ready" in http.post("/tts", json={"text": "a"}).text, "it says it in the seed's words")
        expect_same(http.get("/health").json()["tts"], False, "tts of /health")
        expect_same(http.get("/readyz").status_code, 200, "the status of /readyz")


@scenario
def idle_streams(_):
    """A stream without frames is closed after its time, one that answers pings only too"""
    with Server("--set", "limits.stream_idle_seconds=2", "--set", "limits.ping_seconds=1") as server:

        async def idle():
            started = time.monotonic()
            async with connect(server.target) as socket:
                try:
                    await asyncio.wait_for(socket.recv(), 30)
                except (websockets.ConnectionClosed, asyncio.TimeoutError):
                    pass
                return socket.close_code, time.monotonic() - started

        code, seconds = asyncio.run(idle())
        expect(code in (1000, 1001, 1008), f"it is closed in order ({code})")
        expect(1.5 < seconds < 15, f"after about 2 s ({seconds:.1f} s)")


if __name__ == "__main__":
    scenarios.run(None, sys.argv[1:])
