"""One way to bring a composition to a chat: the same for the preview and for everybody, changed and taken back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from telegram import Message
from telegram.ext import ExtBot

from tests.bot.conftest import OPERATOR, House
from tipbot.bot.broadcast_messenger import BroadcastMessenger
from tipbot.bot.compositions import dress, send
from tipbot.bot.incoming import read_message
from tipbot.bot.messenger import TelegramMessenger
from tipbot.bot.pacing import Bulk, ReplyPacing
from tipbot.bot.transport import AiohttpRequest
from tipbot.domain.audience import Purpose
from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.delivery import (
    Claim,
    Limited,
    Matter,
    NotTried,
    Receipt,
    Refused,
    Retired,
    Sent,
    Uncertain,
    Unwanted,
)
from tipbot.domain.subscribers import ChatId
from tipbot.sandbox.faults import Kind as FaultKind
from tipbot.sandbox.markup import Entity
from tipbot.sandbox.people import Person
from tipbot.storage.database import Database
from tipbot.usecases.compositions import Compositions

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LINK = LinkButton("Read on", "https://example.com/on?a=1&b=2")


def marked(kind: str, offset: int, length: int, **more: object) -> Entity:
    return {"type": kind, "offset": offset, "length": length, **more}


class Courier:
    """Delivers as TipBot does, and counts what the pace is told of."""

    def __init__(self, house: House, bot: ExtBot[Bulk], database: Database, *, is_paid: bool = False) -> None:
        self.further: list[int | None] = []
        self.house = house
        desk = house.desk
        broadcasts = BroadcastMessenger(
            bot, Compositions(database), desk.library, desk.texts_in, is_paid=is_paid, sent=self.further.append
        )
        self._messenger = TelegramMessenger(
            bot, desk.library, desk.texts_in, links=desk.links, is_paid=is_paid, broadcasts=broadcasts
        )

    async def delivers(
        self, chat: int, item: str, kind: Matter = Matter.BROADCAST, messages: tuple[int, ...] = ()
    ) -> Receipt:
        now = self.house.clock()
        claim = Claim(
            id=1,
            chat_id=ChatId(chat),
            kind=kind,
            item=ItemId(item),
            language=ENGLISH,
            not_after=now + timedelta(hours=3),
            attempts=1,
            slot_at=now,
            lease_until=now + timedelta(seconds=40),
            target=messages[0] if messages else None,
            also=messages[1:],
        )
        return await self._messenger.deliver(claim)


@asynccontextmanager
async def courier_of(house: House, database: Database, *, is_paid: bool = False) -> AsyncIterator[Courier]:
    async def slow_down(_: object) -> None:
        return None

    bot: ExtBot[Bulk] = ExtBot(
        house.sandbox.token,
        base_url=str(house.bot.base_url).removesuffix(house.sandbox.token),
        request=AiohttpRequest(),
        get_updates_request=AiohttpRequest(),
        rate_limiter=ReplyPacing(sent=lambda _: None, slow_down=slow_down),
    )
    async with bot:
        yield Courier(house, bot, database, is_paid=is_paid)


@pytest.fixture
async def courier(house: House) -> AsyncIterator[Courier]:
    async with courier_of(house, house.database) as one:
        yield one


async def drafted(house: House, composition: Composition, purpose: Purpose = Purpose.ARTICLE) -> str:
    draft = await house.desk.drafting.begin(
        operator=OPERATOR, composition=composition, purpose=purpose, now=house.clock()
    )
    return draft.item


def ann_of(house: House) -> Person:
    return house.sandbox.person("Ann", started=True)


async def passed(house: House) -> Composition:
    """What the bot reads of the operator's last message."""
    update = (await house.bot.get_updates(timeout=0))[-1]
    assert isinstance(update.message, Message)
    incoming = read_message(update.message)
    assert incoming is not None
    return incoming.composition


KEPT = ("text", "entities", "caption", "caption_entities", "has_media_spoiler", "show_caption_above_media")
WORDS = "Sleep \U0001f634 <well> & code"
ON_WORDS = [
    marked("expandable_blockquote", 0, 22),
    marked("bold", 0, 8),
    marked("spoiler", 9, 6),
    marked("code", 18, 4),
]
PICTURED = {"has_media_spoiler": True, "show_caption_above_media": True}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("text", {}),
        ("photo", PICTURED),
        ("video", PICTURED),
        ("animation", PICTURED),
        ("document", {}),
        ("audio", {}),
        ("voice", {}),
    ],
)
async def test_people_get_what_the_operator_sent(
    house: House, courier: Courier, kind: str, more: dict[str, Any]
) -> None:
    olive, ann = house.sandbox.person("Olive", chat_id=OPERATOR), ann_of(house)
    if kind == "text":
        sent = await olive.sends(WORDS, entities=ON_WORDS)
    else:
        sent = await olive.sends_media(kind, WORDS, entities=ON_WORDS, **more)
    composition = await passed(house)
    receipt = await courier.delivers(ann.chat_id, await drafted(house, composition))
    got = ann.last
    assert receipt == Sent(got.message_id)
    assert [got.content.get(name) for name in KEPT] == [sent.content.get(name) for name in KEPT]
    assert got.media == (None if kind == "text" else kind)
    assert got.buttons == ()
    assert courier.further == []


def album(words: str = "Two", *, links: tuple[LinkButton, ...] = (), files: tuple[str, ...] = ()) -> Composition:
    first, second = files
    parts = (Part(PartKind.PHOTO, words, first, message=1), Part(PartKind.PHOTO, "", second, message=2))
    return Composition(parts, links, album="9")


async def two_photos(house: House) -> tuple[str, ...]:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR)
    photos = [await olive.sends_photo() for _ in range(2)]
    return tuple(photo.content["photo"][0]["file_id"] for photo in photos)


async def test_links_follow_in_the_caption_of_an_album_where_they_fit(house: House, courier: Courier) -> None:
    ann, files = ann_of(house), await two_photos(house)
    short = await courier.delivers(ann.chat_id, await drafted(house, album("Two", links=(LINK,), files=files)))
    assert [message.text for message in ann.screen] == ["Two\n\nRead on", ""]
    assert short == Sent(ann.screen[0].message_id, (ann.screen[1].message_id,))
    await courier.delivers(ann.chat_id, await drafted(house, album("x" * 1020, links=(LINK,), files=files)))
    assert ann.last.labels == [["Read on"]]
    assert ann.last.text == house.desk.library.catalogue.clinic.name
    assert courier.further == [ann.chat_id] * 3, "the pace is told of each further message"


async def test_an_offer_names_the_clinic_and_can_be_ended_below_a_text_and_an_album(
    house: House, courier: Courier
) -> None:
    ann, files = ann_of(house), await two_photos(house)
    text = Composition((Part(PartKind.TEXT, "A voucher"),), (LINK,))
    for composition in (text, album(files=files)):
        await courier.delivers(ann.chat_id, await drafted(house, composition, Purpose.OFFER))
        assert house.desk.library.catalogue.clinic.name in ann.last.text
        assert ann.last.labels[-1] == ["Stop offers"]
    first, *_ = ann.screen
    assert first.labels == [["Read on"], ["Stop offers"]]


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_the_preview_is_what_people_get(house: House, courier: Courier, purpose: Purpose) -> None:
    olive, ann, files = house.sandbox.person("Olive", chat_id=OPERATOR, started=True), ann_of(house), ("a", "b")
    files = tuple([(await olive.sends_photo()).content["photo"][0]["file_id"] for _ in range(2)])
    composition = album(links=(LINK,), files=files)
    item = await drafted(house, composition, purpose)
    await courier.delivers(ann.chat_id, item)
    clinic, texts = house.desk.links.clinic.name, house.desk.texts[ENGLISH]
    dressed = dress(composition, is_offer=purpose is Purpose.OFFER, clinic=clinic, texts=texts)
    await send(house.bot, olive.chat_id, dressed)
    own = [message for message in olive.screen if message.from_bot]
    assert [(one.html, one.labels, one.media) for one in own] == [
        (one.html, one.labels, one.media) for one in ann.screen
    ]


@pytest.mark.parametrize(
    ("fault", "receipt"),
    [
        (FaultKind.TOO_MANY_REQUESTS, Limited),
        (FaultKind.DROP_AFTER, Uncertain),
    ],
)
async def test_an_album_without_the_message_after_it_is_taken_back(
    house: House, courier: Courier, fault: FaultKind, receipt: type[Receipt]
) -> None:
    ann, files = ann_of(house), await two_photos(house)
    house.sandbox.faults.add(fault, "sendMessage", times=1, retry_after=1)
    answer = await courier.delivers(ann.chat_id, await drafted(house, album(files=files), Purpose.OFFER))
    assert isinstance(answer, receipt)
    assert [message.media for message in ann.screen if message.media] == []


async def test_where_it_cannot_be_taken_back_nobody_can_know(house: House, courier: Courier) -> None:
    ann, files = ann_of(house), await two_photos(house)
    house.sandbox.faults.add(FaultKind.TOO_MANY_REQUESTS, "sendMessage", times=1, retry_after=1)
    house.sandbox.faults.add(FaultKind.TOO_MANY_REQUESTS, "deleteMessages", times=9, retry_after=9)
    answer = await courier.delivers(ann.chat_id, await drafted(house, album(files=files), Purpose.OFFER))
    assert isinstance(answer, Uncertain)
    assert len(ann.screen) == 2


async def test_words_and_links_are_changed_where_they_are(house: House, courier: Courier) -> None:
    ann, files = ann_of(house), await two_photos(house)
    text = Composition((Part(PartKind.TEXT, "Ten"),))
    photo = Composition((Part(PartKind.PHOTO, "Ten", files[0]),), (LINK,))
    for composition in (text, photo, album("Ten", files=files)):
        sent = await courier.delivers(ann.chat_id, await drafted(house, composition))
        assert isinstance(sent, Sent)
        item = await drafted(house, composition.with_words("<b>Two</b>"))
        messages = (sent.message_id, *sent.also)
        for _ in range(2):  # the second time there is nothing left to change
            receipt = await courier.delivers(ann.chat_id, item, Matter.CORRECTION, messages)
            assert receipt == Sent(sent.message_id, sent.also)
        changed = next(message for message in ann.screen if message.message_id == sent.message_id)
        assert changed.html == "<b>Two</b>"
        assert changed.labels == [[link.label] for link in composition.links]


async def test_it_is_taken_back_once_and_not_after_48_hours(house: House, courier: Courier) -> None:
    ann, files = ann_of(house), await two_photos(house)
    item = await drafted(house, album(files=files))
    sent, late = await courier.delivers(ann.chat_id, item), await courier.delivers(ann.chat_id, item)
    assert isinstance(sent, Sent)
    assert isinstance(late, Sent)
    messages = (sent.message_id, *sent.also)
    for _ in range(2):  # what is gone already is done
        receipt = await courier.delivers(ann.chat_id, item, Matter.WITHDRAWAL, messages)
        assert receipt == Sent(sent.message_id, sent.also)
    assert len(ann.screen) == 2
    house.clock.now += timedelta(hours=49)
    too_late = await courier.delivers(ann.chat_id, item, Matter.WITHDRAWAL, (late.message_id, *late.also))
    assert isinstance(too_late, Refused)
    assert "can't be deleted" in too_late.reason
    assert len(ann.screen) == 2


async def test_what_stands_in_the_way_is_told_apart(house: House, courier: Courier) -> None:
    ann = ann_of(house)
    item = await drafted(house, Composition((Part(PartKind.TEXT, "Hello"),)))
    assert isinstance(await courier.delivers(ann.chat_id, "77.1"), Refused)
    assert isinstance(await courier.delivers(ann.chat_id, item, Matter.CORRECTION), Refused)
    assert isinstance(await courier.delivers(ann.chat_id, await drafted(house, Composition())), Refused)
    await ann.blocks()
    assert isinstance(await courier.delivers(ann.chat_id, item), Unwanted)
    away = Database("sqlite:////nowhere/at/all.db")
    async with courier_of(house, away) as outside:
        assert isinstance(await outside.delivers(ann.chat_id, item), NotTried)
    await away.close()


async def test_it_is_looked_up_once_and_paid_for_where_that_is_wanted(house: House) -> None:
    ann = ann_of(house)
    item = await drafted(house, Composition((Part(PartKind.TEXT, "Hello"),)))
    async with courier_of(house, house.database, is_paid=True) as courier:
        assert isinstance(await courier.delivers(ann.chat_id, item), Sent)
        async with house.database.writing() as books:
            await books.broadcasts.remove(int(item.partition(".")[0]))
        assert isinstance(await courier.delivers(ann.chat_id, item), Sent)
    (first, _) = house.sandbox.calls.of("sendMessage", ann.chat_id)
    assert first.parameters["allow_paid_broadcast"] is True


def asked_for(house: House, chat_id: int) -> list[tuple[str, dict[str, Any]]]:
    """What Telegram was asked to send to a chat: methods and all fields but the chat."""
    calls = [call for call in house.sandbox.calls if call.chat_id == chat_id]
    return [(call.method, {**call.parameters, "chat_id": None}) for call in calls]


@pytest.mark.parametrize("purpose", list(Purpose))
async def test_a_preview_asks_telegram_for_the_very_same(house: House, courier: Courier, purpose: Purpose) -> None:
    olive, ann = house.sandbox.person("Olive", chat_id=OPERATOR, started=True), ann_of(house)
    file = (await olive.sends_photo()).content["photo"][0]["file_id"]
    words = "<b>Ten</b> \u2013 <i>caf\u00e9</i> \U0001f634"
    photo = Part(PartKind.PHOTO, words, file, has_spoiler=True, is_caption_above=True)
    text = Composition((Part(PartKind.TEXT, words),), (LINK, LINK))
    previewed = replace(text, preview_url=LINK.url, is_preview_above=True, is_preview_large=False)
    clinic, texts = house.desk.links.clinic.name, house.desk.texts[ENGLISH]
    for composition in (text, replace(text, preview_url=""), previewed, Composition((photo,), (LINK,))):
        await courier.delivers(ann.chat_id, await drafted(house, composition, purpose))
        is_offer = purpose is Purpose.OFFER
        dressed = dress(composition, is_offer=is_offer, clinic=clinic, texts=texts)
        await send(house.bot, olive.chat_id, dressed)
    assert len(asked_for(house, ann.chat_id)) == 4
    assert asked_for(house, ann.chat_id) == asked_for(house, olive.chat_id)


async def test_new_words_and_a_new_edition_reach_people_at_once(house: House, courier: Courier) -> None:
    ann, library = ann_of(house), house.desk.library
    item = await drafted(house, Composition((Part(PartKind.TEXT, "A voucher"),)), Purpose.OFFER)
    old = library.catalogue.tips(ENGLISH)[0]
    await courier.delivers(ann.chat_id, item)
    await courier.delivers(ann.chat_id, old.id, Matter.TIP)
    before = ann.last.text
    clinic = replace(library.catalogue.clinic, name="Another clinic")
    shelf = library.catalogue.shelves[ENGLISH]
    changed = replace(shelf, by_id={**shelf.by_id, old.id: replace(old, title="Something new")})
    library.take_in(replace(library.catalogue, clinic=clinic, shelves={ENGLISH: changed}))
    await courier.delivers(ann.chat_id, item)
    assert "Another clinic" in ann.last.text
    await courier.delivers(ann.chat_id, old.id, Matter.TIP)
    assert ann.last.text != before
    assert "Something new" in ann.last.text
    library.retire([old.id])
    assert isinstance(await courier.delivers(ann.chat_id, old.id, Matter.TIP), Retired)
