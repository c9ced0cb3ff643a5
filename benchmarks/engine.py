"""What TipBot's own engine does in one process: with a limit and without, paid for, and while people want answers.

Each row is the whole program (tipbot_sender.py) against a sink, whose log decides. `--profile` shows where the
processor time goes instead, `--only` measures rows with these words in them.
"""

import argparse
import json
import pstats
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.peers.contract import FIRST_CHAT
from benchmarks.postgres import durable_postgres
from benchmarks.processes import Failed, Nursery, Run, end_on_signals
from benchmarks.sinks import Log, Sink, Telegram
from tests.postgres import create_database

SENDER = [sys.executable, "-m", "benchmarks.tipbot_sender"]
ROUND_TRIP_MS = 60
DEFAULT_RATE, LIMIT = 25, 30
LONGEST_RUN_SECONDS = 900
LOOK_SECONDS = 0.0503  # never in step with the journal
Row = dict[str, str | float]


def row(what: str, engine: str, figure: float, unit: str, target: str) -> Row:
    return {"what": what, "engine": engine, "figure": round(figure, 3), "unit": unit, "target": target}


class PeopleSink(Sink):
    """A sink whose people write."""

    def __init__(self, nursery: Nursery, behaviour: Telegram) -> None:
        self._nursery = nursery
        command = [
            sys.executable,
            "-m",
            "benchmarks.people",
            str(behaviour.delay_ms),
            "--limit",
            str(behaviour.limit),
        ]
        self._process = nursery.start(command, subprocess.DEVNULL)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def waits(self) -> list[float]:
        """Return how long people waited for their answers; raises Failed if one got none."""
        found = self._asked("/waits")
        if found["unanswered"]:
            raise Failed(f"{found['unanswered']} people got no answer")
        waits: list[float] = sorted(found["waits"])
        return waits


@dataclass
class Sent:
    """What a broadcast to so many came to."""

    messages: int
    said: dict[str, Any]
    log: Log
    doubts: list[int]

    @cached_property
    def cpu_ms(self) -> float:
        return float(1000 * self.said["cpu_seconds"] / self.messages)

    @cached_property
    def share_of_core(self) -> float:
        return float(100 * self.said["cpu_seconds"] / self.said["seconds"])

    @property
    def astray(self) -> int:
        """How many got nothing, got it twice, or have another number in the ledger than in their chat."""
        chats = list(range(FIRST_CHAT, FIRST_CHAT + self.messages))
        got = self.log.message_of()
        wrong = sum(got.get(chat) != message for chat, _, message in self.said["ledger"])
        doubled = sum(count > 1 for chat, count in self.log.got.items() if chat in set(chats))
        return len(self.log.missing(chats)) + doubled + int(wrong)

    @cached_property
    def pauses(self) -> list[tuple[float, float]]:
        """When pauses began and when they were over."""
        pauses: list[tuple[float, float]] = []
        for _, at, verdict, seconds in self.log.entries:
            if verdict == "refused" and (not pauses or at >= pauses[-1][1]):
                pauses.append((at, at + seconds))
        return pauses

    def early(self, round_trip: float) -> int:
        """How many asked again before a pause was over, those left out that were on their way when it began."""
        refused = [at for _, at, verdict, _ in self.log.entries if verdict == "refused"]
        return sum(begun + 2 * round_trip < at < over for begun, over in self.pauses for at in refused)

    @property
    def late_pauses(self) -> int:
        """How many pauses began in the second half of the messages, when it should know how much it may send."""
        half = self.log.entries[len(self.log.entries) // 2][1]
        return sum(begun > half for begun, _ in self.pauses)


PENALTY_SECONDS = 3  # as long as the sink refuses everything after a message too many
LONGEST_PENALTY_SECONDS = 30


class Engine:
    """Runs TipBot against sinks."""

    def __init__(self, until_the_end: ExitStack, *, profile: bool) -> None:
        self._nursery = Nursery()
        until_the_end.callback(self._nursery.close)
        self._folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="tipbot-engine-")))
        self._profile = profile
        self._until_the_end = until_the_end
        self._number = 0

    @cached_property
    def _postgres(self) -> str:
        return self._until_the_end.enter_context(durable_postgres())

    def sink(self, behaviour: Telegram, *, people: bool = False) -> Sink:
        """Start a sink, to be used as a context."""
        return PeopleSink(self._nursery, behaviour) if people else Sink(self._nursery, sys.executable, behaviour)

    def sends(self, sink: Sink, messages: int, *, rate: float = 0, engine: str = "sqlite") -> Sent:
        """Send a broadcast; raises Failed if that ends otherwise than it should."""
        self._number += 1
        folder = self._folder / str(self._number)
        folder.mkdir()
        command = [*SENDER, "--api", sink.url, "--chats", str(messages), "--folder", str(folder)]
        command += ["--seconds", str(LONGEST_RUN_SECONDS)]
        if self._profile:
            command[1:1] = ["-m", "cProfile", "-o", str(folder / "profile")]
        if engine == "postgresql":
            command += ["--variant", create_database(self._postgres, f"engine_{self._number}")]
        with Run(self._nursery, [*command, "--rate", str(rate)], folder) as run:
            run.wait_until_ready()
            run.begin()
            with _doubts(folder / "tipbot.db", is_wanted=engine == "sqlite" and rate > 0) as doubts:
                said = run.end()
        if self._profile:
            pstats.Stats(str(folder / "profile")).sort_stats("tottime").print_stats(40)
        return Sent(messages, said, sink.log(), doubts)


@contextmanager
def _doubts(database: Path, *, is_wanted: bool) -> Iterator[list[int]]:
    """Look again and again how many deliveries a kill at this moment would leave unknown, while anything moves."""
    found: list[int] = []
    is_over = threading.Event()

    def look() -> None:
        with closing(sqlite3.connect(database)) as connection:
            while not is_over.wait(LOOK_SECONDS):
                (doubt,) = connection.execute("SELECT count(*) FROM outbox WHERE status = 'sending'").fetchone()
                found.extend([doubt] if doubt else [])

    looking = threading.Thread(target=look)
    if is_wanted:
        looking.start()
    try:
        yield found
    finally:
        is_over.set()
        if is_wanted:
            looking.join()


def without_limit(engine: Engine, kind: str, messages: int) -> Iterator[Row]:
    target = "at least 4,000" if kind == "sqlite" else "at least 3,000"
    with engine.sink(Telegram()) as sink:
        sent = engine.sends(sink, messages, engine=kind)
    what = f"no limit, a broadcast to {messages:,}"
    yield row(what, kind, sent.log.rate, "messages/s", target)
    yield row(what, kind, sent.cpu_ms, "CPU ms each", "at most 0.25")
    yield row(what, kind, sent.astray, "lost, doubled or misnumbered", "0")


def at_the_limit(engine: Engine, kind: str, messages: int) -> Iterator[Row]:
    with engine.sink(Telegram(ROUND_TRIP_MS, LIMIT)) as sink:
        sent = engine.sends(sink, messages, rate=29, engine=kind)
    what = "limit 30/s, pace 29, 60 ms"
    yield row(what, kind, sent.log.rate, "messages/s", "at least 28.5")
    yield row(what, kind, sent.log.refused, "429s", "0")
    yield row(what, kind, sent.astray, "lost, doubled or misnumbered", "0")
    yield row(what, kind, sent.share_of_core, "% of a core", "")
    if sent.doubts:
        yield row(what, kind, max(sent.doubts), "in doubt at most if it were killed", "at most 3")


def stricter(engine: Engine, kind: str, messages: int) -> Iterator[Row]:
    with engine.sink(Telegram(ROUND_TRIP_MS, 20)) as sink:
        sent = engine.sends(sink, messages, rate=29, engine=kind)
    what = f"limit 20/s, pace 29, 60 ms, each 429 a pause of {PENALTY_SECONDS} s"
    yield row(what, kind, sent.log.rate, "messages/s", "")
    yield row(what, kind, sent.log.refused, "429s", "")
    yield row(what, kind, sent.early(ROUND_TRIP_MS / 1000), "asked before the pause was over", "0")
    yield row(what, kind, sent.astray, "lost, doubled or misnumbered", "0")


def settling(engine: Engine, kind: str, messages: int) -> Iterator[Row]:
    behaviour = Telegram(ROUND_TRIP_MS, 20, penalty=1, most_penalty=LONGEST_PENALTY_SECONDS)
    with engine.sink(behaviour) as sink:
        sent = engine.sends(sink, messages, rate=29, engine=kind)
    what = f"limit 20/s, pace 29, 60 ms, each 429 a pause of 1 to {LONGEST_PENALTY_SECONDS} s"
    yield row(what, kind, sent.log.rate, "messages/s", "")
    yield row(what, kind, len(sent.pauses), "pauses", "")
    yield row(what, kind, sent.late_pauses, "pauses in the second half", "0")
    yield row(what, kind, sent.early(ROUND_TRIP_MS / 1000), "asked before the pause was over", "0")
    yield row(what, kind, sent.astray, "lost, doubled or misnumbered", "0")


def paid(engine: Engine, kind: str, messages: int) -> Iterator[Row]:
    with engine.sink(Telegram(ROUND_TRIP_MS)) as sink:
        sent = engine.sends(sink, messages, rate=1000, engine=kind)
    what = "paid, pace 1,000, 60 ms"
    yield row(what, kind, sent.log.rate, "messages/s", "at least 950")
    yield row(what, kind, sent.share_of_core, "% of a core", "at most 50")
    yield row(what, kind, sent.astray, "lost, doubled or misnumbered", "0")
    if sent.doubts:
        yield row(what, kind, statistics.mean(sent.doubts), "in doubt on average if it were killed", "at most 80")


def replies(engine: Engine, kind: str, messages: int) -> Iterator[Row]:
    sink = engine.sink(Telegram(ROUND_TRIP_MS, LIMIT), people=True)
    assert isinstance(sink, PeopleSink)
    with sink:
        sent = engine.sends(sink, messages, rate=DEFAULT_RATE, engine=kind)
        waits = sink.waits()
    what = f"answers to 5 commands/s while {messages:,} go out at {DEFAULT_RATE}/s"
    slowest = 1000 * waits[len(waits) * 99 // 100]
    yield row(what, kind, 1000 * statistics.median(waits), "ms, median", "")
    yield row(what, kind, slowest, f"ms, 99 of 100 ({len(waits)} answers)", "under 1000")
    yield row(what, kind, sent.log.refused, "429s", "0")
    yield row(what, kind, sent.astray, "lost, doubled or misnumbered", "0")


Measure = Callable[[Engine, str, int], Iterator[Row]]
# What is measured, on which database, to how many; and to how many in a hurry.
PLAN: tuple[tuple[Measure, str, int, int], ...] = (
    (without_limit, "sqlite", 20_000, 3_000),
    (without_limit, "postgresql", 20_000, 3_000),
    (at_the_limit, "sqlite", 600, 90),
    (stricter, "sqlite", 400, 90),
    (settling, "sqlite", 5_000, 90),
    (paid, "sqlite", 10_000, 2_000),
    (paid, "postgresql", 10_000, 2_000),
    (replies, "sqlite", 2_000, 100),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only to see that everything works")
    parser.add_argument("--profile", action="store_true", help="print where the time goes")
    parser.add_argument("--only", default="", help="rows whose function or database has these words, such as paid")
    parser.add_argument("--out", type=Path, help="a file for the rows, as JSON")
    given = parser.parse_args()
    end_on_signals()
    rows: list[Row] = []
    with ExitStack() as until_the_end:
        engine = Engine(until_the_end, profile=given.profile)
        for measure, kind, usually, quickly in PLAN:
            if given.only in f"{measure.__name__} {kind}":
                for one in measure(engine, kind, quickly if given.quick else usually):
                    print(f"{one['what']:<64} {kind:<11} {one['figure']:>10} {one['unit']} ({one['target']})")
                    rows.append(one)
    if given.out is not None:
        given.out.write_text(json.dumps({"rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
