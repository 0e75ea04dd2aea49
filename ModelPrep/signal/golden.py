#!/usr/bin/env python3
"""Golden data for the SpeechSignal tests.

Writes to Tests/SpeechSignalTests/Fixtures:
  speechlike.wav          3 s of a deterministic signal, 16 kHz mono 16-bit
  mel80.f32 mel128.f32    its Whisper log-mel [bins, 300], not padded
  mel80_padded.f32        the same padded to 30 s: the columns that see the signal [80, 302], then that of all others
  filters80.f32           Slaney mel filters [80, 201];  filters40_htk.f32: HTK scale, unit height, 64-7600 Hz [40, 257]
  tone.*                  0.25 s (Ogg: 4 s) of a 440 Hz tone at half scale in containers libsndfile writes
  golden.json             what made them

The log-mel is written out in double precision from the definition in openai/whisper audio.py (log_mel_spectrogram).
With --check, it is also compared with faster-whisper's FeatureExtractor, an independent implementation (<= 1e-4).

Needs numpy and soundfile (faster-whisper for --check):  python3 ModelPrep/signal/golden.py [--check]
"""
import json
import struct
import sys
import wave
from pathlib import Path

import numpy as np
import soundfile

RATE, FRAME, HOP = 16_000, 400, 160
OUT = Path(__file__).resolve().parents[2] / "Tests" / "SpeechSignalTests" / "Fixtures"


def noise(count, seed):
    """Uniform noise in [-1, 1) from a linear congruential generator (Numerical Recipes' constants)."""
    values, state = np.empty(count), seed
    for index in range(count):
        state = (state * 1_664_525 + 1_013_904_223) % 2**32
        values[index] = state / 2**31 - 1
    return values


def speechlike(seconds=3):
    """Voiced harmonics with moving formants, a hiss, a pause of digital silence and a click."""
    count = seconds * RATE
    time = np.arange(count) / RATE
    pitch = 120 + 30 * np.sin(2 * np.pi * 0.7 * time)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    voiced = np.zeros(count)
    for harmonic in range(1, 40):
        frequency = harmonic * pitch
        gain = sum(
            np.exp(-(((frequency - center) / width) ** 2))
            for center, width in (
                (600 + 200 * np.sin(2 * np.pi * 1.3 * time), 120),
                (1_700 + 400 * np.cos(2 * np.pi * 0.9 * time), 200),
                (2_800 + 0 * time, 300),
            )
        )
        voiced += (gain + 0.01) * np.sin(harmonic * phase)
    voiced *= 0.5 * (1 + np.sin(2 * np.pi * 3 * time)) * np.minimum(1, time * 20)
    hiss = np.diff(noise(count + 1, seed=7)) * np.clip(np.sin(2 * np.pi * 0.8 * time - 1), 0, 1)
    signal = 0.12 * voiced + 0.05 * hiss + 0.0005 * noise(count, seed=11)
    signal[int(1.4 * RATE) : int(1.6 * RATE)] = 0
    signal[int(2.2 * RATE)] = 0.9
    return np.clip(np.rint(signal * 32_768), -32_768, 32_767).astype("<i2")


def hertz_to_mel(hertz, scale):
    hertz = np.asarray(hertz, dtype=float)
    if scale == "htk":
        return 2_595 * np.log10(1 + hertz / 700)
    return np.where(hertz < 1_000, hertz * 3 / 200, 15 + 27 * np.log(np.maximum(hertz, 1) / 1_000) / np.log(6.4))


def mel_to_hertz(mel, scale):
    if scale == "htk":
        return 700 * (10 ** (mel / 2_595) - 1)
    return np.where(mel < 15, mel * 200 / 3, 1_000 * np.exp(np.log(6.4) * (mel - 15) / 27))


def filters(bins, frame, low=0, high=RATE / 2, scale="slaney", unit_height=False):
    """Triangles on a mel scale [bins, frame / 2 + 1]; Slaney: unit area over Hz."""
    edges = mel_to_hertz(np.linspace(hertz_to_mel(low, scale), hertz_to_mel(high, scale), bins + 2), scale)
    frequencies = np.arange(frame // 2 + 1) * RATE / frame
    rising = (frequencies - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequencies) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return triangles if unit_height else triangles * (2 / (edges[2:] - edges[:-2]))[:, None]


def log_mel(signal, bins, padded_to=0):
    """[bins, max(len, padded_to) / 160], double precision."""
    signal = np.pad(signal.astype(float), (0, max(0, padded_to - len(signal))))
    wide = np.pad(signal, FRAME // 2, mode="reflect")
    count = 1 + (len(wide) - FRAME) // HOP
    starts = np.arange(count)[:, None] * HOP + np.arange(FRAME)
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME) / FRAME)
    power = np.abs(np.fft.rfft(wide[starts] * window)) ** 2
    mel = np.log10(np.maximum(filters(bins, FRAME) @ power[:-1].T, 1e-10))
    return (np.maximum(mel, mel.max() - 8) + 4) / 4


def write(name, values):
    np.ascontiguousarray(values, dtype="<f4").tofile(OUT / name)


def write_tones():
    """A tone in every container, at rates that its codec knows; Ogg has pages of a second, so several seconds."""
    kinds = {
        "tone.flac": ("FLAC", "PCM_16", 22_050, 2),
        "tone.mp3": ("MP3", "MPEG_LAYER_III", 24_000, 1),
        "tone.ogg": ("OGG", "VORBIS", 44_100, 2),
        "tone.opus": ("OGG", "OPUS", 16_000, 1),
        "tone.aiff": ("AIFF", "PCM_16", 16_000, 1),
        "tone.au": ("AU", "PCM_16", 8_000, 1),
        "tone.caf": ("CAF", "PCM_16", 16_000, 1),
        "tone.w64": ("W64", "PCM_16", 16_000, 1),
        "tone_adpcm.wav": ("WAV", "IMA_ADPCM", 16_000, 1),
        "tone_alaw.wav": ("WAV", "ALAW", 8_000, 1),
        "tone_ulaw.wav": ("WAV", "ULAW", 8_000, 1),
        "tone_ex24.wav": ("WAVEX", "PCM_24", 48_000, 2),
    }
    for name, (container, codec, rate, channels) in kinds.items():
        time = np.arange(rate * 4 if container == "OGG" else rate // 4) / rate
        tone = np.repeat((0.5 * np.sin(2 * np.pi * 440 * time))[:, None], channels, axis=1)
        # The best quality makes pages small enough that a file of 4 s has several.
        extra = {"compression_level": 0.0} if codec == "VORBIS" else {}
        soundfile.write(OUT / name, tone, rate, format=container, subtype=codec, **extra)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    pcm = speechlike()
    with wave.open(str(OUT / "speechlike.wav"), "wb") as file:
        file.setparams((1, 2, RATE, len(pcm), "NONE", ""))
        file.writeframes(pcm.tobytes())
    signal = pcm / 32_768
    write("mel80.f32", log_mel(signal, 80))
    write("mel128.f32", log_mel(signal, 128))
    padded = log_mel(signal, 80, padded_to=480_000)
    heard = -(-(len(signal) + FRAME // 2) // HOP)
    assert np.all(padded[:, heard:] == padded[0, -1])
    (OUT / "mel80_padded.f32").write_bytes(
        np.ascontiguousarray(padded[:, :heard], "<f4").tobytes() + struct.pack("<f", padded[0, -1])
    )
    write("filters80.f32", filters(80, FRAME))
    write("filters40_htk.f32", filters(40, 512, 64, 7_600, "htk", unit_height=True))
    write_tones()
    tools = {"numpy": np.__version__, "libsndfile": soundfile.__libsndfile_version__}
    note = {"made by": "ModelPrep/signal/golden.py", "tools": tools, "heard frames": heard, "f32": "little-endian"}
    (OUT / "golden.json").write_text(json.dumps(note, indent=2) + "\n")
    if "--check" in sys.argv:
        from faster_whisper.feature_extractor import FeatureExtractor

        for bins in (80, 128):
            theirs = FeatureExtractor(feature_size=bins)(signal.astype(np.float32), padding=0)
            print(bins, "bins: largest difference", np.abs(theirs - log_mel(signal, bins)).max())


if __name__ == "__main__":
    main()
