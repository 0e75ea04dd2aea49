"""SenseVoice and Paraformer on one thread: rkvoice beside sherpa-onnx, the same files.

    peer.py clip WHEEL OUT.wav SECONDS                  clips of pytest-audioeval one behind the other
    peer.py hear KIND FOLDER CLIP.wav RUNS              sherpa-onnx; KIND: sensevoice, paraformer, streaming
    peer.py compare RKVOICE MODEL KIND FOLDER CLIP.wav  both in turns; MODEL: the folder's id in rkvoice's store

Compared is processor time of one thread, which is what an idle machine would take: here others may be at work. Of each
program the time of one run is taken from that of many, so that loading does not count.
"""
import json
import pathlib
import resource
import statistics
import subprocess
import sys

import numpy as np
import sherpa_onnx
import soundfile

RATE = 16000
#: Mel frames of a chunk and from one to the next, the frame's length and shift, and how rkvoice ends a stream
#: (ParaformerChunks): zeros behind the sound until every row has counted, and at least 0.7 s.
WINDOW, STEP, LENGTH, SHIFT, SILENCE = 61, 60, 400, 160, 11200
#: Times that both are started, and runs of each.
ROUNDS, RUNS = 4, 10
#: What may be around the graphs, as a part of their time.
LARGEST_SHARE = 0.03


def clip(wheel, out, seconds):
    root = pathlib.Path(__file__).resolve().parents[3] / "ModelPrep"
    sys.path[:0] = [str(root / "common"), str(root / "funasr")]
    import speech_clips

    samples = np.concatenate([clip.samples for clip in speech_clips.read_clips(wheel)])
    soundfile.write(out, samples[: int(float(seconds) * RATE)], RATE, subtype="PCM_16")


def silence_behind(samples):
    """Zeros after which sherpa-onnx decodes as many chunks as rkvoice does."""
    frames = (len(samples) - LENGTH) // SHIFT + 1
    last_row = (frames + (LENGTH - 1) // SHIFT) // 6
    chunks = (last_row + 3) // 10 + 1
    return max(((chunks - 1) * STEP + WINDOW + 1 - frames) * SHIFT, SILENCE)


def recognizer(kind, folder):
    """A recognizer, and what hears samples with it."""
    folder = pathlib.Path(folder)
    tokens = str(folder / "tokens.txt")

    def file(stem):
        return str(next(path for path in sorted(folder.glob(f"{stem}*.onnx"))))

    if kind == "streaming":
        made = sherpa_onnx.OnlineRecognizer.from_paraformer(
            tokens=tokens, encoder=file("encoder"), decoder=file("decoder"), num_threads=1
        )

        def hear_stream(samples):
            stream = made.create_stream()
            stream.accept_waveform(RATE, samples)
            stream.accept_waveform(RATE, np.zeros(silence_behind(samples), np.float32))
            stream.input_finished()
            while made.is_ready(stream):
                made.decode_stream(stream)
            return made.get_result_all(stream).tokens

        return hear_stream
    if kind == "sensevoice":
        made = sherpa_onnx.OfflineRecognizer.from_sense_voice(
            model=file("model"), tokens=tokens, language="auto", use_itn=True, num_threads=1
        )
    else:
        made = sherpa_onnx.OfflineRecognizer.from_paraformer(paraformer=file("model"), tokens=tokens, num_threads=1)

    def hear_whole(samples):
        stream = made.create_stream()
        stream.accept_waveform(RATE, samples)
        made.decode_stream(stream)
        return stream.result.tokens

    return hear_whole


def hear(kind, folder, path, runs):
    samples, _ = soundfile.read(path, dtype="float32")
    ear = recognizer(kind, folder)
    for _ in range(int(runs) + 1):
        ear(samples)


def processor_seconds(command):
    """What a command and its children took, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    printed = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, printed


def compare(program, model, kind, folder, path):
    ours = [program, "bench", "asr", "--quiet", "--model", model, "--file", path, "--threads", "1", "--json", "--runs"]
    theirs = [sys.executable, "-B", __file__, "hear", kind, folder, path]
    seconds, around, least = soundfile.info(path).duration, [], {}
    for _ in range(ROUNDS):
        for side, command in enumerate((ours, theirs)):
            for runs in (1, 1 + RUNS):
                time, printed = processor_seconds([*command, str(runs)])
                least[side, runs] = min(time, least.get((side, runs), time))
                if side == 0:
                    around.append(json.loads(printed)["rows"][1]["ratio"] - 1)
    # The least of each: others at work can only add to it.
    times = [(least[side, 1 + RUNS] - least[side, 1]) / RUNS / seconds for side in (0, 1)]
    ratio, share = times[0] / times[1], statistics.median(around)
    print(
        f"  {kind}: {times[0]:.4f} of real time, sherpa-onnx {times[1]:.4f}, ratio {ratio:.2f}; "
        f"around the graphs {100 * share:.1f} %"
    )
    if share >= LARGEST_SHARE:
        sys.exit(f"  not so: what is around the graphs takes less than {100 * LARGEST_SHARE:.0f} % of their time")
    if ratio > 1:
        sys.exit("  not so: it takes no more than sherpa-onnx")


if __name__ == "__main__":
    {"clip": clip, "hear": hear, "compare": compare}[sys.argv[1]](*sys.argv[2:])
