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
from contextlib import suppress
from typing import Any, NoReturn

# The workers of a test run fork from here as well, and need these.
import hypothesis.strategies  # noqa: F401
import playwright.async_api  # noqa: F401
import pytest  # noqa: F401

import tipbot.demo.page
import tipbot.sandbox  # noqa: F401
from tests.process.clockwork import go_by
from tests.process.dying import prepare_to_die
from tipbot.app import read_content
from tipbot.cli import main
from tipbot.places import is_zone, zone_for_language
from tipbot.shipped import shipped

LONGEST_ORDER = 1 << 20


def attend(orders: socket.socket) -> None:
    """Fork for each order, until the tests have ended."""
    # What every process reads and works out once is at hand; none of it goes away before the processes do, so that
    # their garbage collectors need neither look at it nor, by that, copy it.
    read_content(shipped("content"))
    zone_for_language("en")
    is_zone("UTC")
    gc.collect()
    gc.freeze()
    reaped = signal.signal(signal.SIGCHLD, lambda *_: reap())
    while True:
        ready, _, _ = select.select([orders, sys.stdin], [], [])
        if orders not in ready:
            return
        order, files, _, _ = socket.recv_fds(orders, LONGEST_ORDER, 4)
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, reaped)
            orders.close()
            watch_over(json.loads(order), files[:3], files[3])
        for file in files:
            os.close(file)


def reap() -> None:
    """Let the watchers go that are done, with an account of the time that their processes took."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def watch_over(order: dict[str, Any], standard: list[int], news: int) -> NoReturn:
    """Start the process that was ordered, and report how it ended."""
    die_with_parent()
    child = os.fork()
    if child == 0:
        os.close(news)
        become(order, standard)
    for file in (*standard, 0):
        os.close(file)
    os.write(news, f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    os.write(news, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(order: dict[str, Any], standard: list[int]) -> NoReturn:
    """Turn this fork into the process that was ordered."""
    die_with_parent()
    for number, file in enumerate(standard):
        os.dup2(file, number)
        os.close(file)
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
    with socket.socket(fileno=int(sys.argv[1])) as given:
        attend(given)
