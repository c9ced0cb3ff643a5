"""Asking again when what people agreed to has changed, and knowing that they still come."""

from datetime import datetime

from tipbot.domain.consents import MESSAGES
from tipbot.domain.retention import REACHABLE
from tipbot.domain.subscribers import ChatId, ChatKind, Subscriber
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.errors import NotSubscribed
from tipbot.usecases.library import Library
from tipbot.usecases.reaching import note_presence


class Reconsent:
    """Puts a changed consent to people once. Until they answer, everything goes on as they agreed before."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def visited(self, chat_id: ChatId, *, now: datetime) -> bool:
        """Note that somebody pressed or commanded something; say whether to ask for their consent again."""
        async with self._database.reading() as books:
            subscriber = await books.subscribers.find(chat_id)
            answer = (await books.consents.of(chat_id)).get(MESSAGES)
        if subscriber is None:
            return False
        await note_presence(self._database, subscriber, now=now)
        return self._is_outdated(subscriber, answer)

    def _is_outdated(self, subscriber: Subscriber, answer: Consent | None) -> bool:
        if subscriber.chat_kind is not ChatKind.PRIVATE or subscriber.status not in REACHABLE or answer is None:
            return False
        return self._library.consent_version not in {answer.version, answer.asked_version}

    async def asked(self, chat_id: ChatId) -> None:
        """Note that the words of today were put to somebody, so that they are not asked twice."""
        async with self._database.writing() as books:
            await books.consents.note_asked(chat_id, MESSAGES, self._library.consent_version)

    async def agree(self, chat_id: ChatId, version: str, *, now: datetime) -> bool:
        """Write down that somebody agrees to messages as these words have it; raises NotSubscribed.

        Returns False, and changes nothing, when the words have changed once more since the question.
        """
        async with self._database.writing() as books:
            if await books.subscribers.find(chat_id, for_change=True) is None:
                raise NotSubscribed
            if version != self._library.consent_version:
                return False
            await books.consents.record(chat_id, Consent(MESSAGES, version, granted=True, at=now))
            return True
