"""Where the booking buttons lead, and how often they are pressed: counted together, never for a person."""

from collections import Counter
from datetime import datetime

from tipbot.domain.content import CLINIC_TARGET, Clinic, Origin, TherapistId
from tipbot.domain.links import with_campaign
from tipbot.logs import get_logger
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.storage.presses import LinkPress
from tipbot.usecases.library import Library

log = get_logger(__name__)


class BookingLinks:
    """The addresses of clinic.toml, straight or by way of TipBot's public address, where presses are counted."""

    def __init__(self, library: Library, *, public_url: str | None) -> None:
        self._library = library
        self.public_url = public_url

    @property
    def clinic(self) -> Clinic:
        """The clinic as it is now."""
        return self._library.catalogue.clinic

    def shown(self, origin: Origin, therapist: TherapistId | None = None) -> str:
        """Return the address behind a button: the clinic's own, or that of one of its therapists with a link."""
        target = therapist or CLINIC_TARGET
        if self.public_url is not None:
            return f"{self.public_url}/go/{target}/{origin}"
        return with_campaign(self._addresses()[target], origin)

    def destination(self, target: str, origin: Origin) -> str | None:
        """Return where a press really leads, or None for a target that clinic.toml does not name."""
        address = self._addresses().get(target)
        return None if address is None else with_campaign(address, origin)

    def _addresses(self) -> dict[str, str]:
        addresses: dict[str, str] = {CLINIC_TARGET: self.clinic.booking_url}
        return addresses | {str(therapist): url for therapist, url in self.clinic.booking_urls.items()}


class CountPresses:
    """Counts in memory and writes the numbers down now and then, so that no press waits for the database.

    What a process counted since it last wrote is lost when it is killed.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: Counter[LinkPress] = Counter()

    def note(self, target: str, origin: Origin, *, now: datetime) -> None:
        """Count one press; there are only as many different ones as there are links."""
        self._waiting[LinkPress(now.date(), origin, target)] += 1

    async def write(self) -> int:
        """Write down what was counted and return how much that was; while the database is away it is kept."""
        if not self._waiting:
            return 0
        counted, self._waiting = self._waiting, Counter()
        try:
            async with self._database.writing() as books:
                await books.link_presses.add(counted)
        except StorageUnavailable as outage:
            self._waiting += counted
            log.warning("link_presses_wait_for_database", presses=counted.total(), reason=str(outage))
            return 0
        return counted.total()
