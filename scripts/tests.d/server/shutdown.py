"""SIGTERM: python shutdown.py [SCENARIO...]"""

import asyncio
import signal
import sys
import threading
import time

import httpx
import websockets

import scenarios
from raw import Raw
from scenarios import expect, expect_same, figure, scenario, within
from serving import Server
from speech import FOX, LONG_TEXT, wav
from streaming import connect

SECONDS = 4
PATIENCE = ["--set", f"server.shutdown_seconds={SECONDS}"]


class Outcome(threading.Thread):
    """A request in a thread of its own, and how it ended."""

    def __init__(self, url, path, **arguments):
        super().__init__(daemon=True)
        self.url, self.path, self.arguments = url, path, arguments
        self.status, self.size, self.error = None, 0, None
        self.start()

    def run(self):
        try:
            with httpx.Client(base_url=self.url, timeout=60, trust_env=False) as client:
                with client.stream("POST", self.path, **self.arguments) as answer:
                    self.status = answer.status_code
                    for piece in answer.iter_raw():
                        self.size += len(piece)
        except httpx.HTTPError as error:
            self.error = type(error).__name__

    def __repr__(self):
        return f"{self.path}: status {self.status}, {self.size} bytes, {self.error}"


@scenario
def idle_server(_):
    """A server with nothing to do ends at once, with 0, and tells its connections"""
    with Server(*PATIENCE) as server:
        kept = Raw(server.target)
        kept.request("GET", "/livez")
        kept.answer()
        started = time.monotonic()
        code = server.stop()
        seconds = time.monotonic() - started
        expect_same(code, 0, "the exit code")
        expect(seconds < 3, f"it ends at once ({seconds:.2f} s)")
        expect(kept.closed() < 1, "an idle connection is closed")
    figure(f"{seconds:.2f} s")


@scenario
def under_load(_):
    """Under load: readiness false, sockets 1001, what is short finishes, what is long is told, exit 0 in time"""
    with Server(*PATIENCE, "--set", "limits.concurrent_requests=4") as server:
        target = server.target
        pcm, rate = target.fox_pcm()
        endless = Outcome(target.url, "/tts/stream", json={"text": LONG_TEXT * 40})
        long_asr = Outcome(target.url, "/asr", content=wav(pcm * 150, rate))
        stubborn = Raw(target, receive_buffer=4096)
        body = b'{"text":"' + (LONG_TEXT * 40).encode() + b'"}'
        stubborn.request("POST", "/tts/stream", [("Content-Type", "application/json")], body)
        idle = Raw(target)
        idle.request("GET", "/livez")
        idle.answer()
        sockets = Sockets(target, pcm)
        within(
            20, lambda: target.metrics().value("rkvoice_active_requests") >= 3 and endless.size > 4, "all of it runs"
        )
        short = Outcome(target.url, "/tts", json={"text": FOX})
        within(20, lambda: target.metrics().value("rkvoice_active_requests") >= 4 or short.status, "the short one runs")
        code, seconds, refused = terminated(server)
        for thread in (endless, long_asr, short, sockets):
            thread.join(20)
        expect_same(code, 0, "the exit code")
        expect(seconds < SECONDS + 2, f"it ends within {SECONDS} s and 2 more ({seconds:.1f} s)")
        expect(refused, "readiness turns false, or nobody is let in, at once")
        expect(short.status == 200 and not short.error, f"a short request is finished ({short})")
        expect(endless.error, f"a stream that cannot finish is broken off, not ended cleanly ({endless})")
        told = long_asr.status in (200, 503) or long_asr.error
        expect(told and not long_asr.is_alive(), f"a long recognition is told ({long_asr})")
        expect_same(sockets.codes, [1001] * 4, "the close codes of the sockets")
        expect(idle.closed() < 1, "an idle connection is closed")
        log = " ".join(server.log)
        expect("Fatal" not in log and "Traceback" not in log and "leaked" not in log, "the log has no trace of a crash")
    figure(f"ended after {seconds:.1f} s; {endless}; {long_asr}; {short}")


def terminated(server):
    """SIGTERM; returns the exit code, the seconds it took, and whether readiness was false soon after."""
    started = time.monotonic()
    server.signal(signal.SIGTERM)
    refused = within(1, lambda: not server.target.is_ready(), "readiness is false")
    try:
        code = server.process.wait(SECONDS + 30)
    except Exception:  # noqa: BLE001  the claim about the code says it
        code = None
    return code, time.monotonic() - started, refused is not None


class Sockets(threading.Thread):
    """Three streams that say nothing and one that speaks; `codes` are what they were closed with."""

    def __init__(self, target, pcm):
        super().__init__(daemon=True)
        self.target, self.pcm, self.codes, self.open = target, pcm, [], threading.Event()
        self.start()
        self.open.wait(20)

    def run(self):
        asyncio.run(self.hold())

    async def hold(self):
        sockets = [await connect(self.target, sample_rate=22050) for _ in range(4)]
        self.open.set()
        speaker = asyncio.create_task(self.speak(sockets[0]))
        for socket in sockets:
            try:
                while True:
                    await asyncio.wait_for(socket.recv(), 30)
            except (websockets.ConnectionClosed, asyncio.TimeoutError):
                self.codes.append(socket.close_code)
        speaker.cancel()

    async def speak(self, socket):
        try:
            while True:
                for place in range(0, len(self.pcm), 882):
                    await socket.send(self.pcm[place : place + 882])
                    await asyncio.sleep(0.02)
        except websockets.ConnectionClosed:
            pass


@scenario
def same_port_again(_):
    """Another server starts on the same port right after"""
    with Server(*PATIENCE) as first:
        port = first.target.port
        kept = Raw(first.target)
        kept.request("GET", "/livez")
        kept.answer()
        expect_same(first.stop(), 0, "the exit code of the first")
    with Server(*PATIENCE, port=port) as second:
        expect_same(second.target.port, port, "the port of the second")
        second.target.still_works("a restart on the same port")
        with_same = second_server_refused(port)
        expect(with_same, "a third one on the port in use is refused with one clear line")
        expect_same(second.stop(), 0, "the exit code of the second")


def second_server_refused(port):
    try:
        with Server(*PATIENCE, port=port, ready=False):
            return False
    except RuntimeError as error:
        text = str(error)
        return "in use" in text and str(port) in text and "error:" in text


@scenario
def while_loading(_):
    """Port open before the models are there: alive, not ready, told how far; SIGTERM then ends it too"""
    with Server(*PATIENCE, ready=False) as server:
        answers = [server.target.http.get(path) for path in ("/livez", "/readyz", "/health")]
        expect_same([answers[0].status_code, answers[2].status_code], [200, 200], "the statuses of /livez and /health")
        if answers[1].status_code == 503:
            body = answers[1].json()
            expect(body.get("status") == "not_ready", f"/readyz says not_ready ({body})")
            expect("loading" in str(body.get("reasons")), f"/readyz says that it loads ({body})")
            early = server.target.http.post("/tts", json={"text": FOX})
            if early.status_code != 200:
                fine = early.status_code == 503 and early.json()["code"] == "not_ready"
                expect(
                    fine and early.headers.get("retry-after"), f"/tts says 503 and when to come again ({early.text})"
                )
        else:
            figure("the models were there before the first question")
        expect_same(server.stop(), 0, "the exit code")


@scenario
def second_signal(_):
    """Ctrl-C ends it like SIGTERM does"""
    with Server(*PATIENCE) as server:
        server.signal(signal.SIGINT)
        expect_same(server.process.wait(30), 0, "the exit code after SIGINT")


if __name__ == "__main__":
    scenarios.run(None, sys.argv[1:])
