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

from scenarios import expect, require
from speech import parse_wav, resampled, silence, wav

# Loaded before the page: keeps what comes out of its loudspeaker.
EARS = pathlib.Path(__file__).parent / "ears.js"
# 16-bit samples of pieces of sound, as base64.
PACKED = """
(pieces) => {
    const all = pieces.flatMap((piece) => Array.from(piece));
    const bytes = new Uint8Array(Int16Array.from(all, (value) => Math.round(value * 32767)).buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
}
"""
MICROPHONE_RATE = 48000


class Site:
    """The server whose page is tested, and the browser to do it with."""

    def __init__(self, url, chromium, key=None):
        self.url, self.chromium, self.key = url.rstrip("/"), chromium, key
        self._spoken = {}

    def __enter__(self):
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            # Read anew whenever a page opens the microphone.
            self._said = pathlib.Path(folder) / "said.wav"
            driver = stack.enter_context(sync_playwright())
            self._browser = driver.chromium.launch(
                executable_path=self.chromium,
                args=[
                    "--use-fake-device-for-media-stream",
                    f"--use-file-for-fake-audio-capture={self._said}%noloop",
                    # As for a user: no sound before a click or a key.
                    "--autoplay-policy=document-user-activation-required",
                    "--host-resolver-rules=MAP board.test 127.0.0.1",
                ],
                chromium_sandbox=False,
                env={**os.environ, "HOME": folder},
            )
            stack.callback(self._browser.close)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_):
        self._stack.close()

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
        """An open page. `said`: what the microphone hears, once: sentences, and seconds of silence."""
        pcm = b"".join(self.spoken(item) if isinstance(item, str) else silence(item, MICROPHONE_RATE) for item in said)
        self._said.write_bytes(wav(pcm or silence(1, MICROPHONE_RATE), MICROPHONE_RATE))
        # What is not granted is refused, once anything is.
        context = self._browser.new_context(permissions=["microphone" if microphone else "clipboard-read"], **options)
        try:
            page = context.new_page()
            page.add_init_script(path=EARS)
            watched = Watched(page)
            page.goto((self.url.replace("127.0.0.1", host) if host else self.url) + path)
            yield watched
        finally:
            context.close()


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
                why = " | ".join(dict.fromkeys(filter(None, shown + self.complaints)))
                require(False, f"{claim} within {seconds} s ({why[:300]})")
            self.page.wait_for_timeout(20)
        return time.monotonic() - started

    def until_ready(self):
        self.until('document.getElementById("readiness").dataset.state === "ready"', "the page says: ready", 60)
        self.until('document.querySelector("#voices li") !== null', "the voices are listed")

    def count_played(self):
        return self.page.evaluate("ears.pieces.length")

    def played(self):
        """Samples of all that was queued for the loudspeaker, and their rate."""
        rate = self.page.evaluate("ears.pieces[0]?.rate ?? 0")
        text = self.page.evaluate(f"() => ({PACKED})(ears.pieces.map(({{ samples }}) => samples))")
        return base64.b64decode(text), rate

    def output(self, after=0):
        """Samples of what the loudspeaker that sounded last gave after a moment, and their rate."""
        self.page.evaluate(
            """() => ears.last = ears.outputs.findLast(({ chunks }) => chunks.some(({ data }) => data.some(Boolean)))"""
        )
        rate = self.page.evaluate("ears.last?.rate ?? 0")
        chunks = f"ears.last?.chunks.filter(({{ at }}) => at > {after}).map(({{ data }}) => data) ?? []"
        return base64.b64decode(self.page.evaluate(f"() => ({PACKED})({chunks})")), rate

    def until_heard(self, claim, seconds=30, after=0):
        """Waits until sound comes out of the loudspeaker."""
        return self.until(f"ears.loud.length > {after}", claim, seconds)

    def moment(self, kind, number=-1):
        """When a message came, or the user did something; milliseconds of the page's clock."""
        return self.page.evaluate(
            "([kind, number]) => ears.told.filter(({ type }) => type === kind).at(number).at", [kind, number]
        )

    def sounding_after(self, moment, until=500):
        """For how many milliseconds after a moment the loudspeaker is heard, of those that are looked at."""
        self.page.wait_for_timeout(max(0, moment + until - self.page.evaluate("performance.now()")))
        return self.page.evaluate(
            "([from, until]) => Math.max(0, ...ears.loud.map((at) => at - from).filter((after) => after < until))",
            [moment, until],
        )

    def expect_released(self):
        """Every microphone and every sound context that was opened is closed."""
        self.until('ears.contexts.every(({ state }) => state === "closed")', "every sound context is closed", 5)
        is_off = 'ears.tracks.every(({ readyState }) => readyState === "ended")'
        expect(self.page.evaluate(is_off), "the microphone is off")

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
