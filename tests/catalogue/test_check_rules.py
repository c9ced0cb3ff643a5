"""One broken sample for each rule on checks: each gives exactly one fault, at its file and key, with its advice."""

from pathlib import Path

import pytest

from tests.catalogue.changes import Broken, assert_blamed, change, faults_of
from tipbot.catalogue import load_catalogue
from tipbot.domain.content import ENGLISH, Language

LIFT, WEEK, SCREENS = "en/checks/leg-lift.toml", "en/checks/week.toml", "en/checks/screens.toml"
ODD = '{ says = "Odd" }'
LONG = "It is so. " * 60


def deep(count: int) -> str:
    """Return so many questions in a row before the one on oddness."""
    question = '[[questions]]\nid = "more-{}"\nsays = "And now?"\nanswers = [{{ says = "Yes" }}]\n\n'
    return "".join(question.format(number) for number in range(count)) + '[[questions]]\nid = "how-odd"'


TREES = {
    "id with capitals": Broken(LIFT, 'id = "leg-lift"', 'id = "Leg_Lift"', "id", "small letters"),
    "code that says too much": Broken(LIFT, '"t1"', '"numbness"', "code", "1 to 3 letters or digits"),
    "id of two checks": Broken(WEEK, 'id = "week"\ncode', 'id = "leg-lift"\ncode', "id", "taken by en/"),
    "code of two checks": Broken(WEEK, '"t6"', '"t1"', "code", "taken by en/checks/leg-lift.toml"),
    "ending called like a question": Broken(
        LIFT,
        '[[outcomes]]\nid = "fine"',
        '[[outcomes]]\nid = "feel"',
        "outcomes[#1].id",
        "taken by questions[#1].id",
    ),
    "ending called like a shared one": Broken(
        WEEK, '[[outcomes]]\nid = "calm"', '[[outcomes]]\nid = "red"', "outcomes[#1].id", "taken by screens.toml"
    ),
    "ending called like a screen": Broken(
        WEEK, '[[outcomes]]\nid = "calm"', '[[outcomes]]\nid = "screen-1"', "outcomes[#1].id", "the safety screens"
    ),
    "way to nowhere": Broken(
        LIFT, ODD, '{ says = "Odd", goto = "gone" }', "questions[#1].answers[#2].goto", 'no ending "gone"'
    ),
    "last question without a way on": Broken(
        LIFT, '"No", goto = "fine"', '"No"', "questions[#2].answers[#2].goto", "No question follows"
    ),
    "unknown idea": Broken(LIFT, 'idea = "hug"', 'idea = "hugs"', "questions[#2].answers[#2].idea", "no idea"),
    "question without answers": Broken(
        WEEK,
        '[{ says = "Calm", goto = "calm" }, { says = "Too much", goto = "crisis" }]',
        "[]",
        "questions[#1].answers",
        "at least one answer",
    ),
    "circle": Broken(LIFT, '"No", goto = "fine"', '"No", goto = "how-odd"', "questions[#2].id", "lead back"),
    "ending that nothing leads to": Broken(
        WEEK, 'says = "Calm", goto = "calm"', 'says = "Calm", goto = "crisis"', "outcomes[#1].id", "No answer leads"
    ),
    "idea that nothing brings up": Broken(LIFT, ', idea = "hug"', "", "ideas[#1].id", 'No answer leads to "hug"'),
    "body check past the third screen": Broken(LIFT, 'gate = "body"', 'gate = "signs"', "gate", "needs gate"),
    "no screens and no crisis line": Broken(
        WEEK,
        '[[outcomes]]\nid = "crisis"\nsays = "You are not alone."\nhelp = "crisis"',
        '[[outcomes]]\nid = "crisis"\nsays = "You are not alone."\nwhen = "See your GP."',
        "gate",
        "there must be an ending",
    ),
    "run too long for a button": Broken(
        LIFT, '[[questions]]\nid = "how-odd"', deep(40), "questions", "46 presses; 40 is the most"
    ),
    "too many buttons": Broken(LIFT, ODD, ", ".join([ODD] * 7), "questions[#1].answers", "8 buttons are the most"),
    "shared ending that nobody uses": Broken(
        SCREENS,
        '[[outcomes]]\nid = "see-someone"',
        '[[outcomes]]\nid = "spare"\nsays = "Oh."\nwhen = "Ask."\n\n[[outcomes]]\nid = "see-someone"',
        "outcomes[#1].id",
        "No check leads here",
    ),
}

ENDINGS = {
    "999 missing": Broken(SCREENS, "Call 999 now.", "Call now.", "red.outcome.says", "name the number 999"),
    "111 missing": Broken(SCREENS, "Call 111 today.", "Call 1111.", "amber.outcome.says", "name the number 111"),
    "nothing to say on the telephone": Broken(
        SCREENS, 'call = "Say which sign fits."', 'call = " "', "amber.outcome.call", "what to say on the telephone"
    ),
    "no word on when to see somebody": Broken(
        LIFT, 'when = "See your GP if you are worried."', "", "outcomes[#1].when", "when to see somebody"
    ),
    "advice beside a warning": Broken(
        WEEK, 'help = "crisis"', 'help = "crisis"\nitems = ["know-rest"]', "outcomes[#2].items", "Nothing to try"
    ),
    "booking beside a warning": Broken(
        WEEK, 'help = "crisis"', 'help = "crisis"\nmay_book = true', "outcomes[#2].may_book", "No booking"
    ),
    "booking after a stop": Broken(
        SCREENS, 'items = ["know-rest"]', 'items = ["know-rest"]\nmay_book = true', "stopped.may_book", "No booking"
    ),
    "link beside a warning": Broken(
        SCREENS, "Call 999 now.", "Call 999 or see https://111.nhs.uk now.", "red.outcome.says", "is a link"
    ),
    "screen without signs": Broken(SCREENS, '["You have a fever"]', "[]", "amber.signs", "List the signs"),
    "first screen that only sends to 111": Broken(
        SCREENS,
        'help = "999", says = "Call 999 now."',
        'help = "111", says = "Call 111 now."',
        "red.outcome.help",
        'must be "999"',
    ),
    "ending of a screen with another name": Broken(
        SCREENS, 'id = "not-today"', 'id = "later"', "body.outcome.id", 'must be "not-today"'
    ),
    "cause in an ending": Broken(
        LIFT, "It felt fine today.", "Your disc is fine.", "outcomes[#1].says", '"disc" names a cause'
    ),
    "cause in an idea": Broken(LIFT, "Hug your knee.", "Ease the nerve.", "ideas[#1].says", '"nerve" names'),
    "cause to read": Broken(LIFT, "Numb: ask", "Sciatica: ask", "notices[#2]", '"Sciatica" names a cause'),
    "cause in a shared ending": Broken(
        SCREENS, "This is worth a look.", "The SI joint is stuck.", "outcomes[#1].says", "names a cause"
    ),
    "nothing to read": Broken(WEEK, '["A full week: breathe."]', "[]", "notices", "what to do about"),
    "item that is not there": Broken(
        LIFT, 'items = ["know-rest"]\nmay_book', 'items = ["gone"]\nmay_book', "outcomes[#1].items[#1]", '"gone"'
    ),
    "idea without an item": Broken(
        LIFT, 'knee."\nitems = ["know-rest"]', 'knee."\nitems = []', "ideas[#1].items", "at least one item"
    ),
    "stretch where people are sent to a GP": Broken(
        SCREENS,
        'when = "Ask your GP."',
        'when = "Ask your GP."\nitems = ["knee-hug"]',
        "outcomes[#1].items[#1]",
        "No stretch may stand",
    ),
}

WORDS = {
    "long name": Broken(LIFT, '"Lift a leg"', f'"{"a " * 20}b"', "name", "40 fit"),
    "long answer": Broken(LIFT, '"Odd"', f'"{"a " * 18}b"', "questions[#1].answers[#2].says", "36 fit"),
    "long step": Broken(LIFT, '"Lift your left leg."', f'"{LONG[:310]}"', "steps[#1].says", "300 fit"),
    "long ending": Broken(LIFT, '"It felt fine today."', f'"{LONG}"', "outcomes[#1]", "500 fit"),
    "long screen": Broken(SCREENS, '"You have a fever"', f'"{LONG * 3}"', "amber", "1200 fit"),
    "long sentence": Broken(LIFT, "How did it feel?", f"{'so ' * 20}good?", "questions[#1].says", "20 is the most"),
    "hard ending": Broken(
        LIFT,
        "It felt fine today.",
        "Unilateral elevation necessitates habitual muscular activity.",
        "outcomes[#1].says+outcomes[#1].when",
        "school year",
    ),
    "hard check": Broken(
        LIFT,
        "Lift one leg and see how it feels.",
        "Elevation necessitates activity. " * 5,
        "text",
        "year",
    ),
    "empty step": Broken(LIFT, '"Lift your left leg."', '" "', "steps[#1].says", "empty"),
    "word to avoid": Broken(LIFT, "It felt fine", "You are cured", "outcomes[#1].says", "word to avoid"),
    "medicine": Broken(LIFT, "It felt fine", "Take aspirin", "outcomes[#1].says", "names a medicine"),
    "markup": Broken(SCREENS, "Sit or lie down.", "<b>Sit</b> down.", "stopped.says", "cannot stand in a text"),
    "unknown therapist": Broken(LIFT, '"lore"', '"loree"', "therapist", 'Did you mean "lore"?'),
    "unknown source": Broken(LIFT, '["A3"]', '["A9"]', "covers[#1]", "not in any file"),
    "review due before it is made": Broken(LIFT, "2026-07-05", "2026-01-05", "review.due", "later"),
    "misspelt key of an answer": Broken(
        LIFT, ODD, '{ says = "Odd", got = "fine" }', "questions[#1].answers[#2].got", 'Did you mean "goto"?'
    ),
    "unknown gate": Broken(WEEK, '"none"', '"open"', "gate", "Use one of: 'body'"),
    "yes for true": Broken(LIFT, "may_book = true", 'may_book = "maybe"', "outcomes[#1].may_book", "true or false"),
}

RULES = TREES | ENDINGS | WORDS


@pytest.mark.parametrize("broken", RULES.values(), ids=RULES.keys())
def test_each_broken_sample_is_blamed_on_its_key(content: Path, broken: Broken) -> None:
    assert_blamed(content, broken)


@pytest.mark.parametrize(
    ("key", "file"), [("advanced = true", "en/stretches/lying.toml"), ("asked_for = true", "en/cards/spine.toml")]
)
def test_items_that_come_only_to_people_who_ask_are_not_recommended(content: Path, key: str, file: str) -> None:
    item = "knee-hug" if "stretches" in file else "know-discs"
    change(content, LIFT, 'items = ["know-rest"]\nmay_book', f'items = ["{item}"]\nmay_book')
    change(content, file, "review =", f"{key}\nreview =")
    assert [(fault.file, fault.key) for fault in faults_of(content)] == [(LIFT, "outcomes[#1].items[#1]")]


def test_a_source_that_only_a_check_covers_is_covered(content: Path) -> None:
    change(content, "en/tips/desk.toml", '["A1"]', '["A2"]')
    change(content, LIFT, '["A3"]', '["A1"]')
    assert load_catalogue(content).coverage.covered == 3


def test_too_many_items_for_the_buttons_are_blamed(content: Path) -> None:
    names = ", ".join(f'"item-{number}"' for number in range(36))
    change(content, LIFT, 'items = ["know-rest"]\nmay_book', f"items = [{names}]\nmay_book")
    assert ("items", "This check names 37 items; 36 is the most.") in {
        (fault.key, fault.message) for fault in faults_of(content)
    }


TRANSLATIONS = {
    "another way": Broken(
        "fr/checks/leg-lift.toml",
        '"No", goto = "fine"',
        '"No", goto = "see-someone"',
        "questions",
        "same as in en/checks/leg",
    ),
    "another gate": Broken("fr/checks/week.toml", '"none"', '"signs"', "gate", "must be the same"),
    "another ending": Broken("fr/checks/leg-lift.toml", "may_book = true", "", "outcomes", "must be the same"),
    "a sign too few": Broken(
        "fr/checks/screens.toml", '["Pregnant"]', '["Pregnant", "Old"]', "body", "same as in en/checks/screens.toml"
    ),
}


@pytest.mark.parametrize("broken", TRANSLATIONS.values(), ids=TRANSLATIONS.keys())
def test_a_translated_check_keeps_its_ways(bilingual: Path, broken: Broken) -> None:
    assert_blamed(bilingual, broken)


def test_a_check_is_there_in_every_language(bilingual: Path) -> None:
    (bilingual / "fr/checks/week.toml").unlink()
    assert [(fault.file, fault.key) for fault in faults_of(bilingual)] == [("fr/checks/week.toml", "file")]
    (bilingual / "en/checks/week.toml").rename(bilingual / "fr/checks/week.toml")
    assert [(fault.file, fault.key) for fault in faults_of(bilingual)] == [("fr/checks/week.toml", "id")]


def test_checks_come_in_the_order_of_their_codes_and_are_found_by_code_and_mark(bilingual: Path) -> None:
    change(bilingual, "fr/checks/week.toml", "Your week", "Ta semaine")
    catalogue = load_catalogue(bilingual)
    assert [check.code for check in catalogue.checks(ENGLISH)] == ["t1", "t6"]
    english = catalogue.courses(ENGLISH)[1]
    french = catalogue.course(Language("fr"), english.check.code)
    assert french is not None
    assert catalogue.marked_course(french.check.code, french.mark) == french
    assert catalogue.marked_course(english.check.code, english.mark) == english
    assert catalogue.marked_course(english.check.code, "00000000") is None
