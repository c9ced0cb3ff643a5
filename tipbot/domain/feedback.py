"""What people think of an item: a vote without a voter, counted per day."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Opinion(StrEnum):
    """Whether an item was of use; the values are those in the record and in buttons."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"


@dataclass(frozen=True, slots=True)
class Vote:
    """An opinion and the UTC date under which it was counted, so that it can be taken back from there."""

    opinion: Opinion
    day: date
