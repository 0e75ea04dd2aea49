"""How the page looks and what it may: python look.py URL CHROMIUM [SCENARIO...]"""

import json
import sys

from axe_playwright_python.sync_playwright import Axe

import scenarios
from browser import Site
from scenarios import expect, expect_same, figure, scenario
from speech import SENTENCES

PHONE = {"width": 360, "height": 740}


@scenario
def loads_cleanly_and_tells_about_the_server(site):
    """The page loads under 70 KB from its own server alone; models, voices, load and health are there, in words"""
    with site.page() as seen:
        seen.until_ready()
        expect_same(seen.complaints, [], "what the browser complains about")
        expect_same([url for url in seen.asked if not url.startswith(site.url)], [], "requests to elsewhere")
        sizes = seen.page.evaluate(
            """() => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
                .filter(({ name }) => /\\/$|\\/page\\//.test(name)).map(({ decodedBodySize }) => decodedBodySize)"""
        )
        total = sum(sizes)
        expect(0 < total < 70_000, f"the page is small ({total} bytes)")
        figure(f"{total} bytes in {len(sizes)} files")
        capabilities = json.loads(seen.page.evaluate('fetch("/capabilities").then((answer) => answer.text())'))
        expect(capabilities["asr"]["model_id"] in seen.text("#models"), "the recognizer is named")
        expect(capabilities["tts"]["model_id"] in seen.text("#models"), "the voice model is named")
        expect(capabilities["tts"]["voices"][0]["name"] in seen.text("#voices"), "the voices are listed")
        seen.until('document.getElementById("load").textContent.includes("MiB")', "the memory is shown")
        expect_same(seen.text("#readiness"), "Ready.", "what is said about the server")
        expect(not seen.page.locator("#microphone-help").is_visible(), "at localhost no microphone is explained")


@scenario
def shows_that_models_load(site):
    """While models load, the page says how far they are; when they are there, it works, and tells what answers"""
    details = {"asr": {"state": "loading", "step": "reading weights", "progress": 0.4}, "tts": {"state": "ready"}}
    loading = json.dumps({"status": "not_ready", "reasons": ["loading"], "details": details})
    echo = {"name": "echo", "notice": "no model."}
    with site.page(path="/livez") as seen:
        seen.page.route("**/readyz", lambda route: route.fulfill(status=503, body=loading))
        seen.page.goto(site.url + "/")
        seen.until('document.querySelector("#loading progress")', "a progress bar is there")
        expect("reading weights" in seen.text("#loading"), "the step is named")
        expect_same(seen.page.evaluate('document.querySelector("#loading progress").value'), 0.4, "the progress")
        expect("loading" in seen.text("#readiness"), f"the readiness says so ({seen.text('#readiness')})")
        seen.page.unroute("**/readyz")
        seen.page.route("**/capabilities", lambda route: route.fulfill(json={**route.fetch().json(), "llm": echo}))
        seen.until_ready()
        expect_same(seen.page.locator("#loading progress").count(), 0, "the progress bars of what is ready")
        seen.until('document.getElementById("talk-notice").textContent === "No model."', "what answers is told")
        expect(seen.page.locator("#talk-notice").is_visible(), "it is shown")


@scenario
def says_that_the_server_is_gone(site):
    """A server that does not answer is told in words, and found again"""
    with site.page() as seen:
        seen.until_ready()
        seen.page.route("**/*", lambda route: route.abort())
        seen.page.locator("#speak-start").click()
        seen.until('document.getElementById("speak-problem").textContent !== ""', "the problem is told")
        expect("does not answer" in seen.text("#speak-problem"), f"it is told in words ({seen.text('#speak-problem')})")
        seen.page.unroute("**/*")
        seen.page.locator("#speak-start").click()
        seen.until("ears.pieces.length > 0", "speech plays again")
        expect_same(seen.text("#speak-problem"), "", "the problem that is over")


@scenario
def a_locked_microphone_is_explained(site):
    """Over plain http from another machine: what to do about the microphone, and speech plays all the same"""
    with site.page(host="board.test") as seen:
        expect_same(seen.page.evaluate("isSecureContext"), False, "the context's security")
        seen.until_ready()
        expect(seen.page.locator("#microphone-help").is_visible(), "the help is shown")
        help_text = seen.text("#microphone-help")
        for word in ("ssh -L", "--tls-cert", "chrome://flags/#unsafely-treat-insecure-origin-as-secure", "board.test"):
            expect(word in help_text, f'"{word}" is in the help')
        expect(seen.page.locator("#listen-start").is_disabled(), "the button that needs a microphone is off")
        seen.page.locator("#speak-start").click()
        seen.until("ears.pieces.length > 0", "speech plays")
        expect_same(seen.complaints, [], "what the browser complains about")


@scenario
def a_refused_microphone_is_told(site):
    """Without a microphone the page says why, and the rest works"""
    with site.page(microphone=False) as seen:
        seen.until_ready()
        for part in ("listen", "talk"):
            seen.page.locator(f"#{part}-start").click()
            seen.until(f'document.getElementById("{part}-problem").textContent !== ""', "the problem is told")
            expect("refused" in seen.text(f"#{part}-problem"), f"it is in words ({seen.text(f'#{part}-problem')})")
        expect_same(seen.page.locator("#listen-start").get_attribute("data-on"), "false", "the button's state")
        expect("Type" in seen.text("#talk-state"), f"one can type ({seen.text('#talk-state')})")
        seen.page.evaluate(
            '() => navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotFoundError"))'
        )
        seen.page.locator("#listen-start").click()
        seen.until('document.getElementById("listen-problem").textContent.includes("no microphone")', "none is told")


@scenario
def an_absent_readiness_is_no_fault(site):
    """Of a server that does not say whether it is ready, or what it does, the rest is shown"""
    with site.page(path="/livez") as seen:
        for name in ("readyz", "metrics"):
            seen.page.route(f"**/{name}", lambda route: route.fulfill(status=404, body="{}"))
        seen.page.goto(site.url + "/")
        seen.until('document.querySelector("#voices li")', "the voices are listed")
        expect("does not say" in seen.text("#readiness"), f"the readiness is told ({seen.text('#readiness')})")
        expect_same(seen.text("#status-problem"), "", "the problem")


SIZES = [{"width": 1280, "height": 900}, PHONE]


def faults(seen):
    """What axe finds that is serious or worse."""
    found = Axe().run(seen.page).response["violations"]
    bad = [fault for fault in found if fault["impact"] in ("serious", "critical")]
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:120]}" for fault in bad]


@scenario
def no_serious_accessibility_fault(site):
    """axe finds nothing serious: light, dark, phone; who asked for less motion or for the dark gets it"""
    with site.page(host="board.test") as seen:
        seen.until_ready()
        seen.page.locator("#key-box summary").click()
        seen.page.locator("#talk-text").fill(" ".join(SENTENCES))
        seen.page.keyboard.press("Enter")
        seen.until_heard("an answer")
        seen.page.keyboard.press("Escape")
        seen.until('document.querySelector("#talk-turns .cut")', "what was not heard is crossed out")
        seen.page.locator("#speak-text").fill("…")
        seen.page.keyboard.press("Control+Enter")
        seen.until('document.getElementById("speak-problem").textContent !== ""', "a problem is told")
        for scheme in ("light", "dark"):
            for size in SIZES:
                seen.page.emulate_media(color_scheme=scheme)
                seen.page.set_viewport_size(size)
                seen.page.wait_for_timeout(200)
                expect_same(faults(seen), [], f"faults in {scheme} at {size['width']} pixels")
        seen.page.emulate_media(reduced_motion="reduce", color_scheme="dark")
        style = seen.page.evaluate(
            """() => [getComputedStyle(document.querySelector("button")).transitionDuration,
                      getComputedStyle(document.documentElement).backgroundColor]"""
        )
        expect_same(style[0], "0s", "how long a button takes to change")
        dark = [int(part) for part in style[1].removeprefix("rgb(").removesuffix(")").split(",")]
        expect(max(dark) < 60, f"the ground is dark ({style[1]})")


@scenario
def fits_a_phone(site):
    """Nothing sticks out of a narrow screen or covers something else, and buttons are big enough for a finger"""
    with site.page(host="board.test") as seen:
        seen.until_ready()
        seen.page.locator("#key-box summary").click()
        for width in (320, 360, 768, 900, 1280, 1600):
            seen.page.set_viewport_size({"width": width, "height": 700})
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            expect(wide <= width, f"the page is not wider than {width} ({wide})")
            covered = seen.page.evaluate(COVERED)
            expect_same(covered, [], f"what covers something else at {width}")
            # WCAG 2.2, 2.5.5 (AAA) asks for 44 pixels.
            low = seen.page.evaluate(
                """() => [...document.querySelectorAll("button")]
                    .filter((button) => button.offsetParent && button.offsetHeight < 44).map(({ id }) => id)"""
            )
            expect_same(low, [], "buttons lower than 44 pixels")


# Pairs of things that are seen, do not contain each other, and share a pixel.
COVERED = """
() => {
    const kinds = "button, input, select, textarea, canvas, .log, p, h2, summary, dl > div";
    const things = [...document.querySelectorAll(kinds)]
        .filter((thing) => thing.offsetParent && !thing.closest(".skip"))
        .map((thing) => [thing, thing.getBoundingClientRect()]).filter(([, box]) => box.width && box.height);
    const named = ({ id, textContent }) => id || textContent.slice(0, 20);
    return things.flatMap(([one, a], index) => things.slice(index + 1)
        .filter(([other, b]) => !one.contains(other) && !other.contains(one)
            && Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
            && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1)
        .map(([other]) => `${named(one)} and ${named(other)}`));
}
"""


@scenario
def works_by_keyboard(site):
    """Every control is reached by Tab and shows that it is, and speech starts and stops without a mouse"""
    with site.page() as seen:
        seen.until_ready()
        reached = []
        for _ in range(40):
            seen.page.keyboard.press("Tab")
            focus = seen.page.evaluate(
                """() => {
                    const { id, tagName } = document.activeElement;
                    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
                    return [id || tagName, outlineStyle !== "none" && parseFloat(outlineWidth) > 0];
                }"""
            )
            expect(focus[1] or focus[0] == "BODY", f"{focus[0]} shows that it has the focus")
            reached.append(focus[0])
        for name in ("listen-start", "listen-language", "speak-text", "speak-start", "talk-start", "talk-text"):
            expect(name in reached, f"{name} is reached ({reached})")
        seen.page.locator("#speak-text").focus()
        seen.page.keyboard.press("Control+Enter")
        seen.until("ears.pieces.length > 0", "Control and Enter in the text speak it")
        seen.page.locator("#speak-stop").focus()
        seen.page.keyboard.press("Space")
        expect_same(seen.text("#speak-state"), "Stopped.", "what the space bar does")
        expect_same(seen.page.evaluate("document.activeElement.id"), "speak-start", "where the focus goes")


if __name__ == "__main__":
    with Site(sys.argv[1], sys.argv[2]) as site:
        scenarios.run(site, sys.argv[3:])
