"""A broadcast going out, its report, and what can be done afterwards."""

from dataclasses import dataclass

from tipbot.texts.composing import ComposingTexts
from tipbot.texts.declaring import lists


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingTexts(ComposingTexts):
    """These words in one language; operators read them."""

    paused_for: tuple[str, ...] = lists(4)
