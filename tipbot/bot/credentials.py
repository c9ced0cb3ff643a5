"""Noticing that Telegram refuses the token while TipBot runs, and that it takes it again."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tipbot.domain.alarms import Alarm, TokenWasRefused
from tipbot.logs import get_logger

log = get_logger(__name__)

# Telegram's answer to a token that was revoked (Bot API: error_code 401, Unauthorized).
UNAUTHORIZED, TAKEN = 401, 200
# It is asked every few seconds; so often is enough for the log.
SAY_AGAIN_AFTER = timedelta(minutes=10)
# A refusal that is over sooner than this was a mishap at Telegram's, and nobody has to be told.
WORTH_TELLING = timedelta(minutes=1)


class TokenWatch:
    """Goes by the HTTP status of every answer. Operators can only be told when the token works again."""

    def __init__(self, *, now: Callable[[], datetime], alarm: Callable[[Alarm], None]) -> None:
        self._now = now
        self._alarm = alarm
        self._said_at: datetime | None = None
        self.refused_since: datetime | None = None

    def heard(self, status: int) -> None:
        """Take note of an answer."""
        if status == UNAUTHORIZED:
            self._refused(self._now())
        elif status == TAKEN and self.refused_since is not None:
            self._taken(self.refused_since, self._now())

    def _refused(self, now: datetime) -> None:
        self.refused_since = self.refused_since or now
        if self._said_at is None or now - self._said_at >= SAY_AGAIN_AFTER:
            self._said_at = now
            advice = "ask @BotFather for the current token, set TIPBOT_TOKEN and start again"
            log.error("token_refused", advice=advice)

    def _taken(self, since: datetime, now: datetime) -> None:
        self.refused_since = self._said_at = None
        log.warning("token_taken_again", refused_seconds=round((now - since).total_seconds()))
        if now - since >= WORTH_TELLING:
            self._alarm(TokenWasRefused(since, now))
