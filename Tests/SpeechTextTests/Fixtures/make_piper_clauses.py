"""Makes piper_clauses.json: what rkvoice-espeak answers and what piper-tts makes of the same text.

    python3 -m venv venv && venv/bin/pip install piper-tts==1.8.0
    swift build -c release --product rkvoice-espeak
    venv/bin/python Tests/SpeechTextTests/Fixtures/make_piper_clauses.py .build/release/rkvoice-espeak

Random texts of words and marks, and every mark of the Basic Multilingual Plane that piper-tts ends a clause at. Per
text: the spans of rkvoice-espeak (bytes read after each clause) and piper-tts' terminators. Phonemes are left out: the
two differ where the versions of espeak-ng do.
"""

import json
import pathlib
import random
import struct
import subprocess
import sys

from piper import espeakbridge
from piper.phonemize_espeak import ESPEAK_DATA_DIR

WORDS = "hello the cat 3 3.5 Dr Mr. U.S. e.g. yes I you're a.b x 10:30 café NASA wow 2,000 naïve 世界 first st. etc. no"
MARKS = [
    ". ", "? ", "! ", ", ", "; ", ": ", "...", "…", "—", "–", " - ", "\n", "\n\n", "。", "！", "？", "，", "、", "；",
    "：", '"', "”", "“", "’", "(", ")", "?!", "!!", "..", "....", "»", ".\n", ".\n\n", '?"', "!'", ".)", ".”", '." ',
    "?) ", "؟ ", "، ", "।", "¿", "¡", "」", "\t", "  ", ".,", "etc., ",
]


class Espeak:
    """A client of rkvoice-espeak; the protocol is described in its main.c."""

    def __init__(self, path):
        self.process = subprocess.Popen([path], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.answer()

    def answer(self):
        status, length = struct.unpack("<BI", self.process.stdout.read(5))
        payload = self.process.stdout.read(length)
        assert status == 0, payload
        return payload

    def spans(self, text, voice="en-us"):
        voice, text = voice.encode(), text.encode()
        self.process.stdin.write(struct.pack("<II", len(voice), len(text)) + voice + text)
        self.process.stdin.flush()
        payload, spans = self.answer(), []
        while payload:
            end, length = struct.unpack("<II", payload[:8])
            spans.append((payload[8:8 + length].decode(), end))
            payload = payload[8 + length:]
        return spans


def random_text(generator):
    parts = []
    for _ in range(generator.randint(1, 8)):
        parts.append(generator.choice(WORDS.split()))
        parts.append(generator.choice(MARKS) if generator.random() < 0.6 else "")
        parts.append(" " if generator.random() < 0.7 else "")
    return "".join(parts)


def texts_of_all_marks():
    for code in range(0x21, 0x10000):
        is_skipped = 0xD800 <= code < 0xE000 or 0xAC00 <= code < 0xD7A4 or 0x3400 <= code < 0xA000 or code == 0x558
        text = f"yes{chr(code)} no"
        if not is_skipped and len(espeakbridge.get_phonemes(text)) == 2:
            yield text
            yield f"yes{chr(code)}"


def main():
    espeakbridge.initialize(str(ESPEAK_DATA_DIR))
    espeakbridge.set_voice("en-us")
    espeak = Espeak(sys.argv[1])
    generator = random.Random(20261122)
    entries = []
    for text in list(texts_of_all_marks()) + [random_text(generator) for _ in range(400)]:
        espeakbridge.set_voice("en-us")
        clauses = espeakbridge.get_phonemes(text)
        spans = espeak.spans(text)
        entries.append({
            "text": text,
            "ends": [end for _, end in spans],
            "terminators": [terminator for _, terminator, _ in clauses],
            "endsSentence": [ends for _, _, ends in clauses],
        })
        assert len(clauses) == len(spans), text
    path = pathlib.Path(__file__).with_name("piper_clauses.json")
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    path.write_text('{"tools": "piper-tts 1.8.0, espeak-ng 1.51 (Debian 12)", "entries": [\n' + lines + "\n]}\n")


if __name__ == "__main__":
    main()
