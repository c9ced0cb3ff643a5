"""Reads the answer to one HTTP request from pieces as they come; strict, because much follows from an answer."""

import re
from typing import NamedTuple

# An answer to a message has about a kilobyte; whoever sends this much is not Telegram.
MOST_BYTES = 1 << 20
_MOST_CHUNK_LINE = 256
_STATUS = re.compile(rb"HTTP/1\.([01]) ([2-5][0-9][0-9])(?: .*)?")
_LENGTH = re.compile(rb"[0-9]{1,9}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:[ \t]*;[^\r\n]*)?\r\n")
_END_OF_HEAD = b"\r\n\r\n"


class Unreadable(Exception):  # noqa: N818 (an answer too: nobody can know what it meant)
    """What came is no answer of a web server."""


class Answer(NamedTuple):
    """What came back; `keeps_alive` says whether the connection may be used again."""

    status: int
    body: bytes
    keeps_alive: bool


class _Head(NamedTuple):
    """What matters of the lines before the body; without a length it goes to the end of the connection."""

    status: int
    length: int | None
    is_chunked: bool
    keeps_alive: bool


class AnswerReader:
    """Takes in one answer."""

    def __init__(self) -> None:
        self._read = bytearray()
        self._head: _Head | None = None

    def feed(self, data: bytes) -> Answer | None:
        """Return the answer once it is whole; raises Unreadable."""
        self._read += data
        if len(self._read) > MOST_BYTES:
            raise Unreadable("the answer is too large")
        if self._head is None:
            end = self._read.find(_END_OF_HEAD)
            if end < 0:
                return None
            self._head = _read_head(bytes(self._read[:end]))
            del self._read[: end + len(_END_OF_HEAD)]
        return self._whole(self._head)

    def ended(self) -> Answer | None:
        """Return the answer if the end of the connection was its end as well."""
        head = self._head
        if head is None or head.is_chunked or head.length is not None:
            return None
        return Answer(head.status, bytes(self._read), keeps_alive=False)

    def _whole(self, head: _Head) -> Answer | None:
        if head.is_chunked:
            return _unchunked(bytes(self._read), head)
        if head.length is None or len(self._read) < head.length:
            return None
        # More than was announced belongs to no request: whoever sends it cannot be relied on for the next one.
        keeps_alive = head.keeps_alive and len(self._read) == head.length
        return Answer(head.status, bytes(self._read[: head.length]), keeps_alive)


def _read_head(head: bytes) -> _Head:
    first, *lines = head.split(b"\r\n")
    status = _STATUS.fullmatch(first)
    if status is None:
        raise Unreadable("the answer does not begin like one")
    fields: dict[bytes, bytes] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip():
            raise Unreadable("the answer has a line that is none")
        name, value = name.lower(), value.strip(b" \t")
        if name == b"content-length" and fields.get(name, value) != value:
            raise Unreadable("the answer has two lengths")
        fields[name] = value
    is_chunked = fields.get(b"transfer-encoding", b"").lower() == b"chunked"
    keeps_alive = status[1] == b"1" and b"close" not in fields.get(b"connection", b"").lower()
    return _Head(int(status[2]), _length(fields, is_chunked=is_chunked), is_chunked, keeps_alive)


def _length(fields: dict[bytes, bytes], *, is_chunked: bool) -> int | None:
    length = fields.get(b"content-length")
    if length is None:
        return None
    # Two ways to say where the answer ends: whoever stands in between may have believed the other one.
    if is_chunked or not _LENGTH.fullmatch(length):
        raise Unreadable("the answer does not say how long it is")
    return int(length)


def _unchunked(read: bytes, head: _Head) -> Answer | None:
    """Return the answer that came in chunks (RFC 9112, 7.1), None while some are missing."""
    pieces: list[bytes] = []
    at = 0
    while True:
        size = _CHUNK.match(read, at)
        if size is None:
            if b"\r\n" in read[at:] or len(read) - at > _MOST_CHUNK_LINE:
                raise Unreadable("the answer has a chunk that is none")
            return None
        length, begins = int(size[1], 16), size.end()
        if length == 0:
            return _with_trailer(read[begins:], b"".join(pieces), head)
        at = begins + length + 2
        if len(read) < at:
            return None
        if read[at - 2 : at] != b"\r\n":
            raise Unreadable("the answer has a chunk that does not end")
        pieces.append(read[begins : begins + length])


def _with_trailer(rest: bytes, body: bytes, head: _Head) -> Answer | None:
    """Return the answer once the lines after its last chunk are there; they say nothing that matters."""
    if rest.startswith(b"\r\n"):
        return Answer(head.status, body, head.keeps_alive and rest == b"\r\n")
    end = rest.find(_END_OF_HEAD)
    if end < 0:
        return None
    return Answer(head.status, body, head.keeps_alive and end + len(_END_OF_HEAD) == len(rest))
