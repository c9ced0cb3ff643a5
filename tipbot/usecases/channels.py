"""The stretch of the day in a channel of the clinic, arranged by an operator."""

from dataclasses import dataclass, replace
from datetime import datetime, time

from tipbot.domain.content import Language
from tipbot.domain.operators import Right
from tipbot.domain.planning import due_after
from tipbot.domain.statistics import Step
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.usecases.staffing import allowed
from tipbot.usecases.tallying import count_change, count_step


@dataclass(frozen=True, slots=True)
class ChannelPlan:
    """What a channel gets: the stretch of the day at this wall time in this IANA zone."""

    channel: ChatId
    language: Language
    zone: str
    wall_time: time


class Channels:
    """Lets operators post in channels; doing it twice changes nothing more.

    Raises NotAnOperator for others, and NotAllowed for those who may only look.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def may_decide(self, user: int) -> bool:
        """Say whether this person may decide about channels."""
        async with self._database.reading() as books:
            operator = await books.staff.find(user)
        return operator is not None and operator.role.may(Right.SEND)

    async def post_daily(self, plan: ChannelPlan, *, operator: int, now: datetime) -> None:
        """Post the stretch of the day in a channel from now on; a new time takes the place of the old one."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            known = await books.subscribers.find(plan.channel, for_change=True)
            subscriber = _channel(plan, now) if known is None else _again(known, plan, now)
            if known is None:
                await books.subscribers.add(subscriber)
                count_step(books, Step.JOINED, now=now)
                await books.slots.add(
                    [Slot(plan.channel, kind, plan.wall_time, EVERY_DAY, is_on=False) for kind in Kind]
                )
            else:
                await books.subscribers.save(subscriber)
                count_change(books, known.status, subscriber.status, now=now)
            await _post_at(books, subscriber, plan.wall_time, now)
            await books.audit.note(Deed(operator, "channel-posts", str(plan.channel), now))

    async def stop(self, channel: ChatId, *, operator: int, now: datetime) -> None:
        """Post nothing more in a channel, what is waiting included."""
        async with self._database.writing() as books:
            await allowed(books, operator, Right.SEND)
            known = await books.subscribers.find(channel, for_change=True)
            if known is None or known.chat_kind is not ChatKind.CHANNEL:
                return
            await books.subscribers.save(replace(known, status=Status.STOPPED, status_since=now))
            count_change(books, known.status, Status.STOPPED, now=now)
            await books.slots.silence(channel)
            await books.outbox.cancel(channel, now=now, reason="stopped")
            await books.audit.note(Deed(operator, "channel-stopped", str(channel), now))


def _channel(plan: ChannelPlan, now: datetime) -> Subscriber:
    return Subscriber(
        chat_id=plan.channel,
        chat_kind=ChatKind.CHANNEL,
        language=plan.language,
        zone=plan.zone,
        status=Status.ACTIVE,
        joined_at=now,
        last_active_at=now,
        status_since=now,
        wants_articles=False,
    )


def _again(known: Subscriber, plan: ChannelPlan, now: datetime) -> Subscriber:
    active = known if known.status is Status.ACTIVE else replace(known, status=Status.ACTIVE, status_since=now)
    return replace(active, language=plan.language, zone=plan.zone, last_active_at=now, paused_until=None)


async def _post_at(books: Books, subscriber: Subscriber, wall_time: time, now: datetime) -> None:
    slots = await books.slots.of(subscriber.chat_id, for_change=True)
    slot = replace(slots[Kind.STRETCH], wall_time=wall_time, is_on=True)
    await books.slots.save([replace(slot, next_at=due_after(subscriber, slot, now))])
