"""The statements of every turn of the journal, made once: to make them takes longer than to carry them out."""

import json
from collections.abc import Iterable

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
    or_,
    select,
    update,
)
from sqlalchemy.sql.dml import UpdateBase

from tipbot.domain.delivery import Claim, Sent
from tipbot.storage.columns import UtcDateTime
from tipbot.storage.prepared import Prepared
from tipbot.storage.schema import is_queued, is_sending, outbox

# What an answer may still settle: unknown only means that nobody had heard it yet.
is_open = or_(is_sending, outbox.c.status == literal_column("'unknown'"))
# What a claim is made of, after what tells which was due first.
CLAIMED = (
    *(outbox.c.next_try_at, outbox.c.id, outbox.c.chat_id, outbox.c.kind, outbox.c.item, outbox.c.language),
    *(outbox.c.not_after, outbox.c.attempts, outbox.c.has_offer),
    *(outbox.c.broadcast_id, outbox.c.target, outbox.c.also),
)


def write_ids(messages: Iterable[int]) -> str | None:
    """Return the further messages of an album as they are stored."""
    return ",".join(map(str, messages)) or None


def as_answers(sent: Iterable[tuple[Claim, Sent]]) -> str:
    """Return answers as the statement takes them: one JSON value, where rows would be bound one by one."""
    return json.dumps([[claim.id, claim.attempts, got.message_id, write_ids(got.also)] for claim, got in sent])


def _settle_accepted(dialect: str) -> Update:
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


settle_accepted = Prepared(_settle_accepted)
"""Settles accepted messages: `answers` of `owner` at `now`. What is not the owner's any more is left alone."""


def _claim_due(_: str) -> UpdateBase:
    now = bindparam("now", type_=UtcDateTime)
    due = (
        select(outbox.c.id)
        .where(is_queued, outbox.c.next_try_at <= now, outbox.c.not_after >= now)
        .order_by(outbox.c.next_try_at, outbox.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(skip_locked=True)
    )
    # Without MATERIALIZED, PostgreSQL may run the inner query more than once and take more rows than asked.
    picked = due.cte("picked").prefix_with("MATERIALIZED", dialect="postgresql")
    lease = {"lease_by": bindparam("owner"), "lease_until": bindparam("until", type_=UtcDateTime)}
    return (
        update(outbox)
        .where(outbox.c.id.in_(select(picked.c.id)))
        .values(status=literal_column("'sending'"), attempts=outbox.c.attempts + 1, **lease)
        .returning(*CLAIMED)
    )


claim_due = Prepared(_claim_due, returns=CLAIMED)
"""Takes `most` deliveries that are due `now` for `owner`, with a lease `until`, and returns them as CLAIMED."""
