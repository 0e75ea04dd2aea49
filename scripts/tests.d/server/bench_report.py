"""Looks at what `rkvoice bench server --json` printed: python bench_report.py started|running < report.json"""

import json
import sys

from scenarios import Failures, expect

FIRST = ["first_pcm_short_ms", "first_pcm_6s_ms", "first_pcm_short_ws_ms", "first_pcm_6s_ws_ms"]
FIGURES = [*FIRST, "tts_rtf", "asr_rtf", "first_partial_ms", "finalize_ms", "voice_to_voice_ms"]
STEPS = {"endpoint", "recognition", "first_token", "first_sentence", "first_sound", "rest"}


def check(report, is_started):
    expect(report["server"]["isStartedHere"] == is_started, "it says whose server it is")
    expect(report["method"]["endpointSilenceMilliseconds"] == 400, "the pause of a dialogue is the one asked for")
    for level in report["levels"]:
        check_level(level, is_started)
    alone = report["levels"][0]
    silence = alone["steps"]["endpoint"]["p50"]
    expect(380 <= silence <= 900, f"the endpoint has the pause in it ({silence:.0f} ms)")
    wait = alone["figures"]["voice_to_voice_ms"]["served"]["p50"]
    expect(wait > silence - 100, f"voice to voice has the endpoint in it ({wait:.0f} ms)")


def check_level(level, is_started):
    clients = level["clients"]
    for name in FIGURES:
        figure = level["figures"].get(name)
        if not expect(figure, f"{name} of {clients} clients is there"):
            continue
        served = figure["served"]
        ordered = 0 < served["p50"] <= served["p95"] <= served["p99"]
        expect(ordered and served["count"] >= clients, f"{name} of {clients} clients makes sense ({served})")
        has_direct = is_started and clients == 1
        expect(("inProcess" in figure) == has_direct, f"{name} is compared where that can be done")
    expect(STEPS <= set(level["steps"]), f"each step is told ({sorted(level['steps'])})")
    for measure in ("POST /asr", "WS /asr/stream", "WS /v2v/stream"):
        words = level["words"][measure]
        expect(words["rate"] <= 0.2 and words["total"] > 0, f"{measure} understands what is said ({words})")
    expect(level["refused"] == level["unanswered"] == 0, "nothing was refused or left without an answer")


check(json.load(sys.stdin), sys.argv[1] == "started")
sys.exit(Failures.failed > 0)
