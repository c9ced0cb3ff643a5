"""How many messages may go now: evenly spaced slots that any number of processes share."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

# Unused time is worth at most this much credit, so that a pause is never followed by a burst. Where it would not
# pay for a whole message it is worth nothing: a second that begins with half a message too much has one too many.
CREDIT = timedelta(milliseconds=20)
# Slots nearer to each other than this fall together: to wake up for each one costs more than to send its message.
TOGETHER = timedelta(milliseconds=4)
# However many replies went out, bulk sending waits no longer than this for them.
LONGEST_DEBT = timedelta(seconds=2)
# A longer pause than this is about one chat (values of hours are seen): that message waits, the others do not.
LONGEST_STOP = timedelta(minutes=5)
# After a 429 everybody goes on this much slower, and wins it back by this share of the configured rate a minute.
SLOWER = 0.9
RECOVERY_A_MINUTE = 0.02
# But for so long the rate stays below this share of the one that was too fast: to run into the same limit again
# every few minutes would cost everybody a pause each time.
BELOW = 0.95
REMEMBERED_FOR = timedelta(hours=1)
SLOWEST = 1.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace as it stands: `rate` in messages a second, moments in UTC.

    `met_rate` is the rate that met the last 429, and `met_at` when.
    """

    rate: float
    next_slot_at: datetime
    changed_at: datetime
    stopped_until: datetime | None = None
    met_rate: float | None = None
    met_at: datetime | None = None

    def slots(self, *, now: datetime, until: datetime, most: int) -> list[datetime]:
        """Return the free moments from now to `until`, at most so many; at high rates a few of them at once."""
        if self._end_of_stop(now) is not None:
            return []
        together = max(1, int(TOGETHER.total_seconds() * self.rate))
        interval = timedelta(seconds=together / self.rate)
        moment = self._open_at(now)
        free: list[datetime] = []
        while moment <= until and len(free) < most:
            free += [moment] * min(together, most - len(free))
            moment += interval
        return free

    def after(self, used: int, *, now: datetime) -> "Pace":
        """Return the pace with this many more slots taken, by deliveries or by replies to people."""
        if not used:
            return self
        taken = self._open_at(now) + timedelta(seconds=used / self.rate)
        return replace(self, next_slot_at=min(taken, now + LONGEST_DEBT))

    def _open_at(self, now: datetime) -> datetime:
        """Return the next free moment; one that is far ahead was set by a clock that has been put back since."""
        if self.next_slot_at > now + 2 * LONGEST_DEBT:
            return now
        credit = CREDIT if CREDIT.total_seconds() * self.rate >= 1 else timedelta(0)
        return max(min(self.next_slot_at, now + LONGEST_DEBT), now - credit)

    def _end_of_stop(self, now: datetime) -> datetime | None:
        """Return until when everybody waits, or None; a longer stop than there is was set by such a clock."""
        until = self.stopped_until
        return until if until is not None and now < until <= now + 2 * LONGEST_STOP else None

    def stopped(self, retry_after: timedelta, *, now: datetime) -> "Pace":
        """Return the pace after Telegram asked for a pause: nobody asks earlier, then everybody goes on slower.

        Several answers to one overload slow the pace once, not once each.
        """
        lasting = self._end_of_stop(now)
        until = max(now + min(retry_after, LONGEST_STOP), lasting or now)
        stopped = replace(self, stopped_until=until, changed_at=now)
        if lasting is not None:
            return stopped
        return replace(stopped, rate=max(self.rate * SLOWER, SLOWEST), met_rate=self.rate, met_at=now)

    def time_for(self, messages: int, *, now: datetime) -> timedelta:
        """Return how long so many messages take from now, a pause that lasts included."""
        if not messages:
            return timedelta(0)
        return (self._end_of_stop(now) or now) - now + timedelta(seconds=messages / self.rate)

    def recovered(self, ceiling: float, *, now: datetime) -> "Pace":
        """Return the pace with what it has won back since its last change.

        That is up to the configured rate, but for an hour after a 429 only to a little below what was too fast.
        """
        if self.rate > ceiling:
            return replace(self, rate=ceiling, changed_at=now)
        highest, since = ceiling, self.changed_at
        if self.met_at is not None and self.met_rate is not None and self.met_at <= now:
            forgotten_at = self.met_at + REMEMBERED_FOR
            if now < forgotten_at:
                highest = min(ceiling, self.met_rate * BELOW)
            else:
                since = max(since, forgotten_at)
        minutes = (now - since).total_seconds() / 60
        if minutes < 1 or self.rate >= highest:
            return self
        return replace(self, rate=min(highest, self.rate + ceiling * RECOVERY_A_MINUTE * minutes), changed_at=now)

    def is_slowed(self, ceiling: float) -> bool:
        """Say whether Telegram has made it noticeably slower than it was set."""
        return self.met_at is not None and self.rate < ceiling * BELOW
