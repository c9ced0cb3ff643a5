"""The buttons of operators for content that changes while the bot runs, each as a value."""

from dataclasses import dataclass
from typing import ClassVar

from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Press
from tipbot.domain.content import ItemId


@dataclass(frozen=True, slots=True)
class AskRetire(Press):
    """Show an item, and ask whether nobody shall get it any more."""

    code: ClassVar[str] = "rtask"
    item: ItemId


@dataclass(frozen=True, slots=True)
class RetireItem(Press):
    """Give this item to nobody any more."""

    code: ClassVar[str] = "rtdo"
    item: ItemId


@dataclass(frozen=True, slots=True)
class LeaveItems(Press):
    """Retire nothing."""

    code: ClassVar[str] = "rtno"


@dataclass(frozen=True, slots=True)
class ShowRetired(Press):
    """Show a page of what was retired."""

    code: ClassVar[str] = "rtall"
    page: Page


@dataclass(frozen=True, slots=True)
class BringBack(Press):
    """Let a retired item come again, and show this page of the others."""

    code: ClassVar[str] = "rtback"
    page: Page
    item: ItemId


@dataclass(frozen=True, slots=True)
class ReviewFile(Press):
    """Bring the whole list of what wants looking at, as a file."""

    code: ClassVar[str] = "rvfile"


PRESSES_OF_UPKEEP: tuple[type[Press], ...] = (
    *(AskRetire, RetireItem, LeaveItems, ShowRetired, BringBack),
    ReviewFile,
)
