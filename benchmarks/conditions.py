"""Under which conditions a run took place: machine, versions, date, and how busy it was with other things."""

import os
import platform
import sqlite3
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

from benchmarks.processes import CHECKOUT
from tests.postgres import PostgresServer

PACKAGES = ("python-telegram-bot", "aiohttp", "SQLAlchemy", "aiosqlite", "asyncpg")


def load() -> float:
    """Return how many processes wanted a core, as a mean of the last minute."""
    return os.getloadavg()[0]


def conditions(load_before: float, minutes: float) -> dict[str, str]:
    """Return what whoever reads the figures should know, by name."""
    return {
        "Date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "Revision": _said_by("git", "describe", "--always", "--dirty"),
        "Machine": f"{_processor()}, {os.cpu_count()} cores, {_memory_gib()} GiB",
        "System": f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        "Python": f"{platform.python_version()} ({sys.implementation.name})",
        "Databases": f"SQLite {sqlite3.sqlite_version}, {_postgres()}",
        "Libraries": ", ".join(f"{name} {version(name)}" for name in PACKAGES),
        "Load before the run": f"{load_before:.2f}",
        "The run took": f"{minutes:.0f} minutes",
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []:
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory_gib() -> int:
    return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30)


def _postgres() -> str:
    server = PostgresServer()
    server.folder.rmdir()
    return _said_by(str(server.programs / "postgres"), "--version").replace("postgres (PostgreSQL)", "PostgreSQL")


def _said_by(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=CHECKOUT, timeout=30)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.strip()
