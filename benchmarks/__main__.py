"""Measures everything side by side in one run and writes RESULTS.md and its chart: `make bench`.

Wall times move with whatever else a machine does, so the contenders take turns, and processor time and ratios
count.
"""

import argparse
import sys
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.chart import draw
from benchmarks.conditions import conditions, load
from benchmarks.environments import KEPT
from benchmarks.others import FOLDER, OTHERS, is_there
from benchmarks.processes import end_on_signals
from benchmarks.report import report
from benchmarks.session import QUICK, Extent, Session, say
from benchmarks.sinks import ceiling

TABLES = ("free", "strict", "killed", *OTHERS)


def wishes() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="of the table without a limit")
    parser.add_argument("--strict-rounds", type=int, default=1)
    parser.add_argument("--kills", type=int, default=3, help="of each contender")
    parser.add_argument("--quick", action="store_true", help="one round with few messages, to see that it works")
    parser.add_argument("--only", default="", help="contenders whose names hold this")
    parser.add_argument("--tables", default=",".join(TABLES), help=f"which of {', '.join(TABLES)}")
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder of RESULTS.md")
    return parser.parse_args()


def measure(session: Session, tables: list[str], *, is_quick: bool) -> None:
    """Fill the session's results, and keep them also when it is ended in the middle."""
    with ExitStack() as until_the_end:
        until_the_end.callback(session.results.keep, KEPT / "last-run.json")
        bench, there = session.prepare(until_the_end)
        session.results.ceiling = ceiling(session.nursery, bench.sink_python, 1 if is_quick else 3)
        say(f"the sink answers {session.results.ceiling:,.0f} requests a second")
        of_all = {"free": session.measure_free, "strict": session.measure_strict, "killed": session.measure_killed}
        work = {name: partial(measure_one, bench, there) for name, measure_one in of_all.items()}
        work |= {name: partial(session.run_other, name, is_quick=is_quick) for name in OTHERS if is_there(name)}
        for name in tables:
            begun = time.perf_counter()
            work.get(name, bool)()
            say(f"{name} took {time.perf_counter() - begun:.0f} seconds")


def main() -> None:
    given = wishes()
    session = Session(QUICK if given.quick else Extent(given.rounds, given.strict_rounds, given.kills), given.only)
    before, begun = load(), time.perf_counter()
    end_on_signals()
    KEPT.mkdir(exist_ok=True)
    measure(session, given.tables.split(","), is_quick=given.quick)
    minutes = (time.perf_counter() - begun) / 60
    session.results.conditions = conditions(before, minutes)
    session.results.keep(KEPT / "last-run.json")
    draw(session.results, given.out / "results.png")
    (given.out / "RESULTS.md").write_text(report(session.results))
    say(f"written after {minutes:.1f} minutes: {given.out / 'RESULTS.md'}")


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("ended before it was over; nothing was written")
