"""Rows of features for FunASR's models by NumPy alone: the toolkit's environment has no other way to make them."""
import numpy as np

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


def rows(samples, front_end, padded):
    """Stacked and normalized: with copies of the first frame in front and of the last one behind, or whole rows only."""
    frames, lfr, cmvn = log_mel(samples, front_end["fbank"]), front_end["lfr"], front_end["cmvn"]
    window, shift = lfr["window"], lfr["shift"]
    count = -(-len(frames) // shift) if padded else (len(frames) - window) // shift + 1
    left = (window - 1) // 2 if padded else 0
    places = np.clip(np.arange(count)[:, None] * shift + np.arange(window) - left, 0, len(frames) - 1)
    stacked = frames[places].reshape(count, -1)
    return ((stacked + np.array(cmvn["shift"])) * np.array(cmvn["scale"])).astype(np.float32)


def positions(count, values):
    """The sinusoid of rows 1, 2, ..., the sines first: [count, values]."""
    angles = np.arange(1, count + 1)[:, None] * np.exp(-LOG_STEP * np.arange(values // 2))
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
