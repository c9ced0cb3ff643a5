"""Consent to the checks: whoever agreed may answer, everybody else may read."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tipbot.domain.subscribers import ChatId, Subscriber
from tipbot.storage.books import Books
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotSubscribed

TOPIC = "checks"


@dataclass(frozen=True, slots=True)
class CheckGuest:
    """A subscriber who comes to the checks: `has_agreed` is None while the question is still open."""

    subscriber: Subscriber
    has_agreed: bool | None


class CheckConsent:
    """Remembers who agreed to answer health questions, to which text, and when; of the answers it keeps nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def guest(self, chat_id: ChatId, versions: Collection[str]) -> CheckGuest:
        """Return who comes, and what they said to a text of these versions. Raises NotSubscribed."""
        async with self._database.reading() as books:
            subscriber = await _subscriber(books, chat_id)
            answer = (await books.consents.of(chat_id)).get(TOPIC)
            is_current = answer is not None and answer.version in versions
            return CheckGuest(subscriber, answer.granted if answer and is_current else None)

    async def arrive(self, chat_id: ChatId, versions: Collection[str], *, now: datetime) -> CheckGuest:
        """Return who comes, and note that they were here just now. Raises NotSubscribed."""
        async with self._database.writing() as books:
            await books.subscribers.touch(chat_id, now=now)
        return await self.guest(chat_id, versions)

    async def answer(self, chat_id: ChatId, *, version: str, granted: bool, now: datetime) -> CheckGuest:
        """Write down a yes or a no to the text of this version; a later one replaces it. Raises NotSubscribed."""
        async with self._database.writing() as books:
            subscriber = await _subscriber(books, chat_id)
            await books.consents.record(chat_id, Consent(TOPIC, version, granted=granted, at=now))
            await books.subscribers.touch(chat_id, now=now)
            return CheckGuest(subscriber, granted)


async def _subscriber(books: Books, chat_id: ChatId) -> Subscriber:
    subscriber = await books.subscribers.find(chat_id)
    if subscriber is None:
        raise NotSubscribed
    return subscriber
