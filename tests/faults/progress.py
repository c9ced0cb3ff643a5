"""One run of a loop, and how far the ledger has come with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from tests.faults.oracle import LOST
from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.domain.delivery import DeliveryStatus
from tipbot.storage.database import Database
from tipbot.storage.schema import broadcasts, outbox, pace

MOVING = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.HELD})


@dataclass(slots=True)
class Run:
    """One seeded run: who is due what, and how much may be lost."""

    number: int
    seed: int
    chats: range
    zone: str
    due: set[str] = field(default_factory=set)
    most_lost: int = 0
    first_call: int = 0
    broadcast: BroadcastId | None = None
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class State:
    """How far the ledger has come with a run."""

    rows: Mapping[str, int]
    tips: int
    broadcast: str | None
    lost: int = 0
    next_try: datetime | None = None
    lease_end: datetime | None = None

    def is_over(self, run: Run) -> bool:
        """Say whether everything is written down, and nothing can change by itself any more."""
        is_moving = not MOVING.isdisjoint(self.rows) or self.broadcast not in (None, BroadcastStatus.DONE)
        # What a living process still has in hand when the clock moves on counts as lost until it answers.
        return self.tips >= len(run.due) and not is_moving and self.lost <= run.most_lost


async def state_of(run: Run, database: Database) -> State:
    """Return how far it is now, by one question: on a busy machine each waits for its turn."""
    mine, queued = outbox.c.chat_id.between(run.chats.start, run.chats.stop), outbox.c.status == "queued"
    columns = (
        outbox.c.status,
        func.count(),
        func.count(outbox.c.broadcast_id),
        func.count().filter(outbox.c.status == DeliveryStatus.UNKNOWN, outbox.c.reason == LOST),
        func.min(outbox.c.next_try_at).filter(queued),
        func.max(outbox.c.lease_until).filter(outbox.c.status == "sending"),
        select(broadcasts.c.status).where(broadcasts.c.id == (run.broadcast or 0)).scalar_subquery(),
        select(pace.c.stopped_until).scalar_subquery(),
    )
    async with database.engine.connect() as connection:
        rows = (await connection.execute(select(*columns).where(mine).group_by(outbox.c.status))).all()
    next_try = min((row[4] for row in rows if row[4] is not None), default=None)
    held = rows[0][7] if rows else None
    return State(
        rows={row[0]: row[1] for row in rows},
        tips=sum(row[1] - row[2] for row in rows),
        broadcast=rows[0][6] if rows else None,
        lost=sum(row[3] for row in rows),
        next_try=None if next_try is None else max(next_try, held or next_try),
        lease_end=max((row[5] for row in rows if row[5] is not None), default=None),
    )
