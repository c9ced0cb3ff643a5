"""Plain words and the first picture out of a scrap of HTML that somebody else wrote."""

import re
import unicodedata
from html.parser import HTMLParser

from typing_extensions import override

_UNSEEN = frozenset({"script", "style", "template", "head", "title", "svg", "iframe", "object", "noscript"})
_IN_A_LINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "mark", "q", "s", "small", "span", "strong"}
)
_IN_A_LINE |= {"sub", "sup", "u", "wbr", "font", "del", "ins", "time", "kbd"}
# Control characters, halves of characters, and those that turn the direction of whatever follows them.
_UNWANTED = re.compile("[\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufeff\u00ad]")
# What WordPress puts at the end of every excerpt.
_BOILERPLATE = re.compile(r"\s*The post .{1,300} (first )?appeared (first )?on .{1,200}$", re.DOTALL)
_CUT_OFF = re.compile(r"\s*(\[(…|\.\.\.)\]|(Continue reading|Read more)\b.{0,100})$")


class _Reader(HTMLParser):
    """Gathers the words and the pictures of a scrap of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.pictures: list[str] = []
        self._unseen: str | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img" and self._unseen is None:
            self._picture({name: value or "" for name, value in attrs})
        if self._unseen is None and tag in _UNSEEN:
            self._unseen = tag
        self._gap(tag)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _UNSEEN:
            self.handle_starttag(tag, attrs)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag == self._unseen:
            self._unseen = None
        self._gap(tag)

    @override
    def handle_data(self, data: str) -> None:
        if self._unseen is None:
            self.words.append(data)

    def _gap(self, tag: str) -> None:
        if tag not in _IN_A_LINE:
            self.words.append(" ")

    def _picture(self, given: dict[str, str]) -> None:
        # A picture of a pixel is there to count readers.
        if not {given.get("width"), given.get("height")} & {"0", "1", "2"}:
            shown = [given.get(name, "") for name in ("src", "data-src", "data-lazy-src")]
            self.pictures += [source for source in shown if source and not source.startswith("data:")]


def words_and_pictures(html: str) -> tuple[str, list[str]]:
    """Return the words in one line, without scripts and styles, and the sources of pictures in their order."""
    reader = _Reader()
    try:
        reader.feed(html)
        reader.close()
    except AssertionError:
        pass  # the parser's word for a declaration that it cannot read; what came before it stands
    return one_line("".join(reader.words)), reader.pictures


def one_line(text: str) -> str:
    """Return the text as one line of visible characters."""
    kept = _UNWANTED.sub("", text)
    spaced = "".join(" " if unicodedata.category(one) == "Cc" else one for one in kept)
    return " ".join(spaced.split())


def teaser(words: str) -> str:
    """Return an excerpt without what blog programs put behind every one of them."""
    short = _BOILERPLATE.sub("", words)
    cut = _CUT_OFF.sub("", short)
    return cut if cut == short or cut.endswith(("…", ".", "!", "?")) else f"{cut}…"


def cut(words: str, most: int) -> str:
    """Return at most `most` characters, cut behind a word and with an ellipsis where something is missing."""
    if len(words) <= most:
        return words
    kept = words[: most - 1]
    if not words[most - 1].isspace() and (space := kept.rfind(" ")) > most // 2:
        kept = kept[:space]
    return kept.rstrip(" ,;:-\N{EN DASH}") + "…"
