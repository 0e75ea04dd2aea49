"""CT-Transformer by NumPy and ONNX Runtime: a third opinion beside sherpa-onnx and our own code.

Needs requirements-small.txt. Nothing here runs when a model is prepared.
"""
import math

import numpy as np

import punctuation_text
from ear_parts import margins, session
from onnx_properties import read_properties

#: New tokens of each run, and those from which on a comma ends a sentence that has no other end.
NEW, LONGEST = 20, 200


class PunctuationEar:
    """Marks by the way of sherpa-onnx, which loses what stands behind an end of a sentence within the last run."""

    def __init__(self, file):
        self.properties = read_properties(file)
        self.session = session(file)
        self.ids = {token: index for index, token in enumerate(self.properties["tokens"].split("|"))}
        self.marks = self.properties["punctuations"].split("|")

    def run(self, ids):
        names = [port.name for port in self.session.get_inputs()]
        values = [np.array([ids], np.int32), np.array([len(ids)], np.int32)]
        scores = self.session.run(None, dict(zip(names, values)))[0][0]
        return [self.marks[index] for index in scores.argmax(-1)], float(margins(scores).min())

    def end(self, marks):
        """Where the last sentence ends, not in the last place and not in the first; None if it does not."""
        comma = None
        for place in range(len(marks) - 2, 0, -1):
            if marks[place] in "。？":
                return place
            if comma is None and marks[place] == "，":
                comma = place
        if len(marks) >= LONGEST and comma is not None:
            marks[comma] = "。"
            return comma
        return None

    def hear(self, text):
        """Tokens, a mark for each, how many of them sherpa-onnx keeps, the smallest margin of a choice."""
        tokens = punctuation_text.split(text)
        ids = [self.ids.get(token.lower(), self.ids[self.properties["unk_symbol"]]) for token in tokens]
        found, start, smallest = [], 0, math.inf
        runs = math.ceil((len(ids) + NEW - 1) / NEW)
        for index in range(runs):
            marks, margin = self.run(ids[start : min(len(ids), (index + 1) * NEW)])
            end, smallest = self.end(marks), min(smallest, margin)
            if index == runs - 1:
                kept = len(found) + (len(marks) if end is None else end + 1)
                return tokens, found + marks, kept, smallest
            if end is not None:
                found, start = found + marks[: end + 1], start + end + 1
        return tokens, found, len(found), smallest
