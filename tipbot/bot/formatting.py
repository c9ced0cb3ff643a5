"""Turns the text of a message and Telegram's marks on it into HTML that shows the same.

The library's own way loses words where marks overlap, and does not escape what stands in attributes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from telegram import MessageEntity

# Of marks on the very same words, those that stand first here enclose the others. What is not named here, such as
# addresses and hashtags, Telegram finds again by itself.
_TAGS = {
    MessageEntity.EXPANDABLE_BLOCKQUOTE: ("<blockquote expandable>", "</blockquote>"),
    MessageEntity.BLOCKQUOTE: ("<blockquote>", "</blockquote>"),
    MessageEntity.BOLD: ("<b>", "</b>"),
    MessageEntity.ITALIC: ("<i>", "</i>"),
    MessageEntity.UNDERLINE: ("<u>", "</u>"),
    MessageEntity.STRIKETHROUGH: ("<s>", "</s>"),
    MessageEntity.SPOILER: ("<tg-spoiler>", "</tg-spoiler>"),
    MessageEntity.TEXT_LINK: ("", "</a>"),
    MessageEntity.TEXT_MENTION: ("", "</a>"),
    MessageEntity.PRE: ("<pre>", "</pre>"),
    MessageEntity.CODE: ("<code>", "</code>"),
    MessageEntity.DATE_TIME: ("", "</tg-time>"),
    MessageEntity.CUSTOM_EMOJI: ("", "</tg-emoji>"),
}
_ORDER = {kind: number for number, kind in enumerate(_TAGS)}


@dataclass(frozen=True, slots=True)
class _Mark:
    """One mark, from and to a position in UTF-16 units, which is how Telegram counts."""

    begins: int
    ends: int
    order: int
    opening: str
    closing: str


def html_of(text: str, entities: Sequence[MessageEntity]) -> str:
    """Return a text with its marks as Telegram's HTML."""
    units = text.encode("utf-16-le")
    marks = sorted(_marks(entities, len(units) // 2), key=lambda mark: (mark.begins, -mark.ends, mark.order))
    pieces: list[str] = []
    opened: list[_Mark] = []
    at = 0
    for here in sorted({place for mark in marks for place in (mark.begins, mark.ends)} | {len(units) // 2}):
        pieces.append(escape(units[at * 2 : here * 2].decode("utf-16-le", "ignore"), quote=False))
        at = here
        pieces += _closed(opened, here)
        for mark in marks:
            if mark.begins == here:
                pieces.append(mark.opening)
                opened.append(mark)
    return "".join(pieces)


def _closed(opened: list[_Mark], here: int) -> Iterator[str]:
    """Close what ends here; what overlaps it is closed as well, and opened again."""
    reopened: list[_Mark] = []
    while any(mark.ends <= here for mark in opened):
        mark = opened.pop()
        yield mark.closing
        if mark.ends > here:
            reopened.insert(0, mark)
    for mark in reopened:
        yield mark.opening
        opened.append(mark)


def _marks(entities: Sequence[MessageEntity], length: int) -> Iterator[_Mark]:
    for entity in entities:
        if entity.type in _TAGS:
            opening, closing = _tags(entity)
            ends = min(entity.offset + entity.length, length)
            if entity.offset < ends:
                yield _Mark(entity.offset, ends, _ORDER[entity.type], opening, closing)


def _tags(entity: MessageEntity) -> tuple[str, str]:
    opening, closing = _TAGS[entity.type]
    match entity.type:
        case MessageEntity.TEXT_LINK:
            opening = f'<a href="{escape(entity.url or "")}">'
        case MessageEntity.TEXT_MENTION if entity.user is not None:
            opening = f'<a href="tg://user?id={entity.user.id}">'
        case MessageEntity.PRE if entity.language:
            return f'<pre><code class="language-{escape(entity.language)}">', "</code></pre>"
        case MessageEntity.DATE_TIME if entity.unix_time is not None:
            moment, shape = int(entity.unix_time.timestamp()), escape(entity.date_time_format or "")
            opening = f'<tg-time unix="{moment}" format="{shape}">'
        case MessageEntity.CUSTOM_EMOJI:
            opening = f'<tg-emoji emoji-id="{entity.custom_emoji_id}">'
    return opening, closing
