"""What a database says of its own age, and what stands outside of it: together they tell when it went back."""

from dataclasses import dataclass
from datetime import datetime

# Stands for a part of a place that the server does not tell.
UNTOLD = "?"


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a database is, in parts with colons between them, and how often its heart has beaten there."""

    place: str
    beats: int = 0


# Why a delivery is unknown that an older database had still to send.
IN_DOUBT = "the database was restored from a backup: it may have been sent before that"
# What is seen where something should stand beside a database and does not.
NOTHING_SEEN = Mark("")


@dataclass(frozen=True, slots=True)
class Record:
    """What a database says of itself; all moments are UTC.

    `restored_at` is when it was last noticed that it had gone back, and `lost_since` from when on nothing was
    known then. `passed_at` is when everything had been dealt with that may have been sent in between.
    """

    mark: Mark
    beaten_at: datetime
    restored_at: datetime | None = None
    lost_since: datetime | None = None
    passed_at: datetime | None = None

    @property
    def is_in_doubt(self) -> bool:
        """Whether something that may have been sent already could still be sent."""
        return self.restored_at is not None and self.passed_at is None


def went_back(record: Mark, seen: Mark) -> bool:
    """Say whether a database is an older one than was seen, or a copy of it in another place.

    A process that is killed between two steps leaves a database behind that is ahead of what was seen.
    """
    return _is_elsewhere(record.place, seen.place) or record.beats < seen.beats


def _is_elsewhere(one: str, other: str) -> bool:
    parts, others = one.split(":"), other.split(":")
    if len(parts) != len(others):
        return True
    return any(a != b and UNTOLD not in (a, b) for a, b in zip(parts, others, strict=True))
