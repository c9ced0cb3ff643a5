"""How many messages may be in doubt at once: those are claimed, and what became of them is not written down yet."""

import math
from datetime import timedelta

# How long a message is in doubt, until the first ones tell: on its way for 60 ms, claimed a little ahead, and its
# answer waits for the next turn of the journal.
AT_FIRST = timedelta(milliseconds=80)
# What a clock that is put forward says of a message is no more than what the slowest takes.
LONGEST = timedelta(seconds=15)
# Each message counts for one in so many: a single slow one says nothing, a slower Telegram is known in a moment.
INERTIA = 256
# So much more than usual may be in doubt, so that a little irregularity costs no pace.
SLACK = timedelta(milliseconds=10)
# So many are in doubt at once where it does not matter: a message that waits for its chat must not keep the others.
FEWEST = 16


class Doubt:
    """Keeps what a process leaves in doubt when it dies near to its pace times the usual time in doubt.

    The pace alone would not: where answers come late all at once, or a new process opens all its connections,
    claims would go on meanwhile. `rate` is in messages a second, and there are never more than `limit`.
    """

    def __init__(self, rate: float, *, limit: int) -> None:
        self._rate = rate
        self._limit = limit
        self._usual = AT_FIRST.total_seconds()

    def note(self, lasted: timedelta) -> None:
        """Learn how long a message was in doubt, by a clock that may have been put forward or back meanwhile."""
        seconds = min(max(lasted, timedelta(0)), LONGEST).total_seconds()
        self._usual += (seconds - self._usual) / INERTIA

    @property
    def most(self) -> int:
        """How many messages may be in doubt now."""
        wanted = math.ceil(self._rate * (self._usual + SLACK.total_seconds()))
        return min(self._limit, max(FEWEST, wanted))
