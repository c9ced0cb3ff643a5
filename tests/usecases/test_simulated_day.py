"""A whole day over a daylight-saving change: every message once, at the right wall time, in twenty zones."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from tests.content import shipped_catalogue
from tests.thoroughness import chosen
from tests.usecases.people import LATENESS
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import Sent
from tipbot.domain.planning import due_after
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY
from tipbot.storage.database import Database
from tipbot.usecases.journal import Answer, Journal
from tipbot.usecases.library import Library
from tipbot.usecases.planning import PlanDue

ZONES = (
    "Europe/London", "Europe/Paris", "Europe/Lisbon", "Europe/Athens", "Europe/Berlin", "Europe/Dublin",
    "Europe/Kyiv", "Atlantic/Azores", "Africa/Casablanca", "Africa/Lagos", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Tokyo", "Asia/Tehran", "Australia/Lord_Howe", "Australia/Adelaide", "Pacific/Chatham",
    "America/New_York", "America/St_Johns", "America/Los_Angeles",
)  # fmt: skip
PEOPLE = 500
STEP = timedelta(minutes=15)
DAY = timedelta(days=1)


def people(start: datetime) -> list[tuple[Subscriber, Slot]]:
    """500 people, 25 in each zone, with tips spread over the clock, thickest where clocks change."""
    found = []
    for number in range(PEOPLE):
        zone = ZONES[number % len(ZONES)]
        minutes = (number // len(ZONES)) * 15 if number % 2 else number * 15 % 1440
        subscriber = Subscriber(
            chat_id=ChatId(1 + number),
            chat_kind=ChatKind.PRIVATE,
            language=ENGLISH,
            zone=zone,
            status=Status.ACTIVE,
            joined_at=start,
            last_active_at=start,
            status_since=start,
        )
        slot = Slot(subscriber.chat_id, Kind.TIP, time(minutes // 60, minutes % 60), EVERY_DAY)
        found.append((subscriber, replace(slot, next_at=due_after(subscriber, slot, start))))
    return found


@cache
def minutes(name: str, start: datetime) -> list[tuple[datetime, datetime, datetime]]:
    """Return each minute of the day: when it is, and what the clock on the wall shows just before it and at it."""
    zone = ZoneInfo(name)
    moments = [start + timedelta(minutes=minute) for minute in range(24 * 60 + 1)]
    walls = [moment.astimezone(zone).replace(tzinfo=None) for moment in moments]
    return list(zip(moments[1:], walls, walls[1:], strict=False))


def expected(subscriber: Subscriber, slot: Slot, start: datetime) -> set[datetime]:
    """Walk through the day minute by minute and look at the clock on the wall, which is all that counts."""
    seen: dict[date, datetime] = {}
    day = due = None
    for moment, before, wall in minutes(subscriber.zone, start):
        if due is None or wall.day != day:
            day, due = wall.day, datetime.combine(wall.date(), slot.wall_time)
        if before < due <= wall and wall.date() not in seen:
            # A wall time that the clock jumped over falls due as much later as the clock jumped.
            jump = wall - before - timedelta(minutes=1)
            seen[wall.date()] = moment + (jump - (wall - due) if due < wall else timedelta(0))
    return {moment for moment in seen.values() if moment <= start + DAY}


AUTUMN, SPRING = datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
# When clocks change is worked out by the domain, whatever the engine: each change once, and each engine once.
USUAL = [
    pytest.param("sqlite", AUTUMN, id="sqlite-back"),
    pytest.param("postgresql", SPRING, id="postgresql-forward"),
]
OTHERS = [
    pytest.param("postgresql", AUTUMN, id="postgresql-back"),
    pytest.param("sqlite", SPRING, id="sqlite-forward"),
]


@pytest.mark.parametrize(
    ("database_url", "start"), chosen(usually=USUAL, thoroughly=USUAL + OTHERS), indirect=["database_url"]
)
async def test_every_due_message_exactly_once_at_its_wall_time(database: Database, start: datetime) -> None:
    subscribers = people(start)
    async with database.writing() as books:
        await books.subscribers.add_all([subscriber for subscriber, _ in subscribers])
        await books.slots.add([slot for _, slot in subscribers])
    planner = PlanDue(database, Library(shipped_catalogue()), max_lateness=LATENESS)
    journal = Journal(database, owner="one", ceiling=1_000_000)
    sent: dict[ChatId, list[datetime]] = {}
    now = start
    while now < start + DAY:
        now += STEP
        await planner.tick(now=now)
        while claims := await journal.turn([], replies=0, room=PEOPLE, now=now):
            for claim in claims:
                sent.setdefault(claim.chat_id, []).append(now)
            answers = [Answer(claim, Sent(claim.id)) for claim in claims]
            await journal.turn(answers, replies=0, room=0, now=now)
    wanted = {subscriber.chat_id: expected(subscriber, slot, start) for subscriber, slot in subscribers}
    assert {chat: set(moments) for chat, moments in sent.items()} == {c: m for c, m in wanted.items() if m}
    assert all(max(Counter(moments).values()) == 1 for moments in sent.values())
    assert sum(map(len, sent.values())) >= PEOPLE - 5
