"""Speech in both directions over /v2v/stream: python dialogue_v2v.py http://127.0.0.1:8621 [SCENARIO...]"""

import asyncio
import contextlib
import json
import statistics
import sys

import websockets

import scenarios
from dialogue_client import Clips, expect_budget, expect_said, sound, talk, target_of, voiced_seconds
from scenarios import expect, expect_same, figure, scenario
from speech import FOX, LONG_TEXT, SENTENCES, silence

PAUSE = silence(1.2, 16000)


def config(**members):
    return {"type": "config", "sample_rate": 16000, **members}


def has(kind, count=1):
    return lambda one: len(one.of(kind)) >= count


def played(target, script, **members):
    """Opens a connection with a config and plays a script, a coroutine function; returns what came and its code."""

    async def run():
        async with talk(target, "/v2v/stream") as one:
            await one.say(**config(**members))
            # Who is answered before all was sent finds the socket closed.
            with contextlib.suppress(websockets.ConnectionClosed):
                await script(one)
            return one, await one.closed()

    return asyncio.run(run())


def expect_header_once(one):
    headers = [frame for _, frame in one.binaries if len(frame) == 4]
    expect_same(len(headers), 1, "the frames with a sample rate")
    expect(len(one.binaries[0][1]) == 4, "the first binary frame is the sample rate")


@scenario
def bad_configs(target):
    """A first message that is no config is told what is wrong, and 1003"""
    bad = [
        b"\0\0",
        "hello",
        '{"type":"text","text":"hello"}',
        json.dumps({"type": "config"}),
        json.dumps(config(asr_language="Klingon")),
        json.dumps(config(asr_language="auto", vad="ears")),
        json.dumps(config(asr_language="auto", sample_rate=1)),
        json.dumps(config(tts_language="auto", tts_voice="nobody")),
        json.dumps(config(asr_language="auto", server_loop=True)),
        json.dumps(config(tts_language="auto", tts_speed="fast")),
    ]

    async def run(first):
        async with talk(target, "/v2v/stream") as one:
            await one.send(first)
            return await one.closed(), one

    for first in bad:
        code, one = asyncio.run(run(first))
        expect_same(code, 1003, f"the close code after {first!r}")
        told = [message for message in one.messages if message.get("type") == "error" and message.get("error")]
        expect(told, f"{first!r} is answered in words ({one.messages})")


@scenario
def text_only(target):
    """With tts_language alone pieces of text are spoken; tts_flush ends them, tts_done the connection"""

    async def script(one):
        for piece in (SENTENCES[0][:20], SENTENCES[0][20:] + " ", SENTENCES[1]):
            await one.say(type="text", text=piece)
        await one.say(type="tts_flush")

    one, code = played(target, script, tts_language="auto")
    expect_same(code, 1000, "the close code")
    expect_header_once(one)
    expect_same([message["sentence"] for message in one.of("tts_started")], SENTENCES[:2], "the sentences started")
    expect_same(len(one.of("tts_sentence_done")), 2, "the sentences done")
    expect_same([message.get("session_complete") for message in one.of("tts_done")], [True], "session_complete")
    expect_said(target, *sound(one.binaries), " ".join(SENTENCES[:2]))


@scenario
def listening_only(target):
    """With asr_language alone sound is written down; asr_eos brings the final and the end"""
    pcm = Clips.get(target)

    async def script(one):
        await one.speak(pcm, 16000, pace=2)
        await one.say(type="asr_eos")
        # Sound after the end is ignored.
        await one.speak(pcm, 16000, pace=0)

    one, code = played(target, script, asr_language="auto", vad="none")
    expect_same(code, 1000, "the close code")
    finals = one.of("asr_final")
    expect_same([(final["text"], final.get("session_complete")) for final in finals], [(FOX, True)], "the finals")


@scenario
def silence_has_an_end(target):
    """asr_eos after silence brings an empty final"""

    async def script(one):
        await one.speak(silence(0.5, 16000), 16000, pace=0)
        await one.say(type="asr_eos")

    one, code = played(target, script, asr_language="auto", vad="none")
    expect_same(code, 1000, "the close code")
    expect_same([final["text"] for final in one.of("asr_final")], [""], "the finals")


@scenario
def both_directions(target):
    """What is said comes back as text, what the client answers is spoken, then the connection ends"""
    pcm = Clips.get(target)

    async def script(one):
        await one.speak(pcm + PAUSE, 16000)
        await one.until(has("asr_final"), "the final comes")
        await one.say(type="text", text=one.of("asr_final")[0]["text"])
        await one.say(type="tts_flush")

    one, code = played(target, script, asr_language="auto", tts_language="auto")
    expect_same(code, 1000, "the close code")
    events = [message.get("event") for message in one.of("vad_event")]
    expect_same(events[:2], ["speech_start", "speech_end"], "the detector's events")
    expect(one.of("asr_partial"), "there are partials")
    expect(one.of("asr_endpoint"), "the endpoint is told")
    expect_same(one.of("asr_final")[0]["text"], FOX, "what was understood")
    expect_said(target, *sound(one.binaries), FOX)


@scenario
def several_utterances(target):
    """With multi_utterance each pause brings a final of its own, asr_eos the closing one; the header comes once"""
    clips = [Clips.get(target, text) for text in SENTENCES[:2]]

    async def script(one):
        for count, pcm in enumerate(clips, 1):
            await one.speak(pcm + PAUSE, 16000)
            await one.until(has("asr_final", count), "the final comes")
            await one.say(type="text", text=SENTENCES[count - 1])
            await one.say(type="tts_flush")
            await one.until(has("tts_done", count), "the reply is spoken")
        await one.say(type="asr_eos")

    one, code = played(target, script, asr_language="auto", tts_language="auto", multi_utterance=True)
    expect_same(code, 1000, "the close code")
    finals = [(final["text"], final["session_complete"]) for final in one.of("asr_final")]
    expect_same(finals, [(SENTENCES[0], False), (SENTENCES[1], False), ("", True)], "the finals")
    expect_header_once(one)


@scenario
def the_server_answers(target):
    """With server_loop the server answers what it hears; voice to voice below 1 s"""
    pcm = Clips.get(target)
    waits = []

    async def script(one):
        for count in range(1, 6):
            ended, before = one.now + voiced_seconds(pcm, 16000), len(one.binaries)
            await one.speak(pcm + PAUSE, 16000)
            await one.until(has("tts_done", count), "the answer is spoken")
            answer = [(seconds, frame) for seconds, frame in one.binaries[before:] if len(frame) > 4]
            waits.append(answer[0][0] - ended)
            expect_said(target, *sound([one.binaries[0], *answer]), FOX)
        await one.say(type="asr_eos")

    members = {"asr_language": "auto", "tts_language": "auto", "server_loop": True, "multi_utterance": True}
    one, code = played(target, script, **members)
    expect_same(code, 1000, "the close code")
    expect_same([final["text"] for final in one.of("asr_final")], [FOX] * 5 + [""], "what was understood")
    median = statistics.median(waits)
    expect(median < 1, f"voice to voice p50 is below 1 s ({median:.3f} s)")
    shown = ", ".join(f"{wait:.3f}" for wait in waits)
    figure(f"voice to voice, from the last voiced sample sent, the pause of 0.5 s included: {shown} s")
    expect_budget(one.of("tts_done"))


@scenario
def one_answer(target):
    """Without multi_utterance the connection ends with the answer"""

    async def script(one):
        await one.speak(Clips.get(target) + PAUSE, 16000)

    one, code = played(target, script, asr_language="auto", tts_language="auto", server_loop=True)
    expect_same(code, 1000, "the close code")
    expect_same([final["text"] for final in one.of("asr_final")], [FOX], "what was understood")
    expect_said(target, *sound(one.binaries), FOX)


@scenario
def abort(target):
    """abort stops the speech within 100 ms; the next text is spoken"""
    times = []

    async def script(one):
        await one.say(type="text", text=LONG_TEXT)
        await one.until(lambda it: len(it.binaries) > 5, "sound comes")
        times.append(one.now)
        await one.say(type="abort")
        await one.until(has("tts_done"), "the speech is over")
        times.append(len(one.binaries))
        await one.say(type="text", text=FOX)
        await one.say(type="tts_flush")

    one, code = played(target, script, tts_language="auto", lead_ms=500)
    expect_same(code, 1000, "the close code")
    aborted, count = times
    late = one.binaries[count - 1][0] - aborted
    expect(late <= 0.1, f"the last sound leaves within 100 ms of the abort ({1000 * late:.0f} ms)")
    expect_same([done.get("outcome") for done in one.of("tts_done")], ["cancelled", "done"], "how the replies ended")
    expect_said(target, *sound([one.binaries[0], *one.binaries[count:]]), FOX)


@scenario
def speech_stops_speech(target):
    """Who speaks while a reply is spoken is heard: the reply ends, after speech_start was told"""
    pcm = Clips.get(target)

    async def script(one):
        await one.say(type="text", text=LONG_TEXT)
        await one.say(type="tts_flush")
        await one.until(lambda it: len(it.binaries) > 12, "sound comes")
        await one.speak(pcm + PAUSE, 16000)
        await one.until(has("asr_final"), "the final comes")
        await one.say(type="asr_eos")

    members = {"asr_language": "auto", "tts_language": "auto", "multi_utterance": True, "lead_ms": 500}
    one, code = played(target, script, **members)
    expect_same(code, 1000, "the close code")
    done = one.of("tts_done")[0]
    expect_same((done.get("outcome"), done.get("reason")), ("cancelled", "speech"), "how the reply ended")
    started = one.time_of("vad_event")
    late = one.binaries[-1][0] - started
    expect(late <= 0.1, f"the last sound leaves within 100 ms ({1000 * late:.0f} ms)")


@scenario
def what_is_not_offered(target):
    """What is asked for and not done here is told; the connection works all the same"""

    async def script(one):
        await one.say(type="tool_result", id="1")
        await one.say(type="dance")
        await one.say(type="tts_flush")
        await one.until(has("error", 3), "three errors come")
        await one.say(type="text", text=FOX)
        await one.say(type="tts_flush")

    one, code = played(target, script, tts_language="auto", punctuate=True, favorite_color="blue")
    expect_same(code, 1000, "the close code")
    expect_same(one.of("warning")[0].get("ignored"), ["punctuate", "favorite_color"], "what was ignored")
    codes = [message.get("code") for message in one.of("error")]
    expect_same(codes, ["not_implemented", "unknown_type", "empty_text"], "the codes of the errors")
    expect_said(target, *sound(one.binaries), FOX)


if __name__ == "__main__":
    scenarios.run(target_of(sys.argv[1]), sys.argv[2:])
