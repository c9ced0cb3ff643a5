"""When what people agreed to has changed: asked once, after the answer, and nothing stops until they say so."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from tests.bot.conftest import House
from tipbot.domain.content import ENGLISH
from tipbot.domain.subscribers import ChatId, Status
from tipbot.sandbox import Person
from tipbot.storage.consents import Consent
from tipbot.storage.database import Database
from tipbot.usecases.consenting import Reconsent

QUESTION = "Something has changed."


@pytest.fixture
async def anna(house: House) -> Person:
    """Somebody who agreed to the version of 2026-11."""
    anna = house.sandbox.person("Anna")
    for act in (lambda: anna.sends("/start"), lambda: anna.presses("I'm 18 or over: start")):
        await act()
        await house.answer()
    return anna


def change_consent(house: House, version: str) -> None:
    catalogue = house.desk.library.catalogue
    shelf = catalogue.shelves[ENGLISH]
    shelf = replace(shelf, policy=replace(shelf.policy, consent_version=version))
    house.desk.library.take_in(replace(catalogue, shelves=MappingProxyType({ENGLISH: shelf})))


async def answer_of(database: Database, anna: Person) -> Consent:
    async with database.reading() as books:
        return (await books.consents.of(ChatId(anna.chat_id)))["messages"]


def questions(anna: Person) -> int:
    return sum(message.text.startswith(QUESTION) for message in anna.screen)


async def test_they_are_asked_once_after_the_answer_and_go_on_as_before(
    house: House, anna: Person, database: Database
) -> None:
    await anna.sends("/settings")
    await house.answer()
    assert questions(anna) == 0
    change_consent(house, "2027-01")
    await anna.presses("Time zone")
    await anna.sends("/settings")
    await anna.sends("/tip")
    await house.answer()
    assert questions(anna) == 1
    assert "We keep one number <more>." in next(one.text for one in anna.screen if one.text.startswith(QUESTION))
    answer = await answer_of(database, anna)
    assert (answer.version, answer.asked_version, answer.granted) == ("2026-11", "2027-01", True)
    subscription = await house.desk.join.look_up(ChatId(anna.chat_id))
    assert subscription is not None
    assert subscription.gets_messages


async def test_a_yes_is_written_down_with_its_version_and_moment(
    house: House, anna: Person, database: Database
) -> None:
    change_consent(house, "2027-01")
    await anna.sends("/settings")
    await house.answer()
    house.clock.now += timedelta(hours=3)
    await anna.presses("I agree")
    await anna.presses("I agree")
    await house.answer()
    assert anna.last.text.startswith("Thank you.")
    answer = await answer_of(database, anna)
    assert (answer.version, answer.asked_version, answer.at) == ("2027-01", None, house.clock.now)
    await anna.sends("/tip")
    await house.answer()
    assert questions(anna) == 0


async def test_a_yes_to_words_that_changed_once_more_does_not_count(
    house: House, anna: Person, database: Database
) -> None:
    change_consent(house, "2027-01")
    await anna.sends("/settings")
    await house.answer()
    change_consent(house, "2027-02")
    await anna.presses("I agree")
    await house.answer()
    assert (await answer_of(database, anna)).version == "2026-11"
    await anna.presses("I agree")
    await house.answer()
    assert (await answer_of(database, anna)).version == "2027-02"


async def test_no_means_that_messages_stop(house: House, anna: Person) -> None:
    change_consent(house, "2027-01")
    await anna.sends("/settings")
    await house.answer()
    await anna.presses("Stop messages")
    await house.answer()
    subscription = await house.desk.join.look_up(ChatId(anna.chat_id))
    assert subscription is not None
    assert subscription.subscriber.status is Status.STOPPED
    await anna.sends("/tip")
    await house.answer()
    assert questions(anna) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("sent", ["/urgent", "/help", "/privacy", "/complaint", "/tip my leg is numb", "/stop"])
async def test_nothing_is_asked_where_it_would_disturb(house: House, anna: Person, sent: str) -> None:
    change_consent(house, "2027-01")
    await anna.sends(sent)
    await house.answer()
    assert questions(anna) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_groups_are_not_asked(house: House) -> None:
    ben = house.sandbox.person("Ben")
    group = house.sandbox.group("Backs", administrators=[ben], members=[])
    await house.answer()
    await ben.presses("A daily tip", to=group)
    await house.answer()
    change_consent(house, "2027-01")
    await ben.sends("/settings", to=group)
    await house.answer()
    assert not any(message.text.startswith(QUESTION) for message in ben.sees(group))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_an_outage_after_the_answer_spoils_nothing(house: House, anna: Person) -> None:
    away = Reconsent(Database("postgresql://postgres@127.0.0.1:1/nobody"), house.desk.library)
    house.restaff(replace(house.desk, reconsent=away))
    await anna.sends("/settings")
    await house.answer()
    assert anna.last.text.startswith("Settings")


async def test_a_press_that_only_looks_is_a_sign_of_life(house: House, anna: Person, database: Database) -> None:
    warned = house.clock.now + timedelta(days=365)
    async with database.writing() as books:
        await books.departures.note_warned([ChatId(anna.chat_id)], now=warned)
    house.clock.now = warned + timedelta(days=2)
    await anna.presses("Change times")
    await house.answer()
    subscription = await house.desk.join.look_up(ChatId(anna.chat_id))
    assert subscription is not None
    assert subscription.subscriber.farewell_warned_at is None
    assert subscription.subscriber.last_active_at == house.clock.now
