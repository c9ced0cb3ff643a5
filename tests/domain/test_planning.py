"""One due slot becomes one delivery, and the slot moves on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.deck import START_OF_DECK
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.planning import passed_over, plan
from tipbot.domain.subscribers import ChatId, ChatKind, Kind, Slot, Status, Subscriber
from tipbot.domain.weekdays import EVERY_DAY

ITEMS = (ItemId("one"), ItemId("two"), ItemId("three"))
NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
LATENESS = timedelta(hours=3)
ANN = Subscriber(
    chat_id=ChatId(7),
    chat_kind=ChatKind.PRIVATE,
    language=ENGLISH,
    zone="Europe/London",
    status=Status.ACTIVE,
    joined_at=NINE - timedelta(days=9),
    last_active_at=NINE,
    status_since=NINE,
)
SLOT = Slot(ANN.chat_id, Kind.TIP, time(9, 0), EVERY_DAY, next_at=NINE)


def test_a_due_slot_becomes_a_waiting_delivery_with_the_date_in_its_key() -> None:
    planned = plan(ANN, SLOT, ITEMS, now=NINE, max_lateness=LATENESS)
    assert planned.delivery.key == "tip:7:2026-01-05"
    assert planned.delivery.status is DeliveryStatus.QUEUED
    assert planned.delivery.not_after == NINE + LATENESS
    assert planned.slot.next_at == NINE + timedelta(days=1)
    assert planned.slot.served_on == date(2026, 1, 5)
    assert planned.slot.shown == planned.delivery.item


@pytest.mark.parametrize(
    ("late", "status"),
    [
        (timedelta(0), DeliveryStatus.QUEUED),
        (timedelta(hours=3), DeliveryStatus.QUEUED),
        (timedelta(hours=3, seconds=1), DeliveryStatus.EXPIRED),
        (timedelta(days=10), DeliveryStatus.EXPIRED),
    ],
)
def test_lateness_decides_between_sending_and_expiring(late: timedelta, status: DeliveryStatus) -> None:
    planned = plan(ANN, SLOT, ITEMS, now=NINE + late, max_lateness=LATENESS)
    assert planned.delivery.status is status
    assert planned.slot.next_at is not None
    assert planned.slot.next_at > NINE + late


def test_an_expired_delivery_draws_nothing_from_the_deck() -> None:
    planned = plan(ANN, SLOT, ITEMS, now=NINE + timedelta(hours=4), max_lateness=LATENESS)
    assert (planned.slot.position, planned.slot.shown) == (START_OF_DECK, None)


def test_after_an_outage_of_days_there_is_one_delivery_and_the_next_is_ahead() -> None:
    now = NINE + timedelta(days=5, hours=1)
    planned = plan(ANN, replace(SLOT, next_at=NINE), ITEMS, now=now, max_lateness=timedelta(days=9))
    assert planned.slot.next_at == NINE + timedelta(days=6)


def test_a_slot_that_is_not_due_is_refused() -> None:
    with pytest.raises(ValueError, match="not due"):
        plan(ANN, SLOT, ITEMS, now=NINE - timedelta(seconds=1), max_lateness=LATENESS)


def test_a_slot_that_is_passed_over_moves_on_and_leaves_the_deck_alone() -> None:
    moved = passed_over(ANN, SLOT, now=NINE + timedelta(minutes=1))
    assert moved == replace(SLOT, served_on=date(2026, 1, 5), next_at=NINE + timedelta(days=1))
