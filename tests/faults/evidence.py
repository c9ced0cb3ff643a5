"""Reads both sides for the oracle: the ledger from the database, and the messages from the sandbox."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from sqlalchemy import Select, and_, false, select, true
from sqlalchemy.engine import RowMapping

from tests.content import shipped_catalogue
from tests.faults.oracle import Ledger, Message, Row, Telegram
from tipbot.domain.broadcasts import Action, Broadcast, BroadcastStatus
from tipbot.domain.composition import plain
from tipbot.domain.content import Stretch
from tipbot.domain.delivery import DeliveryStatus, Matter
from tipbot.sandbox import Sandbox
from tipbot.storage.audience import may_get
from tipbot.storage.broadcasts import broadcast_from
from tipbot.storage.database import Database
from tipbot.storage.outbox import read_ids
from tipbot.storage.schema import broadcasts, outbox, recipients, subscribers

FORBIDDEN, BAD_REQUEST = 403, 400


async def read_ledger(database: Database, chats: Sequence[int] | None = None) -> Ledger:
    """Return what is written down: all of it, or what concerns these chats, which are a range without gaps."""
    within = true() if chats is None else outbox.c.chat_id.between(min(chats), max(chats))
    async with database.engine.connect() as connection:
        made = [broadcast_from(row) for row in (await connection.execute(select(broadcasts))).mappings()]
        rows = (await connection.execute(select(outbox).where(within).order_by(outbox.c.id))).mappings().all()
        promised = [row for one in made for row in (await connection.execute(_promised_by(one, chats))).all()]
    words: dict[str, str | None] = {**_words_of_items(), **{one.item: _words_of(one) for one in made}}
    owed = [f"broadcast:{row.broadcast_id}:{row.chat_id}" for row in promised]
    return Ledger([_row(row, words) for row in rows], owed)


def read_telegram(sandbox: Sandbox, chats: Iterable[int] | None = None, *, since: int = 0) -> Telegram:
    """Return what Telegram has of these chats, or of all; `since` is a number of calls before which none counts."""
    wanted = list(sandbox.telegram.chats) if chats is None else list(chats)
    messages = [
        Message(chat, one.message_id, one.text, one.deleted) for chat in wanted for one in sandbox.sent_to(chat)
    ]
    calls = sandbox.calls.after(since, most=sandbox.calls.total)
    refused = {call.chat_id for _, call in calls if call.status in (FORBIDDEN, BAD_REQUEST)}
    return Telegram(messages, {chat for chat in refused if chat is not None})


def _promised_by(broadcast: Broadcast, chats: Sequence[int] | None) -> Select[tuple[int, int]]:
    """Return who must have a row: each recipient of a broadcast that is done, unless they want it no more."""
    mine = and_(recipients.c.broadcast_id == broadcast.id, may_get(broadcast.purpose))
    if chats is not None:
        mine = and_(mine, recipients.c.chat_id.between(min(chats), max(chats)))
    is_over = broadcast.status is BroadcastStatus.DONE and broadcast.action is Action.MESSAGE
    listed = select(recipients.c.broadcast_id, recipients.c.chat_id).where(mine if is_over else false())
    return listed.join(subscribers, subscribers.c.chat_id == recipients.c.chat_id)


def _words_of(broadcast: Broadcast) -> str | None:
    parts = broadcast.composition.parts
    return plain(parts[0].html).strip() if len(parts) == 1 else None


@cache
def _words_of_items() -> Mapping[str, str]:
    shelves = shipped_catalogue().shelves.values()
    items = [item for shelf in shelves for item in shelf.by_id.values()]
    return {item.id: item.name if isinstance(item, Stretch) else item.title for item in items}


def _row(row: RowMapping, words: Mapping[str, str | None]) -> Row:
    return Row(
        id=row["id"],
        key=row["key"],
        chat_id=row["chat_id"],
        kind=Matter(row["kind"]),
        status=DeliveryStatus(row["status"]),
        words=words.get(row["item"]),
        message_id=row["message_id"],
        reason=row["reason"],
        also=read_ids(row["also"]),
        target=row["target"],
    )
