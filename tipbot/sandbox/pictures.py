"""A very small picture, for people who send one and do not care which."""

import struct
import zlib


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def plain_picture(width: int, height: int, grey: int = 200) -> bytes:
    """Return a PNG of one shade of grey, 0 black to 255 white, sizes in pixels."""
    rows = (b"\0" + bytes([grey]) * width) * height
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


SMALL_PICTURE = plain_picture(8, 8)
