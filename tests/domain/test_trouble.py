"""When a broadcast stops by itself: once there is enough to judge by, for what came since it was set going."""

import pytest

from tipbot.domain.broadcasts import PausedFor, Tally, trouble
from tipbot.domain.delivery import DeliveryStatus

S, F, U = DeliveryStatus.SENT, DeliveryStatus.FAILED, DeliveryStatus.UNKNOWN
B, G, Q = DeliveryStatus.BLOCKED, DeliveryStatus.GONE, DeliveryStatus.QUEUED


@pytest.mark.parametrize(
    ("counts", "why"),
    [
        ({F: 19}, None),
        ({F: 20}, PausedFor.FAILURES),
        ({S: 16, F: 2, U: 2}, None),
        ({S: 15, F: 3, U: 2}, PausedFor.FAILURES),
        ({S: 10, B: 5, G: 5}, None),
        ({S: 9, B: 6, G: 5}, PausedFor.BLOCKS),
        ({S: 1, F: 10, Q: 500}, None),
        ({}, None),
    ],
)
def test_trouble_is_noticed(counts: dict[DeliveryStatus, int], why: PausedFor | None) -> None:
    assert trouble(Tally(1_000, counts), Tally()) is why


def test_what_was_known_when_it_was_set_going_is_not_counted_again() -> None:
    before = Tally(1_000, {S: 15, F: 5})
    assert trouble(Tally(1_000, {S: 30, F: 5}), before) is None
    assert trouble(Tally(1_000, {S: 30, F: 10}), before) is PausedFor.FAILURES
