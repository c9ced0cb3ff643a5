"""Composing a broadcast: what, to whom, when, and the last question."""

from dataclasses import dataclass

from tipbot.texts.staff import StaffTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposingTexts(StaffTexts):
    """These words in one language; operators read them."""
