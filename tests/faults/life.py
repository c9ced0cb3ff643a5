"""A small clinic for a fault to strike: a Telegram, a database, a TipBot process, and people with messages due."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo, available_timezones

from tests.faults.evidence import read_ledger, read_telegram
from tests.faults.oracle import Expected, judge
from tests.faults.progress import Run, State, state_of
from tests.faults.slowness import Slowness
from tests.faults.wire import Wire, wire_to
from tests.postgres import PostgresServer
from tests.process.clockwork import Clockwork
from tests.process.running import Process, environment, tipbot
from tests.thoroughness import chosen
from tipbot.domain.audience import Audience, Conditions
from tipbot.domain.broadcasts import Broadcast, BroadcastId, QuietHours
from tipbot.domain.composition import Composition, Part, PartKind
from tipbot.domain.content import ENGLISH
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY
from tipbot.sandbox import NO_LIMITS, Sandbox
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.staffing import SHELL

ROUND_TRIP = timedelta(milliseconds=60)
USUAL, FAST, RUSH = 29, 150, 1_000
FIRST_CHAT, CHATS_A_RUN = 100_000, 1_000
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("Europe/", "Asia/", "America/")))
# Nothing has to wait longer than this by the clock on the wall; whatever waits longer is moved on to.
PATIENCE = 120
LOOK_EVERY = 0.1
# So long a process that lives may hold a claim without a word: the second message to a chat has its turn after a
# second. Moved on before, the clock would end a lease that is nobody else's.
IN_HAND = 1.5
MOST_IN_BROADCAST = 8
CROWD = chosen(usually=(8, 14), thoroughly=(30, 60))
# Now and then there are more: what costs most of a run is the same for all of them together.
LARGE_CROWD, SHARE_OF_LARGE = chosen(usually=(40, 60), thoroughly=(100, 200)), 0.1
# Enough for a kill to strike in the middle.
CROWD_IN_A_RUSH = (200, 300)


@dataclass(slots=True)
class Life:
    """Everything one loop of runs goes on with, from one run to the next."""

    sandbox: Sandbox
    wire: Wire
    clock: Clockwork
    database: Database
    url: str
    folder: Path
    slowness: Slowness
    rate: int = FAST
    process: Process | None = None
    server: PostgresServer | None = None
    next_death: str | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def round_trip(self) -> timedelta:
        """How long a message takes here and now."""
        return self.slowness.added_to(max(ROUND_TRIP, self.wire.round_trip))

    @property
    def messages(self) -> int:
        """How many messages Telegram was ever asked to send."""
        return self.sandbox.calls.counts["sendMessage"]

    @property
    def running(self) -> Process:
        """The process; there must be one."""
        assert self.process is not None
        return self.process

    async def start(self, *, wait: bool = True, **more: str | int) -> Process:
        """Start TipBot, and wait until it runs unless it is to die before."""
        settings = {
            "TIPBOT_BULK_RATE": str(self.rate),
            "TIPBOT_QUIET_HOURS": "off",
            "TIPBOT_PAID_BROADCAST": "true",
        }
        variables = environment(self.wire.address, self.sandbox.token, self.url, **settings)
        starting = tipbot("run", variables=variables, folder=self.folder, clock=str(self.clock.path), **more)
        self.process = await self._running.enter_async_context(starting)
        if wait:
            await self.process.says("running")
        return self.process

    async def ended(self) -> None:
        """Wait for the end of the process."""
        await self.running.ends()
        self.process = None
        await self._running.aclose()

    async def killed(self) -> None:
        """Pull the plug."""
        self.running.signal(signal.SIGKILL)
        await self.ended()

    async def close(self) -> None:
        """Let go of everything."""
        await self._running.aclose()
        await self.database.close()

    def people(self, number: int, seed: int, random: Random) -> Run:
        """Bring people in for one run; some have blocked the bot, one is gone."""
        first = FIRST_CHAT + number * CHATS_A_RUN
        crowd = LARGE_CROWD if random.random() < SHARE_OF_LARGE else CROWD
        crowd = CROWD_IN_A_RUSH if self.rate == RUSH else crowd
        run = Run(number, seed, range(first, first + random.randint(*crowd)), ZONES[number % len(ZONES)])
        bot = self.sandbox.telegram.bot.id
        for chat in run.chats:
            person = self.sandbox.person(f"Person {chat}", chat_id=chat, started=True)
            person.chat.standing[bot] = "kicked" if random.random() < 0.05 else "member"
            person.chat.deactivated = random.random() < 0.02
        run.first_call = self.sandbox.calls.total
        return run

    async def falls_due(self, run: Run, random: Random, *, within: float = 0.9) -> None:
        """Let a tip fall due for everybody within so many seconds, and for some a broadcast go out as well."""
        now, has_broadcast, slots = self.clock.now(), random.random() < 0.2, list[Slot]()
        for place, chat in enumerate(run.chats):
            moment = now + timedelta(seconds=random.uniform(-0.5, within))
            # The broadcast goes to those with a stretch: too few for it to be stopped because much goes wrong.
            # Whoever takes no messages gets that or a tip: after the first, nothing more is planned for them.
            with_stretch = place < MOST_IN_BROADCAST
            with_tip = not (with_stretch and has_broadcast and self._is_closed(chat))
            slots += _slots(chat, moment, run.zone)[not with_tip : 1 + with_stretch]
            if with_tip:
                run.due.add(f"tip:{chat}:{moment.astimezone(ZoneInfo(run.zone)).date()}")
        await self._written_down([_subscriber(chat, run.zone, now) for chat in run.chats], slots)
        if has_broadcast:
            await self._broadcast(run, now)

    async def _written_down(self, people: list[Subscriber], slots: list[Slot]) -> None:
        """Write down who is due what, again and again where a process that gets no time keeps the database."""
        async with asyncio.timeout(PATIENCE):
            while True:
                with suppress(StorageUnavailable):
                    async with self.database.writing() as books:
                        await books.subscribers.add_all(people)
                        await books.slots.add(slots)
                    return

    def _is_closed(self, chat: int) -> bool:
        known = self.sandbox.telegram.chats[chat]
        return known.deactivated or known.standing[self.sandbox.telegram.bot.id] == "kicked"

    async def _broadcast(self, run: Run, now: datetime) -> None:
        words = Composition((Part(PartKind.TEXT, f"<b>Sleep</b> and your back, part {run.number}"),))
        audience = Audience(only=Conditions(frozenset({Kind.STRETCH}), zones=frozenset({run.zone})))
        draft = Broadcast(BroadcastId(0), SHELL, now, now, composition=words, audience=audience)
        never_quiet = QuietHours(QuietHours().ends, QuietHours().ends)
        async with self.database.writing() as books:
            draft = await books.broadcasts.add(draft)
        sending = Broadcasting(self.database, quiet=never_quiet, ceiling=self.rate)
        await sending.confirm(draft.id, revision=draft.revision, operator=SHELL, now=now)
        run.broadcast = draft.id

    async def over(self, run: Run) -> None:
        """Wait until nothing moves any more; where something only waits for its time, the clock moves on."""
        loop, calls, before, since = asyncio.get_running_loop(), -1, State({}, 0, None), 0.0
        async with asyncio.timeout(PATIENCE):
            while True:
                await asyncio.sleep(LOOK_EVERY)
                calls, last = self.sandbox.calls.total, calls
                if calls != last or self.sandbox.calls.in_progress:
                    since = loop.time()
                    continue
                state = await state_of(run, self.database)
                if state.is_over(run):
                    return
                if state != before:
                    before, since = state, loop.time()
                elif loop.time() - since >= (IN_HAND if state.lease_end else 0):
                    self._move_on(state)

    def _move_on(self, state: State) -> None:
        """Let the time pass that something waits for: its next try, a pause that Telegram asked for, a lease."""
        moment = state.next_try or state.lease_end
        if moment is not None:
            self.clock.move_on(moment - self.clock.now())

    async def judged(self, run: Run, expected: Expected | None = None) -> list[str]:
        """Return what the oracle says of a run: expected is that everything came to its end."""
        ledger = await read_ledger(self.database, run.chats)
        telegram = read_telegram(self.sandbox, run.chats, since=run.first_call)
        ours = f"broadcast:{run.broadcast}:"
        due = run.due | {row.key for row in ledger.rows if row.key.startswith(ours)}
        return judge(ledger, telegram, expected or Expected(due, most_lost=run.most_lost))

    def peace(self) -> None:
        """End what the sandbox and the wire do to us."""
        self.sandbox.limit(NO_LIMITS)
        self.sandbox.faults.clear()
        self.sandbox.faults.latency_ms = int(ROUND_TRIP / timedelta(milliseconds=1))
        self.wire.strikes = lambda: None


def _subscriber(chat: int, zone: str, now: datetime) -> Subscriber:
    return Subscriber(
        chat_id=ChatId(chat),
        chat_kind=ChatKind.PRIVATE,
        language=ENGLISH,
        zone=zone,
        status=Status.ACTIVE,
        joined_at=now,
        last_active_at=now,
        status_since=now,
    )


def _slots(chat: int, moment: datetime, zone: str) -> list[Slot]:
    """Return the order of a tip due at a moment, and that of a stretch much later."""
    # The wall time was an hour or two ago, so that the next tip is most of a day away whatever happens here.
    wall_time = (moment - timedelta(hours=2)).astimezone(ZoneInfo(zone)).time().replace(second=0, microsecond=0)
    later = moment + timedelta(hours=20)
    return [
        Slot(ChatId(chat), kind, wall_time, EVERY_DAY, next_at=due)
        for kind, due in ((Kind.TIP, moment), (Kind.STRETCH, later))
    ]


@asynccontextmanager
async def life(
    url: str, folder: Path, slowness: Slowness, server: PostgresServer | None = None
) -> AsyncIterator[Life]:
    """Found a clinic whose database this is, on a server of its own or not; no process runs yet."""
    clock = Clockwork.in_folder(folder)
    sandbox = Sandbox(now=clock.now)
    async with sandbox.serving() as address, wire_to(int(address.rpartition(":")[2])) as wire:
        new = Life(sandbox, wire, clock, Database(url), url, folder, slowness, server=server)
        new.peace()
        try:
            yield new
        finally:
            await new.close()
