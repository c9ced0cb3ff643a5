"""Drafts: kept in the database, changed by several operators, and the same message never counts twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.usecases.people import MONDAY_NOON, subscribe
from tipbot.domain.audience import Audience, Purpose
from tipbot.domain.broadcasts import Broadcast, BroadcastStatus, Mode, QuietHours, When
from tipbot.domain.composition import Composition, LinkButton, Part, PartKind
from tipbot.domain.content import ItemId
from tipbot.domain.operators import Operator, Role
from tipbot.domain.subscribers import ChatKind
from tipbot.storage.database import Database
from tipbot.usecases.broadcasting import Broadcasting
from tipbot.usecases.compositions import Compositions
from tipbot.usecases.drafting import AlbumFull, Drafting, OtherMessage
from tipbot.usecases.errors import (
    ChangedMeanwhile,
    NoSuchBroadcast,
    NotAllowed,
    NotAnOperator,
    NotReady,
    Unready,
    WrongMoment,
)
from tipbot.usecases.housekeeping import Housekeeping
from tipbot.usecases.marketing import Sign

OLIVE, OTTO, VERA, NOBODY = 1, 2, 3, 4
SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def booking(composition: Composition) -> Sign | None:
    if "book" in composition.words or any("book" in link.url for link in composition.links):
        return Sign.BOOKING
    return Sign.WORDS if "discount" in composition.words else None


def text(words: str, message: int = 1) -> Composition:
    return Composition((Part(PartKind.TEXT, words, message=message),))


def photo(message: int, words: str = "", album: str = "9") -> Composition:
    return Composition((Part(PartKind.PHOTO, words, f"file-{message}", message=message),), album=album)


@pytest.fixture
async def drafting(database: Database) -> Drafting:
    async with database.writing() as books:
        for user, role in ((OLIVE, Role.OWNER), (OTTO, Role.OPERATOR), (VERA, Role.VIEWER)):
            await books.staff.save(Operator(user, role, MONDAY_NOON))
    return Drafting(database)


async def begun(drafting: Drafting, composition: Composition | None = None) -> Broadcast:
    draft = await drafting.begin(operator=OLIVE, now=MONDAY_NOON)
    if composition is None:
        return draft
    return await drafting.take(draft.id, composition, booking, operator=OLIVE, now=MONDAY_NOON)


async def deeds(database: Database) -> list[str]:
    async with database.reading() as books:
        return [deed.action for deed in reversed(await books.audit.latest(50))]


async def test_everything_about_a_draft_is_remembered(database: Database, drafting: Drafting) -> None:
    composition = Composition(
        (Part(PartKind.TEXT, "<b>Sleep</b> & \U0001f634", message=5),),
        preview_url="https://a.example",
        is_preview_above=True,
        is_preview_large=False,
    )
    draft = await begun(drafting, composition)
    link = LinkButton("Read on", "https://a.example/on")
    later = MONDAY_NOON + timedelta(minutes=1)
    when = When(Mode.LOCAL, local_at=later.replace(tzinfo=None))
    await drafting.set_links(draft.id, [link], booking, operator=OTTO, now=later)
    await drafting.set_audience(
        draft.id, lambda known: replace(known, chats=frozenset(ChatKind)), operator=OTTO, now=later
    )
    await drafting.set_purpose(draft.id, Purpose.OFFER, operator=OTTO, now=later)
    await drafting.set_when(draft.id, when, operator=OTTO, now=later)
    found = await Drafting(database).find(draft.id, operator=OLIVE)
    assert found == replace(
        draft,
        composition=replace(composition, links=(link,)),
        audience=Audience(frozenset(ChatKind)),
        purpose=Purpose.OFFER,
        is_decided=True,
        when=when,
        revision=draft.revision + 4,
        changed_at=later,
    )
    again = await drafting.set_when(draft.id, when, operator=OTTO, now=later + timedelta(minutes=1))
    assert again == found, "what changes nothing is no new revision"
    assert await deeds(database) == ["draft-begin"]


@SQLITE
async def test_an_album_is_gathered_in_order_and_no_part_counts_twice(drafting: Drafting) -> None:
    draft = await begun(drafting, photo(3))
    for number in (1, 3, 2, 1):
        draft = await drafting.take(
            draft.id, photo(number, "Two" if number == 1 else ""), booking, operator=OLIVE, now=MONDAY_NOON
        )
    assert [part.message for part in draft.composition.parts] == [1, 2, 3]
    assert draft.composition.words == "Two"
    for number in range(4, 11):
        draft = await drafting.take(draft.id, photo(number), booking, operator=OLIVE, now=MONDAY_NOON)
    with pytest.raises(AlbumFull):
        await drafting.take(draft.id, photo(11), booking, operator=OLIVE, now=MONDAY_NOON)
    for other in (photo(12, album="8"), text("Hello", 13)):
        with pytest.raises(OtherMessage):
            await drafting.take(draft.id, other, booking, operator=OLIVE, now=MONDAY_NOON)
    assert (await drafting.find(draft.id, operator=OLIVE)).revision == draft.revision


@SQLITE
async def test_new_words_keep_the_picture_and_a_new_message_takes_its_place(drafting: Drafting) -> None:
    draft = await begun(drafting, photo(1, "Ten", album=""))
    links = [LinkButton("Read on", "https://a.example")]
    await drafting.set_links(draft.id, links, booking, operator=OLIVE, now=MONDAY_NOON)
    reworded = await drafting.reword(draft.id, text("Two", 2), booking, operator=OLIVE, now=MONDAY_NOON)
    assert reworded.composition.parts == (Part(PartKind.PHOTO, "Two", "file-1", message=1),)
    replaced = await drafting.reword(draft.id, photo(3, "New"), booking, operator=OLIVE, now=MONDAY_NOON)
    assert replaced.composition == replace(photo(3, "New"), links=tuple(links))


@SQLITE
async def test_it_is_taken_for_an_offer_once_it_looks_like_one(drafting: Drafting) -> None:
    draft = await begun(drafting, text("Please book"))
    assert draft.purpose is Purpose.OFFER
    draft = await drafting.set_purpose(draft.id, Purpose.ARTICLE, operator=OLIVE, now=MONDAY_NOON)
    draft = await drafting.reword(draft.id, text("Please book now"), booking, operator=OLIVE, now=MONDAY_NOON)
    assert draft.purpose is Purpose.ARTICLE, "somebody decided, and nothing new came to light"
    await drafting.reword(draft.id, text("News"), booking, operator=OLIVE, now=MONDAY_NOON)
    links = [LinkButton("Come", "https://a.example/book")]
    draft = await drafting.set_links(draft.id, links, booking, operator=OLIVE, now=MONDAY_NOON)
    assert draft.purpose is Purpose.OFFER


@SQLITE
async def test_words_called_an_article_are_an_offer_again_once_they_lead_to_a_booking(drafting: Drafting) -> None:
    draft = await begun(drafting, text("No discount on sleep"))
    await drafting.set_purpose(draft.id, Purpose.ARTICLE, operator=OLIVE, now=MONDAY_NOON)
    links = [LinkButton("Come", "https://a.example/book")]
    draft = await drafting.set_links(draft.id, links, booking, operator=OLIVE, now=MONDAY_NOON)
    assert draft.purpose is Purpose.OFFER


@SQLITE
async def test_who_may_not_send_changes_nothing(database: Database, drafting: Drafting) -> None:
    draft = await begun(drafting, text("Hello"))
    for user, refusal in ((VERA, NotAllowed), (NOBODY, NotAnOperator)):
        for attempt in (
            drafting.begin(operator=user, now=MONDAY_NOON),
            drafting.reword(draft.id, text("Bye"), booking, operator=user, now=MONDAY_NOON),
            drafting.find(draft.id, operator=user),
            drafting.drafts(operator=user),
            drafting.discard(draft.id, revision=draft.revision, operator=user, now=MONDAY_NOON),
            drafting.note_test(draft.id, operator=user, now=MONDAY_NOON),
            drafting.around(draft.id, operator=user, now=MONDAY_NOON),
        ):
            with pytest.raises(refusal):
                await attempt
    assert await drafting.find(draft.id, operator=OLIVE) == draft
    assert await deeds(database) == ["draft-begin"]


@SQLITE
async def test_several_at_once_and_an_empty_one_is_taken_up_again(database: Database, drafting: Drafting) -> None:
    first = await begun(drafting, text("One"))
    second = await begun(drafting, text("Two"))
    assert (await begun(drafting)).id == (await begun(drafting)).id
    newer = await drafting.set_purpose(
        first.id, Purpose.OFFER, operator=OTTO, now=MONDAY_NOON + timedelta(minutes=5)
    )
    assert [draft.id for draft in await drafting.drafts(operator=OTTO)] == [first.id, second.id]
    with pytest.raises(ChangedMeanwhile):
        await drafting.discard(first.id, revision=first.revision, operator=OTTO, now=MONDAY_NOON)
    for _ in range(2):
        await drafting.discard(first.id, revision=newer.revision, operator=OTTO, now=MONDAY_NOON)
    with pytest.raises(NoSuchBroadcast):
        await drafting.find(first.id, operator=OLIVE)
    assert (await deeds(database)).count("draft-discard") == 1


async def test_the_number_of_a_draft_that_is_gone_is_given_to_no_other(drafting: Drafting) -> None:
    draft = await begun(drafting, text("One"))
    await drafting.discard(draft.id, revision=draft.revision, operator=OTTO, now=MONDAY_NOON)
    assert (await begun(drafting, text("Two"))).id > draft.id


@SQLITE
async def test_what_telegram_refused_to_show_is_sent_only_in_other_words_or_once_it_was_shown(
    database: Database, drafting: Drafting
) -> None:
    await subscribe(database)
    draft = await begun(drafting, text("Hello"))
    await drafting.note_preview(draft.id, revision=draft.revision, is_refused=True)
    draft = await drafting.set_purpose(draft.id, Purpose.ARTICLE, operator=OLIVE, now=MONDAY_NOON)
    broadcasting = Broadcasting(database, quiet=QuietHours(), ceiling=25)

    async def confirmed(draft: Broadcast) -> Broadcast:
        return await broadcasting.confirm(draft.id, revision=draft.revision, operator=OLIVE, now=MONDAY_NOON)

    with pytest.raises(NotReady) as refused:
        await confirmed(draft)
    assert refused.value.reason is Unready.REFUSED
    other = await drafting.reword(draft.id, text("Bye"), booking, operator=OLIVE, now=MONDAY_NOON)
    assert other.refused is None
    await drafting.note_preview(draft.id, revision=other.revision, is_refused=True)
    await drafting.note_preview(draft.id, revision=other.revision, is_refused=False)
    assert (await confirmed(other)).status is BroadcastStatus.SENDING


@SQLITE
async def test_what_is_planned_or_under_way_is_no_draft(database: Database, drafting: Drafting) -> None:
    await subscribe(database)
    draft = await begun(drafting, text("Hello"))
    broadcasting = Broadcasting(database, quiet=QuietHours(), ceiling=25)
    with pytest.raises(NotReady) as undecided:
        await broadcasting.confirm(draft.id, revision=draft.revision, operator=OLIVE, now=MONDAY_NOON)
    assert undecided.value.reason is Unready.UNDECIDED, "nobody said yet whether it is an article"
    draft = await drafting.set_purpose(draft.id, Purpose.ARTICLE, operator=OLIVE, now=MONDAY_NOON)
    with pytest.raises(ChangedMeanwhile):
        await broadcasting.confirm(draft.id, revision=draft.revision - 1, operator=OLIVE, now=MONDAY_NOON)
    going = await broadcasting.confirm(draft.id, revision=draft.revision, operator=OLIVE, now=MONDAY_NOON)
    assert going.status is BroadcastStatus.SENDING
    for attempt in (
        broadcasting.confirm(draft.id, revision=draft.revision, operator=OTTO, now=MONDAY_NOON),
        drafting.reword(draft.id, text("Bye"), booking, operator=OLIVE, now=MONDAY_NOON),
        drafting.discard(draft.id, revision=draft.revision, operator=OLIVE, now=MONDAY_NOON),
    ):
        with pytest.raises(WrongMoment):
            await attempt


async def test_what_nobody_touches_for_a_month_is_tidied_away(database: Database, drafting: Drafting) -> None:
    old, young = await begun(drafting, text("Old")), await begun(drafting, text("Young"))
    later = MONDAY_NOON + timedelta(days=20)
    await drafting.set_purpose(young.id, Purpose.OFFER, operator=OLIVE, now=later)
    await Housekeeping(database).tidy(now=MONDAY_NOON + timedelta(days=31))
    assert [draft.id for draft in await drafting.drafts(operator=OLIVE)] == [young.id]
    assert old.id != young.id


@SQLITE
async def test_names_of_fetched_pictures_are_kept_only_for_what_was_shown(drafting: Drafting) -> None:
    draft = await begun(drafting, Composition((Part(PartKind.PHOTO, "Look", "https://a.example/1.png"),)))
    kept = Composition((Part(PartKind.PHOTO, "Look", "file"),))
    assert await drafting.keep_media(draft.id, kept, revision=draft.revision)
    assert (await drafting.find(draft.id, operator=OLIVE)) == replace(draft, composition=kept)
    changed = await drafting.reword(draft.id, text("Bye"), booking, operator=OLIVE, now=MONDAY_NOON)
    assert not await drafting.keep_media(draft.id, kept, revision=draft.revision)
    with pytest.raises(ChangedMeanwhile):
        await drafting.lose_media(draft.id, text("x"), revision=1, operator=OLIVE, now=MONDAY_NOON)
    assert await drafting.find(draft.id, operator=OLIVE) == changed


@SQLITE
async def test_compositions_are_kept_by_revision_and_not_for_ever(database: Database, drafting: Drafting) -> None:
    draft = await begun(drafting, text("One"))
    compositions = Compositions(database)
    first = await compositions.find(ItemId(draft.item))
    changed = await drafting.reword(draft.id, text("Two"), booking, operator=OLIVE, now=MONDAY_NOON)
    assert first is not None
    assert await compositions.find(ItemId(draft.item)) == first
    assert await compositions.find(ItemId(changed.item)) == changed
    assert await compositions.find(ItemId("sit-then-shift")) is None
