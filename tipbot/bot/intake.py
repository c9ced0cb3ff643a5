"""Taking updates from Telegram: confirmed only after their effect is committed, one poller at a time."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from tipbot.bot.lanes import Lanes
from tipbot.bot.line import Line, Unreadable
from tipbot.bot.receipts import wait_of
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.intake import InHand
from tipbot.storage.leadership import Leadership, Right
from tipbot.usecases.updating import MOST_ATTEMPTS, NOTE_SECONDS, UpdateRecord

log = get_logger(__name__)

# Asked between two polls, the right to poll is not lost by standing still, see leadership.py.
POLL_SECONDS = 10
RETRY_SECONDS = 3.0
FOLLOWER_SECONDS = 3.0
# While updates are in hand Telegram sends them again and again; look this often for new ones beside them.
BUSY_SECONDS = 0.05
# A stop does not wait for long on a Telegram that is silent: what is not confirmed comes again, and is known then.
CONFIRM_SECONDS = 3.0
# The right to poll is asked for again after this time; Telegram's own 409 tells earlier that somebody else polls.
RIGHT_LASTS = timedelta(seconds=5)


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
        self._offset = self._confirmed = 0
        self._in_hand: dict[int, asyncio.Future[None]] = {}
        self._left_over: dict[int, InHand] | None = None
        self._noted: set[int] = set()
        self._leads = False
        self._asked_right_at: datetime | None = None
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set, then let what is in hand finish and confirm it."""
        self._stop = stop
        while not stop.is_set():
            if not await self._may_poll():
                await _wait(stop, FOLLOWER_SECONDS)
                continue
            updates = await self._poll(stop)
            await self._note_finished()
            # This process may have stood still since it asked Telegram; somebody else has these updates then.
            if updates and not await self._may_poll():
                continue
            if await self._dispatch(updates) == 0 and self._in_hand:
                await self._some_progress()
        await self._finish()

    async def _may_poll(self) -> bool:
        """Say whether to ask Telegram for updates.

        While the database is away, the one that polled goes on, because /urgent must be answered without it, until
        Telegram says that somebody else has taken over.
        """
        if self._leads and not self._should_ask():
            return True
        self._asked_right_at = self._now()
        right = await self._leadership.right()
        if right is not Right.UNKNOWN:
            self._leads = right is Right.HELD
        if not self._leads:
            # Whoever polls meanwhile may die of an update, and leave it over as well.
            self._left_over = None
        return self._leads

    def _should_ask(self) -> bool:
        """Say whether it is time to ask the database again; each question costs, most of all when it hangs."""
        asked = self._asked_right_at
        return asked is None or not timedelta(0) <= self._now() - asked < RIGHT_LASTS

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
        offset = self._offset
        try:
            updates = await self._bot.take_updates(offset=offset, seconds=seconds)
        except Conflict:
            self._leads = False
            log.warning("another_poller", advice="this token is polled elsewhere too: stop the other one")
        except RetryAfter as error:
            log.warning("poll_held_back", seconds=wait_of(error).total_seconds())
            await _wait(stop, wait_of(error).total_seconds())
            return ()
        except InvalidToken:
            # credentials.py says so in the log, and not at each poll.
            log.debug("poll_refused")
        except TelegramError as error:
            log.warning("poll_failed", reason=error.message)
        else:
            self._confirmed = offset
            self._follow(updates, asked=offset)
            return updates
        await _wait(stop, RETRY_SECONDS)
        return ()

    def _follow(self, updates: Sequence[Update | Unreadable], *, asked: int) -> None:
        """Go back with Telegram, which numbers anew from anywhere after a week without updates (Bot API, Update).

        It then takes no notice of an offset that lies beyond everything it has.
        """
        if updates and updates[0].update_id < asked:
            log.info("updates_numbered_anew")
            self._offset = updates[0].update_id

    def _move_on(self) -> None:
        """Move the offset past everything that is done, up to the first update that is not."""
        for update_id in sorted(self._in_hand):
            if not _is_done(self._in_hand[update_id]):
                break
            del self._in_hand[update_id]
            self._noted.discard(update_id)
            self._offset = update_id + 1

    async def _dispatch(self, updates: Sequence[Update | Unreadable]) -> int:
        """Take up what is new, and return how many that were."""
        new = [update for update in updates if self._is_new(update.update_id)]
        if not new:
            return 0
        left_over = await self._last_process_left()
        suspect = next((update for update in new if self._is_suspect(update, left_over)), None)
        if isinstance(suspect, Update):
            # Everything before it goes first and is confirmed; then it is tried with nothing beside it.
            new = new[: new.index(suspect)]
            if not new:
                await self._try_alone(suspect, attempts=left_over.pop(suspect.update_id).attempts)
                return 1
        finished = {update_id for update_id, known in left_over.items() if known.is_finished}
        done = [one for one in new if isinstance(one, Unreadable) or one.update_id in finished]
        self._in_hand |= {one.update_id: _nothing_to_do() for one in done}
        await self._enter([one for one in new if isinstance(one, Update) and one not in done])
        return len(new)

    def _is_new(self, update_id: int) -> bool:
        """Say whether this is neither in hand nor done with since Telegram was asked."""
        return update_id not in self._in_hand and update_id >= self._offset

    async def _enter(self, updates: Sequence[Update]) -> None:
        await self._note(updates)
        for update in updates:
            self._in_hand[update.update_id] = self._lanes.enter(update)

    @staticmethod
    def _is_suspect(update: Update | Unreadable, left_over: Mapping[int, InHand]) -> bool:
        known = left_over.get(update.update_id)
        return isinstance(update, Update) and known is not None and not known.is_finished

    async def _try_alone(self, update: Update, *, attempts: int) -> None:
        """Handle an update that was in hand when a process died; with nothing beside it, the guilty one shows."""
        if self._in_hand:
            await self._end_of(self._in_hand.values())
        if attempts >= MOST_ATTEMPTS:
            log.error("update_set_aside", update=update.update_id, attempts=attempts)
            self._in_hand[update.update_id] = _nothing_to_do()
            return
        await self._enter([update])
        await self._end_of([self._in_hand[update.update_id]])

    async def _end_of(self, updates: Iterable[asyncio.Future[None]]) -> None:
        """Wait until these are done, or until a stop: what is not done by then comes again."""
        async with asyncio.TaskGroup() as waiting:
            stopping = waiting.create_task(self._stop.wait())
            ending = waiting.create_task(_all_of(updates))
            await asyncio.wait((ending, stopping), return_when=asyncio.FIRST_COMPLETED)
            ending.cancel()
            stopping.cancel()

    async def _note(self, updates: Sequence[Update]) -> None:
        if not updates:
            return
        ids = [update.update_id for update in updates]
        try:
            async with asyncio.timeout(NOTE_SECONDS):
                await self._record.take(ids, confirmed_below=self._offset, now=self._now())
        except (StorageUnavailable, TimeoutError) as outage:
            # /urgent must answer without a database, so updates are handled all the same.
            log.warning("updates_not_noted", updates=len(updates), reason=str(outage))

    async def _note_finished(self) -> None:
        """Write down what is done but cannot be confirmed yet, so that it is not answered again after a crash."""
        self._move_on()
        done = [update_id for update_id, future in self._in_hand.items() if _is_done(future)]
        new = [update_id for update_id in done if update_id not in self._noted]
        if not new:
            return
        try:
            async with asyncio.timeout(NOTE_SECONDS):
                await self._record.finish(new, now=self._now())
            self._noted |= set(new)
        except (StorageUnavailable, TimeoutError) as outage:
            log.warning("updates_not_finished", updates=len(new), reason=str(outage))

    async def _last_process_left(self) -> dict[int, InHand]:
        if self._left_over is None:
            try:
                async with asyncio.timeout(NOTE_SECONDS):
                    self._left_over = await self._record.left_over()
            except (StorageUnavailable, TimeoutError):
                return {}
        return self._left_over

    async def _some_progress(self) -> None:
        """Wait until something in hand is done, but not long: other chats may have written meanwhile."""
        pending = [done for done in self._in_hand.values() if not done.done()]
        if pending:
            await asyncio.wait(pending, timeout=BUSY_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def _finish(self) -> None:
        """Let what is in hand finish, tell Telegram how far we came, and only then let somebody else poll."""
        await self._lanes.close()
        self._move_on()
        # The offset may have moved on without Telegram having heard of it: a stop cuts a poll off.
        if self._offset != self._confirmed:
            try:
                async with asyncio.timeout(CONFIRM_SECONDS):
                    await self._bot.take_updates(offset=self._offset, seconds=0)
            except (TelegramError, TimeoutError) as error:
                log.warning("not_confirmed", reason=str(error))
        await self._leadership.release()


async def _all_of(updates: Iterable[asyncio.Future[None]]) -> None:
    await asyncio.wait(updates)


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
