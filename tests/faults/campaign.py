"""Loops of seeded runs, many loops at once: for most of the time each of them waits."""

import asyncio
import os
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.faults.life import FAST, PATIENCE, Life, life
from tests.faults.progress import Run
from tests.faults.slowness import Slowness, watched
from tests.faults.troubles import RATES, TROUBLES
from tests.postgres import PostgresServer
from tests.thoroughness import IS_THOROUGH

RUNS = int(os.environ.get("TIPBOT_TEST_RUNS", "30"))
# Another one each time: what goes wrong once names its seed.
SEED = int(os.environ.get("TIPBOT_TEST_SEED") or time.time_ns() // 1_000 % 10_000_000)
MOST_SHOWN = 8
FAULTS_OF_OURS = ("Traceback", "tick_failed", "delivery_raised", "answers_lost")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a loop lives: its database, its folder, and the server where it has one of its own."""

    url: str
    folder: Path
    server: PostgresServer | None = None


async def campaign(engine: str, places: Mapping[str, Place]) -> dict[str, list[str]]:
    """Run the loops of these faults all at once; return what each had to complain of."""
    async with watched() as slowness, asyncio.TaskGroup() as tasks:
        loops = {name: tasks.create_task(_loop(engine, name, place, slowness)) for name, place in places.items()}
    return {name: loop.result() for name, loop in loops.items()}


async def _loop(engine: str, name: str, place: Place, slowness: Slowness) -> list[str]:
    complaints: list[str] = []
    async with life(place.url, place.folder, slowness, place.server) as ours:
        ours.rate = RATES.get(name, FAST)
        await ours.start()
        for number in range(RUNS):
            random = Random(f"{name} {SEED + number}")  # noqa: S311 (to be repeated, not to be secret)
            run = ours.people(number, SEED + number, random)
            found = await _tried(ours, run, name, random)
            if found:
                complaints += [_again(engine, name, run), *found[:MOST_SHOWN], f"in all {len(found)} complaints"]
                # For whoever does not want to wait for the end of hundreds of runs.
                (place.folder / "complaints").write_text("\n".join(complaints))
            if ours.process is None or not ours.process.is_alive:
                break
    return complaints


async def _tried(ours: Life, run: Run, name: str, random: Random) -> list[str]:
    """Let the fault strike, wait until all is over, and return the complaints."""
    before = ours.process
    heard = 0 if before is None else len(before.log)
    try:
        async with asyncio.timeout(PATIENCE):
            await TROUBLES[name](ours, run, random)
            await ours.over(run)
        run.complaints += await ours.judged(run)
    except TimeoutError:
        log = (
            "no process runs" if ours.process is None else "".join(ours.process.log.splitlines(keepends=True)[-12:])
        )
        run.complaints += [f"it was not over in time; the last of the log is:\n{log}", *await ours.judged(run)]
    except Exception:  # noqa: BLE001 (the other loops go on, and the seed of this one is told)
        run.complaints.append(traceback.format_exc())
    if ours.process is not None:
        # One fault is one run's, however long the process lives.
        run.complaints += _own_faults(ours.process.log[heard if ours.process is before else 0 :])
    return run.complaints


def _own_faults(log: str) -> list[str]:
    """Complain of what a process should never have to log, with the lines around it."""
    found = [log.find(words) for words in FAULTS_OF_OURS if words in log]
    return [f"a fault of TipBot's own is in the log:\n{log[max(min(found) - 500, 0) :][:6_000]}"] if found else []


def _again(engine: str, name: str, run: Run) -> str:
    variables = f"TIPBOT_TEST_SEED={run.seed} TIPBOT_TEST_RUNS=1" + (
        " TIPBOT_TEST_THOROUGH=1" if IS_THOROUGH else ""
    )
    return f"{name} on {engine}, seed {run.seed}; again: {variables} make faults ONLY='{engine} and {name}'"
