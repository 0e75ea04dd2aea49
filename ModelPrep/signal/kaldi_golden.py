#!/usr/bin/env python3
"""Golden data for the Kaldi front end.

Writes to Tests/SpeechSignalTests/Fixtures/Kaldi:
  offset.wav        0.6 s of a quiet signal with an offset and a click, 16 kHz mono 16-bit
  cases.json        the cases: front end as a bundle spells it, signal, which rows are in the file, tolerance
  *.f32             rows of each case, little-endian, row-major
  neg_mean.f32 inv_stddev.f32   normalization of the cases that ask for given numbers
and to Tests/ParityTests/Fixtures:
  kaldi_mel.json    samples of the log-mel, and of the normalized rows, of clips in 9 languages

The reference is torchaudio's compliance/kaldi.py in single precision, as FunASR's WavFrontend calls it, loaded by path
from its wheel. Tolerances: 1e-3 on log-mel, 2e-4 behind normalization. What is printed last is how far the same code
in double precision is from it: where a filter holds 1e-9 of a frame's power, rounding alone makes 1e-3, in every front
end of single precision. The seed's front end is its own formula in numpy, with the same tolerances; its mean and
deviation are taken in double precision here, because in single precision a filter without any bin (two of the 80) comes
out as 0, 1 or -1 by rounding.

Needs torch 2.13.0 (CPU) and soundfile, and two wheels as `pip download --no-deps` gets them:
  python3 ModelPrep/signal/kaldi_golden.py --torchaudio torchaudio-2.11.0-*.whl --audioeval pytest_audioeval-0.1.3-*.whl
"""
import argparse
import hashlib
import importlib.util
import io
import json
import sys
import tempfile
import types
import wave
import zipfile
from pathlib import Path

import numpy as np
import soundfile
import torch

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "Tests" / "SpeechSignalTests" / "Fixtures"
OUT = FIXTURES / "Kaldi"
RATE = 16_000
WINDOWS = {"hann": "hanning"}


def load_kaldi(wheel):
    """compliance/kaldi.py alone: the package around it wants compiled parts."""
    for name in ("torchaudio", "torchaudio.functional"):
        sys.modules[name] = types.ModuleType(name)
    with tempfile.TemporaryDirectory() as folder:
        path = zipfile.ZipFile(wheel).extract("torchaudio/compliance/kaldi.py", folder)
        spec = importlib.util.spec_from_file_location("torchaudio.compliance.kaldi", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


def kaldi_fbank(kaldi, samples, fbank, double=False):
    """Options in a bundle's words → torchaudio's."""
    frame, mel = fbank.get("frame", {}), fbank.get("mel", {})
    window = frame.get("window", "hamming")
    waveform = torch.from_numpy(samples).to(torch.float64 if double else torch.float32)
    return kaldi.fbank(
        waveform[None] * fbank.get("scale", 32_768),
        sample_frequency=fbank.get("sampleRate", RATE),
        frame_length=frame.get("length", 25),
        frame_shift=frame.get("shift", 10),
        window_type=WINDOWS.get(window, window),
        preemphasis_coefficient=frame.get("preEmphasis", 0.97),
        remove_dc_offset=frame.get("removesOffset", True),
        snip_edges=frame.get("edges", "snip") == "snip",
        num_mel_bins=mel.get("bins", 80),
        low_freq=mel.get("lowest", 20),
        high_freq=mel.get("highest", 0),
        use_power=mel.get("spectrum", "power") == "power",
        dither=0.0,
        energy_floor=0.0,
    ).numpy()


def seed_filters(bins=80, size=512, low=20, high=8_000):
    top = size // 2 + 1
    mels = np.linspace(2_595 * np.log10(1 + low / 700), 2_595 * np.log10(1 + high / 700), bins + 2)
    corners = np.floor(700 * (10 ** (mels / 2_595) - 1) * top / (RATE / 2)).astype(int)
    filters = np.zeros((bins, top), np.float32)
    for bin, (left, center, right) in enumerate(zip(corners, corners[1:], corners[2:])):
        filters[bin, left:center] = (np.arange(left, center) - left) / max(1, center - left)
        filters[bin, center:right] = (right - np.arange(center, right)) / max(1, right - center)
    return filters


def seed_fbank(samples):
    """What the seed's paraformer_rknn computes, before normalization."""
    if len(samples) < 400:
        samples = np.pad(samples, (0, 400 - len(samples)))
    emphasized = np.append(samples[:1], samples[1:] - np.float32(0.97) * samples[:-1])
    count = (len(emphasized) - 400) // 160 + 1
    frames = emphasized[np.arange(count)[:, None] * 160 + np.arange(400)] * np.hamming(400).astype(np.float32)
    power = np.abs(np.fft.rfft(frames, 512)) ** 2 / 512
    return np.log(np.maximum(power.astype(np.float32) @ seed_filters().T, 1e-10)).astype(np.float32)


def low_rate(frames, window=7, shift=6, left=3, tail="repeated"):
    """Rows as FunASR's apply_lfr makes them, one by one."""
    padded = np.vstack([np.repeat(frames[:1], left, axis=0), frames])
    rows = []
    for start in range(0, len(frames), shift):
        row = padded[start : start + window]
        if len(row) < window and tail == "dropped":
            break
        last = frames[-1:] if tail == "repeated" else np.zeros_like(frames[-1:])
        rows.append(np.vstack([row, np.repeat(last, window - len(row), axis=0)]).ravel())
    return np.stack(rows)


def offset_signal():
    """Noise of 30 to 300 on an offset of 4000, a click, 9600 samples of 16 bits."""
    state, values = 5, np.empty(9_600)
    for index in range(len(values)):
        state = (state * 1_664_525 + 1_013_904_223) % 2**32
        values[index] = state / 2**31 - 1
    values = 4_000 + values * (30 + 270 * (np.arange(len(values)) > 5_000))
    values[3_000] = 30_000
    return np.rint(values).astype("<i2")


def read_wave(path):
    with wave.open(str(path), "rb") as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32_768


def cases():
    """Name, signal, front end as a bundle spells it."""
    lfr = {"window": 7, "shift": 6, "left": 3, "tail": "repeated"}
    seed = {
        "scale": 1,
        "frame": {"emphasis": "signal", "removesOffset": False, "edges": "pad"},
        "mel": {"filters": "rounded", "spectrum": "powerPerSample", "floor": 1e-10},
    }
    fbanks = {
        "plain": {},
        "magnitude": {"frame": {"window": "blackman"}, "mel": {"bins": 40, "spectrum": "magnitude"}},
        "range": {"mel": {"bins": 40, "lowest": 0, "highest": -400}},
        "unit": {"scale": 1, "mel": {"bins": 40}},
        "telephone": {"sampleRate": 8_000, "mel": {"bins": 40}},
        "odd": {"sampleRate": 11_025, "mel": {"bins": 23, "lowest": 60, "highest": 5_000}},
        "long": {"frame": {"length": 32, "shift": 8, "preEmphasis": 0.9}, "mel": {"bins": 40}},
    }
    for name, fbank in fbanks.items():
        yield name, "speechlike.wav", {"fbank": fbank}
    frames = {
        "offset": {},
        "povey": {"window": "povey"},
        "hann": {"window": "hann", "removesOffset": False},
        "rectangular": {"window": "rectangular", "preEmphasis": 0},
        "reflect": {"edges": "reflect"},
    }
    for name, frame in frames.items():
        yield name, "Kaldi/offset.wav", {"fbank": {"frame": frame}}
    yield "rows", "speechlike.wav", {"fbank": {}, "lfr": lfr, "normalization": "given"}
    streaming = {"left": 0, "tail": "dropped"}
    yield "streaming", "speechlike.wav", {"fbank": {}, "lfr": streaming, "normalization": "given"}
    yield "zeros", "Kaldi/offset.wav", {"fbank": {}, "lfr": {"tail": "zeros"}}
    yield "seed", "speechlike.wav", {"fbank": seed, "preRoll": 0.1}
    yield "seed_rows", "speechlike.wav", {
        "fbank": seed, "lfr": {"left": 0}, "normalization": "utterance", "preRoll": 0.1,
    }


def reference(kaldi, samples, config, statistics):
    """Rows of a case, and its tolerance."""
    samples = np.pad(samples, (int(config.get("preRoll", 0) * RATE), 0))
    is_seed = config["fbank"].get("mel", {}).get("filters") == "rounded"
    rows = seed_fbank(samples) if is_seed else kaldi_fbank(kaldi, samples, config["fbank"])
    if config.get("normalization") == "utterance":
        exact = rows.astype(float)
        rows = (exact - exact.mean(0)) / np.maximum(exact.std(0), 1e-10)
    if "lfr" in config:
        rows = low_rate(rows, **config["lfr"])
    if config.get("normalization") == "given":
        rows = (rows + statistics[0]) * statistics[1]
    return rows.astype(np.float32), 1e-3 if "normalization" not in config else 2e-4


def write_cases(kaldi):
    OUT.mkdir(parents=True, exist_ok=True)
    with wave.open(str(OUT / "offset.wav"), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(offset_signal().tobytes())
    frames = kaldi_fbank(kaldi, read_wave(FIXTURES / "speechlike.wav"), {})
    rows = low_rate(frames)
    statistics = (-rows.mean(0), 1 / np.maximum(rows.std(0), 0.1))
    for name, values in zip(("neg_mean", "inv_stddev"), statistics):
        values.astype("<f4").tofile(OUT / f"{name}.f32")
    told = []
    for name, signal, config in cases():
        rows, tolerance = reference(kaldi, read_wave(FIXTURES / signal), config, statistics)
        step = 1 if len(rows) < 20 else 3 if len(rows) < 100 and rows.shape[1] < 100 else 7
        rows[::step].astype("<f4").tofile(OUT / f"{name}.f32")
        told.append(
            {
                "name": name, "signal": signal, "frontEnd": config, "rows": len(rows), "width": rows.shape[1],
                "step": step, "tolerance": tolerance,
            }
        )
    tools = {"torch": torch.__version__, "torchaudio": "2.11.0", "numpy": np.__version__}
    lines = ",\n".join(json.dumps(case) for case in told)
    text = f'{{"made by": "ModelPrep/signal/kaldi_golden.py", "tools": {json.dumps(tools)}, "cases": [\n{lines}\n]}}\n'
    (OUT / "cases.json").write_text(text)


def clips(wheel):
    archive = zipfile.ZipFile(wheel)
    for path in sorted(name for name in archive.namelist() if name.endswith(".wav") and "/samples/audio/" in name):
        data = archive.read(path)
        samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
        assert rate == RATE and samples.ndim == 1
        yield path, data, samples


def spots(values, count, generator):
    """Triples of row, column and value: the extremes, and some by chance."""
    places = {int(values.argmin()), int(values.argmax())}
    places |= set(generator.integers(0, values.size, count).tolist())
    return [[*divmod(place, values.shape[1]), round(float(values.flat[place]), 6)] for place in sorted(places)]


def write_clips(kaldi, wheel):
    found = [(path, data, samples, kaldi_fbank(kaldi, samples, {})) for path, data, samples in clips(wheel)]
    stacked = np.concatenate([low_rate(mel) for *_, mel in found])
    shift, scale = (-stacked.mean(0)).astype(np.float32), (1 / stacked.std(0)).astype(np.float32)
    generator = np.random.default_rng(20)
    entries, furthest = [], 0.0
    for path, data, samples, mel in found:
        double = kaldi_fbank(kaldi, samples, {}, double=True)
        furthest = max(furthest, float(np.abs(double - mel).max()))
        rows = (low_rate(mel) + shift) * scale
        entries.append(
            {
                "wheel": Path(wheel).name, "path": path, "sha256": hashlib.sha256(data).hexdigest(),
                "samples": len(samples), "frames": len(mel), "rows": len(rows),
                "mel": spots(mel, 40, generator), "normalized": spots(rows, 40, generator),
            }
        )
    head = {"versions": {"torch": torch.__version__, "torchaudio": "2.11.0"}, "errorAgainstDoublePrecision": furthest}
    head |= {"negMean": csv(shift), "invStddev": csv(scale)}
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    text = json.dumps(head)[:-1] + ', "clips": [\n' + lines + "\n]}\n"
    (ROOT / "Tests" / "ParityTests" / "Fixtures" / "kaldi_mel.json").write_text(text)
    print(f"{len(entries)} clips; single against double precision: {furthest:.2e} at most")


def csv(values):
    """As sherpa-onnx's exporters write them."""
    return ",".join(f"{value:.7g}" for value in values)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torchaudio", required=True, help="wheel of torchaudio 2.11.0")
    parser.add_argument("--audioeval", help="wheel of pytest-audioeval 0.1.3; else the clips are left as they are")
    options = parser.parse_args()
    torch.set_num_threads(1)
    kaldi = load_kaldi(options.torchaudio)
    write_cases(kaldi)
    if options.audioeval:
        write_clips(kaldi, options.audioeval)


if __name__ == "__main__":
    main()
