"""The chat page: a Telegram in the browser for the people of a sandbox, served on loopback."""

from tipbot.sandbox.page.acts import Act, ActRefusedError, field_of
from tipbot.sandbox.page.application import Page, page_application
from tipbot.sandbox.page.cast import CITIES, Cast, City, Player
from tipbot.sandbox.page.stream import Around

__all__ = [
    "CITIES",
    "Act",
    "ActRefusedError",
    "Around",
    "Cast",
    "City",
    "Page",
    "Player",
    "field_of",
    "page_application",
]
