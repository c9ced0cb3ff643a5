"""A local stand-in for Telegram, for trying the whole bot without a token and for the tests."""

from tipbot.sandbox.channels import Channel
from tipbot.sandbox.faults import Fault, Kind
from tipbot.sandbox.groups import Group
from tipbot.sandbox.limits import NO_LIMITS, Limits
from tipbot.sandbox.people import Person
from tipbot.sandbox.sandbox import TOKEN, Sandbox
from tipbot.sandbox.screen import Button, NoSuchButtonError, Shown
from tipbot.sandbox.state import Telegram, Toast

__all__ = [
    "NO_LIMITS",
    "TOKEN",
    "Button",
    "Channel",
    "Fault",
    "Group",
    "Kind",
    "Limits",
    "NoSuchButtonError",
    "Person",
    "Sandbox",
    "Shown",
    "Telegram",
    "Toast",
]
