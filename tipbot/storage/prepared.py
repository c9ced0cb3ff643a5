"""Statements of every turn and of every batch, made once: SQLAlchemy takes longer over one than SQLite does.

On SQLite they go to the driver as they are, and what nobody needs the outcome of goes with whatever comes next: the
trip to SQLite's thread is dear. On PostgreSQL they go the usual way.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Dialect
from sqlalchemy.dialects.sqlite import aiosqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from tipbot.storage.many import converted
from tipbot.storage.sqlite import ours

Given = Mapping[str, object]
_SQLITE: Dialect = aiosqlite.dialect(paramstyle="named")


class Prepared:
    """A statement that takes values by name; `made` returns it in the words of a dialect."""

    def __init__(self, made: Callable[[str], Executable], *, returns: Sequence[ColumnElement[Any]] = ()) -> None:
        self._made = cache(made)
        self._width = len(returns)
        self._plain = cache(lambda: _Plain(self._made("sqlite"), returns))

    async def rows(self, connection: AsyncConnection, given: Given) -> Sequence[Sequence[Any]]:
        """Execute it and return its rows."""
        if connection.dialect.name != "sqlite":
            return (await connection.execute(self._made(connection.dialect.name), given)).all()
        plain = self._plain()
        return plain.read(await ours(connection).rows(plain.words, plain.stored(given)))

    async def columns(self, connection: AsyncConnection, given: Given) -> list[Sequence[Any]]:
        """Execute it and return the columns of what it returns, for which hundreds of rows are no more work."""
        if connection.dialect.name != "sqlite":
            rows = (await connection.execute(self._made(connection.dialect.name), given)).all()
            return _turned(rows, self._width)
        plain = self._plain()
        found = await ours(connection).rows(plain.words, plain.stored(given))
        return plain.read_columns(_turned(found, self._width))

    async def soon(self, connection: AsyncConnection, given: Given) -> None:
        """Execute it before whatever comes next in this transaction, be it its end; what fails may fail there."""
        if connection.dialect.name != "sqlite":
            await connection.execute(self._made(connection.dialect.name), given)
            return
        plain = self._plain()
        ours(connection).soon(plain.words, plain.stored(given))


class _Plain:
    """A statement as SQLite's driver takes it, and what is done to values on their way there and back."""

    def __init__(self, statement: Executable, returns: Sequence[ColumnElement[Any]]) -> None:
        compiled = cast("SQLCompiler", statement.compile(dialect=_SQLITE))  # type: ignore[attr-defined]
        self.words = str(compiled)
        binds = compiled.binds
        self._constants = {name: value for name, value in compiled.params.items() if not binds[name].required}
        self._store = {
            name: _on_sqlite(bind.type).bind_processor(_SQLITE) for name, bind in binds.items() if bind.required
        }
        readers = [_on_sqlite(column.type).result_processor(_SQLITE, None) for column in returns]
        self._readers = [(place, reader) for place, reader in enumerate(readers) if reader is not None]

    def stored(self, given: Given) -> dict[str, object]:
        """Return these values, and those that are always the same, as they are stored."""
        values = dict(self._constants)
        for name, store in self._store.items():
            values[name] = given[name] if store is None else store(given[name])
        return values

    def read(self, rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
        """Return rows as Python's values."""
        found = [list(row) for row in rows]
        for row in found:
            for place, read in self._readers:
                row[place] = read(row[place])
        return found

    def read_columns(self, columns: list[Sequence[Any]]) -> list[Sequence[Any]]:
        """Return columns of rows as Python's values."""
        for place, read in self._readers:
            columns[place] = converted(read, columns[place])
        return columns


def _turned(rows: Sequence[Sequence[Any]], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width


def _on_sqlite(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.dialect_impl(_SQLITE)
