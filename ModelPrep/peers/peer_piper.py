#!/usr/bin/env python3
"""piper-tts: a published voice. Job: {"text", "out" (optional: a WAV)} -> {"first_ms", "ms", "seconds"}.

piper-tts is GPL-3; it runs here as a program of its own that nothing of ours is part of.
"""
import argparse
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="the voice's .onnx, its .onnx.json beside it")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    import importlib.metadata

    import numpy as np
    import onnxruntime
    from peer_loop import milliseconds_since, serve, write_wav
    from piper import PiperVoice

    # It takes no number of threads: the options that it asks for have ours, or the comparison would be of cores.
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
    onnxruntime.SessionOptions = lambda: settings
    voice = PiperVoice.load(options.model)
    assert voice.session.get_session_options().intra_op_num_threads == options.threads

    def answer(job):
        start, first, parts, rate = time.perf_counter(), None, [], 0
        for chunk in voice.synthesize(job["text"]):
            first = first or milliseconds_since(start)
            parts.append(chunk.audio_float_array)
            rate = chunk.sample_rate
        total = milliseconds_since(start)
        if not parts:
            raise ValueError("no sound")
        samples = np.concatenate(parts)
        if job.get("out"):
            write_wav(job["out"], samples, rate)
        return {"first_ms": first, "ms": total, "seconds": len(samples) / rate}

    serve({"piper-tts": importlib.metadata.version("piper-tts"), "onnxruntime": onnxruntime.__version__}, answer)


if __name__ == "__main__":
    main()
