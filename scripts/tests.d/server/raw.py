"""HTTP by hand: what no client library would send."""

import contextlib
import json
import socket
import time


class Answer:
    """What came back: status, headers (lower case, the last of a name), body."""

    def __init__(self, head, body):
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1])
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:120]!r}"


class Raw:
    """One TCP connection."""

    def __init__(self, target, timeout=60, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect((target.host, target.port))
        self.host = f"{target.host}:{target.port}"
        self.pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data.encode("latin-1") if isinstance(data, str) else data)

    def request(self, method, path, headers=(), body=b"", length=True):
        """Sends a request; `headers` are name and value. Content-Length is added unless `length` says no."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", *(f"{name}: {value}" for name, value in headers)]
        if length and (body or method == "POST"):
            lines.append(f"Content-Length: {len(body)}")
        self.send("\r\n".join(lines) + "\r\n\r\n")
        if body:
            self.send(body)

    def read(self):
        """Some bytes; none at the end, or when the connection was reset."""
        try:
            data = self.socket.recv(65536)
        except (ConnectionResetError, BrokenPipeError):
            return b""
        self.pending += data
        return data

    def answer(self):
        """The next answer, or None when the connection ends without one. Its body ends by length, chunks or close."""
        while b"\r\n\r\n" not in self.pending:
            if not self.read():
                return None
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        answer = Answer(head, b"")
        if answer.status == 100:
            return self.answer()
        if "content-length" in answer.headers:
            answer.body = self._take(int(answer.headers["content-length"]))
        elif answer.headers.get("transfer-encoding") == "chunked":
            answer.body = self._chunks()
        return answer

    def closed(self):
        """Waits for the peer to close; returns the seconds that took. Raises TimeoutError when it does not."""
        started = time.monotonic()
        while self.read():
            pass
        return time.monotonic() - started

    def abort(self):
        """Ends the connection with RST: no goodbye."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.socket.close()

    def _take(self, count):
        while len(self.pending) < count and self.read():
            pass
        data, self.pending = self.pending[:count], self.pending[count:]
        return data

    def _chunks(self):
        body = b""
        while True:
            while b"\r\n" not in self.pending:
                if not self.read():
                    return body
            size, _, self.pending = self.pending.partition(b"\r\n")
            piece = self._take(int(size, 16) + 2)
            if int(size, 16) == 0:
                return body
            body += piece[:-2]
