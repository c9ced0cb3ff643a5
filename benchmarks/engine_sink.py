"""A Bot API for the engine's figures: as cheap as it can be, with a round trip, a limit, and people who ask for a tip.

Prints its port. `GET /seen` returns what it saw, as JSON.
"""

import argparse
import asyncio
import json
import re
import time
from collections import Counter, deque
from contextlib import suppress

try:
    import uvloop
except ImportError:
    uvloop = None

CHAT = re.compile(rb'chat_id"?[=:] ?(-?\d+)')
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
FIRST_PERSON = 10_000_000
TEXT = "Stand up after your next call and take three slow breaths. Your back likes a change. " * 2


class Telegram:
    """What all connections share."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.rtt = given.rtt / 1000
        self.limit: int = given.limit
        self.retry_after: int = given.retry_after
        self.numbers = 0
        self.accepted: deque[float] = deque()
        self.shut_until = 0.0
        self.got: Counter[int] = Counter()
        self.refused = self.early = self.requests = 0
        self.first = self.last = 0.0
        self.asked: dict[int, float] = {}
        self.waits: list[float] = []
        self.updates: list[dict[str, object]] = []
        self.every = 1 / given.people if given.people else 0.0
        self.asks_after = 0.0

    def sends(self, chat: int) -> bytes:
        now = time.perf_counter()
        if self.limit and not self._may(now):
            return self._refusal()
        if chat >= FIRST_PERSON:
            asked = self.asked.pop(chat, None)
            if asked is not None:
                self.waits.append(now - asked)
        else:
            self.got[chat] += 1
            self.first = self.first or now
            self.last = now
        self.numbers += 1
        return b'{"ok":true,"result":{"message_id":%d,"from":{"id":1,"is_bot":true,"first_name":"Sink","username":' \
            b'"sink_bot"},"chat":{"id":%d,"first_name":"Ann","type":"private"},"date":1700000000,"text":"%s"}}' % (
                self.numbers, chat, TEXT.encode())

    def _may(self, now: float) -> bool:
        """Allow so many in any second; after one too many refuse everything until the pause is over."""
        if now < self.shut_until:
            self.early += 1
            return False
        while self.accepted and self.accepted[0] <= now - 1:
            self.accepted.popleft()
        if len(self.accepted) >= self.limit:
            self.shut_until = now + self.retry_after
            return False
        self.accepted.append(now)
        return True

    def _refusal(self) -> bytes:
        self.refused += 1
        wait = max(1, round(self.shut_until - time.perf_counter() + 0.5))
        return b'{"ok":false,"error_code":429,"description":"Too Many Requests: retry after %d",' \
            b'"parameters":{"retry_after":%d}}' % (wait, wait)

    def asks(self) -> None:
        """Let another person ask for a tip."""
        if not self.got:
            return
        number = FIRST_PERSON + len(self.asked) + len(self.waits) + 1
        person = {"id": number, "type": "private", "first_name": "Ann"}
        message = {
            "message_id": 1, "date": 1_700_000_000, "chat": person, "text": "/urgent",
            "from": {"id": number, "is_bot": False, "first_name": "Ann", "language_code": "en"},
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
        }
        self.updates.append({"update_id": number, "message": message})
        self.asked[number] = time.perf_counter()

    def seen(self) -> bytes:
        return json.dumps({
            "chats": len(self.got), "messages": sum(self.got.values()),
            "twice": sum(count > 1 for count in self.got.values()),
            "refused": self.refused, "early": self.early, "seconds": self.last - self.first,
            "unanswered": len(self.asked), "waits": self.waits,
        }).encode()


class Line(asyncio.Protocol):
    """Answers HTTP/1.1 requests with a content length; keeps connections open."""

    def __init__(self, telegram: Telegram, loop: asyncio.AbstractEventLoop) -> None:
        self.telegram, self.loop = telegram, loop
        self.buffer = b""
        self.transport: asyncio.Transport = None  # type: ignore[assignment]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        self.buffer = self.buffer + data if self.buffer else data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            found = LENGTH.search(self.buffer, 0, end)
            whole = end + 4 + (int(found[1]) if found else 0)
            if len(self.buffer) < whole:
                return
            request, self.buffer = self.buffer[:whole], self.buffer[whole:]
            self.asked(request, end)

    def asked(self, request: bytes, end: int) -> None:
        line = request[: request.find(b"\r\n")]
        telegram = self.telegram
        if b"/send" in line:
            found = CHAT.search(request, end)
            self.answer(telegram.sends(int(found[1]) if found else 0), telegram.rtt)
        elif b"/getUpdates" in line:
            offset = re.search(rb"offset=(\d+)", request[end:])
            first = int(offset[1]) if offset else 0
            telegram.updates = [one for one in telegram.updates if one["update_id"] >= first]  # type: ignore[operator]
            self.updates(first, 40)
        elif b"/getMe" in line:
            self.answer(b'{"ok":true,"result":{"id":424242,"is_bot":true,"first_name":"Sink","username":"sink_bot"}}')
        elif b"/seen" in line:
            self.answer(telegram.seen())
        else:
            self.answer(b'{"ok":true,"result":true}')

    def updates(self, first: int, looks: int) -> None:
        waiting = self.telegram.updates
        if waiting or looks == 0:
            self.answer(json.dumps({"ok": True, "result": waiting}).encode())
        else:
            self.loop.call_later(0.025, self.updates, first, looks - 1)

    def answer(self, body: bytes, delay: float = 0.0) -> None:
        status = b"200 OK"
        if body.startswith(b'{"ok":false'):
            status = b"429 Too Many Requests"
        head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(body))
        if delay:
            self.loop.call_later(delay, self.write, head + body)
        else:
            self.write(head + body)

    def write(self, answer: bytes) -> None:
        if not self.transport.is_closing():
            self.transport.write(answer)


async def people(telegram: Telegram) -> None:
    while True:
        await asyncio.sleep(telegram.every)
        telegram.asks()


async def main(given: argparse.Namespace) -> None:
    loop, telegram = asyncio.get_running_loop(), Telegram(given)
    server = await loop.create_server(lambda: Line(telegram, loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    with suppress(asyncio.CancelledError):
        if telegram.every:
            await people(telegram)
        await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rtt", type=float, default=0, help="milliseconds")
    parser.add_argument("--limit", type=int, default=0, help="messages in any second; 0: none")
    parser.add_argument("--retry-after", type=int, default=3)
    parser.add_argument("--people", type=float, default=0, help="commands a second while a broadcast goes out")
    runner = asyncio.Runner(loop_factory=uvloop.new_event_loop if uvloop else None)
    with runner:
        runner.run(main(parser.parse_args()))
