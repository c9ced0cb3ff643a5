"""Everything one transaction can read and write, by subject."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection

from tipbot.storage.agenda import Agenda
from tipbot.storage.articles import Articles
from tipbot.storage.audit import Audit
from tipbot.storage.broadcast_deliveries import BroadcastDeliveries
from tipbot.storage.broadcasts import Broadcasts
from tipbot.storage.chores import Chores
from tipbot.storage.consents import Consents
from tipbot.storage.departures import Departures
from tipbot.storage.exclusions import Exclusions
from tipbot.storage.favourites import Favourites
from tipbot.storage.feed import Feed
from tipbot.storage.feedback import Feedback
from tipbot.storage.identity import Identity
from tipbot.storage.intake import UpdatesInHand
from tipbot.storage.numbers import Numbers
from tipbot.storage.outbox import Outbox
from tipbot.storage.pace import PaceRow
from tipbot.storage.personal import Personal
from tipbot.storage.presses import LinkPresses
from tipbot.storage.recipients import Recipients
from tipbot.storage.retired import Retired
from tipbot.storage.slots import Slots
from tipbot.storage.staff import Staff
from tipbot.storage.subscribers import Subscribers
from tipbot.storage.tallies import Tallies
from tipbot.storage.told import Told
from tipbot.storage.totals import Totals
from tipbot.storage.watchers import Watchers
from tipbot.storage.witness import Witness

Page = TypeVar("Page")


class _Opened(Generic[Page]):
    """A page that is opened when it is first looked at: of all there are, a transaction needs one or two."""

    def __init__(self, page: Callable[[AsyncConnection], Page]) -> None:
        self._page = page

    def __set_name__(self, books: type, name: str) -> None:
        self._name = name

    def __get__(self, books: "Books", kind: type) -> Page:
        opened = self._page(books.connection)
        vars(books)[self._name] = opened  # where Python looks first from now on
        return opened


class Books:
    """The record as one open transaction sees it."""

    subscribers = _Opened(Subscribers)
    slots = _Opened(Slots)
    outbox = _Opened(Outbox)
    pace = _Opened(PaceRow)
    consents = _Opened(Consents)
    agenda = _Opened(Agenda)
    articles = _Opened(Articles)
    audit = _Opened(Audit)
    updates = _Opened(UpdatesInHand)
    totals = _Opened(Totals)
    identity = _Opened(Identity)
    link_presses = _Opened(LinkPresses)
    favourites = _Opened(Favourites)
    exclusions = _Opened(Exclusions)
    feed = _Opened(Feed)
    feedback = _Opened(Feedback)
    personal = _Opened(Personal)
    departures = _Opened(Departures)
    broadcasts = _Opened(Broadcasts)
    chores = _Opened(Chores)
    recipients = _Opened(Recipients)
    retired = _Opened(Retired)
    staff = _Opened(Staff)
    tallies = _Opened(Tallies)
    numbers = _Opened(Numbers)
    told = _Opened(Told)
    watchers = _Opened(Watchers)
    witness = _Opened(Witness)
    broadcast_deliveries = _Opened(BroadcastDeliveries)

    def __init__(self, connection: AsyncConnection) -> None:
        self.connection = connection
