"""Where the link buttons of broadcasts lead, by way of TipBot's public address, so that presses can be counted."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from tipbot.domain.broadcasts import BroadcastStatus
from tipbot.domain.composition import Composition, LinkButton
from tipbot.logs import get_logger
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable

log = get_logger(__name__)

# Addresses that Telegram opens by itself: by way of a web page they would open a browser instead.
_INSIDE_TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
# As long as somebody is ready to look at an empty page; then what was known before has to do.
PATIENCE = timedelta(seconds=1)
FRESH_FOR = timedelta(minutes=1)
KEPT = 1_000


def counted_links(number: int, composition: Composition, public_url: str | None) -> Composition:
    """Return a composition whose buttons lead through `<public_url>/go/b/<number>/<n>`, counted from 0.

    `number` is that of the broadcast, of a correction that of the broadcast it corrects. Links in the text stay as
    they are, and so do addresses that Telegram itself opens. Without a public address nothing changes.
    """
    if public_url is None:
        return composition
    links = [
        replace(link, url=f"{public_url}/go/b/{number}/{place}") if _can_be_counted(link) else link
        for place, link in enumerate(composition.links)
    ]
    return replace(composition, links=tuple(links))


def _can_be_counted(link: LinkButton) -> bool:
    parts = urlsplit(link.url)
    return parts.scheme in {"http", "https"} and (parts.hostname or "") not in _INSIDE_TELEGRAM


@dataclass(frozen=True, slots=True)
class _Known:
    """The addresses below a broadcast as they were read at a moment; presses of a draft are its operators' own."""

    addresses: tuple[str, ...]
    is_draft: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a press leads, and whether it counts."""

    address: str
    is_counted: bool


class BroadcastLinks:
    """Looks addresses up and remembers them, so that a button works while the database is slow or away."""

    def __init__(self, database: Database, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._known: OrderedDict[int, _Known] = OrderedDict()

    async def destination(self, number: int, place: int) -> Destination | None:
        """Return where a button leads, or None for one that is in no broadcast."""
        known = await self._look_up(number)
        if known is None or place >= len(known.addresses):
            return None
        return Destination(known.addresses[place], is_counted=not known.is_draft)

    async def _look_up(self, number: int) -> _Known | None:
        kept = self._known.get(number)
        if kept is not None and self._now() - kept.read_at < FRESH_FOR and not kept.is_draft:
            return kept
        try:
            async with asyncio.timeout(PATIENCE.total_seconds()):
                read = await self._read(number)
        except (StorageUnavailable, TimeoutError) as reason:
            log.info("broadcast_links_from_memory", broadcast=number, reason=type(reason).__name__)
            return kept
        self._known[number] = read
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return read

    async def _read(self, number: int) -> _Known:
        async with self._database.reading() as books:
            broadcast = await books.broadcasts.find(number)
        if broadcast is None:
            return _Known((), is_draft=False, read_at=self._now())
        addresses = tuple(link.url for link in broadcast.composition.links)
        return _Known(addresses, broadcast.status is BroadcastStatus.DRAFT, self._now())
