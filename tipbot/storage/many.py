"""Hundreds of rows in one statement: otherwise preparing each takes longer than writing it, see decision 0017.

SQLite's driver takes rows, and goes through them without coming back to Python; PostgreSQL takes one array for each
column, in one round trip.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.ext.asyncio import AsyncConnection

Row = Sequence[Any]


async def insert_many(
    connection: AsyncConnection, table: Table, names: tuple[str, ...], rows: Sequence[Row], *, unique: str
) -> None:
    """Write rows down, each with a value for every name; one whose `unique` column is there already is left out."""
    rows_from = "VALUES ({})" if _is_sqlite(connection) else "SELECT * FROM unnest({})"
    # Nothing but names of our own tables and columns is put together here.
    before = f"INSERT INTO {table.name} ({', '.join(names)}) {rows_from}"
    await _go_through(connection, table, names, f"{before} ON CONFLICT ({unique}) DO NOTHING", rows)


async def update_many(
    connection: AsyncConnection,
    table: Table,
    names: tuple[str, ...],
    rows: Sequence[Row],
    *,
    keys: tuple[str, ...],
) -> None:
    """Change rows, each with a value for every name and then for every key."""
    if _is_sqlite(connection):
        changes = ", ".join(f"{name} = ?" for name in names)
        statement = f"UPDATE {table.name} SET {changes} WHERE {' AND '.join(f'{key} = ?' for key in keys)}"  # noqa: S608
    else:
        changes = ", ".join(f"{name} = new.{name}" for name in names)
        these = " AND ".join(f"{table.name}.{key} = new.{key}" for key in keys)
        given = f"unnest({{}}) AS new ({', '.join((*names, *keys))})"
        statement = f"UPDATE {table.name} SET {changes} FROM {given} WHERE {these}"  # noqa: S608
    await _go_through(connection, table, (*names, *keys), statement, rows)


async def _go_through(
    connection: AsyncConnection, table: Table, names: tuple[str, ...], statement: str, rows: Sequence[Row]
) -> None:
    """Fill the marks for values in at `{}`, and execute."""
    if not rows:
        return
    converters, types = _columns(table, names, connection.dialect)
    columns = [
        values if convert is None else converted(convert, values)
        for convert, values in zip(converters, zip(*rows, strict=True), strict=True)
    ]
    if _is_sqlite(connection):
        marks = ", ".join("?" * len(names))
        await connection.exec_driver_sql(statement.format(marks), list(zip(*columns, strict=True)))
    else:
        marks = ", ".join(f"${number}::{kind}[]" for number, kind in enumerate(types, start=1))
        await connection.exec_driver_sql(statement.format(marks), tuple(columns))


def converted(convert: Callable[[Any], object], values: Sequence[Any]) -> list[object]:
    """Convert equal values once: those of many rows are mostly the same few moments and dates."""
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]


Converters = Sequence[Callable[[Any], object] | None]


@lru_cache(maxsize=16)
def _columns(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[Converters, list[str]]:
    """Return what turns a value of each column into what is stored, and the column's type in SQL."""
    types = [table.c[name].type for name in names]
    converters = [kind.dialect_impl(dialect).bind_processor(dialect) for kind in types]
    return converters, [kind.compile(dialect=dialect) for kind in types]


def _is_sqlite(connection: AsyncConnection) -> bool:
    return connection.dialect.name == "sqlite"
