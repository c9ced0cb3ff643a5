"""Turns what a caller sends into the text and entities of a message, with Telegram's limits, and back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from tipbot.sandbox.markup import Entity, parse_html, utf16_length
from tipbot.sandbox.parameters import Parameters
from tipbot.sandbox.refusals import bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
RAW_LIMIT = 32_768
ENTITY_LIMIT = 100

_CONTROLS = re.compile("[\0-\t\v\f\x0e-\x1f]")
_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>]*[^\s<>.,;:!?)\]\"'])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?<![\w/@])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/])"
    r"|(?<!\w)(?P<mention>@[A-Za-z]\w{3,31})\b"
    r"|(?<!\w)(?P<hashtag>#\w*[^\W\d]\w*)",
)
_TAGS = {
    "bold": ("<b>", "</b>"),
    "italic": ("<i>", "</i>"),
    "underline": ("<u>", "</u>"),
    "strikethrough": ("<s>", "</s>"),
    "spoiler": ("<tg-spoiler>", "</tg-spoiler>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    "expandable_blockquote": ("<blockquote expandable>", "</blockquote>"),
    "code": ("<code>", "</code>"),
}


@dataclass(frozen=True, slots=True)
class Formatted:
    """Text as people see it, with entities in UTF-16 units."""

    text: str
    entities: tuple[Entity, ...] = ()


def read_text(parameters: Parameters) -> Formatted:
    """Return the text of a message; raises RefusalError if it is empty, too long or badly marked up."""
    raw = parameters.text("text")
    if not raw:
        raise bad_request("message text is empty")
    formatted = _read(parameters, raw, "entities")
    if not formatted.text:
        raise bad_request("text must be non-empty")
    if len(formatted.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return formatted


def read_caption(parameters: Parameters) -> Formatted:
    """Return the caption of a picture or file, which may be empty; raises RefusalError like read_text."""
    formatted = _read(parameters, parameters.text("caption"), "caption_entities")
    if len(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return formatted


def written(text: str, entities: Iterable[Entity] = ()) -> Formatted:
    """Return the text as Telegram keeps it: outer white space gone, links and commands recognised."""
    cleaned, kept = _trimmed(_CONTROLS.sub(" ", text), list(entities))
    kept += [found for found in _found(cleaned) if not any(_overlap(found, entity) for entity in kept)]
    kept.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return Formatted(cleaned, tuple(kept[:ENTITY_LIMIT]))


def captioned(caption: str, entities: Iterable[Entity] = ()) -> dict[str, Any]:
    """Return the fields of a message that hold what somebody wrote below a picture or a file."""
    formatted = written(caption, entities)
    if not formatted.text:
        return {}
    marked = {"caption_entities": list(formatted.entities)} if formatted.entities else {}
    return {"caption": formatted.text, **marked}


def as_html(formatted: Formatted) -> str:
    """Return the text as HTML that Telegram would accept and show the same way."""
    units = formatted.text.encode("utf-16-le")
    pieces: list[str] = []
    open_: list[tuple[int, str]] = []
    at = 0

    def advance(to: int) -> None:
        nonlocal at
        pieces.append(escape(units[at * 2 : to * 2].decode("utf-16-le"), quote=False))
        at = to

    for entity in formatted.entities:
        start, end = _tags(entity)
        if not start:
            continue
        while open_ and open_[-1][0] <= entity["offset"]:
            advance(open_[-1][0])
            pieces.append(open_.pop()[1])
        advance(entity["offset"])
        pieces.append(start)
        open_.append((entity["offset"] + entity["length"], end))
    while open_:
        advance(open_[-1][0])
        pieces.append(open_.pop()[1])
    advance(len(units) // 2)
    return "".join(pieces)


def _read(parameters: Parameters, raw: str, entities_name: str) -> Formatted:
    if len(raw.encode()) > RAW_LIMIT:
        raise bad_request("text is too long")
    raw = raw.replace("\r", "")
    mode = parameters.text("parse_mode").lower()
    if mode == "html":
        return written(*parse_html(raw))
    if mode in ("markdown", "markdownv2"):
        raise bad_request("can't parse entities: the sandbox reads only HTML, use parse_mode HTML")
    if mode:
        raise bad_request("unsupported parse_mode")
    return written(raw, parameters.items(entities_name))


def _trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Cut outer white space; an entity shrinks with the text, and one that marks only blanks goes."""
    lead = len(text) - len(text.lstrip())
    text = text.strip()
    size = utf16_length(text)
    units = text.encode("utf-16-le")
    kept: list[Entity] = []
    for entity in entities:
        begin = max(0, entity["offset"] - lead)
        end = min(size, entity["offset"] + entity["length"] - lead)
        if end > begin and units[begin * 2 : end * 2].decode("utf-16-le", "ignore").strip():
            kept.append({**entity, "offset": begin, "length": end - begin})
    return text, kept


def _found(text: str) -> list[Entity]:
    return [
        {
            "type": found.lastgroup,
            "offset": utf16_length(text[: found.start()]),
            "length": utf16_length(found.group()),
        }
        for found in _FOUND.finditer(text)
    ]


def _overlap(found: Entity, entity: Entity) -> bool:
    if entity["type"] not in ("code", "pre", "text_link", "text_mention", "url", "date_time"):
        return False
    ends = (found["offset"] + found["length"], entity["offset"] + entity["length"])
    return bool(found["offset"] < ends[1] and entity["offset"] < ends[0])


def _tags(entity: dict[str, Any]) -> tuple[str, str]:
    kind = entity["type"]
    if kind == "text_link":
        return f'<a href="{escape(entity["url"])}">', "</a>"
    if kind == "text_mention":
        return f'<a href="tg://user?id={entity["user"]["id"]}">', "</a>"
    if kind == "pre":
        language = str(entity.get("language") or "")
        block = (f'<pre><code class="language-{escape(language)}">', "</code></pre>")
        return block if language else ("<pre>", "</pre>")
    if kind == "custom_emoji":
        return f'<tg-emoji emoji-id="{entity["custom_emoji_id"]}">', "</tg-emoji>"
    if kind == "date_time":
        shape = escape(entity["date_time_format"])
        return f'<tg-time unix="{entity["unix_time"]}" format="{shape}">', "</tg-time>"
    return _TAGS.get(kind, ("", ""))
