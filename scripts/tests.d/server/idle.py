"""Many streams that say nothing beside some that do: python idle.py http://127.0.0.1:8621 [--streams N]"""

import asyncio
import sys
import time

import scenarios
from scenarios import expect, expect_same, figure, scenario
from serving import Target
from speech import FOX, parse_wav, resampled, words
from streaming import connect, listen

STREAMS = 200
KILOBYTES = 200


@scenario
def idle_beside_busy(target):
    """200 idle streams hold less than 200 kB each, and two busy ones beside them get their text"""
    pcm = resampled(*parse_wav(target.fox), 16000)
    # What the first streams load is not a matter of how many there are.
    asyncio.run(busy(target, pcm))
    asyncio.run(crowd(target, pcm))
    time.sleep(0.2)
    expect_same(target.metrics().value("rkvoice_active_streams"), 0, "the streams that are open in the end")


async def busy(target, pcm):
    """Two streams that speak; returns what they heard."""
    script = [(pcm, 1), {"type": "eou"}]
    return await asyncio.gather(listen(target, script), listen(target, script))


async def crowd(target, pcm):
    before, sockets = target.resident(), []
    for _ in range(STREAMS // 20):
        sockets += await asyncio.gather(*(connect(target) for _ in range(20)))
    try:
        await asyncio.sleep(0.5)
        opened = target.metrics()
        each = (opened.value("process_resident_memory_bytes") - before) / STREAMS / 1000
        expect_same(opened.value("rkvoice_active_streams"), STREAMS, "the streams that are open")
        figure(f"{STREAMS} idle streams: {each:.0f} kB each")
        expect(each < KILOBYTES, f"an idle stream holds less than {KILOBYTES} kB ({each:.0f})")
        processor = target.metrics().value("process_cpu_seconds_total")
        await asyncio.sleep(1)
        used = target.metrics().value("process_cpu_seconds_total") - processor
        expect(used < 0.2, f"idle streams cost no processor time ({used:.2f} s in 1 s)")
        for heard in await busy(target, pcm):
            said = heard.finals[-1]["text"] if heard.finals else heard.messages
            expect(words(str(said)) == words(FOX), f"a busy stream beside them gets its text ({said})")
            early = [seconds for seconds in heard.times("partial") if seconds < heard.audio_ended]
            expect(early, "and partials before the end of its audio")
        together = (target.resident() - before) / STREAMS / 1000
        figure(f"with two busy ones beside them: {together:.0f} kB each")
    finally:
        await asyncio.gather(*(socket.close() for socket in sockets))
    codes = {socket.close_code for socket in sockets}
    expect_same(codes, {1000}, "the close codes of the idle streams")


if __name__ == "__main__":
    if "--streams" in sys.argv:
        STREAMS = int(sys.argv[sys.argv.index("--streams") + 1])
    scenarios.run(Target(sys.argv[1]))
