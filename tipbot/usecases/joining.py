"""Becoming a subscriber, and coming back."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from tipbot.domain.consents import ADULT, MESSAGES
from tipbot.domain.content import Language
from tipbot.domain.planning import due_after
from tipbot.domain.statistics import Step
from tipbot.domain.subscribers import (
    DEFAULT_DAYS,
    DEFAULT_TIMES,
    ChatId,
    ChatKind,
    Kind,
    Slot,
    Status,
    Subscriber,
    Subscription,
)
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.tallying import count_step

_CONSENTS = {ChatKind.PRIVATE: (ADULT, MESSAGES), ChatKind.GROUP: (MESSAGES,)}


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is known of a chat that wants to subscribe: `zone` is IANA, `source` the code of the link it came by.

    It gets both `kinds` unless it chose; the other is there to be switched on. `consent_version` is that of the
    words it agreed to.
    """

    chat_id: ChatId
    chat_kind: ChatKind
    language: Language
    zone: str
    source: str | None = None
    kinds: frozenset[Kind] = frozenset(Kind)
    consent_version: str = field(kw_only=True)


class Join:
    """Subscribes chats; doing it twice changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look_up(self, chat_id: ChatId) -> Subscription | None:
        """Return what a chat has ordered, or None for a stranger."""
        async with self._database.reading() as books:
            subscriber = await books.subscribers.find(chat_id)
            return None if subscriber is None else Subscription(subscriber, await books.slots.of(chat_id))

    async def language_of(self, chat_id: ChatId) -> Language | None:
        """Return the language that a chat chose, or None for a stranger."""
        async with self._database.reading() as books:
            subscriber = await books.subscribers.find(chat_id)
        return None if subscriber is None else subscriber.language

    async def join(self, newcomer: Newcomer, *, now: datetime) -> tuple[Subscription, bool]:
        """Subscribe a chat with the usual times; return the subscription and whether it is new.

        The press that leads a person here says "18 or over" and "send me messages", so both consents are written
        down. In a group nobody speaks for the others: there is only the wish for messages.
        """
        subscriber = _subscriber(newcomer, now)
        async with self._database.writing() as books:
            is_new = await books.subscribers.add(subscriber)
            if is_new:
                slots = (_first_slot(subscriber, kind, now, is_on=kind in newcomer.kinds) for kind in Kind)
                await books.slots.add(list(slots))
                for topic in _CONSENTS[newcomer.chat_kind]:
                    consent = Consent(topic, newcomer.consent_version, granted=True, at=now)
                    await books.consents.record(newcomer.chat_id, consent)
                count_step(books, Step.JOINED, now=now)
            known = await books.subscribers.find(newcomer.chat_id)
            return Subscription(known or subscriber, await books.slots.of(newcomer.chat_id)), is_new


def _subscriber(newcomer: Newcomer, now: datetime) -> Subscriber:
    return Subscriber(
        chat_id=newcomer.chat_id,
        chat_kind=newcomer.chat_kind,
        language=newcomer.language,
        zone=newcomer.zone,
        status=Status.ACTIVE,
        joined_at=now,
        last_active_at=now,
        status_since=now,
        source=newcomer.source,
    )


def _first_slot(subscriber: Subscriber, kind: Kind, now: datetime, *, is_on: bool) -> Slot:
    slot = Slot(subscriber.chat_id, kind, DEFAULT_TIMES[kind], DEFAULT_DAYS[kind], is_on=is_on)
    return replace(slot, next_at=due_after(subscriber, slot, now))
