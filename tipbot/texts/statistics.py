"""Numbers for operators, as text and in pictures."""

from dataclasses import dataclass

from tipbot.texts.sending import SendingTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsTexts(SendingTexts):
    """These words in one language; operators read them."""
