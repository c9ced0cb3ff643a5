"""Who lives through the hour: very many who only read, and a few who write, press, leave and come back."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from tests.usecases.people import CONSENT_VERSION
from tipbot.domain.consents import ADULT, MESSAGES
from tipbot.domain.content import ENGLISH
from tipbot.domain.planning import due_after
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY
from tipbot.sandbox import Person, Sandbox
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database

FIRST_READER, FIRST_LIVELY = 1_000_000, 9_000_000
OPERATOR = 7_000
AT_ONCE = 1_000
# One in so many writes and presses; of these, one in so many has left Telegram without a word.
LIVELY_ONE_IN, LEFT_ONE_IN = 50, 10
# One in so many has something due within the hour; for the others it is hours away.
DUE_ONE_IN = 8
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix/", "right/")))


@dataclass(frozen=True, slots=True)
class Order:
    """One standing order as it is seeded, and when it falls due first."""

    chat_id: int
    kind: Kind
    zone: str
    due_at: datetime

    @property
    def key(self) -> str:
        """The key of the delivery that must come of it."""
        return f"{self.kind}:{self.chat_id}:{self.due_at.astimezone(ZoneInfo(self.zone)).date()}"


@dataclass
class Population:
    """Everybody, and what is due to them between `begins` and `ends` (UTC)."""

    begins: datetime
    ends: datetime
    readers: range
    lively: range
    orders: list[Order] = field(default_factory=list)

    @cached_property
    def due(self) -> set[str]:
        """The keys of what falls due within the hour to those who only read."""
        within = (order for order in self.orders if order.chat_id in self.readers and order.due_at <= self.ends)
        return {order.key for order in within}


def population(people: int, *, begins: datetime, ends: datetime) -> Population:
    """Share people out: most only read."""
    lively = max(20, people // LIVELY_ONE_IN)
    readers = range(FIRST_READER, FIRST_READER + people - lively)
    return Population(begins, ends, readers, range(FIRST_LIVELY, FIRST_LIVELY + lively))


async def settle_in(everybody: Population, sandbox: Sandbox, database: Database, random: Random) -> list[Person]:
    """Write everybody down, bring them into Telegram, and return those who are lively."""
    chats = [*everybody.readers, *everybody.lively]
    for start in range(0, len(chats), AT_ONCE):
        await _subscribe(everybody, chats[start : start + AT_ONCE], database, random)
    people = {chat: sandbox.person(f"P{chat}", chat_id=chat, started=True) for chat in chats}
    sandbox.person("Olive", chat_id=OPERATOR, started=True)
    lively = [people[chat] for chat in everybody.lively]
    for person in lively[::LEFT_ONE_IN]:
        await person.deactivates()
    return [person for person in lively if not person.chat.deactivated]


async def _subscribe(everybody: Population, chats: Iterable[int], database: Database, random: Random) -> None:
    joined = everybody.begins - timedelta(days=20)
    subscribers = [_subscriber(chat, random.choice(ZONES), joined, everybody.begins) for chat in chats]
    slots = [slot for one in subscribers for slot in _slots(everybody, one, random)]
    async with database.writing() as books:
        await books.subscribers.add_all(subscribers)
        for topic in (ADULT, MESSAGES):
            consent = Consent(topic, CONSENT_VERSION, granted=True, at=joined)
            await books.consents.add_all([one.chat_id for one in subscribers], consent)
        await books.slots.add(slots)
    zones = {one.chat_id: one.zone for one in subscribers}
    everybody.orders += [
        Order(slot.chat_id, slot.kind, zones[slot.chat_id], slot.next_at) for slot in slots if slot.next_at
    ]


def _subscriber(chat: int, zone: str, joined: datetime, active: datetime) -> Subscriber:
    return Subscriber(ChatId(chat), ChatKind.PRIVATE, ENGLISH, zone, Status.ACTIVE, joined, active, joined)


def _slots(everybody: Population, subscriber: Subscriber, random: Random) -> list[Slot]:
    return [_slot(everybody, subscriber, kind, random) for kind in Kind]


def _slot(everybody: Population, subscriber: Subscriber, kind: Kind, random: Random) -> Slot:
    """Order something for some minute of the hour, or for one that is hours away."""
    hour = everybody.ends - everybody.begins
    first, last = everybody.begins + timedelta(minutes=1), everybody.ends
    if random.randrange(DUE_ONE_IN):
        first, last = everybody.ends + timedelta(hours=3), everybody.begins + timedelta(hours=20)
    moment = first + random.random() * (last - first if last > first else hour)
    wall_time = moment.astimezone(ZoneInfo(subscriber.zone)).time().replace(second=0, microsecond=0)
    slot = Slot(subscriber.chat_id, kind, wall_time, EVERY_DAY)
    return replace(slot, next_at=due_after(subscriber, slot, everybody.begins))
