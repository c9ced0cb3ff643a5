"""A thousand made-up subscribers, so that sending to many can be watched: in the sandbox as in the database."""

from collections.abc import Sequence
from datetime import datetime

from tipbot.domain.consents import ADULT, MESSAGES
from tipbot.domain.content import ENGLISH
from tipbot.domain.subscribers import (
    DEFAULT_DAYS,
    DEFAULT_TIMES,
    ChatId,
    ChatKind,
    Kind,
    Slot,
    Status,
    Subscriber,
)
from tipbot.sandbox import Sandbox
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database

SIZE = 1000
FIRST = 500_000
AT_ONCE = 200
# Some have blocked the bot or left Telegram, and the bot does not know yet: as in life, a report shows it.
EVERY_BLOCKED, EVERY_GONE = 40, 250
# Most live where the clinic is: who has night elsewhere gets a broadcast in their morning.
ZONES = (*["Europe/London"] * 8, "America/New_York", "Asia/Kolkata")
NAMES = ("Alex", "Blake", "Casey", "Drew", "Ellis", "Frankie", "Gray", "Harper", "Indy", "Jules")
BOT_BLOCKED = "kicked"


async def gather(
    sandbox: Sandbox, database: Database, consent_version: str, *, now: datetime, size: int = SIZE
) -> None:
    """Add `size` subscribers; they get what is sent to everybody, and no daily tip, which would slow the clock."""
    first = FIRST + crowd_size(sandbox)
    for start in range(first, first + size, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, first + size))
        await _subscribe(database, numbers, consent_version, now)
        for number in numbers:
            _appear(sandbox, number)


def crowd_size(sandbox: Sandbox) -> int:
    """Return how many made-up subscribers there are."""
    return sum(number >= FIRST for number in sandbox.telegram.chats)


async def _subscribe(database: Database, numbers: Sequence[int], consent_version: str, now: datetime) -> None:
    async with database.writing() as books:
        await books.subscribers.add_all([_subscriber(number, now) for number in numbers])
        for topic in (ADULT, MESSAGES):
            consent = Consent(topic, consent_version, granted=True, at=now)
            await books.consents.add_all([ChatId(number) for number in numbers], consent)
        orders = [
            Slot(ChatId(number), kind, DEFAULT_TIMES[kind], DEFAULT_DAYS[kind], is_on=False)
            for number in numbers
            for kind in Kind
        ]
        await books.slots.add(orders)


def _subscriber(number: int, now: datetime) -> Subscriber:
    return Subscriber(
        chat_id=ChatId(number),
        chat_kind=ChatKind.PRIVATE,
        language=ENGLISH,
        zone=ZONES[number % len(ZONES)],
        status=Status.ACTIVE,
        joined_at=now,
        last_active_at=now,
        status_since=now,
    )


def _appear(sandbox: Sandbox, number: int) -> None:
    person = sandbox.person(NAMES[number % len(NAMES)], chat_id=number, started=True)
    if number % EVERY_GONE == EVERY_GONE - 1:
        person.chat.deactivated = True
    elif number % EVERY_BLOCKED == EVERY_BLOCKED - 1:
        person.chat.standing[person.chat.bot_id] = BOT_BLOCKED
