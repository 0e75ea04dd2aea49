"""What docs/Benchmarks.md and the README say of `rkvoice bench`: used by benchmarks.sh.

story.py options ROOT  lines of a subcommand and the options that are named with it
story.py figures ROOT  fails where the README quotes what the tables do not have, or a table breaks a promise
"""
import pathlib
import re
import sys

PLACE = re.compile(r"<!-- bench (\w+) -->(.*?)<!-- /bench \1 -->", re.S)
QUOTE = re.compile(r"<!-- from docs/Benchmarks.md -->(.*?)<!-- / -->", re.S)


def rows(text):
    """The rows of Markdown tables, as lists of cells."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not set(line) <= set("|-: ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def options(documents):
    named = {}
    for text in documents:
        for command, rest in re.findall(r"\bbench (asr|tts|vad|frontend|stream|server|npu|llm)\b([^\n`|]*)", text):
            named.setdefault(command, set()).update(re.findall(r"(?<!\S)--[a-z][a-z-]+", rest))
    for command, found in sorted(named.items()):
        print(command, *sorted(found))


def number(cell):
    found = re.match(r"[-\d.]+", cell)
    return float(found.group()) if found else None


def table(places, name):
    """A table by its rows' names: {row: {column: cell}}."""
    head, *body = rows(places[name])
    return {row[0]: dict(zip(head, row)) for row in body}


def promises(places):
    """What each table has to keep, as (what, value, most)."""
    ears, voices = table(places, "asr"), table(places, "tts")
    ours, peer = ears["rkvoice whisper-base"], ears["faster-whisper int8"]
    cer, start = "CER % (English)", "start to text"

    def parts(cell):
        """Seconds and megabytes of a cold start."""
        seconds, memory = cell.split(", ")
        return number(seconds) * (0.001 if " ms" in seconds else 1), number(memory)

    yield "CER of the default", number(ours[cer]), number(peer[cer]) + 1
    joined = table(places, "joined")["rkvoice whisper-base"]
    yield "time on clips of about 10 s", number(joined["about 10 s"]), 0.65
    yield "time on clips of about 3 s", number(ours["about 3 s"]), 0.45
    for label, value, reference in zip(("start", "memory"), parts(ours[start]), parts(peer[start])):
        yield f"{label} of transcribe, of the peer's", value / reference, 0.6
    balanced, low, words = voices["rkvoice balanced"], voices["rkvoice low"], "round trip, WER %"
    python = voices["piper-tts"]
    first = [parts(row["start to file"])[0] for row in (balanced, python)]
    yield "start of say, of the peer's", first[0] / first[1], 0.6
    yield "memory of 60 sentences, of the peer's", number(balanced["peak RSS"]) / number(python["peak RSS"]), 0.6
    for mode in ("low", "balanced", "quality"):
        yield f"whole sentence, {mode}", number(voices[f"rkvoice {mode}"]["whole sentence, ratio"]), 1.03
    yield "first PCM, balanced", number(balanced["ratio"]), 0.38
    yield "first PCM, low, early clause break", number(low["ratio, early clause break"]), 0.25
    yield "round trip", number(balanced[words]), number(python[words]) + 2


def figures(benchmarks, readme):
    places = dict(PLACE.findall(benchmarks))
    known = {tuple(row) for text in places.values() for row in rows(text)}
    quotes = QUOTE.findall(readme)
    strange = [row for text in quotes for row in rows(text) if tuple(row) not in known]
    broken = [f"{what}: {value:.3f}, promised {most:.3f}" for what, value, most in promises(places) if value > most]
    for text in places.values():
        if "$ ./rkvoice bench" not in text or not re.search(r"^On .+ cores; \d{4}-", text, re.M):
            broken.append("a table without its command or machine")
    for row in strange:
        print("the README has a row that no table has:", " | ".join(row), file=sys.stderr)
    for line in broken + ([] if quotes else ["the README quotes nothing"]):
        print(line, file=sys.stderr)
    return not (strange or broken) and bool(quotes)


if __name__ == "__main__":
    root = pathlib.Path(sys.argv[2])
    texts = [(root / name).read_text("utf-8") for name in ("docs/Benchmarks.md", "README.md")]
    if sys.argv[1] == "options":
        options(texts)
    elif not figures(*texts):
        sys.exit(1)
