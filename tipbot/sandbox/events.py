"""Everything that happened in the sandbox, in order, for pages and tests that follow along."""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from tipbot.sandbox.pulse import Pulse

KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, by `kind`.

    In chats: sent, edited, deleted, read, pressed, action, toast, offers, member. Around: profile, fault, stage.
    """

    number: int
    kind: str
    chat_id: int | None
    details: dict[str, Any]


class EventLog:
    """Remembers the last 10,000 events and passes each new one to everybody who subscribed."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self._events: deque[Event] = deque(maxlen=KEPT)
        self._subscribers: set[asyncio.Queue[Event]] = set()
        self._number = 0

    def add(self, kind: str, chat_id: int | None, details: dict[str, Any]) -> None:
        """Record one event and wake whoever waits."""
        self._number += 1
        event = Event(self._number, kind, chat_id, details)
        self._events.append(event)
        for subscriber in self._subscribers:
            subscriber.put_nowait(event)
        self._pulse.beat()

    @property
    def newest(self) -> int:
        """The number of the last event, 0 before the first."""
        return self._number

    def number_from(self, number: int) -> None:
        """Go on after this number, so that whoever followed an earlier run knows that it was another."""
        self._number = max(self._number, number)

    def remembers(self, number: int) -> bool:
        """Return whether every event after `number` is still here, and `number` was given out at all."""
        return self._number - len(self._events) <= number <= self._number

    def since(self, number: int) -> list[Event]:
        """Return the remembered events after `number`, oldest first; 0 gives all of them."""
        newer = takewhile(lambda event: event.number > number, reversed(self._events))
        return list(newer)[::-1]

    @contextmanager
    def subscription(self) -> Iterator[asyncio.Queue[Event]]:
        """Give a queue that receives every event from now on, until the block is left."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        self._subscribers.add(queue)
        try:
            yield queue
        finally:
            self._subscribers.discard(queue)
