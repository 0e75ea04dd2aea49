"""Handshakes, the end of the connection, and what Python's websockets makes of the server."""

import asyncio
import socket
import time

from cases import Case
from wire import KEY, TEXT, Client, close, frame


def shake(section, name, expected, *, path="/echo", **options):
    def run(port):
        with Client(port, path) as client:
            status, fields = client.handshake(**options)
            words = [str(status)]
            for field in ("sec-websocket-accept", "sec-websocket-protocol", "sec-websocket-extensions",
                          "sec-websocket-version"):
                words += [f"{field}: {fields[field]}"] if field in fields else []
            if status != 101 and fields.get("connection") == "close":
                words.append("and the end")
            return ", ".join(words)

    return Case(section, name, expected, run)


def handshakes():
    accept = "101, sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    yield shake("1.3", "the key of the RFC's example", accept)
    yield shake("4.2.1", "upgrade in capitals", accept, fields={"Upgrade": "WebSocket", "Connection": "UPGRADE"})
    yield shake("4.2.1", "connection with several options", accept, fields={"Connection": "keep-alive, Upgrade"})
    yield shake("4.2.1", "not GET", "404, and the end", method="POST", fields={"Content-Length": "0"})
    yield shake("4.2.1", "HTTP/1.0", "404, and the end", version="1.0")
    yield shake("4.2.1", "no Upgrade", "404", fields={"Upgrade": None})
    yield shake("4.2.1", "another protocol in Upgrade", "404, and the end", fields={"Upgrade": "h2c"})
    yield shake("4.2.1", "no Connection: Upgrade", "404, and the end", fields={"Connection": None})
    yield shake("4.2.1", "no Host", "400, and the end", fields={"Host": None})
    yield shake("4.2.1", "no key", "400, and the end", fields={"Sec-WebSocket-Key": None})
    yield shake("4.2.1", "a key of 15 bytes", "400, and the end", fields={"Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAA"})
    yield shake("4.2.1", "a key that is not Base64", "400, and the end", fields={"Sec-WebSocket-Key": "!" * 24})
    yield shake("4.2.1", "two keys", "400, and the end", fields={"Sec-WebSocket-Key": [KEY, KEY]})
    yield shake("4.2.1", "a body", "400, and the end", fields={"Content-Length": "2"}, body=b"hi")
    older = "426, sec-websocket-version: 13, and the end"
    yield shake("4.4", "no version", older, fields={"Sec-WebSocket-Version": None})
    yield shake("4.4", "version 8", older, fields={"Sec-WebSocket-Version": "8"})
    yield shake("4.4", "versions 8 and 13", older, fields={"Sec-WebSocket-Version": ["8", "13"]})
    yield shake("4.2.2", "a subprotocol the server speaks", accept + ", sec-websocket-protocol: echo.v1",
                fields={"Sec-WebSocket-Protocol": "other, echo.v1"})
    yield shake("4.2.2", "subprotocols in two fields", accept + ", sec-websocket-protocol: echo.v1",
                fields={"Sec-WebSocket-Protocol": ["other", "echo.v1"]})
    yield shake("4.2.2", "a subprotocol the server does not speak", accept, fields={"Sec-WebSocket-Protocol": "other"})
    yield shake("4.2.2", "a path without a socket", "404, and the end", path="/nowhere")
    yield shake("4.2.2", "a refusal of the route", "401, and the end", path="/socket")
    yield shake("9.1", "an extension is not taken up", accept,
                fields={"Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"})
    yield Case("4.1", "a frame in the segment of the handshake", "text 'early', close 1000", early)
    yield Case("4.1", "a handshake byte by byte", "101", slowly)


def early(port):
    with Client(port) as client:
        client.handshake(after=frame(TEXT, b"early"))
        words = client.words(1)
        client.send(close())
        return ", ".join([*words, client.seen()])


def slowly(port):
    lines = ("GET /echo HTTP/1.1", "Host: a", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
             f"Sec-WebSocket-Key: {KEY}", "", "")
    with Client(port) as client:
        for byte in "\r\n".join(lines).encode():
            client.send(bytes([byte]))
        while b"\r\n\r\n" not in client.bytes and client.more():
            pass
        return client.bytes.split()[1].decode()


def endings():
    yield Case("7.1.1", "the server ends the connection first", "close 1000, then the end", server_first)
    yield Case("7.1.1", "a client that ends without a close frame", "the end without a close frame", half_close)
    yield Case("7.1.1", "a client that ends within a frame", "the end without a close frame", cut)
    yield Case("7.1.2", "the route returns", "close 1000", lambda port: parting(port, "/return"))
    yield Case("7.4.1", "the route fails", "close 1011", lambda port: parting(port, "/fail"))
    yield Case("7.4.2", "the route closes with 4001", "close 4001",
               lambda port: parting(port, "/close?code=4001&reason=no"))
    yield Case("5.5.1", "text sent against the server's close", "close 4001",
               lambda port: parting(port, "/close?code=4001", frame(TEXT, b"x") * 3))
    yield Case("7.1.7", "a client that does not answer a close", "close 1000 and the end within 5 s", silent)


def server_first(port):
    with Client(port) as client:
        client.handshake()
        client.send(close())
        return client.seen() + ", then the end"


def half_close(port):
    with Client(port) as client:
        client.handshake()
        client.socket.shutdown(socket.SHUT_WR)
        return client.seen()


def cut(port):
    with Client(port) as client:
        client.handshake()
        client.send(frame(TEXT, b"hello")[:8])
        client.socket.shutdown(socket.SHUT_WR)
        return client.seen()


def parting(port, path, first=b""):
    with Client(port, path) as client:
        client.handshake()
        client.send(first)
        words = client.words(1)
        client.send(close())
        rest = client.seen()
        return ", ".join(words + ([rest] if "close frame" not in rest else []))


def silent(port):
    with Client(port, "/return") as client:
        client.handshake()
        started = time.monotonic()
        seen = client.seen()
        return f"{seen} and the end within {5 if time.monotonic() - started < 5 else 'more than 5'} s"


def library():
    """The same server as Python's websockets sees it; needs the package."""
    def case(name, expected, meet):
        return Case("client", f"websockets: {name}", expected, lambda port: asyncio.run(meet(port)))

    yield case("text, bytes and fragments", "hello, 1000000, abc, 1000", exchange)
    yield case("compression is offered and not used", "no extensions", extensions)
    yield case("a ping is answered", "answered", ping)
    yield case("a subprotocol", "echo.v1", subprotocol)
    yield case("a failing route", "1011", failing)
    yield case("a hundred sockets at once", "100 echoes", crowd)


def connect(port, path="/echo", **options):
    import websockets

    return websockets.connect(f"ws://127.0.0.1:{port}{path}", max_size=1 << 21, **options)


async def exchange(port):
    async with connect(port) as client:
        seen = []
        for message in ("hello", b"x" * 1_000_000, ["a", "b", "c"]):
            await client.send(message)
            answer = await client.recv()
            seen.append(answer if len(answer) < 20 else str(len(answer)))
        await client.close()
        return ", ".join([*seen, str(client.close_code)])


async def extensions(port):
    async with connect(port, compression="deflate") as client:
        return ", ".join(map(str, client.protocol.extensions)) or "no extensions"


async def ping(port):
    async with connect(port) as client:
        await asyncio.wait_for(await client.ping(b"hello"), 20)
        return "answered"


async def subprotocol(port):
    async with connect(port, subprotocols=["other", "echo.v1"]) as client:
        return client.subprotocol


async def failing(port):
    async with connect(port, "/fail") as client:
        await client.wait_closed()
        return str(client.close_code)


async def crowd(port):
    async def one(number):
        async with connect(port) as client:
            await client.send(str(number))
            return await client.recv() == str(number)

    return f"{sum(await asyncio.gather(*map(one, range(100))))} echoes"
