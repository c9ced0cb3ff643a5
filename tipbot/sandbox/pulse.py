"""Wakes whoever waits for the sandbox to change, so that nothing in it ever polls."""

import asyncio
from collections.abc import Callable


class Pulse:
    """Beats at every change; waiters look again at each beat."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def beat(self) -> None:
        """Wake every waiter."""
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, holds: Callable[[], bool], seconds: float | None) -> bool:
        """Return True as soon as `holds()`, or whether it holds after `seconds` (None: wait for ever)."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._next.wait()
        except TimeoutError:
            return holds()
        return True
