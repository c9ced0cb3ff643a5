"""Composing where a transcript cannot show it: pictures from the web, lengths, one card only, late parts."""

from datetime import timedelta

import pytest

from tests.bot.conftest import OPERATOR, House
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import BroadcastId
from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.sandbox.parameters import Upload
from tipbot.sandbox.people import Person
from tipbot.sandbox.pictures import SMALL_PICTURE
from tipbot.sandbox.screen import Shown
from tipbot.usecases.drafting import Drafting

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ADDRESS = "https://blog.example/sleep.png"
ARTICLE = Composition(
    (Part(PartKind.PHOTO, "<b>Sleep</b>\n\nFive small things.", ADDRESS),),
    (LinkButton("Read the article", "https://blog.example/sleep"),),
)


@pytest.fixture
def olive(house: House) -> Person:
    return house.sandbox.person("Olive", chat_id=OPERATOR, started=True)


async def found(house: House) -> BroadcastId:
    """An article that the clinic's feed brought, as a draft."""
    draft = await house.desk.drafting.begin(operator=OPERATOR, composition=ARTICLE, article=3, now=house.clock())
    return draft.id


async def say(house: House, olive: Person, *lines: str) -> None:
    for line in lines:
        await (olive.presses(line[1:-1]) if line.startswith("[") else olive.sends(line))
        await house.answer()


def answers(olive: Person) -> list[Shown]:
    return [message for message in olive.screen if message.from_bot]


async def test_a_picture_on_the_web_is_fetched_once_for_all(house: House, olive: Person) -> None:
    house.sandbox.telegram.files.web[ADDRESS] = Upload("sleep.png", "image/png", SMALL_PICTURE)
    number = await found(house)
    await say(house, olive, "/broadcast", "[Article: Sleep]")
    _, preview, card = answers(olive)
    assert (preview.media, preview.labels) == ("photo", [["Read the article"]])
    assert card.labels[0] == ["Send", "Test to me"]
    draft = await house.desk.drafting.find(number, operator=OPERATOR)
    assert draft.composition.parts[0].media == preview.content["photo"][0]["file_id"]
    assert draft.revision == 1, "it shows the same as before"
    await say(house, olive, "[Test to me]")
    given = [call.parameters["photo"] for call in house.sandbox.calls.of("sendPhoto")]
    assert given == [ADDRESS, draft.composition.parts[0].media]


async def test_a_picture_that_cannot_be_fetched_is_left_out_and_the_operator_told(
    house: House, olive: Person
) -> None:
    number = await found(house)
    await say(house, olive, "/broadcast", "[Article: Sleep]")
    _, preview, card = answers(olive)
    assert preview.html == "<b>Sleep</b>\n\nFive small things."
    assert card.text.startswith("Telegram could not fetch the picture")
    draft = await house.desk.drafting.find(number, operator=OPERATOR)
    assert draft.composition.is_text
    assert draft.composition.links == ARTICLE.links


@pytest.mark.parametrize(("kind", "most"), [("text", 4096), ("photo", 1024)])
async def test_what_is_too_long_is_told_at_once_with_how_much(
    house: House, olive: Person, kind: str, most: int
) -> None:
    await say(house, olive, "/broadcast")
    words = "x" * (most - 10)
    await (olive.sends(words) if kind == "text" else olive.sends_photo(caption=words))
    await house.answer()
    await say(house, olive, "[An offer]")
    assert "characters too long" in olive.last.text, "the line with the clinic's name does not fit any more"
    assert "article" in olive.last.text.splitlines()[-1], "and so it stays an article"
    # A premium account may write longer captions than a bot may send.
    await say(house, olive, "[Edit]")
    longer = "y" * (most + (0 if kind == "text" else 2))
    await say(house, olive, longer)
    if kind == "photo":
        assert olive.last.text.startswith("That is 2 characters too long")
    draft = (await house.desk.drafting.drafts(operator=OPERATOR))[0]
    assert draft.composition.words == (longer if kind == "text" else words)


async def test_there_is_one_card_and_it_is_the_newest_message(house: House, olive: Person) -> None:
    await say(house, olive, "/broadcast", "Sleep", "[An article]", "[Edit]", "Sleep well", "[Test to me]")
    cards = [message for message in answers(olive) if ["Edit", "Add button"] in message.labels]
    assert cards == [olive.last]


async def test_a_part_that_comes_late_takes_back_the_last_question(house: House, olive: Person) -> None:
    await say(house, olive, "/broadcast")
    first = await olive.sends_album([SMALL_PICTURE] * 2, "Two")
    await house.answer()
    await say(house, olive, "[An article]")
    anna = house.sandbox.person("Anna")
    await anna.sends("/start")
    await house.answer()
    await anna.presses("I'm 18 or over: start")
    await house.answer()
    await say(house, olive, "[Send]")
    question = olive.last
    late = {**first.content, "photo": first.content["photo"]} | {"caption": ""}
    telegram = house.sandbox.telegram
    message = telegram.post(olive.chat, olive.user, late, None, None)
    telegram.updates.add("message", olive.chat_id, message.as_json())
    await house.answer()
    data = question.button("Send to 1 person").data
    assert data is not None
    await olive.presses_data(data, question)
    await house.answer()
    assert olive.last.text.startswith("It has been changed since you looked")
    draft = (await house.desk.drafting.drafts(operator=OPERATOR))[0]
    assert len(draft.composition.parts) == 3
    assert [message.media for message in answers(olive)[-4:]] == ["photo", "photo", "photo", None]


async def test_a_message_that_telegram_refuses_is_told_in_its_words(house: House, olive: Person) -> None:
    drafting: Drafting = house.desk.drafting
    broken = Composition((Part(PartKind.PHOTO, "Look", "no-such-file"),))
    await drafting.begin(operator=OPERATOR, composition=broken, purpose=Purpose.ARTICLE, now=house.clock())
    await say(house, olive, "/broadcast", "[Draft: Look]")
    assert "rong file identifier" in olive.last.text
    assert ["Edit", "Add button"] in olive.last.labels


async def test_who_cannot_be_reached_by_a_test_is_counted(house: House, olive: Person) -> None:
    await house.desk.staffing.appoint({OPERATOR, OPERATOR + 5}, now=house.clock())
    house.sandbox.person("Never", chat_id=OPERATOR + 5)
    await say(house, olive, "/broadcast", "Hello", "[An article]", "[Test to all operators]")
    assert olive.last.text.startswith("The test went to 1 operator. 1 could not be reached")


async def test_what_was_asked_for_long_ago_is_forgotten(house: House, olive: Person) -> None:
    await say(house, olive, "/broadcast")
    house.clock.now += timedelta(hours=13)
    await say(house, olive, "Hello")
    assert await house.desk.drafting.drafts(operator=OPERATOR) == []


async def test_a_removed_operator_sends_nothing_more(house: House, olive: Person) -> None:
    await say(house, olive, "/broadcast", "Hello", "[An article]")
    async with house.database.writing() as books:
        await books.staff.remove(OPERATOR)
    await say(house, olive, "[Send]")
    assert olive.toasts[-1].text == house.desk.texts_in("en").old_button
    await say(house, olive, "/broadcast")
    assert "/help" in olive.last.text
