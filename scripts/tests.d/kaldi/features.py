#!/usr/bin/env python3
"""The Kaldi front end beside its references.

  features.py clips AUDIOEVAL_WHEEL FOLDER                 clips of 9 languages as 16-bit WAV files
  features.py form TORCHAUDIO_WHEEL FOLDER OUT             form.json and am.mvn of rows normalized by these clips
  features.py compare TORCHAUDIO_WHEEL FOLDER MEL ROWS     what `rkvoice bench fbank --write` made of them
  features.py speed FOLDER                                 microseconds a frame of kaldi-native-fbank, one thread
"""
import json
import sys
import time
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import soundfile

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "ModelPrep" / "signal"))
import kaldi_golden  # noqa: E402

MEL_TOLERANCE, ROW_TOLERANCE = 1e-3, 2e-4


def write_clips(wheel, folder):
    for path, _, samples in kaldi_golden.clips(wheel):
        name = "-".join(path.split("/")[-2:])
        pcm = np.round(np.clip(samples, -1, 1 - 2**-15) * 32_768).astype("<i2")
        soundfile.write(Path(folder) / name, pcm, kaldi_golden.RATE, subtype="PCM_16")


def sounds(folder):
    return {path.name: kaldi_golden.read_wave(path) for path in sorted(Path(folder).glob("*.wav"))}


def reference(wheel, folder):
    """Log-mel of each clip, and the numbers its rows are normalized by."""
    kaldi_golden.torch.set_num_threads(1)
    kaldi = kaldi_golden.load_kaldi(wheel)
    mels = {name: kaldi_golden.kaldi_fbank(kaldi, samples, {}) for name, samples in sounds(folder).items()}
    rows = np.concatenate([kaldi_golden.low_rate(mel) for mel in mels.values()])
    return mels, (-rows.mean(0)).astype(np.float32), (1 / rows.std(0)).astype(np.float32)


def write_form(wheel, folder, out):
    _, shift, scale = reference(wheel, folder)
    out, width = Path(out), len(shift)
    (out / "form.json").write_text(json.dumps({"fbank": {}, "lfr": {}, "normalization": "given"}))
    text = f"<Nnet>\n<Splice> {width} {width}\n[ 0 ]\n"
    for name, values in (("AddShift", shift), ("Rescale", scale)):
        numbers = " ".join(f"{value:.9g}" for value in values)
        text += f"<{name}> {width} {width}\n<LearnRateCoef> 0 [ {numbers} ]\n"
    (out / "am.mvn").write_text(text + "</Nnet>\n")


def compare(wheel, folder, mel_folder, row_folder):
    mels, shift, scale = reference(wheel, folder)
    furthest_mel, furthest_row, same = 0.0, 0.0, 0
    for name, mel in mels.items():
        ours = np.fromfile(Path(mel_folder) / f"{name}.f32", "<f4").reshape(-1, mel.shape[1])
        assert ours.shape == mel.shape, f"{name}: {ours.shape} instead of {mel.shape}"
        furthest_mel = max(furthest_mel, float(np.abs(ours - mel).max()))
        rows = (kaldi_golden.low_rate(mel) + shift) * scale
        ours = np.fromfile(Path(row_folder) / f"{name}.f32", "<f4").reshape(-1, rows.shape[1])
        assert ours.shape == rows.shape, f"{name}: {ours.shape} instead of {rows.shape}"
        furthest_row = max(furthest_row, float(np.abs(ours - rows).max()))
        same += 1
    print(f"  {same} clips: log-mel within {furthest_mel:.2e}, normalized rows within {furthest_row:.2e}")
    if same < 27 or furthest_mel > MEL_TOLERANCE or furthest_row > ROW_TOLERANCE:
        sys.exit(f"  not so: 27 clips within {MEL_TOLERANCE} and {ROW_TOLERANCE}")


def native(samples, shift=10.0):
    """Seconds that kaldi-native-fbank takes, and frames."""
    options = kaldi_native_fbank.FbankOptions()
    frame = options.frame_opts
    frame.samp_freq, frame.dither, frame.snip_edges = kaldi_golden.RATE, 0.0, True
    frame.window_type, frame.frame_shift_ms = "hamming", shift
    options.mel_opts.num_bins, options.energy_floor = 80, 0.0
    fbank = kaldi_native_fbank.OnlineFbank(options)
    start = time.perf_counter()
    fbank.accept_waveform(kaldi_golden.RATE, samples)
    fbank.input_finished()
    return time.perf_counter() - start, fbank.num_frames_ready


def speed(folder):
    """The conversion of Python's list is taken off: it is what a shift longer than the sound costs."""
    samples = (np.concatenate(list(sounds(folder).values())) * 32_768).tolist()
    seconds, frames = min(native(samples) for _ in range(5))
    conversion = min(native(samples, shift=1e6)[0] for _ in range(5))
    print(f"{(seconds - conversion) / frames * 1e6:.4f}")


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    {"clips": write_clips, "form": write_form, "compare": compare, "speed": speed}[sys.argv[1]](*sys.argv[2:])
