"""What TipBot's own engine does: messages a second and CPU of the sending process, journal and all.

Every row runs the product's own courier, journal and messenger on a real database against a sink of its own process.
"""

import argparse
import asyncio
import cProfile
import gc
import json
import logging
import pstats
import resource
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from tipbot.app.house import House, open_house
from tipbot.app.running import most_in_air, run, telegram_service
from tipbot.clock import Clock
from tipbot.domain.broadcasts import Broadcast, BroadcastId, QuietHours
from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.domain.content import ENGLISH
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.subscribers import Kind
from tipbot.logs import configure_logs
from tipbot.settings import Settings
from tipbot.storage.schema import outbox
from tipbot.usecases.alarms import Alarms
from tipbot.usecases.courier import Courier, Replies
from tipbot.usecases.journal import Journal

TOKEN = "424242:a-token-of-no-value-at-all-000000000"  # noqa: S105 (opens nothing)
NO_LIMIT = 100_000.0
WORDS = Composition(
    (Part(PartKind.TEXT, "Stand up after your next call and take three slow breaths. <b>Your back</b> says so. " * 2),),
    (LinkButton("Read on", "https://example.org/sleep"),),
)


@dataclass(frozen=True)
class Row:
    what: str
    engine: str
    figure: float
    unit: str
    target: str = ""


@contextmanager
def sink(**options: float) -> Iterator[str]:
    """Run a sink, and yield its address."""
    given = [part for name, value in options.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    command = [sys.executable, str(Path(__file__).with_name("engine_sink.py")), *given]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        finally:
            process.terminate()


def seen(address: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"{address}/seen") as answer:  # noqa: S310 (our own sink)
        found: dict[str, Any] = json.load(answer)
        return found


def settings_for(database_url: str, address: str, rate: float) -> Settings:
    settings = Settings(
        token=TOKEN,  # type: ignore[arg-type]
        database_url=database_url,  # type: ignore[arg-type]
        api_url=address,
        quiet_hours=QuietHours(0, 0) if False else "off" if False else QuietHours(),
        paid_broadcast=rate > 30,
    )
    return settings.model_copy(update={"bulk_rate": rate})


async def fill(house: House, messages: int, what: str, at: datetime) -> None:
    """Put so many deliveries of one kind into the outbox, due at a moment."""
    rows: list[dict[str, Any]] = []
    tips = house.library.deck(ENGLISH, Kind.TIP)
    async with house.database.writing() as books:
        broadcast = await books.broadcasts.add(Broadcast(BroadcastId(0), 1, at, at, composition=WORDS))
        for chat in range(1, messages + 1):
            row = {
                "key": f"{what}:{chat}", "chat_id": chat, "kind": what, "language": ENGLISH, "status": "queued",
                "item": tips[chat % len(tips)], "due_at": at, "not_after": at + timedelta(hours=3),
                "next_try_at": at, "attempts": 0, "has_offer": False, "broadcast_id": None,
            }
            if what == "broadcast":
                row |= {"item": broadcast.item, "broadcast_id": broadcast.id}
            rows.append(row)
        for start in range(0, messages, 2000):
            await books.outbox._connection.execute(insert(outbox), rows[start : start + 2000])


async def doubtful(house: House) -> float:
    """Return how many deliveries a kill would leave unknown, on average over some moments."""
    counts = []
    await asyncio.sleep(1)
    for _ in range(40):
        await asyncio.sleep(0.0503)
        async with house.database.reading() as books:
            moving = select(func.count()).where(outbox.c.status == "sending")
            counts.append(await books.outbox._connection.scalar(moving))
    counts.sort()
    print("in doubt: median", counts[20], "most", counts[-1])
    return float(counts[20])


async def at_rest(house: House, messages: int) -> None:
    """Wait until everything is settled."""
    while True:
        async with house.database.reading() as books:
            moving = select(func.count()).where(outbox.c.status.in_(["queued", "sending"]))
            if not await books.outbox._connection.scalar(moving):
                return
        await asyncio.sleep(0.1)


@asynccontextmanager
async def courier_in(house: House) -> AsyncIterator[tuple[Courier, asyncio.Event]]:
    """Build what the app builds around the courier."""
    replies, alarms = Replies(), Alarms(house.database, now=house.clock.now)
    rate = house.settings.bulk_rate
    journal = Journal(house.database, owner="bench", ceiling=rate, alarm=alarms.ring)
    service = telegram_service(house, journal, replies, alarms)
    async with service:
        yield (
            Courier(journal, service.messenger, now=house.clock.now, replies=replies, most_in_air=most_in_air(rate)),
            asyncio.Event(),
        )


async def engine_alone(url: str, address: str, *, rate: float, messages: int, what: str, profile: bool) -> dict[str, Any]:
    """Empty a full outbox, and return what it took."""
    found: dict[str, Any] = {}
    async with open_house(settings_for(url, address, rate), Clock()) as house, courier_in(house) as (courier, stop):
        await fill(house, messages, what, house.clock.now())
        gc.collect()
        gc.freeze()  # as the program does at its start
        profiler = cProfile.Profile() if profile else None
        async with asyncio.TaskGroup() as tasks:
            cpu, wall = time.process_time(), time.perf_counter()
            if profiler:
                profiler.enable()
            tasks.create_task(courier.run(stop))
            found["doubt"] = 0
            if rate <= 1000:
                found["doubt"] = await doubtful(house)
            await at_rest(house, messages)
            if profiler:
                profiler.disable()
            found |= {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
            stop.set()
            courier.wake()
        async with house.database.reading() as books:
            found["settled"] = {str(status): n for status, n in (await books.outbox.count()).items()}
            numbered = select(func.count(outbox.c.message_id.distinct()))
            found["numbers"] = await books.outbox._connection.scalar(numbered)
        if profiler:
            pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    return found


def checked(found: dict[str, Any], told: dict[str, Any], messages: int) -> None:
    """Nothing lost, nothing doubled, everything settled with its number."""
    assert told["chats"] == told["messages"] == messages, told
    assert found["settled"] == {str(DeliveryStatus.SENT): messages}, found["settled"]
    assert found["numbers"] == messages


def without_limit(given: argparse.Namespace) -> Iterator[Row]:
    for what in given.what:
        with tempfile.TemporaryDirectory() as folder, sink() as address:
            url = f"sqlite:///{folder}/tipbot.db"
            found = asyncio.run(
                engine_alone(url, address, rate=NO_LIMIT, messages=given.messages, what=what, profile=given.profile)
            )
            checked(found, seen(address), given.messages)
            yield Row(f"{what}, no limit", "sqlite", given.messages / found["wall"], "messages/s", ">= 4000")
            yield Row(f"{what}, no limit", "sqlite", 1000 * found["cpu"] / given.messages, "ms CPU each", "<= 0.25")


def paid(given: argparse.Namespace) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder, sink(rtt=60) as address:
        url = f"sqlite:///{folder}/tipbot.db"
        found = asyncio.run(
            engine_alone(url, address, rate=1000, messages=given.messages, what="broadcast", profile=given.profile)
        )
        told = seen(address)
        checked(found, told, given.messages)
        yield Row("paid broadcast, 60 ms", "sqlite", given.messages / told["seconds"], "messages/s", ">= 950")
        yield Row("paid broadcast, 60 ms", "sqlite", 100 * found["cpu"] / found["wall"], "% of a core", "<= 50")
        yield Row("in doubt if it were killed", "sqlite", found["doubt"], "messages", "<= 80")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--paid", action="store_true")
    parser.add_argument("--what", nargs="*", default=["broadcast", "tip"])
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    configure_logs("text", ())
    logging.getLogger().setLevel(logging.ERROR)
    for row in (paid if given.paid else without_limit)(given):
        print(f"{row.what:<32} {row.engine:<12} {row.figure:>10.2f} {row.unit:<12} {row.target}", flush=True)


if __name__ == "__main__":
    main()
