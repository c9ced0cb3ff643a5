"""Self-checks as immutable values: words, questions and endings; how they hang together is in walking.py.

A check gives no score and names no cause: it says what was noticed, what may feel good, and when to see somebody.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType

from tipbot.domain.content import ItemId, Review, SourceId, TherapistId

CheckId = NewType("CheckId", str)
CheckCode = NewType("CheckCode", str)
NodeId = NewType("NodeId", str)
IdeaId = NewType("IdeaId", str)

NOWHERE = NodeId("")
NO_IDEA = IdeaId("")


class SelfTests(StrEnum):
    """How the checks are offered: step by step, to read only, or not at all."""

    INTERACTIVE = "interactive"
    READ_ONLY = "read-only"
    OFF = "off"


class Gate(StrEnum):
    """Which safety screens come before a check: all three, the signs only, or none."""

    BODY = "body"
    SIGNS = "signs"
    NONE = "none"


class Help(StrEnum):
    """To whom an outcome sends people at once; `none` leaves it at when to see somebody later."""

    NONE = "none"
    GP = "gp"
    URGENT = "111"
    EMERGENCY = "999"
    CRISIS = "crisis"

    @property
    def is_urgent(self) -> bool:
        """Whether nothing else may stand beside it: no idea, no booking, no way back."""
        return self in {Help.URGENT, Help.EMERGENCY, Help.CRISIS}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One ending: what was noticed, in everyday words, and when to see somebody.

    `call` is what to say on the telephone, where a call is due. `items` are tips, cards and stretches that fit.
    """

    id: NodeId
    says: str
    when: str = ""
    call: str = ""
    help: Help = Help.NONE
    items: tuple[ItemId, ...] = ()
    may_book: bool = False


@dataclass(frozen=True, slots=True)
class Screen:
    """One safety screen: any sign on it, or doubt, ends the run in its outcome."""

    title: str
    intro: str
    signs: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Screens:
    """What all checks share: the safety screens, the words on the common buttons, and endings used by several."""

    none: str
    some: str
    unsure: str
    next: str
    stop: str
    safety: str
    again: str
    red: Screen
    amber: Screen
    body: Screen
    stopped: Outcome
    review: Review
    outcomes: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do with the body."""

    says: str


@dataclass(frozen=True, slots=True)
class Idea:
    """Something to try that an answer brings up: what it says at the end, and the items that tell more."""

    id: IdeaId
    says: str
    items: tuple[ItemId, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One button below a question; without `goto` the next question follows, with `idea` that idea is kept."""

    says: str
    goto: NodeId = NOWHERE
    idea: IdeaId = NO_IDEA


@dataclass(frozen=True, slots=True)
class Question:
    """One question and its answers, in the order of the buttons."""

    id: NodeId
    says: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One self-check. `code` stands for it in buttons and says nothing about health.

    `extra` are lines that the third safety screen gets for this check only. `notices` is the version to read:
    "if you notice this, do that", without any answers.
    """

    id: CheckId
    code: CheckCode
    name: str
    about: str
    therapist: TherapistId
    gate: Gate
    covers: tuple[SourceId, ...]
    notices: tuple[str, ...]
    review: Review
    questions: tuple[Question, ...]
    outcomes: tuple[Outcome, ...] = ()
    needs: str = ""
    extra: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    ideas: tuple[Idea, ...] = ()
