"""What is known of the clinic's feed: which version was read last, and since when it fails."""

import json

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.domain.feed import FeedFault, FeedStanding, FeedTrouble, FeedVersion
from tipbot.storage.schema import feed_state
from tipbot.storage.statements import insert_into

_THE_ONE = 1


class Feed:
    """The feed's page of the record; there is one feed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def find(self) -> FeedStanding | None:
        """Return how things stood at the last check, or None when there was none yet."""
        row = (await self._connection.execute(select(feed_state))).one_or_none()
        if row is None:
            return None
        trouble = None if row.reason is None else _trouble(row.reason)
        version = FeedVersion(row.etag, row.modified)
        return FeedStanding(row.url_digest, row.checked_at, version, row.read_at, row.failing_since, trouble)

    async def save(self, standing: FeedStanding) -> None:
        """Write down how things stand."""
        trouble = standing.trouble
        values = {
            "url_digest": standing.url_digest,
            "etag": standing.version.etag,
            "modified": standing.version.modified,
            "checked_at": standing.checked_at,
            "read_at": standing.read_at,
            "failing_since": standing.failing_since,
            "reason": None if trouble is None else json.dumps([trouble.fault, trouble.host, trouble.detail]),
        }
        statement = insert_into(self._connection, feed_state).values(id=_THE_ONE, **values)
        await self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))


def _trouble(stored: str) -> FeedTrouble:
    fault, host, detail = json.loads(stored)
    return FeedTrouble(FeedFault(fault), host, detail)
