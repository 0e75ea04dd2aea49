"""Who may ask for what: python guards.py [SCENARIO...]"""

import asyncio
import contextlib
import json
import os
import ssl
import subprocess
import sys
import tempfile

import websockets

import scenarios
from answers import expect_failure
from raw import Raw
from scenarios import expect, expect_same, scenario
from serving import Server
from speech import FOX
from streaming import address

KEYS = ["first-key-0123456789", "second-key-0123456789"]
SPEAK = {"text": "Hello."}


def handshake(target, headers=None, tls=None, origin=None, **query):
    """101, the status that a handshake is refused with, or the code that the socket is closed with at once."""

    async def attempt():
        options = {"proxy": None, "additional_headers": headers, "ssl": tls, "origin": origin, "open_timeout": 30}
        try:
            async with websockets.connect(address(target, **query), **options) as socket:
                with contextlib.suppress(websockets.ConnectionClosed):
                    await socket.send(json.dumps({"type": "stop"}))
                    async for _ in socket:
                        pass
                return 101 if socket.close_code == 1000 else socket.close_code
        except websockets.InvalidStatus as refusal:
            return refusal.response.status_code

    return asyncio.run(attempt())


@scenario
def keys(_):
    """With API keys: every way to present one, several keys, and 401 without"""
    # The environment, because a flag shows in the process list.
    with Server(environment={"RKVOICE_SERVER_API_KEYS": ",".join(KEYS)}) as server:
        http = server.target.http
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": KEYS[0]},
            {"X-API-Key": "wrong"},
            {"Authorization": f"Basic {KEYS[0]}"},
            {"X-API-Key": KEYS[0][:-1]},
            {"X-API-Key": ""},
        ):
            answer = http.post("/tts", json=SPEAK, headers=headers)
            expect_failure(answer, 401, "unauthorized", f"{headers}")
            expect("bearer" in answer.headers.get("www-authenticate", "").lower(), "WWW-Authenticate says Bearer")
        for key in KEYS:
            for headers in ({"Authorization": f"Bearer {key}"}, {"authorization": f"bearer {key}"}, {"X-API-Key": key}):
                answer = http.post("/tts", json=SPEAK, headers=headers)
                expect_same(answer.status_code, 200, f"the status with {list(headers)[0]}")
                expect_same(handshake(server.target, headers), 101, f"the handshake with {list(headers)[0]}")
            expect_same(handshake(server.target, token=key), 101, "the handshake with ?token=")
        expect_same(http.post(f"/tts?token={KEYS[0]}", json=SPEAK).status_code, 401, "?token= for what is no socket")
        for query in ({}, {"token": "wrong"}):
            expect(handshake(server.target, **query) in (401, 4401), f"a handshake with {query} is refused")
        for path, status in {
            "/livez": 200,
            "/readyz": 200,
            "/metrics": 401,
            "/capabilities": 401,
            "/nothing": 401,
        }.items():
            expect_same(http.get(path).status_code, status, f"the status of {path} without a key")
        server.stop()
        log = "\n".join(server.log)
        expect(not any(key in log for key in KEYS), "no key is in the log")


@scenario
def one_key_in_a_file(_):
    """Keys from a file, one a line"""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(KEYS) + "\n\n")
        file.flush()
        with Server("--api-key-file", file.name) as server:
            for key in KEYS:
                answer = server.target.http.get("/health", headers={"X-API-Key": key})
                expect_same(answer.status_code, 200, "the status with a key of the file")
            expect_same(server.target.http.get("/health").status_code, 401, "the status without")
            expect_same(server.target.http.get("/health", headers={"X-API-Key": ""}).status_code, 401, "an empty line")


@scenario
def beyond_loopback(_):
    """An address beyond loopback needs a key, or a word that it is meant"""
    try:
        with Server("--host", "0.0.0.0", ready=False):
            expect(False, "0.0.0.0 without a key is refused")
    except RuntimeError as error:
        text = str(error)
        expect("error:" in text and "key" in text and "insecure" in text, f"it says what to do ({text})")
    with Server("--host", "0.0.0.0", "--insecure") as server:
        expect(server.said(r"(?i)warning.*(key|insecure|anyone|everybody)"), f"a loud warning ({server.log[:5]})")
        expect_same(server.target.http.get("/health").status_code, 200, "the status")
    with Server("--host", "0.0.0.0", environment={"RKVOICE_SERVER_API_KEYS": KEYS[0]}) as server:
        expect_same(server.target.http.get("/health").status_code, 401, "the status without the key")


@scenario
def hosts(_):
    """Names of other hosts are refused on loopback (DNS rebinding)"""
    with Server("--set", "server.allowed_hosts=voice.example") as server:
        port = server.target.port
        for host, status in [
            (f"127.0.0.1:{port}", 200),
            ("127.0.0.1", 200),
            (f"localhost:{port}", 200),
            ("LOCALHOST", 200),
            ("[::1]", 200),
            ("127.9.9.9", 200),
            ("voice.example", 200),
            ("evil.example", 421),
            (f"evil.example:{port}", 421),
            ("localhost.evil.example", 421),
            ("127.0.0.1.evil.example", 421),
            ("", 400),
            ("a b", 400),
        ]:
            with Raw(server.target) as client:
                client.send(f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
                answer = client.answer()
            if status == 421:
                expect_failure(answer, 421, "misdirected_host", f"Host: {host}")
            else:
                fits = answer is not None and answer.status in ((200,) if status == 200 else (400, 421))
                expect(fits, f"Host: {host!r} is answered with {status} ({answer})")
        with Raw(server.target) as client:
            upgrade = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            key = "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            client.send(f"GET /asr/stream HTTP/1.1\r\nHost: evil.example\r\n{upgrade}{key}\r\n")
            expect_failure(client.answer(), 421, "misdirected_host", "a handshake for another host")


@scenario
def other_sites(_):
    """CORS off: no page of another site reads answers or opens sockets"""
    with Server() as server:
        target, evil = server.target, "https://evil.example"
        answer = target.http.options("/tts", headers={"Origin": evil, "Access-Control-Request-Method": "POST"})
        expect("access-control-allow-origin" not in answer.headers, "a preflight gets no leave")
        expect_failure(
            target.http.post("/tts", json=SPEAK, headers={"Origin": evil}), 403, "forbidden_origin", "a page"
        )
        expect_same(handshake(target, origin=evil), 403, "a socket from a page")
        expect_same(handshake(target, origin="null"), 403, "a socket from a file")
        expect_same(handshake(target, origin=f"http://localhost:{target.port}"), 403, "a socket from another name")
        expect_same(handshake(target, origin=target.url), 101, "a socket from its own page")


@scenario
def listed_sites(_):
    """CORS on: listed origins only"""
    page, evil = "https://app.example", "https://evil.example"
    with Server("--set", f"server.cors_origins={page}") as server:
        http = server.target.http
        ask = {
            "Origin": page,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        }
        answer = http.options("/tts", headers=ask)
        expect_same(answer.status_code, 204, "the status of a preflight")
        expect_same(answer.headers.get("access-control-allow-origin"), page, "who is let in")
        expect("POST" in answer.headers.get("access-control-allow-methods", ""), "POST is allowed")
        expect(
            "content-type" in answer.headers.get("access-control-allow-headers", "").lower(), "its header is allowed"
        )
        expect("access-control-allow-credentials" not in answer.headers, "no credentials")
        answer = http.post("/tts", json=SPEAK, headers={"Origin": page})
        expect_same(answer.headers.get("access-control-allow-origin"), page, "who may read")
        expect("x-rtf" in answer.headers.get("access-control-expose-headers", "").lower(), "our headers are shown")
        expect("origin" in answer.headers.get("vary", "").lower(), "Vary: Origin")
        answer = http.post("/tts", json=SPEAK, headers={"Origin": evil})
        expect("access-control-allow-origin" not in answer.headers, "another site may not read")
        expect_same(handshake(server.target, origin=page), 101, "a socket from a listed page")
        expect_same(handshake(server.target, origin=evil), 403, "a socket from another")
        refused = http.post("/tts", json={}, headers={"Origin": page})
        expect_same(refused.headers.get("access-control-allow-origin"), page, "who may read an error")


def make_certificate(folder):
    """A certificate for this machine and its key."""
    certificate, key = os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem")
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"]
    command = ["openssl", "req", *kind, *names, "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@scenario
def encrypted(_):
    """TLS by certificate and key: https and wss"""
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = make_certificate(folder)
        tls = ssl.create_default_context(cafile=certificate)
        arguments = ["--tls-cert", certificate, "--tls-key", key, "--set", "server.allowed_hosts=voice.example"]
        with Server(*arguments, scheme="https", verify=tls) as server:
            answer = server.target.http.post("/tts", json={"text": FOX})
            expect_same(answer.status_code, 200, "the status over https")
            heard = server.target.http.post("/asr", content=answer.content)
            expect_same(heard.json().get("text"), FOX, "the text over https")
            # Not on loopback, whose ports all share what a browser remembers.
            answer = server.target.http.get("/livez", headers={"Host": "voice.example"})
            expect("max-age" in answer.headers.get("strict-transport-security", ""), "browsers stay with TLS")
            expect_same(handshake(server.target, tls=tls), 101, "the handshake over wss")
            with Raw(server.target, timeout=20) as client:
                client.request("GET", "/livez")
                answer = client.answer()
                expect(answer is None or answer.status == 400, f"plain HTTP gets nothing ({answer})")


@scenario
def half_encrypted(_):
    """Certificates that cannot be used are told before anything is served"""
    with tempfile.TemporaryDirectory() as folder:
        certificate, key = make_certificate(folder)
        os.mkdir(f"{folder}/other")
        for what, arguments in {
            "a key that is not there": ["--tls-cert", certificate, "--tls-key", f"{folder}/none.pem"],
            "a certificate without its key": ["--tls-cert", certificate],
            "a certificate that is none": ["--tls-cert", key, "--tls-key", key],
            "the key of another": ["--tls-cert", certificate, "--tls-key", make_certificate(f"{folder}/other")[1]],
        }.items():
            try:
                with Server(*arguments, ready=False):
                    expect(False, f"{what} is refused")
            except RuntimeError as error:
                expect("error:" in str(error), f"{what} is told in a line ({error})")


if __name__ == "__main__":
    scenarios.run(None, sys.argv[1:])
