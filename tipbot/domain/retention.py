"""How long somebody is remembered who does not come any more; the storage asks in SQL for what stands here."""

from datetime import datetime, timedelta
from enum import StrEnum

from tipbot.domain.subscribers import ChatKind, Status, Subscriber

# After a stop the settings wait this long for somebody who thinks better of it.
KEEP_STOPPED = timedelta(days=30)
# Who gives no sign for a year has most likely forgotten us, or lost the account.
SILENCE = timedelta(days=365)
# Between the word that somebody will be forgotten and doing it.
NOTICE = timedelta(days=30)

REACHABLE = frozenset({Status.ACTIVE, Status.PAUSED})
LOST = frozenset({Status.BLOCKED, Status.GONE})


class Fate(StrEnum):
    """What is to be done about a subscriber now."""

    KEEP = "keep"
    WARN = "warn"
    FORGET = "forget"


def fate(subscriber: Subscriber, *, now: datetime) -> Fate:
    """Return what retention asks for.

    Who stopped, or cannot be reached, is forgotten when both that and the last visit are long ago. Who is merely
    silent is told first, once, and forgotten if no press or command follows; in a channel nobody can press.
    """
    quiet_since = max(subscriber.status_since, subscriber.last_active_at)
    if subscriber.status is Status.STOPPED:
        return Fate.FORGET if quiet_since <= now - KEEP_STOPPED else Fate.KEEP
    if subscriber.status in LOST and quiet_since <= now - SILENCE:
        return Fate.FORGET
    if subscriber.chat_kind is ChatKind.CHANNEL or subscriber.last_active_at > now - SILENCE:
        return Fate.KEEP
    warned_at = subscriber.farewell_warned_at
    if warned_at is None or warned_at < subscriber.last_active_at:
        return Fate.WARN if subscriber.status in REACHABLE else Fate.KEEP
    return Fate.FORGET if warned_at <= now - NOTICE else Fate.KEEP
