"""Broadcasts from the confirmation to the end: held, resumed, cancelled, stopped by themselves, never doubled."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.usecases.mailing import BOSS, Mailing, at, people
from tests.usecases.people import LATENESS, MONDAY_NOON
from tipbot.domain.alarms import BroadcastStopped
from tipbot.domain.audience import Purpose
from tipbot.domain.broadcasts import Action, BroadcastStatus, Mode, PausedFor, Sweep, When
from tipbot.domain.delivery import DeliveryStatus, Receipt, Refused, Uncertain, Unwanted, Vanished
from tipbot.domain.offers import MARKETING
from tipbot.domain.operators import Operator, Role
from tipbot.domain.subscribers import ChatId
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.afterwards import FAILED, UNKNOWN
from tipbot.usecases.arranging import Arrange
from tipbot.usecases.errors import (
    ChangedMeanwhile,
    ChangeUnderWay,
    NotAllowed,
    NotAnOperator,
    NotReady,
    Unready,
    WrongMoment,
)
from tipbot.usecases.rights import Rights
from tipbot.usecases.staffing import SHELL
from tipbot.usecases.standing import cancel

SENT, HELD, QUEUED = DeliveryStatus.SENT, DeliveryStatus.HELD, DeliveryStatus.QUEUED
SENDING, PAUSED, DONE = BroadcastStatus.SENDING, BroadcastStatus.PAUSED, BroadcastStatus.DONE
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def mailing(database: Database) -> Mailing:
    return Mailing(database)


async def test_everybody_gets_it_once_though_two_processes_tick_and_post(database: Database) -> None:
    chats = await people(database, 310)
    one, other = Mailing(database), Mailing(database, owner="two")
    number = (await one.confirmed(await one.drafted())).id
    for second in range(6):
        await one.tick(at(second))
        await other.tick(at(second))
        await one.post(at(second), most=70)
        await other.post(at(second), most=70)
    got = Counter(chat for chat, _ in one.got + other.got)
    assert set(got) == set(chats)
    assert set(got.values()) == {1}
    assert (await one.find(number)).status is DONE


async def test_a_pause_holds_what_waits_and_resuming_lets_it_go(mailing: Mailing) -> None:
    await people(mailing.database, 200)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), most=40)
    for _ in range(2):  # two operators press at once
        assert (await mailing.broadcasting.pause(number, operator=BOSS, now=at(1))).status is PAUSED
    assert await mailing.counts(number) == {SENT: 40, HELD: 110}
    await mailing.tick(at(2))
    assert await mailing.post(at(2)) == []
    for _ in range(2):
        assert (await mailing.broadcasting.resume(number, operator=BOSS, now=at(3))).status is SENDING
    await mailing.run(number, at(3))
    assert await mailing.counts(number) == {SENT: 200}
    async with mailing.database.reading() as books:
        deeds = [deed.action for deed in reversed(await books.audit.latest(9)) if deed.subject == str(number)]
    assert deeds == ["broadcast-message", "broadcast-pause", "broadcast-resume"]


@on_sqlite
async def test_cancelling_ends_it_and_what_was_never_handed_over_is_told_apart(mailing: Mailing) -> None:
    await people(mailing.database, 200)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), {5: Uncertain("no answer")}, most=40)
    for _ in range(2):
        ended = await mailing.broadcasting.cancel(number, operator=BOSS, now=at(1))
    assert ended.status is BroadcastStatus.CANCELLED
    await mailing.tick(at(2))
    report = await mailing.reports.report(number, operator=BOSS, now=at(2))
    assert (report.reached, report.cancelled, report.never, report.to_come) == (39, 110, 50, 0)
    with pytest.raises(WrongMoment):
        await mailing.broadcasting.resume(number, operator=BOSS, now=at(3))
    assert await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=at(60)) == 1
    await mailing.run(number, at(60))
    assert len(mailing.got) == 40, "only the one who was asked for, not those it never came to"


@on_sqlite
async def test_only_what_was_shown_goes_out_and_only_by_somebody_who_may(mailing: Mailing) -> None:
    await people(mailing.database, 1)
    draft = await mailing.drafted()
    async with mailing.database.writing() as books:
        await books.staff.save(Operator(8, Role.VIEWER, MONDAY_NOON))
        await books.broadcasts.save(replace(draft, revision=2))
    with pytest.raises(NotAllowed):
        await mailing.broadcasting.confirm(draft.id, revision=2, operator=8, now=at(0))
    with pytest.raises(NotAnOperator):
        await mailing.broadcasting.confirm(draft.id, revision=2, operator=9, now=at(0))
    with pytest.raises(ChangedMeanwhile):
        await mailing.confirmed(draft)
    confirmed = await mailing.confirmed(replace(draft, revision=2))
    with pytest.raises(WrongMoment):
        await mailing.confirmed(confirmed)


@on_sqlite
async def test_too_many_failures_stop_it_and_going_on_begins_a_new_count(mailing: Mailing) -> None:
    chats = await people(mailing.database, 100)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), {chat: Refused("Bad Request: odd") for chat in chats[:8]}, most=30)
    progress = await mailing.sending.watch(number, now=at(1))
    assert progress is not None
    assert (progress.broadcast.status, progress.broadcast.paused_for) == (PAUSED, PausedFor.FAILURES)
    assert mailing.rang == [BroadcastStopped(number, PausedFor.FAILURES, at(1))]
    await mailing.broadcasting.resume(number, operator=BOSS, now=at(2))
    end = await mailing.run(number, at(2))
    assert await mailing.sending.watch(number, now=end + timedelta(seconds=3)) is not None
    assert (await mailing.find(number)).status is DONE
    assert len(mailing.rang) == 1


@on_sqlite
async def test_after_a_long_time_down_it_waits_for_an_operator(mailing: Mailing) -> None:
    await people(mailing.database, 200)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    later = at(1) + LATENESS
    assert await mailing.tick(later) == 0
    assert (await mailing.find(number)).paused_for is PausedFor.STALE
    assert mailing.rang == [BroadcastStopped(number, PausedFor.STALE, later)]


@on_sqlite
async def test_a_plan_that_was_slept_through_is_a_draft_again(mailing: Mailing) -> None:
    await people(mailing.database, 3)
    draft = await mailing.drafted(when=When(Mode.AT, at=at(3600)))
    number = (await mailing.confirmed(draft)).id
    late = at(3601) + LATENESS
    assert await mailing.tick(late) == 0
    assert (await mailing.find(number)).status is BroadcastStatus.DRAFT
    assert mailing.rang == [BroadcastStopped(number, PausedFor.STALE, late)]
    with pytest.raises(NotReady) as caught:
        await mailing.confirmed(await mailing.find(number), now=late)
    assert caught.value.reason is Unready.PAST


@on_sqlite
async def test_each_zone_gets_it_at_its_own_time_across_a_change_of_clocks(mailing: Mailing) -> None:
    # In the night to 28 March 2027 clocks go forward in Europe; New York's did on the 14th, Phoenix's never do.
    saturday = datetime(2027, 3, 27, 20, 0, tzinfo=UTC)
    await people(mailing.database, 1, zone="Europe/London", first=1)
    await people(mailing.database, 1, zone="Europe/Berlin", first=2)
    await people(mailing.database, 1, zone="America/New_York", first=3)
    await people(mailing.database, 1, zone="America/Phoenix", first=4)
    draft = await mailing.drafted(when=When(Mode.LOCAL, local_at=datetime(2027, 3, 28, 9, 0)), now=saturday)  # noqa: DTZ001 (wall time)
    planned = await mailing.confirmed(draft, now=saturday)
    number, begins = planned.id, datetime(2027, 3, 28, 7, 0, tzinfo=UTC)
    assert (planned.status, planned.starts_at) == (BroadcastStatus.SCHEDULED, begins), "Berlin is first"
    got: dict[int, datetime] = {}
    now = saturday
    for _ in range(24 * 4):
        await mailing.tick(now)
        got |= {claim.chat_id: now for claim in await mailing.post(now)}
        assert ((await mailing.find(number)).started_at is None) == (now < begins)
        now += timedelta(minutes=15)
    assert {chat: moment.strftime("%d %H:%M") for chat, moment in got.items()} == {
        1: "28 08:00",
        2: "28 07:00",
        3: "28 13:00",
        4: "28 16:00",
    }
    assert (await mailing.find(number)).status is DONE


@on_sqlite
async def test_what_nobody_may_get_before_the_morning_can_still_be_taken_into_the_drafts(mailing: Mailing) -> None:
    await people(mailing.database, 2, zone="Australia/Sydney")  # 23:00 there
    number = (await mailing.confirmed(await mailing.drafted())).id
    morning = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    assert (await mailing.find(number)).starts_at == morning
    await mailing.tick(morning - timedelta(seconds=1))
    draft = await mailing.broadcasting.unschedule(number, operator=BOSS, now=at(60))
    await mailing.confirmed(draft, now=at(90))
    await mailing.run(number, morning)
    assert {chat for chat, _ in mailing.got} == {1, 2}


@on_sqlite
async def test_nobody_is_woken_and_the_rest_waits_for_the_morning(mailing: Mailing) -> None:
    await people(mailing.database, 2, zone="Europe/London", first=1)
    await people(mailing.database, 3, zone="Australia/Sydney", first=11)  # 23:00 there
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0))
    progress = await mailing.sending.watch(number, now=at(1))
    assert progress is not None
    assert (progress.waiting, progress.next_at) == (3, datetime(2026, 11, 23, 21, 0, tzinfo=UTC))
    assert progress.takes == timedelta(0)
    assert {chat for chat, _ in mailing.got} == {1, 2}
    morning = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)
    async with mailing.database.writing() as books:
        await books.broadcasts.save(replace(await mailing.find(number), seen_at=morning))
    await mailing.run(number, morning)
    assert {chat for chat, _ in mailing.got} == {1, 2, 11, 12, 13}


async def test_the_unknown_again_and_the_failed_again_reach_those_and_nobody_else(mailing: Mailing) -> None:
    await people(mailing.database, 30)
    number = (await mailing.confirmed(await mailing.drafted())).id
    trouble: dict[int, Receipt] = {
        1: Uncertain("no answer"),
        2: Refused("Bad Request: x"),
        3: Unwanted("blocked"),
        4: Vanished("gone"),
    }
    end = await mailing.run(number, at(0), trouble)
    assert await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=end) == 1
    with pytest.raises(WrongMoment):
        await mailing.afterwards.again(number, FAILED, operator=BOSS, now=end)
    end = await mailing.run(number, end)
    assert await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=end) == 0
    assert await mailing.afterwards.again(number, FAILED, operator=BOSS, now=end) == 1
    await mailing.run(number, end)
    assert Counter(chat for chat, _ in mailing.got) == Counter({*range(1, 31)} - {3, 4})
    tally = await mailing.broadcasting.look(number, operator=BOSS, now=end)
    assert dict(tally.tally.counts) == {SENT: 28, DeliveryStatus.BLOCKED: 1, DeliveryStatus.GONE: 1}


async def test_who_said_no_meanwhile_is_passed_over_wherever_it_stood(mailing: Mailing) -> None:
    await people(mailing.database, 300)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), {1: Uncertain("no answer"), 2: Uncertain("no answer")}, most=100)
    await mailing.broadcasting.pause(number, operator=BOSS, now=at(1))
    arrange = Arrange(mailing.database)
    for chat in (1, 120, 299):  # unknown, held, not handed over yet
        await arrange.switch_articles(ChatId(chat), is_on=False, now=at(2))
    assert await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=at(60)) == 1
    await mailing.broadcasting.resume(number, operator=BOSS, now=at(60))
    end = await mailing.run(number, at(60))
    assert {*range(1, 301)} - {chat for chat, _ in mailing.got} == {1, 120, 299}
    report = await mailing.reports.report(number, operator=BOSS, now=end)
    assert (report.reached, report.passed_over, report.cancelled) == (297, 2, 0)
    assert report.tally.of(DeliveryStatus.UNKNOWN) == 1


async def test_a_correction_reaches_those_who_have_it_and_the_others_get_the_new_words(mailing: Mailing) -> None:
    await people(mailing.database, 200)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), most=40)
    with pytest.raises(WrongMoment):
        await mailing.afterwards.draft_change(number, Action.CORRECTION, operator=BOSS, now=at(1))
    await mailing.broadcasting.pause(number, operator=BOSS, now=at(1))
    draft = await mailing.afterwards.draft_change(number, Action.CORRECTION, operator=BOSS, now=at(2))
    assert draft == await mailing.afterwards.draft_change(number, Action.CORRECTION, operator=BOSS, now=at(2))
    words = replace(draft.composition, parts=(replace(draft.composition.parts[0], html="Better"),))
    draft = await mailing.afterwards.reword(draft.id, words, operator=BOSS, now=at(3))
    correction = await mailing.confirmed(draft, now=at(4))
    with pytest.raises(ChangeUnderWay):
        await mailing.afterwards.take_back(number, operator=BOSS, now=at(4))
    end = await mailing.run(correction.id, at(4))
    assert await mailing.counts(correction.id) == {SENT: 40}
    original = await mailing.find(number)
    assert original.title == "Better"
    mailing.got.clear()
    await mailing.broadcasting.resume(number, operator=BOSS, now=end)
    await mailing.run(number, end)
    assert Counter(item for _, item in mailing.got) == {original.item: 160}


async def test_taking_back_ends_it_and_twice_finds_nobody(mailing: Mailing) -> None:
    await people(mailing.database, 200)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    claims = await mailing.post(at(0), most=40)
    await mailing.broadcasting.pause(number, operator=BOSS, now=at(1))
    reach = await mailing.afterwards.reach(number, now=at(2))
    assert (reach.people, reach.deletable) == (40, 40)
    withdrawal = await mailing.afterwards.take_back(number, operator=BOSS, now=at(2))
    assert (await mailing.find(number)).status is BroadcastStatus.CANCELLED
    await mailing.tick(at(3))
    taken = await mailing.post(at(3))
    assert {(claim.chat_id, claim.target) for claim in taken} == {(claim.chat_id, claim.id) for claim in claims}
    await mailing.run(withdrawal.id, at(4))
    with pytest.raises(NotReady):
        await mailing.afterwards.take_back(number, operator=BOSS, now=at(9))
    async with mailing.database.reading() as books:
        assert len(await books.broadcasts.changes_to(number)) == 1, "no draft is left behind"


@on_sqlite
async def test_what_is_older_than_48_hours_stays(mailing: Mailing) -> None:
    await people(mailing.database, 3)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), most=1)
    await mailing.post(at(3600), most=2)
    await mailing.tick(at(3601))
    reach = await mailing.afterwards.reach(number, now=at(48 * 3600 + 60))
    assert (reach.people, reach.deletable) == (3, 2)


@on_sqlite
async def test_nothing_is_changed_while_messages_are_in_the_air(mailing: Mailing) -> None:
    await people(mailing.database, 200)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), most=40)
    async with mailing.database.writing() as books:
        await books.outbox.claim([at(1)], owner="two", now=at(1), lease=timedelta(minutes=1))
    await mailing.broadcasting.pause(number, operator=BOSS, now=at(1))
    with pytest.raises(NotReady) as caught:
        await mailing.afterwards.take_back(number, operator=BOSS, now=at(2))
    assert caught.value.reason is Unready.STILL_IN_AIR
    with pytest.raises(NotReady):
        await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=at(2))


async def test_every_recipient_stands_in_one_line_of_the_report(mailing: Mailing) -> None:
    await people(mailing.database, 40)
    number = (await mailing.confirmed(await mailing.drafted())).id
    end = await mailing.run(number, at(0), {1: Refused("Bad Request: x"), 2: Refused("Bad Request: x")})
    await Rights(mailing.database).forget(ChatId(9), now=end)
    await Arrange(mailing.database).stop(ChatId(10), now=end)
    report = await mailing.reports.report(number, operator=BOSS, now=end + timedelta(minutes=1))
    assert (report.reached, report.erased, report.tally.people) == (37, 1, 40)
    assert dict(report.reasons) == {"Bad Request: x": 2}
    assert (report.stops, report.is_final) == (1, False)
    later = end + timedelta(days=1, minutes=1)
    assert await mailing.reports.freeze_stops(now=later) == 1
    assert await mailing.reports.freeze_stops(now=later) == 0
    report = await mailing.reports.report(number, operator=SHELL, now=later)
    assert (report.stops, report.is_final, report.presses) == (1, True, 0)


@on_sqlite
async def test_what_is_sent_again_at_night_waits_for_the_morning(mailing: Mailing) -> None:
    await people(mailing.database, 2)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.run(number, MONDAY_NOON, {1: Uncertain("no answer")})
    night, morning = MONDAY_NOON + timedelta(hours=10), MONDAY_NOON + timedelta(hours=20)
    await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=night)
    while night < morning:
        await mailing.tick(night)
        assert not await mailing.post(night)
        night += LATENESS
    assert (await mailing.find(number)).status is SENDING
    await mailing.run(number, morning)
    assert Counter(chat for chat, _ in mailing.got) == {1: 1, 2: 1}
    assert (await mailing.find(number)).status is DONE


async def test_people_get_one_offer_a_month_also_when_one_is_only_planned(mailing: Mailing) -> None:
    await people(mailing.database, 1)
    async with mailing.database.writing() as books:
        await books.consents.record(ChatId(1), Consent(MARKETING, "1", granted=True, at=MONDAY_NOON))
    later = When(Mode.AT, at=MONDAY_NOON + timedelta(days=20))
    planned = await mailing.confirmed(await mailing.drafted(when=later, purpose=Purpose.OFFER))
    another = await mailing.drafted(purpose=Purpose.OFFER)
    with pytest.raises(NotReady) as too_soon:
        await mailing.confirmed(another)
    assert (too_soon.value.reason, too_soon.value.until) == (
        Unready.OFFER_TOO_SOON,
        MONDAY_NOON + timedelta(days=50),
    )
    await mailing.broadcasting.cancel(planned.id, operator=BOSS, now=MONDAY_NOON)
    assert (await mailing.confirmed(another)).status is SENDING
    await mailing.confirmed(
        await mailing.drafted(when=When(Mode.AT, at=MONDAY_NOON + timedelta(days=30)), purpose=Purpose.OFFER)
    )


@pytest.fixture
def a_few_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tipbot.usecases.sweeping.SWEEP_AT_ONCE", 40)


@pytest.mark.usefixtures("a_few_at_a_time")
async def test_many_are_changed_a_few_at_a_time_and_a_process_that_dies_in_it_leaves_the_rest_to_the_tick(
    mailing: Mailing,
) -> None:
    await people(mailing.database, 150)
    number = (await mailing.confirmed(await mailing.drafted())).id
    failures: dict[int, Receipt] = {chat: Uncertain("no answer") for chat in range(1, 101)}
    await mailing.tick(at(0))
    await mailing.post(at(0), failures)
    await mailing.run(number, at(1))
    await Arrange(mailing.database).stop(ChatId(3), now=at(50))
    async with mailing.database.writing() as books:  # all that is left of a process that died right after deciding
        unfinished = replace(
            await mailing.find(number), status=PAUSED, sweep=Sweep(HELD, (DeliveryStatus.UNKNOWN,))
        )
        await books.broadcasts.save(unfinished)
    await mailing.tick(at(60))
    assert await mailing.counts(number) == {SENT: 50, HELD: 99, DeliveryStatus.UNKNOWN: 1}
    await mailing.broadcasting.cancel(number, operator=BOSS, now=at(61))
    ended = await mailing.find(number)
    assert (ended.status, ended.sweep) == (BroadcastStatus.CANCELLED, None)
    assert ended.tally.counts == {SENT: 50, DeliveryStatus.CANCELLED: 99, DeliveryStatus.UNKNOWN: 1}


@on_sqlite
async def test_what_is_being_cancelled_is_not_let_go_by_sending_again(mailing: Mailing) -> None:
    await people(mailing.database, 150)
    number = (await mailing.confirmed(await mailing.drafted())).id
    await mailing.tick(at(0))
    await mailing.post(at(0), {5: Uncertain("no answer")}, most=40)
    await mailing.broadcasting.pause(number, operator=BOSS, now=at(1))
    async with mailing.database.writing() as books:
        await cancel(books, await mailing.find(number), now=at(2))
    with pytest.raises(NotReady):
        await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=at(3))
    await mailing.tick(at(4))
    assert await mailing.afterwards.again(number, UNKNOWN, operator=BOSS, now=at(5)) == 1
    await mailing.run(number, at(5))
    assert len(mailing.got) == 40
