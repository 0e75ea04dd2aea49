"""Dialogues with llama.cpp's server: python chat_llama.py llama-server model.gguf [SCENARIO...]"""

import asyncio
import contextlib
import socket
import subprocess
import sys
import tempfile
import time

import httpx

import scenarios
from chat_stage import dialogue, turn
from dialogue_client import Clips, expect_ledger, sound
from scenarios import expect, expect_same, figure, require, scenario, within
from serving import Server
from speech import FOX, error_rate, silence

KEY = "sk-of-llama-cpp"
# Its answers end here, because it is told never to end one itself.
TOKENS = 40


class Llama:
    """llama.cpp's server with one slot, on a free port. A context."""

    def __init__(self, program, model):
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.command = [program, "--model", model, "--host", "127.0.0.1", "--port", str(self.port), "--api-key", KEY]
        self.command += ["--parallel", "1", "--ctx-size", "4096", "--threads", "1", "--slots", "--ignore-eos"]
        self.command += ["--chat-template", "gemma", "--alias", "gemma"]
        self.http = httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            timeout=30,
            trust_env=False,
            headers={"Authorization": f"Bearer {KEY}"},
        )

    def __enter__(self):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log
        )
        end = time.monotonic() + 120
        while not self._is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError(f"llama.cpp's server gets ready; it said: {self.said()}")
            time.sleep(0.2)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def is_busy(self):
        return any(slot["is_processing"] for slot in self.http.get("/slots").json())

    def said(self):
        self.log.seek(0)
        return self.log.read()[-400:].decode(errors="replace")

    def _is_ready(self):
        with contextlib.suppress(httpx.HTTPError):
            return self.http.get("/health").status_code == 200
        return False


@contextlib.contextmanager
def serving(llama, key=KEY, **settings):
    """Our server in front of it. A context; gives what it is asked through."""
    values = {"llm.base_url": llama.url, "llm.model": "gemma", "llm.temperature": 0, **settings}
    arguments = [word for name, value in values.items() for word in ("--set", f"{name}={value}")]
    with Server(*arguments, environment={"RKVOICE_LLM_API_KEY": key}) as server:
        yield server


def told(one, number):
    return "".join(message["delta"] for message in one.of("answer") if message["turn"] == number)


@scenario
def turns(llama):
    """A typed and a spoken turn are answered by the model, in sound"""

    async def act(server, pcm):
        async with dialogue(server, lead_ms=0) as one:
            await turn(one, "Once upon a time there was a little girl.", seconds=120)
            await one.speak(pcm + silence(1.2, 16000), 16000)
            await one.until(lambda it: len(it.done) >= 2, "the spoken turn ends", timeout=120)
            return one

    with serving(llama, **{"llm.max_tokens": TOKENS}) as server:
        one = asyncio.run(act(server, Clips.get(server.target)))
        text = one.of("final")[-1]["text"]
    for number, (frames, done) in enumerate(one.turns(), 1):
        expect_same(done.get("outcome"), "done", f"how turn {number} ends")
        said = told(one, number)
        expect(len(said) > 10, f"turn {number} has an answer ({said!r})")
        expect_ledger(done, frames, sound(frames)[1], f"turn {number}")
        figure(f"{done.get('latency_ms')}: {said[:60]!r}")
    expect(error_rate(text, FOX) <= 0.12, f'the question is understood ("{text}")')


@scenario
def cancelled(llama):
    """abort, and a client that vanishes, free the slot while the model still writes; the next turn works"""

    async def act(server, end, question):
        async with dialogue(server, lead_ms=300) as one:
            await one.say(text=question)
            await one.until(lambda it: len(it.binaries) > 4, "sound comes", timeout=60)
            require(llama.is_busy, "the slot works before the turn is cancelled")
            began = time.monotonic()
            await end(one)
            within(10, lambda: not llama.is_busy, "the slot is free")
            return time.monotonic() - began

    async def abort(one):
        await one.say(type="abort")
        await one.until(lambda it: it.done, "the turn ends")
        expect_same(one.done[0].get("outcome"), "cancelled", "how the turn ends")

    async def vanish(one):
        one.socket.transport.abort()
        # It is closed by the loop.
        await asyncio.sleep(0.01)

    with serving(llama, **{"llm.max_tokens": 3000}) as server:
        for end in (abort, vanish):
            seconds = asyncio.run(act(server, end, "Tell me a long story."))
            expect(seconds < 2, f"the slot is free soon after {end.__name__} ({seconds:.2f} s)")
            figure(f"the slot is free {1000 * seconds:.0f} ms after {end.__name__}")
    with serving(llama, **{"llm.max_tokens": TOKENS}) as server:

        async def again():
            async with dialogue(server, lead_ms=0) as one:
                return await turn(one, "Hello.", seconds=120)

        expect_same(asyncio.run(again())[1].get("outcome"), "done", "how a turn after them ends")


@scenario
def wrong_key(llama):
    """A wrong key is told in the server's words and ours"""

    async def act(server):
        async with dialogue(server) as one:
            return await turn(one, "Hello?")

    with serving(llama, key="sk-wrong") as server:
        _, done, _ = asyncio.run(act(server))
    expect_same((done.get("outcome"), done.get("code")), ("failed", "unauthorized"), "how the turn ends")
    expect("check RKVOICE_LLM_API_KEY" in done.get("message", ""), f"it is told what to do ({done})")
    figure(done.get("message"))


def main():
    program, model, *chosen = sys.argv[1:]
    with Llama(program, model) as llama:
        scenarios.run(llama, chosen)


if __name__ == "__main__":
    main()
