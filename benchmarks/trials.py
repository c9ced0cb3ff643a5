"""One contender against one sink: within a limit, without one, and killed in the middle. The sink's log decides."""

import tempfile
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from benchmarks.contenders import Contender
from benchmarks.peers.contract import FIRST_CHAT
from benchmarks.processes import Failed, Nursery, Run
from benchmarks.sinks import Log, Sink, Telegram

STRICT = Telegram(delay_ms=60, limit=30, block_one_in=50)
FREE = Telegram()
KILLED = Telegram(delay_ms=60)
# How often the sink is asked whether it is time for the kill.
LOOK_SECONDS = 0.01


@dataclass(frozen=True)
class Free:
    """Without a limit: messages a second, milliseconds of the sender's time for each, and how many came twice."""

    rate: float
    cpu_ms: float
    doubled: int = 0


@dataclass(frozen=True)
class Strict:
    """Within a limit: messages a second, how many met a 429, and how many who could get it did not."""

    rate: float
    refused: int
    lost: int
    doubled: int
    deliverable: int


@dataclass(frozen=True)
class Killed:
    """After a kill and a new start: got it twice, never got it, and how many the sender calls unknown."""

    doubled: int
    lost: int
    unknown: int
    dead_seconds: float
    remark: str = ""


@dataclass(frozen=True)
class Bench:
    """What a measurement needs: where the Pythons are, where databases are made, how long anything may take."""

    nursery: Nursery
    sink_python: str
    pythons: Mapping[str, str]
    postgres_url: str | None
    folder: Path
    seconds: int = field(default=240)

    def create_database(self) -> str:
        """Return the URL of a new database on the server."""
        from tests.postgres import create_database  # noqa: PLC0415 (only where there is a server)

        assert self.postgres_url is not None
        return create_database(self.postgres_url, f"bench_{uuid.uuid4().hex[:12]}")


def _chats(number: int) -> list[int]:
    return list(range(FIRST_CHAT, FIRST_CHAT + number))


@dataclass(frozen=True)
class Trial:
    """One measurement that is set up: its runner can be started, and started once more."""

    bench: Bench
    contender: Contender
    folder: Path
    variant: str

    def run(self, sink: Sink, chats: int, *, rate: float, goes_on: bool = False) -> Run:
        """Start the runner."""
        command = self.contender.command(self.bench.pythons.get(self.contender.environment, ""))
        command += ["--api", sink.url, "--chats", str(chats), "--folder", str(self.folder), "--rate", str(rate)]
        command += ["--variant", self.variant, "--seconds", str(self.bench.seconds)]
        return Run(self.bench.nursery, [*command, *(["--goes-on"] if goes_on else [])], self.folder)


def _set_up(bench: Bench, contender: Contender, variant: str) -> Trial:
    folder = Path(tempfile.mkdtemp(dir=bench.folder))
    return Trial(bench, contender, folder, bench.create_database() if contender.needs_postgres else variant)


def _whole(trial: Trial, sink: Sink, chats: int, rate: float) -> dict[str, object]:
    with trial.run(sink, chats, rate=rate) as run:
        run.wait_until_ready()
        run.begin()
        return run.end()


def measure_free(bench: Bench, contender: Contender, chats: int) -> Free:
    """Send to so many without a limit; raises Failed where somebody did not get it."""
    variant = contender.variant if contender.free_variant is None else contender.free_variant
    trial = _set_up(bench, contender, variant)
    with Sink(bench.nursery, bench.sink_python, FREE) as sink:
        said = _whole(trial, sink, chats, rate=0)
        log = sink.log()
    _check_ledger(said, log)
    if missing := log.missing(_chats(chats)):
        raise Failed(f"{len(missing)} of {chats} got nothing")
    return Free(log.rate, 1000 * float(str(said["cpu_seconds"])) / chats, log.doubled)


def measure_strict(bench: Bench, contender: Contender, chats: int) -> Strict:
    """Send to so many, of whom some have blocked the bot, within the limit."""
    trial = _set_up(bench, contender, contender.variant)
    with Sink(bench.nursery, bench.sink_python, STRICT) as sink:
        said = _whole(trial, sink, chats, contender.rate)
        log = sink.log()
    _check_ledger(said, log)
    wanted = [chat for chat in _chats(chats) if not STRICT.blocks(chat)]
    return Strict(log.rate, log.refused, len(log.missing(wanted)), log.doubled, len(wanted))


def measure_killed(bench: Bench, contender: Contender, chats: int) -> Killed:
    """Kill the sender when half of them have it, and start it again as its user would."""
    trial = _set_up(bench, contender, contender.variant)
    with Sink(bench.nursery, bench.sink_python, KILLED) as sink:
        with trial.run(sink, chats, rate=contender.rate) as first:
            first.wait_until_ready()
            first.begin()
            _wait_for_half(sink, first, chats)
            first.kill()
        with trial.run(sink, chats, rate=contender.rate, goes_on=True) as second:
            second.wait_until_ready()
            second.begin()
            said = second.end()
        log = sink.log()
    unknown = _check_ledger(said, log)
    missing = set(log.missing(_chats(chats)))
    remark = "its record could not be read" if "record_lost" in said and contender.is_durable else ""
    return Killed(log.doubled, len(missing - unknown), len(unknown), _longest_gap(log), remark)


def _wait_for_half(sink: Sink, run: Run, chats: int) -> None:
    while sink.accepted() < chats // 2:
        if run.is_over:
            raise Failed("it ended before it could be killed")
        time.sleep(LOOK_SECONDS)


def _longest_gap(log: Log) -> float:
    moments = [entry[1] for entry in log.entries]
    return max((after - before for before, after in pairwise(moments)), default=0.0)


def _check_ledger(said: Mapping[str, object], log: Log) -> set[int]:
    """Return which chats a sender that keeps a ledger calls unknown; raises Failed if sink and ledger disagree.

    What is called sent must be there under that very number; what is there must be called sent or unknown.
    """
    rows = said.get("ledger")
    if not isinstance(rows, list):
        return set()
    message_of = log.message_of()
    for chat, status, message in rows:
        if status == "sent" and message_of.get(chat) != message:
            raise Failed(f"ledger and sink disagree about chat {chat}")
        if status not in ("sent", "unknown") and chat in message_of:
            raise Failed(f"chat {chat} got what the ledger calls {status}")
    return {chat for chat, status, _ in rows if status == "unknown"}
