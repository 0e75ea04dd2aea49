#!/usr/bin/env python3
"""How piper-tts reads what is written, and how it reads the same written out: a table of phonemes.

Reads Tests/SpeechTextTests/Fixtures/spoken_en.tsv (written, said) and prints one row a sentence: whether the phonemes
of both are the same, and where they are not, both. The said column is what the program gives to the phonemizer, checked
by SpokenFormTests; where phonemes differ, the sentence sounds otherwise than with piper-tts.

  oracle/bin/python ModelPrep/text/spoken.py [--espeak en-us]
"""
import argparse
import csv
import pathlib

from piper.phonemize_espeak import EspeakPhonemizer

TABLE = pathlib.Path(__file__).resolve().parents[2] / "Tests/SpeechTextTests/Fixtures/spoken_en.tsv"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--espeak", default="en-us", help="voice of espeak-ng")
    options = parser.parse_args()
    phonemizer = EspeakPhonemizer()

    def phonemes(text):
        return " | ".join("".join(sentence) for sentence in phonemizer.phonemize(options.espeak, text))

    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    same = 0
    for written, said in rows:
        ours, theirs = phonemes(said), phonemes(written)
        same += ours == theirs
        print(f"{'same ' if ours == theirs else 'other'}  {written}")
        if ours != theirs:
            print(f"       as written: {theirs}\n       written out: {ours}")
    print(f"{same} of {len(rows)} sound the same")


if __name__ == "__main__":
    main()
