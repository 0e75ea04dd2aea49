"""Word and character error rates of a corpus, with bootstrap intervals."""
import re
import unicodedata

import numpy as np

RESAMPLES = 2000
UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
UNITS += "sixteen seventeen eighteen nineteen".split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
#: One spelling for words that have two.
SPELLINGS = {"colour": "color", "grey": "gray", "theatre": "theater", "neighbour": "neighbor", "ok": "okay"}
SPELLINGS |= {"mr": "mister", "dr": "doctor", "tv": "television", "favourite": "favorite", "harbour": "harbor"}


def number_words(number):
    """An integer below a million in English words."""
    if number < 20:
        return UNITS[number]
    if number < 100:
        return TENS[number // 10] + ("" if number % 10 == 0 else " " + UNITS[number % 10])
    for size, name in ((1000, "thousand"), (100, "hundred")):
        if number >= size:
            rest = number % size
            return f"{number_words(number // size)} {name}" + (f" {number_words(rest)}" if rest else "")


def spoken_time(match):
    """6:30 as six thirty, 7:00 as seven."""
    hour, minute = int(match[1]), int(match[2])
    return f" {number_words(hour)} " + (number_words(minute) if minute else "") + " "


def english_words(text):
    """Lower case, numbers in words, no punctuation, one spelling; apostrophes vanish, hyphens part words."""
    text = unicodedata.normalize("NFKC", text).lower().replace("’", "'").replace("%", " percent ")
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\b(\d{1,2}):(\d\d)\b", spoken_time, text)
    text = re.sub(r"\$(\d+)", r"\1 dollars", text)
    text = re.sub(r"(\d+)(?:st|nd|rd|th)\b", lambda match: ordinal(int(match[1])), text)
    text = re.sub(r"\d{1,6}", lambda match: f" {number_words(int(match[0]))} ", text)
    words = re.sub(r"[^\w\s]", " ", text.replace("'", "")).split()
    return [SPELLINGS.get(word, word) for word in words]


def ordinal(number):
    irregular = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth"}
    irregular |= {"nine": "ninth", "twelve": "twelfth"}
    *before, last = number_words(number).split()
    last = irregular.get(last) or (last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return " ".join([*before, last])


def characters(text):
    """Letters and digits of any script, in lower case."""
    return [letter for letter in unicodedata.normalize("NFKC", text.lower()) if letter.isalnum()]


def edits(reference, hypothesis):
    """Levenshtein distance."""
    row = list(range(len(hypothesis) + 1))
    for i, wanted in enumerate(reference, 1):
        last, row[0] = row[0], i
        for j, found in enumerate(hypothesis, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (wanted != found))
    return row[-1]


class Corpus:
    """Errors and sizes of many clips."""

    def __init__(self, references, hypotheses, units):
        pairs = [(units(reference), units(hypothesis)) for reference, hypothesis in zip(references, hypotheses)]
        self.errors = np.array([edits(reference, hypothesis) for reference, hypothesis in pairs])
        self.sizes = np.array([len(reference) for reference, _ in pairs])

    @property
    def rate(self):
        return self.errors.sum() / self.sizes.sum()

    def resampled(self):
        """Rates of corpora drawn from this one with replacement; always the same draws, so that two can be paired."""
        draws = np.random.default_rng(0).integers(0, len(self.sizes), (RESAMPLES, len(self.sizes)))
        return self.errors[draws].sum(axis=1) / self.sizes[draws].sum(axis=1)

    def interval(self):
        """The middle 95 %."""
        return np.percentile(self.resampled(), [2.5, 97.5])

    def difference(self, other):
        """This rate minus another's on the same clips, and its middle 95 %."""
        return self.rate - other.rate, np.percentile(self.resampled() - other.resampled(), [2.5, 97.5])
