"""The few statements that SQLite and PostgreSQL spell alike but SQLAlchemy offers once for each."""

from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(connection: AsyncConnection, table: Table) -> sqlite.Insert:
    """Return an insert that knows ON CONFLICT, in the dialect of this connection."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    # The two classes offer the same methods without sharing a type.
    return cast("sqlite.Insert", postgresql.insert(table))
