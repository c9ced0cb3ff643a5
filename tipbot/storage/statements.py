"""The few statements that SQLite and PostgreSQL spell alike but SQLAlchemy offers once for each."""

import json
from collections.abc import Collection
from typing import cast

from sqlalchemy import ARRAY, BigInteger, Column, ColumnElement, Table, any_, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """Return an insert that knows ON CONFLICT, in the dialect of this connection."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    # The two classes offer the same methods without sharing a type.
    return cast("sqlite.Insert", postgresql.insert(table))


def among(connection: AsyncConnection, chat: Column[int], chat_ids: Collection[int]) -> ColumnElement[bool]:
    """Return whether a chat is among these, who may be hundreds: as one value, not as one for each of them.

    The statement is the same however many there are, so neither SQLAlchemy nor PostgreSQL prepares it again.
    """
    if connection.dialect.name == "sqlite":
        ids = func.json_each(json.dumps(list(chat_ids))).table_valued(column("value", BigInteger))
        return chat.in_(select(ids.c.value))
    return chat == any_(bindparam(None, list(chat_ids), ARRAY(BigInteger)))
