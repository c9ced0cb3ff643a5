"""Whose database this is: the number of the one bot that its subscribers know."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.schema import identity
from tipbot.storage.statements import insert_into

_ONLY_ROW = 1


class Identity:
    """The bot's page of the record: one row, written at the first start and never changed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def owner(self) -> int | None:
        """Return the id of the bot whose database this is, or None before the first start."""
        owner: int | None = await self._connection.scalar(select(identity.c.bot_id))
        return owner

    async def claim(self, bot_id: int) -> int:
        """Let the database belong to this bot unless it belongs to one already; return whose it is.

        Of two that start at once the second waits for the first one's transaction, and sees its number.
        """
        mine = insert_into(self._connection, identity).values(id=_ONLY_ROW, bot_id=bot_id)
        await self._connection.execute(mine.on_conflict_do_nothing())
        owner: int = (await self._connection.execute(select(identity.c.bot_id))).scalar_one()
        return owner


def stranger(owner: int, bot_id: int) -> str:
    """Return what to say to a bot whose database this is not."""
    return (
        f"the database belongs to bot {owner}, but TIPBOT_TOKEN to bot {bot_id}, whom nobody in it has subscribed "
        f"to: set the token of bot {owner}, or let TIPBOT_DATABASE_URL name another database"
    )
