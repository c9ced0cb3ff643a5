"""Who operators are, how they are invited, what they did, and what they are told at once."""

from dataclasses import dataclass

from tipbot.texts.declaring import says
from tipbot.texts.listening import Listening


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffTexts(Listening):
    """These words in one language; operators read them."""

    alarm_refused: str = says("item", "reason")
    alarm_broadcast_stopped: str = says("number", "why")
    not_allowed: str = says()
