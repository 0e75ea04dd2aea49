"""What every peer shares: one job a line on standard input, one answer a line on standard output, both JSON.

The first line out is {"ready": {...}}, with the versions of what runs. An answer has `ms`, `peak_rss` (bytes) and what
the job gives; or `error`, in one line, and the peer goes on. The end of input ends the peer.
"""
import json
import os
import resource
import sys
import time

#: Largest job: a text of some pages.
MAX_LINE = 1 << 20


def peak_memory():
    """Most memory that this process has held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def milliseconds_since(start):
    return 1000 * (time.perf_counter() - start)


def timed(body):
    start = time.perf_counter()
    return body(), milliseconds_since(start)


def serve(versions, answer):
    """Answers jobs until there are none."""
    # Libraries write where they like: answers have a descriptor of their own, and everything else goes to stderr.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def send(value):
        out.write(json.dumps(value, ensure_ascii=False) + "\n")
        out.flush()

    send({"ready": versions, "peak_rss": peak_memory()})
    while line := sys.stdin.readline(MAX_LINE):
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # whatever a peer throws is told, and the next job may do better
            reply = {"error": f"{type(error).__name__}: {error}".replace("\n", " ")[:300]}
        send({**reply, "peak_rss": peak_memory()})


def write_wav(path, samples, rate):
    """16-bit mono; `samples` are floats in [-1, 1]."""
    import wave

    import numpy as np

    data = (np.clip(np.asarray(samples, np.float32), -1, 1) * 32767).astype("<i2").tobytes()
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(data)


def read_wav(path):
    """Floats of a 16-bit mono file, and its rate."""
    import wave

    import numpy as np

    with wave.open(path, "rb") as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            raise ValueError(f"{path}: want 16-bit mono")
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        return samples, file.getframerate()
