"""Starts TipBot processes quickly: everything is imported once, and each process is a fork of this one.

Orders come over the socket whose number is the only argument: JSON, with two files to write to. The first becomes
the new process's output; on the second its number is written, and later its exit code.
"""

import ctypes
import json
import os
import resource
import signal
import socket
import sys
from typing import Any, NoReturn

from tests.process.dying import prepare_to_die
from tipbot.cli import main

LONGEST_ORDER = 1 << 20


def attend(orders: socket.socket) -> None:
    """Fork for each order, until the other side hangs up."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        order, (*files,), _, _ = socket.recv_fds(orders, LONGEST_ORDER, 2)
        if not order:
            return
        if os.fork() == 0:
            orders.close()
            watch_over(json.loads(order), *files)
        for file in files:
            os.close(file)


def watch_over(order: dict[str, Any], stderr: int, news: int) -> NoReturn:
    """Start the process that was ordered, and report how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child == 0:
        os.close(news)
        become(order, stderr)
    os.close(stderr)
    os.write(news, f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    os.write(news, f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def become(order: dict[str, Any], stderr: int) -> NoReturn:
    """Turn this fork into the process that was ordered."""
    os.dup2(stderr, 1)
    os.dup2(stderr, 2)
    os.close(stderr)
    os.chdir(order["folder"])
    os.environ.clear()
    os.environ.update(order["variables"])
    if "program" in order:
        program = [order["program"], *order["arguments"]]
        os.execve(program[0], program, order["variables"])  # noqa: S606 (no shell is wanted)
    if order.get("plain_user"):
        give_up_privileges()
    prepare_to_die(order.get("dies"))
    if "largest_file" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["largest_file"], order["largest_file"]))
    code = 1
    try:
        main(order["arguments"])
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    finally:
        sys.stderr.flush()
        os._exit(code)


def give_up_privileges() -> None:
    """Let file modes hold for this process even if it is root's: without capabilities, root is like any owner."""
    version_3 = 0x20080522
    header, nothing = (ctypes.c_uint32 * 2)(version_3, 0), (ctypes.c_uint32 * 6)()
    library = ctypes.CDLL(None, use_errno=True)
    if library.capset(header, nothing) != 0:
        raise OSError(ctypes.get_errno(), "the privileges of root cannot be given up")


if __name__ == "__main__":
    attend(socket.socket(fileno=int(sys.argv[1])))
