"""The sink with people in it: they write while messages go out, and it notes how long each waits for an answer.

Run it as a program with options of sink.py and `--people`, the commands a second. `/waits` returns what it noted.
"""

import argparse
import asyncio
import json
import re
import sys
from functools import partial

from benchmarks import sink
from benchmarks.sink import Connection, Sends

FIRST_PERSON = 10_000_000
COMMAND = "/help"
LOOK_SECONDS = 0.02
# Who wrote later than this before the end may still be without an answer.
LATE_SECONDS = 5.0


def _answer(content: object) -> bytes:
    body = json.dumps(content).encode()
    return b"%s%d\r\n\r\n%s" % (sink.OK, len(body), body)


class Crowd:
    """Who has written and who was answered."""

    def __init__(self, sends: Sends) -> None:
        self.sends = sends
        self.updates: list[dict[str, object]] = []
        self.waits: list[float] = []
        self._written = 0
        self._asked: dict[int, float] = {}

    def unanswered(self, before: float) -> int:
        """Return how many wrote before this moment and heard nothing."""
        return sum(at < before for at in self._asked.values())

    def write(self, now: float) -> None:
        """Let somebody new write."""
        self._written += 1
        number = FIRST_PERSON + self._written
        chat = {"id": number, "type": "private", "first_name": "Ann"}
        command = {"type": "bot_command", "offset": 0, "length": len(COMMAND)}
        message = {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": COMMAND, "entities": [command]}
        message["from"] = {"id": number, "is_bot": False, "first_name": "Ann", "language_code": "en"}
        self.updates.append({"update_id": number, "message": message})
        self._asked[number] = now

    def note(self, chat: int, now: float) -> None:
        """Note that a message came; the first to somebody who wrote is the answer."""
        asked = self._asked.pop(chat, None)
        if asked is not None:
            self.waits.append(now - asked)

    def after(self, offset: int) -> list[dict[str, object]]:
        """Return what was not confirmed yet."""
        self.updates = [one for one in self.updates if int(str(one["update_id"])) >= offset]
        return self.updates


class Lively(Connection):
    """Answers as the sink does, and brings what people wrote."""

    def __init__(self, crowd: Crowd, delay: float) -> None:
        super().__init__(crowd.sends, delay)
        self._crowd = crowd

    def _answers(self, buffer: bytes, begin: int, end: int, done: int) -> list[bytes]:
        request = buffer[begin:done]
        if b"/getUpdates" in request[: end - begin]:
            found = re.search(rb"offset\W{1,4}(\d+)", request)
            self._bring(int(found[1]) if found else 0, self._loop.time() + sink.LONGEST_POLL)
            return []
        answered = super()._answers(buffer, begin, end, done)
        chat = sink.CHAT.search(request)
        if chat and self._crowd.sends.log and self._crowd.sends.log[-1][2] == sink.ACCEPTED:
            self._crowd.note(int(chat[1]), self._loop.time())
        return answered

    def _bring(self, offset: int, until: float) -> None:
        waiting = self._crowd.after(offset)
        if waiting or self._loop.time() > until:
            self._write(_answer({"ok": True, "result": waiting}))
        else:
            self._loop.call_later(LOOK_SECONDS, self._bring, offset, until)

    def _other(self, method: bytes, path: bytes) -> bytes:
        if method == b"waits":
            late = self._crowd.unanswered(self._loop.time() - LATE_SECONDS)
            return _answer({"waits": self._crowd.waits, "unanswered": late})
        return super()._other(method, path)


async def serve(wishes: argparse.Namespace) -> None:
    crowd = Crowd(Sends(limit=wishes.limit, window=1.0, penalty=(wishes.penalty, wishes.penalty), one_in=0))
    loop = asyncio.get_running_loop()
    connection = partial(Lively, crowd, wishes.delay_ms / 1000)
    server = await loop.create_server(connection, "127.0.0.1", 0, backlog=4096)
    loop.add_reader(sys.stdin, sys.exit)
    print(server.sockets[0].getsockname()[1], flush=True)
    while True:
        await asyncio.sleep(1 / wishes.people)
        if crowd.sends.log:  # a broadcast goes out
            crowd.write(loop.time())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("delay_ms", type=float)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--penalty", type=int, default=3)
    parser.add_argument("--people", type=float, default=5.0)
    sink.run(serve(parser.parse_args()))
