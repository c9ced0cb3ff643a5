"""What operators change while the bot runs: content read anew, items retired, reviews listed."""

import gc
import shutil
import weakref
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bot import samples
from tests.bot.conftest import OPERATOR, House
from tests.catalogue.changes import change
from tests.content import shipped_catalogue, shipped_texts
from tipbot.bot.desk import Desk
from tipbot.bot.handlers import OPERATOR_COMMANDS
from tipbot.bot.menus import OperatorMenus
from tipbot.domain.alarms import Alarm, ContentBroken
from tipbot.domain.content import ENGLISH, ItemId
from tipbot.domain.operators import Operator, Role
from tipbot.sandbox.people import Person
from tipbot.shipped import shipped
from tipbot.usecases.booking import BookingLinks
from tipbot.usecases.finding import Find
from tipbot.usecases.library import Library
from tipbot.usecases.reloading import Reload
from tipbot.usecases.retiring import Retire

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TIPS, TITLE = "en/tips/sleep.toml", 'title = "Pick a bedtime and keep it"'
VIEWER = 7001


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped content, to be changed."""
    return Path(shutil.copytree(shipped("content"), tmp_path / "content"))


@pytest.fixture
async def olive(house: House, folder: Path) -> Person:
    """An owner, at a clinic that edits its own content folder."""
    house.desk = _with_shipped_content(house, folder)
    house.restaff(house.desk)
    return house.sandbox.person("Olive", chat_id=OPERATOR, started=True)


def _with_shipped_content(house: House, folder: Path | None) -> Desk:
    library = Library(shipped_catalogue(), shipped_texts())
    return replace(
        house.desk,
        library=library,
        texts=library.texts,
        menus=OperatorMenus(library.texts, OPERATOR_COMMANDS),
        find=Find(library, library.texts),
        links=BookingLinks(library, public_url=None),
        reload=Reload(house.database, library, folder, read_at=house.clock()),
        retire=Retire(house.database, library),
    )


async def say(house: House, person: Person, *words: str) -> str:
    """Let somebody say things, one after the other, and return the last answer."""
    for one in words:
        house.clock.now += timedelta(seconds=1)
        await person.sends(one)
        await house.answer()
    return person.last.text


async def press(house: House, person: Person, *labels: str) -> str:
    for label in labels:
        await person.presses(label)
        await house.answer()
    return person.last.text


def the_tip(house: House) -> str:
    item = house.desk.library.item(ENGLISH, ItemId("steady-bedtime"))
    return "" if item is None else getattr(item, "title", "")


@SQLITE
async def test_a_good_folder_takes_the_place_of_the_old_everywhere(
    house: House, olive: Person, folder: Path
) -> None:
    assert "nothing is new" in await say(house, olive, "/reload")
    change(folder, TIPS, TITLE, 'title = "The heffalump hour"')
    change(folder, "en/texts.toml", 'command_tip = "', 'command_tip = "Heffalump: ')
    change(folder, "clinic.toml", 'name = "', 'name = "Heffalump ')
    said = await say(house, olive, "/reload")
    assert "Tips: 1 changed" in said
    assert "words changed" in said
    assert "details changed" in said
    assert "/reviews" in said, "what wants looking at is said on this occasion"
    tip = next(entry for entry in olive.menu if entry["command"] == "tip")
    assert tip["description"].startswith("Heffalump"), "Telegram's menu follows, that of operators too"
    assert house.desk.links.clinic.name.startswith("Heffalump"), "booking buttons follow"
    assert the_tip(house) == "The heffalump hour"
    found = await house.desk.find.best(ENGLISH, "heffalump", most=1)
    assert [one.id for one in found] == ["steady-bedtime"]
    async with house.database.reading() as books:
        assert [deed.action for deed in await books.audit.latest(2)] == ["content-reloaded", "content-reloaded"]


@SQLITE
async def test_a_broken_folder_changes_nothing_and_is_told_fault_by_fault(
    house: House, olive: Person, folder: Path
) -> None:
    change(folder, TIPS, TITLE, 'title = "A title of far too many letters for any telephone"')
    change(folder, "en/texts.toml", 'button_back = "', 'button_bakc = "')
    before = house.desk.library.edition
    said = await say(house, olive, "/reload")
    assert "Not taken in: 3 faults" in said
    assert f"{TIPS}, tips[steady-bedtime].title:" in said
    assert "en/texts.toml, button_bakc:" in said
    assert house.desk.library.edition is before
    async with house.database.reading() as books:
        assert [deed.action for deed in await books.audit.latest(1)] == ["content-refused"]


@SQLITE
async def test_more_faults_than_a_message_holds_come_as_a_file(house: House, olive: Person, folder: Path) -> None:
    texts = folder / "en" / "texts.toml"
    texts.write_text('welcome = "Hello"\n', encoding="utf-8")
    said = await say(house, olive, "/reload")
    listed, file = olive.screen[-2].text, olive.last
    assert len([line for line in listed.splitlines() if line.startswith("•")]) == 20
    assert "more, in the file below" in listed
    assert file.text == said != listed


@SQLITE
async def test_shipped_content_is_not_reloaded_and_only_operators_may(house: House) -> None:
    olive = house.sandbox.person("Olive", chat_id=OPERATOR, started=True)
    victor, anna = house.sandbox.person("Victor", chat_id=VIEWER), house.sandbox.person("Anna")
    async with house.database.writing() as books:
        await books.staff.save(Operator(VIEWER, Role.VIEWER, house.clock()))
    assert "TIPBOT_CONTENT_DIR" in await say(house, olive, "/reload")
    assert await say(house, victor, "/reload") == house.desk.texts[ENGLISH].not_allowed
    unknown = await say(house, anna, "/nonsense")
    assert await say(house, anna, "/reload") == await say(house, anna, "/retire") == unknown


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # only there are other processes
async def test_other_processes_read_their_own_folder_when_one_reloads(
    house: House, olive: Person, folder: Path, tmp_path: Path
) -> None:
    theirs = Path(shutil.copytree(folder, tmp_path / "theirs"))
    there = Library(shipped_catalogue(), shipped_texts())
    late = house.clock() + timedelta(hours=1)  # a process that started after all of this
    follower = Reload(house.database, there, theirs, read_at=house.clock(), machine="attic")
    newcomer = Reload(house.database, there, tmp_path / "nowhere", read_at=late)
    rung: list[Alarm] = []
    await follower.notice(rung.append, now=house.clock())
    change(folder, TIPS, TITLE, 'title = "The heffalump hour"')
    change(theirs, TIPS, TITLE, 'title = ""')
    await say(house, olive, "/reload")
    old = there.edition
    for _ in range(2):
        await follower.notice(rung.append, now=house.clock())
    assert there.edition is old, "what is broken there is not taken in"
    assert [(one.machine, one.faults) for one in rung if isinstance(one, ContentBroken)] == [("attic", 1)]
    await newcomer.notice(rung.append, now=house.clock())
    assert len(rung) == 1, "what it read at its start was newer"

    change(theirs, TIPS, 'title = ""', 'title = "The heffalump hour"')
    await say(house, olive, "/reload")
    await follower.notice(rung.append, now=house.clock())
    item = there.item(ENGLISH, ItemId("steady-bedtime"))
    assert item == house.desk.library.item(ENGLISH, ItemId("steady-bedtime"))
    assert len(rung) == 1


@SQLITE
async def test_old_content_is_let_go_of(house: House, olive: Person) -> None:
    library, find = house.desk.library, house.desk.find
    library.take_in(samples.catalogue())
    seen = []
    for _ in range(5):
        seen.append(weakref.ref(library.edition))
        library.take_in(samples.catalogue(), shipped_texts())
        await find.best(ENGLISH, "shift", most=1)
        await say(house, olive, "/retire shift")
    gc.collect()
    assert [one() for one in seen] == [None] * 5


@SQLITE
async def test_an_item_is_retired_and_brought_back(house: House, olive: Person) -> None:
    asked = await say(house, olive, "/retire")
    assert "Type its id" in asked
    assert "nothing fits" in await say(house, olive, "qqqqq")
    await say(house, olive, "steady bedtim")
    await press(house, olive, the_tip(house))
    assert "Retire this one?" in olive.last.text
    said = await press(house, olive, "Yes, retire it")
    assert said.startswith("Retired: ")
    assert the_tip(house) == ""
    found = await house.desk.find.best(ENGLISH, "steady bedtime", most=3)
    assert "steady-bedtime" not in [one.id for one in found]
    again = await say(house, olive, "/retire steady-bedtime")
    assert "This one is retired" in again
    await say(house, olive, "/retire")
    assert "Pick a bedtime and keep it, 22/11/2026" in await press(house, olive, "1 retired")
    assert "Nothing is retired" in await press(house, olive, "Bring back: Pick a bedtime and keep it")
    assert olive.toasts[-1].text == "“Pick a bedtime and keep it” comes again."
    assert the_tip(house)
    async with house.database.reading() as books:
        deeds = await books.audit.latest(2)
    assert [(deed.action, deed.subject) for deed in deeds] == [
        ("item-brought-back", "steady-bedtime"),
        ("item-retired", "steady-bedtime"),
    ]


@SQLITE
async def test_nothing_is_retired_that_leaves_too_little(house: House, olive: Person) -> None:
    house.desk.library.take_in(samples.catalogue())
    await say(house, olive, "/retire tip-1")
    assert "Only 2 tips would be left" in await press(house, olive, "Yes, retire it")
    await say(house, olive, "/retire stretch-1")
    assert "Only 1 stretches would be left" in await press(house, olive, "Yes, retire it")
    assert house.desk.library.edition.retired == frozenset()
    await say(house, olive, "/retire")
    assert "Nothing was changed" in await press(house, olive, "Leave it")


@SQLITE
async def test_reviews_are_listed_and_all_of_them_come_as_a_file(house: House, olive: Person) -> None:
    said = await say(house, olive, "/reviews")
    assert "No clinician has seen yet: " in said
    assert "more" in said.splitlines()[-3]
    await press(house, olive, "All of it as a file")
    assert olive.last.text == house.desk.texts[ENGLISH].reviews_file
    house.desk.library.take_in(samples.catalogue())
    assert "up to date" in await say(house, olive, "/reviews")
