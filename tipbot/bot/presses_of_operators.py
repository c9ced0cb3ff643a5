"""The buttons by which operators decide, each as a value; those of everybody are in presses.py."""

from dataclasses import dataclass
from datetime import time
from typing import ClassVar, NewType

from tipbot.bot.presses import Press

ChannelId = NewType("ChannelId", int)


@dataclass(frozen=True, slots=True)
class PostInChannel(Press):
    """Post the stretch of the day in this channel at this wall time."""

    code: ClassVar[str] = "post"
    channel: ChannelId
    wall_time: time


@dataclass(frozen=True, slots=True)
class StopPosting(Press):
    """Post nothing in this channel, or nothing more."""

    code: ClassVar[str] = "unpost"
    channel: ChannelId


PRESSES_OF_OPERATORS: tuple[type[Press], ...] = (PostInChannel, StopPosting)
