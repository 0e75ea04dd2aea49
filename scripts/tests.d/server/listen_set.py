"""Accuracy and latency of streamed speech on a test set. Part of listen.py.

    python listen.py http://127.0.0.1:8621 --set DIR [--clips N] [--pace P] [--beside N]

Every clip of DIR/manifest.json in 20 ms frames, at real-time pace, two beside each other; then the same clip by /asr.
Printed are corpus-level word error rates of both, words of stable text that finals revised, and times.
"""

import asyncio
import dataclasses
import difflib
import json
import pathlib
import statistics

from scenarios import expect, figure, finish
from speech import edits, parse_wav, words
from streaming import listen, stable_violations


@dataclasses.dataclass
class Clip:
    path: pathlib.Path
    text: str
    language: str
    heard: object = None
    offline: str = ""
    seconds: float = 0
    decode: float = 0


def option(arguments, name, default):
    return type(default)(arguments[arguments.index(name) + 1]) if name in arguments else default


def measure(target, folder, arguments):
    entries = json.loads(pathlib.Path(folder, "manifest.json").read_text())
    clips = [Clip(pathlib.Path(folder, item["file"]), item["text"], item["language"]) for item in entries]
    clips = [clip for clip in clips if clip.language == "en"][: option(arguments, "--clips", 10_000)]
    pace, beside = option(arguments, "--pace", 1.0), option(arguments, "--beside", 2)
    asyncio.run(stream_all(target, clips, pace, beside))
    for clip in clips:
        answer = target.http.post("/asr", content=clip.path.read_bytes(), params={"language": "auto"}).json()
        clip.offline, clip.decode = answer["text"], answer["inference_time"]
    report(clips)
    finish()


async def stream_all(target, clips, pace, beside):
    gate = asyncio.Semaphore(beside)

    async def stream(clip):
        pcm, rate = parse_wav(clip.path.read_bytes())
        clip.seconds = len(pcm) / 2 / rate
        async with gate:
            clip.heard = await listen(target, [(pcm, pace), {"type": "eou"}], sample_rate=rate)

    await asyncio.gather(*(stream(clip) for clip in clips))


def rate(pairs):
    """Corpus-level word error rate in percent."""
    pairs = list(pairs)
    return 100 * sum(edits(words(a), words(b)) for a, b in pairs) / sum(len(words(b)) for _, b in pairs)


def revisions(heard):
    """Words of text called stable, and how many of them the final of their utterance does not have in that order."""
    stable, revised, promised = 0, 0, []
    for _, message in heard.messages:
        if message["type"] == "partial":
            before = len(message["text"]) - len(message["utterance"])
            count = max(0, message["stable_chars"] - before)
            promised = words(message["utterance"][:count])
            if promised and message["utterance"][count : count + 1].isalnum():
                promised.pop()  # half of a word is no promise of a word
        elif message["type"] == "final":
            same = difflib.SequenceMatcher(None, promised, words(message["utterance"]), autojunk=False)
            stable += len(promised)
            revised += len(promised) - sum(block.size for block in same.get_matching_blocks())
            promised = []
    return stable, revised


def percentile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(part * len(values)))]


def report(clips):
    unfinished = [clip for clip in clips if not (clip.heard.finals and clip.heard.finals[-1]["session_complete"])]
    expect(not unfinished, f"every clip gets its final ({[clip.path.name for clip in unfinished]})")
    clips = [clip for clip in clips if clip not in unfinished]
    streamed = rate((clip.heard.finals[-1]["text"], clip.text) for clip in clips)
    offline = rate((clip.offline, clip.text) for clip in clips)
    count = sum(len(words(clip.text)) for clip in clips)
    figure(f"{len(clips)} clips, {count} words: WER {streamed:.2f} % streamed, {offline:.2f} % by /asr")
    expect(streamed <= offline + 2, "the streamed rate is at most 2 points above that of /asr")
    stable, revised = map(sum, zip(*(revisions(clip.heard) for clip in clips)))
    figure(f"{stable} words called stable, {revised} of them revised ({100 * revised / max(1, stable):.2f} %)")
    expect(revised <= 0.01 * stable, "finals revise at most 1 % of the stable words")
    broken = sum(len(stable_violations(clip.heard)) for clip in clips)
    expect(broken == 0, f"no partial changes stable text ({broken} did)")
    report_times(clips)


def report_times(clips):
    # After the last sample as the client sees it, the network and the closing of the loop included.
    after = [clip.heard.times("final")[-1] - clip.heard.audio_ended for clip in clips]
    excess = [seconds - clip.decode for seconds, clip in zip(after, clips)]
    first = [clip.heard.times("partial")[0] for clip in clips if clip.heard.times("partial")]
    early = [clip for clip in clips if any(s < clip.heard.audio_ended for s in clip.heard.times("partial"))]
    figure(f"finalize after the last sample: p50 {statistics.median(after):.3f} s, p95 {percentile(after, 0.95):.3f} s")
    figure(f"above the clip's bare decode: p50 {statistics.median(excess):.3f} s, p95 {percentile(excess, 0.95):.3f} s")
    figure(f"first partial: p50 {statistics.median(first):.2f} s, p95 {percentile(first, 0.95):.2f} s")
    figure(f"{len(early)} of {len(clips)} clips had a partial before the end of the audio")
    long = [clip for clip in clips if clip.seconds >= 3]
    expect(all(clip in early for clip in long), "every clip of 3 s or more has a partial before its end")
