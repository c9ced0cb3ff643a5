"""Tells the page what happens, as server-sent events with numbers, so that a lost connection loses nothing."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from typing import Any, Protocol

from tipbot.sandbox.events import Event
from tipbot.sandbox.page import views
from tipbot.sandbox.page.cast import Cast
from tipbot.sandbox.state import Telegram

# What happens within this time travels together: a broadcast changes the page a few times a second, not a thousand.
TOGETHER_SECONDS = 0.05
HEARTBEAT_SECONDS = 15.0
# With these, the page asks for everything anew: it was away for too long, or another run answers.
LOST = "event: lost\ndata: {}\n\n"
ANYWHERE = ("profile", "fault", "stage")


class Around(Protocol):
    """What surrounds the chats on the page, such as a clock that can be moved; it says so by events "stage"."""

    def state(self) -> dict[str, Any]:
        """Return everything the page shows of it."""


async def changes(
    telegram: Telegram, cast: Cast, around: Around | None, stop: asyncio.Event, *, after: int
) -> AsyncIterator[str]:
    """Yield what happened after event `after`, then whatever happens, until `stop` is set and the pulse beats."""
    if not telegram.events.remembers(after):
        yield LOST
        return
    seen, calls = after, -1
    while not stop.is_set():
        fresh = telegram.events.since(seen)
        if telegram.events.newest > seen or telegram.calls.total != calls:
            seen, calls = telegram.events.newest, telegram.calls.total
            yield _message(seen, change(telegram, cast, around, fresh))
            await asyncio.sleep(TOGETHER_SECONDS)
        else:
            yield ": still here\n\n"

        def is_new(seen: int = seen, calls: int = calls) -> bool:
            return stop.is_set() or telegram.events.newest > seen or telegram.calls.total != calls

        await telegram.pulse.until(is_new, HEARTBEAT_SECONDS)
        if not telegram.events.remembers(seen):
            yield LOST
            return


def change(telegram: Telegram, cast: Cast, around: Around | None, events: Iterable[Event]) -> dict[str, Any]:
    """Return what the page has to know after these events; what does not concern it is left out."""
    told = [event for event in events if event.kind in ANYWHERE or cast.has(event.chat_id)]
    kinds = {event.kind for event in told}
    touched = {event.chat_id for event in told}
    chats = [views.summary(cast, chat) for chat in cast.chats if chat.id in touched]
    news: dict[str, Any] = {
        "events": [{"kind": event.kind, "chat_id": event.chat_id, **event.details} for event in told],
        "chats": chats,
        "now": views.moment(telegram.now()),
        "calls": telegram.calls.total,
    }
    if kinds & {"profile", "member"}:
        news |= {"menus": views.menus(telegram, cast), "bot": views.described(telegram)}
    if "fault" in kinds or telegram.faults.in_force:
        news["faults"] = views.faults(telegram)
    if "stage" in kinds:
        news |= {"people": views.people(cast), "around": around.state() if around else None}
    return news


def _message(number: int, news: dict[str, Any]) -> str:
    return f"id: {number}\ndata: {json.dumps(news, ensure_ascii=False)}\n\n"
