"""Everything one transaction can read and write, by subject."""

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


class Books:
    """The record as one open transaction sees it."""

    def __init__(self, connection: AsyncConnection) -> None:
        self.subscribers = Subscribers(connection)
        self.slots = Slots(connection)
        self.outbox = Outbox(connection)
        self.pace = PaceRow(connection)
        self.consents = Consents(connection)
        self.agenda = Agenda(connection)
        self.articles = Articles(connection)
        self.audit = Audit(connection)
        self.updates = UpdatesInHand(connection)
        self.totals = Totals(connection)
        self.identity = Identity(connection)
        self.link_presses = LinkPresses(connection)
        self.favourites = Favourites(connection)
        self.exclusions = Exclusions(connection)
        self.feed = Feed(connection)
        self.feedback = Feedback(connection)
        self.personal = Personal(connection)
        self.departures = Departures(connection)
        self.broadcasts = Broadcasts(connection)
        self.chores = Chores(connection)
        self.recipients = Recipients(connection)
        self.retired = Retired(connection)
        self.staff = Staff(connection)
        self.tallies = Tallies(connection)
        self.numbers = Numbers(connection)
        self.told = Told(connection)
        self.watchers = Watchers(connection)
        self.witness = Witness(connection)
        self.broadcast_deliveries = BroadcastDeliveries(connection)
