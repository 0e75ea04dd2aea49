"""A server whose language model is the scripted endpoint, and what is asked of both."""

import asyncio
import contextlib
import time

from dialogue_client import talk
from scenarios import expect, expect_same, within

KEY = "sk-secret-of-the-endpoint"
PROMPT = "Answer in one short sentence."
# Seconds; see arguments().
READ, FIRST_TOKEN, TOKEN = 2.0, 3.0, 1.5
ANSWER_CHARACTERS = 600
SENTENCE_CHARACTERS = 100


def arguments(url):
    settings = {
        "llm.base_url": url,
        "llm.system_prompt": PROMPT,
        "llm.temperature": 0.25,
        "llm.max_tokens": 77,
        "llm.read_seconds": READ,
        "dialogue.first_token_seconds": FIRST_TOKEN,
        "dialogue.token_seconds": TOKEN,
        "dialogue.answer_characters": ANSWER_CHARACTERS,
        "dialogue.sentence_characters": SENTENCE_CHARACTERS,
        "dialogue.lead_seconds": 0,
        "limits.requests_per_minute": 0,
    }
    return [word for name, value in settings.items() for word in ("--set", f"{name}={value}")]


class Stage:
    """The endpoint, our server, and what is open between them."""

    def __init__(self, endpoint, server):
        self.endpoint, self.server, self.target = endpoint, server, server.target

    def last(self, question):
        """The last request that ended in this question."""
        return self.endpoint.asked(question)[-1]

    def expect_calm(self, connections=1):
        """Nothing is left of a turn: the server is ready, and holds at most a connection for the next question."""
        expect(self.target.is_ready(), "the server stays ready")
        within(3, lambda: self.endpoint.connections <= connections, f"at most {connections} connections stay open")
        said = [line for line in self.server.log if KEY in line]
        expect(not said, f"the key is in no line of the log ({said})")


@contextlib.asynccontextmanager
async def dialogue(stage, **query):
    async with talk(stage.target, "/dialogue", **{"events": "true", **query}) as one:
        yield one


async def turn(one, text, seconds=30):
    """Asks, and waits for the end of the turn. Returns its binary frames, its last message, and how long it took."""
    count, started = len(one.done) + 1, time.monotonic()
    await one.say(text=text)
    await one.until(lambda it: len(it.done) >= count, f'"{text}" is over', timeout=seconds)
    return *one.turns()[-1], time.monotonic() - started


async def expect_next(one, after):
    """The next question is answered as if nothing had been."""
    frames, done, _ = await turn(one, "short: And now?")
    expect_same((done.get("outcome"), len(frames) > 1), ("done", True), f"after {after}, whether the next turn is good")


def answer_of(one, number):
    """The text that a turn told."""
    return "".join(message["delta"] for message in one.of("answer") if message["turn"] == number)


def sentences_of(one, number):
    return [message["text"] for message in one.of("sentence") if message["turn"] == number]


def meet(stage, act, connections=1):
    """Runs a scenario's own part, and sees that nothing is left of it. Returns what it returned."""
    result = asyncio.run(act())
    stage.expect_calm(connections)
    return result
