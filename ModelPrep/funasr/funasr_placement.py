"""Where the stages of SenseVoice and Paraformer run on a Rockchip NPU, in the layouts of rkvoice-stream.

Beside common/rknn_placement.py and not in it: that file belongs to the revision of every prepared model.
"""
from rknn_placement import BOARDS, on_cpu

#: Rows of the encoder's buckets: a stream's window, and 2.4 to 24 s as rkvoice-stream publishes them.
ENCODER_ROWS = [18, 40, 80, 160, 240, 400]
#: Rows and tokens of the decoder.
DECODER_ROWS, DECODER_TOKENS = 400, 40
#: Rows of SenseVoice's window: 4 queries and 340 rows of sound, 20.4 s.
WINDOW_ROWS = 344
ROW = 560


def compiled(file, source, shapes, **more):
    return {"file": file, "runtime": "rknn", **more, "source": source, "shapes": shapes}


def prefix_buckets(stem, cut, rows):
    """The encoder's first blocks in several lengths; what is missing is filled up and masked."""
    axes = {"speech": 1, "encoder_pad_mask": 1, cut: 1}
    return [
        compiled(
            f"{stem}.{count}.fp16.{{board}}.rknn", f"{stem}.onnx",
            {"speech": [1, count, ROW], "encoder_pad_mask": [1, count]},
            frames=count, axes=axes, pad="zero", mask="encoder_pad_mask",
        )
        for count in rows
    ]


def fixed_decoder(width, caches, length, rows, tokens):
    """One length of rows and tokens; the reader fills up and masks, as two lengths are no bucket."""
    shapes = {"enc": [1, rows, width], "acoustic_embeds": [1, tokens, width]}
    shapes |= {f"in_cache_{index}": [1, width, length] for index in range(caches)}
    shapes |= {"pad_mask": [1, tokens], "enc_pad_mask": [1, rows], "cache_window": [1, length + tokens, length]}
    return compiled(f"decoder.{rows}x{tokens}.fp16.{{board}}.rknn", "decoder-filled.onnx", shapes)


def paraformer(block, cut, config, rows, decoder):
    """`cpu`: both halves in ONNX Runtime; `hybrid`: the first on the NPU; `rknn`: the decoder there too."""
    stems = (f"encoder_prefix_to_block{block}", f"encoder_suffix_from_block{block}")
    halves = [[{"file": f"{stem}.onnx", "runtime": "onnx"}] for stem in stems]
    on_npu = [prefix_buckets(stems[0], cut, rows), halves[1]]
    fixed = fixed_decoder(config["width"], config["caches"], config["cacheLength"], *decoder)
    return {
        "cpu": {"encoder": halves, "decoder": on_cpu("decoder-rknn.onnx")},
        "hybrid": {"boards": BOARDS, "encoder": on_npu, "decoder": on_cpu("decoder-rknn.onnx")},
        "rknn": {"boards": BOARDS, "encoder": on_npu, "decoder": [[fixed]]},
    }


def sensevoice(rows):
    """The encoder over a window of fixed length, its queries in front and its filling masked."""
    window = {"frames": rows, "axes": {"speech": 1, "mask": 1, "logits": 1}, "pad": "zero", "mask": "mask"}
    shapes = {"speech": [1, rows, ROW], "mask": [1, rows]}
    part = compiled(f"sense-voice-encoder.{rows}.fp16.{{board}}.rknn", "sense-voice-encoder.onnx", shapes, **window)
    return {
        "cpu": {"encoder": [[{"file": "sense-voice-encoder.onnx", "runtime": "onnx", **window}]]},
        "rknn": {"boards": BOARDS, "encoder": [[part]]},
    }
