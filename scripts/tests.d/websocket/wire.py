"""A raw client of RFC 6455: it may say anything, and tells in one line what it sees until the connection ends."""

import os
import socket
import struct

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
NAMES = {0: "continuation", TEXT: "text", BINARY: "binary", CLOSE: "close", PING: "ping", PONG: "pong"}
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
PATIENCE = 20


def frame(opcode, payload=b"", *, fin=True, rsv=0, mask=None, masked=True, form=None, length=None):
    """The bytes of a frame. `form`: bytes of the extended length (0, 2, 8); `length`: what the head claims."""
    length = len(payload) if length is None else length
    form = form if form is not None else 0 if length < 126 else 2 if length < 65536 else 8
    short = {0: length, 2: 126, 8: 127}[form]
    head = bytes([fin << 7 | rsv << 4 | opcode, masked << 7 | short])
    head += {0: b"", 2: struct.pack(">H", length & 0xFFFF), 8: struct.pack(">Q", length)}[form]
    if not masked:
        return head + payload
    mask = os.urandom(4) if mask is None else mask
    return head + mask + bytes(byte ^ mask[i & 3] for i, byte in enumerate(payload))


def close(code=1000, reason=b""):
    return frame(CLOSE, struct.pack(">H", code) + reason)


class Client:
    """One connection to the server under test."""

    def __init__(self, port, path="/echo", receive_buffer=None):
        self.socket = socket.socket()
        self.socket.settimeout(PATIENCE)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = b""
        self.path = path

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # what the server said before is still to be read

    def handshake(self, *, method="GET", version="1.1", fields=None, body=b"", after=b""):
        """Sends a handshake; returns the status and the fields of the answer, names in lower case."""
        standard = {
            "Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": KEY,
        }
        lines = [f"{method} {self.path} HTTP/{version}"]
        for name, value in {**standard, **(fields or {})}.items():
            for one in value if isinstance(value, list) else [value]:
                lines += [f"{name}: {one}"] if one is not None else []
        self.send("\r\n".join(lines).encode() + b"\r\n\r\n" + body + after)
        while b"\r\n\r\n" not in self.bytes:
            if not self.more():
                return 0, {}
        head, self.bytes = self.bytes.split(b"\r\n\r\n", 1)
        status, *rest = head.decode().split("\r\n")
        return int(status.split()[1]), {k.lower(): v for k, v in (line.split(": ", 1) for line in rest)}

    def more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        self.bytes += data
        return data != b""

    def read(self):
        """The next frame: what it is and its payload; None at the end. A server's frame has no mask (5.1)."""
        if not self.holds(2):
            return None
        first, second = self.bytes[0], self.bytes[1]
        form = {126: 2, 127: 8}.get(second & 0x7F, 0)
        if not self.holds(2 + form):
            return None
        length = int.from_bytes(self.bytes[2:2 + form], "big") if form else second & 0x7F
        if not self.holds(2 + form + length):
            return None
        payload, self.bytes = self.bytes[2 + form:2 + form + length], self.bytes[2 + form + length:]
        kind = NAMES.get(first & 0x0F, f"opcode {first & 0x0F}")
        odd = ("" if first & 0x80 else "part of ") + ("masked " if second & 0x80 else "")
        return odd + kind, payload

    def holds(self, count):
        """Reads until there are that many bytes; false at the end."""
        while len(self.bytes) < count:
            if not self.more():
                return False
        return True

    def words(self, count):
        """So many frames in words, fewer when the connection ends."""
        words = []
        try:
            while len(words) < count and (one := self.read()) is not None:
                words.append(in_words(*one))
        except TimeoutError:
            words.append("nothing more, still open")
        return words

    def seen(self):
        """Everything until the end of the connection, in words."""
        return ", ".join(self.words(1 << 30)) or "the end without a close frame"


def in_words(kind, payload):
    if kind == "close":
        code = f" {struct.unpack('>H', payload[:2])[0]}" if payload else " without a code"
        return kind + code
    if len(payload) > 20:
        return f"{kind} of {len(payload)} bytes"
    try:
        return f"{kind} '{payload.decode()}'" if kind == "text" or payload.isascii() else f"{kind} {payload.hex()}"
    except UnicodeDecodeError:
        return f"{kind} {payload.hex()}"
