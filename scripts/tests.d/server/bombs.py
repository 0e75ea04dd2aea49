"""Files of hours of silence in a few kilobytes."""

import struct


def crc8(data):
    """Of a FLAC frame header: polynomial x^8 + x^2 + x + 1 (RFC 9639, section 9.1.8)."""
    value = 0
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ 0x07 if value & 0x80 else value << 1) & 0xFF
    return value


def crc16(data):
    """Of a FLAC frame: polynomial x^16 + x^15 + x^2 + 1 (RFC 9639, section 9.3)."""
    value = 0
    for byte in data:
        value ^= byte << 8
        for _ in range(8):
            value = (value << 1 ^ 0x8005 if value & 0x8000 else value << 1) & 0xFFFF
    return value


def coded_number(number):
    """The UTF-8 like number of a FLAC frame (RFC 9639, section 9.1.5)."""
    return chr(number).encode("utf-8", "surrogatepass")


def flac_of_silence(hours, rate=16000, block=65535):
    """FLAC whose frames each say "65535 times zero"."""
    count = int(hours * 3600 * rate) // block
    packed = rate << 44 | 0 << 41 | 15 << 36 | count * block
    info = struct.pack(">HH", block, block) + bytes(6) + packed.to_bytes(8, "big") + bytes(16)
    out = [b"fLaC", b"\x80", len(info).to_bytes(3, "big"), info]
    for number in range(count):
        # 16-bit block size at the end, rate from STREAMINFO; one channel, 16 bits.
        head = b"\xff\xf8\x70\x08" + coded_number(number) + struct.pack(">H", block - 1)
        head += bytes([crc8(head)])
        frame = head + b"\0" + b"\0\0"  # one constant subframe, of zero
        out.append(frame + struct.pack(">H", crc16(frame)))
    return b"".join(out)


def ogg_crc(data):
    """Of an Ogg page: polynomial 0x04c11db7 without reflection (RFC 3533, section 6)."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1 ^ 0x04C11DB7 if value & 0x80000000 else value << 1) & 0xFFFFFFFF
    return value


def page(packets, granule, number, flags=0):
    """An Ogg page of packets below 255 bytes."""
    head = b"OggS" + struct.pack("<BBqIIIB", 0, flags, granule, 1, number, 0, len(packets))
    data = head + bytes(len(packet) for packet in packets) + b"".join(packets)
    return data[:22] + struct.pack("<I", ogg_crc(data)) + data[26:]


def opus_of_silence(hours):
    """Ogg Opus of packets of two bytes, each six frames of 20 ms that hold nothing (RFC 6716, section 3.2.5)."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, 48000, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 0) + struct.pack("<I", 0)
    pages = [page([head], 0, 0, flags=2), page([tags], 0, 1)]
    # Configuration 1 (SILK, narrow band, 20 ms), mono, code 3; six frames of equal length: none.
    packet, samples, granule = bytes([0x0B, 0x06]), 6 * 960, 0
    count = int(hours * 3600 * 48000) // (255 * samples)
    for number in range(count):
        granule += 255 * samples
        pages.append(page([packet] * 255, granule, number + 2, flags=4 if number == count - 1 else 0))
    return b"".join(pages)
