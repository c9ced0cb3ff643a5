"""A set of weekdays, as people choose them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Weekdays:
    """A set of weekdays that is never empty; Monday is 0. Bit n of `mask` stands for day n.

    Raises ValueError for an empty set, because a standing order without a day would never bring anything.
    """

    mask: int

    def __post_init__(self) -> None:
        if not 1 <= self.mask <= 127:  # noqa: PLR2004 (seven days, seven bits)
            message = f"not a set of weekdays: {self.mask}"
            raise ValueError(message)

    @classmethod
    def of(cls, days: Iterable[int]) -> "Weekdays":
        """Return the set of these days."""
        return cls(sum(1 << day for day in set(days)))

    def __contains__(self, day: date) -> bool:
        return bool(self.mask >> day.weekday() & 1)

    def __iter__(self) -> Iterator[int]:
        return (day for day in range(7) if self.mask >> day & 1)

    def toggled(self, day: int) -> "Weekdays":
        """Return the set with this day added or taken out; the last day stays, so that the set is never empty."""
        mask = self.mask ^ (1 << day)
        return Weekdays(mask) if mask else self


EVERY_DAY = Weekdays.of(range(7))
MONDAY_TO_FRIDAY = Weekdays.of(range(5))
FOUR_A_WEEK = Weekdays.of((0, 1, 3, 5))
TWO_A_WEEK = Weekdays.of((1, 4))
WEEKLY = Weekdays.of((0,))
