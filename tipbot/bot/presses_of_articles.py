"""The buttons of operators for the clinic's articles, and of everybody for those that went out, each as a value."""

from dataclasses import dataclass
from typing import ClassVar, NewType

from tipbot.bot.item_presses import Page
from tipbot.bot.presses import Press
from tipbot.domain.articles import Step

ArticleNumber = NewType("ArticleNumber", int)


@dataclass(frozen=True, slots=True)
class ShowFeed(Press):
    """Show how the feed stands in this message, with a page of articles; the first page is 0."""

    code: ClassVar[str] = "feed"
    page: Page


@dataclass(frozen=True, slots=True)
class CheckFeedNow(Press):
    """Look at the feed at once."""

    code: ClassVar[str] = "feednow"


@dataclass(frozen=True, slots=True)
class ShowClinicArticle(Press):
    """Show one article of the list in this message; back leads to this page."""

    code: ClassVar[str] = "art"
    article: ArticleNumber
    page: Page


@dataclass(frozen=True, slots=True)
class DraftArticle(Press):
    """Make a draft that brings this article, unless there is one."""

    code: ClassVar[str] = "artdraft"
    article: ArticleNumber


@dataclass(frozen=True, slots=True)
class SetArticleAside(Press):
    """Do not send this article for now; `is_listed` where it was opened from the list and not announced."""

    code: ClassVar[str] = "artaside"
    article: ArticleNumber
    is_listed: bool


@dataclass(frozen=True, slots=True)
class NewArticle(Press):
    """Write an article by hand."""

    code: ClassVar[str] = "artnew"


@dataclass(frozen=True, slots=True)
class AskForPart(Press):
    """Ask for this part of an article, to write it or to change it."""

    code: ClassVar[str] = "artask"
    article: ArticleNumber
    step: Step


@dataclass(frozen=True, slots=True)
class SkipPart(Press):
    """Let an article do without this part."""

    code: ClassVar[str] = "artskip"
    article: ArticleNumber
    step: Step


@dataclass(frozen=True, slots=True)
class FinishArticle(Press):
    """Let an article be written as it is."""

    code: ClassVar[str] = "artend"
    article: ArticleNumber


@dataclass(frozen=True, slots=True)
class RestArticle(Press):
    """Write no more for now; what was written stays."""

    code: ClassVar[str] = "artrest"


@dataclass(frozen=True, slots=True)
class DropArticle(Press):
    """Throw away what was written."""

    code: ClassVar[str] = "artdrop"
    article: ArticleNumber


@dataclass(frozen=True, slots=True)
class ShowSentArticles(Press):
    """Show a page of the articles that went out in this message; the first page is 0."""

    code: ClassVar[str] = "sents"
    page: Page


@dataclass(frozen=True, slots=True)
class ReadSentArticle(Press):
    """Show an article that went out and can be read nowhere else; back leads to this page."""

    code: ClassVar[str] = "sent"
    article: ArticleNumber
    page: Page


PRESSES_OF_ARTICLES: tuple[type[Press], ...] = (
    *(ShowFeed, CheckFeedNow, ShowClinicArticle, DraftArticle, SetArticleAside),
    *(NewArticle, AskForPart, SkipPart, FinishArticle, RestArticle, DropArticle),
    *(ShowSentArticles, ReadSentArticle),
)
