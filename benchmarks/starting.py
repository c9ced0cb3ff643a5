"""How long `tipbot run` takes until it runs, and its memory then: a real process beside a local Telegram."""

import asyncio
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.process.running import environment
from tipbot.clock import Clock
from tipbot.sandbox import Sandbox

SETTLED_AFTER_SECONDS = 3


@dataclass(frozen=True)
class Start:
    """Seconds until it ran, the CPU in them, and its resident memory a little later."""

    wall: float
    cpu: float
    mb: float


async def started(url: str, folder: Path) -> Start:
    """Start it once on this database, and stop it."""
    sandbox = Sandbox(now=Clock().now)
    async with sandbox.serving() as address:
        # Of this checkout, and compiled once, as whatever pip installs is.
        variables = environment(address, sandbox.token, url, PYTHONPATH=os.getcwd(), PYTHONDONTWRITEBYTECODE="")  # noqa: PTH109
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", "from tipbot.program import main; main()", "run",
            env=variables, cwd=folder, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert process.stderr is not None
        said = b""
        while b"running" not in said:
            line = await process.stderr.readline()
            assert line, said.decode()
            said += line
        wall, cpu = time.perf_counter() - began, _cpu(process.pid)
        await asyncio.sleep(SETTLED_AFTER_SECONDS)
        megabytes = _resident(process.pid)
        process.terminate()
        await process.communicate()
    return Start(wall, cpu, megabytes)


def _resident(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def _cpu(process: int) -> float:
    # After the name, which may hold anything: the fields 11 and 12 are ticks in the program and in the kernel.
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
