"""A browser with a microphone made of a file, and what it did."""

import base64
import contextlib
import json
import os
import pathlib
import tempfile
import time
import urllib.request

from playwright.sync_api import sync_playwright

from scenarios import require
from speech import parse_wav, resampled, silence, wav

# Keeps what the page plays: each piece of sound as it was queued, and when it was cut off.
LISTENER = """
(() => {
    const pieces = window.playedPieces = [];
    const { start, stop } = AudioBufferSourceNode.prototype;
    AudioBufferSourceNode.prototype.start = function (when) {
        this.piece = { rate: this.buffer.sampleRate, samples: this.buffer.getChannelData(0).slice(),
                       when, at: performance.now(), cut: null, isOver: false };
        this.addEventListener("ended", () => { this.piece.isOver = true; });
        pieces.push(this.piece);
        return start.call(this, when);
    };
    AudioBufferSourceNode.prototype.stop = function () {
        if (this.piece) this.piece.cut = performance.now();
        return stop.call(this);
    };
})();
"""
# 16-bit samples of the pieces from a number on, as base64, and their rate.
PLAYED = """
(first) => {
    const pieces = window.playedPieces.slice(first);
    const all = pieces.flatMap((piece) => Array.from(piece.samples));
    const bytes = new Uint8Array(Int16Array.from(all, (value) => Math.round(value * 32767)).buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return [btoa(text), pieces.length ? pieces[0].rate : 0];
}
"""
MICROPHONE_RATE = 48000


class Site:
    """The server whose page is tested, and the browser to do it with."""

    def __init__(self, url, chromium, key=None):
        self.url, self.chromium, self.key = url.rstrip("/"), chromium, key
        self._spoken = {}

    def post(self, path, body, kind):
        headers = {"Content-Type": kind, **({"Authorization": f"Bearer {self.key}"} if self.key else {})}
        request = urllib.request.Request(self.url + path, body, headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return answer.read()

    def spoken(self, text):
        """16-bit samples of a sentence, at the microphone's rate."""
        if text not in self._spoken:
            answer = self.post("/tts", json.dumps({"text": text}).encode(), "application/json")
            self._spoken[text] = resampled(*parse_wav(answer), MICROPHONE_RATE)
        return self._spoken[text]

    def heard(self, pcm, rate):
        """What the server understands of sound."""
        return json.loads(self.post("/asr?language=en", wav(pcm, rate), "audio/wav"))["text"]

    @contextlib.contextmanager
    def page(self, *said, host=None, microphone=True, path="/", **options):
        """An open page. `said`: what the microphone hears, over and over: sentences, and seconds of silence."""
        with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
            arguments = ["--use-fake-ui-for-media-stream", "--host-resolver-rules=MAP board.test 127.0.0.1"]
            if said:
                pcm = b"".join(
                    self.spoken(item) if isinstance(item, str) else silence(item, MICROPHONE_RATE) for item in said
                )
                clip = pathlib.Path(folder) / "said.wav"
                clip.write_bytes(wav(pcm, MICROPHONE_RATE))
                arguments += ["--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={clip}"]
            environment = {**os.environ, "HOME": folder}
            browser = driver.chromium.launch(
                executable_path=self.chromium, args=arguments, chromium_sandbox=False, env=environment
            )
            context = browser.new_context(permissions=["microphone"] if microphone else [], **options)
            page = context.new_page()
            page.add_init_script(LISTENER)
            watched = Watched(page)
            page.goto((self.url.replace("127.0.0.1", host) if host else self.url) + path)
            try:
                yield watched
            finally:
                browser.close()


class Watched:
    """A page, what it complained about and what it asked for."""

    def __init__(self, page):
        self.page = page
        self.complaints, self.asked = [], []
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def text(self, place):
        return self.page.locator(place).inner_text().strip()

    def until(self, condition, claim, seconds=30):
        """Waits for a condition in JavaScript; the scenario ends without it. Returns the seconds waited."""
        started = time.monotonic()
        # Not the driver's own waiting: it evaluates text later on, which the page's policy forbids.
        while not self.page.evaluate(f"() => Boolean({condition})"):
            if time.monotonic() - started > seconds:
                shown = [self.text(place) for place in ("#listen-problem", "#speak-problem", "#talk-problem")]
                require(False, f"{claim} within {seconds} s ({' | '.join(filter(None, shown + self.complaints))})")
            self.page.wait_for_timeout(20)
        return time.monotonic() - started

    def until_ready(self):
        self.until('document.getElementById("readiness").dataset.state === "ready"', "the page says: ready", 60)
        self.until('document.querySelector("#voices li") !== null', "the voices are listed")

    def count_played(self):
        return self.page.evaluate("window.playedPieces.length")

    def played(self, first=0):
        """Samples of what was played, from a piece on, and their rate."""
        text, rate = self.page.evaluate(PLAYED, first)
        return base64.b64decode(text), rate

    def is_drawn(self, canvas):
        """How many columns of a waveform are taller than a line."""
        return self.page.evaluate(
            """(canvas) => {
                const { width, height } = canvas;
                const data = canvas.getContext("2d").getImageData(0, 0, width, Math.floor(height * 0.4)).data;
                const columns = new Set();
                for (let i = 3; i < data.length; i += 4) if (data[i]) columns.add(((i - 3) / 4) % width);
                return columns.size;
            }""",
            self.page.query_selector(canvas),
        )
