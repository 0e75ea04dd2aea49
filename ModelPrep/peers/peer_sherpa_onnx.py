#!/usr/bin/env python3
"""sherpa-onnx with a Piper voice. Job: {"text", "out" (optional: a WAV)} -> {"first_ms", "ms", "seconds"}.

It wants what its own conversion adds: properties in the graph, a table of tokens. A copy of the voice with these is
made in --work; the graph itself is the published one. Version 2 has no phonemizer: it gets phonemes from that of
piper-tts, in the same environment, within the time that is measured.
"""
import argparse
import json
import pathlib


def prepare(model, work):
    """The voice as sherpa-onnx takes it (scripts/piper of k2-fsa/sherpa-onnx): its graph and tokens."""
    import onnx

    config = json.loads(pathlib.Path(model + ".json").read_text("utf-8"))
    work.mkdir(parents=True, exist_ok=True)
    graph, tokens = work / "voice.onnx", work / "tokens.txt"
    loaded = onnx.load(model)
    voice = config["espeak"]["voice"]
    properties = {
        "model_type": "vits", "comment": "piper", "language": voice, "voice": voice, "has_espeak": 1,
        "n_speakers": config["num_speakers"], "sample_rate": config["audio"]["sample_rate"],
    }  # fmt: skip
    onnx.helper.set_model_props(loaded, {key: str(value) for key, value in properties.items()})
    onnx.save(loaded, graph)
    rows = (f"{symbol} {ids[0]}" for symbol, ids in config["phoneme_id_map"].items() if symbol != "\n")
    tokens.write_text("\n".join(rows) + "\n", "utf-8")
    return str(graph), str(tokens), config["inference"]


def load(options):
    import sherpa_onnx

    graph, tokens, inference = prepare(options.model, options.work)
    vits = sherpa_onnx.OfflineTtsVitsModelConfig(
        model=graph, tokens=tokens, data_dir="", lexicon="", noise_scale=inference["noise_scale"],
        noise_scale_w=inference["noise_w"], length_scale=inference["length_scale"],
    )  # fmt: skip
    model = sherpa_onnx.OfflineTtsModelConfig(vits=vits, num_threads=options.threads, provider="cpu")
    config = sherpa_onnx.OfflineTtsConfig(model=model, max_num_sentences=1)
    if not config.validate():
        raise SystemExit("error: sherpa-onnx refuses the voice")
    return sherpa_onnx.OfflineTts(config)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", help="the voice's .onnx, its .onnx.json beside it")
    parser.add_argument("--work", type=pathlib.Path, required=True, help="directory for the copy of the voice")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()

    import importlib.metadata
    import time

    import sherpa_onnx
    from piper.phonemize_espeak import EspeakPhonemizer

    from peer_loop import milliseconds_since, serve, write_wav

    tts, phonemizer = load(options), EspeakPhonemizer()
    with open(options.model + ".json", encoding="utf-8") as file:
        voice = json.load(file)["espeak"]["voice"]

    def answer(job):
        start, first = time.perf_counter(), []

        def heard(samples, progress):
            first.append(milliseconds_since(start))
            return 1

        config = sherpa_onnx.GenerationConfig()
        sentences = phonemizer.phonemize(voice, job["text"])
        config.phoneme_codepoints = [[ord(mark) for mark in "".join(sentence)] for sentence in sentences]
        audio = tts.generate(job["text"], config, heard)
        total = milliseconds_since(start)
        if not len(audio.samples):
            raise ValueError("no sound")
        if job.get("out"):
            write_wav(job["out"], audio.samples, audio.sample_rate)
        seconds = len(audio.samples) / audio.sample_rate
        return {"first_ms": first[0] if first else total, "ms": total, "seconds": seconds}

    serve({"sherpa-onnx": importlib.metadata.version("sherpa-onnx")}, answer)


if __name__ == "__main__":
    main()
