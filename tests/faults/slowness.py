"""How slow the machine is with everything: whoever judges what a process left undone has to allow for that."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import islice

LOOK_EVERY = 0.02
# Of two seconds, and of the minute that the longest pause takes which Telegram asks for in these loops.
LATELY, KEPT = 100, 3_000


class Slowness:
    """How late this machine is with everything, as a process beside TipBot sees it."""

    def __init__(self) -> None:
        self._seen: deque[timedelta] = deque(maxlen=KEPT)

    async def watch(self) -> None:
        """Look at it for as long as anybody is interested."""
        loop = asyncio.get_running_loop()
        while True:
            before = loop.time()
            await asyncio.sleep(LOOK_EVERY)
            self._seen.append(timedelta(seconds=loop.time() - before - LOOK_EVERY))

    @property
    def worst(self) -> timedelta:
        """The longest delay of the last two seconds."""
        return max(islice(reversed(self._seen), LATELY), default=timedelta(0))

    @property
    def worst_of_a_minute(self) -> timedelta:
        """The longest delay of the last minute, for what is judged only after a long wait."""
        return max(self._seen, default=timedelta(0))

    def added_to(self, round_trip: timedelta) -> timedelta:
        """Return how long a message is under way whose answer takes so long on the wire.

        A process waits for its turn when it sends, when the answer comes, and again for the database.
        """
        return round_trip + 3 * self.worst


@asynccontextmanager
async def watched() -> AsyncIterator[Slowness]:
    """Watch it as long as the block lasts."""
    slowness = Slowness()
    async with asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(slowness.watch())
        try:
            yield slowness
        finally:
            watching.cancel()
