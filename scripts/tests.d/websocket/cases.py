"""What is sent, and what RFC 6455 says must come back. Grouped by the sections of the RFC."""

import dataclasses
import typing

from wire import BINARY, CLOSE, PING, PONG, TEXT, Client, close, frame


# How a case without a fault ends.
ORDERLY = close()


@dataclasses.dataclass(frozen=True)
class Case:
    section: str
    name: str
    expected: str
    run: typing.Callable  # port -> what was seen


def talk(section, name, expected, *data, path="/echo", then=ORDERLY, pieces=None):
    """A case of frames: sends them, reads as many answers as are expected, sends `then`, reads to the end."""

    def run(port):
        with Client(port, path) as client:
            client.handshake()
            everything = b"".join(data)
            step = pieces or len(everything) or 1
            for start in range(0, len(everything), step):
                client.send(everything[start:start + step])
            words = client.words(expected.count(", ") + 1 if then and expected else 0)
            client.send(then)
            return ", ".join([*words, client.seen()])

    ending = {ORDERLY: ", close 1000", b"": ""}.get(then, ", close 1002")
    return Case(section, name, (expected + ending).removeprefix(", "), run)


def fails(section, name, code, *data, **options):
    return talk(section, name, f"close {code}", *data, then=b"", **options)


def framing():
    yield fails("5.1", "text without a mask", 1002, frame(TEXT, b"hello", masked=False))
    yield fails("5.1", "ping without a mask", 1002, frame(PING, masked=False))
    yield fails("5.1", "close without a mask", 1002, frame(CLOSE, b"\x03\xe8", masked=False))
    yield fails("5.1", "second frame without a mask", 1002, frame(TEXT, b"a", fin=False), frame(0, b"b", masked=False))
    yield talk("5.1", "a mask of zeros", "text 'hello'", frame(TEXT, b"hello", mask=b"\0\0\0\0"))
    for rsv, name in ((4, "RSV1"), (2, "RSV2"), (1, "RSV3"), (7, "all reserved bits")):
        yield fails("5.2", f"{name} on text", 1002, frame(TEXT, b"hello", rsv=rsv))
    yield fails("5.2", "RSV1 on a ping", 1002, frame(PING, rsv=4))
    yield fails("5.2", "RSV1 on a continuation", 1002, frame(TEXT, b"a", fin=False), frame(0, b"b", rsv=4))
    for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
        yield fails("5.2", f"reserved opcode {opcode:X}", 1002, frame(opcode))
    yield fails("5.2", "a reserved opcode is told before its payload", 1002, frame(3, b"", length=100))
    yield from lengths()


def lengths():
    yield talk("5.2", "empty text", "text ''", frame(TEXT))
    yield talk("5.2", "empty binary", "binary ''", frame(BINARY))
    for size in (125, 126, 127, 65535, 65536, 1 << 20):
        yield talk("5.2", f"binary of {size} bytes", f"binary of {size} bytes", frame(BINARY, b"x" * size))
    yield talk("5.2", "text of 65536 bytes in pieces of 997", "text of 65536 bytes", frame(TEXT, b"x" * 65536),
               pieces=997)
    yield talk("5.2", "text byte by byte", "text 'hello', binary 0001ff", frame(TEXT, b"hello"),
               frame(BINARY, b"\0\1\xff"), pieces=1)
    yield talk("5.2", "messages in one segment", "text 'a', text 'b', binary 'c'", frame(TEXT, b"a"), frame(TEXT, b"b"),
               frame(BINARY, b"c"))
    yield fails("5.2", "a length of 125 in 16 bits", 1002, frame(TEXT, b"x" * 125, form=2))
    yield fails("5.2", "a length of 65535 in 64 bits", 1002, frame(TEXT, b"x" * 65535, form=8))
    yield fails("5.2", "a length with its highest bit set", 1002, frame(TEXT, form=8, length=1 << 63))


def fragments():
    first, last = frame(TEXT, b"frag", fin=False), frame(0, b"ment")
    yield talk("5.4", "text in two fragments", "text 'fragment'", first, last)
    yield talk("5.4", "binary in three", "binary 'abc'", frame(BINARY, b"a", fin=False), frame(0, b"b", fin=False),
               frame(0, b"c"))
    yield talk("5.4", "empty fragments", "text ''", frame(TEXT, fin=False), frame(0, fin=False), frame(0))
    yield talk("5.4", "an empty first fragment", "text 'ment'", frame(TEXT, fin=False), last)
    yield talk("5.4", "fragments byte by byte", "text 'fragment'", first, last, pieces=1)
    yield talk("5.4", "a ping between fragments", "pong 'p', text 'fragment'", first, frame(PING, b"p"), last)
    yield talk("5.4", "pings between all fragments", "pong '1', pong '2', text 'fragment'", first, frame(PING, b"1"),
               frame(0, fin=False), frame(PING, b"2"), last)
    yield talk("5.4", "a pong between fragments", "text 'fragment'", first, frame(PONG, b"p"), last)
    yield talk("5.4", "fragments of one message after another", "text 'fragment', text 'fragment'", first, last,
               first, last)
    yield talk("5.4", "128 fragments", "text of 128 bytes", frame(TEXT, b"x", fin=False),
               frame(0, b"x", fin=False) * 126, frame(0, b"x"))
    yield fails("5.4", "a continuation of nothing", 1002, frame(0, b"x"))
    yield fails("5.4", "a part of nothing", 1002, frame(0, b"x", fin=False))
    yield talk("5.4", "a continuation after the last fragment", "text 'fragment'", first, last, then=last)
    yield fails("5.4", "text within text", 1002, first, frame(TEXT, b"x"))
    yield fails("5.4", "binary within text", 1002, first, frame(BINARY, b"x"))
    yield fails("5.4", "text within binary", 1002, frame(BINARY, b"x", fin=False), frame(TEXT, b"x"))
    yield talk("5.4", "a close within a message", "close 1000", first, close(), then=b"")


def control():
    yield fails("5.5", "a fragmented ping", 1002, frame(PING, b"x", fin=False))
    yield fails("5.5", "a fragmented pong", 1002, frame(PONG, b"x", fin=False))
    yield fails("5.5", "a fragmented close", 1002, frame(CLOSE, b"\x03\xe8", fin=False))
    yield fails("5.5", "a ping of 126 bytes", 1002, frame(PING, b"x" * 126))
    yield fails("5.5", "a pong of 126 bytes", 1002, frame(PONG, b"x" * 126))
    yield fails("5.5", "a close of 126 bytes", 1002, frame(CLOSE, b"\x03\xe8" + b"x" * 124))
    yield fails("5.5", "a long ping is told before its payload", 1002, frame(PING, b"", length=65536, form=8))
    yield talk("5.5.2", "an empty ping", "pong ''", frame(PING))
    yield talk("5.5.2", "a ping with text", "pong 'hello'", frame(PING, b"hello"))
    yield talk("5.5.2", "a ping with bytes", "pong 00ff80", frame(PING, b"\x00\xff\x80"))
    yield talk("5.5.2", "a ping of 125 bytes", "pong of 125 bytes", frame(PING, b"x" * 125))
    yield talk("5.5.2", "ten pings in order", ", ".join(f"pong '{i}'" for i in range(10)),
               *[frame(PING, str(i).encode()) for i in range(10)])
    yield talk("5.5.2", "a ping byte by byte", "pong 'hello'", frame(PING, b"hello"), pieces=1)
    yield talk("5.5.2", "a ping behind a message nobody receives", "pong 'p'", frame(TEXT, b"x"), frame(PING, b"p"),
               path="/deaf")
    yield talk("5.5.3", "an unasked pong", "text 'a'", frame(PONG, b"hello"), frame(TEXT, b"a"))


def closing():
    yield talk("5.5.1", "a close without a code", "close without a code", frame(CLOSE), then=b"")
    yield talk("5.5.1", "a close with a reason", "close 1000", close(1000, b"bye"), then=b"")
    yield talk("5.5.1", "a reason of 123 bytes", "close 1000", close(1000, b"x" * 123), then=b"")
    yield talk("5.5.1", "a reason with characters of four bytes", "close 1000",
               close(1000, "\U0001f600".encode()), then=b"")
    yield fails("5.5.1", "half a code", 1002, frame(CLOSE, b"\x03"))
    yield fails("5.5.1", "a reason that is not UTF-8", 1007, close(1000, b"\xff\xfe"))
    yield fails("5.5.1", "a reason that ends within a character", 1007, close(1000, b"\xe2\x82"))
    yield talk("5.5.1", "text after a close", "close 1000", close(), frame(TEXT, b"x"), then=b"")
    yield talk("5.5.1", "a ping after a close", "close 1000", close(), frame(PING, b"x"), then=b"")
    yield talk("5.5.1", "a second close", "close 1000", close(), close(1001), then=b"")
    yield talk("5.5.1", "a close in the segment of a message is answered first", "close 1000", frame(TEXT, b"x"),
               close(), then=b"")
    yield talk("5.5.1", "a close behind a message nobody receives", "close 1000", frame(TEXT, b"x"), close(),
               path="/deaf", then=b"")
    for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
        yield talk("7.4", f"code {code}", f"close {code}", close(code), then=b"")
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
        yield fails("7.4", f"code {code}, which is not for the wire", 1002, close(code))


def utf8():
    boundaries = {
        "the ends of one byte": "\0\x7f", "the ends of two bytes": "\x80\u07ff",
        "the ends of three bytes": "\u0800\uffff",
        "around the surrogates": "\ud7ff\ue000", "the ends of four bytes": "\U00010000\U0010ffff",
        "non-characters": "\ufffe\ufdd0\U0001ffff", "a byte order mark": "\ufeffa",
    }
    for name, text in boundaries.items():
        yield talk("8.1", name, f"text '{text}'", frame(TEXT, text.encode()))
    smile = "\U0001f600".encode()
    for cut in (1, 2, 3):
        yield talk("8.1", f"a character cut after {cut} of 4 bytes", "text '\U0001f600'",
                   frame(TEXT, smile[:cut], fin=False), frame(0, smile[cut:]))
    yield talk("8.1", "a character in four fragments with pings", "pong '', pong '', pong '', text '\U0001f600'",
               *[frame(0 if i else TEXT, smile[i:i + 1], fin=i == 3) + (frame(PING) if i < 3 else b"")
                 for i in range(4)])
    wrong = {
        "a lone continuation byte": b"\x80", "C0 80, too long": b"\xc0\x80", "C1 BF, too long": b"\xc1\xbf",
        "E0 80 80, too long": b"\xe0\x80\x80", "E0 9F BF, too long": b"\xe0\x9f\xbf",
        "F0 8F BF BF, too long": b"\xf0\x8f\xbf\xbf",
        "the first surrogate": b"\xed\xa0\x80", "the last surrogate": b"\xed\xbf\xbf",
        "over U+10FFFF": b"\xf4\x90\x80\x80",
        "F5": b"\xf5\x80\x80\x80", "FE": b"\xfe", "FF": b"\xff", "a letter within a character": b"\xe2\x82A",
        "an end within two bytes": b"\xc3", "an end within three bytes": b"\xe2\x82",
        "an end within four bytes": b"\xf0\x9f\x98",
    }
    for name, data in wrong.items():
        yield fails("8.1", name, 1007, frame(TEXT, b"ok " + data))
    yield fails("8.1", "wrong bytes across fragments", 1007, frame(TEXT, b"\xed", fin=False), frame(0, b"\xa0\x80"))
    yield fails("8.1", "wrong bytes are told before the last fragment", 1007, frame(TEXT, b"\xff", fin=False))
    yield fails("8.1", "wrong bytes are told within a frame", 1007, frame(TEXT, b"\xff" + b"x" * 999)[:20])
    yield talk("8.1", "the same bytes are fine as binary", "binary ff", frame(BINARY, b"\xff"))


def limits():
    yield fails("10.4", "a frame of 1 MiB and a byte is told before its payload", 1009, 
                frame(BINARY, length=(1 << 20) + 1))
    yield fails("10.4", "a length of 2^62 bytes", 1009, frame(BINARY, form=8, length=1 << 62))
    yield fails("10.4", "fragments of 1 MiB and a byte", 1009,
                frame(BINARY, b"x" * (1 << 20), fin=False), frame(0, b"x"))
    yield fails("10.4", "129 fragments", 1009, frame(TEXT, b"x", fin=False), frame(0, b"x", fin=False) * 128)
    yield Case("10.4", "11,000 frames at once", "close 1008", flood)


def flood(port):
    """Pongs, because they are not answered."""
    with Client(port) as client:
        client.handshake()
        client.send(frame(PONG, mask=b"\0\0\0\0") * 11_000)
        return client.seen()
