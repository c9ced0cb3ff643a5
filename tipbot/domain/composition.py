"""What an operator composed: one message, or an album, with the links below it."""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html import unescape

MOST_IN_ALBUM = 10  # Bot API, sendMediaGroup
# Characters after the formatting is taken off (Bot API, sendMessage and sendPhoto).
MOST_TEXT, MOST_CAPTION = 4096, 1024
MOST_LINKS = 6
MOST_LABEL = 64
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
    """One message: `html` is its text or caption in Telegram's HTML, `media` a file id, or an address to fetch.

    `message` is the number of the operator's message that it was read from, 0 for none.
    """

    kind: PartKind
    html: str = ""
    media: str = ""
    has_spoiler: bool = False
    is_caption_above: bool = False
    message: int = 0

    @property
    def is_address(self) -> bool:
        """Whether Telegram still has to fetch this from the web."""
        return self.media.startswith(("http://", "https://"))

    @property
    def excess(self) -> int:
        """By how many characters the words are too long for Telegram, 0 where they fit."""
        most = MOST_TEXT if self.kind is PartKind.TEXT else MOST_CAPTION
        return max(len(plain(self.html).strip()) - most, 0)


@dataclass(frozen=True, slots=True)
class LinkButton:
    """A button that opens an address."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Composition:
    """Everything that one broadcast brings to a chat.

    `album` is Telegram's mark of the album that is being gathered. `preview_url` is the page whose preview is shown
    with a text: empty for none, None for whatever Telegram picks; it is large or small where that was chosen.
    """

    parts: tuple[Part, ...] = ()
    links: tuple[LinkButton, ...] = field(default=())
    album: str = ""
    preview_url: str | None = None
    is_preview_above: bool = False
    is_preview_large: bool | None = None

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
    def leading(self) -> int:
        """Which part carries the words, counted from 0; the first where none does."""
        return next((number for number, part in enumerate(self.parts) if part.html), 0)

    def with_words(self, html: str) -> "Composition":
        """Return this with another text or caption, everything else as it was."""
        parts = list(self.parts)
        parts[self.leading] = replace(parts[self.leading], html=html)
        return replace(self, parts=tuple(parts))

    def with_part(self, part: Part) -> "Composition":
        """Return this with one more part, in the order of the messages; one that is in already changes nothing."""
        if any(part.message == known.message for known in self.parts):
            return self
        return replace(self, parts=tuple(sorted((*self.parts, part), key=lambda one: one.message)))

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
