"""Articles of the clinic: those its blog brought and those an operator writes, and how far each has come."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.domain.content import Language

# Title and text together fit below a picture (Bot API, sendPhoto: 1024 characters).
MOST_TITLE, MOST_WORDS = 100, 700
LONGEST_LINK = 2000

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(//|(?!\d))")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


class ArticleOrigin(StrEnum):
    """Where an article comes from."""

    FEED = "feed"
    HAND = "hand"


class ArticleState(StrEnum):
    """What was decided about an article: it is still being written, it is there, or nobody wants to send it now."""

    WRITING = "writing"
    OPEN = "open"
    SKIPPED = "skipped"


class Step(StrEnum):
    """What an operator is asked for, one after another, when writing an article."""

    TITLE = "title"
    WORDS = "words"
    LINK = "link"
    PICTURE = "picture"

    @property
    def is_optional(self) -> bool:
        """Whether an article may do without."""
        return self in {Step.LINK, Step.PICTURE}

    @property
    def before(self) -> "Step | None":
        """The question before this one, None for the first."""
        steps = list(Step)
        return steps[steps.index(self) - 1] if self is not Step.TITLE else None

    @property
    def after(self) -> "Step | None":
        """The question after this one, None for the last."""
        steps = list(Step)
        return None if self is Step.PICTURE else steps[steps.index(self) + 1]


@dataclass(frozen=True, slots=True)
class ClinicArticle:
    """An article as TipBot keeps it: `title` is plain, `words` Telegram's HTML, `link` empty for none.

    `picture` is a file id, or an address that nobody has looked at yet. `operator` wrote it by hand, and
    `last_message` is the number of the last message that was taken for it. `told_at` is when operators heard of it,
    `sent_at` when it began to go out; it is None again for one that was taken back. All moments are UTC.
    """

    id: int
    origin: ArticleOrigin
    language: Language
    found_at: datetime
    title: str = ""
    words: str = ""
    link: str = ""
    picture: str | None = None
    published_at: datetime | None = None
    state: ArticleState = ArticleState.OPEN
    operator: int | None = None
    last_message: int = 0
    told_at: datetime | None = None
    sent_at: datetime | None = None

    @property
    def day(self) -> datetime:
        """The moment by which people know it: when the blog published it, else when it was found."""
        return self.published_at or self.found_at

    def composed(self, link_label: str) -> Composition:
        """Return the message that brings it: picture or text, and a button that opens the article."""
        html = f"<b>{_escaped(self.title)}</b>"
        if self.words:
            html += f"\n\n{self.words}"
        part = Part(PartKind.PHOTO, html, self.picture) if self.picture else Part(PartKind.TEXT, html)
        links = (LinkButton(link_label, self.link),) if self.link else ()
        return Composition((part,), links, preview_url="")


class ArticleStanding(StrEnum):
    """How far an article has come, for people."""

    UNDRAFTED = "undrafted"
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    NOT_LISTED = "not-listed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class KnownArticle:
    """An article with the broadcast that brings it, if there is one."""

    article: ClinicArticle
    broadcast: BroadcastId | None = None
    status: BroadcastStatus | None = None

    @property
    def standing(self) -> ArticleStanding:
        """How far it has come."""
        match self.status:
            case BroadcastStatus.DRAFT:
                return ArticleStanding.DRAFT
            case BroadcastStatus.SCHEDULED:
                return ArticleStanding.SCHEDULED
            case BroadcastStatus.SENDING | BroadcastStatus.PAUSED:
                return ArticleStanding.SENDING
            case BroadcastStatus.DONE | BroadcastStatus.CANCELLED if self.article.sent_at is None:
                return ArticleStanding.NOT_LISTED
            case BroadcastStatus.DONE | BroadcastStatus.CANCELLED:
                return ArticleStanding.SENT
        return _WITHOUT_BROADCAST[self.article.state, self.article.sent_at is not None]

    @property
    def may_be_drafted(self) -> bool:
        """Whether a new draft of it would not stand beside another one."""
        return self.standing in {ArticleStanding.UNDRAFTED, ArticleStanding.SKIPPED, ArticleStanding.NOT_LISTED}


_WITHOUT_BROADCAST = {
    **{(state, True): ArticleStanding.SENT for state in ArticleState},
    (ArticleState.WRITING, False): ArticleStanding.UNDRAFTED,
    (ArticleState.OPEN, False): ArticleStanding.UNDRAFTED,
    (ArticleState.SKIPPED, False): ArticleStanding.SKIPPED,
}


def one_line(text: str) -> str:
    """Return typed words in one line."""
    return " ".join(text.split())


def shortened(words: str, most: int) -> str:
    """Return at most so many characters of a line, with an ellipsis where something is missing."""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def web_address(text: str) -> str | None:
    """Return a typed address as Telegram opens it from a button, or None for what is no http(s) address.

    The scheme may be left out, as people do. User names and passwords are refused: everybody would see them.
    """
    typed = text.strip()
    try:
        parts = urlsplit(typed if _SCHEME.match(typed) else f"https://{typed}")
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:  # UnicodeError among them
        return None
    is_web = parts.scheme in {"http", "https"} and "@" not in parts.netloc and _HOST.fullmatch(host)
    if not is_web or len(typed) > LONGEST_LINK or any(one.isspace() for one in typed):
        return None
    return parts._replace(netloc=f"{host}{port}").geturl()


def _escaped(text: str) -> str:
    # Telegram knows only these three as special.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
