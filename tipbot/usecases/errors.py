"""What a use case answers when it cannot do what was asked; the words for people live elsewhere."""


class NotSubscribed(Exception):  # noqa: N818 (an answer, not a failure)
    """The chat has no subscription: it has to say /start first."""
