"""TipBot as a real process beside a local Telegram: started, killed, started again."""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.process.ordering import order
from tipbot.app import run
from tipbot.clock import Clock
from tipbot.sandbox import Sandbox
from tipbot.settings import read_settings


class Process:
    """One running process, with everything it logged."""

    def __init__(self, pid: int, log: asyncio.StreamReader, end: asyncio.StreamReader) -> None:
        self._pid = pid
        self._stderr = log
        self._news = end
        self._code: int | None = None
        self._lines: list[str] = []
        self._heard = asyncio.Condition()

    async def listen(self) -> None:
        """Collect the log until the process has ended."""
        async for line in self._stderr:
            async with self._heard:
                self._lines.append(line.decode())
                self._heard.notify_all()
        code = int(await self._news.readline())
        async with self._heard:
            self._code = code
            self._heard.notify_all()

    async def says(self, words: str, *, seconds: float = 30) -> None:
        """Wait until the log holds these words."""
        async with asyncio.timeout(seconds), self._heard:
            await self._heard.wait_for(lambda: words in self.log or self._code is not None)
        assert words in self.log, self.log

    async def ends(self, *, seconds: float = 30) -> int:
        """Wait for the end, and return the exit code, or minus the signal that ended it."""
        async with asyncio.timeout(seconds), self._heard:
            await self._heard.wait_for(lambda: self._code is not None)
        assert self._code is not None
        return self._code

    @property
    def log(self) -> str:
        return "".join(self._lines)

    @property
    def pid(self) -> int:
        return self._pid

    @property
    def is_alive(self) -> bool:
        return self._code is None

    def signal(self, number: signal.Signals) -> None:
        # It may have ended of itself an instant ago, and its exit code be on the way still.
        with suppress(ProcessLookupError):
            if self._code is None:
                os.kill(self._pid, number)

    def limit(self, what: int, most: int) -> None:
        """Let it have no more than this of something, see `resource`; -1 is without limit."""
        resource.prlimit(self._pid, what, (most, -1))

    async def killed(self) -> None:
        """Pull the plug."""
        self.signal(signal.SIGKILL)
        await self.ends()


@asynccontextmanager
async def reading(file: int) -> AsyncIterator[asyncio.StreamReader]:
    """Read a pipe without blocking."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(file, "rb"))
    try:
        yield reader
    finally:
        pipe.close()


def environment(sandbox_url: str, token: str, database_url: str, **more: str) -> dict[str, str]:
    """Return the settings of a process, and nothing else of this one's TIPBOT_ variables."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TIPBOT_")}
    ours = {"TIPBOT_TOKEN": token, "TIPBOT_API_URL": sandbox_url, "TIPBOT_DATABASE_URL": database_url}
    return {**plain, **ours, **more}


@asynccontextmanager
async def tipbot(
    *arguments: str, variables: Mapping[str, str], folder: Path, **more: str | int
) -> AsyncIterator[Process]:
    """Start `tipbot` in a folder; whatever happens, it is gone afterwards.

    `dies` names a step to die at, as in dying.py; `clock` is the file of a clockwork to go by; `largest_file` is a
    size in bytes at which the disk counts as full; with `plain_user`, file modes hold even if root runs the tests;
    `program` is another `tipbot` than the one that is tested here.
    """
    (log, stderr), (news, ending) = os.pipe(), os.pipe()
    files = os.open(os.devnull, os.O_RDONLY), os.dup(stderr), stderr, ending
    order(files, arguments, variables, folder, **more)
    async with reading(log) as log_lines, reading(news) as end:
        process = Process(int(await end.readline()), log_lines, end)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(process.listen())
            try:
                yield process
            finally:
                process.signal(signal.SIGKILL)


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
    """Run the whole of TipBot in this very process: as true as another one, and its memory can be looked at."""
    given = {"TIPBOT_TOKEN": sandbox.token, "TIPBOT_API_URL": address, "TIPBOT_DATABASE_URL": database_url, **more}
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(run(read_settings(given, None), Clock(), stop))
        try:
            yield stop
        finally:
            stop.set()
