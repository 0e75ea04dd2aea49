"""Conversations on the page: python dialogue_in_browser.py URL CHROMIUM [SCENARIO...]"""

import sys

import scenarios
from browser import Site
from scenarios import expect, expect_same, figure, scenario
from speech import FOX, SENTENCES, error_rate

LONG = " ".join(SENTENCES * 2)
# One breath: a pause in it would end the turn. Its answer is long enough to be interrupted.
BREATH = "The quick brown fox jumps over the lazy dog while the children are playing football behind the school."
# Sound that is queued or playing, and not cut off.
SOUNDING = "window.playedPieces.some(({ cut, isOver }) => cut === null && !isOver)"


def lines(seen):
    """What is in the log: who, and what was said."""
    return seen.page.evaluate(
        """[...document.querySelectorAll("#talk-turns li")].map((item) => {
            const [who, said] = item.querySelectorAll("span");
            return [who.textContent, said.textContent];
        })"""
    )


def until_lines(seen, count, claim, seconds=30):
    seen.until(f'document.querySelectorAll("#talk-turns li").length >= {count}', claim, seconds)


def start(seen):
    seen.until_ready()
    seen.page.locator("#talk-start").click()
    seen.until('document.getElementById("talk-state").textContent.startsWith("Listening")', "it listens")


@scenario
def a_spoken_turn(site):
    """What is said into the microphone is understood, answered, and the answer is understood"""
    with site.page(0.5, FOX, 8) as seen:
        start(seen)
        until_lines(seen, 2, "a question and an answer are there")
        (who, question), (other, answer) = lines(seen)[:2]
        expect_same((who, other), ("You:", "Answer:"), "who speaks")
        expect(error_rate(question, FOX) <= 0.12, f"the question is what was said ({question})")
        seen.until("window.playedPieces.length > 0", "the answer is heard")
        seen.until('document.querySelector("#talk-turns small")', "what the turn cost is told")
        heard = site.heard(*seen.played())
        expect(error_rate(heard, answer) <= 0.12, f"the answer is understood ({heard}, it said {answer})")
        expect(seen.is_drawn("#talk-wave") > 20, "the answer is drawn")
        figure(f"the turn: {seen.page.locator('#talk-turns small').first.inner_text()}")
        expect_same(seen.text("#talk-problem"), "", "the problem")
        expect_same(seen.complaints, [], "what the browser complains about")


@scenario
def speaking_interrupts(site):
    """Who speaks while the answer is heard silences it, and is answered next"""
    with site.page(0.5, BREATH, 2.5, FOX, 20) as seen:
        start(seen)
        seen.until("window.playedPieces.length > 0", "the answer to the first is heard", 60)
        seen.until("window.playedPieces.some(({ cut }) => cut !== null)", "it is silenced when somebody speaks")
        gone = seen.page.evaluate(
            """() => {
                const cut = window.playedPieces.filter((piece) => piece.cut !== null);
                const first = Math.min(...cut.map((piece) => piece.cut));
                return window.playedPieces.filter(({ at, cut }) => at > first && at < first + 500 && !cut).length;
            }"""
        )
        expect_same(gone, 0, "the pieces of the old answer that were queued after it")
        until_lines(seen, 4, "the next turn has its question and its answer", 60)
        question = lines(seen)[2][1]
        expect(error_rate(question, FOX) <= 0.25, f"the interruption is understood ({question})")
        expect(seen.page.locator("#talk-turns small", has_text="interrupted").count() > 0, "the log says what was cut")


@scenario
def the_button_and_escape_interrupt(site):
    """A typed turn is answered; the button and the Escape key silence it at once, and the next turn is right"""
    with site.page() as seen:
        seen.until_ready()
        for number, interrupt in enumerate([
            lambda: seen.page.locator("#talk-stop").click(), lambda: seen.page.keyboard.press("Escape"),
        ]):
            before = seen.count_played()
            seen.page.locator("#talk-text").fill(LONG)
            seen.page.keyboard.press("Enter")
            seen.until(f"window.playedPieces.length > {before}", "the answer is heard")
            interrupt()
            expect(not seen.page.evaluate(SOUNDING), f"it is silent at once ({number})")
            count = seen.count_played()
            seen.page.wait_for_timeout(600)
            expect_same(seen.count_played(), count, "the pieces after the interruption")
        seen.page.locator("#talk-text").fill(FOX)
        seen.page.keyboard.press("Enter")
        seen.until(f"window.playedPieces.length > {count}", "the next answer is heard")
        said = seen.page.evaluate('document.querySelector("#talk-turns li:last-child span + span").textContent')
        expect(error_rate(said, FOX) <= 0.12, f"it answers the new turn ({said})")


@scenario
def typing_needs_no_microphone(site):
    """Over plain http from another machine a conversation is typed and heard"""
    with site.page(host="board.test") as seen:
        seen.until_ready()
        seen.page.locator("#talk-text").fill(FOX)
        seen.page.keyboard.press("Enter")
        until_lines(seen, 2, "an answer is there")
        seen.until("window.playedPieces.length > 0", "it is heard")
        seen.page.locator("#talk-start").click()
        seen.until('document.getElementById("talk-state").textContent.includes("over")', "it ends")
        expect_same(seen.text("#talk-problem"), "", "the problem")


if __name__ == "__main__":
    scenarios.run(Site(sys.argv[1], sys.argv[2]), sys.argv[3:])
