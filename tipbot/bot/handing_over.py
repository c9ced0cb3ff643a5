"""How far a request got that failed: what tells a message that surely did not go out from one nobody knows of."""

from telegram.error import NetworkError


class NotHandedOver(NetworkError):  # noqa: N818 (says how far a request got)
    """The request surely never reached Telegram: no connection could be made, or nothing be written to it."""


class ServerFault(NetworkError):  # noqa: N818 (same)
    """Telegram, or the front end before it, answered with a fault of its own; `code` is the HTTP status.

    The Bot API itself answers in JSON and has then not done what was asked. A page of the front end (502, 504) says
    nothing about that: it is ambiguous.
    """

    def __init__(self, code: int, body: bytes) -> None:
        super().__init__(f"Telegram answered {code}")
        self.code = code
        self.is_ambiguous = not body.lstrip().startswith(b"{")
