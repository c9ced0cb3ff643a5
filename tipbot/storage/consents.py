"""What people agreed to, in which version of the text, and when."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Select, bindparam, or_, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatId, ChatKind
from tipbot.storage.prepared import Prepared
from tipbot.storage.schema import consents, subscribers
from tipbot.storage.statements import among, chats_among, new_or_changed_row, new_row, rows_with


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer to one question; `at` is UTC.

    `asked_version` is a newer version of the question that was asked since and is not answered yet.
    """

    topic: str
    version: str
    granted: bool
    at: datetime
    asked_version: str | None = None


class Consents:
    """The consents' page of the record."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def record(self, chat_id: ChatId, consent: Consent) -> None:
        """Write an answer down; a later answer to the same question replaces it."""
        answer = {
            "version": consent.version,
            "granted": consent.granted,
            "at": consent.at,
            "asked_version": consent.asked_version,
        }
        statement = new_or_changed_row(self._connection, (consents.c.chat_id, consents.c.topic), *answer)
        await self._connection.execute(statement, {"chat_id": chat_id, "topic": consent.topic, **answer})

    async def add_all(self, chat_ids: Collection[ChatId], consent: Consent) -> None:
        """Write the same answer down for many; an answer that is there already stays as it is."""
        answer = asdict(consent)
        statement = new_row(self._connection, consents)
        await self._connection.execute(statement, [{"chat_id": chat_id, **answer} for chat_id in chat_ids])

    async def of(self, chat_id: ChatId) -> dict[str, Consent]:
        """Return a chat's answers by question."""
        rows = (await self._connection.execute(rows_with(consents.c.chat_id), {"chat_id": chat_id})).mappings()
        return {row["topic"]: _consent_from(row) for row in rows}

    async def note_asked(self, chat_id: ChatId, topic: str, version: str) -> None:
        """Note that this version of a question was put to somebody who had answered an older one."""
        mine = (consents.c.chat_id == chat_id) & (consents.c.topic == topic)
        await self._connection.execute(update(consents).where(mine).values(asked_version=version))

    async def withdraw(self, chat_id: ChatId, topic: str, *, now: datetime) -> None:
        """Turn a yes into a no, of the same version; without a yes nothing changes."""
        mine = (consents.c.chat_id == chat_id) & (consents.c.topic == topic) & consents.c.granted
        await self._connection.execute(update(consents).where(mine).values(granted=False, at=now))

    async def welcoming_offers(self, chat_ids: Collection[ChatId], *, now: datetime) -> set[ChatId]:
        """Return which of these people said yes to offers and are not in a break after worrying signs.

        In a group nobody can say yes for the others (UK: PECR, regulation 22), so no group is ever among them.
        """
        if not chat_ids:
            return set()
        given = {**chats_among(self._connection, chat_ids), "now": now}
        return {chat_id for (chat_id,) in await _WELCOMING.rows(self._connection, given)}

    async def said_yes_to_offers(self, chat_ids: Collection[ChatId]) -> set[ChatId]:
        """Return which of these chats said yes to offers; whether one may come just now is another question."""
        if not chat_ids:
            return set()
        given = chats_among(self._connection, chat_ids)
        return {chat_id for (chat_id,) in await _SAID_YES.rows(self._connection, given)}


def _said_yes(dialect: str) -> Select[int]:
    is_yes = (consents.c.topic == MARKETING) & consents.c.granted
    return select(consents.c.chat_id).where(among(dialect, consents.c.chat_id), is_yes)


def _welcoming(dialect: str) -> Select[int]:
    pause = subscribers.c.stretch_pause_until
    is_rested = or_(pause.is_(None), pause <= bindparam("now", type_=pause.type))
    people = subscribers.c.chat_kind == ChatKind.PRIVATE.value
    return (
        _said_yes(dialect).join(subscribers, subscribers.c.chat_id == consents.c.chat_id).where(people, is_rested)
    )


_SAID_YES = Prepared(_said_yes, returns=(consents.c.chat_id,))
_WELCOMING = Prepared(_welcoming, returns=(consents.c.chat_id,))


def _consent_from(row: RowMapping) -> Consent:
    return Consent(row["topic"], row["version"], row["granted"], row["at"], row["asked_version"])
