"""The page of a server that asks for a key: python keyed.py URL CHROMIUM [SCENARIO...]"""

import sys

import scenarios
from browser import Site
from scenarios import expect, expect_same, scenario
from speech import FOX

KEY = "sesame"


def enter(seen, key):
    if not seen.page.locator("#key").is_visible():
        seen.page.locator("#key-box summary").click()
    seen.page.locator("#key").fill(key)
    seen.page.locator("#key-form button").click()


@scenario
def asks_for_the_key(site):
    """The page opens without a key, asks for it in words, and works with it: requests and sockets"""
    with site.page(0.5, FOX, 2.5) as seen:
        seen.until('document.getElementById("status-problem").textContent.includes("API key")', "it asks for the key")
        expect(seen.page.locator("#key").is_visible(), "the field for it is open")
        enter(seen, "wrong")
        seen.page.locator("#speak-start").click()
        seen.until('document.getElementById("speak-problem").textContent.includes("API key")', "a wrong key is told")
        enter(seen, KEY)
        seen.until_ready()
        seen.page.locator("#speak-start").click()
        seen.until("ears.pieces.length > 0", "speech plays")
        seen.page.locator("#listen-start").click()
        seen.until('document.getElementById("listen-partial").textContent.length > 3', "speech is heard")
        expect(not any(KEY in url for url in seen.asked), "no request has the key in its address")


@scenario
def a_socket_without_the_key(site):
    """A stream without a key says that it needs one"""
    with site.page(0.5, FOX, 2.5) as seen:
        seen.page.locator("#listen-start").click()
        seen.until('document.getElementById("listen-problem").textContent.includes("API key")', "it asks for the key")


@scenario
def the_key_stays_in_the_tab(site):
    """A reload keeps the key, another tab does not have it, and a key that no header carries is refused"""
    with site.page() as seen:
        enter(seen, KEY)
        seen.until_ready()
        seen.page.reload()
        seen.until_ready()
        expect_same(seen.page.evaluate("localStorage.length"), 0, "what is kept for good")
        enter(seen, "schlüssel")
        expect("ASCII" in seen.text("#key-state"), f"it is told in words ({seen.text('#key-state')})")


if __name__ == "__main__":
    with Site(sys.argv[1], sys.argv[2], KEY) as site:
        scenarios.run(site, sys.argv[3:])
