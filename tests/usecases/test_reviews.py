"""Which content wants a clinician's look, and who is told of it, once a week."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType

import pytest

from tests.bot import samples
from tests.content import shipped_texts
from tipbot.catalogue import Catalogue
from tipbot.domain.content import ENGLISH, Review
from tipbot.domain.operators import Operator, Role
from tipbot.storage.database import Database
from tipbot.usecases.library import Library
from tipbot.usecases.reviews import MOST_NAMED, ListReviews, Reviews, reviews_due

LONDON = "Europe/London"
TEXTS = shipped_texts()[ENGLISH]
# The clocks go forward on Sunday, 28 March 2027.
MONDAY = datetime(2027, 3, 29, 7, 0, tzinfo=UTC)


def with_review(review: Review) -> Catalogue:
    """The sample clinic, in which everything is due on 1 May 2027, but for the card."""
    catalogue = samples.catalogue()
    shelf = catalogue.shelves[ENGLISH]
    card = replace(shelf.cards[0], title="Discs & <friends>", review=review)
    shelf = replace(shelf, cards=(card,), by_id=MappingProxyType({**shelf.by_id, card.id: card}))
    return replace(catalogue, shelves=MappingProxyType({ENGLISH: shelf}))


def due(year: int, month: int, day: int, by: str = "A clinician") -> Review:
    return Review(by=by, on=date(2026, 1, 1), due=date(year, month, day))


@pytest.mark.parametrize(
    ("review", "now", "group"),
    [
        (due(2027, 3, 28), MONDAY, "overdue"),
        (due(2027, 3, 29), MONDAY, "soon"),
        (due(2027, 4, 12), MONDAY, "soon"),
        (due(2027, 4, 13), MONDAY, None),
        # Summer time: in London it is the next day already.
        (due(2027, 3, 29), MONDAY.replace(hour=23), "overdue"),
        (due(2027, 3, 29), MONDAY.replace(hour=22), "soon"),
        (due(2027, 3, 1, "Awaiting clinician"), MONDAY, "awaiting"),
        (due(2028, 3, 1, " awaiting Clinician "), MONDAY, "awaiting"),
    ],
)
def test_an_item_stands_in_one_group_at_most(review: Review, now: datetime, group: str | None) -> None:
    found = reviews_due(with_review(review), now=now, zone=LONDON)
    groups = {name: [one.key for one in getattr(found, name)] for name in ("overdue", "soon", "awaiting")}
    assert groups == {"overdue": [], "soon": [], "awaiting": []} | ({group: ["card-1"]} if group else {})
    assert len(found) == (group is not None)


def test_everything_with_a_review_is_looked_at() -> None:
    found = reviews_due(samples.catalogue(), now=MONDAY + timedelta(days=60), zone=LONDON)
    keys = {one.key for one in found.overdue}
    assert {"tip-1", "card-1", "stretch-1", "article-1", "lift", "urgent.toml", "checks/screens.toml"} <= keys


def test_a_long_list_is_cut_and_names_are_escaped() -> None:
    found = reviews_due(samples.catalogue(), now=MONDAY + timedelta(days=60), zone=LONDON)
    lines = found.lines(TEXTS)
    assert found.is_cut
    assert len(lines) == MOST_NAMED + 2
    assert lines[-1] == TEXTS.reviews_more.format(number=len(found) - MOST_NAMED)
    assert "Discs &amp; friends" in "\n".join(found.lines(TEXTS, most=len(found)))
    assert Reviews().lines(TEXTS) == []


class Chats:
    def __init__(self) -> None:
        self.brought: list[tuple[int, str]] = []

    async def bring(self, operator: int, words: str) -> None:
        self.brought.append((operator, words))


async def test_operators_get_the_list_once_a_week_from_one_process(database: Database) -> None:
    async with database.writing() as books:
        for user, role, wants in ((1, Role.OWNER, True), (2, Role.OPERATOR, False), (3, Role.VIEWER, True)):
            await books.staff.save(Operator(user, role, MONDAY, wants_summary=wants))
    library = Library(with_review(due(2027, 3, 1)), shipped_texts())
    lists = [ListReviews(database, library, zone=LONDON) for _ in range(2)]
    chats = Chats()

    async def told(moment: datetime) -> list[int]:
        chats.brought.clear()
        for one in lists:
            await one.tick(chats, now=moment)
        return [operator for operator, _ in chats.brought]

    assert await told(MONDAY - timedelta(seconds=1)) == [], "not before 8 in the clinic's zone"
    assert await told(MONDAY) == [1]
    assert "Discs &amp; &lt;friends&gt;" in chats.brought[0][1]
    assert await told(MONDAY + timedelta(hours=5)) == []
    restarted = ListReviews(database, library, zone=LONDON)
    assert await restarted.tick(chats, now=MONDAY + timedelta(hours=6)) == 0
    assert await told(MONDAY + timedelta(days=3)) == [], "in the middle of a week it is no news"
    assert await told(MONDAY + timedelta(days=7)) == [1]
    library.take_in(with_review(due(2028, 1, 1)))
    assert await told(MONDAY + timedelta(days=14)) == [], "nothing to look at is no message"
