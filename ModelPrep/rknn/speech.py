"""Speech to try a graph with: a WAV file, and Whisper's features of it."""
import functools
import math
import wave

import numpy as np
from scipy.signal import resample_poly

from preparation import PreparationError, existing_file

RATE = 16000
#: Whisper's short-time spectrum (openai/whisper, audio.py).
WINDOW, HOP = 400, 160


def read_wav(path):
    """Mono samples in [-1, 1] at 16 kHz."""
    try:
        with wave.open(str(existing_file(path))) as file:
            rate, channels, width = file.getframerate(), file.getnchannels(), file.getsampwidth()
            data = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        raise PreparationError(f"{path}: no WAV file of whole numbers ({error}); convert it") from None
    if width != 2:
        raise PreparationError(f"{path}: {8 * width} bits a sample; convert it to 16")
    samples = np.frombuffer(data, "<i2").reshape(-1, channels).mean(axis=1) / 32768
    if rate != RATE:
        common = math.gcd(rate, RATE)
        samples = resample_poly(samples, RATE // common, rate // common)
    if len(samples) < RATE:
        raise PreparationError(f"{path}: less than a second of sound; take a longer clip of speech")
    return samples.astype(np.float32)


def mel_scale(hertz):
    """Slaney's scale: linear up to 1 kHz, then logarithmic (Auditory Toolbox, 1998)."""
    hertz = np.asarray(hertz, np.float64)
    return np.where(hertz < 1000, hertz * 3 / 200, 15 + np.log(np.maximum(hertz, 1000) / 1000) * 27 / math.log(6.4))


def hertz_scale(mel):
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * math.log(6.4) / 27))


@functools.cache
def mel_filters(bins):
    """Triangles of equal area, [bins, 201]."""
    edges = hertz_scale(np.linspace(0, float(mel_scale(RATE / 2)), bins + 2))
    frequencies = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    rising = (frequencies - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - frequencies) / np.diff(edges)[1:, None]
    return np.maximum(0, np.minimum(rising, falling)) * (2 / (edges[2:] - edges[:-2]))[:, None]


def log_mel(samples, bins, frames):
    """Whisper's features [bins, frames] of sound that is padded with silence, or cut, to that many frames."""
    audio = np.zeros(frames * HOP)
    audio[: min(len(audio), len(samples))] = samples[: len(audio)]
    padded = np.pad(audio, WINDOW // 2, mode="reflect")
    pieces = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:frames]
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    power = np.abs(np.fft.rfft(pieces * hann)) ** 2
    log = np.log10(np.maximum(power @ mel_filters(bins).T, 1e-10)).T
    return ((np.maximum(log, log.max() - 8) + 4) / 4).astype(np.float32)
