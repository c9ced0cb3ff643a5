"""The buttons of operators for the numbers, each as a value."""

from dataclasses import dataclass
from typing import ClassVar

from tipbot.bot.presses import Days, Press


@dataclass(frozen=True, slots=True)
class ShowStatistics(Press):
    """Show the numbers of so many days in this message."""

    code: ClassVar[str] = "nums"
    days: Days


@dataclass(frozen=True, slots=True)
class WantSummary(Press):
    """Send me the weekly summary, or do not; `days` is what the message shows, 0 for none of the choices."""

    code: ClassVar[str] = "weekly"
    is_on: bool
    days: Days


PRESSES_OF_STATISTICS: tuple[type[Press], ...] = (ShowStatistics, WantSummary)
