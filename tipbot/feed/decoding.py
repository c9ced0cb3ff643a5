"""Turns the bytes of a feed into text that begins with its root element, or says what they are instead."""

import codecs
import re
from html.parser import HTMLParser
from urllib.parse import urljoin

from typing_extensions import override

from tipbot.domain.feed import FeedFailure, FeedFault
from tipbot.feed.addresses import host_of

# Of a body that is unpacked; a feed of fifty whole articles has some hundred kilobytes.
MOST_BYTES = 2_000_000

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
# Some of Python's codecs are slow on purpose-made input, or are no character sets at all.
_KNOWN = re.compile("iso8859-[0-9]+|cp125[0-9]|koi8-[ru]|mac-roman|gbk|gb2312|gb18030|big5|shift_jis|euc_(jp|kr)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BEFORE_ROOT = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE(?P<rest>[^<>\[\]]*)(?P<end>.?)", re.IGNORECASE)
_WEB_PAGE = re.compile("<(html|head|body|title|meta|script|div)[\\s/>]", re.IGNORECASE)
_FEED = re.compile(r"<([\w.-]{1,40}:)?(rss|rdf|feed)[\s/>]", re.IGNORECASE)
# A page that links its feed does so in its head.
_HEAD = 200_000


def text_of_feed(body: bytes, *, content_type: str, url: str) -> str:
    """Return the feed from its root element on, without any declaration before it; raises FeedFailure.

    No entity can be declared behind the root's beginning, so nothing is left that could be expanded.
    """
    if len(body) > MOST_BYTES:
        raise FeedFailure(FeedFault.TOO_LARGE, host_of(url))
    text = _NOT_IN_XML.sub("", _decoded(body, content_type))
    start, has_entities, is_html = _prologue(text)
    if is_html or _WEB_PAGE.match(text, start):
        raise FeedFailure(FeedFault.WEB_PAGE, host_of(url), _feed_of_page(text[:_HEAD], url))
    if has_entities:
        raise FeedFailure(FeedFault.DOCTYPE, host_of(url))
    if not _FEED.match(text, start):
        raise FeedFailure(FeedFault.NO_FEED, host_of(url))
    return text[start:]


def _decoded(body: bytes, content_type: str) -> str:
    """Return the text: by its mark, else as UTF-8 if it can be, else as the server or the file says.

    Hardly any text of another encoding is valid UTF-8 by chance, while what is said about encodings is often wrong.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_said(body, content_type), "replace")


def _said(body: bytes, content_type: str) -> str:
    in_header, in_file = _CHARSET.search(content_type.lower()), _DECLARED.match(body.lstrip())
    names = [in_header[1] if in_header else "", in_file[1].decode("ascii", "replace") if in_file else ""]
    for name in filter(None, names):
        try:
            found = codecs.lookup(name).name
        except LookupError:
            continue
        # On the web Latin-1 has always meant Windows' superset of it (WHATWG, Encoding).
        if _KNOWN.fullmatch(found):
            return "cp1252" if found == "iso8859-1" else found
    return "cp1252"


def _prologue(text: str) -> tuple[int, bool, bool]:
    """Return where the root element begins, whether entities are declared before it, and whether this is HTML."""
    position, has_entities = 0, False
    while True:
        if match := _BEFORE_ROOT.match(text, position):
            position = match.end()
        elif match := _DOCTYPE.match(text, position):
            if match["rest"].split()[:1] and match["rest"].split()[0].lower() == "html":
                return position, has_entities, True
            # A plain reference, as in RSS 0.91, is never followed and therefore harmless.
            has_entities = has_entities or match["end"] != ">"
            position = match.end()
        else:
            return position, has_entities, False


class _FeedLinks(HTMLParser):
    """Finds the first feed that a web page names: <link rel="alternate" type="application/rss+xml" href=…>."""

    def __init__(self) -> None:
        super().__init__()
        self.found = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        is_feed = given.get("type", "").lower() in {"application/rss+xml", "application/atom+xml"}
        if tag == "link" and is_feed and "alternate" in given.get("rel", "").lower().split():
            self.found = self.found or given.get("href", "")


def _feed_of_page(page: str, url: str) -> str:
    links = _FeedLinks()
    links.feed(page)
    try:
        found = urljoin(url, links.found) if links.found else ""
    except ValueError:
        return ""
    return found if re.fullmatch(r"https?://[\x21-\x7e]{1,500}", found) else ""
