"""An offer comes rarely, and only where it is welcome, whatever falls due and however people change their minds."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.offers import next_offer
from tipbot.domain.planning import plan
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ANN = Subscriber(ChatId(7), ChatKind.PRIVATE, ENGLISH, "UTC", Status.ACTIVE, START, START, START)
WINDOW = 7


@pytest.mark.parametrize(
    ("since", "is_welcome", "has_offer", "after"),
    [
        (0, True, False, 1),
        (5, True, False, 6),
        (6, True, True, 0),
        (7, True, True, 0),
        (0, False, False, 1),
        (6, False, False, 6),
        (32_767, False, False, 6),
    ],
)
def test_the_seventh_welcome_tip_carries_an_offer(
    since: int, *, is_welcome: bool, has_offer: bool, after: int
) -> None:
    assert next_offer(since, is_welcome=is_welcome) == (has_offer, after)


DAYS = some.lists(
    some.tuples(some.sampled_from(Kind), some.booleans(), some.integers(0, 5)), min_size=30, max_size=60
)


@given(DAYS)
def test_of_seven_messages_in_a_row_at_most_one_carries_an_offer_and_none_unasked(
    days: list[tuple[Kind, bool, int]],
) -> None:
    slots = {kind: Slot(ANN.chat_id, kind, time(9, 0), EVERY_DAY, next_at=START) for kind in Kind}
    pushed: list[bool] = []
    for number, (kind, welcomes, hours_late) in enumerate(days):
        due = START + number * DAY
        slot = replace(slots[kind], next_at=due)
        planned = plan(
            ANN,
            slot,
            [ItemId("one"), ItemId("two")],
            now=due + timedelta(hours=hours_late),
            max_lateness=timedelta(hours=3),
            welcomes_offers=welcomes,
        )
        slots[kind] = planned.slot
        if hours_late > 3:
            assert (planned.delivery.has_offer, planned.slot.since_offer) == (False, slot.since_offer)
            continue
        pushed.append(planned.delivery.has_offer)
        assert not planned.delivery.has_offer or (welcomes and kind is Kind.TIP)
    assert all(sum(pushed[start : start + WINDOW]) <= 1 for start in range(len(pushed)))


def test_with_consent_all_along_each_seventh_tip_carries_one() -> None:
    slot = Slot(ANN.chat_id, Kind.TIP, time(9, 0), EVERY_DAY, next_at=START)
    offered = []
    for number in range(28):
        now = START + number * DAY
        planned = plan(ANN, slot, [ItemId("one")], now=now, max_lateness=DAY, welcomes_offers=True)
        slot = planned.slot
        offered += [number + 1] if planned.delivery.has_offer else []
    assert offered == [7, 14, 21, 28]
