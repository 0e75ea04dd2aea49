"""The features of FunASR's models by kaldi-native-fbank: log-mel, stacked frames, normalization.

A reference for the tests of our own front end. Needs requirements-small.txt.
"""
import math

import kaldi_native_fbank
import numpy as np

RATE, BINS = 16000, 80
#: Frames that one row stacks, and the frames from one row to the next (FunASR: lfr_m, lfr_n).
STACKED, STEP = 7, 6
#: Frames of a chunk of the streaming model, and by how many the next one begins later: 10 rows of 7 every 6.
CHUNK, CHUNK_STEP, CHUNK_ROWS = 61, 60, 10
#: Rows of the chunk before that are put in front; the encoder sees 18.
LEFT_ROWS = 8
#: ln(10000) / (280 - 1): the step of the frequencies for 560 values (FunASR: StreamSinusoidalPositionEncoder).
LOG_STEP = np.float32(-0.03301197265941284)


def log_mel(samples):
    """[frames, 80]: Kaldi's filter bank as FunASR asks for it, without dither; samples in [-1, 1]."""
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq, options.frame_opts.dither, options.frame_opts.snip_edges = RATE, 0.0, True
    options.frame_opts.window_type = "hamming"
    options.mel_opts.num_bins = BINS
    options.energy_floor = 0.0
    bank = kaldi_native_fbank.OnlineFbank(options)
    bank.accept_waveform(RATE, (samples * 32768.0).tolist())
    bank.input_finished()
    count = bank.num_frames_ready
    return np.stack([bank.get_frame(index) for index in range(count)]) if count else np.zeros((0, BINS), np.float32)


def stacked(frames):
    """[ceil(frames / 6), 560], as for whole utterances: 3 copies of the first frame in front, the last one repeated."""
    rows, left = math.ceil(len(frames) / STEP), (STACKED - 1) // 2
    places = np.arange(rows)[:, None] * STEP + np.arange(STACKED)[None] - left
    return frames[np.clip(places, 0, len(frames) - 1)].reshape(rows, -1)


def stacked_whole(frames):
    """Only rows that are whole and no frame in front, as for a stream."""
    rows = (len(frames) - STACKED) // STEP + 1
    return np.stack([frames[row * STEP : row * STEP + STACKED].ravel() for row in range(rows)])


def normalization(utterances):
    """What to add to a row and what to multiply it with then, from the rows of many utterances."""
    rows = np.concatenate(utterances)
    return (-rows.mean(axis=0)).astype(np.float32), (1 / rows.std(axis=0)).astype(np.float32)


def positions(first, rows):
    """The sinusoid of `rows` rows from position `first`, the sines first: [rows, 560]."""
    frequencies = np.exp(np.arange(BINS * STACKED // 2, dtype=np.float32) * LOG_STEP)
    angles = (np.arange(rows, dtype=np.float32)[:, None] + first) * frequencies[None]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


class Chunks:
    """Windows of 18 rows as the streaming model's encoder is fed: 8 of the window before, then 10 new ones.

    `width` is the encoder's. A chunk is ready when more than 61 frames are left; the newest rows are held back.
    """

    def __init__(self, shift, scale, width):
        self.shift, self.scale = shift, scale * np.float32(width**0.5)

    def rows(self, frames, start):
        new = (stacked_whole(frames) + self.shift) * self.scale
        return new + positions(start // STEP + 1, CHUNK_ROWS)

    def windows(self, frames, flush=False):
        """One [18, 560] after the other. With `flush`, what is left at the end is filled up with zeros."""
        start, kept = 0, np.zeros((LEFT_ROWS, BINS * STACKED), np.float32)
        while start + CHUNK < len(frames) or flush and start < len(frames):
            chunk = frames[start : start + CHUNK]
            is_last = flush and len(frames) - start < CHUNK
            if len(chunk) < CHUNK:
                chunk = np.concatenate([chunk, np.zeros((CHUNK - len(chunk), BINS), np.float32)])
            window = np.concatenate([kept, self.rows(chunk, start)]).astype(np.float32)
            kept = window[-LEFT_ROWS:]
            start = len(frames) if is_last else start + CHUNK_STEP
            yield window
