"""What people are asked to agree to, one question each; the answers are kept with version and moment."""

from tipbot.domain.offers import MARKETING

ADULT = "adult"
MESSAGES = "messages"

__all__ = ["ADULT", "MARKETING", "MESSAGES"]
