"""Stands for `python` where pytest-xdist starts a worker: the nursery forks one that has everything imported.

Called as `python -u -c CODE` would be, by a bare interpreter. It ends when the worker does, as the worker did.
"""

import json
import os
import socket
import sys


def hatch(code: str) -> int:
    """Let the nursery run this code in a fork, on our own input, output and error output; return its exit code."""
    reading, writing = os.pipe()
    order = {"code": code, "variables": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 (as strings go)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as orders:
        orders.connect(os.environ["TIPBOT_TEST_NURSERY"])
        socket.send_fds(orders, [json.dumps(order).encode()], [0, 1, 2, writing])
    # Whoever talks to the worker shall notice its end, and the worker theirs.
    for file in (0, 1, writing):
        os.close(file)
    with os.fdopen(reading) as news:
        _, ended = news.readline(), news.readline()
    return int(ended or 1)


if __name__ == "__main__":
    sys.exit(hatch(sys.argv[-1]))
