"""What a server or `transcribe` heard of clips, and what of it differs.

    placements.py clips FOLDER OUT NAME...          clips of 32-bit floats as 16-bit WAV files
    placements.py serve URL OUT.json CLIP.wav...    POST /asr and WebSocket /asr/stream of each clip
    placements.py files OUT.json                    the JSON lines of `transcribe --format json`, from standard input
    placements.py rows FILES.json                   LFR rows of each stretch of speech that was heard, in order
    placements.py same WHAT WANTED.json FOUND.json  fails where texts or segments differ, or too little was heard
"""

import array
import asyncio
import json
import pathlib
import sys
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))

#: Texts that have to be heard, and different ones among them.
FEWEST = 6
#: Seconds of silence behind what is streamed.
SILENCE = 0.9


def clips(folder, out, *names):
    for name in names:
        data = (pathlib.Path(folder) / f"{name}.wav").read_bytes()
        start = data.index(b"data") + 8
        size = int.from_bytes(data[start - 4 : start], "little") // 4 * 4
        floats = array.array("f", data[start : start + size])
        samples = array.array("h", (max(-32768, min(32767, round(32768 * value))) for value in floats))
        with wave.open(str(pathlib.Path(out) / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, 16000, 0, "NONE", ""))
            file.writeframes(samples.tobytes())


def serve(url, out, *paths):
    import streaming
    from serving import Target

    target, heard = Target(url), {}
    for path in paths:
        answer = target.http.post("/asr", content=pathlib.Path(path).read_bytes())
        if answer.status_code != 200:
            sys.exit(f"  not so: /asr hears {path} ({answer.status_code}: {answer.text[:200]})")
        with wave.open(path) as file:
            pcm = file.readframes(file.getnframes()) + bytes(int(2 * SILENCE * 16000))
        stream = asyncio.run(streaming.listen(target, [pcm, {"type": "eou"}], sample_rate=16000))
        if not stream.finals or streaming.stable_violations(stream):
            sys.exit(f"  not so: /asr/stream hears {path}, and what is stable stays ({stream.messages[-2:]})")
        # The small SenseVoice's last full stop comes and goes from run to run, on the CPU as well: a live final hears
        # more or less of the silence behind the speech, depending on whether it was decoded in advance.
        text = stream.finals[-1]["text"].rstrip(".。")
        heard[pathlib.Path(path).name] = {"asr": answer.json()["text"], "stream": text}
    write(out, heard)


def files(out):
    reports = [json.loads(line) for line in sys.stdin if line.strip()]
    write(out, {pathlib.Path(report["file"]).name: report for report in reports})


def write(out, heard):
    for report in heard.values():
        report.pop("file", None)
        report.pop("simulated", None)
    pathlib.Path(out).write_text(json.dumps(heard), "utf-8")


def rows(path):
    """As the front end counts: frames of 400 samples every 160, seven frames every six, none in front."""
    for report in json.loads(pathlib.Path(path).read_text("utf-8")).values():
        for segment in report["segments"]:
            samples = round((segment["end"] - segment["start"]) * 16000)
            print(((samples - 400) // 160 + 1 - 7) // 6 + 1)


def same(what, wanted_path, found_path):
    wanted, found = (json.loads(pathlib.Path(path).read_text("utf-8")) for path in (wanted_path, found_path))
    texts = [text for report in wanted.values() for key, text in report.items() if key in ("asr", "stream", "text")]
    if len([text for text in texts if text]) < FEWEST or len(set(texts)) < FEWEST:
        sys.exit(f"  not so: something is heard to be compared ({texts})")
    differing = [name for name in wanted if wanted[name] != found.get(name)]
    for name in differing:
        print(f"  {name}: {wanted[name]}\n  found: {found.get(name)}")
    if differing:
        sys.exit(f"  not so: {what} is heard as on the CPU ({len(differing)} of {len(wanted)} differ)")
    print(f"  {what}: {len(texts)} of {len(texts)} texts the same")


if __name__ == "__main__":
    {"clips": clips, "serve": serve, "files": files, "rows": rows, "same": same}[sys.argv[1]](*sys.argv[2:])
