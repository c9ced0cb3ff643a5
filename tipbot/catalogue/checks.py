"""Rules on what a check says: no cause is named, help has its number, and nothing is offered beside it (UK)."""

import re
from collections.abc import Iterator

from tipbot.catalogue.draft import Draft, Found, Place
from tipbot.catalogue.passages import outcome_passages, passages
from tipbot.catalogue.size import easy
from tipbot.catalogue.vocabulary import CAUSE
from tipbot.domain.check import Check, Help, Outcome, Screens
from tipbot.domain.content import ENGLISH, Card, Item, ItemId, Language, Stretch
from tipbot.domain.faults import Fault
from tipbot.domain.walking import items_of

NAME = 40
"""Characters of a check's name, which stands on a button."""
BUTTON = 36
"""Characters of an answer: what a phone shows on a button that has a row to itself."""
ABOUT = 200
STEP = 300
"""Characters of a step, a question or what is needed."""
OUTCOME = 500
"""Characters of an ending; with its ideas and what stands around it, it must fit a phone without scrolling."""
READ_ONLY = 1200
"""Characters of all that the version to read says about one check."""
SCREEN = 1200
"""Characters of one safety screen: Telegram allows 4096, a phone shows about 1000."""
MOST_ITEMS = 36
"""Items of one check: each travels in a button as one digit or letter."""

_NUMBER = {Help.URGENT: "111", Help.EMERGENCY: "999"}

Placed = tuple[Place, str, Outcome]
"""An ending with the file and key at which it stands."""


def endings_lead_to_help(draft: Draft) -> Iterator[Fault]:
    """Find endings without a number to call, without when to see somebody, or with offers beside a warning."""
    for place, key, outcome in _outcomes(draft):
        number = _NUMBER.get(outcome.help)
        if number and not re.search(rf"(?<!\d){number}(?!\d)", outcome.says):
            yield place.fault(f"{key}.says", f"This must name the number {number}.")
        if number and not outcome.call.strip():
            yield place.fault(f"{key}.call", "This is empty. Write what to say on the telephone.")
        if not outcome.help.is_urgent and not outcome.when.strip():
            yield place.fault(f"{key}.when", "This is empty. Say when to see somebody.")
        if outcome.help.is_urgent and outcome.items:
            yield place.fault(f"{key}.items", "Nothing to try may stand beside a warning. Take this out.")
        if outcome.may_book and (outcome.help.is_urgent or outcome.id in _OF_SCREENS):
            yield place.fault(f"{key}.may_book", "No booking may stand beside a warning. Take this out.")


_OF_SCREENS = frozenset({"red", "amber", "not-today", "stopped"})


def screens_stop_the_run(draft: Draft) -> Iterator[Fault]:
    """Find safety screens that ask nothing, or that do not lead to the help they are for."""
    for found in draft.screens.values():
        wanted = {"red": Help.EMERGENCY, "amber": Help.URGENT, "body": Help.NONE}
        for key, help_ in wanted.items():
            screen = getattr(found.value, key)
            if not screen.signs:
                yield found.place.fault(f"{key}.signs", "This is empty. List the signs.")
            if screen.outcome.help is not help_:
                yield found.place.fault(f"{key}.outcome.help", f'This must be "{help_}".')
        for key, name in (("red", "red"), ("amber", "amber"), ("body", "not-today")):
            if getattr(found.value, key).outcome.id != name:
                yield found.place.fault(f"{key}.outcome.id", f'This must be "{name}".')
        if found.value.stopped.id != "stopped":
            yield found.place.fault("stopped.id", 'This must be "stopped".')


def endings_name_no_cause(draft: Draft) -> Iterator[Fault]:
    """Find endings and ideas that name a disc, a nerve, a joint or an illness; the list is English."""
    for place, key, outcome in _outcomes(draft):
        if place.file.startswith(f"{ENGLISH}/"):
            for inner, text in outcome_passages(key, outcome):
                yield from _causes(place, inner, text)
    for found in draft.checks.get(ENGLISH, ()):
        for inner, text in passages(found.value):
            if inner.startswith(("ideas[", "notices[")):
                yield from _causes(found.place, inner, text)


def endings_are_easy(draft: Draft) -> Iterator[Fault]:
    """Find English endings above the house's reading level, each of them by itself."""
    for place, key, outcome in _outcomes(draft):
        if place.file.startswith(f"{ENGLISH}/"):
            yield from easy(place, tuple(outcome_passages(key, outcome)))


def _causes(place: Place, key: str, text: str) -> Iterator[Fault]:
    if cause := CAUSE.search(text):
        yield place.fault(key, f'"{cause[0]}" names a cause. Say what was noticed, in everyday words.')


def texts_of_checks_fit(draft: Draft) -> Iterator[Fault]:
    """Find texts of checks that are too long to be shown or read."""
    for found in draft.every_check():
        yield from _too_long(found.place, _sizes(found.value))
    for shared in draft.screens.values():
        yield from _too_long(shared.place, _sizes_of_screens(shared.value))
    for place, key, outcome in _outcomes(draft):
        yield from _too_long(place, [(key, f"{outcome.says}\n{outcome.when}", OUTCOME)])


def _too_long(place: Place, sizes: list[tuple[str, str, int]]) -> Iterator[Fault]:
    for key, text, limit in sizes:
        if len(text) > limit:
            yield place.fault(key, f"This is {len(text)} characters long; {limit} fit. Shorten it.")


def _sizes(check: Check) -> list[tuple[str, str, int]]:
    sizes = [("name", check.name, NAME), ("about", check.about, ABOUT), ("needs", check.needs, STEP)]
    sizes += [(f"steps[#{number}].says", step.says, STEP) for number, step in enumerate(check.steps, start=1)]
    for number, question in enumerate(check.questions, start=1):
        key = f"questions[#{number}]"
        sizes.append((f"{key}.says", question.says, STEP))
        answers = enumerate(question.answers, start=1)
        sizes += [(f"{key}.answers[#{choice}].says", answer.says, BUTTON) for choice, answer in answers]
    sizes.append(("notices", "\n".join(check.notices), READ_ONLY))
    return sizes


def _sizes_of_screens(screens: Screens) -> list[tuple[str, str, int]]:
    sizes = [(key, getattr(screens, key), BUTTON) for key in ("none", "some", "unsure", "next", "stop")]
    sizes += [(key, getattr(screens, key), STEP) for key in ("safety", "again")]
    for key in ("red", "amber", "body"):
        screen = getattr(screens, key)
        sizes.append((key, "\n".join((screen.title, screen.intro, *screen.signs)), SCREEN))
    return sizes


def checks_can_be_read(draft: Draft) -> Iterator[Fault]:
    """Find checks without a version to read."""
    for found in draft.every_check():
        if not found.value.notices:
            yield found.place.fault("notices", "This is empty. Write what to do about what somebody may notice.")


def recommended_items_fit(draft: Draft) -> Iterator[Fault]:
    """Find items in checks that do not exist, that come only to people who ask, or that do not suit the ending."""
    for language, shelf in draft.items.items():
        known = {item.value.id: item.value for item in shelf}
        for place, key, outcome in _outcomes(draft):
            if place.file.startswith(f"{language}/"):
                yield from _unfit(place, key, outcome.items, known, may_stretch=outcome.help is Help.NONE)
        for found in draft.checks.get(language, ()):
            for number, idea in enumerate(found.value.ideas, start=1):
                key = f"ideas[#{number}]"
                if not idea.items:
                    yield found.place.fault(f"{key}.items", "This is empty. Name at least one item.")
                yield from _unfit(found.place, key, idea.items, known, may_stretch=True)


def items_of_checks_are_few(draft: Draft) -> Iterator[Fault]:
    """Find checks that name more items than their buttons can."""
    for language, shelf in draft.checks.items():
        screens = draft.screens.get(language)
        for found in shelf if screens else ():
            named = items_of(found.value, screens.value) if screens else ()
            if len(named) > MOST_ITEMS:
                yield found.place.fault("items", f"This check names {len(named)} items; {MOST_ITEMS} is the most.")


def _unfit(
    place: Place, key: str, items: tuple[ItemId, ...], known: dict[ItemId, Item], *, may_stretch: bool
) -> Iterator[Fault]:
    for number, name in enumerate(items, start=1):
        item = known.get(name)
        where = f"{key}.items[#{number}]"
        if item is None:
            yield place.fault(where, f'There is no tip, card or stretch "{name}".')
        elif isinstance(item, Stretch) and item.advanced:
            yield place.fault(where, f'"{name}" is advanced: it comes only to people who ask.')
        elif isinstance(item, Card) and item.asked_for:
            yield place.fault(where, f'"{name}" promotes: it comes only to people who ask.')
        elif isinstance(item, Stretch) and not may_stretch:
            yield place.fault(where, "No stretch may stand where people are sent to somebody. Name a tip.")


def _outcomes(draft: Draft) -> Iterator[Placed]:
    """Go through all endings, those of the safety screens included."""
    for found in draft.every_check():
        for number, outcome in enumerate(found.value.outcomes, start=1):
            yield found.place, f"outcomes[#{number}]", outcome
    for shared in draft.screens.values():
        yield from ((shared.place, key, outcome) for key, outcome in _shared(shared))


def _shared(found: Found[Screens]) -> Iterator[tuple[str, Outcome]]:
    for key in ("red", "amber", "body"):
        yield f"{key}.outcome", getattr(found.value, key).outcome
    yield "stopped", found.value.stopped
    for number, outcome in enumerate(found.value.outcomes, start=1):
        yield f"outcomes[#{number}]", outcome


def checks_agree(draft: Draft) -> Iterator[Fault]:
    """Find what a translated check lacks, adds or changes: the same answers must lead to the same ending."""
    original = {found.value.id: found for found in draft.checks.get(ENGLISH, ())}
    for language, shelf in draft.checks.items():
        if language == ENGLISH:
            continue
        translated = {found.value.id for found in shelf}
        for found in (found for name, found in original.items() if name not in translated):
            file = language + found.place.file.removeprefix(ENGLISH)
            yield Fault(file, "file", f"This is not translated yet. The English is in {found.place.file}.")
        for found in shelf:
            if found.value.id not in original:
                yield found.place.fault(
                    "id", "There is no English check of this id. Add it there, or take this out."
                )
            elif (key := _differing(found.value, original[found.value.id].value)) is not None:
                file = original[found.value.id].place.file
                yield found.place.fault(key, f"This must be the same as in {file}, but for the words.")
        yield from _shared_agree(draft, language)


def _shared_agree(draft: Draft, language: Language) -> Iterator[Fault]:
    ours, theirs = draft.screens.get(language), draft.screens.get(ENGLISH)
    if ours is None or theirs is None:
        return
    for key, value in _skeleton_of_screens(theirs.value).items():
        if _skeleton_of_screens(ours.value)[key] != value:
            yield ours.place.fault(key, f"This must be the same as in {theirs.place.file}, but for the words.")


def _differing(ours: Check, theirs: Check) -> str | None:
    ours_, theirs_ = _skeleton(ours), _skeleton(theirs)
    return next((key for key, value in theirs_.items() if ours_[key] != value), None)


def _skeleton(check: Check) -> dict[str, object]:
    """Return what is left of a check without its words."""
    plain = ("code", "therapist", "gate", "covers")
    return {key: getattr(check, key) for key in plain} | {
        "extra": len(check.extra),
        "steps": len(check.steps),
        "questions": [(one.id, [(a.goto, a.idea) for a in one.answers]) for one in check.questions],
        "outcomes": [_bones(one) for one in check.outcomes],
        "ideas": [(one.id, one.items) for one in check.ideas],
    }


def _skeleton_of_screens(screens: Screens) -> dict[str, object]:
    gate = {key: getattr(screens, key) for key in ("red", "amber", "body")}
    return {key: (len(screen.signs), _bones(screen.outcome)) for key, screen in gate.items()} | {
        "stopped": _bones(screens.stopped),
        "outcomes": [_bones(one) for one in screens.outcomes],
    }


def _bones(outcome: Outcome) -> tuple[object, ...]:
    return outcome.id, outcome.help, outcome.items, outcome.may_book
