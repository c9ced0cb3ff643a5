"""Standing orders as they are remembered, and the one query that finds those that are due."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.deck import DeckPosition
from tipbot.domain.subscribers import ChatId, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import Weekdays
from tipbot.storage.many import update_many
from tipbot.storage.prepared import Prepared
from tipbot.storage.schema import slots, subscribers
from tipbot.storage.statements import change_where, new_row, rows_with
from tipbot.storage.subscribers import COLUMNS, subscribers_of


class Slots:
    """The slots' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of(self, chat_id: ChatId, *, for_change: bool = False) -> dict[Kind, Slot]:
        """Return a chat's standing orders by kind; `for_change` keeps others off them until the end."""
        statement = rows_with(slots.c.chat_id, for_change=for_change)
        rows = (await self._connection.execute(statement, {"chat_id": chat_id})).all()
        return {slot.kind: slot for slot in _slots_of(list(zip(*rows, strict=True)))} if rows else {}

    async def add(self, new: Sequence[Slot]) -> None:
        """Write new standing orders down; those that exist already stay as they are."""
        await self._connection.execute(new_row(self._connection, slots), [_values(slot) for slot in new])

    async def save(self, changed: Sequence[Slot]) -> None:
        """Write down every field of known standing orders."""
        if not changed:
            return
        values = [{**_values(slot), "this_chat_id": slot.chat_id, "this_kind": slot.kind.value} for slot in changed]
        await self._connection.execute(change_where(slots.c.chat_id, slots.c.kind), values)

    async def move_on(self, served: Sequence[Slot]) -> None:
        """Write down what planning changes of known standing orders: when they are due next, and what came last."""
        rows = [_moved_on(slot) for slot in served]
        await update_many(self._connection, slots, _MOVED, rows, keys=("chat_id", "kind"))

    async def next_due(self, chat_id: ChatId | None = None) -> datetime | None:
        """Return when the next standing order of a chat, or of anybody, falls due (UTC); None if none does."""
        statement = select(func.min(slots.c.next_at)).where(slots.c.next_at.is_not(None))
        if chat_id is not None:
            statement = statement.where(slots.c.chat_id == chat_id)
        moment: datetime | None = await self._connection.scalar(statement)
        return moment

    async def silence(self, chat_id: ChatId) -> None:
        """Let nothing fall due any more for this chat, without forgetting what was ordered."""
        await self._connection.execute(update(slots).where(slots.c.chat_id == chat_id).values(next_at=None))

    async def beyond(self, moment: datetime, *, most: int) -> list[tuple[Subscriber, Slot]]:
        """Return orders of active subscribers that fall due only after this moment, and keep others off them."""
        return await self._with_subscribers(_BEYOND, moment, most)

    async def due(self, *, now: datetime, most: int) -> list[tuple[Subscriber, Slot]]:
        """Return due slots with their subscribers, oldest first and those of a chat together.

        Other processes are kept off them until the transaction ends.
        """
        return await self._with_subscribers(_DUE, now, most)

    async def _with_subscribers(
        self, wanted: Prepared, moment: datetime, most: int
    ) -> list[tuple[Subscriber, Slot]]:
        found = await wanted.columns(self._connection, {"moment": moment, "most": most})
        return list(zip(subscribers_of(found[_WIDTH:]), _slots_of(found[:_WIDTH]), strict=True))


_WIDTH = len(slots.c)
_BOTH = (
    select(slots, *COLUMNS)
    .join(subscribers, subscribers.c.chat_id == slots.c.chat_id)
    .with_for_update(of=(slots, subscribers), skip_locked=True)
    .limit(bindparam("most", type_=Integer))
)
_MOMENT = bindparam("moment", type_=slots.c.next_at.type)
_IS_DUE = (slots.c.next_at.is_not(None), slots.c.next_at <= _MOMENT)
_DUE = Prepared(
    lambda _: _BOTH.where(*_IS_DUE).order_by(slots.c.next_at, slots.c.chat_id), returns=(*slots.c, *COLUMNS)
)
_IS_AHEAD = (slots.c.next_at > _MOMENT, subscribers.c.status == Status.ACTIVE.value)
_BEYOND = Prepared(lambda _: _BOTH.where(*_IS_AHEAD), returns=(*slots.c, *COLUMNS))
_KINDS = {kind.value: kind for kind in Kind}
_WEEKDAYS = {mask: Weekdays(mask) for mask in range(1, 128)}


def _slots_of(columns: Sequence[Sequence[Any]]) -> Iterable[Slot]:
    """Return the values of rows that are given by their columns; thousands may be due at once."""
    chat_ids, kinds, wall_times, weekdays, are_on, next_at, served_on, cycles, keys, *shown = columns
    known_kinds, known_weekdays = map(_KINDS.__getitem__, kinds), map(_WEEKDAYS.__getitem__, weekdays)
    positions = map(DeckPosition, cycles, keys)
    return map(
        Slot, chat_ids, known_kinds, wall_times, known_weekdays, are_on, next_at, served_on, positions, *shown
    )


_MOVED = ("next_at", "served_on", "deck_cycle", "deck_key", "shown", "shown_on", "since_offer")


def _moved_on(slot: Slot) -> tuple[object, ...]:
    """Return what planning changes, as named by _MOVED, and which row it is."""
    position = slot.position
    changed = (slot.next_at, slot.served_on, position.cycle, position.key, slot.shown, slot.shown_on)
    return (*changed, slot.since_offer, slot.chat_id, str(slot.kind))


def _values(slot: Slot) -> dict[str, Any]:
    return {
        "chat_id": slot.chat_id,
        "kind": slot.kind.value,
        "wall_time": slot.wall_time,
        "weekdays": slot.weekdays.mask,
        "is_on": slot.is_on,
        "next_at": slot.next_at,
        "served_on": slot.served_on,
        "deck_cycle": slot.position.cycle,
        "deck_key": slot.position.key,
        "shown": slot.shown,
        "shown_on": slot.shown_on,
        "since_offer": slot.since_offer,
    }
