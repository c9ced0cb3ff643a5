"""Broadcasts for the tests of use cases: people, a draft, the tick, and a postman who empties the outbox."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from tests.usecases.people import LATENESS, MONDAY_NOON
from tipbot.domain.audience import Audience, Purpose
from tipbot.domain.broadcasts import NOW, Broadcast, BroadcastId, QuietHours, When
from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import Claim, DeliveryStatus, Receipt, Sent, settle
from tipbot.domain.subscribers import ChatId, ChatKind, Status, Subscriber
from tipbot.storage.database import Database
from tipbot.usecases.afterwards import Afterwards
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.reporting import Reports
from tipbot.usecases.sending import Rules, SendBroadcasts
from tipbot.usecases.staffing import SHELL, Staffing

BOSS = 7000
QUIET, RATE = QuietHours(), 50.0
WORDS = Composition(
    (Part(PartKind.TEXT, "<b>Sleep</b> and your back"),), (LinkButton("Read", "https://example.org/"),)
)


async def people(
    database: Database, number: int, *, zone: str = "Europe/London", first: int = 1, now: datetime = MONDAY_NOON
) -> list[int]:
    """Subscribe so many people, all in one transaction."""
    chats = list(range(first, first + number))
    joined = now - timedelta(days=9)
    new = [
        Subscriber(
            chat_id=ChatId(chat),
            chat_kind=ChatKind.PRIVATE,
            language=ENGLISH,
            zone=zone,
            status=Status.ACTIVE,
            joined_at=joined,
            last_active_at=now,
            status_since=joined,
        )
        for chat in chats
    ]
    async with database.writing() as books:
        await books.subscribers.add_all(new)
    return chats


class Mailing:
    """Everything that happens to broadcasts in one process; the time is given to each step."""

    def __init__(self, database: Database, *, owner: str = "one") -> None:
        self.database = database
        self.owner = owner
        self.rang: list[object] = []
        self.broadcasting = Broadcasting(database, quiet=QUIET, ceiling=RATE)
        self.afterwards = Afterwards(database)
        self.reports = Reports(database, counts_presses=True)
        self.sending = SendBroadcasts(database, Rules(QUIET, LATENESS, RATE), alarm=self.rang.append)
        self.got: list[tuple[int, str]] = []

    async def drafted(
        self,
        composition: Composition = WORDS,
        *,
        when: When = NOW,
        purpose: Purpose = Purpose.ARTICLE,
        audience: Audience | None = None,
        now: datetime = MONDAY_NOON,
    ) -> Broadcast:
        """Return a draft by the boss."""
        await Staffing(self.database).appoint({BOSS}, now=now)
        draft = Broadcast(BroadcastId(0), BOSS, now, now, composition=composition, when=when, purpose=purpose)
        if audience is not None:
            draft = replace(draft, audience=audience)
        async with self.database.writing() as books:
            return await books.broadcasts.add(draft)

    async def confirmed(self, draft: Broadcast, *, now: datetime = MONDAY_NOON) -> Broadcast:
        return await self.broadcasting.confirm(draft.id, revision=draft.revision, operator=BOSS, now=now)

    async def tick(self, now: datetime) -> int:
        return await self.sending.tick(now=now)

    async def post(
        self, now: datetime, answers: Mapping[int, Receipt] | None = None, *, most: int = 1_000
    ) -> list[Claim]:
        """Empty the outbox: everybody gets it, but for those whose chat has another answer."""
        async with self.database.writing() as books:
            claims = await books.outbox.claim([now] * most, owner=self.owner, now=now, lease=timedelta(minutes=1))
            for claim in claims:
                receipt = (answers or {}).get(claim.chat_id, Sent(claim.target or claim.id))
                if isinstance(receipt, Sent):
                    await books.outbox.settle_sent([(claim, receipt)], owner=self.owner, now=now)
                    self.got.append((claim.chat_id, claim.item))
                else:
                    await books.outbox.settle(claim, settle(claim, receipt, now=now), owner=self.owner, now=now)
        return claims

    async def run(
        self, number: int, now: datetime, answers: Mapping[int, Receipt] | None = None, *, seconds: int = 60
    ) -> datetime:
        """Tick and post each second until the broadcast goes on no more; return when that was."""
        for _ in range(seconds):
            await self.tick(now)
            await self.post(now, answers)
            broadcast = await self.find(number)
            if broadcast.status not in {"sending", "scheduled"}:
                break
            now += timedelta(seconds=1)
        return now

    async def find(self, number: int) -> Broadcast:
        return await self.broadcasting.find(number, operator=SHELL)

    async def counts(self, number: int) -> dict[DeliveryStatus, int]:
        async with self.database.reading() as books:
            return await books.broadcast_deliveries.counts(number)


def at(seconds: float) -> datetime:
    """Return a moment after Monday noon."""
    return MONDAY_NOON + timedelta(seconds=seconds)
