"""/tts and /tts/stream. Part of endpoints.py."""

import struct
import time

from answers import decimal, expect_failure, expect_invalid
from scenarios import expect, expect_same, figure, require, scenario
from speech import FOX, SENTENCES, parse_wav, seconds_of, wav, words

MAGIC = {"wav": b"RIFF", "flac": b"fLaC", "mp3": (b"ID3", b"\xff"), "opus": b"OggS", "ogg": b"OggS"}
TYPES = {"wav": "audio/wav", "flac": "audio/flac", "mp3": "audio/mpeg", "opus": "audio/ogg", "ogg": "audio/ogg"}


def heard(target, sound, kind="audio/wav"):
    answer = target.http.post("/asr", content=sound, headers={"Content-Type": kind})
    require(answer.status_code == 200, f"/asr takes what was spoken ({answer.status_code}: {answer.text[:160]})")
    return answer.json()["text"]


@scenario
def spoken_is_heard(target):
    """/tts gives WAV with its figures, and /asr hears the sentence"""
    answer = target.http.post("/tts", json={"text": FOX})
    expect_same(answer.status_code, 200, "the status")
    expect_same(answer.headers.get("content-type"), "audio/wav", "the type")
    pcm, rate = parse_wav(answer.content)
    duration, inference, factor = (
        decimal(answer.headers.get(f"x-{n}")) for n in ("audio-duration", "inference-time", "rtf")
    )
    require(None not in (duration, inference, factor), f"the figures are decimal strings: {dict(answer.headers)}")
    expect(abs(duration - len(pcm) / 2 / rate) < 0.02, f"X-Audio-Duration is the sound's length ({duration})")
    # Figures are rounded, to a millisecond or a little more.
    expect(abs(factor - inference / duration) < 0.02, f"X-RTF is inference over duration ({factor})")
    expect_same(answer.headers.get("x-sample-rate"), str(rate), "X-Sample-Rate")
    expect("dur=" in answer.headers.get("server-timing", ""), "Server-Timing has durations")
    expect(answer.headers.get("x-request-id"), "there is a request id")
    expect_same(heard(target, answer.content), FOX, "what /asr hears")
    figure(f"{duration:.2f} s of speech in {inference:.2f} s (RTF {factor:.2f}, with whatever else the machine does)")


@scenario
def same_seed_same_sound(target):
    """The same text sounds the same again, another seed differs, and speed and volume do what they say"""
    plain = target.http.post("/tts", json={"text": FOX}).content
    expect(target.http.post("/tts", json={"text": FOX}).content == plain, "the default seed is the same every time")
    expect(target.http.post("/tts", json={"text": FOX, "seed": 7}).content != plain, "seed 7 differs")
    fast = target.http.post("/tts", json={"text": FOX, "speed": 2}).content
    ratio = seconds_of(fast) / seconds_of(plain)
    expect(0.4 < ratio < 0.7, f"twice the speed is about half as long ({ratio:.2f})")
    soft = target.http.post("/tts", json={"text": FOX, "volume": 0.25}).content
    peaks = [max(abs(v) for (v,) in struct.iter_unpack("<h", parse_wav(data)[0])) for data in (plain, soft)]
    expect(0.2 < peaks[1] / peaks[0] < 0.3, f"a quarter of the volume has a quarter of the peak ({peaks})")
    nothing = target.http.post("/tts", json={"text": FOX, "speed": None, "sid": None, "language": None, "pitch": None})
    expect(nothing.content == plain, f"null is the same as not given ({nothing.status_code})")


@scenario
def ignored_parameters_are_named(target):
    """What is not honored is named in X-Ignored-Parameters, or refused where strict"""
    answer = target.http.post("/tts", json={"text": "Hello.", "pitch": 1.5, "sparkle": True})
    expect_same(answer.status_code, 200, "the status")
    named = {name.strip() for name in answer.headers.get("x-ignored-parameters", "").split(",")}
    expect_same(named, {"pitch", "sparkle"}, "X-Ignored-Parameters")
    plain = target.http.post("/tts", json={"text": "Hello."})
    expect("x-ignored-parameters" not in plain.headers, "no header when nothing was ignored")
    strict = target.http.post("/tts?strict=true", json={"text": "Hello.", "pitch": 1.5})
    expect_same(strict.status_code, 400, "the status where strict")
    expect(strict.json().get("parameter") == "pitch", f"it names the parameter ({strict.text[:160]})")


@scenario
def default_stream_is_the_seeds(target):
    """/tts/stream begins with the rate in four bytes, then PCM, soon and as it is made"""
    expect_same(target.http.options("/tts/stream").status_code, 200, "the probe for streaming")
    whole, rate = parse_wav(target.http.post("/tts", json={"text": FOX}).content)
    started = time.monotonic()
    with target.http.stream("POST", "/tts/stream", json={"text": FOX}) as answer:
        expect_same(answer.status_code, 200, "the status")
        expect_same(answer.headers.get("content-type"), "application/octet-stream", "the type")
        expect("content-length" not in answer.headers, "the length is not known before")
        data, first = b"", None
        for piece in answer.iter_raw():
            data += piece
            if first is None and len(data) > 4:
                first = time.monotonic() - started
    expect_same(struct.unpack("<I", data[:4])[0], rate, "the rate in the first four bytes")
    expect(data[4:] == whole, f"the samples are those of /tts ({len(data) - 4} and {len(whole)} bytes)")
    figure(f"first sound after {first * 1000:.0f} ms, the last after {(time.monotonic() - started) * 1000:.0f} ms")


@scenario
def every_format(target):
    """/tts and /tts/stream in every format, by body, query and Accept: each is heard again"""
    said = " ".join(words(FOX))
    for path in ("/tts", "/tts/stream"):
        for kind, mime in TYPES.items():
            answer = target.http.post(path, json={"text": FOX, "format": kind})
            if not expect(
                answer.status_code == 200, f"{path} makes {kind} ({answer.status_code}: {answer.text[:120]})"
            ):
                continue
            expect(
                answer.headers["content-type"].startswith(mime), f"{kind} is {mime} ({answer.headers['content-type']})"
            )
            expect(answer.content.startswith(MAGIC[kind]), f"{kind} begins as {kind} does ({answer.content[:4]})")
            # Lossy coding and other rates may turn capitals and marks.
            text = " ".join(words(heard(target, answer.content, mime)))
            expect(text == said, f"{path} as {kind} is heard: {text}")
    for request in ({"params": {"format": "flac"}}, {"headers": {"Accept": "audio/flac"}}):
        answer = target.http.post("/tts/stream", json={"text": "Hello."}, **request)
        expect(answer.content.startswith(b"fLaC"), f"FLAC by {request} ({answer.status_code}: {answer.content[:40]})")


@scenario
def raw_pcm(target):
    """Raw PCM carries its rate in headers"""
    answer = target.http.post("/tts/stream", json={"text": FOX, "format": "pcm"})
    expect_same(answer.status_code, 200, "the status")
    rate, channels = answer.headers.get("x-sample-rate"), answer.headers.get("x-audio-channels")
    expect_same(channels, "1", "X-Audio-Channels")
    require(rate and rate.isdigit(), f"X-Sample-Rate is there ({rate})")
    expect_same(heard(target, wav(answer.content, int(rate))), FOX, "what /asr hears")


@scenario
def streamed_wav(target):
    """WAV as a stream has the sizes of a stream"""
    answer = target.http.post("/tts/stream", json={"text": "Hello.", "format": "wav"})
    require(answer.content[:4] == b"RIFF", f"it is WAV ({answer.status_code})")
    sizes = struct.unpack("<I", answer.content[4:8])[0], struct.unpack("<I", answer.content[40:44])[0]
    expect_same(sizes, (0xFFFFFFFF, 0xFFFFFFFF), "the sizes in the header")


@scenario
def many_sentences(target):
    """Several sentences are all spoken, in order"""
    text = " ".join(SENTENCES)
    answer = target.http.post("/tts", json={"text": text})
    said, got = words(text), words(heard(target, answer.content))
    right = sum(word in got for word in said)
    expect(right >= len(said) - 3, f"all of it is heard: {' '.join(got)}")


@scenario
def languages_and_voices(target):
    """A language in any form; the known ones are named where one is not known"""
    for language in ("en", "English", "en-US", "en_US", "auto"):
        answer = target.http.post("/tts", json={"text": "Hello.", "language": language})
        expect(answer.status_code == 200, f"language {language} is spoken ({answer.status_code}: {answer.text[:120]})")
    expect_invalid(
        target.http.post("/tts", json={"text": "Hello.", "language": "Klingonese"}), "language", "no language"
    )
    expect_invalid(target.http.post("/tts", json={"text": "Hello.", "voice": "nobody"}), "voice", "no such voice")
    expect_invalid(target.http.post("/tts", json={"text": "Hello.", "sid": 4000}), "sid", "no such speaker")


@scenario
def unknown_format(target):
    """A format that is not known is refused before anything is computed"""
    for path in ("/tts", "/tts/stream"):
        answer = target.http.post(path, json={"text": "Hello.", "format": "wma"})
        expect_invalid(answer, "format", f"{path} as wma")
        answer = target.http.post(path, json={"text": "Hello."}, headers={"Accept": "video/mp4"})
        expect_failure(answer, 406, "not_acceptable", f"{path} as video")
