"""The event loop that everything runs on: uvloop, which takes half the processor's time of Python's own."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import TypeVar

try:
    import uvloop
except ImportError:  # there is none for Windows and for the newest Python
    uvloop = None  # type: ignore[assignment]

Result = TypeVar("Result")

new_loop: Callable[[], asyncio.AbstractEventLoop] = (
    asyncio.new_event_loop if uvloop is None else uvloop.new_event_loop
)
"""Make the loop of a process; tests run on the same."""


def run_to_end(work: Coroutine[object, object, Result]) -> Result:
    """Run this to its end in a loop of its own, which is closed afterwards; Ctrl-C cancels it."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(work)
