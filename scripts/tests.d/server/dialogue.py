"""Conversations over /dialogue: python dialogue.py http://127.0.0.1:8621 [SCENARIO...]"""

import asyncio
import os
import statistics
import sys
import time

import scenarios
from dialogue_client import (
    Clips,
    expect_budget,
    expect_frames,
    expect_ledger,
    expect_said,
    sound,
    talk,
    target_of,
    voiced_seconds,
)
from scenarios import expect, expect_same, figure, require, scenario
from speech import FOX, LONG_TEXT, SENTENCES, error_rate, silence

# Longer than the pause that ends an utterance.
PAUSE = silence(1.2, 16000)


def turns(count):
    return lambda one: len(one.done) >= count


@scenario
def the_seeds_protocol(target):
    """{"text"} is answered by the rate, sound and {"done":true,"chunks":N}, at every turn again, and by nothing else"""

    async def run():
        async with talk(target, "/dialogue") as one:
            for count, text in enumerate(SENTENCES[:2], 1):
                await one.say(text=text)
                await one.until(turns(count), "the turn ends")
            return one

    one = asyncio.run(run())
    expect_same(len(one.messages), 2, "the text frames of two turns")
    for (frames, done), text in zip(one.turns(), SENTENCES):
        expect(done.get("done") is True, f"the turn is done ({done})")
        expect_frames(done, frames)
        pcm, rate = sound(frames)
        expect_said(target, pcm, rate, text)


@scenario
def turns_in_order(target):
    """Three turns sent at once are answered one after the other"""

    async def run():
        async with talk(target, "/dialogue") as one:
            for text in SENTENCES:
                await one.say(text=text)
            await one.until(turns(3), "three turns end", timeout=120)
            return one

    one = asyncio.run(run())
    for (frames, done), text in zip(one.turns(), SENTENCES):
        expect(done.get("done") is True, f"the turn is done ({done})")
        expect_said(target, *sound(frames), text)


@scenario
def bad_messages(target):
    """What is no message is answered by an error, and the next turn works"""
    bad = ["", "hello", "[]", "{}", '{"text":1}', '{"type":"dance"}', '{"audio":"yes"}', '{"type":"played"}']

    async def run():
        async with talk(target, "/dialogue") as one:
            for count, frame in enumerate(bad, 1):
                await one.send(frame)
                await one.until(turns(count), f"{frame!r} is answered")
            await one.say(text="")
            await one.until(turns(len(bad) + 1), "an empty text is answered")
            await one.say(text=FOX)
            await one.until(turns(len(bad) + 2), "the next turn ends")
            return one

    one = asyncio.run(run())
    for frame, answer in zip(bad, one.done):
        known = isinstance(answer.get("error"), str) and isinstance(answer.get("code"), str)
        expect(known, f"{frame!r} has an error with a code ({answer})")
    expect_same(one.done[len(bad)].get("error"), "empty text", "the answer to an empty text")
    expect(one.done[-1].get("done") is True, f"the next turn is done ({one.done[-1]})")


@scenario
def half_a_sample(target):
    """A binary frame with half a sample ends the dialogue with 1007"""

    async def run():
        async with talk(target, "/dialogue") as one:
            await one.send(b"abc")
            return await one.closed(), one

    code, one = asyncio.run(run())
    expect_same(code, 1007, "the close code")
    expect_same(one.messages[-1].get("code"), "odd_length", "the code of the error")


@scenario
def spoken_turns(target):
    """What is said is understood, answered with its echo, and the echo is understood; voice to voice below 1 s"""
    pcm = Clips.get(target)
    rounds = []

    async def run():
        async with talk(target, "/dialogue") as one:
            await one.say(audio=True, sample_rate=16000)
            for count in range(1, 6):
                ended = one.now + voiced_seconds(pcm, 16000)
                await one.speak(pcm + PAUSE, 16000)
                await one.until(turns(count), "the turn ends")
                frames, done = one.turns()[-1]
                rounds.append((ended, frames, done, one.of("final")[-1]))

    asyncio.run(run())
    for _, frames, done, final in rounds:
        expect_same(final.get("text"), FOX, "what was understood")
        expect_same(done.get("outcome"), "done", "how the turn ended")
        expect_ledger(done, frames, sound(frames)[1], "the turn")
        expect_said(target, *sound(frames), FOX, "the echo")
    waits = [frames[1][0] - ended for ended, frames, _, _ in rounds]
    median = statistics.median(waits)
    expect(median < 1, f"voice to voice p50 is below 1 s ({median:.3f} s)")
    shown = ", ".join(f"{wait:.3f}" for wait in waits)
    figure(f"voice to voice, from the last voiced sample sent, the pause of 0.5 s included: {shown} s")
    expect_budget([done for _, _, done, _ in rounds])


@scenario
def the_clients_own_end(target):
    """eou ends an utterance without a pause; where nobody spoke, that is said"""
    pcm = Clips.get(target)

    async def run():
        async with talk(target, "/dialogue", vad="none") as one:
            await one.say(audio=True)
            await one.speak(pcm, 16000, pace=4)
            await one.say(type="eou")
            await one.until(turns(1), "the turn ends")
            await one.speak(silence(0.5, 16000), 16000, pace=0)
            await one.send(b"")
            await one.until(turns(2), "silence is answered")
            return one

    one = asyncio.run(run())
    expect_same(one.of("final")[0].get("text"), FOX, "what was understood")
    expect_same(one.done[1].get("reason"), "nothing_heard", "the reason of a turn without speech")


@scenario
def abort(target):
    """abort ends a reply within 100 ms, the account is what came, and the next turn is right"""

    async def run():
        async with talk(target, "/dialogue", events="true", lead_ms=500) as one:
            await one.say(text=LONG_TEXT)
            await one.until(lambda it: len(it.binaries) > 5, "sound comes")
            aborted = one.now
            await one.say(type="abort")
            await one.until(turns(1), "the turn ends")
            await one.say(text=FOX)
            await one.until(turns(2), "the next turn ends")
            return one, aborted

    one, aborted = asyncio.run(run())
    (frames, done), (after, last) = one.turns()
    expect_same((done.get("outcome"), done.get("reason")), ("cancelled", "abort"), "how the turn ended")
    late = frames[-1][0] - aborted
    expect(late <= 0.1, f"the last sound leaves within 100 ms of the abort ({1000 * late:.0f} ms)")
    expect_ledger(done, frames, sound(frames)[1], "the turn that was aborted")
    expect(last.get("done") is True, f"the next turn is done ({last})")
    expect_said(target, *sound(after), FOX)


@scenario
def no_audio_dialogue(target):
    """/audio_dialogue says that there is no AudioLLM, and closes"""

    async def run():
        async with talk(target, "/audio_dialogue") as one:
            return await one.closed(), one

    code, one = asyncio.run(run())
    expect_same(code, 1000, "the close code")
    expect_same(one.messages[0].get("error"), "Audio dialogue not available (AudioLLM not loaded)", "the error")


@scenario
def without_a_websocket(target):
    """A plain GET is told to use a WebSocket"""
    for path in ("/dialogue", "/v2v/stream", "/audio_dialogue"):
        answer = target.http.get(path)
        expect_same(answer.status_code, 426, f"the status of {path}")
        expect(answer.headers.get("upgrade") == "websocket", f"{path} names the protocol ({answer.headers})")


@scenario
def clients_that_vanish(target):
    """Eight clients that vanish in the middle of a reply leave a server that answers the next one"""
    before = target.metrics().value("rkvoice_active_streams")

    async def vanish():
        async with talk(target, "/dialogue") as one:
            await one.say(text=LONG_TEXT)
            await one.until(lambda it: len(it.binaries) > 2, "sound comes")
            one.socket.transport.abort()

    for _ in range(8):
        asyncio.run(vanish())
    scenarios.within(10, lambda: target.metrics().value("rkvoice_active_streams") == before, "no dialogue is left")
    target.still_works("dialogues that vanished")


@scenario
def a_long_question(target):
    """A question that is too long is refused in words; the dialogue goes on"""

    async def run():
        async with talk(target, "/dialogue") as one:
            await one.say(text="word " * 10_000)
            await one.until(turns(1), "it is answered", timeout=120)
            await one.say(text=FOX)
            await one.until(turns(2), "the next turn ends", timeout=120)
            return one

    one = asyncio.run(run())
    expect_same(one.done[0].get("code"), "too_long", "the code of the error")
    expect(one.done[1].get("done") is True, f"the next turn is done ({one.done[1]})")


@scenario
def barge_in(target):
    """Again and again somebody speaks into a reply: it ends at once, the account is right, and so is the next turn"""
    question = "What time is it now?"
    pcm = Clips.get(target, question)
    trials, late = [], []

    async def run():
        for _ in range(20 if os.environ.get("RKVOICE_LONG") else 8):
            async with talk(target, "/dialogue", events="true", lead_ms=500) as one:
                await one.say(text=LONG_TEXT)
                await one.until(lambda it: len(it.binaries) > 12, "sound comes")
                await one.speak(pcm, 16000)
                await one.speak(PAUSE, 16000)
                await one.until(turns(2), "the interruption is answered")
                trials.append(one)

    started = time.monotonic()
    asyncio.run(run())
    for one in trials:
        (frames, done), (answer, last) = one.turns()[:2]
        require(one.of("speech_started"), "the speech is noticed")
        expect_same((done.get("outcome"), done.get("reason")), ("cancelled", "speech"), "how the reply ended")
        late.append(frames[-1][0] - one.time_of("speech_started"))
        expect_ledger(done, frames, sound(frames)[1], "the reply that was interrupted")
        text = one.of("final")[-1].get("text", "")
        expect(error_rate(text, question) == 0, f'what was said into the reply is understood ("{text}")')
        expect_same(last.get("outcome"), "done", "how the answer to it ended")
        expect_said(target, *sound(answer), question)
    expect(max(late) <= 0.1, f"the last sound leaves within 100 ms ({[round(1000 * one) for one in late]} ms)")
    took = time.monotonic() - started
    last = 1000 * max(0.0, *late)
    figure(f"sound after the interruption: at most {last:.0f} ms in {len(trials)} trials ({took:.0f} s)")


if __name__ == "__main__":
    scenarios.run(target_of(sys.argv[1]), sys.argv[2:])
