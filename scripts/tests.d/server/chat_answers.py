"""What a good endpoint is asked, and what is made of its answers."""

import asyncio
import time

from chat_script import SHELLS
from chat_stage import KEY, PROMPT, SENTENCE_CHARACTERS, answer_of, dialogue, meet, sentences_of, turn
from dialogue_client import Clips, expect_said, sound
from scenarios import expect, expect_same, figure, require, scenario
from speech import FOX, error_rate, silence


@scenario
def known(stage):
    """Health and capabilities name the model; no notice says that answers are an echo"""
    for path in ("/health", "/capabilities"):
        llm = stage.target.http.get(path).json().get("llm")
        expect_same(llm, {"name": "scripted", "notice": None}, f"the language model of {path}")


@scenario
def what_is_asked(stage):
    """The request has the model, the prompt, the sampling of the configuration, and the key of the environment"""

    async def act():
        async with dialogue(stage) as one:
            frames, done, _ = await turn(one, "What sells she?")
            return frames, done, answer_of(one, 1)

    frames, done, said = meet(stage, act)
    asked = stage.last("What sells she?")
    expect_same((asked.method, asked.path), ("POST", "/v1/chat/completions"), "the request")
    expect_same(asked.headers.get("authorization"), f"Bearer {KEY}", "the key")
    expect_same(asked.headers.get("content-type"), "application/json", "the type of the body")
    expect_same(asked.messages, [("system", PROMPT), ("user", "What sells she?")], "the messages")
    rest = {name: asked.body.get(name) for name in ("model", "stream", "temperature", "max_tokens")}
    wanted = {"model": "scripted", "stream": True, "temperature": 0.25, "max_tokens": 77}
    expect_same(rest, wanted, "how it is asked")
    expect_same((done.get("outcome"), said.strip()), ("done", SHELLS), "the answer")
    expect_said(stage.target, *sound(frames), SHELLS)


@scenario
def history(stage):
    """The next question comes with what was said before; a failed turn leaves only its question"""

    async def act():
        async with dialogue(stage) as one:
            for text in ("short: One?", "page: Two?", "short: Three?"):
                await turn(one, text)

    meet(stage, act)
    expect_same(
        stage.last("short: Three?").messages,
        [("system", PROMPT), ("user", "short: One?"), ("assistant", "Yes."), ("user", "page: Two?\nshort: Three?")],
        "what the model is told in the third turn",
    )


@scenario
def spoken(stage):
    """A spoken question arrives as text, and its answer is understood"""
    pcm = Clips.get(stage.target)

    async def act():
        async with dialogue(stage) as one:
            await one.say(audio=True, sample_rate=16000)
            await one.speak(pcm + silence(1.2, 16000), 16000)
            await one.until(lambda it: it.done, "the turn ends")
            return one.turns()[0], one.of("final")[-1]["text"]

    (frames, done), text = meet(stage, act)
    expect_same(done.get("outcome"), "done", "how the turn ends")
    question = stage.endpoint.exchanges[-1].question
    expect_same(question, text, "what the model is asked")
    expect(error_rate(question, FOX) <= 0.12, f'the question is understood ("{question}")')
    expect_said(stage.target, *sound(frames), SHELLS)
    figure(f"budget: {done.get('latency_ms')}")


@scenario
def while_it_writes(stage):
    """The first sound of a long answer comes while the model still writes it"""

    async def act():
        async with dialogue(stage) as one:
            await one.say(text="slowly: Tell me a story")
            await one.until(lambda it: len(it.binaries) > 5, "sound comes")
            seconds = one.started + one.binaries[1][0]
            written = len(stage.last("slowly: Tell me a story").pieces)
            await asyncio.sleep(0.5)
            later = len(stage.last("slowly: Tell me a story").pieces)
            await one.say(type="abort")
            await one.until(lambda it: it.done, "the turn ends")
            return seconds, written, later, answer_of(one, 1)

    seconds, written, later, said = meet(stage, act)
    exchange = stage.last("slowly: Tell me a story")
    expect(seconds < exchange.pieces[-1][0], "the first sound is there before the last word is written")
    expect(later > written, f"the model goes on while there is sound ({written} words, then {later})")
    expect(exchange.answer.startswith(said), "what is told is what was written")
    first = next(at for at, text in exchange.pieces if text.endswith(". "))
    figure(f"first sound {1000 * (seconds - first):.0f} ms after the model ended its first sentence")


@scenario
def without_marks(stage):
    """600 words without punctuation are spoken in pieces of bounded length, the first while the model still writes"""

    async def act():
        async with dialogue(stage) as one:
            await one.say(text="without_marks: Go on")
            await one.until(lambda it: len(it.binaries) > 1, "sound comes", timeout=20)
            first = one.started + one.binaries[1][0]
            await one.until(lambda it: len(sentences_of(it, 1)) > 2, "the third piece is spoken")
            await one.say(type="abort")
            await one.until(lambda it: it.done, "the turn ends")
            return first, sentences_of(one, 1)

    first, pieces = meet(stage, act)
    exchange = stage.last("without_marks: Go on")
    expect(max(map(len, pieces)) <= SENTENCE_CHARACTERS, f"pieces are bounded ({[len(piece) for piece in pieces]})")
    expect(exchange.answer.startswith(" ".join(pieces)), f"nothing is lost between pieces ({pieces})")
    figure(f"first sound {first - exchange.asked:.2f} s after the question; pieces of {[*map(len, pieces)]} characters")


@scenario
def forms(stage):
    """Endpoints that do not stream, that send byte after byte, think aloud, or write Markdown, are understood"""

    async def act():
        turns = {}
        async with dialogue(stage) as one:
            for number, question in enumerate(("at_once", "bytewise", "reasoning", "markdown"), 1):
                frames, done, _ = await turn(one, f"{question}: What sells she?")
                turns[question] = frames, done, answer_of(one, number), " ".join(sentences_of(one, number))
        return turns

    turns = meet(stage, act)
    for question, (frames, done, _, _) in turns.items():
        expect_same(done.get("outcome"), "done", f'how "{question}" ends')
        expect(len(frames) > 10, f'"{question}" is spoken ({len(frames)} frames)')
    expect_said(stage.target, *sound(turns["markdown"][0]), SHELLS, "Markdown")
    expect_same(turns["at_once"][2], SHELLS, "the answer at once")
    expect_same(turns["bytewise"][2], "A naïve café, " + SHELLS, "the answer byte by byte")
    expect_same(turns["reasoning"][2], SHELLS, "the answer without the thoughts before it")
    spoken_marks = set("#*_`[]()🐚🌊") & set(turns["markdown"][3])
    expect(not spoken_marks, f"no mark goes to the voice ({turns['markdown'][3]})")


@scenario
def side_by_side(stage):
    """A model that hangs in one dialogue holds up no other"""

    async def hanging():
        async with dialogue(stage) as one:
            return await turn(one, "slow: Hello?")

    async def act():
        hung = [asyncio.create_task(hanging()) for _ in range(3)]
        started = time.monotonic()
        async with dialogue(stage) as one:
            _, done, _ = await turn(one, "short: Hello?")
            pending = [task for task in hung if not task.done()]
            took = time.monotonic() - started
        for _, other, _ in await asyncio.gather(*hung):
            expect_same(other.get("code"), "timed_out", "how a dialogue that hangs ends")
        return done, len(pending), took

    done, pending, took = meet(stage, act, connections=4)
    expect_same((done.get("outcome"), pending), ("done", 3), "the good turn, and how many still hang when it is over")
    require(took < 2.5, f"it takes no longer than alone ({took:.2f} s)")
