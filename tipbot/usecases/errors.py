"""What a use case answers when it cannot do what was asked; the words for people live elsewhere."""

from datetime import datetime
from enum import StrEnum

from tipbot.domain.articles import Step
from tipbot.domain.broadcasts import BroadcastId, BroadcastStatus
from tipbot.domain.operators import Role
from tipbot.domain.subscribers import Kind


class StretchesRest(Exception):  # noqa: N818 (an answer, not a failure)
    """No stretch for this chat before `until` (UTC): the person asked for a pause of stretches."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class NotAnOperator(Exception):  # noqa: N818 (an answer, not a failure)
    """Only operators may do this; others are answered as if it did not exist."""


class NotSubscribed(Exception):  # noqa: N818 (an answer, not a failure)
    """The chat has no subscription: it has to say /start first."""


class NothingLeft(Exception):  # noqa: N818 (same)
    """The chat has left out every item there is to choose from."""


class NotAllowed(Exception):  # noqa: N818 (same)
    """Somebody of the clinic, whose role does not include this; they are told so."""

    def __init__(self, role: Role) -> None:
        super().__init__(role)
        self.role = role


class NothingToReload(Exception):  # noqa: N818 (same)
    """TipBot runs on the content that came with it, which only a new version changes."""


class NoSuchItem(Exception):  # noqa: N818 (same)
    """The content has no such item, or none any more."""


class TooFewLeft(Exception):  # noqa: N818 (same)
    """So few items would be left of a kind that people would soon know them by heart."""

    def __init__(self, kind: Kind, left: int, fewest: int) -> None:
        super().__init__(kind, left)
        self.kind = kind
        self.left = left
        self.fewest = fewest


class OwnerOfSettings(Exception):  # noqa: N818 (same)
    """Owners are named in the settings, and only there can that be changed."""


class Void(StrEnum):
    """Why an invitation lets nobody in."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class NotInvited(Exception):  # noqa: N818 (same)
    """An invitation lets nobody in; `reason` says why."""

    def __init__(self, reason: Void) -> None:
        super().__init__(reason)
        self.reason = reason


class OperatorAlready(Exception):  # noqa: N818 (same)
    """Somebody of the clinic opened an invitation, which stays unused; `role` is what they are."""

    def __init__(self, role: Role) -> None:
        super().__init__(role)
        self.role = role


class NoSuchBroadcast(Exception):  # noqa: N818 (same)
    """There is no such broadcast, or none any more."""


class ChangedMeanwhile(Exception):  # noqa: N818 (same)
    """Somebody changed it since it was shown: it has to be looked at again."""


class WrongMoment(Exception):  # noqa: N818 (same)
    """A broadcast that stands like this cannot do what was asked; `status` says how it stands."""

    def __init__(self, status: BroadcastStatus) -> None:
        super().__init__(status)
        self.status = status


class ChangeUnderWay(Exception):  # noqa: N818 (same)
    """A broadcast is being corrected or taken back at this moment; `number` is the broadcast that does it."""

    def __init__(self, number: BroadcastId) -> None:
        super().__init__(number)
        self.number = number


class MayBeDouble(Exception):  # noqa: N818 (same)
    """An older database was put in place: who waits in it may have the message, and would get it twice."""


class Unready(StrEnum):
    """What keeps a broadcast from going out."""

    EMPTY = "empty"
    NOBODY = "nobody"
    UNDECIDED = "undecided"
    PAST = "past"
    OFFER_TOO_SOON = "offer-too-soon"
    STILL_IN_AIR = "still-in-air"
    TOO_OLD = "too-old"
    REFUSED = "refused"


class NotReady(Exception):  # noqa: N818 (same)
    """A broadcast cannot go out as it is; `reason` says what is missing, `until` (UTC) when that is over."""

    def __init__(self, reason: Unready, until: datetime | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.until = until


class NoSuchArticle(Exception):  # noqa: N818 (same)
    """There is no such article, or none any more, or it is somebody else's to write."""


class UnfitFor(StrEnum):
    """Why something typed or sent cannot be a part of an article."""

    EMPTY = "empty"
    TOO_LONG = "too-long"
    NO_ADDRESS = "no-address"


class Unfit(Exception):  # noqa: N818 (same)
    """What was given cannot be that part of an article; `length` is how many characters it has, where too many."""

    def __init__(self, step: Step, reason: UnfitFor, length: int = 0) -> None:
        super().__init__(step, reason)
        self.step = step
        self.reason = reason
        self.length = length
