"""One broken sample for each rule: each gives exactly one fault, at its file and key, with its advice."""

from pathlib import Path

import pytest

from tests.catalogue.changes import Broken, assert_blamed, change, faults_of
from tests.catalogue.conftest import ARTICLE as ARTICLE_TEXT
from tipbot.catalogue import load_catalogue
from tipbot.domain.content import ENGLISH

TIPS, CARDS, STRETCHES = "en/tips/desk.toml", "en/cards/spine.toml", "en/stretches/lying.toml"
URGENT, SOURCE = "en/urgent.toml", "sources/article.toml"
TIP, CARD, STRETCH = "tips[sit-then-shift]", "cards[know-discs]", "stretches[knee-hug]"
LONG = "It is so. " * 41
ARTICLE = "en/articles/chairs.md"

REFERENCES = {
    "id used by another kind": Broken(
        CARDS, '"know-discs"', '"sit-then-shift"', "cards[sit-then-shift].id", "taken by tips[sit-then-shift]"
    ),
    "therapist id twice": Broken(
        "therapists.toml",
        'id = "asad"\nname = "Asad"',
        'id = "asad"\nname = "A"\nrole = "r"\nabout = "a"\n[[therapists]]\nid = "asad"\nname = "Asad"',
        "therapists[asad].id",
        "taken",
    ),
    "source id twice": Broken(
        SOURCE, 'id = "A4"', 'id = "A3"', "items[A3].id", "taken by items[A3] in sources/article.toml"
    ),
    "id with capitals": Broken(TIPS, '"sit-then-shift"', '"Sit_Then"', "tips[Sit_Then].id", "small letters"),
    "id too long for a button": Broken(
        TIPS, '"sit-then-shift"', f'"{"a" * 41}"', f"tips[{'a' * 41}].id", "at most 40"
    ),
    "unknown therapist": Broken(CARDS, '"asad"', '"assad"', f"{CARD}.therapist", 'Did you mean "asad"?'),
    "unknown therapist of a source": Broken(
        SOURCE,
        'therapist = "lore"\nclaim = "Hug',
        'therapist = "zoe"\nclaim = "Hug',
        "items[A3].therapist",
        '"zoe" is not',
    ),
    "therapist by the name of the clinic's link": Broken(
        "therapists.toml",
        'id = "asad"\nname = "Asad"',
        'id = "clinic"\nname = "C"\nrole = "r"\nabout = "a"\n[[therapists]]\nid = "asad"\nname = "Asad"',
        "therapists[clinic].id",
        "stands for the clinic itself",
    ),
    "booking link of nobody": Broken(
        "clinic.toml", "lore =", "zoe =", "booking_urls.zoe", "not in therapists.toml"
    ),
    "unknown source": Broken(
        TIPS, '["A1"]', '["A1", "B9"]', f"{TIP}.covers[#2]", '"B9" is not in any file of sources/'
    ),
    "omitted source covered": Broken(TIPS, '["A1"]', '["A1", "A4"]', f"{TIP}.covers[#2]", '"A4" was left out'),
    "source without advice": Broken(
        TIPS, '["A1"]', '["A2"]', "items[A1].id", "No tip, card, stretch or check covers this", blamed=SOURCE
    ),
    "correction without reason": Broken(
        SOURCE, 'reason = "Discs are fixed in place."', "", "items[A2].reason", '"correct" needs a reason'
    ),
    "view without reason": Broken(
        SOURCE, '"Nobody has studied it."', '" "', "items[A3].reason", '"in-their-view" needs a reason'
    ),
    "omission without reason": Broken(
        SOURCE, 'reason = "Nobody can promise that."', "", "items[A4].reason", '"omit" needs a reason'
    ),
    "review of the urgent signs due before it is made": Broken(
        URGENT, "due = 2026-07-05", "due = 2026-01-05", "review.due", "later"
    ),
    "review due before it is made": Broken(
        TIPS, "due = 2026-07-05", "due = 2026-01-05", f"{TIP}.review.due", "later"
    ),
    "website without https": Broken(
        "clinic.toml", '"https://backintown.uk/"', '"backintown.uk"', "website", "https://"
    ),
    "booking link that is none": Broken(
        "clinic.toml", '"https://backintown.uk/book"', '"ftp://x.uk"', "booking_url", "not a web address"
    ),
    "booking link to a name that cannot be": Broken(
        "clinic.toml", '"https://backintown.uk/book"', '"https://ü..uk"', "booking_url", "not a web address"
    ),
    "therapist's link with a space": Broken(
        "clinic.toml", "book/lore", "book lore", "booking_urls.lore", "not a web address"
    ),
}

SIZES = {
    "long title": Broken(
        TIPS, '"Sit, then shift"', f'"{"a " * 20}b"', f"{TIP}.title", "41 characters long; 40 fit"
    ),
    "long card title": Broken(CARDS, '"Discs stay put"', f'"{"a " * 20}b"', f"{CARD}.title", "40 fit"),
    "long stretch name": Broken(STRETCHES, '"Hug one knee"', f'"{"a " * 20}b"', f"{STRETCH}.name", "40 fit"),
    "long tip": Broken(TIPS, '"Been', f'"{LONG}Been', f"{TIP}.body", "400 fit"),
    "long card": Broken(CARDS, '"A disc is', f'"{LONG}A disc is', f"{CARD}.fact+so_what", "400 fit"),
    "long stretch": Broken(STRETCHES, '"It eases', f'"{LONG * 2}It eases', f"{STRETCH}.text", "900 fit"),
    "long urgent signs": Broken(URGENT, '"No one', f'"{LONG * 9}No one', "text", "3500 fit in one message"),
    "long sentence": Broken(
        CARDS,
        '"A disc is',
        f'"{"so " * 11}a disc is',
        f"{CARD}.fact",
        'The sentence "so so so so so…" has 21 words',
    ),
    "hard tip": Broken(
        TIPS,
        '"Been at the desk an hour? Stand up and roll your shoulders.',
        '"Uninterrupted sedentary occupations necessitate physical activity.',
        f"{TIP}.body",
        "The hardest are: ",
    ),
    "hard card": Broken(
        CARDS,
        '"It is made to bend and lift."',
        '"Intervertebral stability necessitates muscular activity."',
        f"{CARD}.fact+so_what",
        "6 is the most",
    ),
    "hard stretch": Broken(
        STRETCHES,
        '"It eases your low back."',
        '"Intervertebral mobility necessitates habitual muscular activity and individual education."',
        f"{STRETCH}.text",
        "school year",
    ),
    "hard urgent signs": Broken(
        URGENT, '"You have a fever"', f'"{"Debilitating physiological deterioration " * 5}"', "text", "school year"
    ),
}

WORDS = {
    "empty text": Broken(TIPS, '"Sit, then shift"', '" "', f"{TIP}.title", "empty"),
    "empty step": Broken(STRETCHES, '"Swap legs."', '""', f"{STRETCH}.steps[#3]", "empty"),
    "empty name of the clinic": Broken("clinic.toml", '"Back in Town"', '""', "name", "empty"),
    "tag": Broken(TIPS, "Been at", "<b>Been</b> at", f"{TIP}.body", '"<" cannot stand in a text'),
    "arrow": Broken("therapists.toml", "Lore likes", "Lore > likes", "therapists[lore].about", '">" cannot stand'),
    "entity": Broken(SOURCE, "Hug your", "Hug&nbsp;your", "items[A3].claim", '"&nbsp;" cannot stand'),
    "word to avoid in a tip": Broken(
        TIPS, "Been at", "Cures pain. Been at", f"{TIP}.body", '"Cures" is a word to avoid'
    ),
    "word to avoid in a card": Broken(CARDS, "tough ring", "worn ring", f"{CARD}.fact", "backs are strong"),
    "word to avoid in a stretch": Broken(STRETCHES, "It eases", "It treats", f"{STRETCH}.why", 'Say "may help"'),
    "word to avoid in urgent": Broken(URGENT, "No one here", "No AI here", "note", "which therapist"),
    "word to avoid of a therapist": Broken(
        "therapists.toml", "calm minds", "lazy days", "therapists[lore].about", "Blame no one"
    ),
    "medicine": Broken(TIPS, "Been at", "Take ibuprofen. Been at", f"{TIP}.body", "ask a pharmacist"),
    "dose": Broken(
        CARDS, "It is made", "Try 400 mg. It is made", f"{CARD}.so_what", '"400 mg" names a medicine or a dose'
    ),
    "link in a tip": Broken(TIPS, "Been at", "See www.x.uk. Been at", f"{TIP}.body", "kept in clinic.toml"),
    "offer in a tip": Broken(TIPS, "Been at", "Book now. Been at", f"{TIP}.body", "Leave offers out of advice"),
}

SAFETY = {
    "no stop for pain": Broken(STRETCHES, "feel sharp pain", "are tired", f"{STRETCH}.stop", "stop for pain"),
    "for everybody": Broken(
        STRETCHES,
        '["you have weak bones (osteoporosis)"]',
        "[]",
        f"{STRETCH}.not_for",
        "who should leave this stretch out",
    ),
    "no time at all": Broken(STRETCHES, "minutes = 2", "minutes = 0", f"{STRETCH}.minutes", "between 1 and 30"),
    "red without 999": Broken(URGENT, "Call 999 or go", "Go", "red_action", "must name the number 999"),
    "amber without 111": Broken(
        URGENT, "NHS 111 or go to https://111.nhs.uk", "1111", "amber_action", "must name the number 111"
    ),
    "crisis without 999": Broken(URGENT, "unsafe, call 999", "unsafe", "crisis", "must name the number 999"),
    "crisis without 111": Broken(URGENT, "999, or 111", "999", "crisis", "must name the number 111"),
    "crisis without Samaritans": Broken(URGENT, "116 123", "116 124", "crisis", "must name the number 116 123"),
    "crisis without text line": Broken(URGENT, "85258", "85259", "crisis", "must name the number 85258"),
    "no red sign": Broken(
        URGENT, '["Numb between your legs", "New trouble when you pee"]', "[]", "red_signs", "List the signs"
    ),
    "no amber sign": Broken(
        URGENT, '["You have a fever", "The pain is worse at night"]', "[]", "amber_signs", "List"
    ),
    "booking link in red": Broken(
        URGENT, "go to A&E.", "see https://backintown.uk/book", "red_action", "never lead to a booking"
    ),
    "link that only looks like the NHS": Broken(
        URGENT, "https://111.nhs.uk", "111 or https://111nhs.uk", "amber_action", "not a page of the NHS"
    ),
    "booking in the crisis line": Broken(
        URGENT, "SHOUT to 85258.", "SHOUT to 85258. www.backintown.uk", "crisis", "not a page of the NHS"
    ),
}

ARTICLES = {
    "article without front matter": Broken(ARTICLE, "+++\nid", "id", "line 1", "Begin the file with a line +++"),
    "front matter that is no TOML": Broken(ARTICLE, '"All about chairs"', "All about", "line 3", "not valid TOML"),
    "sections in the front matter": Broken(
        ARTICLE, "url =", "sections = []\nurl =", "sections", "below the second +++"
    ),
    "text before the first heading": Broken(
        ARTICLE, "## Sit and shift", "Hello there.\n\n## Sit and shift", "sections", '"Hello there.…" stands before'
    ),
    "misspelt key": Broken(ARTICLE, "url =", "urll =", "urll", 'Did you mean "url"?'),
    "long article title": Broken(ARTICLE, '"All about chairs"', f'"{"a " * 20}b"', "title", "40 fit"),
    "long summary": Broken(ARTICLE, '"Two short', f'"{LONG}Two short', "summary", "200 fit"),
    "long heading": Broken(ARTICLE, "## Stand up", f"## {'a ' * 30}b", "sections[#2].heading", "60 fit"),
    "long section": Broken(ARTICLE, "Stand up on", f"{LONG * 3}Stand up on", "sections[#2].text", "1200 fit"),
    "too many sections": Broken(
        ARTICLE, "## Stand up", "## So\n\nIt is.\n\n" * 11 + "## Stand up", "sections", "1 to 12"
    ),
    "article without sections": Broken(
        ARTICLE,
        ARTICLE_TEXT[ARTICLE_TEXT.index("## Sit") :],
        "",
        "sections",
        "There are 0 sections",
    ),
    "empty section": Broken(ARTICLE, "Stand up on your next call.", "", "sections[#2].text", "empty"),
    "long sentence in an article": Broken(
        ARTICLE, "Stand up on", f"{'so ' * 15}stand up on", "sections[#2].text", "has 21 words"
    ),
    "hard article": Broken(
        ARTICLE,
        "Stand up on your next call.",
        "Uninterrupted sedentary occupations necessitate physical activity.",
        "sections[#2].text",
        "The hardest are",
    ),
    "markdown": Broken(ARTICLE, "Stand up on", "Stand **up** on", "sections[#2].text", '"**" would be shown'),
    "markdown link": Broken(ARTICLE, "your next", "[your](x) next", "sections[#2].text", '"](" would be shown'),
    "deeper heading": Broken(ARTICLE, "Change often.", "\n### Change", "sections[#1].text", '"#" would be shown'),
    "tag in an article": Broken(
        ARTICLE, "Stand up on", "<b>Stand</b> up on", "sections[#2].text", '"<" cannot stand'
    ),
    "article by nobody": Broken(ARTICLE, '["lore", "asad"]', "[]", "therapists", "Name who says so"),
    "article by a stranger": Broken(ARTICLE, '"asad"]', '"assad"]', "therapists[#2]", 'Did you mean "asad"?'),
    "article that covers an unknown claim": Broken(ARTICLE, '["A1"]', '["A1", "B9"]', "covers[#2]", '"B9" is not'),
    "article that covers an omitted claim": Broken(ARTICLE, '["A1"]', '["A4"]', "covers[#1]", '"A4" was left out'),
    "article that rests on nothing": Broken(ARTICLE, '["A1"]', "[]", "covers", "This is empty"),
    "article with the id of a tip": Broken(
        ARTICLE, '"all-about-chairs"', '"sit-then-shift"', "id", "taken by tips[sit-then-shift]"
    ),
    "article id with capitals": Broken(ARTICLE, '"all-about-chairs"', '"All"', "id", "small letters"),
    "review of an article due before it is made": Broken(
        ARTICLE, "due = 2026-07-05", "due = 2026-01-05", "review.due", "later"
    ),
    "article link that is none": Broken(
        ARTICLE, "https://backintown.uk/chairs", "chairs", "url", "not a web address"
    ),
    "word to avoid in an article": Broken(
        ARTICLE, "Stand up on", "It cures you. Stand up on", "sections[#2].text", '"cures" is a word to avoid'
    ),
    "medicine in an article": Broken(
        ARTICLE, "Stand up on", "Take aspirin on", "sections[#2].text", "ask a pharmacist"
    ),
    "link in an article": Broken(ARTICLE, "Stand up on", "See www.x.uk on", "sections[#2].text", "is a link"),
}

RULES = REFERENCES | SIZES | WORDS | SAFETY | ARTICLES


@pytest.mark.parametrize("broken", RULES.values(), ids=RULES.keys())
def test_each_broken_sample_is_blamed_on_its_key(content: Path, broken: Broken) -> None:
    assert_blamed(content, broken)


def test_advice_that_rests_on_nothing_is_blamed(content: Path) -> None:
    change(content, TIPS, '["A1"]', "[]")
    faults = {(fault.file, fault.key): fault.message for fault in faults_of(content)}
    assert "This is empty" in faults[TIPS, f"{TIP}.covers"]
    assert (SOURCE, "items[A1].id") in faults


TRANSLATIONS = {
    "other authors of an article": Broken(
        "fr/articles/chairs.md", '["lore", "asad"]', '["lore"]', "therapists", "must be the same as in en/articles"
    ),
    "other therapist": Broken(
        "fr/tips/desk.toml", '"lore"', '"asad"', f"{TIP}.therapist", "must be the same as in en/tips/desk.toml"
    ),
    "other topic": Broken("fr/tips/desk.toml", '"posture"', '"sleep"', f"{TIP}.topic", "must be the same"),
    "other sources": Broken("fr/cards/spine.toml", '["A2"]', '["A1"]', f"{CARD}.covers", "must be the same"),
    "other position": Broken("fr/stretches/lying.toml", '"lying"', '"sitting"', f"{STRETCH}.position", "same"),
    "pushed here, asked for there": Broken(
        "fr/cards/spine.toml", '["A2"]', '["A2"]\nasked_for = true', f"{CARD}.asked_for", "must be the same"
    ),
    "one reason to leave it out was lost": Broken(
        "en/stretches/lying.toml",
        '["you have weak bones (osteoporosis)"]',
        '["you have weak bones (osteoporosis)", "you are pregnant"]',
        f"{STRETCH}.not_for",
        "There are 1 here and 2 in English",
        blamed="fr/stretches/lying.toml",
    ),
    "one urgent sign was lost": Broken(
        "fr/urgent.toml", ', "New trouble when you pee"', "", "red_signs", "There are 1 here and 2 in English"
    ),
    "one sign for today was lost": Broken(
        "fr/urgent.toml", '"You have a fever", ', "", "amber_signs", "Translate each one"
    ),
    "advanced here only": Broken(
        "fr/stretches/lying.toml", '["A3"]', '["A3"]\nadvanced = true', f"{STRETCH}.advanced", "must be the same"
    ),
}


@pytest.mark.parametrize("broken", TRANSLATIONS.values(), ids=TRANSLATIONS.keys())
def test_a_translation_keeps_the_substance(bilingual: Path, broken: Broken) -> None:
    assert_blamed(bilingual, broken)


def test_a_translation_neither_lacks_nor_adds_an_entry(bilingual: Path) -> None:
    change(bilingual, "fr/tips/desk.toml", '"sit-then-shift"', '"assis"')
    blamed = {(fault.file, fault.key): fault.message for fault in faults_of(bilingual)}
    assert "not translated yet" in blamed["fr/tips/desk.toml", TIP]
    assert "no English entry" in blamed["fr/tips/desk.toml", "tips[assis].id"]


def test_an_id_is_of_the_same_kind_in_every_language(bilingual: Path) -> None:
    change(bilingual, "fr/tips/desk.toml", '"sit-then-shift"', '"know-discs"')
    change(bilingual, "fr/cards/spine.toml", '"know-discs"', '"sit-then-shift"')
    blamed = {(fault.file, fault.key): fault.message for fault in faults_of(bilingual)}
    assert CARD in blamed["fr/tips/desk.toml", "tips[know-discs].id"]


def test_english_rules_on_words_are_not_laid_on_other_languages(bilingual: Path) -> None:
    change(bilingual, "fr/tips/desk.toml", "Been at", "Le cure-dent fat. Been at")
    assert load_catalogue(bilingual).languages == (ENGLISH, "fr")


ALLOWED = ["No exercise ends back pain for good.", "Look at your worn-out shoes.", "This is not a diagnosis."]


@pytest.mark.parametrize("line", ALLOWED)
def test_lines_that_deny_a_claim_are_allowed(content: Path, line: str) -> None:
    change(content, TIPS, "Been at", f"{line} Been at")
    assert line in load_catalogue(content).tips(ENGLISH)[0].body


AVOIDED = [
    "test result", "diagnosed", "detects", "means you have", "treatment plan", "cured", "pain-free",
    "prevents back pain", "proven", "personalised", "monitor your", "risk score", "AI", "eliminates",
    "guaranteed", "for good", "miracle", "crumbling", "damage", "slipped out", "weak spine", "slouching",
    "overweight", "get rid of", "wear and tear",
]  # fmt: skip


@pytest.mark.parametrize("words", AVOIDED)
def test_words_of_the_house_list_are_found(content: Path, words: str) -> None:
    assert_blamed(
        content, Broken(TIPS, "Been at", f"Oh {words} oh. Been at", f"{TIP}.body", f'"{words}" is a word')
    )


@pytest.mark.parametrize(
    "line", ["Air and aim.", "Secure the door.", "A treatment room.", "My father sat.", "A tablet."]
)
def test_words_that_only_look_alike_pass(content: Path, line: str) -> None:
    change(content, TIPS, "Been at", f"{line} Been at")
    assert load_catalogue(content).tips(ENGLISH)
