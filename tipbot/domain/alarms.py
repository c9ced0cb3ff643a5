"""What needs a person at the clinic to look: told once for each cause, not a flood."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from tipbot.domain.broadcasts import BroadcastId, PausedFor
from tipbot.domain.content import ItemId
from tipbot.domain.feed import FeedTrouble


@dataclass(frozen=True, slots=True)
class ItemRefused:
    """Telegram will never take this item as it is written; `reason` is in Telegram's words."""

    item: ItemId
    reason: str

    @property
    def cause(self) -> str:
        """What makes two alarms the same."""
        return f"refused:{self.item}"


@dataclass(frozen=True, slots=True)
class BroadcastStopped:
    """A broadcast stands still without anybody having asked for it; `moment` (UTC) is when."""

    broadcast: BroadcastId
    why: PausedFor
    moment: datetime

    @property
    def cause(self) -> str:
        """What makes two alarms the same: if it is set going and stops again, that is news."""
        return f"broadcast:{self.broadcast}:{self.moment:%Y%m%d%H%M%S}"

    @property
    def reason(self) -> str:
        """Why it stands still."""
        return self.why.value


@dataclass(frozen=True, slots=True)
class ContentBroken:
    """A machine could not take in the content it was told of at `moment` (UTC), and goes on with the old."""

    machine: str
    faults: int
    first: str
    moment: datetime

    @property
    def cause(self) -> str:
        """What makes two alarms the same: whoever reloads again wants to know again."""
        return f"content:{self.machine}:{self.moment:%Y%m%d%H%M%S}"

    @property
    def reason(self) -> str:
        """What is wrong first of all."""
        return self.first


@dataclass(frozen=True, slots=True)
class DeliveriesLate:
    """Messages do not get through in time; `since` (UTC) is from when on the oldest could have gone out."""

    cause: ClassVar[str] = "late"
    since: datetime

    @property
    def reason(self) -> str:
        """Since when."""
        return f"since {self.since:%Y-%m-%d %H:%M} UTC"


@dataclass(frozen=True, slots=True)
class FeedFailing:
    """The clinic's blog could not be read for a day; `since` (UTC) is when that began."""

    trouble: FeedTrouble
    since: datetime

    @property
    def cause(self) -> str:
        """What makes two alarms the same: if it works again and fails once more, that is news."""
        return f"feed:{self.since:%Y%m%d%H%M%S}"

    @property
    def reason(self) -> str:
        """Why it cannot be read."""
        return self.trouble.fault.value


@dataclass(frozen=True, slots=True)
class TokenWasRefused:
    """Telegram refused the token from `since` to `until` (UTC) and takes it again: only now can it be told."""

    since: datetime
    until: datetime

    @property
    def cause(self) -> str:
        """What makes two alarms the same: another time is news."""
        return f"token:{self.since:%Y%m%d%H%M}"

    @property
    def reason(self) -> str:
        """For how long."""
        return f"for {self.until - self.since}"


@dataclass(frozen=True, slots=True)
class DatabaseRestored:
    """The database was found at `moment` to be an older one; it knows nothing since `since` (UTC, or None)."""

    moment: datetime
    since: datetime | None

    @property
    def cause(self) -> str:
        """What makes two alarms the same: another backup is news."""
        return f"restored:{self.moment:%Y%m%d%H%M%S}"

    @property
    def reason(self) -> str:
        """Since when nothing is known."""
        return f"nothing is known since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else "an older copy"


Alarm = (
    ItemRefused
    | BroadcastStopped
    | DeliveriesLate
    | FeedFailing
    | ContentBroken
    | TokenWasRefused
    | DatabaseRestored
)
