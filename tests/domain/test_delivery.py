"""What Telegram's answers mean for a delivery."""

from datetime import UTC, datetime, timedelta

import pytest

from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.delivery import (
    Claim,
    DeliveryStatus,
    Limited,
    Matter,
    Moved,
    NotSent,
    NotTried,
    Receipt,
    Refused,
    Retired,
    Sent,
    Uncertain,
    Unwanted,
    Vanished,
    retry_delay,
    settle,
)
from tipbot.domain.subscribers import ChatId

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
CLAIM = Claim(
    id=1,
    chat_id=ChatId(7),
    kind=Matter.TIP,
    item=ItemId("one"),
    language=ENGLISH,
    not_after=NOON + timedelta(hours=1),
    attempts=1,
    slot_at=NOON,
    lease_until=NOON + timedelta(seconds=40),
)


@pytest.mark.parametrize(
    ("receipt", "status", "again_in"),
    [
        (Sent(11), DeliveryStatus.SENT, None),
        (Unwanted("blocked"), DeliveryStatus.BLOCKED, None),
        (Vanished("gone"), DeliveryStatus.GONE, None),
        (Refused("bad html"), DeliveryStatus.FAILED, None),
        (Retired(), DeliveryStatus.CANCELLED, None),
        (Uncertain("timeout"), DeliveryStatus.UNKNOWN, None),
        (Moved(ChatId(-100)), DeliveryStatus.QUEUED, 0),
        (Limited(timedelta(seconds=30)), DeliveryStatus.QUEUED, None),
        (Limited(timedelta(minutes=20)), DeliveryStatus.QUEUED, 20 * 60),
        (NotTried("too late in the second"), DeliveryStatus.QUEUED, None),
        (NotSent("no connection"), DeliveryStatus.QUEUED, 2),
        (Limited(timedelta(hours=2)), DeliveryStatus.EXPIRED, None),
    ],
)
def test_settle(receipt: Receipt, status: DeliveryStatus, again_in: int | None) -> None:
    settlement = settle(CLAIM, receipt, now=NOON)
    assert settlement.status is status
    assert settlement.next_try_at == (None if again_in is None else NOON + timedelta(seconds=again_in))
    assert settlement.message_id == (11 if status is DeliveryStatus.SENT else None)


@pytest.mark.parametrize(
    ("receipt", "counts"),
    [
        (Limited(timedelta(seconds=30)), False),
        (Limited(timedelta(minutes=20)), False),
        (NotTried("no turn"), False),
        (NotSent("no connection"), True),
    ],
)
def test_only_what_failed_counts_as_an_attempt(receipt: Receipt, counts: bool) -> None:
    assert settle(CLAIM, receipt, now=NOON).is_attempt is counts


@pytest.mark.parametrize(("attempts", "seconds"), [(1, 2), (2, 4), (3, 8), (8, 256), (9, 300), (90, 300)])
def test_retries_come_ever_later_up_to_five_minutes(attempts: int, seconds: int) -> None:
    assert retry_delay(attempts) == timedelta(seconds=seconds)
