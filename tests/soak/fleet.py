"""The processes that live through the hour: started, killed, frozen and started again."""

import signal
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.process.running import Process, environment, tipbot
from tests.soak.population import OPERATOR

# An update that fails because Telegram cannot be reached is logged with its traceback, and is none of these.
WORDS_OF_TROUBLE = ("tick_failed", "delivery_raised", "answers_lost")
# A process that has just started takes up memory until it has done everything once.
WARM_AFTER = 3
GROWS_BY_MB = 30.0


@dataclass
class One:
    """One process and how much memory it took, look after look."""

    process: Process
    number: int
    memory: list[float] = field(default_factory=list)
    is_frozen: bool = False

    def look(self) -> float:
        """Return how many megabytes it has now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        self.memory.append(int(status.partition("VmRSS:")[2].split()[0]) / 1024)
        return self.memory[-1]

    @property
    def has_grown(self) -> float:
        """By how many megabytes it has grown since it was warm."""
        return self.memory[-1] - self.memory[WARM_AFTER] if len(self.memory) > WARM_AFTER else 0.0


@dataclass
class Fleet:
    """All processes of one clinic. Everything is started and ended by one task, as their groups need it."""

    address: str
    token: str
    url: str
    folder: Path
    clock: Path
    rate: int
    stack: AsyncExitStack
    running: list[One] = field(default_factory=list)
    started: int = 0
    kills: int = 0
    complaints: list[str] = field(default_factory=list)

    async def start(self) -> One:
        """Start one more, and wait until it runs."""
        settings = {
            "TIPBOT_BULK_RATE": str(self.rate),
            "TIPBOT_PAID_BROADCAST": "true",
            "TIPBOT_QUIET_HOURS": "off",
            "TIPBOT_OPERATORS": str(OPERATOR),
        }
        variables = environment(self.address, self.token, self.url, **settings)
        starting = tipbot("run", variables=variables, folder=self.folder, clock=str(self.clock))
        self.started += 1
        one = One(await self.stack.enter_async_context(starting), self.started)
        await one.process.says("running", seconds=90)
        self.running.append(one)
        return one

    async def killed(self, random: Random) -> None:
        """Pull the plug of one, and start another."""
        one = self._taken(random)
        self.kills += 1
        await one.process.killed()
        self._look_back(one)
        await self.start()

    async def stopped(self, random: Random) -> None:
        """Stop one in an orderly way, and start another."""
        await self._stop(self._taken(random))
        await self.start()

    async def all_stopped(self) -> None:
        """Stop everything in an orderly way."""
        while self.running:
            await self._stop(self.running.pop())

    async def _stop(self, one: One) -> None:
        one.process.signal(signal.SIGTERM)
        code = await one.process.ends(seconds=60)
        if code:
            self.complaints.append(f"process {one.number} ended with {code} when it was asked to stop")
        self._look_back(one)

    def _taken(self, random: Random) -> One:
        one = random.choice([one for one in self.running if not one.is_frozen])
        self.running.remove(one)
        return one

    def _look_back(self, one: One) -> None:
        found = [words for words in WORDS_OF_TROUBLE if words in one.process.log]
        if found:
            kept = Path(tempfile.mkdtemp(prefix="tipbot-soak-")) / f"process-{one.number}.log"
            kept.write_text(one.process.log)
            self.complaints.append(f"process {one.number} logged {found}, see {kept}")
        if one.has_grown > GROWS_BY_MB:
            self.complaints.append(f"process {one.number} grew by {one.has_grown:.0f} MB: {one.memory}")
