"""Rules on how a check hangs together: names, ways on, no circles, nothing out of reach, the gate first."""

import re
from collections.abc import Iterator, Mapping, Sequence

from tipbot.catalogue.draft import Draft, Found
from tipbot.catalogue.references import ID_LENGTH
from tipbot.domain.check import Answer, Check, Gate, Help, NodeId, Screens
from tipbot.domain.faults import Fault
from tipbot.domain.walking import AtScreen, AtStep, Node, Tree, fixed_nodes, shared_outcomes, unfold

LONGEST_RUN = 40
"""Presses from the start of a check to its end: each is one digit of callback data (Bot API: 64 bytes in all)."""
MOST_BUTTONS = 8
"""Buttons below one question, so that all of them are on a phone's screen."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_CODE = re.compile(r"[a-z][a-z0-9]{1,3}")


def check_ids_are_well_formed(draft: Draft) -> Iterator[Fault]:
    """Find ids and codes of checks that do not fit into a button."""
    for found in draft.every_check():
        for key, name in (("id", found.value.id), *_names(found.value)):
            if len(name) > ID_LENGTH or not _ID.fullmatch(name):
                advice = f"An id has small letters, digits and single hyphens, at most {ID_LENGTH}: my-question."
                yield found.place.fault(key, advice)
        if not _CODE.fullmatch(found.value.code):
            yield found.place.fault("code", "A code is a small letter and 1 to 3 letters or digits: t9.")


def check_ids_are_unique(draft: Draft) -> Iterator[Fault]:
    """Find ids and codes that name two checks."""
    for shelf in draft.checks.values():
        yield from _taken("id", [(found.value.id, found) for found in shelf])
        yield from _taken("code", [(found.value.code, found) for found in shelf])


def trees_hold_together(draft: Draft) -> Iterator[Fault]:
    """Find checks with a name for two things, that lead nowhere, in a circle, past the screens, or on for long."""
    for language, shelf in draft.checks.items():
        screens = draft.screens.get(language)
        for found in shelf if screens else ():
            assert screens is not None  # noqa: S101 (said to the type checker; the line above sees to it)
            # One fault brings others with it: only the first sort of them helps.
            for rule in (_repeated_names, _leads_on, _has_no_circle, _is_reached, _is_gated, _is_short):
                if faults := list(rule(found, screens.value)):
                    yield from faults
                    break


def shared_endings_are_used(draft: Draft) -> Iterator[Fault]:
    """Find endings in screens.toml that no check leads to."""
    for language, screens in draft.screens.items():
        wanted = {answer.goto for one in draft.checks.get(language, ()) for answer in _answers(one.value)}
        for number, outcome in enumerate(screens.value.outcomes, start=1):
            if outcome.id not in wanted:
                yield screens.place.fault(f"outcomes[#{number}].id", "No check leads here. Take it out.")


def _taken(key: str, named: Sequence[tuple[str, Found[Check]]]) -> Iterator[Fault]:
    first: dict[str, Found[Check]] = {}
    for name, found in named:
        if first.setdefault(name, found) is not found:
            advice = f"This {key} is taken by {first[name].place.file}. Choose another."
            yield found.place.fault(key, advice)


def _names(check: Check) -> Iterator[tuple[str, str]]:
    yield from ((f"questions[#{number}].id", one.id) for number, one in enumerate(check.questions, start=1))
    yield from ((f"outcomes[#{number}].id", one.id) for number, one in enumerate(check.outcomes, start=1))
    yield from ((f"ideas[#{number}].id", one.id) for number, one in enumerate(check.ideas, start=1))


def _answers(check: Check) -> Iterator[Answer]:
    return (answer for question in check.questions for answer in question.answers)


def _repeated_names(found: Found[Check], screens: Screens) -> Iterator[Fault]:
    taken: dict[str, str] = {outcome.id: "screens.toml" for outcome in shared_outcomes(screens)}
    taken |= dict.fromkeys(fixed_nodes(found.value), "the safety screens and steps")
    ideas: dict[str, str] = {}
    for key, name in _names(found.value):
        names = ideas if key.startswith("ideas") else taken
        if name in names:
            yield found.place.fault(key, f"This id is taken by {names[name]}. Choose another.")
        names.setdefault(name, key)


def _leads_on(found: Found[Check], screens: Screens) -> Iterator[Fault]:
    check = found.value
    known = {*unfold(check, screens).nodes, *(outcome.id for outcome in shared_outcomes(screens))}
    if not check.questions:
        yield found.place.fault("questions", "A check asks at least one question.")
    for number, question in enumerate(check.questions, start=1):
        if not question.answers:
            yield found.place.fault(f"questions[#{number}].answers", "This is empty. Write at least one answer.")
        for choice, answer in enumerate(question.answers, start=1):
            key = f"questions[#{number}].answers[#{choice}]"
            if answer.goto and answer.goto not in known:
                yield found.place.fault(f"{key}.goto", f'There is no question and no ending "{answer.goto}".')
            if not answer.goto and number == len(check.questions):
                yield found.place.fault(f"{key}.goto", "No question follows. Say which ending this leads to.")
            if answer.idea and answer.idea not in {idea.id for idea in check.ideas}:
                yield found.place.fault(f"{key}.idea", f'There is no idea "{answer.idea}" here.')


def _has_no_circle(found: Found[Check], screens: Screens) -> Iterator[Fault]:
    tree = unfold(found.value, screens)
    for number, question in enumerate(found.value.questions, start=1):
        if question.id in _ahead(tree, question.id):
            yield found.place.fault(f"questions[#{number}].id", "The answers lead back here: nobody would get out.")


def _is_reached(found: Found[Check], screens: Screens) -> Iterator[Fault]:
    check = found.value
    tree = unfold(check, screens)
    reached: set[str] = {tree.start, *_ahead(tree, tree.start), *(answer.idea for answer in _answers(check))}
    for key, name in _names(check):
        if name not in reached:
            yield found.place.fault(key, f'No answer leads to "{name}". Take it out, or lead there.')


def _is_gated(found: Found[Check], screens: Screens) -> Iterator[Fault]:
    check = found.value
    if check.steps and check.gate is not Gate.BODY:
        yield found.place.fault("gate", 'A check with steps needs gate = "body": all three safety screens first.')
    if check.gate is Gate.NONE and not any(outcome.help is Help.CRISIS for outcome in check.outcomes):
        yield found.place.fault("gate", 'Without safety screens there must be an ending with help = "crisis".')
    tree = unfold(check, screens)
    for node in tree.nodes.values():
        if isinstance(node.place, AtStep) and (missed := _unscreened(tree, node)):
            yield found.place.fault("steps", f"{node.id} can be reached past {missed}.")


def _unscreened(tree: Tree, node: Node) -> str:
    """Return the name of a safety screen without which this node can be reached, or nothing."""
    for screen in tree.nodes.values():
        if isinstance(screen.place, AtScreen) and screen.id.startswith("screen"):
            rest = Tree(tree.start, {name: one for name, one in tree.nodes.items() if name != screen.id})
            if tree.start in rest.nodes and node.id in _ahead(rest, tree.start):
                return screen.id
    return ""


def _is_short(found: Found[Check], screens: Screens) -> Iterator[Fault]:
    nodes = unfold(found.value, screens).nodes
    for number, question in enumerate(found.value.questions, start=1):
        if len(nodes[question.id].exits) > MOST_BUTTONS:
            advice = f"{MOST_BUTTONS} buttons are the most, Stop included. Take answers together."
            yield found.place.fault(f"questions[#{number}].answers", advice)
    if (length := _longest(nodes, unfold(found.value, screens).start, {})) > LONGEST_RUN:
        advice = f"The longest way through takes {length} presses; {LONGEST_RUN} is the most."
        yield found.place.fault("questions", advice)


def _longest(nodes: Mapping[NodeId, Node], start: NodeId, known: dict[NodeId, int]) -> int:
    """Return the most presses from a node to an ending, in a tree without circles."""
    if start not in known:
        ahead = [1 + _longest(nodes, way.goto, known) for way in nodes[start].exits]
        known[start] = max(ahead, default=0)
    return known[start]


def _ahead(tree: Tree, start: NodeId) -> set[NodeId]:
    """Return every node that can be reached from this one in one step or more."""
    seen: set[NodeId] = set()
    waiting = [start]
    while waiting:
        node = tree.nodes.get(waiting.pop())
        new = {way.goto for way in node.exits if way.goto in tree.nodes} - seen if node else set()
        seen |= new
        waiting += new
    return seen
