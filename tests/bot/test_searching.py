"""What people type and what is offered, with the advice that is shipped."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from tests.bot.conftest import House
from tests.content import shipped_catalogue, shipped_texts
from tipbot.bot.conversations.sharing import _COMMAND, MOST_OFFERED
from tipbot.catalogue import Catalogue
from tipbot.domain.content import ENGLISH, Article, Card, Stretch, Tip
from tipbot.places import best_place
from tipbot.sandbox.screen import Shown
from tipbot.usecases.finding import Find
from tipbot.usecases.library import Library

TEXTS = shipped_texts()
CATALOGUE = shipped_catalogue()
PROMOTION = {card.id for card in CATALOGUE.cards(ENGLISH) if card.asked_for}
ADVANCED = {stretch.id for stretch in CATALOGUE.stretches(ENGLISH) if stretch.advanced}

# Nothing of it is kept anywhere.
ON_ONE_ENGINE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def find() -> Find:
    return Find(Library(CATALOGUE), TEXTS)


async def _ids(find: Find, words: str, most: int = 3) -> list[str]:
    return [advice.id for advice in await find.best(ENGLISH, words, most=most)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("mattress", "mattress-look"),
        ("matress", "mattress-look"),
        ("my matresses are old", "mattress-look"),
        ("calf stretch", "wall-calf-stretch"),
        ("hug my knee", "one-knee-hug"),
        ("sciatica", "know-sciatica"),
        ("which running shoes", "know-running-shoes"),
        ("pigeon", "pigeon-with-cushion"),
        ("ask the therapist", "ask-sore-lower-back"),
    ],
)
async def test_the_best_fit_comes_first(find: Find, words: str, expected: str) -> None:
    assert (await _ids(find, words))[0] == expected


@pytest.mark.parametrize("words", ["pregnant", "I'm pregnant", "hernia", "unsteady"])
async def test_a_warning_leads_nobody_to_what_it_warns_of(find: Find, words: str) -> None:
    tips = [advice for advice in await find.best(ENGLISH, words, most=9) if isinstance(advice, Tip)]
    warned = words.rsplit(maxsplit=1)[-1]
    assert [tip.id for tip in tips if warned in tip.body and "Leave it out" in tip.body] == []


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        *(("bed", "sleep"), ("insomnia", "sleep"), ("I can't sleep at night", "sleep"), ("office", "posture")),
        *(("laptop", "posture"), ("jogging", "running"), ("meditation", "mindfulness"), ("gym", "exercise")),
    ],
)
async def test_a_topic_is_found_by_the_words_people_use_for_it(find: Find, words: str, topic: str) -> None:
    found = await find.best(ENGLISH, words, most=3)
    assert len(found) == 3
    assert any(not isinstance(advice, Article) and advice.topic == topic for advice in found)


@pytest.mark.parametrize(
    "words", ["", " ", "asdf", "qwertz uiop", "ok", "thanks", "the", "?!", "\ud800", "x" * 4096]
)
async def test_noise_finds_nothing(find: Find, words: str) -> None:
    assert await _ids(find, words) == []


@pytest.mark.parametrize("words", ['title:"a" OR (b', "pillow AND", "-pillow +bed", "pillow~9", "/pillow.*/", "*"])
async def test_what_looks_like_a_formula_is_just_words(find: Find, words: str) -> None:
    assert await _ids(find, words) == await _ids(
        find, " ".join("".join(c if c.isalnum() else " " for c in words).split())
    )


@pytest.mark.parametrize("words", ["massage", "therapist visit", "remedial massage", "hands-on", "physio"])
async def test_promotion_comes_after_everything_else_that_fits(find: Find, words: str) -> None:
    found = await _ids(find, words, most=30)
    promoting = [one in PROMOTION for one in found]
    assert promoting == sorted(promoting)


async def test_an_advanced_stretch_is_found_only_by_its_name(find: Find) -> None:
    for words in ("stretch", "kneeling", "buttock", "hips", "hip stretch", "stiff"):
        assert not ADVANCED & set(await _ids(find, words, most=30))
    assert await _ids(find, "pigeon", most=30) == list(ADVANCED)


async def test_a_new_catalogue_is_found_in_as_soon_as_it_is_there(find: Find) -> None:
    shelf = CATALOGUE.shelves[ENGLISH]
    fewer = replace(shelf, by_id=MappingProxyType({}), tips=shelf.tips[:1], cards=(), stretches=(), articles=())
    library = Library(CATALOGUE)
    find = Find(library, TEXTS)
    assert await _ids(find, "mattress")
    library.take_in(replace(CATALOGUE, shelves=MappingProxyType({ENGLISH: fewer})))
    assert await _ids(find, "mattress") == []


def test_nothing_that_people_look_for_is_taken_for_a_town() -> None:
    english = TEXTS[ENGLISH]
    names = [name for name in dir(english) if name.startswith("topic_")]
    looked_for = [word for name in names for word in getattr(english, name)]
    assert [word for word in looked_for if best_place(word) and word not in english.not_places] == []


async def test_what_is_passed_on_is_safe_for_anybody(find: Find) -> None:
    for item in (*find.of_the_day(ENGLISH, CATALOGUE.shelves[ENGLISH].urgent.review.on, most=99),):
        assert item.id not in PROMOTION | ADVANCED
    for words in ("massage", "pigeon", "remedial massage", "stretch", "therapist"):
        shared = await find.to_share(ENGLISH, words, most=99)
        assert not {item.id for item in shared} & (PROMOTION | ADVANCED)
        assert all(isinstance(item, Tip | Card | Stretch) for item in shared)


def _serve_shipped(house: House, catalogue: Catalogue = CATALOGUE) -> None:
    library = Library(catalogue)
    house.restaff(replace(house.desk, library=library, find=Find(library, TEXTS)))


@ON_ONE_ENGINE
@pytest.mark.parametrize("words", ["", "stretch", "sleep", "numbness", "leg", "massage"])
async def test_every_offer_can_be_sent_into_any_chat(house: House, words: str) -> None:
    _serve_shipped(house)
    anna = house.sandbox.person("Anna")
    await anna.asks_inline(words)
    await house.answer()
    assert 1 <= len(anna.offers) <= MOST_OFFERED
    for offer in anna.offers:
        message = await anna.chooses(offer.title)
        assert not _COMMAND.search(message.text) or words == "numbness"
        assert all(button.url == "https://t.me/tipbot_sandbox_bot" for row in message.buttons for button in row)
    await house.answer()
    assert all(not shown.from_bot for shown in anna.screen), "the bot does not answer what it wrote itself"


@ON_ONE_ENGINE
async def test_a_shared_stretch_says_when_to_stop_and_who_leaves_it_out(house: House) -> None:
    _serve_shipped(house)
    anna = house.sandbox.person("Anna")
    await anna.asks_inline("one knee hug")
    await house.answer()
    message: Shown = await anna.chooses("One-knee hug")
    stretch = next(one for one in CATALOGUE.stretches(ENGLISH) if one.name == "One-knee hug")
    assert all(
        text in message.text for text in (stretch.stop, stretch.dose, *stretch.not_for, *stretch.steps, "999")
    )


@ON_ONE_ENGINE
async def test_an_inline_answer_that_comes_too_late_is_no_failure(house: House) -> None:
    anna = house.sandbox.person("Anna")
    await anna.asks_inline("hug")
    house.sandbox.telegram.inline._queries.clear()
    await house.answer()
    assert anna.offers == ()
