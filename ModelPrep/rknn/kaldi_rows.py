"""Rows of features for FunASR's models by NumPy alone: the toolkit's environment has no other way to make them."""
import re

import numpy as np

from preparation import PreparationError

LENGTH, SHIFT, SIZE = 400, 160, 512
PRE_EMPHASIS, LOWEST = 0.97, 20.0
#: ln(10000) / (280 - 1): the step of the sinusoid's frequencies for 560 values.
LOG_STEP = 0.03301197265941284


def mel(hertz):
    return 1127 * np.log(1 + np.asarray(hertz, np.float64) / 700)


def filters(bins, rate):
    """Kaldi's triangles over mels, [bins, 256]: half the rate itself is in none."""
    edges = np.linspace(mel(LOWEST), mel(rate / 2), bins + 2)
    places = mel(np.arange(SIZE // 2) * rate / SIZE)
    rising = (places - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - places) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rising, falling))


def log_mel(samples, fbank):
    """[frames, bins]: frames of 25 ms every 10 ms that lie wholly in the sound (Kaldi's feature-fbank)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples * fbank["scale"], LENGTH)[::SHIFT].astype(np.float64)
    frames = frames - frames.mean(axis=1, keepdims=True)
    frames -= PRE_EMPHASIS * np.concatenate([frames[:, :1], frames[:, :-1]], axis=1)
    power = np.abs(np.fft.rfft(frames * np.hamming(LENGTH), SIZE)) ** 2
    energies = power[:, : SIZE // 2] @ filters(fbank["mel"]["bins"], fbank["sampleRate"]).T
    return np.log(np.maximum(energies, np.finfo(np.float32).eps))


def statistics(path):
    """What am.mvn adds to a row and multiplies it with then: its two lists of more than one number."""
    lists = re.findall(r"\[([^\]]*)\]", path.read_text("utf-8"))
    found = [np.array(numbers.split(), np.float64) for numbers in lists if len(numbers.split()) > 1]
    if len(found) != 2:
        raise PreparationError(f"{path}: {len(found)} lists of numbers, want two: not a normalization of FunASR's")
    return found


def rows(samples, config, folder):
    """Stacked and normalized as the bundle's config says."""
    front_end, lfr = config["frontEnd"], config["frontEnd"]["lfr"]
    frames, window, shift = log_mel(samples, front_end["fbank"]), lfr["window"], lfr["shift"]
    is_padded = lfr["tail"] == "repeated"
    count = -(-len(frames) // shift) if is_padded else (len(frames) + lfr["left"] - window) // shift + 1
    places = np.clip(np.arange(count)[:, None] * shift + np.arange(window) - lfr["left"], 0, len(frames) - 1)
    add, multiply = statistics(folder / config["statistics"])
    return ((frames[places].reshape(count, -1) + add) * multiply).astype(np.float32)


def positions(count, values):
    """The sinusoid of rows 1, 2, ..., the sines first: [count, values]."""
    angles = np.arange(1, count + 1)[:, None] * np.exp(-LOG_STEP * np.arange(values // 2))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
