"""Writes down any number of accepted messages in one statement, whose cost hardly grows with them."""

import json
from collections.abc import Iterable
from functools import cache

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Integer,
    String,
    Update,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    null,
    update,
)

from tipbot.domain.delivery import Claim, Sent
from tipbot.storage.columns import UtcDateTime
from tipbot.storage.schema import outbox


def write_ids(messages: Iterable[int]) -> str | None:
    """Return the further messages of an album as they are stored."""
    return ",".join(map(str, messages)) or None


def as_answers(sent: Iterable[tuple[Claim, Sent]]) -> str:
    """Return answers as the statement takes them: one JSON value, where rows would be bound one by one."""
    return json.dumps([[claim.id, claim.attempts, got.message_id, write_ids(got.also)] for claim, got in sent])


@cache
def settle_accepted(dialect: str, is_open: ColumnElement[bool]) -> Update:
    """Return the statement; it takes `answers`, `owner` and `now`, and leaves alone what is not the owner's."""
    number, attempt, message, further = _answer(dialect)
    settled = {"status": literal_column("'sent'"), "settled_at": bindparam("now", type_=UtcDateTime)}
    return (
        update(outbox)
        .where(outbox.c.id == number, outbox.c.attempts == attempt, is_open)
        .where(outbox.c.lease_by == bindparam("owner"))
        .values(message_id=message, also=further, reason=null(), lease_until=null(), **settled)
    )


def _answer(dialect: str) -> list[ColumnElement[object]]:
    """Return the four parts of one of the answers, as columns of what the database makes of the JSON value."""
    given = bindparam("answers", type_=String)
    kinds = (BigInteger, Integer, BigInteger, String)
    if dialect == "sqlite":
        each = func.json_each(given).table_valued("value", name="answer")
        return [func.json_extract(each.c.value, f"$[{place}]", type_=kind) for place, kind in enumerate(kinds)]
    each = func.json_array_elements(cast(given, JSON)).table_valued(column("value", JSON), name="answer")
    return [cast(each.c.value.op("->>")(place), kind) for place, kind in enumerate(kinds)]
