"""Telling operators at once, and once for each cause, when something needs a person."""

import asyncio
from typing import Protocol

from tipbot.domain.alarms import Alarm
from tipbot.logs import get_logger

log = get_logger(__name__)


class OperatorLine(Protocol):
    """Whoever can bring an alarm to the operators; it never raises."""

    async def tell(self, alarm: Alarm) -> None:
        """Send the alarm to every operator."""
        ...


class Alarms:
    """Gathers alarms from everywhere; ringing never waits, and a second one of the same cause is silent.

    What was told is remembered until the process ends: after a restart a cause that lasts is told once more.
    """

    def __init__(self) -> None:
        self._told: set[str] = set()
        self._waiting: asyncio.Queue[Alarm] = asyncio.Queue()

    def ring(self, alarm: Alarm) -> None:
        """Let operators know, unless they have been told of this cause."""
        if alarm.cause in self._told:
            return
        self._told.add(alarm.cause)
        log.error("alarm", cause=alarm.cause, kind=type(alarm).__name__, reason=alarm.reason)
        self._waiting.put_nowait(alarm)

    async def run(self, line: OperatorLine, stop: asyncio.Event) -> None:
        """Bring alarms to the operators until `stop` is set."""
        async with asyncio.TaskGroup() as tasks:
            bringing = tasks.create_task(self._bring(line))
            await stop.wait()
            bringing.cancel()

    async def _bring(self, line: OperatorLine) -> None:
        while True:
            await line.tell(await self._waiting.get())
