"""From answers to a place in a check: the safety screens first, by construction, then steps and questions.

A run is nothing but the numbers of the buttons that were pressed, so nobody has to remember it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import blake2b
from itertools import pairwise

from tipbot.domain.check import (
    NO_IDEA,
    NOWHERE,
    Answer,
    Check,
    Gate,
    Help,
    Idea,
    IdeaId,
    NodeId,
    Outcome,
    Question,
    Screen,
    Screens,
    Step,
)
from tipbot.domain.content import ItemId, Language

STOP = NodeId("stop")
_FINGERPRINT_BYTES = 4


@dataclass(frozen=True, slots=True)
class AtScreen:
    """A safety screen, the `number`-th of `count`."""

    screen: Screen
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class AtStep:
    """Something to do, the `number`-th of `count`."""

    step: Step
    number: int
    count: int


@dataclass(frozen=True, slots=True)
class AtQuestion:
    """A question."""

    question: Question


@dataclass(frozen=True, slots=True)
class AtStop:
    """It hurt: rest, and then look at the signs once more."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class AtEnding:
    """The end, with the ideas that the answers brought up; `number` names the outcome among those of the tree."""

    outcome: Outcome
    number: int
    ideas: tuple[Idea, ...] = ()

    @property
    def items(self) -> tuple[ItemId, ...]:
        """What may feel good, the most useful first: one item of each idea, then the rest, none twice."""
        first = [idea.items[0] for idea in self.ideas if idea.items]
        rest = [item for idea in self.ideas for item in idea.items]
        return tuple(dict.fromkeys((*first, *rest, *self.outcome.items)))


Place = AtScreen | AtStep | AtQuestion | AtStop | AtEnding


@dataclass(frozen=True, slots=True)
class Exit:
    """One way on from a place: the words on its button, where it leads, and the idea that it brings up."""

    says: str
    goto: NodeId
    idea: IdeaId = NO_IDEA


@dataclass(frozen=True, slots=True)
class Node:
    """One place of a tree and the ways on from it; an ending has none."""

    id: NodeId
    place: Place
    exits: tuple[Exit, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A check spread out with its safety screens; `nodes` keeps their order."""

    start: NodeId
    nodes: Mapping[NodeId, Node]


@dataclass(frozen=True)
class Course:
    """A check with what all checks share, in one language: everything that a run of it needs."""

    language: Language
    check: Check
    screens: Screens

    @cached_property
    def mark(self) -> str:
        """The fingerprint of the whole tree."""
        return fingerprint(self.check, self.screens)

    @cached_property
    def tree(self) -> Tree:
        """All places and ways on."""
        return unfold(self.check, self.screens)

    def at(self, answers: Sequence[int]) -> Place:
        """Return where these answers lead; raises ValueError for answers that no run of this check can have."""
        return place_at(self.tree, self.check, answers)

    def ways_on(self, answers: Sequence[int]) -> tuple[Exit, ...]:
        """Return the ways on from where these answers lead, in the order of their buttons; raises ValueError."""
        return follow(self.tree, answers)[0].exits

    def ending(self, number: int) -> AtEnding | None:
        """Return the ending of this number, without ideas, or None."""
        endings = (node.place for node in self.tree.nodes.values() if isinstance(node.place, AtEnding))
        return next((ending for ending in endings if ending.number == number), None)


def walk(check: Check, screens: Screens, answers: Sequence[int]) -> Place:
    """Return where these answers lead, counted from 0 in the order of the buttons, screens and steps included.

    Raises ValueError for answers that no run of this check can have.
    """
    return place_at(unfold(check, screens), check, answers)


def place_at(tree: Tree, check: Check, answers: Sequence[int]) -> Place:
    """Return where answers lead in the tree of a check; raises ValueError as `walk` does."""
    node, ideas = follow(tree, answers)
    if not isinstance(node.place, AtEnding) or node.place.outcome.help is not Help.NONE:
        # Whoever is sent to somebody gets only what that ending itself names.
        return node.place
    kept = {idea.id: idea for idea in check.ideas}
    return replace(node.place, ideas=tuple(kept[idea] for idea in dict.fromkeys(ideas)))


def follow(tree: Tree, answers: Sequence[int]) -> tuple[Node, list[IdeaId]]:
    """Return the node that answers lead to, and the ideas brought up on the way; raises ValueError."""
    node, ideas = tree.nodes[tree.start], list[IdeaId]()
    for answer in answers:
        if not 0 <= answer < len(node.exits):
            message = f"there is no button {answer} at {node.id}"
            raise ValueError(message)
        taken = node.exits[answer]
        ideas += [taken.idea] if taken.idea else []
        node = tree.nodes[taken.goto]
    return node, ideas


def fingerprint(check: Check, screens: Screens) -> str:
    """Return a short mark of the whole tree, words included: it changes when an answer may mean something new."""
    return blake2b(repr((check, screens)).encode(), digest_size=_FINGERPRINT_BYTES).hexdigest()


def gate_screens(check: Check, screens: Screens) -> tuple[Screen, ...]:
    """Return the safety screens that come first, the third with the lines of this check."""
    body = replace(screens.body, signs=(*screens.body.signs, *check.extra))
    match check.gate:
        case Gate.BODY:
            return screens.red, screens.amber, body
        case Gate.SIGNS:
            return screens.red, screens.amber
        case Gate.NONE:
            return ()


def unfold(check: Check, screens: Screens) -> Tree:
    """Spread a check out into places and ways on.

    The gate stands before the first step and question whatever the files say; ways to endings of the safety
    screens come from them alone. A `goto` that is nowhere leads to a node that is missing from the tree.
    """
    first_question = check.questions[0].id if check.questions else NOWHERE
    first = NodeId("step-1") if check.steps else first_question
    gate = list(_screened("screen", gate_screens(check, screens), first, screens))
    nodes = [*gate, *_steps(check, screens, first_question), *_questions(check, screens)]
    if check.steps:
        nodes += _stopped(screens)
    nodes += _endings(check, screens, nodes)
    return Tree(gate[0].id if gate else first, {node.id: node for node in nodes})


def runs(tree: Tree) -> Iterator[tuple[int, ...]]:
    """Go through every run from the start to an ending; the tree must have no circle and nothing missing."""
    waiting: list[tuple[tuple[int, ...], Node]] = [((), tree.nodes[tree.start])]
    while waiting:
        answers, node = waiting.pop()
        if not node.exits:
            yield answers
        waiting += [((*answers, number), tree.nodes[way.goto]) for number, way in enumerate(node.exits)]


def _screened(name: str, gate: Sequence[Screen], then: NodeId, screens: Screens) -> Iterator[Node]:
    names = [NodeId(f"{name}-{number}") for number in range(1, len(gate) + 1)]
    for (number, screen), (this, following) in zip(enumerate(gate, start=1), pairwise([*names, then]), strict=True):
        yield Node(
            this,
            AtScreen(screen, number, len(gate)),
            (
                Exit(screens.none, following),
                Exit(screens.some, screen.outcome.id),
                Exit(screens.unsure, screen.outcome.id),
            ),
        )


def _steps(check: Check, screens: Screens, then: NodeId) -> Iterator[Node]:
    names = [NodeId(f"step-{number}") for number in range(1, len(check.steps) + 1)]
    numbered = enumerate(check.steps, start=1)
    for (number, step), (this, following) in zip(numbered, pairwise([*names, then]), strict=True):
        yield Node(
            this,
            AtStep(step, number, len(check.steps)),
            (Exit(screens.next, following), Exit(screens.stop, STOP)),
        )


def _questions(check: Check, screens: Screens) -> Iterator[Node]:
    names = [question.id for question in check.questions]
    for number, question in enumerate(check.questions):
        following = names[number + 1] if number + 1 < len(names) else NOWHERE
        exits = [_exit(answer, following) for answer in question.answers]
        if check.steps and number == 0:
            # The first question comes right after the movement, which may only hurt by then.
            exits.append(Exit(screens.stop, STOP))
        yield Node(question.id, AtQuestion(question), tuple(exits))


def _exit(answer: Answer, following: NodeId) -> Exit:
    return Exit(answer.says, answer.goto or following, answer.idea)


def _stopped(screens: Screens) -> list[Node]:
    """After a stop the signs are asked again: what hurts now may be new."""
    again = list(_screened("again", (screens.red, screens.amber), screens.stopped.id, screens))
    return [Node(STOP, AtStop(screens.stopped), (Exit(screens.next, again[0].id),)), *again]


def _endings(check: Check, screens: Screens, asked: Sequence[Node]) -> Iterator[Node]:
    """Return the endings: this check's own, and of those shared by all checks the ones that something leads to."""
    wanted = {way.goto for node in asked for way in node.exits}
    own = tuple(check.outcomes)
    shared = tuple(outcome for outcome in shared_outcomes(screens) if outcome.id in wanted)
    for number, outcome in enumerate((*own, *shared)):
        yield Node(outcome.id, AtEnding(outcome, number))


def items_of(check: Check, screens: Screens) -> tuple[ItemId, ...]:
    """Return all items that any run of this check may end with; their order stands for them in buttons."""
    endings = [
        node.place.outcome for node in unfold(check, screens).nodes.values() if isinstance(node.place, AtEnding)
    ]
    named = (*(idea.items for idea in check.ideas), *(outcome.items for outcome in endings))
    return tuple(dict.fromkeys(item for items in named for item in items))


def fixed_nodes(check: Check) -> tuple[NodeId, ...]:
    """Return the names that the safety screens and steps take up in a check's tree."""
    screens = [f"{name}-{number}" for name in ("screen", "again") for number in (1, 2, 3)]
    return (STOP, *map(NodeId, screens), *(NodeId(f"step-{number + 1}") for number in range(len(check.steps))))


def shared_outcomes(screens: Screens) -> tuple[Outcome, ...]:
    """Return the endings that do not belong to one check alone."""
    gate = (screens.red.outcome, screens.amber.outcome, screens.body.outcome, screens.stopped)
    return (*gate, *screens.outcomes)
