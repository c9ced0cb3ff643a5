"""Presses on booking links: counted in total, written together, kept while the database is away."""

import asyncio
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from tests.content import shipped_catalogue
from tests.postgres import PostgresServer
from tests.usecases.people import MONDAY_NOON
from tipbot.domain.content import Origin, TherapistId
from tipbot.storage.database import Database
from tipbot.storage.presses import LinkPress
from tipbot.usecases.booking import BookingLinks, CountPresses
from tipbot.usecases.library import Library

MONDAY = date(2026, 11, 23)
CAMPAIGN = "?utm_source=telegram&utm_medium=bot&utm_campaign="


async def counted(database: Database) -> dict[LinkPress, int]:
    async with database.reading() as books:
        return await books.link_presses.all()


async def test_presses_are_added_up_by_day_origin_and_target(database: Database) -> None:
    one, other = CountPresses(database), CountPresses(database)
    for _ in range(1_000):
        one.note("clinic", Origin.TIP, now=MONDAY_NOON)
    one.note("asad", Origin.MENU, now=MONDAY_NOON)
    other.note("clinic", Origin.TIP, now=MONDAY_NOON)
    other.note("clinic", Origin.TIP, now=MONDAY_NOON + timedelta(hours=12))
    assert [await one.write(), await other.write(), await one.write()] == [1_001, 2, 0]
    assert await counted(database) == {
        LinkPress(MONDAY, Origin.TIP, "clinic"): 1_001,
        LinkPress(MONDAY, Origin.MENU, "asad"): 1,
        LinkPress(MONDAY + timedelta(days=1), Origin.TIP, "clinic"): 1,
    }


async def test_what_is_pressed_while_the_database_is_away_is_written_later(
    own_postgres: tuple[PostgresServer, str],
) -> None:
    server, url = own_postgres
    database = Database(url)
    presses = CountPresses(database)
    async with database.engine.connect() as connection:
        # The server of the tests may forget its last moment when it is stopped.
        await connection.execute(text("CHECKPOINT"))
    await asyncio.to_thread(server.stop)
    for _ in range(2):
        presses.note("clinic", Origin.TIP, now=MONDAY_NOON)
        assert await presses.write() == 0
    await asyncio.to_thread(server.start)
    assert await presses.write() == 2
    assert await counted(database) == {LinkPress(MONDAY, Origin.TIP, "clinic"): 2}
    await database.close()


@pytest.mark.parametrize(
    ("public_url", "clinic", "asad"),
    [
        (None, f"https://example.org/book{CAMPAIGN}check", f"https://example.org/book/asad{CAMPAIGN}check"),
        ("https://tips.example.org/x", "https://tips.example.org/x/go/clinic/check", None),
    ],
)
def test_buttons_lead_to_the_clinic_straight_or_by_way_of_the_public_address(
    public_url: str | None, clinic: str, asad: str | None
) -> None:
    links = BookingLinks(Library(shipped_catalogue()), public_url=public_url)
    assert links.shown(Origin.CHECK) == clinic
    by_therapist = links.shown(Origin.CHECK, TherapistId("asad"))
    assert by_therapist == asad or by_therapist == clinic.replace("/clinic/", "/asad/")


def test_only_the_clinics_own_targets_lead_somewhere() -> None:
    links = BookingLinks(Library(shipped_catalogue()), public_url="https://tips.example.org")
    assert links.destination("lore", Origin.MENU) == f"https://example.org/book/lore{CAMPAIGN}menu"
    assert [links.destination(target, Origin.MENU) for target in ("", "nobody", "Clinic", "https://x")] == [
        None
    ] * 4
