"""What an endpoint can do wrong: told in words, bounded in time, and the next turn works."""

import json

from chat_stage import ANSWER_CHARACTERS, FIRST_TOKEN, KEY, READ, TOKEN, answer_of, dialogue, expect_next, meet, turn
from dialogue_client import expect_said, sound
from scenarios import expect, expect_same, figure, require, scenario
from serving import Watch
from speech import FOX

# For a machine that is busy with other things.
SLACK = 4
# All attempts, with the waits between them (0.25 and 0.5 s).
ATTEMPTS = 3
RETRIES = 0.75


async def expect_failure(stage, one, question, code, words, seconds):
    """The turn fails, says why, and the next one works. Returns its frames and its last message."""
    frames, done, took = await turn(one, f"{question}: How are you?")
    what = f'"{question}"'
    seen = (done.get("type"), done.get("outcome"), done.get("stage"), done.get("code"))
    expect_same(seen, ("error", "failed", "language_model", code), f"how {what} ends")
    message = done.get("message", "")
    expect(words in message and len(message) < 600, f'{what} is told with "{words}" ({message})')
    expect(took < seconds + SLACK, f"{what} is over within {seconds} s and {SLACK} ({took:.2f} s)")
    expect(KEY not in json.dumps(one.messages), f"{what} does not tell the key")
    await expect_next(one, what)
    return frames, done, took


def fails(stage, cases):
    """Cases of question, code, words, seconds; none of them has an answer to speak."""

    async def act():
        times = {}
        async with dialogue(stage) as one:
            for question, code, words, seconds in cases:
                frames, _, times[question] = await expect_failure(stage, one, question, code, words, seconds)
                expect(not frames, f'"{question}" is not spoken ({len(frames)} frames)')
        return times

    times = meet(stage, act)
    figure(", ".join(f"{question} {seconds:.2f} s" for question, seconds in times.items()))


@scenario
def down(stage):
    """Nobody listens at the address: told at once; as soon as somebody does, the next turn works"""

    async def act():
        async with dialogue(stage) as one:
            await expect_next(one, "nothing")
            stage.endpoint.down()
            try:
                for _ in range(2):
                    frames, done, took = await turn(one, "Is anybody there?")
                    expect_same((done.get("outcome"), done.get("code")), ("failed", "unreachable"), "how the turn ends")
                    told = done.get("message", "")
                    helps = "check llm.base_url" in told and stage.endpoint.url in told
                    expect(helps, f"it is told what to do ({told})")
                    expect(took < RETRIES + SLACK and not frames, f"it is told soon ({took:.2f} s)")
            finally:
                stage.endpoint.up()
            await expect_next(one, "an endpoint that was down")

    meet(stage, act)


@scenario
def no_word(stage):
    """Silence, and signs of life without a word, end at the time-outs of the endpoint and of the dialogue"""
    fails(
        stage,
        [
            ("slow", "timed_out", f"said nothing for {READ} s", READ),
            ("pings", "timed_out", f"the language model said nothing for {FIRST_TOKEN} s", FIRST_TOKEN),
        ],
    )
    for question in ("slow", "pings"):
        asked = stage.endpoint.asked(f"{question}: How are you?")
        expect_same(len(asked), 1, f'the attempts at "{question}"')
        require(asked[0].dropped, f'the connection of "{question}" is closed')


@scenario
def no_answer(stage):
    """Garbage, noise, a web page, a line without an end and nothing at all are called by their names"""
    with Watch(stage.target) as watch:
        fails(
            stage,
            [
                ("garbage", "garbage", "no piece of a chat answer", 0),
                ("noise", "unreachable", "check llm.base_url", RETRIES),
                ("page", "garbage", "answers with a web page", 0),
                ("line_without_end", "garbage", "an event without an end", 1),
                ("nothing", "empty_answer", "an empty answer", 0),
            ],
        )
    sent = stage.last("line_without_end: How are you?").bytes
    expect(sent < 32e6, f"the line without an end is not read to its end ({sent / 1e6:.1f} MB)")
    expect(watch.growth < 64, f"memory is bounded ({watch.growth:.0f} MB more)")


@scenario
def refusals(stage):
    """401, 404, a redirect and 500 are told with the endpoint's words and what to do, and without the key"""
    fails(
        stage,
        [
            ("unauthorized", "unauthorized", "check RKVOICE_LLM_API_KEY", 0),
            ("unknown", "not_found", "llm.model, which is scripted", 0),
            ("elsewhere", "refused", "give the new address as llm.base_url", 0),
            ("broken", "failed", "no luck today", RETRIES),
        ],
    )
    for question, attempts in {"unauthorized": 1, "unknown": 1, "elsewhere": 1, "broken": ATTEMPTS}.items():
        asked = stage.endpoint.asked(f"{question}: How are you?")
        expect_same(len(asked), attempts, f'the attempts at "{question}"')
    followed = [one.path for one in stage.endpoint.exchanges if "elsewhere" in one.path]
    expect(not followed, f"nobody follows a redirect ({followed})")


@scenario
def second_thoughts(stage):
    """429 with Retry-After, two times 500, and two cuts before the first word are repeated until there is an answer"""

    cases = [("busy", 2, 1.0), ("broken_twice", 3, RETRIES), ("cut_early", 3, RETRIES)]

    async def act():
        async with dialogue(stage) as one:
            for question, attempts, least in cases:
                text = f"{question}: How are you?"
                _, done, _ = await turn(one, text)
                asked = stage.endpoint.asked(text)
                expect_same((done.get("outcome"), len(asked)), ("done", attempts), f'how "{question}" ends')
                waited = asked[-1].asked - asked[0].asked
                expect(least <= waited < least + SLACK, f'"{question}" is asked again in time ({waited:.2f} s)')

    meet(stage, act)


@scenario
def half_answers(stage):
    """An answer that stops or is cut is spoken as far as it goes, then the turn fails and says why"""
    cases = [
        ("silence", "timed_out", f"stopped in its answer for {TOKEN} s", TOKEN),
        ("cut_event", "cut_short", "in the middle", 0),
        ("cut_letter", "cut_short", "in the middle", 0),
        ("cut_clean", "cut_short", "in the middle", 0),
        ("error_event", "failed", "out of memory, says (hidden)", 0),
    ]

    async def act():
        spoken = []
        async with dialogue(stage) as one:
            for question, code, words, seconds in cases:
                # The sentence that came is spoken first, and its length is no failure.
                frames, _, _ = await expect_failure(stage, one, question, code, words, seconds + SLACK)
                spoken.append((question, frames))
                asked = stage.endpoint.asked(f"{question}: How are you?")
                expect_same(len(asked), 1, f'the attempts at "{question}"')
                told = [message.get("code") for message in one.of("trouble")][-1:]
                expect_same(told, [code], f'what was told when "{question}" broke off')
                *_, remembered, _ = stage.last("short: And now?").messages
                expect_same(remembered, ("assistant", asked[0].answer), f'what the model is told of "{question}" later')
        return spoken

    spoken = dict(meet(stage, act))
    expect_said(stage.target, *sound(spoken["silence"]), FOX + " She sells", "an answer that stopped")
    expect_said(stage.target, *sound(spoken["cut_letter"]), FOX, "an answer that was cut")


@scenario
def too_much(stage):
    """10,000 words, and an answer without an end, are cut at the limit; memory stays, and the connection is closed"""

    async def act():
        async with dialogue(stage) as one:
            for number, question in enumerate(("long: Tell me all", "endless: Tell me more"), 1):
                frames, done, took = await turn(one, question, seconds=60)
                shown = f'"{question}" ({took:.1f} s)'
                expect_same((done.get("outcome"), done.get("truncated")), ("done", True), f"how {shown} ends")
                said = answer_of(one, number)
                expect_same(len(said), ANSWER_CHARACTERS, f"the characters of {shown}")
                expect(len(frames) > 60, f"all of {shown} is spoken ({len(frames)} frames)")
            await expect_next(one, "too much")

    with Watch(stage.target) as watch:
        meet(stage, act)
    endless = stage.last("endless: Tell me more")
    expect(endless.dropped, "the connection of the answer without an end is closed")
    expect(endless.bytes < 16e6, f"of the answer without an end little is read ({endless.bytes / 1e6:.1f} MB)")
    expect(watch.growth < 64, f"memory is bounded ({watch.growth:.0f} MB more)")
    figure(f"memory {watch.growth:.0f} MB more, {endless.bytes / 1e6:.1f} MB taken of an answer without an end")
