"""What people agreed to, in which version of the text, and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.subscribers import ChatId
from tipbot.storage.schema import consents
from tipbot.storage.statements import insert_into


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer to one question; `at` is UTC."""

    topic: str
    version: str
    granted: bool
    at: datetime


class Consents:
    """The consents' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, chat_id: ChatId, consent: Consent) -> None:
        """Write an answer down; a later answer to the same question replaces it."""
        answer = {"version": consent.version, "granted": consent.granted, "at": consent.at}
        statement = insert_into(self._connection, consents).values(chat_id=chat_id, topic=consent.topic, **answer)
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=["chat_id", "topic"], set_=answer)
        )

    async def of(self, chat_id: ChatId) -> dict[str, Consent]:
        """Return a chat's answers by question."""
        rows = (await self._connection.execute(select(consents).where(consents.c.chat_id == chat_id))).mappings()
        return {row["topic"]: Consent(row["topic"], row["version"], row["granted"], row["at"]) for row in rows}
