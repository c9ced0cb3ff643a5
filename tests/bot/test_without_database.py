"""While the database is away the urgent signs, help and privacy still answer; the rest says so to its caller."""

from dataclasses import replace

import pytest

from tests.bot.conftest import House
from tipbot.bot.buttons import encode
from tipbot.bot.check_presses import Answers, Mark, Walk
from tipbot.domain.content import ENGLISH
from tipbot.storage.database import Database
from tipbot.storage.errors import StorageUnavailable
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.articles import Articles
from tipbot.usecases.asking import Ask
from tipbot.usecases.checking import CheckConsent
from tipbot.usecases.consenting import Reconsent
from tipbot.usecases.joining import Join
from tipbot.usecases.offers import Offers
from tipbot.usecases.rights import Rights

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def cut_off(house: House) -> House:
    """The house with a database that takes no calls: nobody listens on port 1."""
    away = Database("postgresql://postgres@127.0.0.1:1/nobody")
    library = house.desk.library
    desk = replace(
        house.desk,
        join=Join(away),
        arrange=Arrange(away),
        ask=Ask(away, library),
        rights=Rights(away),
        reconsent=Reconsent(away, library),
        offers=Offers(away),
        check_consent=CheckConsent(away),
        articles=Articles(away, house.desk.texts, sign_of=lambda _: None, feed_url=None),
    )
    house.restaff(desk)
    return house


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("/urgent", "When to get help now"),
        ("my foot is numb", "When to get help now"),
        ("I want to die", "You don't have to be alone with this."),
        ("/tip I want to die", "You don't have to be alone with this."),
        ("/numb", "When to get help now"),
        ("/help", "What I can do"),
        ("Help me!", "What I can do"),
        ("/privacy", "Your data, in short"),
        ("/complaint", "Something not right?"),
    ],
)
async def test_what_needs_no_database_still_answers(cut_off: House, sent: str, shown: str) -> None:
    anna = cut_off.sandbox.person("Anna")
    await anna.sends(sent)
    await cut_off.answer()
    assert anna.last.text.startswith(shown)


async def test_the_long_reads_answer_without_the_articles_that_went_out(cut_off: House) -> None:
    anna = cut_off.sandbox.person("Anna")
    await anna.sends("/articles")
    await cut_off.answer()
    assert anna.last.text.startswith("Long reads")
    assert "I cannot get at the newer articles just now." in anna.last.text
    assert anna.last.labels == [["Chairs & backs"]]


async def test_every_page_of_the_policy_answers_too(cut_off: House) -> None:
    anna = cut_off.sandbox.person("Anna")
    await anna.sends("/privacy")
    await cut_off.answer()
    for label in ("Who we are", cut_off.desk.texts[ENGLISH].button_back, "Your rights"):
        await anna.presses(label)
        await cut_off.answer()
    assert anna.last.text.startswith("Your rights")


async def test_who_stops_in_a_crisis_is_told_whom_to_call_all_the_same(cut_off: House) -> None:
    anna = cut_off.sandbox.person("Anna")
    await anna.sends("/stop I want to die")
    with pytest.raises(StorageUnavailable):
        await cut_off.answer()
    assert anna.last.text.startswith("You don't have to be alone with this.")


@pytest.mark.parametrize(("answers", "shown"), [("2", "Please get help now"), ("01", "Please ask for help")])
async def test_a_worrying_answer_in_a_check_still_leads_to_help(cut_off: House, answers: str, shown: str) -> None:
    anna = cut_off.sandbox.person("Anna")
    await anna.sends("/help")
    await cut_off.answer()
    course = cut_off.desk.library.catalogue.courses(ENGLISH)[0]
    await anna.presses_data(encode(Walk(course.check.code, Mark(course.mark), Answers(answers))), anna.last)
    await cut_off.answer()
    assert anna.last.text.startswith(shown)
    await anna.presses("What to say")
    await cut_off.answer()
    assert "What to say:" in anna.last.text
    await anna.presses("Close")
    await cut_off.answer()
    assert anna.last.text.startswith("Closed.")


@pytest.mark.parametrize(
    "sent", ["/start", "/selftest", "/tip", "/settings", "/stop", "/mydata", "/delete", "stop", "hello"]
)
async def test_the_rest_lets_its_caller_know(cut_off: House, sent: str) -> None:
    anna = cut_off.sandbox.person("Anna")
    await anna.sends(sent)
    with pytest.raises(StorageUnavailable):
        await cut_off.answer()
