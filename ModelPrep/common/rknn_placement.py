"""Where the stages of a family run on a Rockchip NPU: the `rknn` placement of a bundle, beside `cpu`.

A compiled graph has fixed shapes. Each part says from which ONNX file and in which shapes it is compiled, so that the
files can be made later (ModelPrep/rknn) and that the simulator can pack what has not been compiled.
"""

#: What the files are compiled for, with the cores of its NPU; `{board}` in a file's name stands for one of them.
CORES = {"rk3588": 3, "rk3576": 2}
BOARDS = list(CORES)

#: Latent frames of a Piper window: 52 that are kept and 10 of overlap.
PIPER_FRAMES = 62
#: The compiler's limit on the samples of a window: a field of 14 bits. Beyond it, it prints errors and goes on.
PIPER_SAMPLES = 0x3FFF
#: Mel frames of Whisper's window for drafts, 10 s; shorter ones make the model repeat itself.
WHISPER_DRAFT_FRAMES = 1000


def compiled(stem, source, shapes, frames=None, axes=None):
    """One part on the NPU: `stem` of its file's name, the ONNX file and input shapes that it is compiled from."""
    name = ".".join([stem, *([str(frames)] if frames else []), "{board}", "rknn"])
    part = {"file": name, "runtime": "rknn"}
    if frames:
        part |= {"frames": frames, "axes": axes}
    return part | {"source": source, "shapes": shapes}


def on_cpu(file):
    return [[{"file": file, "runtime": "onnx"}]]


def piper(channels, hop, speakers=1):
    """The encoder's work depends on the text and stays on the CPU; the vocoder runs window by window."""
    frames = min(PIPER_FRAMES, PIPER_SAMPLES // hop)
    shapes = {"z": [1, channels, frames]} | ({"sid": [1]} if speakers > 1 else {})
    vocoder = compiled("decoder", "decoder.onnx", shapes, frames, {"z": 2, "audio": 3})
    return {"boards": BOARDS, "encoder": on_cpu("encoder.onnx"), "decoder": [[vocoder]]}


def whisper(mels, audio_context):
    """The encoder in two sizes: drafts and whole windows. Its outputs keep their length, half that of the mel."""
    buckets = [
        compiled("encoder", "encoder.onnx", {"mel": [1, mels, frames]}, frames, {"mel": 2})
        for frames in (WHISPER_DRAFT_FRAMES, 2 * audio_context)
    ]
    return {"boards": BOARDS, "encoder": [buckets], "decoder": on_cpu("decoder.onnx")}


def silero(samples, state):
    """One window at a time, always of one size."""
    part = compiled("silero_vad", "silero_vad.onnx", {"input": [1, samples], "state": state})
    return {"boards": BOARDS, "detector": [[part]]}


def of_bundle(bundle):
    """The placement of a bundle by its family and figures; None for a family that has none."""
    config = bundle["config"]
    match bundle["family"]:
        case "piper":
            return piper(config["latentChannels"], config["hopLength"], config["speakers"])
        case "whisper":
            return whisper(config["mels"], config["audioContext"])
        case "silero":
            return silero(config["context"] + config["window"], config["stateShape"])
    return None
