"""The faults: what strikes in one run, at moments that its seed decides. Each returns when it is over."""

import asyncio
import resource
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import text, update

from tests.faults.life import FAST, PATIENCE, RUSH, USUAL, Life
from tests.faults.oracle import Expected, most_lost
from tests.faults.progress import Run
from tests.faults.wire import Cut
from tests.process.dying import STEPS
from tipbot.domain.delivery import DeliveryStatus
from tipbot.sandbox import Limits
from tipbot.sandbox.faults import Kind
from tipbot.storage.schema import pace

Trouble = Callable[[Life, Run, Random], Awaitable[None]]

TOO_MANY = 429
# A message may have set out before the refusal of another arrived.
ON_ITS_WAY = timedelta(milliseconds=300)
# There may be fewer such steps than it was to take.
MOST_TO_A_STEP = 3
MOST_AT_A_STEP = {"before-plan-commit": 1, "after-plan-commit": 1}
UNLIMITED = resource.RLIM_INFINITY


async def kill_9(life: Life, run: Run, random: Random) -> None:
    """The plug is pulled at a random moment."""
    await life.falls_due(run, random)
    await asyncio.sleep(random.uniform(0, 1.6))
    await life.killed()
    run.most_lost = most_lost(life.rate, life.round_trip)
    life.rate = random.choice([USUAL, FAST])
    await life.start()


async def kill_in_a_rush(life: Life, run: Run, random: Random) -> None:
    """The plug is pulled in the middle of a thousand messages a second."""
    before = life.messages
    await life.falls_due(run, random, within=0)
    await life.sandbox.until(lambda: life.messages > before, timeout=PATIENCE)
    await asyncio.sleep(random.uniform(0, len(run.chats) / life.rate))
    await life.killed()
    run.most_lost = most_lost(life.rate, life.round_trip)
    await life.start()


async def death_at_a_step(life: Life, run: Run, random: Random) -> None:
    """The process dies between two steps of its work, for the n-th time that it gets there."""
    if life.next_death is None:
        await life.killed()
        await life.start(dies=_some_death(life, random))
    await life.falls_due(run, random)
    life.running.signal(signal.SIGUSR1)
    try:
        await life.running.ends(seconds=MOST_TO_A_STEP)
    except TimeoutError:
        life.running.signal(signal.SIGKILL)
    await life.ended()
    run.most_lost = most_lost(life.rate, life.round_trip)
    await life.start(dies=_some_death(life, random))


def _some_death(life: Life, random: Random) -> str:
    step = random.choice([step for step in STEPS if step != "poison"])
    life.next_death = f"{step} {random.randint(1, MOST_AT_A_STEP.get(step, 6))}"
    return life.next_death


async def cut_connections(life: Life, run: Run, random: Random) -> None:
    """Connections break before, during and after the request."""
    share = random.uniform(0.1, 0.6)
    life.wire.strikes = lambda: random.choice(list(Cut)) if random.random() < share else None
    await life.falls_due(run, random)
    await life.over(run)
    life.peace()


async def server_faults(life: Life, run: Run, random: Random) -> None:
    """Telegram answers 500, 502 or 504, in JSON or with a page, before or after it did what was asked."""
    kinds = [Kind.SERVER_ERROR, Kind.BAD_GATEWAY, Kind.BAD_GATEWAY_AFTER]
    kinds += [Kind.GATEWAY_TIMEOUT, Kind.GATEWAY_TIMEOUT_AFTER]
    for chat in run.chats:
        if random.random() < 0.5:
            life.sandbox.faults.add(random.choice(kinds), "sendMessage", chat_id=chat, times=random.randint(1, 2))
    await life.falls_due(run, random)
    await life.over(run)
    life.peace()


async def too_many_requests(life: Life, run: Run, random: Random) -> None:
    """Telegram asks for pauses, by itself or because it allows less than is sent."""
    await _forget_the_last(life)
    if random.random() < 0.5:
        life.sandbox.limit(
            Limits(per_second=random.randint(10, 60), paid_per_second=20, penalty=random.randint(1, 5))
        )
    else:
        for _ in range(random.randint(1, 3)):
            kind, wait = Kind.TOO_MANY_REQUESTS, random.randint(1, 30)
            life.sandbox.faults.add(kind, "sendMessage", every=random.randint(1, 15), retry_after=wait)
    await life.falls_due(run, random)
    await life.over(run)
    life.peace()
    run.complaints += _asked_early(life, run)


async def _forget_the_last(life: Life) -> None:
    """Let it go at full pace again, as it does some hours after the last pause that Telegram asked for."""
    async with life.database.engine.begin() as connection:
        await connection.execute(
            update(pace).values(rate=life.rate, met_rate=None, met_at=None, stopped_until=None)
        )


def _asked_early(life: Life, run: Run) -> list[str]:
    """Complain of messages that went out although Telegram had asked for a pause."""
    calls = [call for _, call in life.sandbox.calls.after(run.first_call, most=life.sandbox.calls.total)]
    sent = [call for call in calls if call.method == "sendMessage"]
    complaints, on_its_way = [], ON_ITS_WAY + 3 * life.slowness.worst_of_a_minute
    for refused in (call for call in sent if call.status == TOO_MANY):
        until = refused.at + timedelta(seconds=refused.answer["parameters"]["retry_after"])
        early = [call for call in sent if refused.at + on_its_way < call.at < until]
        complaints += [
            f"chat {call.chat_id} was written to {until - call.at} before the pause was over" for call in early
        ]
    return complaints


async def telegram_unreachable(life: Life, run: Run, random: Random) -> None:
    """No connection can be made for minutes."""
    await life.falls_due(run, random)
    await asyncio.sleep(random.uniform(0, 1.2))
    await life.wire.down()
    minutes = random.uniform(1, 20)
    for share in (random.uniform(0, 0.5), 0.3, 0.2):
        await asyncio.sleep(0.2)
        life.clock.move_on(timedelta(minutes=minutes * share))
    await life.wire.up()
    await life.over(run)


async def database_away(life: Life, run: Run, random: Random) -> None:
    """PostgreSQL is started again, in an orderly way or as after a crash; SQLite is locked by somebody else."""
    await life.falls_due(run, random)
    await asyncio.sleep(random.uniform(0, 1.2))
    if life.server is not None:
        await asyncio.to_thread(life.server.stop, random.choice(["immediate", "fast"]))
        await asyncio.sleep(random.uniform(0, 0.5))
        await asyncio.to_thread(life.server.start)
    else:
        await asyncio.to_thread(_hold, life.url.removeprefix("sqlite:///"), random.uniform(0.1, 0.9))
    await life.over(run)


def _hold(path: str, seconds: float) -> None:
    with closing(sqlite3.connect(path, timeout=10, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        asyncio.run(asyncio.sleep(seconds))
        connection.execute("ROLLBACK")


async def disk_full(life: Life, run: Run, random: Random) -> None:
    """Nothing more can be written for a while."""
    await life.falls_due(run, random)
    await asyncio.sleep(random.uniform(0, 1.2))
    if life.database.is_sqlite:
        file = Path(life.url.removeprefix("sqlite:///"))
        largest = max(file.stat().st_size, file.with_name(file.name + "-wal").stat().st_size)
        life.running.limit(resource.RLIMIT_FSIZE, largest + random.randint(0, 20_000))
        await asyncio.sleep(random.uniform(0.1, 0.9))
        life.running.limit(resource.RLIMIT_FSIZE, UNLIMITED)
    else:
        async with life.database.engine.begin() as connection:
            await connection.execute(text("UPDATE disk SET is_full = true"))
        await asyncio.sleep(random.uniform(0.1, 0.9))
        async with life.database.engine.begin() as connection:
            await connection.execute(text("UPDATE disk SET is_full = false"))
    await life.over(run)


async def wrong_clock(life: Life, run: Run, random: Random) -> None:
    """The clock of the machine is put an hour ahead or back, and right again after a while."""
    await life.falls_due(run, random)
    await asyncio.sleep(random.uniform(0, 1.2))
    life.clock.go_wrong(timedelta(hours=random.choice([-1, 1])))
    await asyncio.sleep(random.uniform(0.1, 0.9))
    life.clock.go_wrong(timedelta(0))
    await life.over(run)


async def orderly_stop(life: Life, run: Run, random: Random) -> None:
    """SIGTERM: what is in the air lands, what waits goes on waiting, and nothing is unknown."""
    await life.falls_due(run, random)
    await asyncio.sleep(random.uniform(0, 1.6))
    life.running.signal(signal.SIGTERM)
    code = await life.running.ends(seconds=20)
    run.complaints += [f"the process ended with {code}"] if code else []
    await life.ended()
    waiting = Expected(
        nothing_else=False, may_wait=frozenset({DeliveryStatus.QUEUED, DeliveryStatus.HELD}), most_lost=0
    )
    run.complaints += [f"after the stop: {complaint}" for complaint in await life.judged(run, waiting)]
    life.rate = random.choice([USUAL, FAST])
    await life.start()


TROUBLES: dict[str, Trouble] = {
    "kill": kill_9,
    "rush": kill_in_a_rush,
    "step": death_at_a_step,
    "cut": cut_connections,
    "server": server_faults,
    "429": too_many_requests,
    "unreachable": telegram_unreachable,
    "database": database_away,
    "disk": disk_full,
    "clock": wrong_clock,
    "stop": orderly_stop,
}
# How many messages a second, where a fault does not choose by itself.
RATES = {"rush": RUSH}
