"""Servers that are not ours, or not well.

python other_servers.py KIND prints its port and answers until it is killed.
"""

import itertools
import socket
import sys
import threading
import time


def answer(status, body):
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return [(head + body).encode()]


def endless():
    yield b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    yield from itertools.repeat(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")


def silent():
    time.sleep(60)
    yield b""


KINDS = {
    "another": lambda: answer(404, '{"detail":"Not Found"}'),
    "page": lambda: answer(200, "<html></html>"),
    "locked": lambda: answer(401, '{"error":"a key is missing","code":"unauthorized"}'),
    "strict": lambda: answer(429, '{"error":"too many requests","code":"rate_limited"}'),
    "no-http": lambda: [b"SSH-2.0-OpenSSH_9.2\r\n"],
    "leaving": lambda: [b""],
    "endless": endless,
    "silent": silent,
}


def serve(connection, kind):
    with connection:
        try:
            connection.recv(1 << 16)
            for piece in KINDS[kind]():
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def main(kind):
    with socket.create_server(("127.0.0.1", 0)) as door:
        print(door.getsockname()[1], flush=True)
        while True:
            connection, _ = door.accept()
            threading.Thread(target=serve, args=(connection, kind), daemon=True).start()


main(sys.argv[1])
