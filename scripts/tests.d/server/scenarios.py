"""What a program of scenarios prints, and how it ends.

A scenario is a function with a sentence as its docstring. Every expectation that does not hold is one line, the next
scenario runs all the same, and the program fails in the end.
"""

import sys
import time
import traceback

SCENARIOS = []


class Failures:
    """Counts what was expected in this run, and what of it was not so."""

    checked = 0
    failed = 0


class NotSo(Exception):
    """An expectation without which the scenario cannot go on."""


def scenario(function):
    SCENARIOS.append(function)
    return function


def expect(condition, claim):
    """Prints `claim` when it does not hold; returns whether it does."""
    Failures.checked += 1
    if not condition:
        Failures.failed += 1
        print(f"  not so: {claim}", flush=True)
    return bool(condition)


def require(condition, claim):
    """As `expect`, but ends the scenario."""
    Failures.checked += 1
    if not condition:
        raise NotSo(claim)


def expect_same(seen, expected, what):
    return expect(seen == expected, f"{what} is {shown(expected)} (it is {shown(seen)})")


def figure(text):
    print(f"  {text}", flush=True)


def shown(value):
    text = repr(value)
    return text if len(text) <= 300 else f"{text[:200]}… {text[-80:]}"


def within(seconds, condition, claim, every=0.05):
    """Waits until `condition()` is true; returns after how many seconds it was, or None."""
    started = time.monotonic()
    while True:
        if condition():
            Failures.checked += 1
            return time.monotonic() - started
        if time.monotonic() - started > seconds:
            expect(False, f"{claim} within {seconds} s")
            return None
        time.sleep(every)


def run(target, chosen=()):
    """Runs the scenarios, all or those whose name contains a word of `chosen`, and ends the program."""
    for function in SCENARIOS:
        if chosen and not any(word in function.__name__ for word in chosen):
            continue
        started, failed = time.monotonic(), Failures.failed
        print(f"- {function.__doc__.strip().splitlines()[0].rstrip('.')}", flush=True)
        attempt(function, target)
        if failed != Failures.failed or time.monotonic() - started > 20:
            print(f"  ({function.__name__}: {time.monotonic() - started:.1f} s)", flush=True)
    finish()


def attempt(function, target):
    try:
        function(target)
    except NotSo as claim:
        Failures.failed += 1
        print(f"  not so: {claim}", flush=True)
    except Exception as error:  # noqa: BLE001  whatever a library throws is a failure of this scenario alone
        Failures.failed += 1
        place = traceback.extract_tb(error.__traceback__)
        own = next((frame for frame in reversed(place) if "/tests.d/" in frame.filename), place[-1])
        kind = type(error).__name__
        print(f"  not so: it ends well ({kind}: {shown(str(error))}, line {own.lineno} of {own.name})", flush=True)


def finish():
    print(f"{Failures.checked} expectations, {Failures.failed} not met", flush=True)
    sys.exit(1 if Failures.failed or not Failures.checked else 0)
