"""Answers that are no longer wanted: the endpoint can stop at once, and the model is told what was heard."""

import asyncio
import time

from chat_stage import PROMPT, dialogue, expect_next, meet, turn
from dialogue_client import Clips, expect_ledger, sound
from scenarios import expect, expect_same, figure, scenario, within
from speech import FOX, error_rate, silence

STORY = "slowly: Tell me a story"
# A cancelled turn closes its request; on a busy machine not at once.
CLOSED = 1.0


async def listen(one, frames=25, question=STORY):
    """Asks for a story, and listens to the beginning."""
    before = len(one.binaries)
    await one.say(text=question)
    await one.until(lambda it: len(it.binaries) > before + frames, "sound comes")


def expect_dropped(stage, question, since, what):
    """The request is closed soon after a time of time.monotonic()."""
    exchange = stage.last(question)
    within(5, lambda: exchange.dropped, f"{what} closes the request")
    late = (exchange.dropped or time.monotonic()) - since
    expect(late < CLOSED, f"{what} closes the request within {CLOSED} s ({late:.3f} s)")
    return late


@scenario
def abort(stage):
    """abort closes the request at once, and the next one has what was heard: less, if the client says so"""

    async def act(**played):
        async with dialogue(stage, lead_ms=300) as one:
            await listen(one)
            aborted = time.monotonic()
            await one.say(type="abort")
            await one.until(lambda it: it.done, "the turn ends")
            late = expect_dropped(stage, STORY, aborted, "abort")
            if played:
                await one.say(type="played", turn=1, **played)
            _, done, _ = await turn(one, "short: What was that?")
            expect_same(done.get("outcome"), "done", "how the next turn ends")
            return late, *one.turns()[0]

    late, frames, done = meet(stage, act)
    heard, told = done.get("heard", ""), stage.last("short: What was that?").messages
    expect_same((done.get("outcome"), done.get("reason")), ("cancelled", "abort"), "how the turn ends")
    expect_ledger(done, frames, sound(frames)[1], "the turn")
    wanted = [("system", PROMPT), ("user", STORY), ("assistant", heard), ("user", "short: What was that?")]
    expect_same(told, wanted, "what the model is told next")
    whole = stage.last(STORY).answer
    expect(heard and whole.startswith(heard) and len(heard) < len(whole), f'a part was heard ("{heard}")')
    figure(f'the request is closed {1000 * late:.0f} ms after abort; heard: "{heard}"')

    _, _, done = meet(stage, lambda: act(ms=700))
    heard, (_, less) = done.get("heard", ""), stage.last("short: What was that?").messages[2]
    expect(heard.startswith(less) and 0 < len(less) < len(heard), f'700 ms were played ("{less}" of "{heard}")')


@scenario
def before_the_first_word(stage):
    """A turn that is aborted before its first word closes the request; the model hears of its question only"""

    async def act():
        async with dialogue(stage) as one:
            await one.say(text="slow: Are you there?")
            within(5, lambda: stage.endpoint.asked("slow: Are you there?"), "the endpoint is asked")
            aborted = time.monotonic()
            await one.say(type="abort")
            await one.until(lambda it: it.done, "the turn ends")
            expect_dropped(stage, "slow: Are you there?", aborted, "abort")
            await expect_next(one, "a turn that was aborted")
            return one.done[0]

    done = meet(stage, act)
    expect_same((done.get("outcome"), done.get("heard")), ("cancelled", ""), "how the turn ends")
    told = stage.last("short: And now?").messages
    expect_same(told, [("system", PROMPT), ("user", "slow: Are you there?\nshort: And now?")], "what the model is told")


@scenario
def barge_in(stage):
    """Who speaks into an answer is heard: the request is closed, and the model is told what was heard of it"""
    pcm = Clips.get(stage.target)

    async def act():
        async with dialogue(stage, lead_ms=300) as one:
            await listen(one, frames=12)
            await one.speak(pcm + silence(1.2, 16000), 16000)
            await one.until(lambda it: len(it.done) >= 2, "the interruption is answered")
            return one

    one = meet(stage, act)
    done, last = one.done[:2]
    expect_same((done.get("outcome"), done.get("reason")), ("cancelled", "speech"), "how the answer ends")
    late = expect_dropped(stage, STORY, one.started + one.time_of("speech_started"), "speech")
    expect_same(last.get("outcome"), "done", "how the next turn ends")
    (_, story), (role, heard), (_, question) = stage.endpoint.exchanges[-1].messages[1:]
    expect_same((story, role, heard), (STORY, "assistant", done.get("heard")), "what the model is told")
    expect(heard and stage.last(STORY).answer.startswith(heard), f'the beginning was heard ("{heard}")')
    expect(error_rate(question, FOX) <= 0.12, f'the question is understood ("{question}")')
    figure(f'the request is closed {1000 * max(0, late):.0f} ms after speech was found; heard: "{heard}"')


@scenario
def hang_up(stage):
    """A client that vanishes in the middle of an answer leaves no request behind"""

    async def act():
        async with dialogue(stage) as one:
            await listen(one, frames=4, question="slowly: To nobody")
            one.socket.transport.abort()
            return time.monotonic()

    gone = meet(stage, act)
    late = expect_dropped(stage, "slowly: To nobody", gone, "a client that vanishes")
    figure(f"the request is closed {1000 * late:.0f} ms after the client vanished")


@scenario
def nothing_left(stage):
    """Eight dialogues that vanish leave as many open files and connections as there were"""
    files = stage.server.files()

    async def vanish():
        async with dialogue(stage) as one:
            await listen(one, frames=2, question="slowly: Once more")
            one.socket.transport.abort()

    async def act():
        await asyncio.gather(*(vanish() for _ in range(8)))

    meet(stage, act)
    within(5, lambda: stage.server.files() <= files + 2, f"at most {files + 2} files stay open")
    streams = within(5, lambda: not stage.target.metrics().value("rkvoice_active_streams"), "no stream stays open")
    expect(streams is not None, "the count of streams comes back")
    stage.target.still_works("dialogues that vanished")
