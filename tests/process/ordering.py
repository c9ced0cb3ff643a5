"""Where the processes of the tests come from: one nursery for all workers, with everything imported already."""

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

NURSERY = "TIPBOT_TEST_NURSERY"
CHECKOUT = Path(__file__).parents[2]


@contextmanager
def shared_nursery() -> Iterator[None]:
    """Let all workers of a test run order from one nursery; it can be ordered from at once."""
    folder = tempfile.mkdtemp(prefix="tipbot-nursery-")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as orders:
        orders.bind(f"{folder}/orders")
        # How wide a terminal is, is not for the processes to know from ours.
        plain = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
        command = [sys.executable, "-W", "error", "-m", "tests.process.nursery", str(orders.fileno())]
        files: dict[str, Any] = {
            "stdin": subprocess.PIPE,
            "stdout": subprocess.DEVNULL,
            "pass_fds": [orders.fileno()],
        }
        parent = subprocess.Popen(command, cwd=CHECKOUT, env=plain, **files)
    os.environ[NURSERY] = f"{folder}/orders"
    try:
        yield
    finally:
        del os.environ[NURSERY]
        parent.communicate(timeout=30)
        shutil.rmtree(folder)


@cache
def _nursery() -> socket.socket:
    if NURSERY not in os.environ:
        of_our_own = shared_nursery()
        of_our_own.__enter__()
        atexit.register(of_our_own.__exit__, None, None, None)
    orders = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    orders.connect(os.environ[NURSERY])
    return orders


def order(
    files: tuple[int, int, int, int],
    arguments: Sequence[str],
    variables: Mapping[str, str],
    folder: Path,
    **more: str | int,
) -> None:
    """Order a process, and hand over its input, output and error output, and a file that tells how it goes."""
    wanted = {"arguments": arguments, "variables": dict(variables), "folder": str(folder), **more}
    socket.send_fds(_nursery(), [json.dumps(wanted).encode()], files)
    for file in files:
        os.close(file)
