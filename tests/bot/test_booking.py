"""Booking buttons lead where they should, and an offer below a tip can be ended with one tap."""

from dataclasses import replace
from datetime import timedelta

import pytest
from telegram.ext import ExtBot

from tests.bot import samples
from tests.bot.conftest import House
from tipbot.bot.buttons import encode
from tipbot.bot.messenger import TelegramMessenger
from tipbot.bot.pacing import Bulk, ReplyPacing
from tipbot.bot.presses import ShowBooking
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.content import ENGLISH, ItemId, Origin
from tipbot.domain.delivery import Claim, Matter, Sent
from tipbot.domain.offers import MARKETING
from tipbot.domain.subscribers import ChatId
from tipbot.sandbox.people import Person
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.booking import BookingLinks

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PUBLIC = "https://tips.example.org"


async def subscribed(house: House) -> Person:
    anna = house.sandbox.person("Anna")
    await anna.sends("/start")
    await house.answer()
    await anna.presses("I'm 18 or over: start")
    await house.answer()
    return anna


async def deliver(house: House, anna: Person, *, has_offer: bool) -> None:
    """Send a tip as the courier does."""

    async def slow_down(_: timedelta) -> None: ...

    pacing = ReplyPacing(sent=lambda _: None, slow_down=slow_down)
    base_url = house.bot.base_url.partition(house.bot.token)[0]
    bot: ExtBot[Bulk] = ExtBot(
        house.bot.token,
        base_url=base_url,
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        rate_limiter=pacing,
    )
    texts = house.desk.texts[ENGLISH]
    messenger = TelegramMessenger(bot, house.desk.library, lambda _: texts, links=house.desk.links, is_paid=False)
    now = house.clock.now
    claim = Claim(
        1, ChatId(anna.chat_id), Matter.TIP, ItemId("tip-1"), ENGLISH, now, 1, now, now, has_offer=has_offer
    )
    async with bot:
        assert isinstance(await messenger.deliver(claim), Sent)


@pytest.mark.parametrize("origin", Origin)
async def test_each_button_says_from_where_somebody_came(house: House, origin: Origin) -> None:
    anna = await subscribed(house)
    await anna.presses_data(encode(ShowBooking(origin)), anna.last)
    await house.answer()
    campaign = f"utm_source=telegram&utm_medium=bot&utm_campaign={origin}"
    assert [button.url for row in anna.last.buttons for button in row] == [
        f"https://example.org/book?{campaign}",
        f"https://example.org/book?who=asad&{campaign}#times",
        f"https://example.org/book?who=lore&{campaign}#times",
    ]


async def test_with_a_public_address_the_buttons_lead_there(house: House) -> None:
    links = BookingLinks(house.desk.library, public_url=PUBLIC)
    house.restaff(replace(house.desk, links=links))
    anna = house.sandbox.person("Anna")
    await anna.sends("/book")
    await house.answer()
    urls = [button.url for row in anna.last.buttons for button in row]
    assert urls == [f"{PUBLIC}/go/{target}/menu" for target in ("clinic", "asad", "lore")]
    assert all(str(anna.chat_id) not in str(url) for url in urls)


async def test_a_tip_without_an_offer_promotes_nothing(house: House) -> None:
    anna = await subscribed(house)
    await deliver(house, anna, has_offer=False)
    assert samples.CLINIC.name not in anna.last.text
    assert [button.url for row in anna.last.buttons for button in row if button.url] == []
    assert ["Stop offers"] not in anna.last.labels


async def test_an_offer_names_the_clinic_and_ends_with_one_tap(house: House, database: Database) -> None:
    anna = await subscribed(house)
    chat_id = ChatId(anna.chat_id)
    async with database.writing() as books:
        await books.consents.record(chat_id, Consent(MARKETING, "1", granted=True, at=house.clock.now))
    await deliver(house, anna, has_offer=False)
    usual = anna.last.labels
    await deliver(house, anna, has_offer=True)
    book = f"Book at {samples.CLINIC.name}"
    assert anna.last.labels == [*usual, [book], ["Stop offers"]]
    assert (
        anna.last.button(book).url == "https://example.org/book?utm_source=telegram&utm_medium=bot&utm_campaign=tip"
    )
    assert anna.last.text.endswith("This comes to you from Harbour <Street> Clinic.")
    before = anna.last.text
    data = anna.last.button("Stop offers").data
    assert data is not None
    for _ in range(2):
        await anna.presses_data(data, anna.last)
        await house.answer()
        assert anna.toasts[-1].text == house.desk.texts[ENGLISH].offers_stopped
        assert (anna.last.text, anna.last.labels) == (before, usual)
    async with database.reading() as books:
        consents = await books.consents.of(chat_id)
    assert not consents[MARKETING].granted
    assert consents["messages"].granted


async def test_offers_end_although_the_message_is_gone(house: House, database: Database) -> None:
    anna = await subscribed(house)
    chat_id = ChatId(anna.chat_id)
    async with database.writing() as books:
        await books.consents.record(chat_id, Consent(MARKETING, "1", granted=True, at=house.clock.now))
    await deliver(house, anna, has_offer=True)
    message = anna.last
    data = message.button("Stop offers").data
    assert data is not None
    await anna.deletes(message)
    await anna.presses_data(data, message)
    await house.answer()
    async with database.reading() as books:
        assert not (await books.consents.of(chat_id))[MARKETING].granted
