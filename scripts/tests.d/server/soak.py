"""Mixed load for minutes: python soak.py http://127.0.0.1:8621 [--minutes N]

Printed every 30 s: resident memory, open files, what was done. In the end the slope of the memory after the first
fifth, in MB an hour; requests that failed though they should not have; words that were heard wrong.
"""

import asyncio
import collections
import random
import statistics
import sys
import time

import httpx

from raw import Raw
from scenarios import expect, figure, finish
from serving import Target, drop_stream
from speech import FOX, LONG_TEXT, SENTENCES, parse_wav, resampled, words
from streaming import connect, listen

# Not more at a time than the server lets wait: nothing in here may be refused.
BESIDE = 4


class Load:
    def __init__(self, target, seconds):
        self.target, self.end = target, time.monotonic() + seconds
        self.done, self.failed = collections.Counter(), []
        self.pcm = resampled(*parse_wav(target.fox), 16000)
        self.random = random.Random(20260901)
        self.http = httpx.AsyncClient(base_url=target.url, timeout=120, trust_env=False)

    async def work(self):
        kinds = [
            self.speak,
            self.stream,
            self.recognize,
            self.hear,
            self.hear_nothing,
            self.drop,
            self.vanish,
            self.refuse,
        ]
        while time.monotonic() < self.end:
            kind = self.random.choice(kinds)
            try:
                if not await kind():
                    self.failed.append(kind.__name__)
            except Exception as error:  # noqa: BLE001  whatever it is: it should not be
                self.failed.append(f"{kind.__name__}: {type(error).__name__} {str(error)[:100]}")
            self.done[kind.__name__] += 1

    async def speak(self):
        answer = await self.http.post("/tts", json={"text": self.random.choice(SENTENCES)})
        return answer.status_code == 200 and len(answer.content) > 10_000

    async def stream(self):
        kind = self.random.choice(["pcm", "wav", "flac", "mp3", "opus"])
        answer = await self.http.post("/tts/stream", json={"text": " ".join(SENTENCES), "format": kind})
        return answer.status_code == 200 and len(answer.content) > 5_000

    async def recognize(self):
        answer = await self.http.post("/asr", files={"file": ("fox.wav", self.target.fox, "audio/wav")})
        return answer.status_code == 200 and answer.json()["text"] == FOX

    async def hear(self):
        heard = await listen(self.target, [(self.pcm, 1), {"type": "eou"}])
        return bool(heard.finals) and words(heard.finals[-1]["text"]) == words(FOX)

    async def hear_nothing(self):
        heard = await listen(self.target, [bytes(32000), 0.2, b""])
        return heard.code == 1000 and heard.last.get("text") == ""

    async def drop(self):
        await asyncio.to_thread(drop_stream, self.target, LONG_TEXT, self.random.choice([4, 1000, 40_000]))
        return True

    async def vanish(self):
        socket = await connect(self.target)
        await socket.send(self.pcm[: self.random.randrange(2, len(self.pcm), 2)][: 1 << 19])
        socket.transport.abort()
        with Raw(self.target) as client:
            client.request("POST", "/asr", [("Content-Length", "100000")], b"RIFF", length=False)
            client.abort()
        return True

    async def refuse(self):
        cases = [
            ("/tts", {"json": {"text": ""}}, 422),
            ("/tts", {"content": b"{"}, 400),
            ("/nothing", {}, 404),
            ("/asr", {"content": b"no sound " * 100}, 400),
            ("/tts", {"json": {"text": "a", "speed": 99}}, 422),
        ]
        path, arguments, status = self.random.choice(cases)
        return (await self.http.post(path, **arguments)).status_code == status


async def sample(load, samples):
    started = time.monotonic()
    while time.monotonic() < load.end:
        reading = await asyncio.to_thread(load.target.metrics)
        row = (
            time.monotonic() - started,
            reading.value("process_resident_memory_bytes") / 1e6,
            reading.value("process_open_fds"),
        )
        samples.append(row)
        if len(samples) % 15 == 1:
            figure(
                f"{row[0]:4.0f} s: {row[1]:.1f} MB, {row[2]:.0f} files, {sum(load.done.values())} requests, "
                f"{len(load.failed)} failed"
            )
        await asyncio.sleep(2)


def slope(samples):
    """MB an hour, by Theil and Sen: the median of the slopes between all pairs of samples."""
    pairs = [(b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(samples) for b in samples[i + 1 :: 3]]
    return statistics.median(pairs) * 3600


async def soak(target, seconds):
    load, samples = Load(target, seconds), []
    await asyncio.gather(sample(load, samples), *(load.work() for _ in range(BESIDE)))
    await load.http.aclose()
    return load, samples


def judge(target, load, samples):
    warm = [row for row in samples if row[0] >= samples[-1][0] / 5]
    early = statistics.median(row[1] for row in warm[: len(warm) // 5])
    late = statistics.median(row[1] for row in warm[-(len(warm) // 5) :])
    figure(", ".join(f"{name} {count}" for name, count in sorted(load.done.items())))
    figure(f"memory after warming up {early:.1f} MB, in the end {late:.1f} MB, slope {slope(warm):+.1f} MB an hour")
    for name, count in collections.Counter(load.failed).most_common(10):
        figure(f"failed {count} times: {name}")
    expect(not load.failed, f"no request fails ({len(load.failed)} of {sum(load.done.values())})")
    # Ten minutes of two computing requests and four kinds of clients gave 0.5 %: the allocator's arenas still settle.
    expect(late < 1.02 * early + 5, "memory does not grow by more than a fiftieth")
    time.sleep(2)
    end = target.metrics()
    files = statistics.median(row[2] for row in warm[:10])
    figure(f"open files: {files:.0f} early on, {end.value('process_open_fds'):.0f} in the end")
    expect(end.value("process_open_fds") <= files + 5, "open files do not grow")
    for name in ("rkvoice_active_streams", "rkvoice_active_requests", "rkvoice_waiting_requests"):
        expect(end.value(name) == 0, f"{name} is 0 in the end ({end.value(name)})")


if __name__ == "__main__":
    server = Target(sys.argv[1])
    minutes = float(sys.argv[sys.argv.index("--minutes") + 1]) if "--minutes" in sys.argv else 10
    judge(server, *asyncio.run(soak(server, 60 * minutes)))
    finish()
