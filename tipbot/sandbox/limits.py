"""Telegram's limits on how much a bot may send, and the 429 for one that sends more."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tipbot.sandbox.refusals import too_many_requests

COUNTED = ("send", "copy", "forward", "edit")
NOT_COUNTED = ("sendchataction",)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be sent before a 429; None lifts a limit.

    `per_second` counts all chats together, `paid_per_second` replaces it for paid broadcasts. `per_chat` is
    messages a second in one chat, averaged over a burst of `chat_burst`. `penalty` is the shortest halt in
    seconds, and it binds even calls that would fit again. The default figures are those of Telegram's FAQ.
    """

    per_second: int | None = 30
    per_chat: float | None = 1
    chat_burst: int = 5
    per_group_minute: int | None = 20
    paid_per_second: int = 1000
    penalty: int = 1


NO_LIMITS = Limits(per_second=None, per_chat=None, per_group_minute=None)


class _Window:
    """At most `most` in any `length`; a refused one does not count."""

    def __init__(self, most: int, length: timedelta) -> None:
        self._length = length
        self._times: deque[datetime] = deque(maxlen=most)

    def wait(self, now: datetime) -> timedelta:
        """Return how long until one more fits, zero if it fits now."""
        if len(self._times) < (self._times.maxlen or 0):
            return timedelta(0)
        return max(timedelta(0), self._times[0] + self._length - now)

    def add(self, now: datetime) -> None:
        self._times.append(now)


class Gate:
    """Admits calls under the limits; times are those of the sandbox's clock."""

    def __init__(self, limits: Limits, now: Callable[[], datetime]) -> None:
        self._now = now
        self.change(limits)

    def change(self, limits: Limits) -> None:
        """Apply other limits from now on, with nothing sent so far."""
        self._limits = limits
        self._all = _window(limits.per_second, 1)
        self._paid = _Window(limits.paid_per_second, timedelta(seconds=1))
        self._chats: dict[int, list[_Window]] = {}
        self._halts: dict[int | None, datetime] = {}

    def admit(self, method: str, chat_id: int, *, paid: bool = False) -> None:
        """Count one call; raises RefusalError (429) if it is one too many."""
        if not method.startswith(COUNTED) or method in NOT_COUNTED:
            return
        now = self._now()
        for place in (None, chat_id):
            if place in self._halts and now < self._halts[place]:
                raise too_many_requests(math.ceil((self._halts[place] - now).total_seconds()))
        overall = [self._paid] if paid else self._all
        chat = self._chat_windows(chat_id)
        self._refuse_if_full(overall, None, now)
        self._refuse_if_full(chat, chat_id, now)
        for window in (*overall, *chat):
            window.add(now)

    def _chat_windows(self, chat_id: int) -> list[_Window]:
        if chat_id not in self._chats:
            limits = self._limits
            windows: list[_Window] = []
            if limits.per_chat is not None:
                windows += _window(limits.chat_burst, limits.chat_burst / limits.per_chat)
            if chat_id < 0:
                windows += _window(limits.per_group_minute, 60)
            self._chats[chat_id] = windows
        return self._chats[chat_id]

    def _refuse_if_full(self, windows: list[_Window], place: int | None, now: datetime) -> None:
        wait = max((window.wait(now) for window in windows), default=timedelta(0))
        if wait:
            seconds = max(self._limits.penalty, math.ceil(wait.total_seconds()))
            self._halts[place] = now + timedelta(seconds=seconds)
            raise too_many_requests(seconds)


def _window(most: int | None, seconds: float) -> list[_Window]:
    return [] if most is None else [_Window(most, timedelta(seconds=seconds))]
