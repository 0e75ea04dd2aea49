"""Sound that is not what it says: python hostile_audio.py http://127.0.0.1:8621 [SCENARIO...]"""

import os
import struct
import sys
import time

import bombs
import scenarios
from answers import expect_failure, expect_invalid
from scenarios import expect, expect_same, figure, scenario
from serving import Target, Watch
from speech import FOX, header, silence, wav


def heard(target, sound, kind="application/octet-stream", **query):
    return target.http.post("/asr", content=sound, headers={"Content-Type": kind}, params=query)


@scenario
def nothing_there(target):
    """Empty bodies, and files without sound"""
    for what, sound, code in [
        ("an empty body", b"", "empty_audio"),
        ("a WAV header without sound", header(0), "empty_audio"),
        ("half a WAV header", header(0)[:20], "invalid_audio"),
        ("one byte", b"R", "invalid_audio"),
    ]:
        expect_failure(heard(target, sound), 400, code, what)
    answer = target.http.post("/asr", files={"file": ("empty.wav", b"", "audio/wav")})
    expect_failure(answer, 400, "empty_audio", "an empty file in a form")
    target.still_works("files without sound")


@scenario
def no_sound_at_all(target):
    """Text, noise, zeros and pictures in place of sound"""
    for what, sound in {
        "text": b"This is a text, whatever its name says. " * 50,
        "noise": os.urandom(50_000),
        "zeros": bytes(50_000),
        "JSON": b'{"audio": "no"}',
        "a picture": b"\x89PNG\r\n\x1a\n" + os.urandom(5000),
        "HTML": b"<!doctype html><html></html>",
        "an MP3 that is none": b"ID3\x04\0\0\0\0\0\0" + os.urandom(20_000),
        "a FLAC that is none": b"fLaC" + os.urandom(5000),
        "an Ogg that is none": b"OggS" + os.urandom(5000),
        "a RIFF that is none": b"RIFF" + os.urandom(5000),
    }.items():
        expect_failure(heard(target, sound, "audio/wav"), 400, "invalid_audio", what)
    target.still_works("what is no sound")


@scenario
def lying_sizes(target):
    """WAV with sizes that lie: what is there is written down, and that it was cut short is said"""
    pcm, rate = target.fox_pcm()
    for _ in range(3):
        heard(target, target.fox)  # what the first recognition loads is not the matter here
    for what, sizes, cut in [
        ("sizes of 0, as a stream's", {"riff": 0, "data": 0}, None),
        ("sizes of a stream", {"riff": 0xFFFFFFFF, "data": 0xFFFFFFFF}, None),
        ("three times what is there", {"data": 3 * len(pcm)}, True),
        ("almost 4 GB", {"data": 0xFFFFFF00}, None),
    ]:
        with Watch(target) as watch:
            answer = heard(target, header(len(pcm), rate, **sizes) + pcm)
        if expect(answer.status_code == 200, f"{what}: it is taken ({answer.status_code}: {answer.text[:120]})"):
            expect_same(answer.json()["text"], FOX, f"{what}: the text")
            if cut is not None:
                expect_same(answer.json().get("truncated"), cut, f"{what}: truncated")
        expect(watch.growth < 100, f"{what}: nothing is set aside for what a header says ({watch.growth:.0f} MB)")
    answer = heard(target, header(len(pcm), rate) + pcm[: len(pcm) // 2])
    expect(
        answer.status_code == 200 and answer.json().get("truncated") is True, f"half of a file ({answer.text[:120]})"
    )
    target.still_works("sizes that lie")


@scenario
def absurd_formats(target):
    """WAV with rates, channels and sample sizes that nobody has"""
    for what, fields in {
        "a rate of 0": {"rate": 0},
        "a rate of 4 GHz": {"rate": 0xFFFFFFF},
        "a rate of 1 Hz": {"rate": 1},
        "0 channels": {"channels": 0},
        "65535 channels": {"channels": 65535},
        "0 bits": {"bits": 0},
        "an unknown coding": {"form": 0x7777},
    }.items():
        try:
            head = header(32000, **fields)
        except struct.error:
            head = bytearray(header(32000))
            head[22:24] = struct.pack("<H", fields["channels"])
        expect_failure(heard(target, bytes(head) + bytes(32000)), 400, "invalid_audio", what)
    target.still_works("absurd formats")


@scenario
def odd_pcm(target):
    """Raw PCM of odd length, or without its rate"""
    answer = heard(target, bytes(3201), "audio/pcm", sample_rate="16000", format="pcm")
    expect_failure(answer, 400, "invalid_audio", "3201 bytes of PCM")
    expect_failure(
        heard(target, b"", "audio/pcm", sample_rate="16000", format="pcm"), 400, "empty_audio", "0 bytes of PCM"
    )
    for rate in ("0", "-1", "7999", "192001", "1e99", "many", ""):
        answer = heard(target, bytes(3200), "audio/pcm", sample_rate=rate, format="pcm")
        if rate or answer.status_code != 200:
            expect_invalid(answer, "sample_rate", f"a rate of {rate!r}")


@scenario
def bombs_are_counted(target):
    """Hours of silence in a few kilobytes are refused as soon as they are too long"""
    for what, make in [
        ("FLAC of 20 hours", lambda: bombs.flac_of_silence(20)),
        ("Opus of 3 hours", lambda: bombs.opus_of_silence(3)),
    ]:
        bomb = make()
        started = time.monotonic()
        with Watch(target) as watch:
            answer = heard(target, bomb)
        seconds = time.monotonic() - started
        body = expect_failure(answer, 413, "audio_too_long", what)
        expect("3600" in str(body) or "60 min" in str(body) or "hour" in str(body), f"it says the limit ({body})")
        expect(watch.growth < 150, f"{what}: memory is bounded ({watch.growth:.0f} MB)")
        figure(f"{what}, {len(bomb) / 1000:.0f} kB: refused after {seconds:.1f} s, {watch.growth:.0f} MB more at most")
    target.still_works("bombs")


@scenario
def short_and_quiet(target):
    """A sample, ten samples, a click: no text, no error"""
    loud = struct.pack("<h", 32767) * 8000
    for what, sound in {
        "one sample": b"\1\0",
        "ten samples": bytes(20),
        "a constant": loud,
        "silence": silence(1, 16000),
    }.items():
        answer = heard(target, wav(sound, 16000))
        fine = answer.status_code == 200 and answer.json()["text"] == ""
        expect(fine, f"{what} gives no text ({answer.status_code}: {answer.text[:120]})")


@scenario
def truncated_files(target):
    """Compressed files that end in the middle have an answer"""
    for kind in ("flac", "mp3", "ogg", "opus"):
        whole = target.http.post("/tts", json={"text": FOX, "format": kind}).content
        answer = heard(target, whole[: len(whole) * 2 // 3])
        fine = answer.status_code == 200 and "quick brown" in answer.json()["text"].lower()
        expect(fine or answer.status_code == 400, f"two thirds of {kind} ({answer.status_code}: {answer.text[:120]})")
        noisy = bytearray(whole)
        for place in range(200, len(noisy), 97):
            noisy[place] ^= 0x55
        answer = heard(target, bytes(noisy))
        expect(
            answer.status_code in (200, 400), f"{kind} with damaged bytes ({answer.status_code}: {answer.text[:120]})"
        )
    target.still_works("damaged files")


if __name__ == "__main__":
    scenarios.run(Target(sys.argv[1]), sys.argv[2:])
