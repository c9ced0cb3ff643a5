"""The event loop of the bot and of its tests, in one place: Python's own, see decision 0015."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

Result = TypeVar("Result")

new_loop: Callable[[], asyncio.AbstractEventLoop] = asyncio.new_event_loop
"""Make the loop of a process; tests run on the same."""


def run_to_end(work: Coroutine[object, object, Result]) -> Result:
    """Run this to its end in a loop of its own, which is closed afterwards; Ctrl-C cancels it."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)
