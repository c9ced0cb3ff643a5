"""What many pages of the record say alike, made once, and what SQLAlchemy offers once for each database.

To make a simple statement, and to recognise it as one that was compiled before, takes as long as to carry it out.
"""

import json
from collections.abc import Collection
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    ColumnElement,
    Select,
    Table,
    Update,
    any_,
    bindparam,
    column,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """Return an insert that knows ON CONFLICT, in the dialect of this connection."""
    return _insert_into(connection.dialect.name, table)


def _insert_into(dialect: str, table: Table) -> sqlite.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    # The two classes offer the same methods without sharing a type.
    return cast("sqlite.Insert", postgresql.insert(table))


@cache
def rows_with(*keys: Column[Any], for_change: bool = False) -> Select[Any]:
    """Return what reads the rows with certain values in these columns of a table; it takes them by their names.

    `for_change` keeps others from changing the rows until the transaction ends.
    """
    statement = select(keys[0].table).where(*(key == bindparam(key.name) for key in keys))
    return statement.with_for_update() if for_change else statement


@cache
def change_where(*keys: Column[Any]) -> Update:
    """Return what changes the rows that have certain values in these columns of a table.

    It takes what is new by the columns' names, and the keys by theirs with "this_" before them.
    """
    table = keys[0].table
    return update(table).where(*(key == bindparam(f"this_{key.name}") for key in keys))


def new_row(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """Return what writes a row, or many, by the names of its columns; one that is there already stays as it is."""
    return _new_row(connection.dialect.name, table)


@cache
def _new_row(dialect: str, table: Table) -> sqlite.Insert:
    return _insert_into(dialect, table).on_conflict_do_nothing()


def new_or_changed_row(connection: AsyncConnection, keys: tuple[Column[Any], ...], *changed: str) -> sqlite.Insert:
    """Return what writes a row by the names of its columns; of one with these keys it changes those columns."""
    return _new_or_changed_row(connection.dialect.name, keys, changed)


@cache
def _new_or_changed_row(dialect: str, keys: tuple[Column[Any], ...], changed: tuple[str, ...]) -> sqlite.Insert:
    statement = _insert_into(dialect, keys[0].table)
    newer = {name: statement.excluded[name] for name in changed}
    return statement.on_conflict_do_update(index_elements=[key.name for key in keys], set_=newer)


def row_added(connection: AsyncConnection, keys: tuple[Column[Any], ...], number: str) -> sqlite.Insert:
    """Return what writes rows by the names of their columns; to one with these keys the number is added.

    Give rows in one order everywhere: then two who add at once wait for each other, and never for ever.
    """
    return _row_added(connection.dialect.name, keys, number)


@cache
def _row_added(dialect: str, keys: tuple[Column[Any], ...], number: str) -> sqlite.Insert:
    table = keys[0].table
    statement = _insert_into(dialect, table)
    more = {number: table.c[number] + statement.excluded[number]}
    return statement.on_conflict_do_update(index_elements=[key.name for key in keys], set_=more)


def among(dialect: str, chat: Column[int]) -> ColumnElement[bool]:
    """Return whether a chat is among those of `chats_among`, who may be hundreds.

    They are one value, so that the statement is the same however many there are: neither SQLAlchemy nor PostgreSQL
    prepares it again.
    """
    if dialect == "sqlite":
        ids = func.json_each(bindparam("chats")).table_valued(column("value", BigInteger))
        return chat.in_(select(ids.c.value))
    return chat == any_(bindparam("chats", type_=ARRAY(BigInteger)))


def chats_among(connection: AsyncConnection, chat_ids: Collection[int]) -> dict[str, object]:
    """Return the value that goes with a statement in which `among` stands."""
    return {"chats": json.dumps(list(chat_ids)) if connection.dialect.name == "sqlite" else list(chat_ids)}
