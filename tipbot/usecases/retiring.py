"""Items that nobody shall get any more, without a word changed in the files."""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from tipbot.domain.content import ENGLISH, Item, ItemId
from tipbot.domain.operators import Right
from tipbot.domain.subscribers import Kind
from tipbot.logs import get_logger
from tipbot.storage.audit import Deed
from tipbot.storage.books import Books
from tipbot.storage.database import Database
from tipbot.storage.retired import Retirement
from tipbot.usecases.errors import NoSuchItem, TooFewLeft
from tipbot.usecases.library import Library, deck_of
from tipbot.usecases.replacing import Replace
from tipbot.usecases.staffing import allowed

log = get_logger(__name__)

# With fewer than these people would soon get the same ones again and again.
FEWEST = {Kind.TIP: 10, Kind.STRETCH: 5}
# Two who retire at the same moment queue here, so that neither forgets to count the other's.
RETIRE = "retire"
# While a new version is rolled out, one process may not know an item that another has just retired.
REMEMBERED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Retiree:
    """A retired item, and the item itself as long as the content has it."""

    retirement: Retirement
    item: Item | None


class Retire:
    """Keeps the list of retired items, and the library in agreement with it."""

    def __init__(self, database: Database, library: Library) -> None:
        self._database, self._library = database, library
        self._replace = Replace(database, library)
        # Between reading the list and heeding it nobody else may change it, or a moment later the old one counts.
        self._turn = asyncio.Lock()

    def find(self, item_id: ItemId) -> Item | None:
        """Return an item of the content, retired or not, in English."""
        return self._library.edition.written.item(ENGLISH, item_id)

    def is_retired(self, item_id: ItemId) -> bool:
        """Say whether nobody gets this item any more."""
        return item_id in self._library.edition.retired

    async def retire(self, item_id: ItemId, *, operator: int, now: datetime) -> None:
        """Give an item to nobody any more, and let others go in its place where it waits.

        Other processes follow within seconds. Raises NotAllowed, NoSuchItem or TooFewLeft.
        """
        if self.find(item_id) is None:
            raise NoSuchItem
        async with self._turn:
            async with self._database.writing() as books:
                await allowed(books, operator, Right.SEND)
                await books.chores.note(RETIRE, now=now)
                gone = await _ids(books)
                if item_id not in gone:
                    self._refuse_too_few(gone, item_id)
                    await books.retired.add(Retirement(item_id, operator, now))
                    await books.audit.note(Deed(operator, "item-retired", item_id, now))
            self._library.retire(gone | {item_id})
        await self._replace.replace({item_id}, now=now)

    def _refuse_too_few(self, gone: frozenset[ItemId], item_id: ItemId) -> None:
        written = self._library.edition.written
        before, after = written.without(gone), written.without(gone | {item_id})
        for kind, fewest in FEWEST.items():
            for language in written.languages:
                left = len(deck_of(after, language, kind))
                if left < fewest and left < len(deck_of(before, language, kind)):
                    raise TooFewLeft(kind, left, fewest)

    async def bring_back(self, item_id: ItemId, *, operator: int, now: datetime) -> None:
        """Let an item come again. Raises NotAllowed."""
        async with self._turn:
            async with self._database.writing() as books:
                await allowed(books, operator, Right.SEND)
                if await books.retired.remove(item_id):
                    await books.audit.note(Deed(operator, "item-brought-back", item_id, now))
                gone = await _ids(books)
            self._library.retire(gone)

    async def listed(self) -> list[Retiree]:
        """Return what was retired, the latest first."""
        async with self._database.reading() as books:
            retired = await books.retired.all()
        return [Retiree(one, self.find(one.item)) for one in retired]

    async def notice(self, *, now: datetime) -> None:
        """Follow what other processes retired and brought back."""
        async with self._turn:
            async with self._database.reading() as books:
                gone = await _ids(books)
            fresh = gone - self._library.edition.retired
            self._library.retire(gone)
        # Until now this process may have planned what another had retired already.
        await self._replace.replace(fresh, now=now)

    async def tidy(self, *, now: datetime) -> None:
        """Forget retired items that the content has not had for a while."""
        known = self._library.edition.written.shelves[ENGLISH].by_id
        async with self._database.writing() as books:
            forgotten = await books.retired.tidy(list(known), before=now - REMEMBERED_FOR)
        if forgotten:
            log.info("retired_items_forgotten", items=forgotten)


async def _ids(books: Books) -> frozenset[ItemId]:
    return frozenset(one.item for one in await books.retired.all())
