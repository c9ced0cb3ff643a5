"""Any sequence of words, commands and presses: nothing crashes, all is answered, Telegram refuses nothing."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.bot.conftest import House
from tests.content import shipped_catalogue
from tests.thoroughness import chosen
from tipbot.bot.buttons import EVERY_PRESS, VERSION
from tipbot.bot.desk import Desk
from tipbot.bot.profile import private_menu
from tipbot.domain.content import ENGLISH
from tipbot.sandbox import Person
from tipbot.sandbox.calls import Call
from tipbot.usecases.asking import Ask
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.choosing import Choose
from tipbot.usecases.consenting import Reconsent
from tipbot.usecases.finding import Find
from tipbot.usecases.library import Library

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LIBRARY = Library(shipped_catalogue())
LIVES, ACTS = chosen(usually=4, thoroughly=60), chosen(usually=30, thoroughly=45)
# What Telegram says of an edit that changes nothing, and of a press that came too late: both do no harm.
HARMLESS = ("message is not modified", "query is too old")
WORDS = (
    *(
        "7",
        "07:30",
        "25:99",
        "paris",
        "Atlantis",
        "topics",
        "sleep",
        "<b>&",
        "🦴" * 40,
        "x" * 4000,
        "\n",
        "0",
        "-1",
    ),
    *("my chest hurts", "I am 15", "stop", "thanks", "bed", "no", "'; DROP TABLE subscribers; --", "{chat} %s {0}"),
    *("/start@nobody", "/", "//", "/unsubscribe", "/broadcast", "kill myself", "Europe/Paris", "next week"),
)


class Chance:
    """Somebody who does anything at all, the same things again for the same seed."""

    def __init__(self, seed: int, house: House) -> None:
        self.random, self.house = random.Random(seed), house  # noqa: S311 (no secret)
        self.person = house.sandbox.person("Rob<i>in</i> & {name}", language_code="en")
        menu = private_menu(house.desk.texts[ENGLISH])
        self.commands = [f"/{command.command}" for command in menu] + ["/start", "/complaint", "/language"]

    async def acts(self) -> tuple[str, str]:
        """Do something; return what it was, and what answers it at least."""
        does = self.random.choices(
            (self.commands_something, self.says_something, self.presses_something, self.forges, self.sends_things),
            weights=(4, 3, 9, 1, 1),
        )
        return await does[0]()

    async def commands_something(self) -> tuple[str, str]:
        words = self.random.choice(("", "", "", f" {self.random.choice(WORDS)}"))
        text = f"{self.random.choice(self.commands)}{words}"[:4096]
        await self.person.sends(text)
        return text, "message"

    async def says_something(self) -> tuple[str, str]:
        text = self.random.choice(WORDS)
        await self.person.sends(text)
        return text, "message"

    async def presses_something(self) -> tuple[str, str]:
        pressable = [
            (message, button)
            for message in self.person.screen[-4:]
            for row in message.buttons
            for button in row
            if button.data is not None
        ]
        if not pressable:
            return await self.commands_something()
        message, button = self.random.choice(pressable)
        for _ in range(self.random.choice((1, 1, 2))):
            await self.person.presses_data(str(button.data), message)
        return f"[{button.label}]", "toast"

    async def forges(self) -> tuple[str, str]:
        own = [message for message in self.person.screen if message.from_bot]
        if not own:
            return await self.commands_something()
        code = self.random.choice([press.code for press in EVERY_PRESS])
        values = self.random.choices(("tip", "-1", "0", "999999", "zz", "movement", "", "a" * 30, "1"), k=2)
        data = ":".join((VERSION, code, *values[: self.random.randint(0, 2)]))
        await self.person.presses_data(data[:64], own[-1])
        return data, "toast"

    async def sends_things(self) -> tuple[str, str]:
        if self.random.random() < 0.5:
            await self.person.sends_sticker()
        else:
            await self.person.shares_location(self.random.uniform(-90, 90), self.random.uniform(-180, 180))
        return "something without words", "message"


def with_all_the_advice(house: House) -> Desk:
    """Return the desk with the shipped advice instead of the few samples."""
    return replace(
        house.desk,
        library=LIBRARY,
        ask=Ask(house.database, LIBRARY),
        choose=Choose(house.database, LIBRARY),
        reconsent=Reconsent(house.database, LIBRARY),
        find=Find(LIBRARY, house.desk.texts),
        links=BookingLinks(LIBRARY, public_url=None),
    )


def is_answer(kind: str) -> Callable[[Call], bool]:
    methods = {"message": ("sendMessage", "editMessageText", "sendDocument"), "toast": ("answerCallbackQuery",)}
    return lambda call: call.ok and call.method in methods[kind]


@pytest.mark.parametrize("seed", range(LIVES))
async def test_whatever_somebody_does_is_answered(house: House, seed: int) -> None:
    house.restaff(with_all_the_advice(house))
    chance = Chance(seed, house)
    await chance.person.sends("/start")
    await house.answer()
    if seed % 2:
        await chance.person.presses("I'm 18 or over: start")
        await house.answer()
    for _ in range(ACTS):
        before = len(house.sandbox.calls)
        act, answer = await chance.acts()
        await house.answer()
        calls = list(house.sandbox.calls)[before:]
        refused = [call.answer["description"] for call in calls if not call.ok]
        assert not [reason for reason in refused if not any(word in reason for word in HARMLESS)], (act, refused)
        assert any(map(is_answer(answer), calls)), f"no answer to {act!r}"
        assert len(calls) < 12, f"{act!r} brought {len(calls)} calls"
        house.clock.now += timedelta(minutes=chance.random.choice((0, 1, 50, 60 * 24)))
    assert nobody_else_was_written_to(house, chance.person)


def nobody_else_was_written_to(house: House, person: Person) -> bool:
    return {call.chat_id for call in house.sandbox.calls} <= {person.chat_id, None}
