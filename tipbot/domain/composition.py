"""What an operator composed: one message, or an album, with the links below it."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from html import unescape

MOST_IN_ALBUM = 10  # Bot API, sendMediaGroup
MOST_LINKS = 6
MOST_TITLE = 60


class PartKind(StrEnum):
    """What one message is made of."""

    TEXT = "text"
    PHOTO = "photo"
    VIDEO = "video"
    ANIMATION = "animation"
    DOCUMENT = "document"
    AUDIO = "audio"
    VOICE = "voice"


@dataclass(frozen=True, slots=True)
class Part:
    """One message: `html` is its text or caption in Telegram's HTML, `media` a file id, or an address to fetch."""

    kind: PartKind
    html: str = ""
    media: str = ""
    has_spoiler: bool = False
    is_caption_above: bool = False


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that one broadcast brings to a chat.

    `album` is Telegram's mark of the album that is being gathered. `preview_url` is the page whose preview is shown
    below a text: empty for none, None for whatever Telegram picks.
    """

    parts: tuple[Part, ...] = ()
    links: tuple[LinkButton, ...] = field(default=())
    album: str = ""
    preview_url: str | None = None

    @property
    def is_album(self) -> bool:
        """Whether this is several messages in one."""
        return len(self.parts) > 1

    @property
    def is_text(self) -> bool:
        """Whether this is a text, so that its words are not a caption."""
        return len(self.parts) == 1 and self.parts[0].kind is PartKind.TEXT

    @property
    def words(self) -> str:
        """The text or caption as it was formatted; of an album, that of the first message with one."""
        return next((part.html for part in self.parts if part.html), "")

    @property
    def title(self) -> str:
        """The beginning of the first line, as a name for the whole."""
        lines = (line.strip() for line in plain(self.words).splitlines())
        line = next(filter(None, lines), "")
        return line if len(line) <= MOST_TITLE else line[: MOST_TITLE - 1].rstrip() + "…"


EMPTY = Composition()


def plain(html: str) -> str:
    """Return a text without its formatting."""
    return unescape(re.sub(r"<[^>]*>", "", html))
