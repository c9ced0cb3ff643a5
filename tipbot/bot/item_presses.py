"""The buttons below items and in lists of items, each as a value; the others are in presses.py."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NewType

from tipbot.bot.presses import Press
from tipbot.domain.content import ItemId, Theme
from tipbot.domain.feedback import Opinion
from tipbot.domain.subscribers import Kind

Page = NewType("Page", int)


@dataclass(frozen=True, slots=True)
class GiveVote(Press):
    """Count this opinion of the item above."""

    code: ClassVar[str] = "v"
    item: ItemId
    opinion: Opinion


@dataclass(frozen=True, slots=True)
class TakeVoteBack(Press):
    """Take this vote back, which was counted on that UTC date; the button also shows that it was given."""

    code: ClassVar[str] = "u"
    item: ItemId
    opinion: Opinion
    day: date


@dataclass(frozen=True, slots=True)
class Keep(Press):
    """Keep the item above."""

    code: ClassVar[str] = "keep"
    item: ItemId


@dataclass(frozen=True, slots=True)
class LetGo(Press):
    """Keep the item above no longer."""

    code: ClassVar[str] = "drop"
    item: ItemId


@dataclass(frozen=True, slots=True)
class LeaveOut(Press):
    """Never bring the item above again, and show another in its place."""

    code: ClassVar[str] = "out"
    item: ItemId


@dataclass(frozen=True, slots=True)
class UndoLeaveOut(Press):
    """Let this item come again, and show it in this message."""

    code: ClassVar[str] = "back"
    item: ItemId


@dataclass(frozen=True, slots=True)
class TakeAllBack(Press):
    """Let every item of this kind come again that was left out, and show one in this message."""

    code: ClassVar[str] = "all"
    kind: Kind


@dataclass(frozen=True, slots=True)
class ShowLeftOut(Press):
    """Show a page of what was left out."""

    code: ClassVar[str] = "outs"
    page: Page


@dataclass(frozen=True, slots=True)
class TakeBack(Press):
    """Let this item come again, and show that page of what is still left out."""

    code: ClassVar[str] = "in"
    page: Page
    item: ItemId


@dataclass(frozen=True, slots=True)
class ShowFavourites(Press):
    """Show a page of what is kept, to open it or, with `is_removing`, to strike items out."""

    code: ClassVar[str] = "favs"
    page: Page
    is_removing: bool


@dataclass(frozen=True, slots=True)
class RemoveFavourite(Press):
    """Keep this item no longer, and show that page of what is kept."""

    code: ClassVar[str] = "rem"
    page: Page
    item: ItemId


@dataclass(frozen=True, slots=True)
class BringThemed(Press):
    """Bring an item of this kind on a topic or in a position."""

    code: ClassVar[str] = "on"
    kind: Kind
    theme: Theme


@dataclass(frozen=True, slots=True)
class AnotherThemed(Press):
    """Show the item on the same topic, or in the same position, that follows after this one."""

    code: ClassVar[str] = "next"
    theme: Theme
    item: ItemId


@dataclass(frozen=True, slots=True)
class ShowTopics(Press):
    """Show the topics and positions to choose from, in a new message."""

    code: ClassVar[str] = "topics"
    kind: Kind


ITEM_PRESSES: tuple[type[Press], ...] = (
    *(GiveVote, TakeVoteBack, Keep, LetGo, LeaveOut, UndoLeaveOut, TakeAllBack, ShowLeftOut, TakeBack),
    *(ShowFavourites, RemoveFavourite, BringThemed, AnotherThemed, ShowTopics),
)
