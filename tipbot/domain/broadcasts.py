"""One message to many: how it stands, when each zone gets it, and when it has to stop by itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import NewType

from tipbot.domain.audience import EVERYONE, Audience, Purpose
from tipbot.domain.composition import EMPTY, Composition
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.schedule import local_date, moment_of, zone_of

BroadcastId = NewType("BroadcastId", int)

# A message older than this cannot be deleted by a bot (Bot API, deleteMessage).
DELETABLE_FOR = timedelta(hours=48)
# Of what was settled since it was last set going: how much trouble stops it, once there is enough to judge by.
ENOUGH_TO_JUDGE = 20
MOST_FAILED_SHARE = 0.2
MOST_LOST_SHARE = 0.5
# UK practice for marketing messages; the clinic's own promise to subscribers.
OFFERS_APART = timedelta(days=30)
# No zone is further ahead of UTC (Pacific/Kiritimati).
EARLIEST_ZONE = timedelta(hours=14)


class BroadcastStatus(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Action(StrEnum):
    """What is done in each chat: a new message, or the message of an earlier broadcast changed or taken back."""

    MESSAGE = "message"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


class Mode(StrEnum):
    """When it goes out: at once, at one moment for all, or at a wall time in each subscriber's own zone."""

    NOW = "now"
    AT = "at"
    LOCAL = "local"


class PausedFor(StrEnum):
    """Why a broadcast stands still."""

    OPERATOR = "operator"
    FAILURES = "failures"
    BLOCKS = "blocks"
    STALE = "stale"
    RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class When:
    """The plan: `at` is UTC for Mode.AT; `local_at` is a naive wall time for Mode.LOCAL."""

    mode: Mode = Mode.NOW
    at: datetime | None = None
    local_at: datetime | None = None


NOW = When()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nobody may be disturbed, in wall time of their own zone; `begins` equal to `ends` means never."""

    begins: time = time(21)
    ends: time = time(8)

    def over_at(self, zone: str, *, now: datetime) -> datetime:
        """Return `now`, or if it is quiet in this zone, the UTC moment at which that is over."""
        if self.begins == self.ends:
            return now
        local = now.astimezone(zone_of(zone)).time()
        spans_midnight = self.begins > self.ends
        if not self._is_quiet(local):
            return now
        day = local_date(now, zone)
        if spans_midnight and local >= self.begins:
            day += timedelta(days=1)
        return moment_of(day, self.ends, zone) or now

    def _is_quiet(self, local: time) -> bool:
        if self.begins < self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends


NEVER_QUIET = QuietHours(time(0), time(0))


@dataclass(frozen=True, slots=True)
class Tally:
    """How many recipients there are, and what became of them; who is in none of these is still to come."""

    people: int = 0
    counts: Mapping[DeliveryStatus, int] = field(default_factory=dict)

    def of(self, *statuses: DeliveryStatus) -> int:
        """Return how many deliveries have one of these statuses."""
        return sum(self.counts.get(status, 0) for status in statuses)

    @property
    def settled(self) -> int:
        """How many deliveries came to their end, whichever."""
        return sum(number for status, number in self.counts.items() if status not in _OPEN)


NOTHING_YET = Tally()
_OPEN = frozenset({DeliveryStatus.QUEUED, DeliveryStatus.SENDING, DeliveryStatus.HELD})
_FAILED = (DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN)
_LOST = (DeliveryStatus.BLOCKED, DeliveryStatus.GONE)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Very many deliveries that are given the status `into` a few at a time: those of one status after another.

    `up_to` is the chat up to which those of the first of these statuses have been gone through.
    """

    into: DeliveryStatus
    of: tuple[DeliveryStatus, ...]
    up_to: int | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """One message to many, or a change to one; all moments are UTC.

    `revision` grows with every change, and `refused` is the one that Telegram did not take when it was shown.
    `seen_at` is when somebody last worked on sending it, `tally` what was counted then, `baseline` what had been
    counted when it was last set going. While there is a `sweep`, nothing more is handed to the outbox.
    """

    id: BroadcastId
    operator: int
    made_at: datetime
    changed_at: datetime
    status: BroadcastStatus = BroadcastStatus.DRAFT
    action: Action = Action.MESSAGE
    about: BroadcastId | None = None
    purpose: Purpose = Purpose.ARTICLE
    is_decided: bool = True
    composition: Composition = EMPTY
    audience: Audience = EVERYONE
    when: When = NOW
    article: int | None = None
    revision: int = 1
    confirmed_by: int | None = None
    confirmed_at: datetime | None = None
    starts_at: datetime | None = None
    started_at: datetime | None = None
    seen_at: datetime | None = None
    finished_at: datetime | None = None
    expanded_to: int | None = None
    expanded_at: datetime | None = None
    paused_for: PausedFor | None = None
    tally: Tally = NOTHING_YET
    baseline: Tally = NOTHING_YET
    stops: int | None = None
    refused: int | None = None
    sweep: Sweep | None = None

    @property
    def title(self) -> str:
        """A name for people: how its words begin."""
        return self.composition.title

    @property
    def item(self) -> str:
        """What a delivery of it is called: new words are a new item."""
        return f"{self.id}.{self.revision}"


@dataclass(frozen=True, slots=True)
class Wave:
    """The recipients of one zone: how many, from when on (UTC), and up to which one they were handed over."""

    zone: str
    due_at: datetime
    people: int = 0
    released: int = 0
    reached: int = 0

    @property
    def is_over(self) -> bool:
        """Whether everybody of this zone was handed to the outbox."""
        return self.released >= self.people


def starts_at(when: When, *, now: datetime) -> datetime:
    """Return the UTC moment before which nobody gets it, whichever zones there are."""
    match when:
        case When(Mode.AT, at=datetime() as moment):
            return max(moment, now)
        case When(Mode.LOCAL, local_at=datetime() as local):
            return max(local.replace(tzinfo=UTC) - EARLIEST_ZONE, now)
    return now


def wave_due(when: When, zone: str, quiet: QuietHours, *, now: datetime) -> datetime:
    """Return the UTC moment at which the people of a zone get it, not before now and never in their quiet hours."""
    moment = now
    if when.mode is Mode.AT and when.at is not None:
        moment = max(when.at, now)
    if when.mode is Mode.LOCAL and when.local_at is not None:
        local = moment_of(when.local_at.date(), when.local_at.time(), zone)
        moment = max(local or now, now)
    return quiet.over_at(zone, now=moment)


def first_due(when: When, zones: Iterable[str], quiet: QuietHours, *, now: datetime) -> datetime:
    """Return the UTC moment at which the people of the first of these zones get it; now for no zone at all."""
    return min((wave_due(when, zone, quiet, now=now) for zone in zones), default=now)


def has_passed(when: When, zone: str, *, now: datetime) -> bool:
    """Say whether the wall time of a plan is over in a zone already, so that its people get it right away."""
    if when.mode is not Mode.LOCAL or when.local_at is None:
        return False
    moment = moment_of(when.local_at.date(), when.local_at.time(), zone)
    return moment is None or moment < now


def trouble(tally: Tally, since: Tally) -> PausedFor | None:
    """Return why a broadcast must stop by itself, judged by what was settled since it was last set going."""
    settled = tally.settled - since.settled
    if settled < ENOUGH_TO_JUDGE:
        return None
    if tally.of(*_FAILED) - since.of(*_FAILED) > settled * MOST_FAILED_SHARE:
        return PausedFor.FAILURES
    if tally.of(*_LOST) - since.of(*_LOST) > settled * MOST_LOST_SHARE:
        return PausedFor.BLOCKS
    return None
