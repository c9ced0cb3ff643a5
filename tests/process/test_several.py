"""Several processes on one PostgreSQL: killed, stopped and started at random, nobody gets anything twice."""

import asyncio
import random
import signal
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.faults.oracle import most_lost
from tests.faults.slowness import watched
from tests.faults.wire import wire_to
from tests.process.running import Process, tipbot_with
from tests.process.seeding import end_leases, record, seed
from tests.thoroughness import chosen
from tipbot.bot.intake import RIGHT_LASTS
from tipbot.clock import Clock
from tipbot.domain.delivery import DeliveryStatus
from tipbot.sandbox import Person, Sandbox
from tipbot.storage.database import Database

pytestmark = [pytest.mark.process, pytest.mark.timeout(chosen(usually=120, thoroughly=1200))]

NOW = Clock().now
SENT, UNKNOWN = DeliveryStatus.SENT, DeliveryStatus.UNKNOWN
ROUND_TRIP = timedelta(milliseconds=20)
# No faster than a Telegram in Python takes messages beside three processes that send them.
PEOPLE, RATE = chosen(usually=(400, 200), thoroughly=(100_000, 400))
PROCESSES = 3
# After so many messages, one of the processes is killed and another started.
BETWEEN_KILLS = chosen(usually=range(60, 140), thoroughly=range(1_000, 8_000))
# On a machine that is busy with other things, very many take very long.
PATIENCE = chosen(usually=60, thoroughly=300)
FAST = {"TIPBOT_BULK_RATE": str(RATE), "TIPBOT_PAID_BROADCAST": "true"}

# What the server does by itself to a process that stands still: after 20 seconds to the session that holds the
# right to poll, after 15 to one within a transaction.
END_THE_POLLERS_SESSION = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)
END_ITS_TRANSACTION = text(
    "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
    " AND state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - interval '4 seconds'"
)


def _sent_at_least(sandbox: Sandbox, number: int) -> bool:
    return sandbox.calls.counts["sendMessage"] >= number


def _answers(person: Person) -> int:
    return sum(message.from_bot for message in person.screen)


def telegram_with(chats: list[int]) -> Sandbox:
    sandbox = Sandbox(now=NOW)
    sandbox.faults.latency_ms = int(ROUND_TRIP / timedelta(milliseconds=1))
    for chat in chats:
        sandbox.person(f"Person {chat}", chat_id=chat, started=True)
    return sandbox


async def nothing_waits(database_url: str) -> None:
    """Wait until nothing is queued any more; what a killed process had in the air is left over."""
    database = Database(database_url)
    async with asyncio.timeout(PATIENCE):
        while True:
            async with database.reading() as books:
                moments = [await books.slots.next_due(), await books.outbox.next_due()]
            if all(moment is None or moment > NOW() for moment in moments):
                break
            await asyncio.sleep(0.2)
    await database.close()


@pytest.mark.long(7)
async def test_processes_that_are_killed_at_random_send_nothing_twice(
    postgres_database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(PEOPLE)  # noqa: S311 (chance, not secrecy)
    chats = await seed(postgres_database_url, [NOW()] * PEOPLE, now=NOW())
    sandbox, sent, lost = telegram_with(chats), 0, 0
    async with (
        sandbox.serving() as address,
        wire_to(int(address.rpartition(":")[2])) as wire,
        watched() as slowness,
        AsyncExitStack() as running,
    ):

        async def start() -> Process:
            process = tipbot_with(sandbox, wire.address, postgres_database_url, tmp_path, **FAST)
            return await running.enter_async_context(process)

        processes = [await start() for _ in range(PROCESSES)]
        while (sent := sent + chance.choice(BETWEEN_KILLS)) < PEOPLE * 0.9:
            await sandbox.until(partial(_sent_at_least, sandbox, sent), timeout=PATIENCE)
            await processes.pop(chance.randrange(PROCESSES)).killed()
            lost += most_lost(RATE, slowness.added_to(max(ROUND_TRIP, wire.round_trip)))
            processes.append(await start())
        await nothing_waits(postgres_database_url)
        for process in processes:
            process.signal(signal.SIGTERM)
            assert await process.ends() == 0, process.log
    await end_leases(postgres_database_url, now=NOW())
    await hold_the_record_against_the_chats(postgres_database_url, sandbox, chats, unknown=lost)


async def end_what_stands_still(database_url: str) -> None:
    database = Database(database_url)
    async with database.engine.connect() as connection:
        assert list(await connection.scalars(END_THE_POLLERS_SESSION)) == [True]
        await connection.execute(END_ITS_TRANSACTION)
    await database.close()


async def hold_the_record_against_the_chats(
    database_url: str, sandbox: Sandbox, chats: list[int], *, unknown: int
) -> None:
    found = await record(database_url)
    received = {chat: [message.message_id for message in sandbox.sent_to(chat)] for chat in chats}
    assert set(found) == set(chats)
    assert max(map(len, received.values())) == 1, "nobody got two"
    assert all(received[chat] == [number] for chat, (status, number) in found.items() if status is SENT)
    counts = Counter(status for status, _ in found.values())
    assert set(counts) <= {SENT, UNKNOWN}
    assert counts[UNKNOWN] <= unknown


@pytest.mark.long(12)
async def test_a_process_that_stood_still_neither_sends_nor_polls_what_others_took_over(
    postgres_database_url: str, tmp_path: Path
) -> None:
    chats = await seed(postgres_database_url, [NOW()] * 200, now=NOW())
    sandbox = telegram_with(chats)
    ann, bob = sandbox.person("Ann"), sandbox.person("Bob")
    async with (
        sandbox.serving() as address,
        tipbot_with(sandbox, address, postgres_database_url, tmp_path, **FAST) as still,
    ):
        await ann.sends("/help")
        await sandbox.until(lambda: _answers(ann) == 1, timeout=20)
        async with tipbot_with(sandbox, address, postgres_database_url, tmp_path, **FAST) as other:
            await sandbox.until(partial(_sent_at_least, sandbox, 60), timeout=20)
            still.signal(signal.SIGSTOP)
            stopped_at = NOW()
            # Telegram gives this one to the poller that stands still: it lies there until it wakes up.
            await bob.sends("/help")
            # The server never ends the right of one that asked for it only just now.
            await asyncio.sleep((stopped_at + RIGHT_LASTS - NOW()).total_seconds())
            await end_what_stands_still(postgres_database_url)
            await sandbox.until(lambda: _answers(bob) == 1, timeout=20)
            await nothing_waits(postgres_database_url)
            await end_leases(postgres_database_url, now=NOW())
            in_the_air = Counter(status for status, _ in (await record(postgres_database_url)).values())[UNKNOWN]
            still.signal(signal.SIGCONT)
            await ann.sends("/help")
            await sandbox.until(lambda: _answers(ann) == 2, timeout=20)
            for process in (still, other):
                process.signal(signal.SIGTERM)
                assert await process.ends() == 0, process.log
    assert (_answers(ann), _answers(bob)) == (2, 1), "each was answered by one process"
    assert not [why for why in sandbox.calls.refused if "Conflict" in why]
    await hold_the_record_against_the_chats(postgres_database_url, sandbox, chats, unknown=in_the_air)
