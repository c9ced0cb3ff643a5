"""Content changed while TipBot runs: read anew, retired, due for review."""

from dataclasses import dataclass

from tipbot.texts.feeds import FeedTexts


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepTexts(FeedTexts):
    """These words in one language; operators read them."""
