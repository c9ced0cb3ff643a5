"""Whose database it is: said once, at the first start, also when two processes start at once."""

import asyncio

from tipbot.storage.database import Database


async def test_the_first_bot_owns_the_database_and_nobody_after_it(database: Database) -> None:
    async with database.reading() as books:
        assert await books.identity.owner() is None
    for bot_id in (7, 8, 7):
        async with database.writing() as books:
            assert await books.identity.claim(bot_id) == 7
    async with database.reading() as books:
        assert await books.identity.owner() == 7


async def test_two_bots_that_start_at_once_agree_on_the_owner(database: Database) -> None:
    start = asyncio.Barrier(6)

    async def claim(bot_id: int) -> int:
        await start.wait()
        async with database.writing() as books:
            owner = await books.identity.claim(bot_id)
            # The others are in the middle of theirs.
            await asyncio.sleep(0)
            return owner

    async with asyncio.TaskGroup() as tasks:
        claims = [tasks.create_task(claim(7 + number)) for number in range(6)]
    async with database.reading() as books:
        assert {await claimed for claimed in claims} == {await books.identity.owner()}
