"""The buttons for reading: articles, therapists and their ideas, and the urgent signs beside them."""

from dataclasses import dataclass
from typing import ClassVar

from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Press
from tipbot.domain.content import ItemId, TherapistId


@dataclass(frozen=True, slots=True)
class ShowUrgent(Press):
    """Bring the signs that need help now."""

    code: ClassVar[str] = "now"


@dataclass(frozen=True, slots=True)
class ShowArticles(Press):
    """Show the list of articles in this message."""

    code: ClassVar[str] = "reads"


@dataclass(frozen=True, slots=True)
class ShowArticle(Press):
    """Show a page of an article in this message; the first page is 1."""

    code: ClassVar[str] = "read"
    article: ItemId
    page: Page


@dataclass(frozen=True, slots=True)
class OpenArticle(Press):
    """Bring an article as a new message, because the one above is worth keeping."""

    code: ClassVar[str] = "reader"
    article: ItemId


@dataclass(frozen=True, slots=True)
class ShowTherapists(Press):
    """Show who the therapists are in this message."""

    code: ClassVar[str] = "team"


@dataclass(frozen=True, slots=True)
class ShowIdeas(Press):
    """Show a page of a therapist's ideas in this message; the first page is 1."""

    code: ClassVar[str] = "ideas"
    therapist: TherapistId
    page: Page


LEAFING: tuple[type[Press], ...] = (
    *(ShowArticles, ShowArticle, OpenArticle, ShowTherapists, ShowIdeas),
    ShowUrgent,
)
