"""What happens to speech on its way to a microphone: noise and a room, both from a seed."""
import numpy as np
import scipy.signal

SAMPLE_RATE = 16000
#: A furnished living room.
REVERBERATION_SECONDS, DIRECT_TO_REVERBERANT_DB = 0.4, 3.0
PEAK = 0.7


def rms(samples):
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64))))


def speech_level(samples):
    """RMS of the louder half of 20 ms frames: pauses do not count."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    levels = np.sort(np.sqrt(np.mean(frames.astype(np.float64) ** 2, axis=1)))
    return rms(levels[len(levels) // 2 :])


def noise(kind, count, random):
    """White noise, or pink noise: its power falls with 1/f."""
    white = random.standard_normal(count)
    if kind == "white":
        return white
    spectrum = np.fft.rfft(white)
    return np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)


def add_noise(samples, kind, decibels, random):
    """Noise so many decibels below the speech."""
    added = noise(kind, len(samples), random)
    return samples + added * (speech_level(samples) / rms(added) * 10 ** (-decibels / 20))


def add_room(samples, random):
    """A direct path and a tail of noise that decays by 60 dB in the reverberation time."""
    t = np.arange(int(REVERBERATION_SECONDS * SAMPLE_RATE)) / SAMPLE_RATE
    tail = random.standard_normal(len(t)) * 10 ** (-3 * t / REVERBERATION_SECONDS)
    tail[: SAMPLE_RATE // 400] = 0  # the first reflection comes 2.5 ms after the direct sound
    tail *= 10 ** (-DIRECT_TO_REVERBERANT_DB / 20) / np.sqrt(np.sum(tail**2))
    response = np.concatenate([[1.0], tail[1:]])
    return scipy.signal.fftconvolve(samples, response)


def finish(samples):
    """Equal loudness peaks, and a little silence around, as a recorder leaves it."""
    edge = np.zeros(SAMPLE_RATE // 5)
    return np.concatenate([edge, samples, edge]) * (PEAK / np.abs(samples).max())
