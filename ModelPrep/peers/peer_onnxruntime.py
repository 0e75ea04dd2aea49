#!/usr/bin/env python3
"""A voice's uncut graph on ONNX Runtime and nothing around it.

Job: {"ids": [[...], ...] (phonemes of each sentence), "out" (optional: a WAV)} -> {"ms", "seconds"}.
"""
import argparse


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="the voice's .onnx, its .onnx.json beside it")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    import json

    import numpy as np
    import onnxruntime
    from peer_loop import serve, timed, write_wav

    with open(options.model + ".json", encoding="utf-8") as file:
        config = json.load(file)
    inference, rate = config["inference"], config["audio"]["sample_rate"]
    scales = np.array([inference[key] for key in ("noise_scale", "length_scale", "noise_w")], np.float32)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads, settings.inter_op_num_threads = options.threads, 1
    session = onnxruntime.InferenceSession(options.model, settings, providers=["CPUExecutionProvider"])

    def answer(job):
        def speak():
            parts = []
            for ids in job["ids"]:
                feed = {"input": np.array([ids], np.int64), "input_lengths": np.array([len(ids)], np.int64)}
                parts.append(session.run(None, {**feed, "scales": scales})[0].ravel())
            return np.concatenate(parts)

        samples, time = timed(speak)
        if job.get("out"):
            write_wav(job["out"], samples, rate)
        return {"first_ms": time, "ms": time, "seconds": len(samples) / rate}

    serve({"onnxruntime": onnxruntime.__version__}, answer)


if __name__ == "__main__":
    main()
