"""Hours of speech, and whether memory stayed flat.

    soak.py audio HOURS OUT.wav CLIP.wav...   clips in random order with pauses, 16 kHz
    soak.py run HOURS LABEL COMMAND...        runs a command that prints what it hears, and watches its memory
    soak.py stream HOURS LABEL URL PID AUDIO.wav  the same through /asr/stream as fast as it goes; PID: the server's
"""

import asyncio
import json
import pathlib
import random
import statistics
import subprocess
import sys
import threading
import time
import wave

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "server"))

PAUSES = (0.3, 0.7, 1.5, 3, 6)
#: Seconds at the start without longer pauses: models hear the longest utterances first, and have their memory.
DENSE = 300
#: How much more memory may be held at the end than in the middle, and words an hour that are heard at least. ONNX
#: Runtime's arena takes its time to have the peak of every length: 8 h of the whole Paraformer went from 115 MB after a
#: tenth to 121 in the middle and 122 at the end.
GROWTH, WORDS = 1.1, 1500


def audio(hours, out, *paths):
    clips = []
    for path in paths:
        with wave.open(path) as file:
            clips.append(file.readframes(file.getnframes()))
    numbers, left = random.Random(6), int(float(hours) * 3600) * 32000
    dense = left - DENSE * 32000
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        while left > 0:
            pause = PAUSES[0] if left > dense else numbers.choice(PAUSES)
            block = numbers.choice(clips) + bytes(int(pause * 16000) * 2)
            file.writeframesraw(block[:left])
            left -= len(block)


def resident(process):
    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0


class Watch(threading.Thread):
    """Samples the resident memory of a process, in megabytes."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.sizes, self.done, self.began = process, [], threading.Event(), time.monotonic()

    def run(self):
        while not self.done.wait(0.25):
            try:
                self.sizes.append(resident(self.process))
            except OSError:
                return

    def judge(self, label, hours, words):
        self.done.set()
        self.join()
        sizes = [size for size in self.sizes if size > 0]
        if len(sizes) < 20:
            sys.exit(f"  not so: {label} took long enough to be watched ({len(sizes)} samples)")
        tenth = max(1, len(sizes) // 10)
        early, late = (statistics.median(part) for part in (sizes[4 * tenth : 5 * tenth], sizes[-tenth:]))
        took = time.monotonic() - self.began
        print(
            f"  {label}: {hours} h in {took:.0f} s, {words} words; {early:.1f} MB in the middle, {late:.1f} MB at "
            f"the end, {max(sizes):.1f} MB at most"
        )
        print("    " + " ".join(f"{size:.0f}" for size in sizes[:: max(1, len(sizes) // 20)]))
        if late > GROWTH * early or max(sizes) > GROWTH * max(sizes[: 5 * tenth]):
            sys.exit(f"  not so: memory grows by less than {100 * GROWTH - 100:.0f} %")
        if words < WORDS * float(hours):
            sys.exit(f"  not so: it hears at least {WORDS} words an hour")


def run(hours, label, *command):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    watch = Watch(process.pid)
    watch.start()
    words = sum(len(line.split()) for line in process.stdout)
    if process.wait() != 0:
        sys.exit(f"  not so: {label} ends well ({process.returncode})")
    watch.judge(label, hours, words)


async def streamed(url, path):
    """Words of the finals, and how many there were."""
    import streaming
    from serving import Target

    words = finals = 0
    async with streaming.connect(Target(url), sample_rate=16000, multi_utterance="true") as socket:

        async def send():
            with wave.open(path) as file:
                while block := file.readframes(16000):
                    await socket.send(block)
            await socket.send(json.dumps({"type": "stop"}))

        sender = asyncio.create_task(send())
        async for text in socket:
            message = json.loads(text)
            if message["type"] == "error":
                sys.exit(f"  not so: the stream is heard to its end ({message})")
            if message["type"] == "final":
                words, finals = words + len(message["utterance"].split()), finals + 1
                if message.get("session_complete"):
                    break
        sender.cancel()
    return words, finals


def stream(hours, label, url, process, path):
    watch = Watch(int(process))
    watch.start()
    words, finals = asyncio.run(streamed(url, path))
    print(f"  {label}: {finals} utterances")
    watch.judge(label, hours, words)


if __name__ == "__main__":
    {"audio": audio, "run": run, "stream": stream}[sys.argv[1]](*sys.argv[2:])
