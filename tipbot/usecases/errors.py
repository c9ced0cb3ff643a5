"""What a use case answers when it cannot do what was asked; the words for people live elsewhere."""

from datetime import datetime


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
