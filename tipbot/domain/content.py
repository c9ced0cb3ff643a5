"""The clinic's advice as immutable values; where it is stored and how it is shown is not known here."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

ItemId = NewType("ItemId", str)
SourceId = NewType("SourceId", str)
TherapistId = NewType("TherapistId", str)
Language = NewType("Language", str)
PageId = NewType("PageId", str)

ENGLISH = Language("en")


class Topic(StrEnum):
    """What a piece of advice is about; a reader may ask for one by name."""

    MOVEMENT = "movement"
    POSTURE = "posture"
    STRENGTH = "strength"
    STRETCHING = "stretching"
    SLEEP = "sleep"
    STRESS = "stress"
    MINDFULNESS = "mindfulness"
    EXERCISE = "exercise"
    RUNNING = "running"
    CARE = "care"
    KNOWLEDGE = "knowledge"


class Position(StrEnum):
    """How a stretch is done, so that a reader knows at a glance whether it fits where they are."""

    SITTING = "sitting"
    STANDING = "standing"
    LYING = "lying"
    KNEELING = "kneeling"


Theme = Topic | Position


def theme_named(name: str) -> Theme:
    """Return the topic or position of this name, which no two share; raises ValueError for any other."""
    try:
        return Topic(name)
    except ValueError:
        return Position(name)


class Verdict(StrEnum):
    """What became of one item of a source article."""

    KEEP = "keep"
    CORRECT = "correct"
    IN_THEIR_VIEW = "in-their-view"
    OMIT = "omit"


@dataclass(frozen=True, slots=True)
class Review:
    """Who looked at an item last, when, and by when it wants looking at again."""

    by: str
    on: date
    due: date


@dataclass(frozen=True, slots=True)
class Therapist:
    """One of the clinic's therapists, by first name only."""

    id: TherapistId
    name: str
    role: str
    about: str


@dataclass(frozen=True, slots=True)
class SourceItem:
    """One claim of a source article in our own words, and what we did with it.

    `reason` says why an item was corrected or omitted; it is empty for a kept one.
    """

    id: SourceId
    therapist: TherapistId | None
    claim: str
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tip:
    """One piece of advice with one action: the title is what a notification shows."""

    id: ItemId
    title: str
    body: str
    therapist: TherapistId
    topic: Topic
    covers: tuple[SourceId, ...]
    review: Review


@dataclass(frozen=True, slots=True)
class Card:
    """One thing worth knowing: a fact, what follows from it, and where it comes from.

    One that speaks well of the clinic's own services is `asked_for`: it comes only to people who ask, because
    promotion needs consent of its own (UK: PECR, regulation 22).
    """

    id: ItemId
    title: str
    fact: str
    so_what: str
    source: str
    therapist: TherapistId
    topic: Topic
    covers: tuple[SourceId, ...]
    review: Review
    asked_for: bool = False


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch or exercise, complete enough to be done safely without anything else.

    `not_for` lists when to leave it out; it is never empty. One that is `advanced` comes only to people who ask.
    """

    id: ItemId
    name: str
    position: Position
    minutes: int
    why: str
    setup: str
    steps: tuple[str, str, str]
    dose: str
    easier: str
    stop: str
    not_for: tuple[str, ...]
    therapist: TherapistId
    topic: Topic
    covers: tuple[SourceId, ...]
    review: Review
    advanced: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One page of an article: paragraphs and lines that begin with a hyphen, with an empty line between."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Article:
    """A long read in sections, by one or more therapists; `url` is where the clinic published it, or empty."""

    id: ItemId
    title: str
    summary: str
    therapists: tuple[TherapistId, ...]
    covers: tuple[SourceId, ...]
    review: Review
    sections: tuple[Section, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Urgent:
    """The signs that need help now, and whom to ask: shown without any gate and without a database."""

    title: str
    red_intro: str
    red_signs: tuple[str, ...]
    red_action: str
    amber_intro: str
    amber_signs: tuple[str, ...]
    amber_action: str
    crisis: str
    note: str
    review: Review


# What the clinic's own booking link is called beside those of its therapists, whose names are their ids.
CLINIC_TARGET = "clinic"


@dataclass(frozen=True, slots=True)
class PolicyPage:
    """One page of the privacy policy; `button` is the label that leads to it."""

    id: PageId
    button: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Policy:
    """What happens with people's data, and what they agree to; shown without any gate and without a database.

    `version` and `effective` change with every change of the words. `consent_version` changes only when people have
    to be asked again, and `what_changed` is what they are told then. Texts may hold placeholders for the clinic.
    """

    version: str
    effective: date
    consent_version: str
    what_changed: str
    title: str
    summary: str
    pages: tuple[PolicyPage, ...] = ()


class Origin(StrEnum):
    """From where somebody came to the booking links; it says nothing about who."""

    TIP = "tip"
    STRETCH = "stretch"
    CHECK = "check"
    MENU = "menu"
    BROADCAST = "broadcast"


# A broadcast's buttons lead anywhere; their presses stand in its own report.
BOOKING_ORIGINS = tuple(origin for origin in Origin if origin is not Origin.BROADCAST)


@dataclass(frozen=True, slots=True)
class Clinic:
    """The clinic that stands behind the bot: what people must be able to find.

    `host` is who keeps the bot and its record running, and where.
    """

    name: str
    address: str
    contact: str
    website: str
    privacy_contact: str
    host: str
    booking_url: str
    booking_urls: dict[TherapistId, str]


Item = Tip | Card | Stretch


def title_of(item: Item | Article) -> str:
    """Return the few words by which people know an item."""
    return item.name if isinstance(item, Stretch) else item.title


def is_about(item: Item, theme: Theme) -> bool:
    """Say whether an item has this topic, or is a stretch in this position."""
    if isinstance(theme, Position):
        return isinstance(item, Stretch) and item.position is theme
    return item.topic is theme
