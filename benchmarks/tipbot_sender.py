"""TipBot itself as one of those that are measured: all that `tipbot run` runs, in one process, sends a broadcast.

The only difference to `tipbot run` is that nothing checks whether the rate is within Telegram's limit. What it
costs includes writing the recipients down, every answer, and the end of the broadcast.
"""

import asyncio
import gc
import json
import logging
from datetime import datetime

from sqlalchemy import insert, select

from benchmarks.peers.contract import TEXT, TOKEN, Order, cpu_seconds, measured, order
from tipbot.app import run
from tipbot.clock import Clock
from tipbot.domain.broadcasts import NEVER_QUIET, Broadcast, BroadcastId
from tipbot.domain.composition import Composition, Part, PartKind
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import ChatKind, Status
from tipbot.logs import configure_logs
from tipbot.loop import run_to_end
from tipbot.settings import Settings, read_settings
from tipbot.storage.database import Database
from tipbot.storage.migrations import upgrade
from tipbot.storage.schema import outbox, subscribers
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.staffing import SHELL

# As good as no limit: no turn of the courier is ever without a free slot.
UNLIMITED = 100_000.0
# Rarely: looking costs processor time, too.
LOOK_SECONDS = 0.25
CALM_SECONDS, CALM_SHARE, CALM_LOOKS = 0.25, 0.1, 3
OPEN = {DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.HELD}


def settings_of(given: Order) -> Settings:
    """Return what an operator would have set, with the rate that is measured."""
    url = given.variant or f"sqlite:///{given.folder / 'tipbot.db'}"
    variables = {"TOKEN": TOKEN, "API_URL": given.api, "DATABASE_URL": url, "QUIET_HOURS": "off"}
    settings = read_settings({f"TIPBOT_{name}": value for name, value in variables.items()}, None)
    return settings.model_copy(update={"bulk_rate": given.rate or UNLIMITED})


async def seed(database: Database, chats: list[int], now: datetime) -> Broadcast:
    """Subscribe everybody and return the draft of a broadcast to all."""
    await upgrade(database)
    same: dict[str, object] = {
        "chat_kind": ChatKind.PRIVATE.value,
        "language": ENGLISH,
        "zone": "UTC",
        "status": Status.ACTIVE.value,
    }
    same |= {"wants_articles": True, **dict.fromkeys(("joined_at", "last_active_at", "status_since"), now)}
    async with database.engine.begin() as connection:
        await connection.execute(insert(subscribers), [{"chat_id": chat, **same} for chat in chats])
    words = Composition((Part(PartKind.TEXT, TEXT),))
    async with database.writing() as books:
        return await books.broadcasts.add(Broadcast(BroadcastId(0), SHELL, now, now, composition=words))


async def settled(database: Database, people: int) -> None:
    """Wait until every recipient has a delivery, and none of them is still under way."""
    while True:
        async with database.reading() as books:
            counts = await books.outbox.count()
        if sum(counts.values()) == people and not OPEN & set(counts):
            return
        await asyncio.sleep(LOOK_SECONDS)


async def ledger(database: Database) -> list[tuple[int, str, int | None]]:
    """Return chat, status and message id of each delivery, as TipBot has written it down."""
    async with database.engine.connect() as connection:
        rows = await connection.execute(select(outbox.c.chat_id, outbox.c.status, outbox.c.message_id))
        return [(row.chat_id, row.status, row.message_id) for row in rows]


class Started(logging.Handler):
    """Hears in the log that everything runs."""

    def __init__(self) -> None:
        super().__init__()
        self.event = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if "'running'" in str(record.msg):
            self.event.set()


async def calm(started: Started) -> None:
    """Wait until the process has nothing more to do than to wait: what a start costs is not what sending costs."""
    await started.event.wait()
    before, quiet = cpu_seconds(), 0
    while quiet < CALM_LOOKS:
        await asyncio.sleep(CALM_SECONDS)
        now = cpu_seconds()
        quiet, before = (quiet + 1 if now - before < CALM_SHARE * CALM_SECONDS else 0), now


async def main(given: Order) -> None:
    settings, clock, stop = settings_of(given), Clock(), asyncio.Event()
    database = Database(settings.database_url.get_secret_value())
    operators = Broadcasting(database, quiet=NEVER_QUIET, ceiling=settings.bulk_rate)
    draft = None if given.goes_on else await seed(database, given.chats, clock.now())
    started = Started()
    logging.getLogger("tipbot.app.running").addHandler(started)
    async with asyncio.TaskGroup() as tasks:
        if draft is not None:
            tasks.create_task(run(settings, clock, stop))
            await calm(started)
        with measured():
            if draft is None:  # what is left begins as soon as the process does
                tasks.create_task(run(settings, clock, stop))
            else:
                await operators.confirm(draft.id, revision=draft.revision, operator=SHELL, now=clock.now())
            await settled(database, len(given.chats))
        print(json.dumps({"ledger": await ledger(database)}), flush=True)
        stop.set()
    await database.close()


if __name__ == "__main__":
    configure_logs("text", [])
    gc.freeze()  # as `tipbot run` does
    run_to_end(main(order()))
