"""Makes the first inputs of the fuzzers, Fuzz/corpus, from the fixtures of the tests: small, one of each kind."""

import json
import pathlib
import struct

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOUND = ROOT / "Tests/SpeechSignalTests/Fixtures"
CORPUS = ROOT / "Fuzz/corpus"


def put(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def wav(tag, bits, channels, data, extra=b""):
    form = struct.pack("<HHIIHH", tag, channels, 16000, 16000 * channels * bits // 8, channels * bits // 8, bits)
    return (struct.pack("<I", 36 + len(data)) + b"fmt " + struct.pack("<I", len(form)) + form + extra
            + b"data" + struct.pack("<I", len(data)) + data)


def sounds():
    put("wav", "pcm16", wav(1, 16, 1, bytes(range(64))))
    put("wav", "float32-two", wav(3, 32, 2, struct.pack("<8f", 0, 1, -1, 2, 1e30, 0.5, -0.5, 0)))
    put("wav", "double", wav(3, 64, 1, struct.pack("<4d", 0, 1, -1, 1e300)))
    put("wav", "mu-law", wav(7, 8, 1, bytes(range(256))))
    put("wav", "chunks", wav(1, 24, 1, bytes(33), b"LIST" + struct.pack("<I", 3) + b"abc\0"))
    put("wav", "long", wav(1, 16, 1, bytes(40), b"ds64" + struct.pack("<IQQQI", 28, 100, 40, 20, 0)))
    for name in ("tone.flac", "tone.mp3", "tone.ogg", "tone.opus", "tone_adpcm.wav", "tone_ulaw.wav"):
        put("container", name, (SOUND / name).read_bytes()[:12000])
    for name in ("tone.aiff", "tone.au", "tone.caf", "tone.w64"):
        put("container", name, (SOUND / name).read_bytes()[:2000])
    for name in ("tone.webm", "tone.m4a", "tone.aac"):
        put("foreign", name, (SOUND / name).read_bytes())
    put("raw", "words", b"16000:2:f32le\n" + struct.pack("<4f", 0, 1, -1, 0.5))
    put("raw", "law", b"8000:1:mulaw\n" + bytes(range(32)))


def models():
    catalog = json.loads((ROOT / "Sources/ModelStore/Resources/catalog.json").read_text())
    for entry in catalog["entries"][:4]:
        one = json.dumps({"schema": 1, "entries": [entry]})
        put("catalog", entry["id"], one[:4096])
        if entry.get("bundle"):
            put("bundle", entry["id"], json.dumps(entry["bundle"])[:4096])
    put("bundle", "small", json.dumps({
        "schema": 1, "family": "piper", "name": "x", "sampleRate": 22050, "languages": ["en"],
        "placements": {"cpu": {"graph": {"runtime": "onnx", "file": "model.onnx"}}}, "config": {"a": 1},
    }))
    put("cmvn", "nnet", "0<Nnet> <Splice> 2 2 [ 0 ]\n<AddShift> 2 2 <LearnRateCoef> 0 [ -8.3 1 ]\n"
        "<Rescale> 2 2 <LearnRateCoef> 0 [ 0.155 2 ] </Nnet>")
    put("cmvn", "commas", "1-8.3,1e3, 4|0.5,2,1")
    put("tokens", "numbered", "<blank> 0\n<s> 1\n\u2581the 2\n  3\nsch@@ 4\n")
    put("tokens", "lines", "a\nb\r\nc")
    piece = b"\n\x05\xe2\x96\x81the\x15\x00\x00\x00\x00\x18\x01"
    put("sentencepiece", "two", b"\n" + bytes([len(piece)]) + piece + b"\n\x03\n\x01a" + b"\x12\x02\x08\x01")
    put("whisper-tokens", "four", b"\x02\x00He\x03\x00\xe4\xbd\xa0\x00\x00\x01\x00\xf0")
    put("grammar", "digits", grammar())
    put("onnx", "weights", onnx())
    put("rknn", "two-ports", rknn())


def field(number, content):
    """A field of a protocol buffer, with bytes or a number in it."""
    def varint(value):
        rest = [value >> shift & 0x7F for shift in range(0, max(1, value.bit_length()), 7)]
        return bytes([byte | 0x80 for byte in rest[:-1]] + rest[-1:])

    if isinstance(content, int):
        return varint(number << 3) + varint(content)
    return varint(number << 3 | 2) + varint(len(content)) + content


def onnx():
    """onnx.proto: a graph with one weight that is large and aligned, one small one, and a pair of metadata."""
    def tensor(name, count):
        return field(1, count) + field(2, 1) + field(8, name)

    small = tensor(b"b", 2) + field(9, struct.pack("<2f", 1, 2))
    head = field(1, 8) + field(14, field(1, b"model_type") + field(2, b"x"))
    for padding in range(4):
        large = tensor(b"w" * (padding + 1), 1024) + field(9, bytes(4096))
        graph = field(5, small) + field(5, large) + field(11, field(1, b"in"))
        model = head + field(7, graph)
        if model.index(bytes(4096)) % 4 == 0:
            return model
    raise SystemExit("no name makes the weight aligned")


def rknn():
    about = json.dumps({
        "version": "2.3.2", "target_platform": ["rk3588"],
        "norm_tensor": [{"tensor_id": 0, "url": "x", "size": [1, 4], "dtype": {"vx_type": "VSI_NN_TYPE_INT8"}},
                        {"tensor_id": 1, "url": "y", "size": [1, 2]}],
        "graph": [{"left": "input", "left_tensor_id": 0, "right_tensor_id": 0},
                  {"left": "output", "left_tensor_id": 0, "right_tensor_id": 1}],
    }).encode()
    text = b"compiler version: 2.3.2 (c)"
    model = text + bytes(64 - len(text))
    head = struct.pack("<8sQQ", b"RKNN", 6, len(model)) + bytes(40)
    return head + model + struct.pack("<Q", len(about)) + about


def grammar():
    """One state that turns a into 1 and b into nothing (OpenFst, vector, standard, version 2)."""
    def name(text):
        return struct.pack("<I", len(text)) + text

    head = struct.pack("<I", 2125659606) + name(b"vector") + name(b"standard")
    head += struct.pack("<II", 2, 0) + struct.pack("<QQQQ", 0, 0, 2, 2)
    arcs = struct.pack("<IIfI", 97, 49, 0.5, 0) + struct.pack("<IIfI", 98, 0, 1, 1)
    back = struct.pack("<IIfI", 97, 50, 0.25, 0)
    return head + struct.pack("<fQ", 0, 2) + arcs + struct.pack("<fQ", 1, 1) + back


def texts():
    texts = {
        "plain": "\x20Dr. Smith paid $3.50 at 9 a.m. in the U.S. Then he left, quietly. \u201cWhy?\u201d",
        "dense": "\x10\u4f60\u597d\u3002\u4e16\u754c\uff1f\u306f\u3044\u3001\ud55c\uad6d",
        "odd": "\x05e\u0301\u0301\u0301 \U0001F469\u200d\U0001F469\u200d\U0001F467 \u202eabc\u202c\ufeff\0\x07 a@b.com",
        "marks": "\x07# Title\n> *bold* **x** `code` [word](http://example.org) ![a](b)\n- [ ] 1. two\n~~~\n",
    }
    for name, text in texts.items():
        for target in ("splitter", "speakable", "markdown"):
            put(target, name, text)
    put("spoken", "numbers", " On 12/31/2024 at 9:05 p.m., $1,234.56 (3.5%) for 20 km\u00b2: "
        "call +1 (555) 010-9999, No. 2nd 1/2 XIV.")
    put("spoken", "addresses", " mail a.b@example.org or https://example.org/x?y=1 \u20ac5m "
        "\u00a33.20 10\u00b0C [[k\u02c8\u0251\u02d0n]] 24/7 1990s")
    put("lexicon", "words", "\ufeff# names\nSQL = sequel\nCaen = [[ k\u02c8\u0251\u02d0n ]]\nnew york=the city\n"
        "\0SQL's in New York, [[a]] Caen's")
    put("lexicon", "mistakes", "a\nb =\n= c\na b c d e = f\nx = [[y]] z\n\0text")


def wire():
    put("json", "all", '{"a": [1, -0.5e-3, true, false, null, "\\u00e4\\ud83d\\ude00\\n"], "b": {"c": ""}}')
    put("json", "python", "[NaN, Infinity, -Infinity, 1e999, 9223372036854775808]")
    part = 'Content-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    put("multipart", "two", f"x1\n--x1\r\n{part}RIFF\r\n--x\r\n--x1 \r\n{part}\r\n--x1--\r\nend")
    put("multipart", "empty", "b\npreamble\r\n--b--")
    put("header", "form", 'Form-Data; name="fi\\"le"; filename="C:\\x\\a.wav" ;a=b;;c')
    piece = '{"choices":[{"delta":{"content":"Hi"}}]}'
    put("events", "chat", f"\ufeff: hello\r\nevent: x\rdata: {piece}\n\ndata\ndata:2\n\n")


for make in (sounds, models, texts, wire):
    make()
