"""The queue of updates that wait for the bot, fetched by polling or pushed to a webhook."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice, takewhile
from typing import Any

from tipbot.sandbox.pulse import Pulse
from tipbot.sandbox.refusals import SECOND_POLLER, WEBHOOK_STARTED, conflict

KEPT = timedelta(hours=24)
KEPT_QUERY = timedelta(seconds=150)
ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
QUERIES = ("callback_query", "inline_query")
LONGEST_POLL = 50
MOST_AT_ONCE = 100
# An offset further beyond the newest update than this belongs to another numbering (TDLib, TQueue::get).
FURTHEST_AHEAD = 10


@dataclass(frozen=True, slots=True)
class Update:
    """One update; `kind` is the name of its field in the Bot API."""

    update_id: int
    kind: str
    chat_id: int
    at: datetime
    payload: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the Update object of the Bot API."""
        return {"update_id": self.update_id, self.kind: self.payload}


class UpdateQueue:
    """Updates in order, each kept until it is confirmed or too old (24 hours, a press or an inline query 150 s)."""

    def __init__(self, now: Callable[[], datetime], pulse: Pulse) -> None:
        self._now = now
        self._pulse = pulse
        self._pending: dict[int, Update] = {}
        self._last_id = 0
        self._poller = 0
        self._end_of_poll = SECOND_POLLER
        self._closed = False
        self.allowed: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self._pending)

    def __contains__(self, update: Update) -> bool:
        return update.update_id in self._pending

    def allow(self, kinds: Iterable[str]) -> None:
        """Queue only these kinds from now on; none named: all but those that must be asked for."""
        self.allowed = tuple(kinds)

    def add(self, kind: str, chat_id: int, payload: dict[str, Any]) -> Update | None:
        """Queue an update unless the bot does not want its kind."""
        wanted = kind in self.allowed if self.allowed else kind not in ON_REQUEST
        if not wanted:
            return None
        self._last_id += 1
        update = Update(self._last_id, kind, chat_id, self._now(), payload)
        self._pending[update.update_id] = update
        self._pulse.beat()
        return update

    def waiting(self) -> list[Update]:
        """Return every update that is not confirmed yet, oldest first."""
        return list(self._pending.values())

    @property
    def polls(self) -> int:
        """How many polls have begun; each setWebhook counts as well."""
        return self._poller

    @property
    def newest_id(self) -> int:
        """The id of the newest update ever queued, 0 before the first."""
        return self._last_id

    def after(self, update_id: int) -> list[Update]:
        """Return the unconfirmed updates newer than `update_id`, oldest first."""
        newer = list(takewhile(lambda number: number > update_id, reversed(self._pending)))
        return [self._pending[number] for number in reversed(newer)]

    def confirm(self, update: Update) -> None:
        """Drop one update that the webhook took."""
        self._pending.pop(update.update_id, None)
        self._pulse.beat()

    def number_from(self, update_id: int) -> None:
        """Give the next update this id, as Telegram does with a random one after a week without updates."""
        self._last_id = update_id - 1

    def restore(self, pending: Iterable[Update]) -> None:
        """Put back updates that were not confirmed in an earlier run."""
        self._pending |= {update.update_id: update for update in pending}

    def clear(self) -> None:
        """Drop all updates."""
        self._pending.clear()
        self._pulse.beat()

    def open(self) -> None:
        """Let polls wait again."""
        self._closed = False

    def close(self) -> None:
        """Send waiting polls home with what there is."""
        self._closed = True
        self._pulse.beat()

    def end_poll_for_webhook(self) -> None:
        """Refuse the poll that waits now, because a webhook takes over."""
        self._end_poll(WEBHOOK_STARTED)

    async def poll(self, offset: int, limit: int, seconds: int) -> list[Update]:
        """Confirm by offset, then wait for updates; the poll that was waiting before is refused with 409."""
        self._end_poll(SECOND_POLLER)
        mine = self._poller
        self._apply(offset)
        pause = max(0, min(seconds, LONGEST_POLL))
        await self._pulse.until(lambda: self._poller != mine or self._closed or bool(self._pending), pause)
        if self._poller != mine:
            raise conflict(self._end_of_poll)
        return self._first(limit if 1 <= limit <= MOST_AT_ONCE else MOST_AT_ONCE)

    def _end_poll(self, reason: str) -> None:
        self._poller += 1
        self._end_of_poll = reason
        self._pulse.beat()

    def _apply(self, offset: int) -> None:
        if offset < 0:
            dropped = list(islice(self._pending, max(0, len(self._pending) + offset)))
        elif offset > self._last_id + 1 + FURTHEST_AHEAD:
            dropped = []
        else:
            dropped = list(takewhile(lambda number: number < offset, self._pending))
        for number in dropped:
            del self._pending[number]
        if dropped:
            self._pulse.beat()

    def _first(self, limit: int) -> list[Update]:
        now = self._now()
        oldest = list(islice(self._pending.values(), limit))
        for update in oldest:
            if now - update.at > (KEPT_QUERY if update.kind in QUERIES else KEPT):
                self.confirm(update)
        return [update for update in oldest if update in self]
