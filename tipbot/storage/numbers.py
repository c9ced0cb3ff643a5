"""The record as numbers a day, for statistics: each question is one pass over the days it is asked for."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Date, Select, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.broadcasts import Action, Broadcast, BroadcastStatus
from tipbot.domain.content import ItemId, Origin
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.feedback import Opinion
from tipbot.domain.statistics import Opinions
from tipbot.storage.broadcasts import broadcast_from
from tipbot.storage.schema import broadcasts, feedback, link_presses, outbox, totals

_HAS_BEGUN = (BroadcastStatus.SENDING, BroadcastStatus.PAUSED, BroadcastStatus.DONE, BroadcastStatus.CANCELLED)


class Numbers:
    """Numbers over UTC days, all of them given in order; nothing here names anybody."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def deliveries(self, days: Sequence[date]) -> dict[date, dict[DeliveryStatus, int]]:
        """Return what became of messages that were settled on these days, those included that were tidied away.

        One range of the index for each day: with 6,000,000 deliveries in the outbox, 30 days take some two
        seconds on SQLite, a third of what sorting them into days takes. It is one statement, because what is
        tidied away in between must not be counted twice.
        """
        of_day = [self._settled_on(day) for day in days]
        tidied = select(totals.c.day, totals.c.status, func.sum(totals.c.deliveries)).where(
            totals.c.day.between(days[0], days[-1])
        )
        statement: CompoundSelect[Any] = union_all(*of_day, tidied.group_by(totals.c.day, totals.c.status))
        found: dict[date, Counter[DeliveryStatus]] = defaultdict(Counter)
        for row in await self._connection.execute(statement):
            found[row[0]][DeliveryStatus(row[1])] += int(row[2])
        return dict(found)

    def _settled_on(self, day: date) -> Select[tuple[date, str, int]]:
        begins = datetime.combine(day, time(0), tzinfo=UTC)
        settled = (outbox.c.settled_at >= begins) & (outbox.c.settled_at < begins + timedelta(days=1))
        columns = select(literal(day, Date).label("day"), outbox.c.status, func.count())
        return columns.where(settled).group_by(outbox.c.status)

    async def votes(self, days: Sequence[date]) -> dict[tuple[date, Opinion], int]:
        """Return how many votes there were, by day and opinion."""
        statement = select(feedback.c.day, feedback.c.verdict, func.sum(feedback.c.votes)).where(
            feedback.c.day.between(days[0], days[-1])
        )
        rows = await self._connection.execute(statement.group_by(feedback.c.day, feedback.c.verdict))
        return {(day, Opinion(verdict)): int(number) for day, verdict, number in rows}

    async def opinions(self, days: Sequence[date]) -> tuple[Opinions, ...]:
        """Return what was thought of each item that anybody voted on."""
        statement = select(feedback.c.item, feedback.c.verdict, func.sum(feedback.c.votes)).where(
            feedback.c.day.between(days[0], days[-1]), feedback.c.votes > 0
        )
        rows = await self._connection.execute(statement.group_by(feedback.c.item, feedback.c.verdict))
        found: dict[str, dict[Opinion, int]] = defaultdict(dict)
        for item, verdict, number in rows:
            found[item][Opinion(verdict)] = int(number)
        return tuple(
            Opinions(ItemId(item), of.get(Opinion.HELPFUL, 0), of.get(Opinion.UNHELPFUL, 0))
            for item, of in sorted(found.items())
        )

    async def presses(self, days: Sequence[date]) -> Mapping[date, Counter[Origin]]:
        """Return presses on booking links, by day and by the kind of message they came from."""
        statement = select(link_presses.c.day, link_presses.c.origin, func.sum(link_presses.c.presses)).where(
            link_presses.c.day.between(days[0], days[-1])
        )
        found: dict[date, Counter[Origin]] = defaultdict(Counter)
        for day, origin, number in await self._connection.execute(
            statement.group_by(link_presses.c.day, link_presses.c.origin)
        ):
            found[day][Origin(origin)] += int(number)
        return found

    async def broadcasts(self, days: Sequence[date]) -> list[Broadcast]:
        """Return the broadcasts that began on these days, the latest first; corrections and the like are none."""
        first, last = (datetime.combine(day, time(0), tzinfo=UTC) for day in (days[0], days[-1]))
        began = (broadcasts.c.started_at >= first) & (broadcasts.c.started_at < last + timedelta(days=1))
        statement = select(broadcasts).where(
            broadcasts.c.status.in_([status.value for status in _HAS_BEGUN]),
            broadcasts.c.action == Action.MESSAGE.value,
            began,
        )
        rows = (await self._connection.execute(statement.order_by(broadcasts.c.started_at.desc()))).mappings()
        return [broadcast_from(row) for row in rows]
