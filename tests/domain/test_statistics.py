"""What counts as coming and going, how many there were at the end of each day, and how a check is counted."""

from datetime import date

import pytest

from tests.bot.samples import SCREENS
from tipbot.domain.check import Help, NodeId, Outcome
from tipbot.domain.statistics import Finish, Step, days_of, finish, in_tens, members_by_day, step
from tipbot.domain.subscribers import Status

ACTIVE, PAUSED, STOPPED, BLOCKED, GONE = Status
SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        (ACTIVE, PAUSED, Step.PAUSED),
        (PAUSED, ACTIVE, None),
        (ACTIVE, ACTIVE, None),
        (PAUSED, STOPPED, Step.STOPPED),
        (ACTIVE, BLOCKED, Step.BLOCKED),
        (ACTIVE, GONE, Step.GONE),
        (STOPPED, BLOCKED, None),
        (BLOCKED, ACTIVE, Step.RETURNED),
        (STOPPED, PAUSED, Step.RETURNED),
    ],
)
def test_only_steps_across_the_door_and_breaks_count(before: Status, after: Status, counted: Step | None) -> None:
    assert step(before, after) is counted


def test_members_are_reckoned_back_from_today() -> None:
    friday, saturday, sunday = days_of(date(2026, 11, 20), SUNDAY)
    steps = {
        saturday: {Step.JOINED: 3, Step.STOPPED: 1, Step.PAUSED: 5, Step.DELETED: 1},
        sunday: {Step.RETURNED: 1, Step.ERASED: 2},
        date(2026, 11, 23): {Step.JOINED: 10},
    }
    ends = members_by_day(21, steps, [friday, saturday, sunday])
    assert ends == {friday: 10, saturday: 12, sunday: 11}


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (9, 0), (10, 10), (19, 10), (1_234, 1_230)])
def test_numbers_about_checks_are_cut_to_full_tens(number: int, shown: int) -> None:
    assert in_tens(number) == shown


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [
        (SCREENS.red.outcome, Finish.URGENT),
        (SCREENS.amber.outcome, Finish.URGENT),
        (Outcome(NodeId("crisis"), "", help=Help.CRISIS), Finish.URGENT),
        (SCREENS.body.outcome, Finish.NOT_TODAY),
        (SCREENS.stopped, Finish.STOPPED),
        (Outcome(NodeId("gp"), "", help=Help.GP), Finish.SOON),
        (Outcome(NodeId("end"), ""), Finish.SELF),
    ],
)
def test_an_ending_counts_as_one_of_five(outcome: Outcome, counted: Finish) -> None:
    assert finish(outcome, SCREENS) is counted
