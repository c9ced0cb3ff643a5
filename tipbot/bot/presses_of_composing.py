"""The buttons of operators for composing a broadcast, each as a value."""

from dataclasses import dataclass
from typing import ClassVar

from tipbot.bot.presses import Press
from tipbot.domain.broadcasts import BroadcastId


@dataclass(frozen=True, slots=True)
class OpenDraft(Press):
    """Preview a draft and show its card below."""

    code: ClassVar[str] = "draft"
    draft: BroadcastId


PRESSES_OF_COMPOSING: tuple[type[Press], ...] = (OpenDraft,)
