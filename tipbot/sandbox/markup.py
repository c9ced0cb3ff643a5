"""Reads Telegram's HTML strictly, as the Bot API server does, into plain text and entities."""

import re
from dataclasses import dataclass, field
from typing import Any

from tipbot.sandbox.refusals import RefusalError, bad_request

Entity = dict[str, Any]

LAST_CHARACTER = 0x10FFFF
SURROGATES = range(0xD800, 0xE000)

_SPACE = " \t\r\n\v\0"
_PLAIN = re.compile(r"[^&<]+")
_NAME = re.compile(r"[^ \t\r\n\v\0>]*")
_ATTRIBUTE_NAME = re.compile(r"[^ \t\r\n\v\0=>]*")
_SPACES = re.compile(r"[ \t\r\n\v\0]*")
_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,8})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "blockquote": "blockquote",
    "pre": "pre",
    "code": "code",
}
_TAGS = frozenset(_SIMPLE) | {"a", "tg-emoji", "tg-time"}


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 units, the unit in which Telegram gives offsets and lengths."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse_html(markup: str) -> tuple[str, list[Entity]]:
    """Return text and entities; raises RefusalError in Telegram's words, offsets counted in UTF-8 bytes."""
    return _Reader(markup).read()


@dataclass(slots=True)
class _Open:
    tag: str
    attributes: dict[str, str]
    offset: int
    begin: int


@dataclass(slots=True)
class _Reader:
    markup: str
    at: int = 0
    length: int = 0
    text: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.markup):
            if plain := _PLAIN.match(self.markup, self.at):
                self.at = plain.end()
                self._add(plain.group())
            elif self.markup[self.at] == "&":
                self._add(self._character())
            elif self.markup.startswith("</", self.at):
                self._close_tag()
            else:
                self._open_tag()
        if self.open:
            reason = f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"'
            raise _unparsable(reason)
        for entity in self.entities:
            entity.pop("class_language", None)
        # A surrounding entity comes before what it holds; the sort is stable for equal spans.
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"], entity["type"]))
        return "".join(self.text), self.entities

    def _add(self, text: str) -> None:
        self.text.append(text)
        self.length += utf16_length(text)

    def _character(self) -> str:
        """Read one character reference, or the ampersand itself where there is none."""
        reference = _REFERENCE.match(self.markup, self.at)
        code = 0
        if reference and not reference[3]:
            code = int(reference[1], 16) if reference[1] else int(reference[2])
        if not reference or (not reference[3] and not 0 < code < LAST_CHARACTER):
            self.at += 1
            return "&"
        self.at = reference.end()
        if reference[3]:
            return _NAMED[reference[3]]
        if code in SURROGATES:
            raise _unparsable(
                "Text contains invalid Unicode characters after decoding HTML entities, "
                "check for unmatched surrogate code units",
            )
        return chr(code)

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.markup, self.at)
        self.at = found.end() if found else self.at
        return found.group() if found else ""

    def _here(self) -> str:
        return self.markup[self.at] if self.at < len(self.markup) else ""

    def _offset(self, at: int) -> str:
        return f"at byte offset {len(self.markup[:at].encode())}"

    def _open_tag(self) -> None:
        begin = self.at
        self.at += 1
        tag = self._take(_NAME).lower()
        if not self._here():
            reason = f"Unclosed start tag {self._offset(begin)}"
            raise _unparsable(reason)
        if tag not in _TAGS:
            reason = f'Unsupported start tag "{tag}" {self._offset(begin)}'
            raise _unparsable(reason)
        attributes = self._attributes(tag, begin)
        self.at += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            reason = f'Tag "span" must have class "tg-spoiler" {self._offset(begin)}'
            raise _unparsable(reason)
        self.open.append(_Open(tag, attributes, self.length, len(self.text)))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        attributes: dict[str, str] = {}
        self._take(_SPACES)
        while self._here() != ">":
            name = self._take(_ATTRIBUTE_NAME)
            if not name and self._here():
                reason = f'Empty attribute name in the tag "{tag}" {self._offset(begin)}'
                raise _unparsable(reason)
            self._take(_SPACES)
            value = ""
            if self._here() == "=":
                self.at += 1
                self._take(_SPACES)
                value = self._value(tag, begin)
            if not self._here():
                reason = f'Unclosed start tag "{tag}" {self._offset(begin)}'
                raise _unparsable(reason)
            attributes[name] = value
            self._take(_SPACES)
        return attributes

    def _value(self, tag: str, begin: int) -> str:
        quote = self._here()
        if not quote:
            reason = f'Unclosed start tag "{tag}" {self._offset(begin)}'
            raise _unparsable(reason)
        if quote not in "'\"":
            token_at = self.at
            token = self._take(_TOKEN).lower()
            if self._here() and self._here() not in _SPACE + ">":
                reason = f"Unexpected end of name token {self._offset(token_at)}"
                raise _unparsable(reason)
            return token
        self.at += 1
        value: list[str] = []
        while self._here() != quote:
            if not self._here():
                reason = f"Unclosed start tag {self._offset(begin)}"
                raise _unparsable(reason)
            if self._here() == "&":
                value.append(self._character())
            else:
                value.append(self._here())
                self.at += 1
        self.at += 1
        return "".join(value)

    def _close_tag(self) -> None:
        begin = self.at
        if not self.open:
            reason = f"Unexpected end tag {self._offset(begin)}"
            raise _unparsable(reason)
        self.at += 2
        tag = self._take(_NAME).lower()
        self._take(_SPACES)
        if self._here() != ">":
            reason = f"Unclosed end tag {self._offset(begin)}"
            raise _unparsable(reason)
        opened = self.open.pop()
        if tag not in ("", opened.tag):
            reason = f'Unmatched end tag {self._offset(begin)}, expected "</{opened.tag}>", found "</{tag}>"'
            raise _unparsable(reason)
        self.at += 1
        if self.length > opened.offset:
            self._entity(opened)

    def _entity(self, opened: _Open) -> None:
        span = {"offset": opened.offset, "length": self.length - opened.offset}
        if opened.tag in ("pre", "code") and self._joined(opened, span):
            return
        special = _special(opened, "".join(self.text[opened.begin :]))
        if special is not None:
            self.entities.append({**special, **span})

    def _joined(self, opened: _Open, span: Entity) -> bool:
        """Make one block with a language of <pre><code class="language-…">, whichever is outside."""
        inner = self.entities[-1] if self.entities else {}
        other = "code" if opened.tag == "pre" else "pre"
        spans = inner.get("offset") == span["offset"] and inner.get("length") == span["length"]
        class_name = opened.attributes.get("class", "")
        if opened.tag == "code" and class_name.startswith("language-"):
            language = class_name.removeprefix("language-")
        else:
            language = inner.get("class_language", "")
        if not (spans and inner.get("type") == other and language):
            return False
        inner.pop("class_language", None)
        inner.update(type="pre", language=language)
        return True


def _special(opened: _Open, content: str) -> Entity | None:
    tag, attributes = opened.tag, opened.attributes
    if tag == "a":
        return _link(attributes.get("href") or content)
    if tag == "tg-emoji":
        if not attributes.get("emoji-id", "").isdecimal():
            raise _unparsable("Invalid custom emoji identifier specified")
        return {"type": "custom_emoji", "custom_emoji_id": attributes["emoji-id"]}
    if tag == "tg-time":
        return _moment(attributes)
    if tag == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    entity = {"type": _SIMPLE[tag]}
    if tag == "code" and attributes.get("class", "").startswith("language-"):
        entity["class_language"] = attributes["class"].removeprefix("language-")
    return entity


def _link(url: str) -> Entity | None:
    if user := re.fullmatch(r"tg://user/?\?id=(\d+)", url):
        return {"type": "text_mention", "user": {"id": int(user[1]), "is_bot": False, "first_name": ""}}
    if re.fullmatch(r"(?i)tg:(//)?\S+", url):
        return {"type": "text_link", "url": url}
    address = re.fullmatch(r"(?i)(?:(https?|ton|tonsite)://)?([^\s/?#@]+\.[^\s/?#@.]+)([/?#]\S*)?", url)
    if address is None:
        return None
    path = address[3] or "/"
    return {"type": "text_link", "url": f"{(address[1] or 'http').lower()}://{address[2].lower()}{path}"}


def _moment(attributes: dict[str, str]) -> Entity:
    if not attributes.get("unix", "").isdecimal():
        raise _unparsable("Invalid date specified")
    shape = attributes.get("format", "")
    if not _TIME_FORMAT.fullmatch(shape):
        raise _unparsable("Invalid date format used")
    return {"type": "date_time", "unix_time": int(attributes["unix"]), "date_time_format": shape}


def _unparsable(reason: str) -> RefusalError:
    return bad_request(f"can't parse entities: {reason}")
