"""Who is kept, who is told, and who is forgotten: every case by its moments."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tipbot.domain.content import ENGLISH
from tipbot.domain.retention import Fate, fate
from tipbot.domain.subscribers import ChatId, ChatKind, Status, Subscriber

NOW = datetime(2027, 12, 1, 12, 0, tzinfo=UTC)
A_MICROSECOND = timedelta(microseconds=1)

# Status, days since the last visit, days since the status, days since the warning (None for none), what follows.
# Half a day less is one microsecond short of the limit; see `somebody`.
CASES: list[tuple[Status, float, float, float | None, Fate]] = [
    (Status.ACTIVE, 0, 400, None, Fate.KEEP),
    (Status.ACTIVE, 364.5, 400, None, Fate.KEEP),
    (Status.ACTIVE, 365, 400, None, Fate.WARN),
    (Status.ACTIVE, 900, 900, None, Fate.WARN),
    (Status.PAUSED, 365, 400, None, Fate.WARN),
    (Status.PAUSED, 364.5, 400, None, Fate.KEEP),
    (Status.ACTIVE, 365, 400, 0, Fate.KEEP),
    (Status.ACTIVE, 395, 400, 29.5, Fate.KEEP),
    (Status.ACTIVE, 395, 400, 30, Fate.FORGET),
    (Status.PAUSED, 395, 400, 30, Fate.FORGET),
    # Somebody who came back after the warning is not silent, and is told again a year later.
    (Status.ACTIVE, 10, 800, 30, Fate.KEEP),
    (Status.ACTIVE, 365, 800, 400, Fate.WARN),
    (Status.STOPPED, 29.5, 29.5, None, Fate.KEEP),
    (Status.STOPPED, 30, 30, None, Fate.FORGET),
    # Whoever stopped and still asks for a tip now and then is not thrown out in the middle of it.
    (Status.STOPPED, 1, 300, None, Fate.KEEP),
    (Status.STOPPED, 30, 300, None, Fate.FORGET),
    (Status.STOPPED, 400, 1, None, Fate.KEEP),
    (Status.BLOCKED, 400, 364.5, None, Fate.KEEP),
    (Status.BLOCKED, 400, 365, None, Fate.FORGET),
    (Status.GONE, 365, 365, None, Fate.FORGET),
    (Status.GONE, 364.5, 400, None, Fate.KEEP),
    # Told first, and then blocked the bot: that is no sign of wanting to stay.
    (Status.BLOCKED, 400, 5, 30, Fate.FORGET),
    (Status.BLOCKED, 400, 5, 29.5, Fate.KEEP),
    (Status.BLOCKED, 400, 5, None, Fate.KEEP),
]


def somebody(number: int, status: Status, visit: float, since: float, warned: float | None) -> Subscriber:
    """A subscriber whose moments lie so many days back."""
    return replace(
        Subscriber(
            chat_id=ChatId(number),
            chat_kind=ChatKind.PRIVATE,
            language=ENGLISH,
            zone="Europe/London",
            status=status,
            joined_at=_back(1000),
            last_active_at=_back(visit),
            status_since=_back(since),
        ),
        farewell_warned_at=None if warned is None else _back(warned),
    )


def _back(days: float) -> datetime:
    """Return the moment so many days ago; with half a day, one microsecond later than the next whole number."""
    whole = int(days + 0.5)
    return NOW - timedelta(days=whole) + (A_MICROSECOND if whole > days else timedelta(0))


@pytest.mark.parametrize(("status", "visit", "since", "warned", "expected"), CASES)
def test_what_retention_asks_for(
    status: Status, visit: float, since: float, warned: float | None, expected: Fate
) -> None:
    assert fate(somebody(1, status, visit, since, warned), now=NOW) is expected


def test_nobody_can_press_in_a_channel_so_it_is_not_silent() -> None:
    channel = replace(somebody(1, Status.ACTIVE, 900, 900, None), chat_kind=ChatKind.CHANNEL)
    assert fate(channel, now=NOW) is Fate.KEEP
    assert fate(replace(channel, farewell_warned_at=_back(100)), now=NOW) is Fate.KEEP
    assert fate(replace(channel, status=Status.STOPPED), now=NOW) is Fate.FORGET
