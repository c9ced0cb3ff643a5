"""Turning a standing order that fell due into one delivery and the order's next moment."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from tipbot.domain.content import ItemId
from tipbot.domain.deck import DeckPosition, draw
from tipbot.domain.delivery import DeliveryStatus, Matter, NewDelivery
from tipbot.domain.offers import next_offer
from tipbot.domain.schedule import local_date, next_occurrence
from tipbot.domain.subscribers import ChatKind, Kind, Slot, Subscriber
from tipbot.domain.weekdays import Weekdays


class Planned(NamedTuple):
    """What one due slot leads to."""

    delivery: NewDelivery
    slot: Slot


def plan(
    subscriber: Subscriber,
    slot: Slot,
    items: Sequence[ItemId],
    *,
    now: datetime,
    max_lateness: timedelta,
    left_out: Collection[ItemId] = (),
    welcomes_offers: bool = False,
) -> Planned:
    """Return the delivery for a due slot and the slot moved on past `now`.

    However many dates were missed, there is one delivery: the others are gone for good, so that nobody gets two
    of a kind after an outage. One that is later than `max_lateness` is written down as expired and draws nothing
    from the deck. Only a tip carries an offer of the clinic, to somebody who `welcomes_offers`, and seldom.
    Raises ValueError for a slot that is not due, or where nothing of the `items` is wanted.
    """
    if slot.next_at is None or slot.next_at > now:
        raise ValueError("this slot is not due")
    day = local_date(slot.next_at, subscriber.zone)
    is_late = now - slot.next_at > max_lateness
    item, position = draw(items, owner=str(subscriber.chat_id), position=slot.position, left_out=left_out)
    has_offer, since = False, slot.since_offer
    if slot.kind is Kind.TIP and not is_late:
        has_offer, since = next_offer(since, is_welcome=welcomes_offers)
    delivery = NewDelivery(
        key=f"{slot.kind}:{subscriber.chat_id}:{day.isoformat()}",
        chat_id=subscriber.chat_id,
        kind=Matter.POST if subscriber.chat_kind is ChatKind.CHANNEL else Matter.ordered(slot.kind),
        item=item,
        language=subscriber.language,
        due_at=slot.next_at,
        not_after=slot.next_at + max_lateness,
        status=DeliveryStatus.EXPIRED if is_late else DeliveryStatus.QUEUED,
        has_offer=has_offer,
    )
    next_at = due_after(subscriber, slot, now, served_on=day)
    if is_late:
        return Planned(delivery, replace(slot, served_on=day, next_at=next_at))
    return Planned(delivery, _shown(slot, item, position, day, next_at, since))


def _shown(
    slot: Slot, item: ItemId, position: DeckPosition, day: date, next_at: datetime | None, since_offer: int
) -> Slot:
    # Made anew and not by `replace`, which takes three times as long: ten thousand may be due at once.
    return Slot(
        slot.chat_id,
        slot.kind,
        slot.wall_time,
        slot.weekdays,
        slot.is_on,
        next_at,
        served_on=day,
        position=position,
        shown=item,
        shown_on=day,
        since_offer=since_offer,
    )


def passed_over(subscriber: Subscriber, slot: Slot, *, now: datetime) -> Slot:
    """Return a due slot moved on past `now` without a delivery, for somebody who left everything out."""
    day = local_date(now if slot.next_at is None else slot.next_at, subscriber.zone)
    return replace(slot, served_on=day, next_at=due_after(subscriber, slot, now, served_on=day))


def due_after(
    subscriber: Subscriber, slot: Slot, after: datetime, *, served_on: date | None = None
) -> datetime | None:
    """Return when a slot is due next after this moment and any rest from stretches, or None while it is off.

    `served_on` is the last local date that was dealt with, where that is later than the slot says. For somebody
    who went silent messages come weekly, whatever days were ordered.
    """
    if not slot.is_on:
        return None
    if slot.kind is Kind.STRETCH and subscriber.stretch_pause_until is not None:
        after = max(after, subscriber.stretch_pause_until)
    weekdays = slot.weekdays if subscriber.slowed_at is None else Weekdays.of([next(iter(slot.weekdays))])
    return next_occurrence(
        slot.wall_time, weekdays, subscriber.zone, after=after, served_on=served_on or slot.served_on
    )
