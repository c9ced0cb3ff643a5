"""Two transactions at once on PostgreSQL: which of them waits for the other."""

import asyncio
from typing import Any

from sqlalchemy import text

from tipbot.storage.database import Database

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


async def waits_for_a_lock(database: Database, task: asyncio.Task[Any]) -> bool:
    """Say whether a task came to wait for a row that somebody else holds; False when it ended without waiting."""
    async with asyncio.timeout(20), database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while not task.done():
            if await connection.scalar(_WAITING):
                return True
            await asyncio.sleep(0.005)
    return False
