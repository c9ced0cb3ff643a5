"""The whole bot in a second language: every conversation goes as in English, and no English is left in it."""

import re
from pathlib import Path

import pytest

from tests.bot.conftest import House
from tests.bot.disguise import DISGUISED, disguised, left_in_english, undisguised
from tests.bot.test_transcripts import OF_ONE_LANGUAGE, TRANSCRIPTS
from tests.bot.transcript import INDENT, Play
from tipbot.bot.profile import publish_profile
from tipbot.domain.content import ENGLISH
from tipbot.sandbox.groups import Group
from tipbot.sandbox.people import Person
from tipbot.sandbox.screen import Shown

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TOLD = [path for path in TRANSCRIPTS if path.stem not in OF_ONE_LANGUAGE]
# Each language is called what its own speakers call it, wherever one is chosen.
_LANGUAGES = f"{INDENT}[English] [{disguised('English')}]"
_LEFT_ALONE = (_LANGUAGES, "below> gone")
# What somebody of the clinic writes goes out as it was written.
_TYPED, _WORDS = re.compile("(olive|otto|feed)( photo| album| voice)?> "), re.compile("[A-Za-z]+")
_ACTS_OF_THE_BOT = ("bot", "offer>", "shared", "toast>", "below>", INDENT)


class Reader(Person):
    """Somebody who reads only the other language, and presses what means the English label."""

    async def presses(self, label: str, *, to: Group | None = None) -> None:
        await super().presses(self.shown(label, to), to=to)

    async def chooses(self, title: str, *, to: Group | None = None) -> Shown:
        titles = (offer.title for offer in self.offers)
        return await super().chooses(next((one for one in titles if undisguised(one) == title), title), to=to)

    def shown(self, label: str, to: Group | None = None) -> str:
        rows = [row for message in reversed(self.sees(to)) for row in message.labels]
        labels = (one for row in (*rows, *self.keyboard) for one in row)
        return next((one for one in labels if undisguised(one) == label), label)


class ForeignPlay(Play):
    """A transcript, played by people whose Telegram speaks the other language; they still type English."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        for name, person in vars(self).copy().items():
            if isinstance(person, Person):
                object.__setattr__(person.user, "language_code", DISGUISED)  # as they might in their Telegram
                setattr(self, name, Reader(person._telegram, person.user, person.chat))

    async def _press_deleted(self, words: str) -> None:
        assert isinstance(self.anna, Reader)
        await super()._press_deleted(self.anna.shown(words))


@pytest.mark.parametrize("path", TOLD, ids=lambda path: path.stem)
async def test_a_conversation_goes_the_same_way_and_holds_no_english(path: Path, bilingual: House) -> None:
    written = path.read_text(encoding="utf-8")
    happened = await ForeignPlay(bilingual).run(written)
    catalogue = bilingual.desk.library.catalogue
    typed = {word for line in written.splitlines() if _TYPED.match(line) for word in _WORDS.findall(line)}
    # The button of an article is in the language of the article.
    typed |= set(_WORDS.findall(bilingual.desk.texts[ENGLISH].button_read_article))
    said = [line for line in happened.splitlines() if line.startswith(_ACTS_OF_THE_BOT) and line not in _LEFT_ALONE]
    found = [
        (line, set(left_in_english(_without_act(line), catalogue)) - typed - _cut(line, typed)) for line in said
    ]
    assert [(line, words) for line, words in found if words] == []
    own_row = f"{INDENT}[{bilingual.desk.texts[ENGLISH].button_language}]\n"
    assert undisguised(happened).replace(own_row, "").replace(f"{undisguised(_LANGUAGES)}\n", "") == written


def _cut(line: str, typed: set[str]) -> set[str]:
    """Return the beginnings of typed words at which something too long for a button ends."""
    ends = (match[1] for match in re.finditer("([A-Za-z]+)…", line))
    return {end for end in ends if any(word.startswith(end) for word in typed)}


def _without_act(line: str) -> str:
    return line if line.startswith(INDENT) else line.partition(">")[2]


async def test_menus_and_descriptions_hold_no_english(bilingual: House) -> None:
    await publish_profile(bilingual.bot, bilingual.desk.texts)
    anna = bilingual.sandbox.person("Anna", language_code=DISGUISED)
    profile = bilingual.sandbox.telegram.profile
    shown = [command["description"] for command in anna.menu]
    shown += [command["description"] for command in profile.menu(-5, anna.chat_id, DISGUISED, administrator=True)]
    shown += [profile.text("description", DISGUISED), profile.text("short_description", DISGUISED)]
    assert len(shown) > 15
    assert [words for one in shown if (words := left_in_english(one, bilingual.desk.library.catalogue))] == []


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        ("Tip: 09:00", ["Tip"]),
        (disguised("Next {kind}: today").format(kind="tip"), ["tip"]),
        (disguised("Times are for <b>{place}</b> /help").format(place="Buenos Aires"), []),
        (disguised("A&amp;B, {clinic}").format(clinic="Harbour &lt;Street&gt; Clinic"), []),
        ("Stop", ["Stop"]),
    ],
)
async def test_english_that_was_left_is_found(bilingual: House, shown: str, found: list[str]) -> None:
    assert left_in_english(shown, bilingual.desk.library.catalogue) == found
