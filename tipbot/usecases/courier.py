"""Who empties the outbox: takes slots, claims, sends, settles; stops without leaving anything in the air."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Protocol

from tipbot.domain.delivery import Claim, Limited, NotTried, Receipt, Sent, Uncertain
from tipbot.domain.subscribers import ChatId
from tipbot.logs import get_logger
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.doubt import Doubt
from tipbot.usecases.journal import HORIZON, SEND_LIMIT, Answer, Journal, age_of, without_room_to_send
from tipbot.usecases.recent import GROUP_INTERVAL, RecentChats

log = get_logger(__name__)

# Nothing to do: look again after this time even if nobody called (another process may have planned something).
IDLE = timedelta(seconds=1)
# While messages are in the air, the journal takes a turn each time its horizon has passed; after one that took
# longer than that, a moment later at least, because others want to write as well.
LEAST_REST = timedelta(milliseconds=4)
DATABASE_RETRY = timedelta(seconds=1)
# Slots are taken a moment ahead, and no chat keeps the next message waiting for longer than this.
LONGEST_TURN = GROUP_INTERVAL + HORIZON
# How long a stop waits for what is in the air.
GRACE = timedelta(seconds=10)
# And then for a database to write the answers into.
LAST_WORDS = timedelta(seconds=5)


class Messenger(Protocol):
    """Whoever can bring one delivery to Telegram and say what became of it; it never raises."""

    async def deliver(self, claim: Claim) -> Receipt:
        """Send the message that this claim stands for."""
        ...


class Replies:
    """Counts messages that went to people at once, beside the outbox, so that bulk sending makes room."""

    def __init__(self) -> None:
        self._count = 0
        self.recent = RecentChats()

    def note(self, chat_id: ChatId | None, *, now: datetime) -> bool:
        """Count one message, and remember which chat it went to where it went to one.

        Returns whether that chat got its last one so lately that it may meet the limit of its own.
        """
        self._count += 1
        if chat_id is None:
            return False
        free_at = self.recent.free_at(chat_id)
        self.recent.note(chat_id, now=now)
        return free_at is not None and free_at > now

    def take(self) -> int:
        """Return how many there were since the last time."""
        count, self._count = self._count, 0
        return count

    def put_back(self, count: int) -> None:
        """Count these again: they could not be written down."""
        self._count += count


class Courier:
    """Sends what is in the outbox. Several processes may each have one: claims and pace keep them apart."""

    def __init__(
        self,
        journal: Journal,
        messenger: Messenger,
        *,
        now: Callable[[], datetime],
        replies: Replies,
        doubt: Doubt,
    ) -> None:
        self._journal = journal
        self._messenger = messenger
        self._now = now
        self._replies = replies
        self._doubt = doubt
        self._in_air: set[asyncio.Task[None]] = set()
        self._answers: list[Answer] = []
        self._called = asyncio.Event()

    def wake(self) -> None:
        """Say that there is something in the outbox, or that the courier should stop."""
        self._called.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; then claim nothing more, wait for the answers and write them down.

        The same happens when it is cancelled because something else broke: what is in the air is worth waiting for.
        """
        loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as flights:
            try:
                while not stop.is_set():
                    began = loop.time()
                    claims = await self._turn()
                    for claim in claims:
                        self._in_air.add(flights.create_task(self._fly(claim)))
                    if not stop.is_set():
                        await self._rest(loop.time() - began)
            finally:
                await self._land()

    async def _turn(self, *, claims: bool = True) -> list[Claim]:
        """Take one turn of the journal; answers that could not be written down are kept for the next."""
        # Whoever calls from here on may have something that this turn does not see: the next one comes at once.
        self._called.clear()
        try:
            return await self._written_down(claims=claims)
        except StorageUnavailable as outage:
            log.warning("courier_waits_for_database", answers_kept=len(self._answers), reason=str(outage))
            await self._sleep(DATABASE_RETRY)
            return []

    async def _written_down(self, *, claims: bool) -> list[Claim]:
        accepted, others = _apart(self._answers)
        if others:
            # Each of these takes many statements. What was accepted meanwhile is written down right after, just
            # before the next claims: the fewer are left in doubt when the process dies.
            self._answers = accepted
            await self._turn_with(others, room=0)
            accepted, others = _apart(self._answers)
        self._answers = others
        room = self._doubt.most - len(self._in_air) - len(others) if claims else 0
        taken = await self._turn_with(accepted, room=room)
        now = self._now()
        for answer in accepted:
            self._doubt.note(age_of(answer.claim, now=now))
        return taken

    async def _turn_with(self, answers: list[Answer], *, room: int) -> list[Claim]:
        replies = self._replies.take()
        try:
            return await self._journal.turn(answers, replies=replies, room=room, now=self._now())
        except BaseException:
            # Whatever cut the turn short, a cancellation included: people have these messages.
            self._answers = answers + self._answers
            self._replies.put_back(replies)
            raise

    async def _fly(self, claim: Claim) -> None:
        receipt: Receipt = NotTried("TipBot stopped before its turn came")
        try:
            await self._wait_for_turn(claim)
            receipt = Uncertain("TipBot stopped while it was being sent")
            receipt = await self._send(claim)
        finally:
            self._answers.append(Answer(claim, receipt))
            self._in_air.discard(asyncio.current_task())
            if not isinstance(receipt, Sent):
                log.info("delivery_not_sent", delivery=claim.id, receipt=type(receipt).__name__)

    async def _send(self, claim: Claim) -> Receipt:
        now = self._now()
        if without_room_to_send(claim, now=now):
            return NotTried("the claim grew too old before its turn came")
        if self._journal.is_halted(now=now):
            return NotTried("Telegram asked for a pause before its turn came")
        self._replies.recent.note(claim.chat_id, now=now)
        receipt = await self._deliver(claim)
        if isinstance(receipt, Limited):
            self._journal.halt(receipt.retry_after, now=self._now())
        return receipt

    async def _deliver(self, claim: Claim) -> Receipt:
        try:
            async with asyncio.timeout(SEND_LIMIT.total_seconds()):
                return await self._messenger.deliver(claim)
        except TimeoutError:
            return Uncertain("no answer in time")
        except Exception as fault:  # a fault of ours in one message must not stop all the others
            log.exception("delivery_raised", delivery=claim.id, item=claim.item)
            return Uncertain(f"an error of TipBot's own: {type(fault).__name__}")

    async def _wait_for_turn(self, claim: Claim) -> None:
        """Sleep until the claim's slot, and until its chat may get another message.

        A longer wait than these two can ask for comes of a clock that was put back, and is none.
        """
        while timedelta(0) < (pause := self._free_at(claim) - self._now()) <= LONGEST_TURN:
            await asyncio.sleep(pause.total_seconds())

    def _free_at(self, claim: Claim) -> datetime:
        return max(claim.slot_at, self._replies.recent.free_at(claim.chat_id) or claim.slot_at)

    async def _rest(self, taken: float) -> None:
        """Wait for a reason to take another turn; the last one took so many seconds."""
        if self._in_air or self._answers:
            await asyncio.sleep(max(self._journal.horizon.total_seconds() - taken, LEAST_REST.total_seconds()))
            return
        pause = IDLE
        with suppress(StorageUnavailable):
            now = self._now()
            moment = await self._journal.next_moment(now=now)
            if moment is not None:
                pause = min(IDLE, max(moment - now, HORIZON))
        await self._sleep(pause)

    async def _sleep(self, pause: timedelta) -> None:
        """Sleep, but not longer than until somebody calls, or not at all if that was since the turn began."""
        with suppress(TimeoutError):
            async with asyncio.timeout(pause.total_seconds()):
                await self._called.wait()

    async def _land(self) -> None:
        """Wait for what is in the air, and write every answer down; what takes too long is called unknown."""
        if self._in_air:
            _, slow = await asyncio.wait(self._in_air, timeout=GRACE.total_seconds())
            for flight in slow:
                flight.cancel()
            await asyncio.gather(*slow, return_exceptions=True)
        # A turn that the time cuts short keeps its answers, so that their number is told.
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_WORDS.total_seconds()):
                while self._answers:
                    await self._turn(claims=False)
        if self._answers:
            log.error("answers_lost", answers=len(self._answers))


def _apart(answers: Sequence[Answer]) -> tuple[list[Answer], list[Answer]]:
    """Return the answers that say that a message was accepted, and the others."""
    accepted = [answer for answer in answers if isinstance(answer.receipt, Sent)]
    return accepted, [answer for answer in answers if not isinstance(answer.receipt, Sent)]
