"""A sink for one measurement: started, asked for its log, ended."""

import http.client
import json
import statistics
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Self

from benchmarks.processes import CHECKOUT, Nursery

SINK = str(CHECKOUT / "benchmarks" / "sink.py")
CEILING = str(CHECKOUT / "benchmarks" / "ceiling.py")


@dataclass(frozen=True)
class Telegram:
    """How the sink behaves: its round trip, and whom and how much it takes."""

    delay_ms: int = 0
    limit: int = 0
    block_one_in: int = 0
    penalty: int = 3
    most_penalty: int = 0

    @property
    def arguments(self) -> list[str]:
        """The same for its command line."""
        options = {"--limit": self.limit, "--block-one-in": self.block_one_in}
        options |= {"--penalty": self.penalty, "--most-penalty": self.most_penalty}
        return [str(self.delay_ms), *(word for name, value in options.items() for word in (name, str(value)))]

    def blocks(self, chat: int) -> bool:
        """Say whether this chat has blocked the bot."""
        return bool(self.block_one_in) and chat % self.block_one_in == 0


@dataclass
class Log:
    """What the sink saw: who got how many messages, when, and how often it refused.

    Each entry is a chat, the moment, what was said, and its number, or the seconds that a refused one should wait.
    """

    entries: list[tuple[int, float, str, int]]
    got: Counter[int] = field(init=False)

    def __post_init__(self) -> None:
        self.got = Counter(chat for chat, _, verdict, _ in self.entries if verdict == "accepted")

    @property
    def refused(self) -> int:
        """How many messages met a 429."""
        return sum(verdict == "refused" for _, _, verdict, _ in self.entries)

    @property
    def doubled(self) -> int:
        """How many messages somebody had already."""
        return sum(number - 1 for number in self.got.values())

    def missing(self, chats: list[int]) -> list[int]:
        """Return who got nothing."""
        return [chat for chat in chats if not self.got[chat]]

    @property
    def rate(self) -> float:
        """Messages a second that were not refused, from the first to the last.

        What goes to somebody who has blocked the bot takes its place within the limit like any other.
        """
        moments = [at for _, at, verdict, _ in self.entries if verdict != "refused"]
        return (len(moments) - 1) / (moments[-1] - moments[0]) if moments and moments[-1] > moments[0] else 0.0

    def message_of(self) -> dict[int, int]:
        """Return the last message each chat got."""
        return {chat: number for chat, _, verdict, number in self.entries if verdict == "accepted"}


class Sink:
    """A running sink."""

    def __init__(self, nursery: Nursery, python: str, behaviour: Telegram) -> None:
        self._nursery = nursery
        command = [python, SINK, *behaviour.arguments, "--until-input-ends"]
        self._process = nursery.start(command, subprocess.DEVNULL)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._nursery.end(self._process)

    def accepted(self) -> int:
        """Return how many messages it has taken so far."""
        counts: dict[str, int] = self._asked("/counts")
        return counts["accepted"]

    def log(self) -> Log:
        """Return everything it saw."""
        return Log([(entry[0], entry[1], entry[2], entry[3]) for entry in self._asked("/log")])

    def _asked(self, path: str) -> Any:  # noqa: ANN401 (JSON)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("GET", path)
        answer = json.load(connection.getresponse())
        connection.close()
        return answer


def ceiling(nursery: Nursery, python: str, rounds: int) -> float:
    """Return how many requests a second the sink answers when somebody sends them as fast as can be."""
    found = []
    for _ in range(rounds):
        with Sink(nursery, python, Telegram()) as sink:
            process = nursery.start([sys.executable, CEILING, str(sink.port)], subprocess.DEVNULL)
            assert process.stdout is not None
            found.append(float(process.stdout.read()))
            nursery.end(process)
    return statistics.median(found)
