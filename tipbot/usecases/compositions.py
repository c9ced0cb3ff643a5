"""What a delivery of a broadcast brings: looked up once and kept, because thousands bring the same."""

import asyncio
from collections import OrderedDict

from tipbot.domain.broadcasts import Broadcast
from tipbot.domain.content import ItemId
from tipbot.storage.database import Database

# More broadcasts than ever go out at once.
KEPT = 16


class Compositions:
    """Finds broadcasts by the name of a delivery's item, "<number>.<revision>"."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: OrderedDict[ItemId, Broadcast] = OrderedDict()
        self._looking = asyncio.Lock()

    async def find(self, item: ItemId) -> Broadcast | None:
        """Return the broadcast with the words of an item, None where there is none; raises StorageUnavailable.

        New words have a new revision, so what is kept under a name never goes stale. A delivery whose name is older
        than the words brings the newest ones.
        """
        # The first hundred of a broadcast set off together: one of them looks, the others wait for it.
        async with self._looking:
            return self._kept.get(item) or await self._look_up(item)

    async def _look_up(self, item: ItemId) -> Broadcast | None:
        number = item.partition(".")[0]
        if not number.isdecimal():
            return None
        async with self._database.reading() as books:
            found = await books.broadcasts.find(int(number))
        if found is not None:
            self._kept[item] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
