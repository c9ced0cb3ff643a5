"""Votes on items: counted per item and day, with no voter written down anywhere."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from tipbot.domain.content import ItemId
from tipbot.domain.feedback import Opinion, Vote
from tipbot.domain.subscribers import ChatId
from tipbot.storage.database import Database
from tipbot.storage.feedback import Recount

# Some hours of a busy day; whoever comes back later shows their vote on the button itself.
MOST_REMEMBERED = 10_000
# A finger that taps twice on the same button means it once.
DOUBLE_TAP = timedelta(seconds=2)


class Ballot(NamedTuple):
    """One person's opinion of one item, in one chat: it exists once, in however many messages the item came."""

    chat_id: ChatId
    person: int
    item: ItemId


@dataclass(frozen=True, slots=True)
class Cast:
    """What a ballot says now, what it said before, and whether this process was the one that knew so."""

    vote: Vote | None
    before: Vote | None
    was_remembered: bool

    @property
    def has_changed(self) -> bool:
        """Whether anything was counted."""
        return self.vote != self.before


class _Memory(NamedTuple):
    vote: Vote | None
    pressed: Opinion | None
    at: datetime


class Rate:
    """Counts each ballot once, whatever is pressed, however often, and in whatever order.

    Who voted is known to two places only: the button of the message, which shows the vote, and a small memory of
    the latest votes in this process. The memory wins, because a press may have been made on an older state of
    the message. After a restart, or when a vote is so old that it was forgotten, the button alone is left. Then
    these remain possible: somebody votes again on the same item in another message, or in a group, where buttons
    cannot show whose vote they hold; and a crash in the moment between counting and changing the button counts
    that vote once more when it is pressed again. No number ever falls below nothing.
    """

    def __init__(self, database: Database, *, most_remembered: int = MOST_REMEMBERED) -> None:
        self._database = database
        self._most = most_remembered
        self._memory: OrderedDict[Ballot, _Memory] = OrderedDict()

    def held(self, ballot: Ballot, *, shown: Vote | None) -> Vote | None:
        """Return what a ballot says; `shown` is what the button of its message shows."""
        known = self._memory.get(ballot)
        return known.vote if known else shown

    async def give(
        self, ballot: Ballot, wanted: Opinion | None, *, shown: Vote | None = None, now: datetime
    ) -> Cast:
        """Let a ballot say this from now on, or nothing; the same again changes nothing."""
        before = self.held(ballot, shown=shown)
        was_remembered = ballot in self._memory
        if (before.opinion if before else None) is wanted:
            return Cast(before, before, was_remembered)
        cast = Cast(Vote(wanted, now.date()) if wanted else None, before, was_remembered)
        await self._count(ballot, less=before, more=cast.vote, now=now)
        self._remember(ballot, _Memory(cast.vote, wanted, now))
        return cast

    async def toggle(self, ballot: Ballot, pressed: Opinion, *, now: datetime) -> Cast:
        """Give this opinion, or take it back where the ballot says so already, for buttons that show nothing.

        The second of two quick taps changes nothing.
        """
        known = self._memory.get(ballot)
        if known and known.pressed is pressed and now - known.at < DOUBLE_TAP:
            return Cast(known.vote, known.vote, was_remembered=True)
        says_so = known is not None and known.vote is not None and known.vote.opinion is pressed
        cast = await self.give(ballot, None if says_so else pressed, now=now)
        self._remember(ballot, _Memory(cast.vote, pressed, now))
        return cast

    async def uncount(self, ballot: Ballot, cast: Cast, *, now: datetime) -> None:
        """Take back the counting alone: another process had counted the same press before."""
        await self._count(ballot, less=cast.vote, more=cast.before, now=now)

    def forget(self, chat_id: ChatId) -> None:
        """Forget who voted in a chat; the numbers stay, and are about nobody."""
        for ballot in [ballot for ballot in self._memory if ballot.chat_id == chat_id]:
            del self._memory[ballot]

    async def _count(self, ballot: Ballot, *, less: Vote | None, more: Vote | None, now: datetime) -> None:
        changes = [Recount(ballot.item, less, is_less=True)] if less else []
        changes += [Recount(ballot.item, more)] if more else []
        async with self._database.writing() as books:
            await books.subscribers.touch(ballot.chat_id, now=now)
            await books.feedback.recount(changes)

    def _remember(self, ballot: Ballot, memory: _Memory) -> None:
        self._memory[ballot] = memory
        self._memory.move_to_end(ballot)
        while len(self._memory) > self._most:
            self._memory.popitem(last=False)
