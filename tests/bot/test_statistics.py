"""Numbers in the chat: who may see them, checks counted once, the summary, and words where no picture comes."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from tests.bot.conftest import OPERATOR, House, draw_here
from tipbot.bot.operating.numbers import MOST_CAPTION, NumberWords
from tipbot.bot.operating.summary import SummaryChats
from tipbot.charts import NotDrawn, Picture
from tipbot.domain.content import ENGLISH, ItemId, Origin
from tipbot.domain.delivery import DeliveryStatus
from tipbot.domain.operators import Operator, Role
from tipbot.domain.statistics import (
    Checks,
    Day,
    Finish,
    Opinions,
    SentBroadcast,
    Statistics,
    Step,
    Tens,
    days_of,
)
from tipbot.domain.subscribers import Status
from tipbot.storage.tallies import checks_only
from tipbot.usecases.summarising import Week

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SUNDAY = date(2026, 11, 22)
MANY = 12_345_678


def week(number: int, last: date = SUNDAY) -> Statistics:
    """A week in which everything happened so often, with titles as long as they may be."""
    days = tuple(
        Day(
            day=day,
            members=number,
            steps=dict.fromkeys(Step, number),
            deliveries=dict.fromkeys(DeliveryStatus, number),
            helpful=number,
            unhelpful=number,
            presses={Origin.TIP: number},
            checks_started=Tens(0),
        )
        for day in days_of(last - timedelta(days=6), last)
    )
    return Statistics(
        days=days,
        subscribers=dict.fromkeys(Status, number),
        opinions=tuple(Opinions(ItemId(f"an-item-that-is-no-more-{one}" * 2), number, one) for one in range(9)),
        checks=Checks(Tens(number // 10 * 10), Tens(10), dict.fromkeys(Finish, Tens(number // 10 * 10))),
        broadcasts=tuple(SentBroadcast("w" * 60, last, number, number) for _ in range(5)),
    )


async def test_a_viewer_may_look_and_an_operator_removed_a_moment_ago_may_not(house: House) -> None:
    vera = house.sandbox.person("Vera", chat_id=OPERATOR + 1, started=True)
    async with house.database.writing() as books:
        await books.staff.save(Operator(vera.chat_id, Role.VIEWER, house.clock.now))
    await vera.sends("/stats")
    await house.answer()
    assert vera.last.media == "photo"
    async with house.database.writing() as books:
        await books.staff.remove(vera.chat_id)
    await vera.presses("30 days")
    await house.answer()
    assert len(vera.screen) == 2
    assert vera.toasts[-1].text == house.desk.texts[ENGLISH].old_button


async def test_a_press_below_a_message_that_was_deleted_brings_the_numbers_anew(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    await olive.sends("/stats")
    await house.answer()
    shown = olive.last
    data = shown.button("90 days").data
    assert data is not None
    await olive.deletes(shown)
    await olive.presses_data(data, shown)
    await house.answer()
    assert olive.last.media == "photo"
    assert "The last 90 days" in olive.last.text


async def test_where_no_picture_can_be_drawn_the_words_come_alone(house: House) -> None:
    async def fail(_: Picture) -> bytes:
        raise NotDrawn

    house.restaff(replace(house.desk, draw=fail))
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    await olive.sends("/stats")
    await house.answer()
    assert olive.last.media is None
    assert "Subscribers: 0" in olive.last.text
    assert "could not be drawn" in olive.last.text


async def test_a_check_counts_once_as_begun_and_once_as_ended_however_often_it_is_pressed(house: House) -> None:
    anna = house.sandbox.person("Anna")
    for words, presses in (
        ("/start", ["I'm 18 or over: start"]),
        ("/selftest", ["I agree", "Week check", "Week check", "Calm", "Calm"]),
    ):
        await anna.sends(words)
        await house.answer()
        for label in dict.fromkeys(presses):
            for _ in range(presses.count(label)):
                await anna.presses(label)
            await house.answer()
    assert await house.desk.check_counts.write() == 2
    async with house.database.reading() as books:
        counted = checks_only(await books.tallies.since(SUNDAY))
    assert counted == {(SUNDAY, "t6", "started"): 1, (SUNDAY, "t6", "self"): 1}


async def test_the_summary_compares_with_the_week_before_and_reaches_who_can_be_reached(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    chats = SummaryChats(house.bot, house.desk.library, draw_here)
    before = week(2, SUNDAY - timedelta(days=7))
    await chats.bring(Week(week(3), before), [OPERATOR - 1, OPERATOR])
    assert olive.last.media == "photo"
    assert "42 came and 84 left (the week before: 28 and 56)" in olive.last.text
    await olive.presses("Stop the weekly summary")
    await house.answer()
    assert olive.last.labels == [["7 days", "30 days", "90 days"], ["Send me a weekly summary"]]
    await olive.presses("7 days")
    await house.answer()
    assert olive.last.labels[0][0] == "✓ 7 days"


async def test_the_words_fit_below_a_picture_whatever_the_numbers(house: House) -> None:
    words = NumberWords(house.desk.texts[ENGLISH], ENGLISH, house.desk.library.catalogue)
    small, large = words.caption(week(12)), words.caption(week(MANY))
    assert len(large) <= MOST_CAPTION
    assert "86,419,746" in large
    assert "liked most" in small
