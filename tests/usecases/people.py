"""People and moments for the tests of use cases."""

from datetime import UTC, datetime, timedelta

from tipbot.domain.content import ENGLISH
from tipbot.domain.subscribers import ChatId, ChatKind, Subscription
from tipbot.storage.database import Database
from tipbot.usecases.joining import Join, Newcomer

MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATENESS = timedelta(hours=3)
CONSENT_VERSION = "2026-11"


async def subscribe(
    database: Database, chat_id: int = 7, *, zone: str = "Europe/London", now: datetime = MONDAY_NOON
) -> Subscription:
    kind = ChatKind.PRIVATE if chat_id > 0 else ChatKind.GROUP
    newcomer = Newcomer(ChatId(chat_id), kind, ENGLISH, zone, "door", consent_version=CONSENT_VERSION)
    subscription, _ = await Join(database).join(newcomer, now=now)
    return subscription
