"""What a picture shows: numbers to draw, and every word on it in the reader's language."""

from dataclasses import dataclass

WIDTH, HEIGHT = 1080, 1350
"""Pixels: on a phone it is shown a third as wide, and as high as a screen takes without scrolling."""


@dataclass(frozen=True, slots=True)
class Span:
    """A day or some days: who came and left, and how many had a subscription at the end; `label` is its date.

    `texts` are these three numbers as they are written.
    """

    label: str
    came: int
    left: int
    members: int
    texts: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Amount:
    """One bar: `label` is its name, `text` the number as it is written."""

    label: str
    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Liking:
    """One item and the share of votes that called it helpful, from 0 to 1; `text` is the share as it is written."""

    label: str
    text: str
    share: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Three charts, one below the other.

    `arrived` is the share of messages that arrived, None where there were none; `lost` are the reasons why others
    did not. The words `no_...` stand in the place of a chart that has nothing to show.
    """

    title: str
    subtitle: str
    members: str
    came: str
    left: str
    spans: tuple[Span, ...]
    messages: str
    arrived: float | None
    lost: tuple[Amount, ...]
    none_lost: str
    liked: str
    likings: tuple[Liking, ...]
    no_likings: str
