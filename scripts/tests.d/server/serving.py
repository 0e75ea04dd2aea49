"""The server under test: one that runs already, given by its address, or one of our own."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import threading
import time

import httpx
from prometheus_client.parser import text_string_to_metric_families

from scenarios import expect, require
from speech import FOX, LONG_TEXT, parse_wav


class Target:
    """A server that listens at `url`, and what the scenarios ask of it."""

    def __init__(self, url, headers=None, verify=True):
        self.url = url.rstrip("/")
        self.host, self.port = re.fullmatch(r"https?://([^:/]+):(\d+)", self.url).groups()
        self.port = int(self.port)
        self.http = httpx.Client(base_url=self.url, timeout=120, trust_env=False, headers=headers, verify=verify)
        self._fox = None

    @property
    def socket_url(self):
        return "ws" + self.url.removeprefix("http")

    @property
    def fox(self):
        """WAV of our sentence."""
        if self._fox is None:
            answer = self.http.post("/tts", json={"text": FOX})
            require(answer.status_code == 200, f"/tts speaks our sentence ({answer.status_code}: {answer.text[:200]})")
            self._fox = answer.content
        return self._fox

    def fox_pcm(self):
        return parse_wav(self.fox)

    def metrics(self):
        return Metrics(self.http.get("/metrics").text)

    def resident(self):
        """Bytes of memory that the server holds."""
        return self.metrics().value("process_resident_memory_bytes")

    def is_ready(self):
        with contextlib.suppress(httpx.HTTPError):
            return self.http.get("/readyz").status_code == 200
        return False

    def still_works(self, after):
        """The next request is answered as if nothing had been."""
        answer = self.http.post("/tts", json={"text": FOX})
        expect(answer.status_code == 200 and len(answer.content) > 50_000, f"after {after}, /tts speaks ({answer})")


class Metrics:
    """One reading of /metrics."""

    def __init__(self, text):
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self.samples = [sample for family in self.families.values() for sample in family.samples]

    def value(self, name, **labels):
        """The sum of all samples of a name that carry the labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and all(sample.labels.get(key) == value for key, value in labels.items())
        )

    def above(self, name, bound, **labels):
        """Of a histogram, how many observations were above `bound`, which has to be one of its buckets."""
        return self.value(f"{name}_count", **labels) - self.value(f"{name}_bucket", le=f"{bound:g}", **labels)


class Server:
    """`rkvoice serve` of our own, on a free port. A context: it is ended whatever happens."""

    def __init__(self, *arguments, environment=None, ready=True, port=0, scheme="http", headers=None, verify=True):
        launcher = os.environ.get("RKVOICE") or str(pathlib.Path(__file__).parents[3] / "rkvoice")
        self.command = [launcher, "serve", "--port", str(port), *arguments]
        self.environment = {**os.environ, **(environment or {})}
        self.awaits_ready, self.scheme, self.headers, self.verify = ready, scheme, headers, verify
        self.log = []

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        try:
            self.target = Target(self._address(), self.headers, self.verify)
            if self.awaits_ready:
                self._await(self.target.is_ready, "it gets ready")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join(10)

    @property
    def pid(self):
        return self.process.pid

    def said(self, pattern):
        """The first line on stderr that matches."""
        return next((found for line in list(self.log) if (found := re.search(pattern, line))), None)

    def heard(self, pattern, seconds=60):
        self._await(lambda: self.said(pattern), f'it says "{pattern}"', seconds)
        return self.said(pattern)

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self, seconds=30):
        """SIGTERM; returns the exit code, or None when it did not end in time."""
        self.signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def memory(self, field="VmRSS"):
        """Bytes, of /proc/PID/status."""
        with open(f"/proc/{self.pid}/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))

    def files(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def _address(self):
        port = self.heard(r"listening on \S+?:(\d+)\b")[1]
        return f"{self.scheme}://127.0.0.1:{port}"

    def _read(self):
        for line in self.process.stderr:
            self.log.append(line.rstrip("\n"))

    def _await(self, condition, claim, seconds=120):
        end = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None:
                self.reader.join(5)
                raise RuntimeError(f"{claim}; it ended with {self.process.returncode}: {' | '.join(self.log[-5:])}")
            if time.monotonic() > end:
                raise RuntimeError(f"{claim} within {seconds} s: {' | '.join(self.log[-5:])}")
            time.sleep(0.05)


class Watch:
    """Samples the memory of a target as long as the context is open."""

    def __init__(self, target):
        self.target, self.over = target, threading.Event()

    def __enter__(self):
        self.before = self.peak = self.target.resident()
        self.thread = threading.Thread(target=self._sample, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    @property
    def growth(self):
        """Megabytes that it held at most above what it held before."""
        return (self.peak - self.before) / 1e6

    def _sample(self):
        with httpx.Client(
            base_url=self.target.url, timeout=120, trust_env=False, headers=self.target.http.headers
        ) as client:
            while not self.over.wait(0.05):
                with contextlib.suppress(httpx.HTTPError):
                    reading = Metrics(client.get("/metrics").text).value("process_resident_memory_bytes")
                    self.peak = max(self.peak, reading)


def drop_stream(target, text=LONG_TEXT, after=1000):
    """Asks for a stream, takes `after` bytes, goes away. Returns the seconds to those bytes."""
    started = time.monotonic()
    with httpx.Client(base_url=target.url, timeout=120, trust_env=False, headers=target.http.headers) as client:
        with client.stream("POST", "/tts/stream", json={"text": text}) as answer:
            require(answer.status_code == 200, f"/tts/stream answers ({answer.status_code})")
            count = 0
            for piece in answer.iter_raw():
                count += len(piece)
                if count >= after:
                    return time.monotonic() - started
    raise RuntimeError("the stream ended before it was dropped")
