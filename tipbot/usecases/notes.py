"""Notes about the messages themselves: they travel beside what falls due, at the hour somebody chose."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from tipbot.domain.content import ItemId
from tipbot.domain.delivery import Matter, NewDelivery
from tipbot.domain.kindness import Note, kind_note, with_note
from tipbot.domain.schedule import local_date, next_daytime
from tipbot.domain.subscribers import ChatId, Slot, Status, Subscriber
from tipbot.storage.books import Books

# A word of goodbye is no tip of the day: it may come a day late.
FAREWELL_LATENESS = timedelta(days=1)

Due = Sequence[tuple[Subscriber, Slot]]


@dataclass(frozen=True, slots=True)
class Notes:
    """The notes of one batch, and what becomes of the people who get them."""

    deliveries: Sequence[NewDelivery]
    changed: Mapping[ChatId, Subscriber]

    @classmethod
    def beside(cls, due: Due, *, max_lateness: timedelta, now: datetime) -> Self:
        """Return the notes that are kind to send beside what is due; late ones wait for the next time."""
        deliveries: list[NewDelivery] = []
        changed: dict[ChatId, Subscriber] = {}
        for subscriber, slot in due:
            note = kind_note(subscriber, now=now)
            if note is None or subscriber.chat_id in changed:
                continue
            if slot.next_at is None or now - slot.next_at > max_lateness:
                continue
            # A zone that is no more must not keep everybody else's messages: planning puts such an order off.
            with suppress(ValueError, KeyError):
                delivery = note_delivery(subscriber, note, due_at=slot.next_at, max_lateness=max_lateness)
                deliveries.append(delivery)
                changed[subscriber.chat_id] = with_note(subscriber, note, now=now)
        return cls(deliveries, changed)

    def of(self, subscriber: Subscriber) -> Subscriber:
        """Return the subscriber as the note leaves them."""
        return self.changed.get(subscriber.chat_id, subscriber)

    def still_due(self, due: Due) -> Due:
        """Return what is due without those whose messages rest from now on."""
        resting = self._resting
        return [(one, slot) for one, slot in due if one.chat_id not in resting]

    async def write(self, books: Books, *, now: datetime) -> None:
        """Write down what the notes change, in the transaction that plans them."""
        await books.subscribers.note_kindness(list(self.changed.values()))
        for chat_id in self._resting:
            await books.slots.silence(chat_id)
            await books.outbox.cancel(chat_id, now=now, reason="resting")

    @property
    def _resting(self) -> frozenset[ChatId]:
        return frozenset(chat for chat, one in self.changed.items() if one.status is Status.PAUSED)


def note_delivery(subscriber: Subscriber, note: Note, *, due_at: datetime, max_lateness: timedelta) -> NewDelivery:
    """Return the delivery of a note; its key allows one of a sort on a local date."""
    day = local_date(due_at, subscriber.zone)
    return NewDelivery(
        key=f"note-{note}:{subscriber.chat_id}:{day.isoformat()}",
        chat_id=subscriber.chat_id,
        kind=Matter.NOTE,
        item=ItemId(note.value),
        language=subscriber.language,
        due_at=due_at,
        not_after=due_at + max_lateness,
    )


async def say_farewell(books: Books, silent: Sequence[Subscriber], now: datetime) -> None:
    """Tell people who have been silent for a year, by day where they are, that they will be forgotten."""
    told = [
        note_delivery(one, Note.FAREWELL, due_at=next_daytime(one.zone, now=now), max_lateness=FAREWELL_LATENESS)
        for one in silent
    ]
    await books.outbox.add(told, now=now)
