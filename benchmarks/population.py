"""Databases with very many subscribers, written by SQL within seconds, as they look in the middle of their lives.

10,000 tips fall due in each of the first minutes after BASE; everything else is spread over the day. One in five
people said yes to offers, one in 25 left an item out, and to one in a hundred a note about silence is due.
"""

import asyncio
import sqlite3
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg

from tipbot.storage.database import Database
from tipbot.storage.migrations import upgrade

BASE = datetime(2027, 2, 2, 12, 30, tzinfo=UTC)  # a Tuesday on which nothing is due while the benchmark runs
DUE_AT_ONCE = 10_000
COHORTS = 5
# Where people live, one entry for each twentieth of them.
ZONES = (
    *["Europe/London"] * 7, "Europe/Dublin", "Europe/Paris", "Europe/Berlin", "Europe/Madrid", "Europe/Warsaw",
    "America/New_York", "America/Chicago", "America/Los_Angeles", "Asia/Kolkata", "Asia/Tokyo",
    "Australia/Sydney", "Africa/Lagos", "Asia/Kathmandu",
)  # fmt: skip


def minute(cohort: int) -> datetime:
    """Return the minute in which the tips of a cohort fall due (UTC)."""
    return BASE + timedelta(minutes=cohort)


def _offsets() -> list[tuple[int, str, int]]:
    offsets = [ZoneInfo(zone).utcoffset(BASE.replace(tzinfo=None)) for zone in ZONES]
    return [
        (n, zone, int((o or timedelta(0)).total_seconds()))
        for n, (zone, o) in enumerate(zip(ZONES, offsets, strict=True))
    ]


# The same for both engines, but for how moments and times are written.
_PEOPLE = """INSERT INTO subscribers (chat_id, chat_kind, language, zone, status, joined_at, last_active_at,
    status_since, wants_articles, how_often_asked_at)
    SELECT i + 1, 'private', 'en', zone, 'active', {joined}, CASE WHEN i % 97 = 0 THEN {silent} ELSE {active} END,
    {joined}, {true}, {asked} FROM people"""
_SLOTS = """INSERT INTO slots (chat_id, kind, wall_time, weekdays, is_on, next_at, served_on, deck_cycle, deck_key)
    SELECT i + 1, '{kind}', {wall_time}, {weekdays}, {true}, {next_at}, {yesterday}, 0,
    (i * 2654435761) % 4294967296 * 2147483648 FROM (SELECT i, seconds, {minutes} AS minutes FROM people) AS due"""
_TIP = f"CASE WHEN i % {{groups}} < {COHORTS} THEN i % {{groups}} ELSE 60 + (i * 7919) % 1380 END"
_STRETCH = "90 + (i * 104729) % 1350"
_CONSENTS = """INSERT INTO consents (chat_id, topic, version, granted, at)
    SELECT i + 1, 'marketing', '1', {true}, {joined} FROM people WHERE (i / 7) % 5 = 0"""
_EXCLUSIONS = """INSERT INTO exclusions (chat_id, item, added_at)
    SELECT i + 1, 'left-out', {joined} FROM people WHERE (i / 11) % 25 = 0"""


def _statements(number: int, words: dict[str, str]) -> list[str]:
    groups = str(number // DUE_AT_ONCE)
    tip = _SLOTS.format(**words, kind="tip", weekdays=127, minutes=_TIP.format(groups=groups))
    stretch = _SLOTS.format(**words, kind="stretch", weekdays=31, minutes=_STRETCH)
    return [_PEOPLE.format(**words), tip, stretch, _CONSENTS.format(**words), _EXCLUSIONS.format(**words)]


def _moments() -> dict[str, datetime]:
    days = {"joined": 100, "silent": 15, "active": 1, "asked": 60, "yesterday": 1}
    return {name: BASE - timedelta(days=ago) for name, ago in days.items()}


async def migrated(url: str) -> None:
    """Make the tables."""
    database = Database(url)
    await upgrade(database)
    await database.close()


def fill_sqlite(path: str, number: int) -> None:
    """Write so many subscribers into a migrated file."""
    base = f"'{BASE:%Y-%m-%d %H:%M:%S}'"
    words = {name: f"'{moment:%Y-%m-%d %H:%M:%S}.000000'" for name, moment in _moments().items()} | {
        "true": "1",
        "yesterday": f"'{BASE - timedelta(days=1):%Y-%m-%d}'",
        "next_at": f"strftime('%Y-%m-%d %H:%M:%S.000000', {base}, minutes || ' minutes')",
        "wall_time": f"strftime('%H:%M:%S.000000', {base}, minutes || ' minutes', seconds || ' seconds')",
    }
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("CREATE TEMP TABLE people (i INTEGER PRIMARY KEY, zone TEXT, seconds INTEGER)")
        connection.execute("CREATE TEMP TABLE zones (n INTEGER PRIMARY KEY, zone TEXT, seconds INTEGER)")
        connection.executemany("INSERT INTO zones VALUES (?, ?, ?)", _offsets())
        connection.execute(
            """INSERT INTO people WITH RECURSIVE numbers(i) AS
                (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i + 1 < ?)
                SELECT i, zone, seconds FROM numbers JOIN zones ON n = (i / 100) % 20""",
            (number,),
        )
        (index,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'ix_slots_due'").fetchone()
        connection.execute("DROP INDEX ix_slots_due")
        for statement in _statements(number, words):
            connection.execute(statement)
        connection.execute(index)
        connection.commit()
    connection.close()


async def fill_postgres(url: str, number: int) -> None:
    """Write so many subscribers into a migrated database."""
    base = f"'{BASE:%Y-%m-%d %H:%M:%S}+00'::timestamptz"
    due = f"{base} + minutes * interval '1 minute'"
    words = {name: f"'{moment:%Y-%m-%d %H:%M:%S}+00'::timestamptz" for name, moment in _moments().items()} | {
        "true": "true",
        "yesterday": f"'{BASE - timedelta(days=1):%Y-%m-%d}'::date",
        "next_at": due,
        "wall_time": f"(({due}) AT TIME ZONE 'UTC' + seconds * interval '1 second')::time",
    }
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TEMP TABLE zones (n bigint, zone text, seconds bigint)")
    await connection.copy_records_to_table("zones", records=_offsets())
    await connection.execute(
        f"""CREATE TEMP TABLE people AS SELECT i, zone, seconds
            FROM generate_series(0::bigint, {number - 1}) AS i JOIN zones ON n = (i / 100) % 20"""  # noqa: S608
    )
    keys = await connection.fetch(_FOREIGN_KEYS)
    for key in keys:
        await connection.execute(f"ALTER TABLE {key['child']} DROP CONSTRAINT {key['name']}")
    index = await connection.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_slots_due'")
    await connection.execute("DROP INDEX ix_slots_due")
    for statement in _statements(number, words):
        await connection.execute(statement)
    await connection.execute(index)
    for key in keys:
        await connection.execute(f"ALTER TABLE {key['child']} ADD CONSTRAINT {key['name']} {key['definition']}")
    await connection.execute("ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


# Checked once for all rows at the end, which takes a fraction of the time.
_FOREIGN_KEYS = """SELECT conname AS name, conrelid::regclass::text AS child,
    pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE contype = 'f'
    AND confrelid = 'subscribers'::regclass"""


def populate(url: str, number: int) -> None:
    """Make a database of so many subscribers; SQLite's file must not be there yet."""
    asyncio.run(migrated(url))
    if url.startswith("sqlite:///"):
        fill_sqlite(url.removeprefix("sqlite:///"), number)
    else:
        asyncio.run(fill_postgres(url, number))
