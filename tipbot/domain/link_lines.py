"""Reads link buttons the way people type them: a label and an address, one button a line."""

import re
from enum import StrEnum
from urllib.parse import urlsplit

from tipbot.domain.composition import MOST_LABEL, MOST_LINKS, LinkButton

_LINE = re.compile(r"(?P<label>.*?)[\s\-\u2013\u2014:|=>]*(?P<url>\b(?:https?|tg)://\S+)", re.IGNORECASE)


class LinkFault(StrEnum):
    """What is wrong with a line."""

    NO_ADDRESS = "no-address"
    WRONG_ADDRESS = "wrong-address"
    NO_LABEL = "no-label"
    LONG_LABEL = "long-label"
    TOO_MANY = "too-many"


class WrongLink(Exception):  # noqa: N818 (an answer to whoever typed it)
    """The text cannot be read as link buttons; `line` is where it fails."""

    def __init__(self, fault: LinkFault, line: str) -> None:
        super().__init__(fault)
        self.fault = fault
        self.line = line


def read_links(text: str) -> tuple[LinkButton, ...]:
    """Return the buttons that a text describes, "label - https://address" one a line; raises WrongLink."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINKS:
        raise WrongLink(LinkFault.TOO_MANY, lines[MOST_LINKS])
    if not lines:
        raise WrongLink(LinkFault.NO_ADDRESS, "")
    return tuple(map(_read, lines))


def _read(line: str) -> LinkButton:
    found = _LINE.fullmatch(line)
    if found is None:
        raise WrongLink(LinkFault.NO_ADDRESS, line)
    label, url = found["label"].strip(), found["url"]
    if not _is_reachable(url):
        raise WrongLink(LinkFault.WRONG_ADDRESS, line)
    if not label:
        raise WrongLink(LinkFault.NO_LABEL, line)
    if len(label) > MOST_LABEL:
        raise WrongLink(LinkFault.LONG_LABEL, line)
    return LinkButton(label, url)


def _is_reachable(url: str) -> bool:
    """Say whether Telegram takes an address: a host with a point in it, and no name or password before it."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme.lower() == "tg":
        return bool(host)
    return "@" not in parts.netloc and re.fullmatch(r"[^\s.]+(\.[^\s.]+)+", host) is not None
