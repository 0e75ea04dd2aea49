"""What a running server takes over on SIGHUP: python reload.py [SCENARIO...]"""

import contextlib
import os
import signal
import sys
import tempfile

import scenarios
from answers import expect_failure
from scenarios import expect, expect_same, scenario, within
from serving import Server

PROFILE = """\
server:
  api_keys: [{key}]
  shutdown_seconds: {patience}
limits:
  text_characters: {characters}
"""


@contextlib.contextmanager
def profile():
    """A file, and a function that writes another configuration to it."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "voice.yaml")

        def write(key="key-of-the-morning-0", patience=10, characters=1000, text=None):
            with open(path, "w") as file:
                file.write(text or PROFILE.format(key=key, patience=patience, characters=characters))

        write()
        yield path, write


def status(server, key, text="Hello."):
    return server.target.http.post("/tts", json={"text": text}, headers={"X-API-Key": key})


@scenario
def keys_and_limits(_):
    """SIGHUP puts another key and another limit in force, without a connection lost"""
    with profile() as (path, write), Server("--profile", path) as server:
        expect_same(status(server, "key-of-the-morning-0").status_code, 200, "the status with the first key")
        write(key="key-of-the-evening-0", characters=10)
        server.signal(signal.SIGHUP)
        within(20, lambda: status(server, "key-of-the-evening-0", "Hi.").status_code == 200, "the second key is taken")
        expect_failure(status(server, "key-of-the-morning-0", "Hi."), 401, "unauthorized", "the first key")
        answer = status(server, "key-of-the-evening-0", "More than ten characters.")
        expect_failure(answer, 413, "text_too_long", "a text above the new limit")
        server.heard(r"read again.*text_characters|text_characters", 10)
        expect(not any("key-of-the" in line for line in server.log), "no key is in the log")
        expect(server.process.poll() is None, "it still runs")


@scenario
def broken_file(_):
    """A file with an error changes nothing, and says where it is"""
    with profile() as (path, write), Server("--profile", path) as server:
        for text, said in [
            ("limits:\n  text_charactres: 10\n", "text_charactres"),
            ("limits: [", "voice.yaml"),
            ("limits:\n  text_characters: many\n", "text_characters"),
        ]:
            known = len(server.log)
            write(text=text)
            server.signal(signal.SIGHUP)
            within(20, lambda: any(said in line for line in server.log[known:]), f"the log says {said}")  # noqa: B023
            expect_same(status(server, "key-of-the-morning-0").status_code, 200, f"the status after {text!r}")
            expect_same(status(server, "another").status_code, 401, f"the status of another key after {text!r}")
        write(characters=10)
        server.signal(signal.SIGHUP)
        limited = lambda: status(server, "key-of-the-morning-0", "More than ten.").status_code == 413  # noqa: E731
        within(20, limited, "a sound file is taken again")


@scenario
def needs_restart(_):
    """What cannot change while it runs is named"""
    with profile() as (path, write), Server("--profile", path) as server:
        write(patience=3, characters=11)
        server.signal(signal.SIGHUP)
        found = server.heard(r"restart.*server\.shutdown_seconds|server\.shutdown_seconds.*restart", 20)
        expect(found, "server.shutdown_seconds is named")
        answer = status(server, "key-of-the-morning-0", "More than eleven.")
        expect_failure(answer, 413, "text_too_long", "a text above the limit that was taken over")


@scenario
def sound_all_the_same(_):
    """Ten signals at once under load do no harm"""
    with profile() as (path, _), Server("--profile", path) as server:
        for _ in range(10):
            server.signal(signal.SIGHUP)
        expect_same(status(server, "key-of-the-morning-0").status_code, 200, "the status")
        expect_same(server.stop(), 0, "the exit code")


if __name__ == "__main__":
    scenarios.run(None, sys.argv[1:])
