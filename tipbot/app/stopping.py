"""Work that may take long and must not hold up a stop."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

Done = TypeVar("Done")


async def unless_stopped(work: Coroutine[object, object, Done], stop: asyncio.Event) -> Done | None:
    """Return what the work leads to, or drop it and return None when a stop comes first."""
    async with asyncio.TaskGroup() as tasks:
        working, stopping = tasks.create_task(work), tasks.create_task(stop.wait())
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        stopping.cancel()
    return None if working.cancelled() else working.result()
