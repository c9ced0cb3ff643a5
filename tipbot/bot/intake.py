"""Taking updates from Telegram: confirmed only after their effect is committed, one poller at a time."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError

from tipbot.bot.lanes import Lanes
from tipbot.bot.line import Line, Unreadable
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.leadership import Leadership, Right
from tipbot.usecases.updating import MOST_ATTEMPTS, UpdateRecord

log = get_logger(__name__)

POLL_SECONDS = 25
RETRY_SECONDS = 3.0
FOLLOWER_SECONDS = 3.0
# While updates are in hand Telegram sends them again and again; look this often for new ones beside them.
BUSY_SECONDS = 0.05
GRACE_SECONDS = 10.0


class Polling:
    """Asks Telegram for updates and hands them to the lanes.

    Telegram forgets an update once a later offset is asked for, so the offset moves only past updates that are
    done: a process that dies leaves the others to be sent again.
    """

    def __init__(
        self,
        bot: Line,
        lanes: Lanes,
        record: UpdateRecord,
        leadership: Leadership,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._bot = bot
        self._lanes = lanes
        self._record = record
        self._leadership = leadership
        self._now = now
        self._offset = 0
        self._in_hand: dict[int, asyncio.Future[None]] = {}
        self._suspects: dict[int, int] | None = None
        self._leads = False

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set, then let what is in hand finish and confirm it."""
        while not stop.is_set():
            if not await self._may_poll():
                await _wait(stop, FOLLOWER_SECONDS)
                continue
            updates = await self._poll(stop)
            if await self._dispatch(updates) == 0 and self._in_hand:
                await self._some_progress()
        await self._finish()

    async def _may_poll(self) -> bool:
        """Say whether to ask Telegram for updates.

        While the database is away, the one that polled goes on, because /urgent must be answered without it, until
        Telegram says that somebody else has taken over.
        """
        right = await self._leadership.right()
        if right is not Right.UNKNOWN:
            self._leads = right is Right.HELD
        return self._leads

    async def _poll(self, stop: asyncio.Event) -> Sequence[Update | Unreadable]:
        """Ask for updates; a stop ends the waiting at once."""
        self._move_on()
        async with asyncio.TaskGroup() as waiting:
            asking = waiting.create_task(self._ask(stop, seconds=0 if self._in_hand else POLL_SECONDS))
            stopping = waiting.create_task(stop.wait())
            await asyncio.wait((asking, stopping), return_when=asyncio.FIRST_COMPLETED)
            asking.cancel()
            stopping.cancel()
        return () if asking.cancelled() else asking.result()

    async def _ask(self, stop: asyncio.Event, *, seconds: int) -> Sequence[Update | Unreadable]:
        try:
            return await self._bot.take_updates(offset=self._offset, seconds=seconds)
        except Conflict:
            self._leads = False
            log.warning("another_poller", advice="this token is polled elsewhere too: stop the other one")
        except InvalidToken:
            log.warning("token_refused", advice="ask @BotFather for the current token and set TIPBOT_TOKEN")
        except TelegramError as error:
            log.warning("poll_failed", reason=error.message)
        await _wait(stop, RETRY_SECONDS)
        return ()

    def _move_on(self) -> None:
        """Move the offset past everything that is done, up to the first update that is not."""
        for update_id in sorted(self._in_hand):
            if not _is_done(self._in_hand[update_id]):
                break
            del self._in_hand[update_id]
            self._offset = update_id + 1

    async def _dispatch(self, updates: Sequence[Update | Unreadable]) -> int:
        """Take up what is new, and return how many that were."""
        new = [update for update in updates if update.update_id not in self._in_hand]
        if not new:
            return 0
        fresh = [update for update in new if isinstance(update, Update)]
        self._in_hand |= {update.update_id: _nothing_to_do() for update in new if isinstance(update, Unreadable)}
        suspects = await self._last_process_left()
        for update in fresh:
            if update.update_id in suspects:
                await self._try_alone(update, attempts=suspects.pop(update.update_id))
        rest = [update for update in fresh if update.update_id not in self._in_hand]
        await self._note(rest)
        for update in rest:
            self._in_hand[update.update_id] = self._lanes.enter(update)
        return len(new)

    async def _try_alone(self, update: Update, *, attempts: int) -> None:
        """Handle an update that was in hand when a process died; with nothing beside it, the guilty one shows."""
        if attempts >= MOST_ATTEMPTS:
            log.error("update_set_aside", update=update.update_id, attempts=attempts)
            done = _nothing_to_do()
        else:
            await self._note([update])
            done = self._lanes.enter(update)
            await asyncio.wait((done,))
        self._in_hand[update.update_id] = done

    async def _note(self, updates: Sequence[Update]) -> None:
        try:
            ids = [update.update_id for update in updates]
            await self._record.take(ids, confirmed_below=self._offset, now=self._now())
        except StorageUnavailable as outage:
            # /urgent must answer without a database, so updates are handled all the same.
            log.warning("updates_not_noted", updates=len(updates), reason=str(outage))

    async def _last_process_left(self) -> dict[int, int]:
        if self._suspects is None:
            try:
                self._suspects = await self._record.suspects()
            except StorageUnavailable:
                return {}
        return self._suspects

    async def _some_progress(self) -> None:
        """Wait until something in hand is done, but not long: other chats may have written meanwhile."""
        pending = [done for done in self._in_hand.values() if not done.done()]
        if pending:
            await asyncio.wait(pending, timeout=BUSY_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def _finish(self) -> None:
        """Let what is in hand finish, and tell Telegram how far we came."""
        if self._in_hand:
            await asyncio.wait(self._in_hand.values(), timeout=GRACE_SECONDS)
        before = self._offset
        self._move_on()
        if self._offset != before:
            try:
                await self._bot.take_updates(offset=self._offset, seconds=0)
            except TelegramError as error:
                log.warning("not_confirmed", reason=error.message)
        await self._leadership.release()


def _nothing_to_do() -> asyncio.Future[None]:
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    done.set_result(None)
    return done


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    """Sleep, but not through a stop."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


def _is_done(update: asyncio.Future[None]) -> bool:
    """Say whether an update came to its end; one that was cut off by a stop did not."""
    return update.done() and not update.cancelled()
