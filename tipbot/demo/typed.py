"""Lines from the keyboard, a pipe or a file, without holding up the bot that runs in the same loop."""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

MOST_AT_ONCE = 65_536


@contextmanager
def typed_lines() -> Iterator[asyncio.StreamReader]:
    """Give a reader of standard input, which is read only when the system says that something is there.

    A thread that waits in `readline` could not be ended by Ctrl-C, and asyncio's own pipes would make the terminal
    non-blocking, for what is printed as well.
    """
    loop, lines = asyncio.get_running_loop(), asyncio.StreamReader()
    if sys.stdin is None:
        lines.feed_eof()
        yield lines
        return
    descriptor = sys.stdin.fileno()

    def read() -> bool:
        """Take in what is there; return False at the end."""
        chunk = os.read(descriptor, MOST_AT_ONCE)
        if chunk:
            lines.feed_data(chunk)
        else:
            loop.remove_reader(descriptor)
            lines.feed_eof()
        return bool(chunk)

    try:
        loop.add_reader(descriptor, read)
    except PermissionError:  # Linux: a file or /dev/null is always ready, and cannot be waited for
        while read():
            pass
    try:
        yield lines
    finally:
        loop.remove_reader(descriptor)
