"""Who gets a broadcast, as conditions that the database can answer."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tipbot.domain.content import Language
from tipbot.domain.subscribers import ChatKind, Kind


class Purpose(StrEnum):
    """Why a message goes out, and with it who may get it.

    An article is part of what people subscribed to. An offer is marketing: it needs a consent of its own (UK: PECR,
    regulation 22).
    """

    ARTICLE = "article"
    OFFER = "offer"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must be true of a subscriber, all of it; an empty condition asks nothing.

    `ordered` are the kinds they have switched on, `joined_since` a UTC date, `active_days` within how many days
    they did something, `got` the number of a broadcast that reached them.
    """

    ordered: frozenset[Kind] = frozenset()
    languages: frozenset[Language] = frozenset()
    zones: frozenset[str] = frozenset()
    joined_since: date | None = None
    active_days: int | None = None
    got: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether this asks nothing."""
        return self == Conditions()


@dataclass(frozen=True, slots=True)
class Audience:
    """Active subscribers in these sorts of chats who meet `only`, without those who meet all of `minus`."""

    chats: frozenset[ChatKind] = frozenset({ChatKind.PRIVATE})
    only: Conditions = Conditions()
    minus: Conditions = Conditions()


EVERYONE = Audience()
