"""Starts processes quickly, of TipBot and of pytest: everything is imported once, and each is a fork of this one.

Orders come over the socket whose number is the only argument: JSON, with four files. The first three become the
new process's input, output and error output; on the last its number is written, and later its exit code. The
nursery ends when its own input does, which is when the tests have ended, however they did.
"""

import atexit
import ctypes
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

# The workers of a test run fork from here as well, and need these; and whoever meets an empty database, the first.
import alembic.command  # noqa: F401
import playwright.async_api  # noqa: F401
import pytest  # noqa: F401
from hypothesis import given, settings, strategies

import tipbot.demo.page
import tipbot.sandbox  # noqa: F401
from tests.content import shipped_catalogue, shipped_texts
from tests.process.clockwork import go_by
from tests.process.dying import prepare_to_die
from tipbot.app import read_content
from tipbot.cli import main
from tipbot.places import is_zone, zone_for_language
from tipbot.shipped import shipped

LONGEST_ORDER = 1 << 20


def attend(orders: socket.socket) -> None:
    """Fork for each order, until the tests have ended, and tell of each process its number and how it ended."""
    prepare()
    news: dict[int, int] = {}
    with ending() as ended:
        while True:
            ready, _, _ = select.select([orders, ended, sys.stdin], [], [])
            if ended in ready:
                ended.recv(LONGEST_ORDER)
                tell_of_the_dead(news)
            if orders in ready:
                order, files, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 4)
                child = os.fork()
                if child == 0:
                    settle_in(files, (orders, ended, *news.values()))
                    become(json.loads(order))
                for file in files[:3]:
                    os.close(file)
                news[child] = files[3]
                tell(files[3], child)
            if sys.stdin in ready:
                return


def prepare() -> None:
    """Have at hand what every process reads and works out once.

    None of it goes away before the processes do, so their garbage collectors need neither look at it nor, by that,
    copy it.
    """
    with_every_letter()
    read_content(shipped("content"))
    shipped_catalogue()
    shipped_texts()
    zone_for_language("en")
    is_zone("UTC")
    gc.collect()
    gc.freeze()


@settings(database=None, deadline=None)
@given(strategies.text())
def with_every_letter(_: str) -> None:
    """Let Hypothesis look up once for all workers what letters there are, and what values stand in our code.

    In a new checkout that takes seconds, and each worker would spend them.
    """


@contextmanager
def ending() -> Iterator[socket.socket]:
    """Yield what can be read as soon as a child has ended."""
    ended, awake = socket.socketpair()
    awake.setblocking(False)
    with ended, awake:
        # Python's own handler writes into the socket; what the signal is handled by has nothing left to do.
        signal.set_wakeup_fd(awake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        yield ended


def tell_of_the_dead(news: dict[int, int]) -> None:
    """Let go of the children that are done, and say how each ended."""
    with suppress(ChildProcessError):
        while True:
            child, status = os.waitpid(-1, os.WNOHANG)
            if child == 0:
                return
            tell(news[child], os.waitstatus_to_exitcode(status))
            os.close(news.pop(child))


def tell(news: int, number: int) -> None:
    """Write a number to whoever ordered a process, if they still listen."""
    with suppress(BrokenPipeError):
        os.write(news, f"{number}\n".encode())


def settle_in(files: list[int], others: Sequence[socket.socket | int]) -> None:
    """Take the files that came with an order for one's own, and let go of what the nursery has open for others."""
    die_with_parent()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for other in others:
        os.close(other if isinstance(other, int) else other.detach())
    for number, file in enumerate(files[:3]):
        os.dup2(file, number)
    for file in files:
        os.close(file)


def become(order: dict[str, Any]) -> NoReturn:
    """Turn this fork into the process that was ordered."""
    os.chdir(order["folder"])
    if "code" in order:
        # What was imported here may have set variables of its own, as tipbot.bot does for its library.
        os.environ.update(order["variables"])
        work(order["code"])
    os.environ.clear()
    os.environ.update(order["variables"])
    if "program" in order:
        program = [order["program"], *order["arguments"]]
        os.execve(program[0], program, order["variables"])  # noqa: S606 (no shell is wanted)
    if order.get("plain_user"):
        give_up_privileges()
    prepare_to_die(order.get("dies"))
    if "clock" in order:
        go_by(order["clock"])
    if "largest_file" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], order["largest_file"]))
    code = 1
    try:
        main(order["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        try:
            sys.stdout.flush()
        finally:
            sys.stderr.flush()
            os._exit(code)


def die_with_parent() -> None:
    """Let the plug be pulled when the parent ends: tests that were killed leave nothing running behind."""
    set_signal_of_parents_death = 1
    if ctypes.CDLL(None, use_errno=True).prctl(set_signal_of_parents_death, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "a process cannot be tied to the end of its parent")


def work(code: str) -> NoReturn:
    """Turn this fork into a worker of pytest, as if it had been started as `python -c` with this code."""
    sys.stdin, sys.argv = os.fdopen(0, closefd=False), ["-c"]
    sys.warnoptions.clear()
    warnings.resetwarnings()
    try:
        exec(code, {"__name__": "__main__"})  # noqa: S102 (pytest-xdist's, by way of our own tests)
    finally:
        atexit._run_exitfuncs()
        os._exit(0)


def give_up_privileges() -> None:
    """Let file modes hold for this process even if it is root's: without capabilities, root is like any owner."""
    version_3 = 0x20080522
    header, nothing = (ctypes.c_uint32 * 2)(version_3, 0), (ctypes.c_uint32 * 6)()
    library = ctypes.CDLL(None, use_errno=True)
    if library.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "the privileges of root cannot be given up")


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as inherited:
        attend(inherited)
