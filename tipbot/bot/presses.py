"""Every button of the bot as a value: what it means when it is pressed, and what comes along with the press."""

from dataclasses import dataclass
from datetime import time
from typing import ClassVar, NewType

from tipbot.domain.content import ItemId, Language, Origin
from tipbot.domain.kindness import Wish
from tipbot.domain.subscribers import Kind
from tipbot.domain.weekdays import Weekdays

SourceCode = NewType("SourceCode", str)
Zone = NewType("Zone", str)
Days = NewType("Days", int)
DayOfWeek = NewType("DayOfWeek", int)
Minutes = NewType("Minutes", int)


@dataclass(frozen=True, slots=True)
class Press:
    """A pressed button; the fields of each kind are what its callback data carries."""

    code: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Agree(Press):
    """18 or over, and start; `source` is the code of the link that led here, or empty."""

    code: ClassVar[str] = "go"
    source: SourceCode


@dataclass(frozen=True, slots=True)
class UnderAge(Press):
    """Under 18."""

    code: ClassVar[str] = "young"


@dataclass(frozen=True, slots=True)
class LooksRight(Press):
    """The plan or the settings are as wanted."""

    code: ClassVar[str] = "right"


@dataclass(frozen=True, slots=True)
class StartGroup(Press):
    """Bring the group this kind, and not the other."""

    code: ClassVar[str] = "group"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Today(Press):
    """Bring today's item of this kind."""

    code: ClassVar[str] = "today"
    kind: Kind


@dataclass(frozen=True, slots=True)
class Another(Press):
    """Show another item of this kind in place of this one."""

    code: ClassVar[str] = "more"
    kind: Kind


@dataclass(frozen=True, slots=True)
class OpenSettings(Press):
    """Show the settings in a new message, because the one above is worth keeping."""

    code: ClassVar[str] = "open"


@dataclass(frozen=True, slots=True)
class ShowSettings(Press):
    """Show the settings in this message."""

    code: ClassVar[str] = "set"


@dataclass(frozen=True, slots=True)
class SwitchArticles(Press):
    """Bring new articles, or do not."""

    code: ClassVar[str] = "articles"
    is_on: bool


@dataclass(frozen=True, slots=True)
class ShowKind(Press):
    """Show what can be set for a kind."""

    code: ClassVar[str] = "kind"
    kind: Kind


@dataclass(frozen=True, slots=True)
class SwitchKind(Press):
    """Switch a kind on or off."""

    code: ClassVar[str] = "switch"
    kind: Kind
    is_on: bool


@dataclass(frozen=True, slots=True)
class ShowTimes(Press):
    """Show times to choose from."""

    code: ClassVar[str] = "times"
    kind: Kind


@dataclass(frozen=True, slots=True)
class ChooseTime(Press):
    """Let a kind come at this wall time."""

    code: ClassVar[str] = "time"
    kind: Kind
    wall_time: time


@dataclass(frozen=True, slots=True)
class OfferTime(Press):
    """Set this wall time, for whichever kind."""

    code: ClassVar[str] = "offer"
    wall_time: time


@dataclass(frozen=True, slots=True)
class ShowDays(Press):
    """Show sets of days to choose from."""

    code: ClassVar[str] = "days"
    kind: Kind


@dataclass(frozen=True, slots=True)
class ChooseDays(Press):
    """Let a kind come on these days."""

    code: ClassVar[str] = "pick"
    kind: Kind
    weekdays: Weekdays


@dataclass(frozen=True, slots=True)
class ShowOwnDays(Press):
    """Show the days one by one."""

    code: ClassVar[str] = "own"
    kind: Kind


@dataclass(frozen=True, slots=True)
class SetDay(Press):
    """Add a day or take it out; it says what is wanted, so that the same press twice is one change."""

    code: ClassVar[str] = "day"
    kind: Kind
    day: DayOfWeek
    is_on: bool


@dataclass(frozen=True, slots=True)
class ShowZone(Press):
    """Ask where the person is."""

    code: ClassVar[str] = "where"


@dataclass(frozen=True, slots=True)
class ChooseZone(Press):
    """Move to this zone."""

    code: ClassVar[str] = "zone"
    zone: Zone


@dataclass(frozen=True, slots=True)
class ShowClocks(Press):
    """Show the whole hours around the globe."""

    code: ClassVar[str] = "clocks"


@dataclass(frozen=True, slots=True)
class ShowOddClocks(Press):
    """Show the clocks that are not a whole hour from the others."""

    code: ClassVar[str] = "odd"


@dataclass(frozen=True, slots=True)
class ChooseClock(Press):
    """The clock here is so many minutes ahead of UTC."""

    code: ClassVar[str] = "clock"
    offset: Minutes


@dataclass(frozen=True, slots=True)
class ShareLocation(Press):
    """Offer the button that shares a location."""

    code: ClassVar[str] = "share"


@dataclass(frozen=True, slots=True)
class ShowLanguages(Press):
    """Show the languages there are."""

    code: ClassVar[str] = "tongues"


@dataclass(frozen=True, slots=True)
class ChooseLanguage(Press):
    """Speak this language."""

    code: ClassVar[str] = "speak"
    language: Language


@dataclass(frozen=True, slots=True)
class ShowPause(Press):
    """Ask how long a pause shall be."""

    code: ClassVar[str] = "break"


@dataclass(frozen=True, slots=True)
class Pause(Press):
    """Pause for so many days; 0 is a pause without an end."""

    code: ClassVar[str] = "pause"
    days: Days


@dataclass(frozen=True, slots=True)
class Resume(Press):
    """Go on after a pause, a stop or a block."""

    code: ClassVar[str] = "resume"


@dataclass(frozen=True, slots=True)
class Stop(Press):
    """Send nothing any more."""

    code: ClassVar[str] = "stop"


@dataclass(frozen=True, slots=True)
class ShowItem(Press):
    """Bring this very item as a new message."""

    code: ClassVar[str] = "item"
    item: ItemId


@dataclass(frozen=True, slots=True)
class ShowBooking(Press):
    """Show how to book, and remember only from what kind of message the press came."""

    code: ClassVar[str] = "book"
    origin: Origin


@dataclass(frozen=True, slots=True)
class HowOften(Press):
    """Bring more, the same or less from now on."""

    code: ClassVar[str] = "often"
    wish: Wish


@dataclass(frozen=True, slots=True)
class StillHere(Press):
    """Somebody is there, and everything shall be as they ordered it."""

    code: ClassVar[str] = "here"


PRESSES: tuple[type[Press], ...] = (
    *(Agree, UnderAge, LooksRight, StartGroup, Today, Another, OpenSettings, ShowSettings, SwitchArticles),
    *(ShowKind, SwitchKind, ShowTimes, ChooseTime, OfferTime, ShowDays, ChooseDays, ShowOwnDays, SetDay),
    *(ShowZone, ChooseZone, ShowClocks, ShowOddClocks, ChooseClock, ShareLocation),
    *(ShowPause, Pause, Resume, Stop),
    *(ShowItem, ShowBooking),
    *(HowOften, StillHere),
    *(ShowLanguages, ChooseLanguage),
)
