"""What the bot asked for and what it was told: the log that tests read."""

from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.pulse import Pulse

KEPT = 100_000


@dataclass(frozen=True, slots=True)
class Call:
    """One finished call; `answer` is the whole JSON body, `status` the HTTP status."""

    method: str
    given: Parameters
    status: int
    answer: dict[str, Any]
    at: datetime

    @property
    def parameters(self) -> dict[str, Any]:
        """What was passed, JSON opened and ids as numbers."""
        return self.given.plain()

    @property
    def chat_id(self) -> int | None:
        """The chat the call was about."""
        value = self.parameters.get("chat_id")
        return value if isinstance(value, int) else None

    @property
    def ok(self) -> bool:
        """Whether Telegram did it."""
        return self.answer.get("ok") is True


class CallLog:
    """The last 100,000 calls, oldest first, without getUpdates.

    `counts` has every method since the start, `total` how many calls there ever were.
    """

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self._calls: deque[Call] = deque(maxlen=KEPT)
        self.counts: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.total = 0
        self.in_progress = 0

    def __iter__(self) -> Iterator[Call]:
        return iter(list(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def after(self, number: int, *, most: int) -> list[tuple[int, Call]]:
        """Return the newest calls after the `number`-th, at most so many, oldest first, each with its number."""
        wanted = max(0, min(self.total - number, len(self._calls), most))
        newest = list(islice(reversed(self._calls), wanted))[::-1]
        return list(enumerate(newest, start=self.total - wanted + 1))

    def of(self, method: str, chat_id: int | None = None) -> list[Call]:
        """Return the calls of one method (any case), all or those about one chat."""
        named = [call for call in self._calls if call.method.lower() == method.lower()]
        return [call for call in named if chat_id is None or call.chat_id == chat_id]

    def add(self, call: Call) -> None:
        """Record a finished call."""
        self.counts[call.method] += 1
        if not call.ok:
            self.refused[str(call.answer.get("description", ""))] += 1
        if call.method != "getUpdates":
            self._calls.append(call)
            self.total += 1
        self._pulse.beat()

    @contextmanager
    def progress(self) -> Iterator[None]:
        """Count a call as in progress while the block runs."""
        self.in_progress += 1
        try:
            yield
        finally:
            self.in_progress -= 1
            self._pulse.beat()
