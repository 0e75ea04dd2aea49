"""Sound that nobody means to say: hostile.py OUT CLIP.wav, where CLIP is 16-bit mono at 16 kHz."""

import array
import math
import operator
import pathlib
import random
import sys
import wave

#: Samples on each side that a value between two samples is made of.
REACH = 16


def write(path, rate, channels, samples):
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, 2, rate, 0, "NONE", ""))
        file.writeframes(samples.tobytes())


def write_floats(path, values):
    """32-bit floats, which the standard library does not write."""
    data = array.array("f", values).tobytes()
    numbers = (36 + len(data), 16, 3, 1, 16000, 64000, 4, 32, len(data))
    sizes = (4, 4, 2, 2, 4, 4, 2, 2, 4)
    parts = [number.to_bytes(size, "little") for number, size in zip(numbers, sizes)]
    path.write_bytes(b"RIFF" + parts[0] + b"WAVEfmt " + b"".join(parts[1:8]) + b"data" + parts[8] + data)


def tripled(samples):
    """48 kHz on two channels, by a sinc under a Hann window."""
    weights = [
        [math.sin(math.pi * at) / (math.pi * at) * (0.5 + 0.5 * math.cos(math.pi * at / REACH)) for at in places]
        for places in ([place - third / 3 for place in range(1 - REACH, 1 + REACH)] for third in (1, 2))
    ]
    zeros = [0] * REACH
    padded, out = [*zeros, *samples, *zeros], array.array("h")
    for index, sample in enumerate(samples):
        around = padded[index + 1 : index + 1 + 2 * REACH]
        between = (sum(map(operator.mul, around, phase)) for phase in weights)
        for value in (sample, *between):
            out.extend([max(-32768, min(32767, round(value)))] * 2)
    return out


def main(out, clip):
    out, numbers = pathlib.Path(out), random.Random(1)
    with wave.open(clip) as file:
        samples = array.array("h", file.readframes(file.getnframes()))
    write(out / "silence.wav", 16000, 1, array.array("h", bytes(320000)))
    write(out / "one.wav", 16000, 1, array.array("h", [16384]))
    write(out / "empty.wav", 16000, 1, array.array("h"))
    write(out / "noise.wav", 16000, 1, array.array("h", (numbers.randrange(-8000, 8000) for _ in range(160000))))
    write(out / "tone.wav", 16000, 1, array.array("h", [12000] * 40 + [-12000] * 40) * 120000)
    write_floats(out / "nan.wav", [float("nan"), 0.1, float("inf")] * 16000)
    write(out / "low.wav", 8000, 1, samples[::2])
    write(out / "stereo.wav", 48000, 2, tripled(samples))


if __name__ == "__main__":
    main(*sys.argv[1:])
