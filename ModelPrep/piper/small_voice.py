#!/usr/bin/env python3
"""Makes a small Piper voice of several speakers with random weights, for tests: VOICE.onnx and VOICE.onnx.json.

The graph is the one that Piper exports: piper-tts' own network (GPL-3, run here as a tool), narrow, with speakers. It
hums instead of speaking. Splits it as `models import` does, and fails where the parts differ from the whole for any
speaker, or where two speakers sound alike. VOICE.golden.json holds what the whole graph says without noise. Needs
requirements-small.txt and piper-tts of requirements-oracle.txt.

  python3 ModelPrep/piper/small_voice.py OUT/xx_XX-small-low.onnx --espeak de --language de_DE
"""
import argparse
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "common"))

import numpy as np  # noqa: E402
import onnx  # noqa: E402
import onnxruntime  # noqa: E402
import torch  # noqa: E402
from piper.train.vits.models import SynthesizerTrn  # noqa: E402

from preparation import PreparationError, run, say  # noqa: E402
from vits_parts import split  # noqa: E402

SPEAKERS = ("anna", "bruno", "clara")
#: Of Piper's medium voices: 256 symbols, three upsamplings to a hop of 256; every width is an eighth or less.
WIDTHS = dict(
    n_vocab=256, spec_channels=513, segment_size=32, inter_channels=8, hidden_channels=8, filter_channels=16, n_heads=2,
    n_layers=2, kernel_size=3, p_dropout=0.1, resblock="2", resblock_kernel_sizes=(3, 5, 7),
    resblock_dilation_sizes=((1, 2), (2, 6), (3, 12)), upsample_rates=(8, 8, 4), upsample_initial_channel=16,
    upsample_kernel_sizes=(16, 16, 8), n_speakers=len(SPEAKERS), gin_channels=8,
)
SCALES = (0.667, 1.0, 0.8)
TOLERANCE = 1e-5
DURATION_NOISE, PRIOR_NOISE = "/dp/RandomNormalLike_output_0", "/RandomNormalLike_output_0"
#: Phonemes of the voices of piper-tts that are asked for most; each has its own number.
PHONEMES = (
    "_^$ !'(),-.:;?abcdefhijklmnopqrstuvwxyzæçðøħŋœǀɐɑɒɓɔɕɖɗɘəɚɛɜɞɟɡɢɣɤɥɦɧɨɪɫɬɭɮɯɰɱɲɳɴɵɶɸɹɺɻɽɾʀ"
    "ʁʂʃʄʈʉʊʋʌʍʎʏʐʑʒʔʕˈˌːˑ̩̯̃̊"
)


#: What the golden sound says, in phonemes; long enough for several windows of the decoder.
SPOKEN = "haloː vɛlt diː zɔnə ʃaɪnt ʊnt eːs ɪst ʃøːn haɪs viːɐ ɡeːən hɔɪtə nax haʊzə"
STEP = 97


class Exported(torch.nn.Module):
    """The network with the inputs of Piper's files."""

    def __init__(self, network):
        super().__init__()
        for name, part in network.named_children():
            setattr(self, name, part)
        self.network = [network]

    def forward(self, text, lengths, scales, sid):
        noise, length, noise_w = scales[0], scales[1], scales[2]
        sound = self.network[0].infer(
            text, lengths, noise_scale=noise, length_scale=length, noise_scale_w=noise_w, sid=sid
        )
        return sound[0].unsqueeze(1)


def network():
    torch.manual_seed(8)
    network = SynthesizerTrn(**WIDTHS).eval()
    with torch.no_grad():
        for name, weight in network.named_parameters():
            # What starts at zero leaves the speaker and the noise without effect.
            if weight.abs().max() == 0:
                weight.normal_(0, 0.1)
        network.dec.remove_weight_norm()
    return network


def export(path):
    inputs = (torch.randint(0, 256, (1, 50)), torch.tensor([50]), torch.tensor(SCALES), torch.tensor([0]))
    with torch.no_grad():
        torch.onnx.export(
            Exported(network()), inputs, str(path), opset_version=15, dynamo=False,
            input_names=["input", "input_lengths", "scales", "sid"], output_names=["output"],
            dynamic_axes={"input": {0: "batch_size", 1: "phonemes"}, "input_lengths": {0: "batch_size"},
                          "output": {0: "batch_size", 1: "time"}},
        )


def session(model):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def injectable(path):
    """The whole graph with its noise as inputs."""
    model = onnx.load(path)
    kept = [node for node in model.graph.node if node.op_type != "RandomNormalLike"]
    for name, shape in ((DURATION_NOISE, [1, 2, "phonemes"]), (PRIOR_NOISE, [1, "channels", "frames"])):
        model.graph.input.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape))
    del model.graph.node[:]
    model.graph.node.extend(kept)
    return session(model)


def check(path):
    """Compares the parts with the whole, speaker by speaker."""
    encoder, decoder, figures = split(onnx.load(path), {})
    whole, encoder, decoder = injectable(path), session(encoder), session(decoder)
    random = np.random.default_rng(8)
    ids = random.integers(3, len(PHONEMES), (1, 40))
    noise = random.standard_normal((1, 2, 40), np.float32)
    shared = {"input": ids, "input_lengths": np.array([40]), "scales": np.array(SCALES, np.float32)}
    sounds = []
    for speaker in range(len(SPEAKERS)):
        sid = {"sid": np.array([speaker])}
        prior = random.standard_normal((1, figures["latentChannels"], 4000), np.float32)
        z, _ = encoder.run(["z", "durations"], {**shared, **sid, "duration_noise": noise, "prior_noise": prior})
        taken = {name: value for name, value in sid.items() if name in [port.name for port in decoder.get_inputs()]}
        sound = decoder.run(["audio"], {"z": z, **taken})[0].ravel()
        given = {DURATION_NOISE: noise, PRIOR_NOISE: prior[:, :, : z.shape[2]]}
        reference = whole.run(None, {**shared, **sid, **given})[0].ravel()
        if sound.shape != reference.shape:
            lengths = f"{len(sound)} samples of the parts, {len(reference)} of the whole"
            raise PreparationError(f"{SPEAKERS[speaker]}: {lengths}")
        error = float(np.abs(sound - reference).max())
        say(f"{SPEAKERS[speaker]}: {len(sound)} samples, peak {np.abs(sound).max():.3f}, parts differ by {error:.1e}")
        if error > TOLERANCE:
            raise PreparationError(f"{SPEAKERS[speaker]}: the parts differ from the whole by {error}")
        sounds.append(sound)
    if any(np.array_equal(sounds[0], other) for other in sounds[1:]):
        raise PreparationError("two speakers sound alike: the graph does not use sid")


def golden(path):
    """Sound of the whole graph without noise, every so many samples, for each speaker."""
    whole = session(onnx.load(path))
    ids = [PHONEMES.index("^"), 0]
    for phoneme in SPOKEN:
        ids += [PHONEMES.index(phoneme), 0]
    ids.append(PHONEMES.index("$"))
    speakers = {}
    for number, name in enumerate(SPEAKERS):
        feed = {"input": np.array([ids]), "input_lengths": np.array([len(ids)]), "sid": np.array([number])}
        sound = whole.run(None, {**feed, "scales": np.array([0, 1, 0], np.float32)})[0].ravel()
        values = [round(float(value), 6) for value in sound[::STEP]]
        speakers[name] = {"samples": len(sound), "values": values}
    return {"phonemes": SPOKEN, "step": STEP, "speakers": speakers}


def voice_json(espeak, language):
    return {
        "audio": {"sample_rate": 22050, "quality": "low"},
        "espeak": {"voice": espeak},
        "language": {"code": language},
        "inference": {"noise_scale": SCALES[0], "length_scale": SCALES[1], "noise_w": SCALES[2]},
        "phoneme_type": "espeak",
        "phoneme_id_map": {phoneme: [number] for number, phoneme in enumerate(PHONEMES)},
        "num_symbols": WIDTHS["n_vocab"],
        "num_speakers": len(SPEAKERS),
        "speaker_id_map": {name: number for number, name in enumerate(SPEAKERS)},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("voice", type=pathlib.Path, help="the .onnx file to write")
    parser.add_argument("--espeak", default="de", help="voice of espeak-ng whose phonemes it takes")
    parser.add_argument("--language", default="de_DE", help="its language")
    options = parser.parse_args()
    options.voice.parent.mkdir(parents=True, exist_ok=True)
    export(options.voice)
    check(options.voice)
    told = json.dumps(golden(options.voice), ensure_ascii=False, separators=(",", ":"))
    options.voice.with_suffix(".golden.json").write_text(told + "\n", encoding="utf-8")
    text = json.dumps(voice_json(options.espeak, options.language), ensure_ascii=False, indent=1)
    pathlib.Path(f"{options.voice}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    run(main)
