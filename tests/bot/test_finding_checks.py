"""Self-checks are found by words like any other advice, unless they are switched off."""

from dataclasses import replace

import pytest

from tests.bot.conftest import House
from tests.content import shipped_catalogue
from tipbot.domain.check import SelfTests
from tipbot.usecases.finding import Find
from tipbot.usecases.library import Library

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NAME = "Leg-lift comfort check"


async def looks_for_the_check(house: House, selftests: SelfTests) -> list[str]:
    library = Library(shipped_catalogue())
    desk = replace(house.desk, library=library, find=Find(library, house.desk.texts), selftests=selftests)
    house.restaff(desk)
    anna = house.sandbox.person("Anna", language_code="en")
    for words in ("/start", "leg lift comfort check"):
        await anna.sends(words)
        await house.answer()
        if words == "/start":
            await anna.presses("I'm 18 or over: start")
            await house.answer()
    labels = [label for row in anna.last.labels for label in row]
    if NAME in labels:
        await anna.presses(NAME)
        await house.answer()
        assert "I agree" in [label for row in anna.last.labels for label in row], "consent comes first"
    return labels


async def test_a_check_is_offered_and_begins_with_consent(house: House) -> None:
    assert NAME in await looks_for_the_check(house, SelfTests.INTERACTIVE)


async def test_a_check_that_is_off_is_not_offered(house: House) -> None:
    assert NAME not in await looks_for_the_check(house, SelfTests.OFF)
