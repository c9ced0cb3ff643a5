"""`make soak`: an hour of mixed life in ten minutes, on SQLite with one process, then on PostgreSQL with two."""

import argparse
import sys
import time

from tests.soak.hour import Plan, lived_through
from tipbot.loop import run_to_end

ENGINES = ("sqlite", "postgresql")


def main() -> None:
    """Live through the hour on each engine; the exit code is 1 when the oracle complains."""
    given = _arguments().parse_args()
    complaints = 0
    for engine in given.engine:
        plan = Plan(engine, given.people, given.minutes, given.rate, given.seed, given.acts)
        found = run_to_end(lived_through(plan))
        sys.stdout.write("\n" + "\n".join(found.sentences) + "\n\n")
        complaints += len(found.complaints)
    sys.exit(1 if complaints else 0)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, nargs="+", default=ENGINES)
    parser.add_argument("--people", type=int, default=50_000)
    parser.add_argument("--rate", type=int, default=300, help="messages a second, of all processes together")
    parser.add_argument("--acts", type=float, default=4.0, help="how often a second somebody writes or presses")
    parser.add_argument("--minutes", type=float, default=10, help="for each engine, by the clock on the wall")
    parser.add_argument("--seed", type=int, default=time.time_ns() // 1_000 % 10_000_000)
    return parser


if __name__ == "__main__":
    main()
