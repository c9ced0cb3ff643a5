"""One run: who can be measured, in which order, and what became of each measurement."""

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.contenders import CONTENDERS, Contender
from benchmarks.environments import NotInstalled, environment
from benchmarks.others import rows_of
from benchmarks.postgres import durable_postgres
from benchmarks.processes import Failed, Nursery
from benchmarks.results import Results
from benchmarks.trials import Bench, measure_free, measure_killed, measure_strict

# What waits for a sink most of its time may be measured beside others, so many at once.
TOGETHER_STRICT, TOGETHER_KILLED = 5, 6


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    rounds: int
    strict_rounds: int
    kills: int
    chats_free: int = 2_000
    chats_strict: int = 600
    chats_killed: int = 120


QUICK = Extent(1, 1, 1, 200, 100, 60)


def say(words: str) -> None:
    """Tell whoever waits how it goes."""
    print(f"[{time.strftime('%H:%M:%S')}] {words}", flush=True)


class Session:
    """One run from the beginning to the report."""

    def __init__(self, extent: Extent, only: str) -> None:
        self.extent = extent
        self.results = Results(extent.chats_free, extent.chats_strict, extent.chats_killed)
        self.nursery = Nursery()
        self._only = only

    def prepare(self, until_the_end: ExitStack) -> tuple[Bench, list[Contender]]:
        """Make environments and start what is needed; leave out with a reason whoever cannot be measured."""
        until_the_end.callback(self.nursery.close)
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="tipbot-bench-")))
        wanted = [one for one in CONTENDERS if self._only in one.name]
        pythons = self._pythons({one.environment for one in wanted if one.environment} | {"sink"})
        postgres = None
        if any(one.needs_postgres for one in wanted):
            postgres = self._postgres(until_the_end)
        there = [one for one in wanted if self._is_there(one, pythons, postgres)]
        sink = pythons.get("sink", sys.executable)
        return Bench(self.nursery, sink, pythons, postgres, folder), there

    def _pythons(self, names: set[str]) -> dict[str, str]:
        found = {}
        for name in sorted(names):
            try:
                found[name] = environment(name)
            except NotInstalled as fault:
                say(f"{name} cannot be installed: {fault}")
                self.results.left_out[name] = str(fault)
        return found

    def _postgres(self, until_the_end: ExitStack) -> str | None:
        try:
            return until_the_end.enter_context(durable_postgres())
        except (AssertionError, ImportError, OSError, ValueError) as fault:
            say(f"no PostgreSQL: {fault}")
            self.results.left_out["PostgreSQL"] = str(fault)[:200]
            return None

    @staticmethod
    def _is_there(one: Contender, pythons: dict[str, str], postgres: str | None) -> bool:
        return (not one.environment or one.environment in pythons) and (not one.needs_postgres or bool(postgres))

    def measure_free(self, bench: Bench, there: Sequence[Contender]) -> None:
        """Take turns, round after round."""
        for number in range(self.extent.rounds):
            for one in there:
                if one.is_free and number < one.most_rounds:
                    self._note("free", one, partial(measure_free, bench, one, self.extent.chats_free))

    def measure_strict(self, bench: Bench, there: Sequence[Contender]) -> None:
        """Those that send everything at once first, by themselves; the others beside each other."""
        for _ in range(self.extent.strict_rounds):
            for group, together in ((True, 1), (False, TOGETHER_STRICT)):
                trials = [one for one in there if one.storms is group]
                measure = [partial(measure_strict, bench, one, self.extent.chats_strict) for one in trials]
                self._all("strict", trials, measure, together)

    def measure_killed(self, bench: Bench, there: Sequence[Contender]) -> None:
        """Kill each of them so many times, many beside each other: each mostly waits."""
        trials = [one for one in there for _ in range(self.extent.kills)]
        measure = [partial(measure_killed, bench, one, self.extent.chats_killed) for one in trials]
        self._all("killed", trials, measure, TOGETHER_KILLED)

    def _all(
        self, table: str, trials: Sequence[Contender], measure: Sequence[Callable[[], object]], together: int
    ) -> None:
        with ThreadPoolExecutor(together) as pool:
            try:
                list(pool.map(partial(self._note, table), trials, measure))
            except BaseException:
                self.nursery.close()
                pool.shutdown(cancel_futures=True)
                raise

    def _note(self, table: str, one: Contender, measure: Callable[[], object]) -> None:
        try:
            found = measure()
        except (Failed, OSError, ValueError) as fault:
            say(f"{table}: {one.name}: {fault}")
            self.results.note_fault(table, one.name, str(fault))
            return
        getattr(self.results, table).setdefault(one.name, []).append(found)
        say(f"{table}: {one.name}: {found}")

    def run_other(self, name: str, *, is_quick: bool) -> None:
        """Let a script that measures TipBot alone bring its table."""
        try:
            self.results.others[name] = rows_of(name, is_quick=is_quick)
        except (Failed, OSError, ValueError, KeyError) as fault:
            say(f"{name}: {fault}")
            self.results.note_fault("others", name, str(fault)[:200])
