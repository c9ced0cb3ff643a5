"""A Bot API on loopback that keeps a log of its own: what is measured is who sends, never who receives.

Run it as a program: it prints its port and serves until it is ended. It needs nothing but Python, and takes uvloop
where that is installed. Messages are counted when they arrive and answered after the round trip.
"""

import argparse
import asyncio
import itertools
import json
import math
import random
import re
import sys
from collections import deque
from collections.abc import Coroutine
from functools import partial
from typing import cast

ACCEPTED, BLOCKED, REFUSED = "accepted", "blocked", "refused"
CHAT = re.compile(rb"chat_id\W{0,40}?(-?\d+)")
TIMEOUT = re.compile(rb"timeout\W{1,4}(\d+)")
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
# Telegram holds a question for updates until there are some; here there never are.
LONGEST_POLL = 25.0
TEXT = "Stand up after your next call and take three slow breaths. Your back likes a change. " * 2


class Sends:
    """What came in, when and what it was answered; decides as Telegram would."""

    def __init__(self, *, limit: int, window: float, penalty: tuple[int, int], one_in: int) -> None:
        self._limit, self._window, self._penalty, self._one_in = limit, window, penalty, one_in
        self._random = random.Random(20)  # noqa: S311 (the same pauses in each run)
        self._recent: deque[float] = deque()
        self._closed_until = 0.0
        self._numbers = itertools.count(1)
        self.log: list[tuple[int, float, str, int]] = []

    def take(self, chat: int, now: float) -> bytes:
        """Note one message and return the whole answer to it."""
        if self._limit and (wait := self._wait(now)) > 0:
            seconds = math.ceil(wait)
            self.log.append((chat, now, REFUSED, seconds))
            return _too_many(seconds)
        if self._one_in and chat % self._one_in == 0:
            self.log.append((chat, now, BLOCKED, 0))
            return FORBIDDEN
        number = next(self._numbers)
        self.log.append((chat, now, ACCEPTED, number))
        return _message(chat, number)

    def _wait(self, now: float) -> float:
        """Return how many seconds of a flood wait are left, 0 where this message may pass."""
        if now < self._closed_until:
            return self._closed_until - now
        recent = self._recent
        while recent and recent[0] <= now - self._window:
            recent.popleft()
        if len(recent) >= self._limit:
            penalty = self._random.randint(*self._penalty)
            self._closed_until = now + penalty
            return float(penalty)
        recent.append(now)
        return 0

    def counts(self) -> dict[str, int]:
        """Return how many messages had which answer."""
        counts = dict.fromkeys((ACCEPTED, BLOCKED, REFUSED), 0)
        for _, _, verdict, _ in self.log:
            counts[verdict] += 1
        return counts


def _answer(status: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def _json(content: object, status: str = "200 OK") -> bytes:
    return _answer(status, json.dumps(content).encode())


def _result(content: object) -> bytes:
    return _json({"ok": True, "result": content})


def _message(chat: int, number: int) -> bytes:
    body = b'{"ok":true,"result":{"message_id":%d,"chat":{"id":%d,%s}' % (number, chat, REST)
    return b"%s%d\r\n\r\n%s" % (OK, len(body), body)


def _too_many(seconds: int) -> bytes:
    told = f"Too Many Requests: retry after {seconds}"
    more = {"error_code": 429, "description": told, "parameters": {"retry_after": seconds}}
    return _json({"ok": False, **more}, "429 Too Many Requests")


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
ME = {"is_bot": True, "first_name": "Sink", "username": "sink_bot"}
_SENDER = json.dumps({"id": 1, **ME})
REST = f'"type":"private","first_name":"Ann"}},"date":1700000000,"from":{_SENDER},"text":"{TEXT}"}}'.encode()
FORBIDDEN = _json(
    {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"}, "403 Forbidden"
)
TRUE = _result(True)
# What a bot asks about itself when it starts.
ASKED = {b"getmycommands": _result([]), b"getmydescription": _result({"description": ""})}
ASKED |= {b"getmyshortdescription": _result({"short_description": ""}), b"getmyname": _result({"name": "Sink"})}


class Connection(asyncio.Protocol):
    """Answers HTTP/1.1 requests with a content length, also many in one packet; keeps connections open."""

    def __init__(self, sends: Sends, delay: float) -> None:
        self._sends, self._delay = sends, delay
        self._buffer = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        begin, ready = 0, []
        while (end := buffer.find(b"\r\n\r\n", begin)) >= 0:
            found = LENGTH.search(buffer, begin, end + 2)
            done = end + 4 + (int(found[1]) if found else 0)
            if len(buffer) < done:
                break
            ready += self._answers(buffer, begin, end, done)
            begin = done
        self._buffer = buffer[begin:]
        if ready:
            self._transport.write(b"".join(ready))

    def _answers(self, buffer: bytes, begin: int, end: int, done: int) -> list[bytes]:
        """Return what is to be written at once; the rest is written later by itself."""
        path = buffer[begin : buffer.find(b"\r\n", begin, end)].split(b" ", 2)[1]
        method = path.rpartition(b"/")[2].partition(b"?")[0].lower()
        if method.startswith(b"send") or method == b"copymessage":
            chat = CHAT.search(buffer, begin, done)
            answer, delay = self._sends.take(int(chat[1]) if chat else 0, self._loop.time()), self._delay
        elif method == b"getupdates":
            asked = TIMEOUT.search(buffer, begin, done)
            answer, delay = _result([]), min(LONGEST_POLL, float(asked[1]) if asked else 0.0)
        else:
            answer, delay = self._other(method, path), 0.0
        if not delay:
            return [answer]
        self._loop.call_later(delay, partial(self._write, answer))
        return []

    def _other(self, method: bytes, path: bytes) -> bytes:
        if method == b"log":
            return _json(self._sends.log)
        if method == b"counts":
            return _json(self._sends.counts())
        if method == b"getme":
            token = re.search(rb"/bot(\d+):", path)
            return _result({"id": int(token[1]) if token else 1, **ME})
        return ASKED.get(method, TRUE)

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)


def _wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("delay_ms", type=float, nargs="?", default=0.0, help="round trip of a message")
    parser.add_argument("--limit", type=int, default=0, help="messages in any window, 0 for no limit")
    parser.add_argument("--window", type=float, default=1.0, help="length of that window in seconds")
    parser.add_argument("--penalty", type=int, default=3, help="seconds of 429 for everybody after an overrun")
    parser.add_argument("--most-penalty", type=int, default=0, help="draw that between --penalty and this")
    parser.add_argument("--until-input-ends", action="store_true", help="end with whoever started it")
    parser.add_argument("--block-one-in", type=int, default=0, help="chats whose id divides by this answer 403")
    return parser.parse_args()


async def serve() -> None:
    wishes = _wishes()
    penalty = (wishes.penalty, max(wishes.penalty, wishes.most_penalty))
    sends = Sends(limit=wishes.limit, window=wishes.window, penalty=penalty, one_in=wishes.block_one_in)
    connection = partial(Connection, sends, wishes.delay_ms / 1000)
    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0, backlog=4096)
    if wishes.until_input_ends:
        asyncio.get_running_loop().add_reader(sys.stdin, sys.exit)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def run(serving: Coroutine[object, object, None]) -> None:
    """Run on the fastest loop there is, until the end."""
    try:
        import uvloop  # noqa: PLC0415 (only in an environment of its own)
    except ImportError:
        asyncio.run(serving)
    else:
        uvloop.run(serving)


if __name__ == "__main__":
    try:
        run(serve())
    except KeyboardInterrupt:
        sys.exit(0)
