"""/asr. Part of endpoints.py."""

from scenarios import expect, expect_same, figure, require, scenario
from speech import FOX, resampled, silence, wav, words


def expect_fox(answer, what):
    if expect(answer.status_code == 200, f"{what} is taken ({answer.status_code}: {answer.text[:160]})"):
        expect_same(answer.json()["text"], FOX, f"{what}: the text")


@scenario
def seeds_shape(target):
    """/asr answers with the seed's keys and more"""
    answer = target.http.post("/asr", files={"file": ("fox.wav", target.fox, "audio/wav")})
    expect_fox(answer, "field file")
    body = answer.json()
    expect(isinstance(body.get("backend"), str) and body["backend"], f"backend is named ({body})")
    expect(isinstance(body.get("language"), str), f"language is there ({body})")
    pcm, rate = target.fox_pcm()
    seconds = len(pcm) / 2 / rate
    expect(abs(body.get("duration", 0) - seconds) < 0.05, f"duration is the clip's ({body.get('duration')})")
    segments = body.get("segments")
    require(isinstance(segments, list) and segments, f"there are segments ({body})")
    inside = all(0 <= part["start"] < part["end"] <= seconds + 0.05 and part["text"] for part in segments)
    expect(inside, f"segments lie within the clip ({segments})")
    expect(0 < body.get("rtf", 0) and 0 < body.get("inference_time", 0), f"rtf and inference_time are there ({body})")
    expect("dur=" in answer.headers.get("server-timing", ""), "Server-Timing has durations")
    figure(f"{seconds:.2f} s of speech in {body['inference_time']:.2f} s (RTF {body['rtf']:.2f})")


@scenario
def every_way_in(target):
    """Field file or audio, or the raw body, of any audio type"""
    fox = target.fox
    expect_fox(target.http.post("/asr", files={"audio": ("a.wav", fox, "audio/wav")}), "field audio")
    expect_fox(target.http.post("/asr", files={"file": fox}), "a file without a type")
    for kind in ("audio/wav", "audio/x-wav", "audio/wave", "application/octet-stream", "audio/mpeg"):
        answer = target.http.post("/asr", content=fox, headers={"Content-Type": kind})
        expect_fox(answer, f"a body called {kind}")
    expect_fox(target.http.post("/asr", content=fox), "a body without a type")
    expect_fox(target.http.post("/asr", content=iter([fox[:1000], fox[1000:]])), "a chunked body")


@scenario
def raw_pcm(target):
    """Raw PCM with its rate in the query or the type"""
    pcm, rate = target.fox_pcm()
    low = resampled(pcm, rate, 16000)
    swapped = bytearray(low)
    swapped[0::2], swapped[1::2] = low[1::2], low[0::2]
    ways = {
        "format and sample_rate": ("/asr?format=pcm&sample_rate=16000", "application/octet-stream", low),
        "audio/pcm;rate": ("/asr", "audio/pcm;rate=16000", low),
        # RFC 3190 and RFC 2586: L16 is big-endian.
        "audio/L16": ("/asr", "audio/L16;rate=16000;channels=1", bytes(swapped)),
    }
    for what, (path, kind, body) in ways.items():
        expect_fox(target.http.post(path, content=body, headers={"Content-Type": kind}), what)


@scenario
def rates_and_channels(target):
    """8 to 48 kHz, mono and stereo"""
    pcm, rate = target.fox_pcm()
    for wanted in (8000, 16000, 44100, 48000):
        answer = target.http.post("/asr", content=wav(resampled(pcm, rate, wanted), wanted))
        same = answer.status_code == 200 and words(answer.json()["text"]) == words(FOX)
        expect(same, f"{wanted} Hz is heard ({answer.status_code}: {answer.text[:120]})")
    stereo = b"".join(pcm[i : i + 2] * 2 for i in range(0, len(pcm), 2))
    head = bytearray(wav(stereo, rate)[:44])
    head[22:24], head[28:32], head[32:34] = b"\2\0", (rate * 4).to_bytes(4, "little"), b"\4\0"
    expect_fox(target.http.post("/asr", content=bytes(head) + stereo), "stereo")


@scenario
def language_forms(target):
    """Language from the query or the form, as a name, a code, a locale or auto"""
    upload = {"file": ("fox.wav", target.fox, "audio/wav")}
    for language in ("auto", "en", "English", "en-US", "en_US"):
        expect_fox(target.http.post("/asr", params={"language": language}, files=upload), f"?language={language}")
    expect_fox(target.http.post("/asr", files=upload, data={"language": "English"}), "form field language")
    expect_fox(target.http.post("/asr", files=upload, data={"language": "", "other": "1"}), "an empty language")
    for request in ({"params": {"language": "Klingonese"}}, {"data": {"language": "Klingonese"}}):
        answer = target.http.post("/asr", files=upload, **request)
        named = answer.status_code == 422 and answer.json().get("parameter") == "language"
        expect(
            named, f"a language that does not exist is refused by {request} ({answer.status_code}: {answer.text[:120]})"
        )


@scenario
def nobody_speaks(target):
    """Sound without speech gives an empty text and no error"""
    answer = target.http.post("/asr", content=wav(silence(3, 16000), 16000))
    expect_same(answer.status_code, 200, "the status")
    expect_same(answer.json().get("text"), "", "the text")
    expect_same(answer.json().get("segments"), [], "the segments")


@scenario
def expect_continue(target):
    """A client that asks before it sends is told to go on"""
    answer = target.http.post("/asr", content=target.fox, headers={"Expect": "100-continue"})
    expect_fox(answer, "Expect: 100-continue")
