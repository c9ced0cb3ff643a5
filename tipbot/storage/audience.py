"""Who gets a broadcast, asked in the query itself: consent and wishes are never left to the code around it."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, exists, literal, not_, or_

from tipbot.domain.audience import Audience, Conditions, Purpose
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatKind, Status
from tipbot.storage.schema import consents, outbox, slots, subscribers


def may_get(purpose: Purpose) -> ColumnElement[bool]:
    """Return whether a subscriber may get something of this purpose at this moment, whatever an operator chose.

    An offer needs a consent of its own (UK: PECR, regulation 22), which nobody can give for a group or a channel.
    """
    # Nearly all are: SQLite would take the index for it and sort everybody anew for each batch of recipients. To
    # PostgreSQL the cast is none, and it goes on knowing how many there are.
    is_active = cast(subscribers.c.status, String) == Status.ACTIVE.value
    if purpose is Purpose.ARTICLE:
        return and_(is_active, subscribers.c.wants_articles)
    agreed = exists().where(
        consents.c.chat_id == subscribers.c.chat_id, consents.c.topic == MARKETING, consents.c.granted
    )
    return and_(is_active, subscribers.c.chat_kind == ChatKind.PRIVATE.value, agreed)


def is_not_resting(now: datetime) -> ColumnElement[bool]:
    """Return whether a subscriber is in no break after worrying signs, in which nobody is sold anything."""
    pause = subscribers.c.stretch_pause_until
    return or_(pause.is_(None), pause <= now)


def belongs(audience: Audience, purpose: Purpose, *, now: datetime) -> ColumnElement[bool]:
    """Return whether a subscriber is in the audience of a broadcast confirmed at this moment."""
    chats = subscribers.c.chat_kind.in_([kind.value for kind in audience.chats])
    wanted = [chats, may_get(purpose), subscribers.c.joined_at <= now, *_met(audience.only, now)]
    if purpose is Purpose.OFFER:
        wanted.append(is_not_resting(now))
    if not audience.minus.is_empty:
        wanted.append(not_(and_(*_met(audience.minus, now))))
    return and_(*wanted)


def _met(conditions: Conditions, now: datetime) -> list[ColumnElement[bool]]:
    met: list[ColumnElement[bool]] = []
    if conditions.ordered:
        kinds = [kind.value for kind in conditions.ordered]
        ordered = exists().where(slots.c.chat_id == subscribers.c.chat_id, slots.c.kind.in_(kinds), slots.c.is_on)
        met.append(ordered)
    if conditions.languages:
        met.append(subscribers.c.language.in_(sorted(conditions.languages)))
    if conditions.zones:
        met.append(subscribers.c.zone.in_(sorted(conditions.zones)))
    if conditions.joined_since is not None:
        met.append(subscribers.c.joined_at >= datetime.combine(conditions.joined_since, time(0), tzinfo=UTC))
    if conditions.active_days is not None:
        met.append(subscribers.c.last_active_at >= now - timedelta(days=conditions.active_days))
    if conditions.got is not None:
        # By its key, for SQLite would read all deliveries of the broadcast anew for each subscriber.
        key = literal(f"broadcast:{conditions.got}:") + cast(subscribers.c.chat_id, String)
        got = exists().where(outbox.c.key == key, outbox.c.status == DeliveryStatus.SENT.value)
        met.append(got)
    return met
