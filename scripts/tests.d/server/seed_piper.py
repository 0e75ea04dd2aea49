"""The seed's profile with Piper voices: python seed_piper.py http://127.0.0.1:8621 DIRECTORY

Leaves fox.wav and long.wav in the directory, with the texts beside them.
"""

import pathlib
import sys

import scenarios
from answers import expect_failure, expect_invalid
from scenarios import expect, scenario
from serving import Target
from speech import FOX, seconds_of

LONG = (
    "Because the road that leads along the river was closed after the heavy rain of last night, we had to take the long"
    " way around the lake and through the forest, which took us almost two hours more than we had planned when we left"
    " the city in the early morning."
)
GREETINGS = {
    "en_US": ("Good morning, how are you?", ["en", "en_US", "en-US", "English"]),
    "zh_CN": ("早上好,你今天好吗?", ["zh", "zh_CN", "zh-CN", "Chinese"]),
    "de_DE": ("Guten Morgen, wie geht es Ihnen?", ["de", "de_DE", "de-DE", "German"]),
    "fr_FR": ("Bonjour, comment allez-vous ?", ["fr", "fr_FR", "fr-FR", "French"]),
}


def spoken(target, **request):
    answer = target.http.post("/tts", json=request)
    if not expect(answer.status_code == 200, f"{request} is spoken ({answer.status_code}: {answer.text[:160]})"):
        return b""
    return answer.content


@scenario
def languages(target):
    """every language speaks, however it is written"""
    for locale, (text, names) in GREETINGS.items():
        by_name = [spoken(target, text=text, language=name) for name in names]
        by_name.append(spoken(target, text=text, voice=locale))
        expect(0.8 < seconds_of(by_name[0]) < 5, f"{locale} speaks for {seconds_of(by_name[0]):.2f} s")
        expect(all(sound == by_name[0] for sound in by_name), f"{locale} is the same voice under every name")
    expect(spoken(target, text=FOX) == spoken(target, text=FOX, voice="en_US"), "the usual voice is en_US")
    chinese = GREETINGS["zh_CN"][0]
    read = spoken(target, text=chinese)
    expect(read == spoken(target, text=chinese, voice="zh_CN"), "Chinese text is read in Chinese")


@scenario
def absent_languages(target):
    """what is not there is refused with what is"""
    for language in ("es", "Japanese"):
        answer = target.http.post("/tts", json={"text": "Hola.", "language": language})
        body = expect_invalid(answer, "language", f"the language {language}")
        expect("English, Chinese, German, French" in body.get("error", ""), f"{language}: the list is told ({body})")
    answer = target.http.post("/tts", json={"text": "こんにちは、元気ですか。"})
    body = expect_failure(answer, 422, "unsupported", "text in kana")
    expect("Japanese kana" in body.get("error", ""), f"kana: it is told ({body})")


@scenario
def long_sentences(target):
    """a sentence far beyond the graphs' lengths comes out whole, all in one level"""
    sound = spoken(target, text=LONG)
    expect(12 < seconds_of(sound) < 20, f"{len(LONG)} characters last {seconds_of(sound):.1f} s")
    (target.directory / "long.wav").write_bytes(sound)
    (target.directory / "long.txt").write_text(LONG)
    (target.directory / "fox.wav").write_bytes(spoken(target, text=FOX))
    (target.directory / "fox.txt").write_text(FOX)


@scenario
def standing(target):
    """/health, /readyz and the capabilities say that a language is missing, and why"""
    health = target.http.get("/health").json()
    expect(health["status"] == "degraded" and health["degraded"], f"/health is degraded ({health})")
    expect(health["tts"] and health["simulated"] and not health["asr"], f"/health tells what is on ({health})")
    for path, details in (("/health", health["details"]), ("/readyz", target.http.get("/readyz").json()["details"])):
        missing = details["tts"].get("degraded", [])
        beginning = "ja_JP is missing: Japanese needs Kokoro"
        expect(len(missing) == 1 and missing[0].startswith(beginning), f"{path}: {missing}")
        expect("/" not in missing[0], f"{path} tells nothing of the machine's directories ({missing})")
    voice = target.http.get("/capabilities").json()["tts"]
    expect(voice["providers"] == ["npu"] and len(voice["degraded"]) == 1, f"the capabilities ({voice})")
    expect(voice["languages"] == ["en-US", "zh-CN", "de-DE", "fr-FR"], f"the languages ({voice['languages']})")
    names = [item["name"] for item in target.http.get("/tts/voices").json()["voices"]]
    expect(names == list(GREETINGS), f"the voices, the usual one first ({names})")


@scenario
def every_endpoint(target):
    """every endpoint answers, and /asr says that it is off"""
    answer = target.http.post("/asr", content=spoken(target, text=FOX), headers={"Content-Type": "audio/wav"})
    body = expect_failure(answer, 503, "not_ready", "/asr")
    expect("switched off" in body.get("reason", ""), f"/asr says that it is off ({body})")
    document = target.http.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        if "get" in methods and "{" not in path:
            status = target.http.get(path).status_code
            expect(status < 500 or "asr" in path, f"GET {path} answers ({status})")
    with target.http.stream("POST", "/tts/stream", json={"text": LONG, "language": "de"}) as reply:
        expect(sum(map(len, reply.iter_raw())) > 400_000, "/tts/stream speaks")


if __name__ == "__main__":
    target = Target(sys.argv[1])
    target.directory = pathlib.Path(sys.argv[2])
    scenarios.run(target, sys.argv[3:])
