"""Conversations on the page: python dialogue_in_browser.py URL CHROMIUM [SCENARIO...]"""

import json
import sys

import scenarios
from browser import Site
from scenarios import expect, expect_same, figure, scenario
from speech import FOX, SENTENCES, error_rate

LONG = " ".join(SENTENCES * 2)
# One breath: a pause in it would end the turn. Its answer is long enough to be interrupted.
BREATH = "The quick brown fox jumps over the lazy dog while the children are playing football."
# Says something else in the middle of it.
WORD = "The weather is very nice today."
# Pixels of the log that are below what is seen of it.
BELOW = """
() => {
    const { scrollTop, clientHeight, scrollHeight } = document.getElementById("talk-log");
    return scrollHeight - scrollTop - clientHeight;
}
"""
# Five seconds of a loud square wave at 22050 Hz.
LOUD = (b"\0\x20" * 50 + b"\0\xe0" * 50) * 1102


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
def a_spoken_conversation(site):
    """What is said is understood and answered; who speaks into the answer silences it, and is answered next"""
    with site.page(0.5, BREATH, 2.5, WORD, 10, viewport={"width": 360, "height": 740}) as seen:
        start(seen)
        seen.until_heard("the answer to the first", 60)
        answered = seen.page.evaluate("ears.loud[0]")
        (who, question), (other, answer) = lines(seen)[:2]
        expect_same((who, other), ("You:", "Answer:"), "who speaks")
        expect(error_rate(question, BREATH) <= 0.12, f"the question is what was said ({question})")
        expect(answer and question.startswith(answer), f"the answer repeats it ({answer})")
        expect(seen.is_drawn("#talk-wave") > 10, "the answer is drawn")
        seen.until('ears.told.filter(({ type }) => type === "speech_started").length > 1', "speech is noticed")
        moment = seen.moment("speech_started")
        # Until the next answer there is more than a second: the rest of the sentence, the pause, the recognition.
        rest = seen.sounding_after(moment, 1500)
        expect(0 < rest <= 100, f"silence comes within 100 ms of the server's word (it took {rest:.0f} ms)")
        spoken = seen.page.evaluate("(since) => ears.voice.find((at) => at > since)", answered)
        figure(f"silent {rest:.0f} ms after the server's word, {moment + rest - spoken:.0f} ms after the first sound")
        the_next_turn(site, seen, moment + 1500)


def the_next_turn(site, seen, moment):
    until_lines(seen, 4, "the next turn has its question and its answer", 60)
    question, answer = (said for _, said in lines(seen)[2:4])
    expect(error_rate(question, WORD) <= 0.12, f"the interruption is understood ({question})")
    expect(seen.page.locator("#talk-turns small", has_text="interrupted").count() > 0, "the log says what was cut")
    seen.until('document.querySelectorAll("#talk-turns small").length > 1', "what the next turn cost is told")
    below = seen.page.evaluate(BELOW)
    expect(below < 2, f"the end of the log is seen ({below} pixels are below)")
    seen.until("ears.pieces.every(({ cut, isOver }) => cut || isOver)", "its answer ends")
    # What came out of the loudspeaker last is on its way.
    seen.page.wait_for_timeout(200)
    heard = site.heard(*seen.output(moment))
    expect(error_rate(heard, answer) <= 0.12, f"its answer is understood ({heard}, it said {answer})")
    figure(f"the turn: {seen.page.locator('#talk-turns small').last.inner_text()}")
    seen.page.locator("#talk-start").click()
    expect("over" in seen.text("#talk-state"), "it ends")
    seen.expect_released()
    expect_same(seen.text("#talk-problem"), "", "the problem")
    expect_same(seen.complaints, [], "what the browser complains about")


@scenario
def the_button_and_escape_interrupt(site):
    """The button and the Escape key silence the answer to a typed turn within 100 ms, and the next turn is right"""
    with site.page(20) as seen:
        seen.until_ready()
        for kind, interrupt in (
            ("click", lambda: seen.page.locator("#talk-stop").click()),
            ("keydown", lambda: seen.page.keyboard.press("Escape")),
        ):
            before = seen.page.evaluate("ears.loud.length")
            seen.page.locator("#talk-text").fill(LONG)
            seen.page.keyboard.press("Enter")
            seen.until_heard("the answer", after=before)
            interrupt()
            rest = seen.sounding_after(seen.moment(kind))
            expect(rest <= 100, f"silence comes within 100 ms of the {kind} (it took {rest:.0f} ms)")
            figure(f"silent {rest:.0f} ms after the {kind}")
        seen.page.locator("#talk-text").fill(FOX)
        seen.page.keyboard.press("Enter")
        until_lines(seen, 6, "the next turn is answered")
        said = lines(seen)[5][1]
        expect(error_rate(said, FOX) <= 0.12, f"it answers the new turn ({said})")
        expect_same(seen.text("#talk-start"), "Speak", "what the button offers to who typed until now")
        seen.page.locator("#talk-start").click()
        seen.until("ears.tracks.length > 0", "it opens the microphone")
        expect_same(seen.text("#talk-start"), "End the conversation", "what the button offers then")


@scenario
def typing_needs_no_microphone(site):
    """Over plain http from another machine a conversation is typed and heard, and no text becomes HTML"""
    with site.page(host="board.test") as seen:
        seen.until_ready()
        seen.page.locator("#talk-text").fill(f"{FOX} <img src=x onerror=alert(1)><b>bold</b>")
        seen.page.keyboard.press("Enter")
        until_lines(seen, 2, "an answer is there")
        seen.until_heard("the answer")
        expect_same(seen.page.locator("#talk-log :is(img, b)").count(), 0, "the elements that came with a text")
        expect("<b>" in lines(seen)[0][1], f"the question is there as it was typed ({lines(seen)[0][1]})")
        seen.page.locator("#talk-start").click()
        expect("over" in seen.text("#talk-state"), "it ends")
        seen.expect_released()
        expect_same(seen.text("#talk-problem"), "", "the problem")


@scenario
def a_server_that_dawdles_and_leaves(site):
    """An answer that does not come is interrupted, too; what the server takes back is silent; its end is told"""
    with site.page() as seen:
        sockets, messages = [], []

        def answer(socket):
            sockets.append(socket)
            socket.on_message(lambda message: messages.append(json.loads(message)))

        seen.page.route_web_socket("**/dialogue*", answer)
        seen.until_ready()
        seen.page.locator("#talk-text").fill(FOX)
        seen.page.keyboard.press("Enter")
        seen.until('document.getElementById("talk-state").textContent.startsWith("Thinking")', "it thinks")
        expect(seen.page.locator("#talk-stop").is_enabled(), "the button can interrupt it")
        seen.page.wait_for_timeout(100)
        seen.page.keyboard.press("Escape")
        seen.page.wait_for_timeout(100)
        expect_same([*messages[0], *messages[1].values()], ["text", "interrupt", "abort"], "what the server is told")
        # The answer was on its way.
        tell(sockets[0], {"type": "sentence", "turn": 1, "text": FOX}, (22050).to_bytes(4, "little"), LOUD)
        seen.until_heard("what came")
        tell(sockets[0], {"type": "done", "turn": 1, "outcome": "cancelled", "reason": "abort"})
        seen.until('document.querySelector("#talk-turns small")', "the server takes it back")
        rest = seen.sounding_after(seen.page.evaluate("performance.now()"), 600)
        expect(rest <= 100, f"it is silent within 100 ms ({rest:.0f} ms)")
        sockets[0].close(code=1001, reason="")
        seen.until('document.getElementById("talk-problem").textContent !== ""', "the end is told")
        expect("shutting down" in seen.text("#talk-problem"), f"in words ({seen.text('#talk-problem')})")
        expect_same(seen.text("#talk-start"), "Start the conversation", "the button")
        seen.expect_released()


def tell(socket, *messages):
    for message in messages:
        socket.send(message if isinstance(message, bytes) else json.dumps(message))


if __name__ == "__main__":
    with Site(sys.argv[1], sys.argv[2]) as site:
        scenarios.run(site, sys.argv[3:])
