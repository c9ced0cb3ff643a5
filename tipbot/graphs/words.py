"""What a place of a check is called in a drawing."""

from dataclasses import dataclass
from typing import assert_never

from tipbot.domain.check import Help, NodeId
from tipbot.domain.walking import AtEnding, AtQuestion, AtScreen, AtStep, AtStop, Node

_HELP = {
    Help.NONE: "End",
    Help.GP: "End: see a GP",
    Help.URGENT: "End: 111 today",
    Help.EMERGENCY: "End: 999 now",
    Help.CRISIS: "End: crisis lines",
}


@dataclass(frozen=True, slots=True)
class Way:
    """All buttons of one place that lead to the same next place."""

    numbers: tuple[int, ...]
    labels: tuple[str, ...]
    goto: NodeId


def heading(node: Node) -> str:
    """Return what sort of place this is, and which."""
    match node.place:
        case AtScreen(_, number, count):
            return f"Safety screen {number} of {count}"
        case AtStep(_, number, count):
            return f"Step {number} of {count}"
        case AtQuestion():
            return f"Question: {node.id}"
        case AtStop():
            return "Stop"
        case AtEnding(outcome):
            return f"{_HELP[outcome.help]} ({node.id})"
        case _:
            assert_never(node.place)


def text(node: Node) -> str:
    """Return the words that stand there, of an ending the first sentence."""
    match node.place:
        case AtScreen(screen):
            return screen.intro
        case AtStep(step):
            return step.says
        case AtQuestion(question):
            return question.says
        case AtStop(outcome) | AtEnding(outcome):
            return outcome.says.partition(". ")[0].rstrip(".") + "."
        case _:
            assert_never(node.place)


def ways(node: Node) -> tuple[Way, ...]:
    """Return the ways on, those to the same place taken together; numbers count from 1."""
    found: dict[NodeId, Way] = {}
    for number, way in enumerate(node.exits, start=1):
        label = f"{way.says} (+ {way.idea})" if way.idea else way.says
        before = found.get(way.goto, Way((), (), way.goto))
        found[way.goto] = Way((*before.numbers, number), (*before.labels, label), way.goto)
    return tuple(found.values())


def is_urgent(node: Node) -> bool:
    """Say whether this place sends people for help at once."""
    return isinstance(node.place, AtEnding) and node.place.outcome.help.is_urgent
