"""Sound for the scenarios: WAV, rates, and how alike two texts are."""

import array
import io
import re
import struct
import wave

FOX = "The quick brown fox jumps over the lazy dog."
# Sentences that the default voice says and the default recognizer hears without a doubt.
SENTENCES = [FOX, "The children are playing football behind the school.", "She sells sea shells by the sea shore."]
# About 20 s of speech: more than can be made while a client looks away.
LONG_TEXT = "The children are playing football behind the school. " * 8


def header(size, rate=16000, riff=None, data=None, channels=1, bits=16, form=1):
    """The 44 bytes before PCM of `size` bytes; `riff` and `data` are sizes that lie."""
    block = channels * bits // 8
    fields = struct.pack("<IHHIIHH", 16, form, channels, rate, rate * block, block, bits)
    riff = 36 + size if riff is None else riff
    data = size if data is None else data
    return b"RIFF" + struct.pack("<I", riff) + b"WAVEfmt " + fields + b"data" + struct.pack("<I", data)


def wav(pcm, rate):
    return header(len(pcm), rate) + pcm


def parse_wav(data):
    """Returns PCM16 and its rate. A streaming header, whose sizes say nothing, is fine too."""
    if data[:4] == b"RIFF" and struct.unpack("<I", data[4:8])[0] == 0xFFFFFFFF:
        place = data.index(b"data")
        return data[place + 8 :], struct.unpack("<I", data[24:28])[0]
    with wave.open(io.BytesIO(data)) as file:
        assert file.getnchannels() == 1 and file.getsampwidth() == 2
        return file.readframes(file.getnframes()), file.getframerate()


def seconds_of(data):
    pcm, rate = parse_wav(data)
    return len(pcm) / 2 / rate


def resampled(pcm, rate, wanted):
    """PCM16 at another rate: a moving mean against aliases, then linear interpolation. Good enough for speech."""
    samples = array.array("h", pcm)
    if rate == wanted:
        return pcm
    width = max(1, round(rate / wanted))
    if width > 1:
        sums, total = [0], 0
        for sample in samples:
            total += sample
            sums.append(total)
        samples = [(sums[i + width] - sums[i]) // width for i in range(len(samples) - width)]
    out = array.array("h")
    step = rate / wanted
    for index in range(int((len(samples) - 1) / step)):
        place = index * step
        left = int(place)
        out.append(int(samples[left] + (samples[left + 1] - samples[left]) * (place - left)))
    return out.tobytes()


def silence(seconds, rate):
    return bytes(2 * int(seconds * rate))


def words(text):
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())


def edits(heard, said):
    """Words to insert, remove or replace (Levenshtein)."""
    row = list(range(len(said) + 1))
    for i, word in enumerate(heard, 1):
        before, row[0] = row[0], i
        for j, other in enumerate(said, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (word != other))
    return row[-1]


def error_rate(heard, said):
    return edits(words(heard), words(said)) / max(1, len(words(said)))
