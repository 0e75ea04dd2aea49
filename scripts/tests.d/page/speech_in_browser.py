"""Speech into the page and out of it: python speech_in_browser.py URL CHROMIUM [SCENARIO...]"""

import os
import sys

import scenarios
from browser import Site
from scenarios import expect, expect_same, figure, scenario
from speech import FOX, SENTENCES, error_rate

# Heard without a doubt; longer than what is made before the first sound is there.
TEXT = f"{SENTENCES[1]} It is a good morning."


@scenario
def partials_become_finals(site):
    """What is said appears while it is said, and becomes final"""
    with site.page(0.5, FOX, 2.5, color_scheme="light", viewport={"width": 1280, "height": 1000}) as seen:
        seen.until_ready()
        seen.page.locator("#listen-start").click()
        seen.until('document.getElementById("listen-partial").textContent.length > 3', "a partial appears")
        expect_same(seen.page.locator("#listen-finals li").count(), 0, "the finals when the first partial is there")
        expect_same(seen.page.locator("#listen-start").get_attribute("data-on"), "true", "the button's state")
        seen.until('document.getElementById("listen-level").value > 0.02', "the level moves")
        seen.until('document.querySelector("#listen-finals li")', "a final appears")
        final = seen.page.evaluate('document.querySelector("#listen-finals li").firstChild.textContent')
        expect(error_rate(final, FOX) <= 0.12, f"the final is what was said ({final})")
        figure(f"heard: {final}")
        seen.page.locator("#listen-start").click()
        seen.until('document.getElementById("listen-start").dataset.on === "false"', "it ends")
        seen.expect_released()
        expect_same(seen.text("#listen-problem"), "", "the problem at the end")
        expect_same(seen.complaints, [], "what the browser complains about")
        screenshot(seen)


def screenshot(seen):
    """The picture of docs/page.md: a sentence was heard, an answer was interrupted, a text is being spoken."""
    path = os.environ.get("PAGE_SCREENSHOT")
    if not path:
        return
    seen.page.locator("#talk-text").fill("What can you do on such a small board?")
    seen.page.keyboard.press("Enter")
    seen.until_heard("an answer")
    seen.page.wait_for_timeout(1000)
    seen.page.locator("#talk-stop").click()
    seen.until('document.querySelector("#talk-turns small")', "the turn is over")
    seen.page.locator("#speak-start").click()
    seen.until('document.getElementById("speak-length").textContent !== "–"', "the reply is whole")
    seen.page.wait_for_timeout(1500)
    seen.page.screenshot(path=path, full_page=True)
    figure(f"screenshot: {os.path.getsize(path)} bytes")


@scenario
def listening_ends_without_the_server(site):
    """A server that never says the last word keeps nobody waiting: a second click ends it, and the next one listens"""
    with site.page(20) as seen:
        seen.page.route_web_socket("**/asr/stream*", lambda socket: None)
        seen.until_ready()
        for number in (1, 2):
            seen.page.locator("#listen-start").click()
            seen.until('document.getElementById("listen-state").textContent.startsWith("Listening")', "it listens")
            seen.page.locator("#listen-start").click()
            expect("last words" in seen.text("#listen-state"), f"it waits ({seen.text('#listen-state')})")
            seen.page.locator("#listen-start").click()
            expect_same(seen.text("#listen-start"), "Listen to me", f"the button after end {number}")
            seen.expect_released()


@scenario
def a_recording_is_heard(site):
    """Without a microphone, a recording is written down"""
    with site.page() as seen:
        seen.until_ready()
        fox = site.post("/tts", b'{"text": "%s"}' % FOX.encode(), "application/json")
        chosen = {"name": "fox.wav", "mimeType": "audio/wav", "buffer": fox}
        seen.page.locator("#listen-file").set_input_files(chosen)
        seen.until('document.querySelector("#listen-finals li")', "the text appears")
        final = seen.page.evaluate('document.querySelector("#listen-finals li").firstChild.textContent')
        expect(error_rate(final, FOX) <= 0.12, f"it is what was said ({final})")
        bad = {"name": "no.wav", "mimeType": "audio/wav", "buffer": b"this is no sound"}
        seen.page.locator("#listen-file").set_input_files(bad)
        seen.until('document.getElementById("listen-problem").textContent !== ""', "a bad file is told")
        expect("recording" in seen.text("#listen-problem"), f"in words ({seen.text('#listen-problem')})")


@scenario
def speech_starts_before_it_is_made(site):
    """What is typed is heard: the first sound comes before the last is there, and all of it is understood"""
    with site.page() as seen:
        seen.until_ready()
        seen.page.locator("#speak-text").fill(TEXT)
        seen.page.locator("#speak-start").click()
        seen.until("ears.pieces.length > 0", "the first sound is there")
        length = seen.page.evaluate("ears.pieces[0].length")
        expect_same(length, "–", "the length when the first sound is there")
        seen.until_heard("the loudspeaker gives sound")
        seen.until('document.getElementById("speak-length").textContent !== "–"', "the reply is whole")
        pcm, rate = seen.played()
        shown = float(seen.text("#speak-length").split()[0])
        expect(abs(len(pcm) / 2 / rate - shown) < 0.02, f"what plays is as long as the page says ({shown} s)")
        first = int(seen.text("#speak-first").removesuffix(" ms"))
        real = seen.page.evaluate("ears.pieces[0].at") - seen.moment("click")
        expect(abs(first - real) < 100, f"the time to the first sound is right ({first} ms, it was {real:.0f} ms)")
        expect(seen.is_drawn("#speak-wave") > 50, "the waveform is drawn")
        expect(float(seen.text("#speak-rtf")) > 0, "the real-time factor is shown")
        gapless = seen.page.evaluate(
            """ears.pieces.every(({ when }, index, all) => index === 0 || when >= all[index - 1].when
                + all[index - 1].samples.length / all[index - 1].rate - 1e-6)"""
        )
        expect(gapless, "no piece covers the one before it")
        figure(f"first sound {seen.text('#speak-first')}, RTF {seen.text('#speak-rtf')}, {shown} s")
        seen.until('document.getElementById("speak-state").textContent.startsWith("Done")', "it says that it is done")
        heard = site.heard(*seen.output())
        expect(error_rate(heard, TEXT) <= 0.12, f"what the loudspeaker gave is understood ({heard})")
        seen.expect_released()


@scenario
def stop_is_silence(site):
    """A loudspeaker that was taken away comes back; Stop: it is silent at once, and stays so"""
    with site.page() as seen:
        seen.until_ready()
        seen.page.locator("#speak-text").fill(" ".join(SENTENCES * 3))
        seen.page.locator("#speak-start").click()
        seen.until_heard("sound plays")
        # What a phone does when it rings.
        count = seen.page.evaluate("ears.contexts.at(-1).suspend().then(() => ears.loud.length)")
        seen.until_heard("it plays on", after=count)
        seen.page.locator("#speak-stop").click()
        rest = seen.sounding_after(seen.moment("click"))
        expect(rest <= 100, f"silence comes within 100 ms (it took {rest:.0f} ms)")
        figure(f"silent {rest:.0f} ms after the click")
        seen.expect_released()
        before = seen.page.evaluate("ears.loud.length")
        seen.page.locator("#speak-start").click()
        seen.until_heard("the next one speaks", after=before)


@scenario
def no_loudspeaker_is_told(site):
    """Where the browser gives no sound out, the page does not wait in silence"""
    with site.page() as seen:
        seen.until_ready()
        seen.page.evaluate("() => { AudioContext.prototype.resume = function () { return this.suspend(); }; }")
        seen.page.locator("#speak-start").click()
        seen.until('document.getElementById("speak-problem").textContent.includes("no sound out")', "it is told")
        seen.page.locator("#speak-stop").click()
        expect_same(seen.text("#speak-state"), "Stopped.", "the state after the stop")


@scenario
def rates_are_converted_well(site):
    """The microphone's sound keeps its tones at 16 kHz, and none is folded back"""
    with site.page() as seen:
        levels = seen.page.evaluate(
            """async () => {
                globalThis.AudioWorkletProcessor = class {};
                globalThis.registerProcessor = () => {};
                const { Resampler } = await import("/page/recorder.js");
                const level = (from, tone) => {
                    const resampler = new Resampler(from, 16000), made = [];
                    for (let n = 0; n < from; n += 128) {
                        made.push(...resampler.take(Float32Array.from({ length: 128 },
                            (_, i) => Math.sin((2 * Math.PI * tone * (n + i)) / from))));
                    }
                    const middle = made.slice(1000, -1000);
                    const power = middle.reduce((sum, value) => sum + value * value, 0) / middle.length;
                    return [made.length, 10 * Math.log10(2 * power)];
                };
                return [48000, 44100].map((from) => [from, [1000, 5000, 9000, 12000].map((tone) => level(from, tone))]);
            }"""
        )
        for rate, tones in levels:
            expect(abs(tones[0][0] - 16000) < 100, f"a second of {rate} Hz becomes one of 16 kHz ({tones[0][0]})")
            expect(all(abs(level) < 0.3 for _, level in tones[:2]), f"speech keeps its level ({tones[:2]})")
            expect(tones[2][1] < -35 and tones[3][1] < -60, f"tones above 8 kHz are gone ({tones[2:]})")


@scenario
def nothing_and_half_a_reply_are_told(site):
    """A text with nothing to say is told in words, and a stream that breaks in the middle never looks whole"""
    with site.page() as seen:
        seen.until_ready()
        seen.page.locator("#speak-text").fill("…")
        seen.page.locator("#speak-start").click()
        seen.until('document.getElementById("speak-problem").textContent !== ""', "the problem is told")
        expect("nothing to say" in seen.text("#speak-problem"), f"in words ({seen.text('#speak-problem')})")
        seen.page.evaluate(
            """() => {
                // Rate 22050, then noise: a piece of a reply, and the end of the connection.
                const bytes = Uint8Array.from({ length: 40000 }, (_, i) => [0x22, 0x56, 0, 0][i] ?? i & 7);
                window.fetch = async () => new Response(new ReadableStream({
                    start: (controller) => controller.enqueue(bytes),
                    pull: (controller) => controller.error(new TypeError("network error")),
                }, { highWaterMark: 0 }));
            }"""
        )
        seen.page.locator("#speak-start").click()
        seen.until('document.getElementById("speak-problem").textContent.includes("broke")', "the break is told")
        expect("not all of it" in seen.text("#speak-problem"), f"in words ({seen.text('#speak-problem')})")


if __name__ == "__main__":
    with Site(sys.argv[1], sys.argv[2]) as site:
        scenarios.run(site, sys.argv[3:])
