"""Walking a check: the gate first, answers by number, ideas collected, and a fingerprint of every change."""

from dataclasses import replace

import pytest

from tests.bot.samples import AMBER, LIFT, RED, SCREENS, SITTING, STOPPED, WEEK
from tipbot.domain.check import Check, Gate, Step
from tipbot.domain.content import ItemId
from tipbot.domain.walking import AtEnding, AtQuestion, AtScreen, AtStep, AtStop, fingerprint, runs, unfold, walk


@pytest.mark.parametrize(
    ("check", "answers", "kind"),
    [
        (LIFT, (), AtScreen),
        (LIFT, (0,), AtScreen),
        (LIFT, (0, 0), AtScreen),
        (LIFT, (0, 0, 0), AtStep),
        (LIFT, (0, 0, 0, 1), AtStop),
        (LIFT, (0, 0, 0, 1, 0), AtScreen),
        (LIFT, (0, 0, 0, 0), AtQuestion),
        (LIFT, (0, 0, 0, 0, 3), AtStop),
        (SITTING, (0, 0), AtQuestion),
        (WEEK, (), AtQuestion),
    ],
)
def test_answers_lead_to_a_place(check: Check, answers: tuple[int, ...], kind: type) -> None:
    assert isinstance(walk(check, SCREENS, answers), kind)


@pytest.mark.parametrize("answer", [1, 2])
def test_yes_and_not_sure_end_the_run(answer: int) -> None:
    first, second = walk(LIFT, SCREENS, (answer,)), walk(LIFT, SCREENS, (0, answer))
    third = walk(LIFT, SCREENS, (0, 0, answer))
    assert isinstance(first, AtEnding)
    assert isinstance(second, AtEnding)
    assert isinstance(third, AtEnding)
    assert [one.outcome for one in (first, second, third)] == [RED, AMBER, SCREENS.body.outcome]


def test_after_a_stop_the_signs_are_asked_again() -> None:
    stop = (0, 0, 0, 1, 0)
    again = [walk(LIFT, SCREENS, (*stop, *more)) for more in ((1,), (0, 1), (0, 0))]
    assert [one.outcome for one in again if isinstance(one, AtEnding)] == [RED, AMBER, STOPPED]


@pytest.mark.parametrize("answers", [(3,), (-1,), (1, 0), (0, 0, 0, 0, 0, 0), (9,)])
def test_answers_that_no_run_can_have_are_refused(answers: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no button"):
        walk(LIFT, SCREENS, answers)


def test_ideas_come_in_the_order_of_the_answers_and_their_items_one_each_first() -> None:
    ending = walk(SITTING, SCREENS, (0, 0, 0, 0))
    assert isinstance(ending, AtEnding)
    assert [idea.id for idea in ending.ideas] == ["stand", "cushion"]
    assert ending.items == (ItemId("tip-1"), ItemId("card-1"), ItemId("tip-2"))


def test_whoever_is_sent_to_somebody_gets_no_collected_ideas() -> None:
    answers = replace(SITTING.questions[1].answers[1], goto=AMBER.id)
    question = replace(SITTING.questions[1], answers=(answers,))
    check = replace(SITTING, questions=(SITTING.questions[0], question))
    ending = walk(check, SCREENS, (0, 0, 0, 0))
    assert isinstance(ending, AtEnding)
    assert (ending.outcome, ending.ideas) == (AMBER, ())


def test_the_lines_of_one_check_stand_on_its_third_screen_only() -> None:
    places = [walk(LIFT, SCREENS, (0,) * number) for number in range(3)]
    assert [place.screen.signs for place in places if isinstance(place, AtScreen)] == [
        ("Numb inner thighs",),
        ("Fever",),
        ("Pregnant", "Sore hips"),
    ]


def test_every_run_ends_and_all_of_a_body_check_pass_the_screens() -> None:
    found = list(runs(unfold(LIFT, SCREENS)))
    assert len(found) == len(set(found)) == 2 * 3 + 2 * 5 + 3
    assert all(isinstance(walk(LIFT, SCREENS, run), AtEnding) for run in found)
    assert all(run[:3] == (0, 0, 0) for run in found if len(run) > 3)


def test_the_fingerprint_notices_every_change_of_the_tree_and_nothing_else() -> None:
    mark = fingerprint(LIFT, SCREENS)
    changed = [
        (replace(LIFT, steps=(*LIFT.steps, Step("And again."))), SCREENS),
        (replace(LIFT, gate=Gate.SIGNS), SCREENS),
        (replace(LIFT, questions=(replace(LIFT.questions[0], says="How was that?"),)), SCREENS),
        (LIFT, replace(SCREENS, red=replace(SCREENS.red, signs=("Another sign",)))),
        (LIFT, replace(SCREENS, next="Go on")),
    ]
    assert fingerprint(replace(LIFT), replace(SCREENS)) == mark
    assert len({mark, *(fingerprint(*one) for one in changed)}) == len(changed) + 1
