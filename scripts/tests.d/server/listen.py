"""Speech streamed over /asr/stream: python listen.py http://127.0.0.1:8621 [SCENARIO...]

With --set DIR, the clips of a test set instead (manifest.json): see listen_set.py.
"""

import asyncio
import sys

import listen_set
import scenarios
from scenarios import expect, expect_same, figure, require, scenario
from serving import Target
from speech import FOX, SENTENCES, parse_wav, resampled, silence, words
from streaming import expect_shape, listen, stable_violations


class Clips:
    """Speech at the rates that a test wants, made once."""

    cache = {}

    @classmethod
    def get(cls, target, text=FOX, rate=16000):
        if (text, rate) not in cls.cache:
            pcm, own = parse_wav(target.http.post("/tts", json={"text": text}).content)
            cls.cache[text, rate] = resampled(pcm, own, rate)
        return cls.cache[text, rate]


def heard_by(target, *script, **query):
    heard = asyncio.run(listen(target, script, **query))
    expect_shape(heard)
    expect_same(stable_violations(heard), [], "what partials changed of what they called stable")
    return heard


def expect_whole(heard, text=FOX, code=1000, finals=None):
    """The stream ended with one complete final that has the text."""
    require(heard.messages, f"the stream says something (it closed with {heard.code})")
    last = heard.last
    expect(last.get("type") == "final" and last.get("session_complete") is True, f"the last message is final: {last}")
    expect_same(
        sum(bool(final.get("session_complete")) for final in heard.finals), 1, "the finals that end the session"
    )
    expect_same(last.get("text"), text, "the final text")
    expect_same(heard.code, code, "the close code")
    if finals is not None:
        expect_same(len(heard.finals), finals, "the number of finals")


def has_final(heard):
    return bool(heard.finals)


@scenario
def real_time(target):
    """At real-time pace partials come before the end of the audio, and the final soon after it"""
    pcm = Clips.get(target) + silence(0.4, 16000)
    heard = heard_by(target, (pcm, 1.0), {"type": "eou"})
    expect_whole(heard, finals=1)
    early = [seconds for seconds in heard.times("partial") if seconds < heard.audio_ended]
    require(early, f"partials come before the end of the audio ({heard.times('partial')}, {heard.audio_ended:.2f})")
    final = heard.times("final")[-1]
    finalize = heard.finals[-1].get("finalize_ms")
    expect(isinstance(finalize, (int, float)) and finalize >= 0, f"finalize_ms is there ({finalize})")
    expect(isinstance(heard.finals[-1].get("final_mode"), str), f"final_mode is there ({heard.finals[-1]})")
    expect_same(heard.finals[-1].get("language"), "en", "the language")
    expect_same(heard.finals[-1].get("endpoint"), "client", "what ended it")
    texts = [message["text"] for message in heard.of("partial")]
    expect(all(a != b for a, b in zip(texts, texts[1:])), f"no partial repeats the last ({texts})")
    figure(f"{len(pcm) / 32000:.1f} s of audio: {len(early)} partials before its end, the first after {early[0]:.2f} s")
    figure(f"final {(final - heard.audio_ended) * 1000:.0f} ms after the last sample (the server says {finalize} ms)")


@scenario
def partials_stop_and_stay_true(target):
    """A long utterance without a pause: partials flow to the end, and stable text grows"""
    text = "The children are playing football behind the school while their teachers are drinking coffee in the garden."
    heard = heard_by(target, (Clips.get(target, text), 1.0), {"type": "eou"})
    counts = [message["stable_chars"] for message in heard.of("partial")]
    expect(counts == sorted(counts), f"stable_chars does not shrink ({counts})")
    expect(counts and counts[-1] > 10, f"some of it is stable before the end ({counts})")
    require(heard.finals, "there is a final")
    final = heard.finals[-1]["text"]
    expect(len(words(final)) >= len(words(text)) - 2, f"all of it is in the final: {final}")
    figure(f"{len(counts)} partials, {counts[-1]} of {len(final)} characters stable before the end")


@scenario
def seeds_dialect(target):
    """eou, stop and an empty frame each give the final and close with 1000"""
    pcm = Clips.get(target)
    for end in ({"type": "eou"}, {"type": "stop"}, b""):
        expect_whole(heard_by(target, (pcm, 4), end))


@scenario
def all_at_once(target):
    """Audio faster than real time: nothing is lost"""
    expect_whole(heard_by(target, Clips.get(target), {"type": "eou"}), finals=1)


@scenario
def prepare(target):
    """prepare gets the final ready; eou after it is answered soon, and more audio may follow"""
    pcm = Clips.get(target)
    for word in ("prepare", "pre_eou", "prepare_finalize"):
        expect_whole(heard_by(target, (pcm, 4), {"type": word}, 1.0, {"type": "eou"}), finals=1)
    other = Clips.get(target, SENTENCES[1])
    heard = heard_by(target, (pcm, 4), {"type": "prepare"}, 0.3, (other, 4), {"type": "eou"})
    require(heard.finals, "there is a final")
    expect_same(words(heard.finals[-1]["text"]), words(FOX + " " + SENTENCES[1]), "the words of both sentences")


@scenario
def pause_ends_an_utterance(target):
    """A pause ends an utterance without the client: a final that is not the last, then more is heard"""
    script = []
    for number, text in enumerate(SENTENCES[:2], 1):
        script += [
            (Clips.get(target, text), 2),
            (silence(1.2, 16000), 2),
            lambda heard, n=number: len(heard.finals) >= n,
        ]
    heard = heard_by(target, *script, {"type": "eou"})
    first, second = [final for final in heard.finals if final["endpoint"] == "vad"][:2]
    expect_same(first["session_complete"], False, "session_complete of the first")
    expect_same((first["text"], first["utterance"]), (FOX, FOX), "text and utterance of the first")
    expect_same(words(second["utterance"]), words(SENTENCES[1]), "the words of the second utterance")
    expect_same(words(second["text"]), words(FOX + " " + SENTENCES[1]), "text is everything said so far")
    last = heard.finals[-1]
    expect(last["session_complete"] and last["text"] == second["text"], f"the last final has the whole session: {last}")
    expect_same(last["duplicate_of_streamed"], True, "duplicate_of_streamed of a final that says nothing new")
    expect_same(heard.code, 1000, "the close code")
    expect_same(heard.of("vad_endpoint"), [], "notices that the seed's clients do not know")


@scenario
def other_dialect(target):
    """vad=silero: pauses are announced, eou keeps the stream open"""
    pcm = Clips.get(target)
    heard = heard_by(
        target,
        (pcm + silence(1.2, 16000), 2),
        has_final,
        (pcm, 4),
        {"type": "eou"},
        lambda heard: len(heard.finals) == 2,
        (pcm, 4),
        {"command": "end_utterance"},
        lambda heard: len(heard.finals) == 3,
        {"type": "stop"},
        vad="silero",
        vad_silence_ms=400,
        language="auto",
    )
    kinds = [message["type"] for _, message in heard.messages if message["type"] != "partial"]
    expect_same(kinds[:2], ["vad_endpoint", "final"], "the first messages that are no partials")
    expect_same([final["endpoint"] for final in heard.finals[:3]], ["vad", "client", "client"], "what ended each")
    expect_same([final["utterance"] for final in heard.finals[:3]], [FOX] * 3, "the utterances")
    expect_same(heard.finals[2]["text"], " ".join([FOX] * 3), "the text of the third")
    expect_same(heard.code, 1000, "the close code")


@scenario
def client_ends_only(target):
    """vad=none: only the client ends an utterance, whatever the pauses"""
    both = Clips.get(target) + silence(1.5, 16000) + Clips.get(target, SENTENCES[1])
    script = [both, {"type": "eou"}, has_final, {"type": "stop"}]
    heard = heard_by(target, *script, vad="none")
    require(heard.finals, "there is a final")
    expect_same(words(heard.finals[0]["utterance"]), words(FOX + " " + SENTENCES[1]), "the words of the one utterance")
    expect_same(heard.finals[0]["endpoint"], "client", "what ended it")


@scenario
def several_by_query(target):
    """multi_utterance=true, and a command: eou keeps the stream open"""
    pcm, two = Clips.get(target), lambda heard: len(heard.finals) >= 2
    by_query = [(pcm, 4), {"type": "eou"}, has_final, (pcm, 4), {"type": "eou"}, two, {"type": "stop"}]
    heard = heard_by(target, *by_query, multi_utterance="true")
    expect_same([final["utterance"] for final in heard.finals[:2]], [FOX] * 2, "the utterances by query")
    by_command = [(pcm, 4), {"command": "end_utterance"}, has_final, (pcm, 4), {"type": "eou"}, two, {"type": "stop"}]
    heard = heard_by(target, *by_command)
    expect_same([final["utterance"] for final in heard.finals[:2]], [FOX] * 2, "the utterances by command")


@scenario
def reset(target):
    """reset forgets what was said, and says so"""
    other, pcm = Clips.get(target, SENTENCES[1]), Clips.get(target)
    heard = heard_by(target, (other, 4), {"command": "reset"}, lambda heard: heard.of("reset"), (pcm, 4), b"")
    answer = {"type": "reset", "text": "", "is_final": True, "is_stable": True, "reset": True}
    expect_same(heard.of("reset"), [answer], "the answer to reset")
    expect_whole(heard)


@scenario
def nothing_said(target):
    """No audio, silence, and an end at once: one empty final, close 1000"""
    quiet = silence(2, 16000)
    for script in ([b""], [{"type": "eou"}], [quiet, {"type": "eou"}], [bytes(2), {"type": "stop"}]):
        heard = heard_by(target, *script)
        expect_whole(heard, "", finals=1)
        expect_same(heard.last.get("duplicate_of_streamed"), False, "duplicate_of_streamed of nothing")


@scenario
def other_rates(target):
    """8, 22.05, 44.1 and 48 kHz, and frames of odd lengths in time"""
    for rate in (8000, 22050, 44100, 48000):
        heard = heard_by(target, (Clips.get(target, rate=rate), 4), {"type": "eou"}, sample_rate=rate)
        same = heard.finals and words(heard.finals[-1]["text"]) == words(FOX)
        expect(same, f"{rate} Hz is heard ({heard.last})")


@scenario
def without_partials(target):
    """partials=false gives only the final"""
    heard = heard_by(target, (Clips.get(target), 2), {"type": "eou"}, partials="false")
    expect_same(heard.of("partial"), [], "the partials")
    expect_whole(heard)


@scenario
def paused_client(target):
    """A client that pauses without a word still gets its partial"""
    heard = heard_by(target, (Clips.get(target)[:40_000], 2), lambda heard: heard.of("partial"), b"", vad="none")
    expect(heard.of("partial"), "a partial comes while no more audio does")


if __name__ == "__main__":
    if "--set" in sys.argv:
        listen_set.measure(Target(sys.argv[1]), sys.argv[sys.argv.index("--set") + 1], sys.argv[2:])
    else:
        scenarios.run(Target(sys.argv[1]), sys.argv[2:])
