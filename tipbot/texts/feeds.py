"""Articles of the clinic: those that the feed brought, and those written by hand."""

from dataclasses import dataclass

from tipbot.texts.statistics import StatisticsTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTexts(StatisticsTexts):
    """These words in one language; operators read them."""
