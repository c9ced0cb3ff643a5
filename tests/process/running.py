"""TipBot as a real process beside a local Telegram: started, killed, started again."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tipbot.app import run
from tipbot.clock import Clock
from tipbot.sandbox import Sandbox
from tipbot.settings import read_settings

PROGRAM = Path(sys.executable).parent / "tipbot"


class Process:
    """One running `tipbot run`, with everything it logged."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []
        self._heard = asyncio.Condition()

    async def listen(self) -> None:
        """Collect the log until the process ends."""
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            async with self._heard:
                self.lines.append(line.decode())
                self._heard.notify_all()
        async with self._heard:
            self._heard.notify_all()

    async def says(self, words: str, *, seconds: float = 30) -> None:
        """Wait until the log holds these words."""
        async with asyncio.timeout(seconds), self._heard:
            await self._heard.wait_for(lambda: words in self.log or self._process.returncode is not None)
        assert words in self.log, self.log

    @property
    def log(self) -> str:
        return "".join(self.lines)

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ends(self, *, seconds: float = 30) -> int:
        async with asyncio.timeout(seconds):
            return await self._process.wait()

    async def killed(self) -> None:
        """Pull the plug."""
        self.signal(signal.SIGKILL)
        await self.ends()


def environment(sandbox_url: str, token: str, database_url: str, **more: str) -> dict[str, str]:
    """Return the settings of a process, and nothing else of this one's TIPBOT_ variables."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TIPBOT_")}
    ours = {"TIPBOT_TOKEN": token, "TIPBOT_API_URL": sandbox_url, "TIPBOT_DATABASE_URL": database_url}
    return {**plain, **ours, **more}


@asynccontextmanager
async def tipbot(
    *arguments: str, variables: Mapping[str, str], folder: Path, program: str | Path = PROGRAM
) -> AsyncIterator[Process]:
    """Start `tipbot`, or another program, in a folder; whatever happens, it is gone afterwards."""
    started = await asyncio.create_subprocess_exec(
        str(program),
        *arguments,
        env=dict(variables),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    process = Process(started)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(process.listen())
        try:
            yield process
        finally:
            if started.returncode is None:
                started.kill()
            await started.wait()


@asynccontextmanager
async def tipbot_with(
    sandbox: Sandbox, address: str, database_url: str, folder: Path, **more: str
) -> AsyncIterator[Process]:
    """Start `tipbot run` against a sandbox, and wait until it runs."""
    variables = environment(address, sandbox.token, database_url, **more)
    async with tipbot("run", variables=variables, folder=folder) as process:
        await process.says("running")
        yield process


@asynccontextmanager
async def tipbot_inside(
    sandbox: Sandbox, address: str, database_url: str, **more: str
) -> AsyncIterator[asyncio.Event]:
    """Run the whole of TipBot in this very process: as true as another one, and started faster."""
    given = {"TIPBOT_TOKEN": sandbox.token, "TIPBOT_API_URL": address, "TIPBOT_DATABASE_URL": database_url, **more}
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run(read_settings(given, None), Clock(), stop))
        try:
            yield stop
        finally:
            stop.set()
