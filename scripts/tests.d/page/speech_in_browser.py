"""Speech into the page and out of it: python speech_in_browser.py URL CHROMIUM [SCENARIO...]"""

import os
import sys

import scenarios
from browser import Site
from scenarios import expect, expect_same, figure, scenario
from speech import FOX, SENTENCES, error_rate

TEXT = "The children are playing football behind the school. She sells sea shells by the sea shore."


@scenario
def partials_become_finals(site):
    """What is said appears while it is said, and becomes final"""
    with site.page(0.5, FOX, 2.5, color_scheme="light", viewport={"width": 1280, "height": 1000}) as seen:
        seen.until_ready()
        seen.page.locator("#listen-start").click()
        seen.until('document.getElementById("listen-partial").textContent.length > 3', "a partial appears")
        expect_same(seen.page.locator("#listen-finals li").count(), 0, "the finals when the first partial is there")
        expect_same(seen.page.locator("#listen-start").get_attribute("data-on"), "true", "the button's state")
        expect(seen.page.locator("#listen-level").get_attribute("value") != "0", "the level moves")
        seen.until('document.querySelector("#listen-finals li")', "a final appears")
        final = seen.page.evaluate('document.querySelector("#listen-finals li").firstChild.textContent')
        expect(error_rate(final, FOX) <= 0.12, f"the final is what was said ({final})")
        figure(f"heard: {final}")
        seen.page.locator("#listen-start").click()
        seen.until('document.getElementById("listen-start").dataset.on === "false"', "it ends")
        expect_same(seen.text("#listen-problem"), "", "the problem at the end")
        expect_same(seen.complaints, [], "what the browser complains about")
        screenshot(seen)


def screenshot(seen):
    """The picture of docs/page.md: a sentence was heard, another is being said."""
    path = os.environ.get("RKVOICE_PAGE_SCREENSHOT")
    if not path:
        return
    seen.page.locator("#speak-start").click()
    seen.until('document.getElementById("speak-length").textContent !== "–"', "the reply is whole")
    seen.page.screenshot(path=path)
    figure(f"screenshot: {os.path.getsize(path)} bytes")


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
        seen.until("window.playedPieces.length > 0", "the first sound plays")
        expect_same(seen.text("#speak-length"), "–", "the length when the first sound plays")
        seen.until('document.getElementById("speak-length").textContent !== "–"', "the reply is whole")
        pcm, rate = seen.played()
        shown = float(seen.text("#speak-length").split()[0])
        expect(abs(len(pcm) / 2 / rate - shown) < 0.02, f"what plays is as long as the page says ({shown} s)")
        expect(seen.is_drawn("#speak-wave") > 50, "the waveform is drawn")
        expect(float(seen.text("#speak-rtf")) > 0, "the real-time factor is shown")
        heard = site.heard(pcm, rate)
        expect(error_rate(heard, TEXT) <= 0.12, f"it is understood ({heard})")
        gapless = seen.page.evaluate(
            """window.playedPieces.every(({ when }, index, all) => index === 0 || when >= all[index - 1].when
                + all[index - 1].samples.length / all[index - 1].rate - 1e-6)"""
        )
        expect(gapless, "no piece covers the one before it")
        figure(f"first sound {seen.text('#speak-first')}, RTF {seen.text('#speak-rtf')}, {shown} s")
        seen.until('document.getElementById("speak-state").textContent.startsWith("Done")', "it says that it is done")


@scenario
def stop_is_silence(site):
    """Stop: everything queued is cut off at once, and nothing comes after it"""
    with site.page() as seen:
        seen.until_ready()
        seen.page.locator("#speak-text").fill(" ".join(SENTENCES * 3))
        seen.page.locator("#speak-start").click()
        seen.until("window.playedPieces.length > 1", "sound plays")
        seen.page.locator("#speak-stop").click()
        count = seen.count_played()
        cut = seen.page.evaluate("window.playedPieces.filter(({ cut }) => cut !== null).length")
        expect(cut > 0, "what was queued is cut off")
        seen.page.wait_for_timeout(700)
        expect_same(seen.count_played(), count, "the pieces after the stop")
        seen.page.locator("#speak-start").click()
        seen.until(f"window.playedPieces.length > {count}", "the next one speaks")


@scenario
def bad_text_is_told(site):
    """A text with nothing to say is told in words"""
    with site.page() as seen:
        seen.until_ready()
        seen.page.locator("#speak-text").fill("…")
        seen.page.locator("#speak-start").click()
        seen.until('document.getElementById("speak-problem").textContent !== ""', "the problem is told")
        expect("nothing to say" in seen.text("#speak-problem"), f"in words ({seen.text('#speak-problem')})")


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
def half_a_reply_is_told(site):
    """A stream that breaks in the middle never looks whole"""
    with site.page() as seen:
        seen.until_ready()
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
        seen.until('document.getElementById("speak-problem").textContent !== ""', "the break is told")
        expect("not all of it" in seen.text("#speak-problem"), f"in words ({seen.text('#speak-problem')})")


if __name__ == "__main__":
    scenarios.run(Site(sys.argv[1], sys.argv[2]), sys.argv[3:])
