#!/usr/bin/env python3
"""faster-whisper as it comes (beam 5): a CTranslate2 model, int8 or float32. Job: {"file", "language"} -> {"text"}.

The clip is read before the clock starts, as for all who are compared.
"""
import argparse
import os


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="directory with model.bin, config.json and tokenizer.json")
    parser.add_argument("--type", choices=("int8", "float32"), default="int8")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    # Read when the library loads.
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    os.environ["HF_HUB_OFFLINE"] = "1"

    import ctranslate2
    import faster_whisper
    from peer_loop import read_wav, serve, timed

    model = faster_whisper.WhisperModel(options.model, compute_type=options.type, cpu_threads=options.threads)

    def answer(job):
        samples, rate = read_wav(job["file"])
        if rate != 16000:
            raise ValueError(f"want 16000 Hz, not {rate}")

        def transcribe():
            segments, _ = model.transcribe(samples, language=job.get("language"))
            return "".join(segment.text for segment in segments).strip()

        text, time = timed(transcribe)
        return {"text": text, "ms": time, "seconds": len(samples) / rate}

    serve({"faster-whisper": faster_whisper.__version__, "ctranslate2": ctranslate2.__version__}, answer)


if __name__ == "__main__":
    main()
