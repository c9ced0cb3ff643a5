"""What every runner is told and what it prints: `ready`, then, after a line of input, what the sending cost it.

Runners live in environments of their own, where nothing of this project is installed.
"""

import argparse
import json
import resource
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FIRST_CHAT = 1001
TOKEN = "1:benchmark-token-of-no-bot"  # noqa: S105 (of no bot: the sink takes any)
TEXT = (
    "<b>Stand up</b> after your next call and take three slow breaths. Your back likes a change, and so do your "
    "shoulders. Roll them back five times, then sit tall."
)


# For python-telegram-bot: with its own second of waiting for a connection most of what is sent at once would be
# lost on the way to the server.
PATIENCE = dict.fromkeys(("pool_timeout", "read_timeout", "write_timeout", "connect_timeout"), 600.0)


@dataclass(frozen=True)
class Order:
    """What to send to whom: `api` is the part before /bot, `folder` is where something may be kept."""

    api: str
    chats: list[int]
    folder: Path
    variant: str
    rate: float
    goes_on: bool


def order() -> Order:
    """Return what the arguments say; ends the process when its time is over, whoever started it may be gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--api", required=True)
    parser.add_argument("--chats", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--variant", default="")
    parser.add_argument("--rate", type=float, default=0.0, help="messages a second allowed, 0 for no limit")
    parser.add_argument("--goes-on", action="store_true", help="a process before this one was killed in the middle")
    parser.add_argument("--seconds", type=int, default=300, help="it ends itself after this time")
    given = parser.parse_args()
    signal.alarm(given.seconds)
    chats = list(range(FIRST_CHAT, FIRST_CHAT + given.chats))
    return Order(given.api, chats, given.folder, given.variant, given.rate, given.goes_on)


def cpu_seconds() -> float:
    """Return the processor time of this process and of those it started and that ended."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in spent)


@contextmanager
def measured() -> Iterator[dict[str, object]]:
    """Wait for the word to begin, and print what it cost; what is put into the dictionary is printed as well."""
    said: dict[str, object] = {}
    print("ready", flush=True)
    sys.stdin.readline()
    cpu, begun = cpu_seconds(), time.perf_counter()
    yield said
    said |= {"seconds": time.perf_counter() - begun, "cpu_seconds": cpu_seconds() - cpu}
    print(json.dumps(said), flush=True)
