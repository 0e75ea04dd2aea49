"""What the oracle scripts share: records of decoded clips, what must be true of them, the file of them."""
import importlib.metadata
import json

from preparation import PreparationError, say, sha256

PACKAGES = ("sherpa-onnx", "onnxruntime", "kaldi-native-fbank", "numpy", "soxr")
#: A clip whose best token is nearer than this to the second best somewhere is not compared. Features that differ by
#: 1e-3 move scores by a few hundredths.
SMALLEST_MARGIN = 0.25
#: Nor one where a sum of weights is nearer than this to the threshold: the token may fire a row, or a window, later.
SMALLEST_DISTANCE = 1e-5
FEWEST_TEXTS, FEWEST_CLIPS = 20, 20


def header(folder, names):
    return {
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "files": {name: sha256(folder / name) for name in names},
        "smallestMargin": SMALLEST_MARGIN,
    }


def judge(records, excluded):
    """Fails when two decoders differ, when a result is empty, or when all say the same."""
    wrong = [record for record in records if not record.pop("agrees") and record["clip"] not in excluded]
    if wrong:
        names = sorted({record["clip"] for record in wrong})
        raise PreparationError(f"sherpa-onnx decodes {len(wrong)} of {len(records)} otherwise: {', '.join(names)}")
    empty = [record["clip"] for record in records if not record["tokens"]]
    if empty:
        raise PreparationError(f"nothing was heard in {', '.join(sorted(set(empty)))}")
    left = {record["clip"] for record in records} - set(excluded)
    if len(left) < FEWEST_CLIPS:
        raise PreparationError(f"only {len(left)} clips that rounding cannot decide: this model has learned nothing")
    texts = {record["text"] for record in records}
    if len(texts) < FEWEST_TEXTS:
        raise PreparationError(f"only {len(texts)} different texts: this model has learned nothing")
    say(f"{len(records)} decodes, {len(texts)} different texts, all equal; left out: {', '.join(excluded) or 'none'}")


def exclusions(records):
    """Clips that rounding may decide, each with the reason."""
    found = {}
    for record in sorted(records, key=lambda record: record["clip"]):
        margin, distance = record["margin"], record.get("nearestToThreshold", 1.0)
        if margin < SMALLEST_MARGIN:
            found.setdefault(record["clip"], f"two tokens are {margin:.2f} apart in a row, less than {SMALLEST_MARGIN}")
        elif distance < SMALLEST_DISTANCE:
            found.setdefault(record["clip"], f"a sum of weights is {distance:.1g} from where a token fires")
    return found


def write(path, value, records):
    """JSON with one line for each record."""
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    text = json.dumps(value, ensure_ascii=False)[:-1] + ', "clips": [\n' + lines + "\n]}\n"
    path.write_text(text, "utf-8")
    say(f"wrote {path.name} ({path.stat().st_size} bytes)")
