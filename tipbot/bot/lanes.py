"""Handling updates: in order within a chat, many chats at once, and never longer than a person would wait."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import nullcontext

from telegram import Update

from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable

log = get_logger(__name__)

# A handler that takes longer is cut off: the person gets an apology, and the next update its turn.
HANDLER_SECONDS = 30.0
# While the database is away an update is tried again, as long as the time above allows.
DATABASE_RETRY_SECONDS = 1.0
MOST_AT_ONCE = 64
# Telegram shows only the first hundred unconfirmed updates: nobody may fill them alone and keep others waiting.
LONGEST_LANE = 20
# How long a stop waits for handlers at work.
GRACE_SECONDS = 10.0

Handle = Callable[[Update], Awaitable[None]]
# A chat, and whether it is the lane of what is urgent.
Lane = tuple[int, bool]
Places = asyncio.Semaphore | nullcontext[None]


class Lanes:
    """One lane a chat, and one beside it for what is urgent: that waits for nothing that came before it.

    An update is done when its handler has committed, or has failed and was apologised for.
    """

    def __init__(
        self, handle: Handle, apologise: Handle, tasks: asyncio.TaskGroup, *, is_urgent: Callable[[Update], bool]
    ) -> None:
        self._handle = handle
        self._apologise = apologise
        self._tasks = tasks
        self._is_urgent = is_urgent
        self._waiting: dict[Lane, deque[tuple[Update, asyncio.Future[None]]]] = {}
        self._places = asyncio.Semaphore(MOST_AT_ONCE)
        self._driving: set[asyncio.Task[None]] = set()

    def enter(self, update: Update) -> asyncio.Future[None]:
        """Put an update into its chat's lane; the future is done when the update is."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        lane = _chat(update), self._is_urgent(update)
        if len(self._waiting.get(lane, ())) >= LONGEST_LANE:
            log.warning("update_dropped", update=update.update_id, waiting=LONGEST_LANE)
            done.set_result(None)
        elif lane in self._waiting:
            self._waiting[lane].append((update, done))
        else:
            self._waiting[lane] = deque([(update, done)])
            driving = self._tasks.create_task(self._drive(lane))
            self._driving.add(driving)
            driving.add_done_callback(self._driving.discard)
        return done

    async def close(self) -> None:
        """Let what is being worked on finish; cut off what takes too long: it stays unconfirmed and comes again."""
        if self._driving:
            _, slow = await asyncio.wait(self._driving, timeout=GRACE_SECONDS)
            for driving in slow:
                driving.cancel()
            await asyncio.gather(*slow, return_exceptions=True)

    async def _drive(self, lane: Lane) -> None:
        """Work through one lane until it is empty."""
        queue = self._waiting[lane]
        while queue:
            update, done = queue[0]
            try:
                await self._work(update, nullcontext() if lane[1] else self._places)
            except asyncio.CancelledError:
                for _, unfinished in queue:
                    unfinished.cancel()
                raise
            queue.popleft()
            if not done.done():
                done.set_result(None)
        del self._waiting[lane]

    async def _work(self, update: Update, places: Places) -> None:
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._until_database_is_back(update, places)
        except TimeoutError:
            log.warning("update_cut_off", update=update.update_id, seconds=HANDLER_SECONDS)
            await self._say_sorry(update)
        except Exception:  # whatever a handler raises, the next update must get its turn
            log.exception("update_failed", update=update.update_id)
            await self._say_sorry(update)

    async def _until_database_is_back(self, update: Update, places: Places) -> None:
        while True:
            try:
                async with places:
                    return await self._handle(update)
            except StorageUnavailable as outage:
                log.warning("update_waits_for_database", update=update.update_id, reason=str(outage))
                await asyncio.sleep(DATABASE_RETRY_SECONDS)

    async def _say_sorry(self, update: Update) -> None:
        try:
            async with asyncio.timeout(HANDLER_SECONDS):
                await self._apologise(update)
        except Exception:  # the apology itself could not be brought: that much is left to the record
            log.exception("apology_failed", update=update.update_id)


def _chat(update: Update) -> int:
    """Return what keeps updates in order: the chat, or the person where there is no chat."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
