"""Clients that go away in the middle: python dropping.py http://127.0.0.1:8621 [SCENARIO...]"""

import asyncio
import statistics
import sys
import threading
import time

import scenarios
from raw import Raw
from scenarios import expect, expect_same, figure, scenario, within
from serving import Target, drop_stream
from speech import FOX, LONG_TEXT, wav
from streaming import connect

# Long enough that its recognition takes seconds.
REPEATS = 40


def cancelled(metrics):
    """Cancellations so far, and how many took longer than 0.25 s to stop the work: the bucket above our 200 ms."""
    name = "rkvoice_cancellation_seconds"
    buckets = sorted({float(s.labels["le"]) for s in metrics.samples if s.name == f"{name}_bucket"})
    bound = min((bucket for bucket in buckets if bucket >= 0.2), default=0.2)
    within_bound = sum(
        s.value for s in metrics.samples if s.name == f"{name}_bucket" and float(s.labels["le"]) == bound
    )
    return metrics.value(f"{name}_count"), metrics.value(f"{name}_count") - within_bound, bound


def working(target):
    return target.metrics().value("rkvoice_active_requests")


def expect_rest(target, what):
    """Nobody computes any more: processor time stands still."""
    within(5, lambda: working(target) == 0, f"after {what} no request is active")
    before, started = target.metrics().value("process_cpu_seconds_total"), time.monotonic()
    time.sleep(0.5)
    used = target.metrics().value("process_cpu_seconds_total") - before
    share = used / (time.monotonic() - started)
    expect(share < 0.3, f"after {what} the processor rests ({share:.0%} of a core)")


@scenario
def sixteen_drops(target):
    """Sixteen clients drop /tts/stream mid-body one after another, then /tts answers normally and fast"""
    usual = timed_speech(target)
    before, late_before, _ = cancelled(target.metrics())
    for _ in range(16):
        drop_stream(target)
    within(5, lambda: cancelled(target.metrics())[0] - before >= 16, "sixteen cancellations are counted")
    count, late, bound = cancelled(target.metrics())
    expect_same(count - before, 16, "the cancellations counted")
    expect_same(late - late_before, 0, f"the cancellations that took longer than {bound} s to stop the work")
    expect_rest(target, "the drops")
    again = timed_speech(target)
    expect(again < 2 * usual + 0.2, f"/tts is as fast as before ({usual:.2f} s, now {again:.2f} s)")
    figure(f"/tts took {usual:.2f} s before and {again:.2f} s after")


def timed_speech(target):
    times = []
    for _ in range(3):
        started = time.monotonic()
        answer = target.http.post("/tts", json={"text": FOX})
        times.append(time.monotonic() - started)
        expect(answer.status_code == 200, f"/tts speaks ({answer.status_code})")
    return statistics.median(times)


@scenario
def stops_within_200_ms(target):
    """Work has stopped 200 ms after its client vanished, as /metrics sees it"""
    slow = []
    for _ in range(5):
        # With RST, which is seen at once, and by whoever has not read a byte.
        with Raw(target) as client:
            client.request("POST", "/tts/stream", [("Content-Type", "application/json")], body=text_of(LONG_TEXT * 4))
            client.read()
            client.abort()
        slow.append(within(5, lambda: working(target) == 0, "the request is no longer active", every=0.01) or 5)
    # The reading of /metrics itself takes its time on a loaded machine.
    expect(statistics.median(slow) < 0.3, f"no request is active 300 ms later ({[round(s, 3) for s in slow]})")
    figure(f"median from the drop to /metrics saying so: {statistics.median(slow) * 1000:.0f} ms")


def text_of(text):
    return b'{"text":"' + text.encode() + b'"}'


@scenario
def vanishing_from_speech(target):
    """A client of /tts that vanishes while it computes: the work stops"""
    before = cancelled(target.metrics())[0]
    with Raw(target) as client:
        client.request("POST", "/tts", [("Content-Type", "application/json")], body=text_of(LONG_TEXT * 8))
        within(5, lambda: working(target) == 1, "it computes")
        client.abort()
    within(5, lambda: cancelled(target.metrics())[0] == before + 1, "the cancellation is counted")
    expect_rest(target, "the drop")


@scenario
def vanishing_from_recognition(target):
    """A client of /asr that vanishes while it computes: the work stops"""
    pcm, rate = target.fox_pcm()
    before, late_before, _ = cancelled(target.metrics())
    for end in ("abort", "close"):
        with Raw(target) as client:
            client.request("POST", "/asr", [("Content-Type", "audio/wav")], body=wav(pcm * REPEATS, rate))
            within(5, lambda: working(target) == 1, "it computes")
            time.sleep(0.3)
            client.abort() if end == "abort" else client.socket.close()
        expect_rest(target, f"the {end}")
    count, late, bound = cancelled(target.metrics())
    expect_same(count - before, 2, "the cancellations counted")
    expect_same(late - late_before, 0, f"the cancellations that took longer than {bound} s")


@scenario
def vanishing_from_the_queue(target):
    """Clients that vanish while they wait for their turn are forgotten"""
    pcm, rate = target.fox_pcm()
    body = wav(pcm * REPEATS, rate)
    clients = [Raw(target) for _ in range(6)]
    for client in clients:
        threading.Thread(
            target=client.request, args=("POST", "/asr", [("Content-Type", "audio/wav")], body), daemon=True
        ).start()
    within(20, lambda: target.metrics().value("rkvoice_waiting_requests") >= 2, "some wait for their turn")
    for client in clients:
        client.abort()
    within(5, lambda: target.metrics().value("rkvoice_waiting_requests") == 0, "nobody waits")
    expect_rest(target, "the drops")
    target.still_works("clients that vanished from the queue")


@scenario
def vanishing_from_a_stream(target):
    """Clients that vanish from /asr/stream, in order or not, with audio under way: the stream is over"""
    pcm, _ = target.fox_pcm()
    before = target.metrics().value("rkvoice_active_streams")

    async def vanish(abruptly):
        socket = await connect(target, sample_rate=22050)
        for place in range(0, len(pcm), 882):
            await socket.send(pcm[place : place + 882])
        if abruptly:
            socket.transport.abort()
        else:
            await socket.close()

    for abruptly in (True, False, True):
        asyncio.run(vanish(abruptly))
        within(5, lambda: target.metrics().value("rkvoice_active_streams") == before, "the stream is no longer open")
    expect_rest(target, "streams that vanished")
    target.still_works("streams that vanished")


@scenario
def vanishing_mid_upload(target):
    """A client that vanishes in the middle of an upload leaves nothing"""
    for _ in range(4):
        with Raw(target) as client:
            client.request(
                "POST",
                "/asr",
                [("Content-Type", "audio/wav"), ("Content-Length", "1000000")],
                target.fox[:5000],
                length=False,
            )
            client.abort()
    within(5, lambda: working(target) == 0, "no request is active")
    target.still_works("uploads that ended in the middle")


if __name__ == "__main__":
    scenarios.run(Target(sys.argv[1]), sys.argv[2:])
