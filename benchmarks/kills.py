"""How many messages a `kill -9` leaves in doubt at a thousand a second: just after the first, and in full swing.

Each kill is the whole program (tipbot_sender.py) against a sink, whose log is held against the ledger afterwards.
"""

import argparse
import json
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.engine import SENDER, Row, row
from benchmarks.processes import Failed, Nursery, Run, end_on_signals
from benchmarks.sinks import Sink, Telegram

RATE, ROUND_TRIP_MS, BLOCKED_ONE_IN = 1_000, 60, 50
KILLS, QUICKLY = 20, 3
# Some of them strike while the first answers come, and while the first refusals are written down.
WITHIN_SECONDS = 0.1, 0.35
IN_FULL_SWING_SECONDS = 2.0
LONGEST_RUN_SECONDS = 60
LOOK_SECONDS = 0.002
SEED = 17


@dataclass(frozen=True)
class Kill:
    """What one kill left: how many in doubt, and how many whose place in the ledger is wrong."""

    in_doubt: int
    astray: int


def killed(nursery: Nursery, folder: Path, after: float) -> Kill:
    """Start TipBot, kill it so many seconds after its first message, and read what it left."""
    folder.mkdir()
    chats = round(RATE * (after + 1))
    command = [*SENDER, "--chats", str(chats), "--folder", str(folder), "--rate", str(RATE)]
    command += ["--seconds", str(LONGEST_RUN_SECONDS)]
    with Sink(nursery, sys.executable, Telegram(ROUND_TRIP_MS, block_one_in=BLOCKED_ONE_IN)) as sink:
        with Run(nursery, [*command, "--api", sink.url], folder) as run:
            run.wait_until_ready()
            run.begin()
            while not sink.accepted():
                if run.is_over:
                    raise Failed("it ended before it sent anything")
                time.sleep(LOOK_SECONDS)
            time.sleep(after)
            run.kill()
        # What was on its way when the process died arrives all the same.
        time.sleep(2 * ROUND_TRIP_MS / 1000)
        log = sink.log()
    with closing(sqlite3.connect(folder / "tipbot.db")) as connection:
        status = dict(connection.execute("SELECT chat_id, status FROM outbox").fetchall())
    unsaid = {chat for chat in log.got if status.get(chat) not in ("sent", "sending")}
    unsent = {chat for chat, said in status.items() if said == "sent" and log.got[chat] != 1}
    return Kill(sum(said == "sending" for said in status.values()), len(unsaid | unsent))


def measured(nursery: Nursery, folder: Path, kills: int) -> Iterator[Row]:
    """Kill it again and again, and tell what that left."""
    chance = Random(SEED)  # noqa: S311 (to be repeated, not to be secret)
    for when, warm in (("its first moments", 0.0), ("full swing", IN_FULL_SWING_SECONDS)):
        moments = [warm + chance.uniform(*WITHIN_SECONDS) for _ in range(kills)]
        found = [killed(nursery, folder / f"{when} {number}", moment) for number, moment in enumerate(moments)]
        what = f"kill -9 in {when}, {kills} times"
        doubts = [one.in_doubt for one in found]
        yield row(what, "sqlite", statistics.mean(doubts), "in doubt, on average", "at most 80")
        yield row(what, "sqlite", max(doubts), "in doubt at most", "at most 80")
        yield row(what, "sqlite", sum(one.astray for one in found), "with a wrong place in the ledger", "0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only to see that everything works")
    parser.add_argument("--out", type=Path, help="a file for the rows, as JSON")
    given = parser.parse_args()
    end_on_signals()
    rows: list[Row] = []
    with ExitStack() as until_the_end:
        nursery = Nursery()
        until_the_end.callback(nursery.close)
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="tipbot-kills-")))
        for one in measured(nursery, folder, QUICKLY if given.quick else KILLS):
            print(f"{one['what']:<48} {one['figure']:>8} {one['unit']} ({one['target']})")
            rows.append(one)
    if given.out is not None:
        given.out.write_text(json.dumps({"rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()
