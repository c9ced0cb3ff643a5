"""Which zone a place is in: by point, by name, by clock and by language."""

from datetime import UTC, datetime, time
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipbot import places
from tipbot.places import Place, best_place, find_places, is_zone, zone_at, zone_for_language, zones_now_at

WINTER_NOON = datetime(2026, 1, 20, 12, 0, tzinfo=UTC)
SUMMER_NOON = datetime(2026, 7, 20, 12, 0, tzinfo=UTC)

CLEAR = {
    "europe/paris": "Europe/Paris",
    "Europe/Paris": "Europe/Paris",
    "EUROPE PARIS": "Europe/Paris",
    "america/new york": "America/New_York",
    "America/New_York": "America/New_York",
    "america_new_york": "America/New_York",
    "argentina/buenos aires": "America/Argentina/Buenos_Aires",
    "Indiana/Knox": "America/Indiana/Knox",
    "Antarctica/Troll": "Antarctica/Troll",
    "Etc/GMT+5": "Etc/GMT+5",
    "jujuy": "America/Argentina/Jujuy",
    "utc": "UTC",
    "GMT": "GMT",
    "CET": "CET",
    "paris": "Europe/Paris",
    "  Paris \n": "Europe/Paris",
    "new york": "America/New_York",
    "NYC": "America/New_York",
    "london": "Europe/London",
    "Manchester": "Europe/London",
    "Birmingham": "Europe/London",
    "Dublin": "Europe/Dublin",
    "Munich": "Europe/Berlin",
    "München": "Europe/Berlin",
    "Muenchen": "Europe/Berlin",
    "munchen": "Europe/Berlin",
    "Cologne": "Europe/Berlin",
    "Wien": "Europe/Vienna",
    "Roma": "Europe/Rome",
    "Mumbai": "Asia/Kolkata",
    "Bombay": "Asia/Kolkata",
    "Kyiv": "Europe/Kyiv",
    "Kiev": "Europe/Kyiv",
    "São Paulo": "America/Sao_Paulo",
    "sao paulo": "America/Sao_Paulo",
    "Łódź": "Europe/Warsaw",
    "Diyarbak\N{LATIN SMALL LETTER DOTLESS I}r": "Europe/Istanbul",
    "St. Petersburg": "Europe/Moscow",
    "The Hague": "Europe/Amsterdam",
    "xi'an": "Asia/Shanghai",
    "Xi\N{RIGHT SINGLE QUOTATION MARK}an": "Asia/Shanghai",
    "Vaduz": "Europe/Vaduz",
    "Funafuti": "Pacific/Funafuti",
    "France": "Europe/Paris",
    "Deutschland": "Europe/Berlin",
    "UK": "Europe/London",
    "scotland": "Europe/London",
    "Japan": "Asia/Tokyo",
    "Hawaii": "Pacific/Honolulu",
    "Paris, France": "Europe/Paris",
    "Paris, Texas": "America/Chicago",
    "paris tx": "America/Chicago",
    "Birmingham, USA": "America/Chicago",
    "London Ontario": "America/Toronto",
    "Cambridge England": "Europe/London",
    "paris \N{CROISSANT}": "Europe/Paris",
}

NOWHERE = [
    "",
    "   ",
    "Atlantis",
    "x" * 1000,
    "paris" + " " * 60 + "france",
    "\N{CROISSANT}",
    "\N{REGIONAL INDICATOR SYMBOL LETTER F}\N{REGIONAL INDICATOR SYMBOL LETTER R}",
    "par\x00is",
    "par\nis",
    "\x1b[31m",
    "'; drop table",
    "localtime",
    "Factory",
    "GMT+1",
    "utc-5",
    "etc/gmt+5",
    "07:30",
    "7",
    "yes",
    "../../etc/passwd",
]


@pytest.mark.parametrize(("typed", "zone"), CLEAR.items())
def test_a_clear_name_gives_its_zone(typed: str, zone: str) -> None:
    best = best_place(typed)
    assert best is not None
    assert best.zone == zone
    assert find_places(typed)[0] == best


@pytest.mark.parametrize("typed", NOWHERE)
def test_what_is_no_place_gives_nothing(typed: str) -> None:
    assert find_places(typed) == ()
    assert best_place(typed) is None


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("londn", "Europe/London"),
        ("Londno", "Europe/London"),
        ("pariss", "Europe/Paris"),
        ("Barcelnoa", "Europe/Madrid"),
        ("Copenhaguen", "Europe/Copenhagen"),
        ("Kopnehaegen", "Europe/Copenhagen"),
        ("germny", "Europe/Berlin"),
        ("europ/kirov", "Europe/Kirov"),
    ],
)
def test_a_typing_error_is_a_guess_to_confirm(typed: str, zone: str) -> None:
    assert find_places(typed)[0].zone == zone
    assert best_place(typed) is None


@pytest.mark.parametrize("typed", ["yor", "lxndxn", "pxrxs", "cxpxnhxgen"])
def test_a_word_with_too_many_errors_for_its_length_is_no_guess(typed: str) -> None:
    assert find_places(typed) == ()


def test_the_bigger_namesake_comes_first_and_both_are_offered() -> None:
    assert find_places("paris") == (
        Place("Paris", "France", "Europe/Paris"),
        Place("Paris", "United States", "America/Chicago"),
    )


@pytest.mark.parametrize("typed", ["Valencia", "San José", "Cambridge", "Springfield", "Newcastle", "Georgia"])
def test_namesakes_of_like_size_are_a_choice(typed: str) -> None:
    assert len({place.zone for place in find_places(typed)}) > 1
    assert best_place(typed) is None


def test_a_country_with_several_clocks_offers_its_biggest_cities() -> None:
    assert [place.name for place in find_places("Spain")] == ["Madrid", "Las Palmas de Gran Canaria"]
    assert [place.name for place in find_places("usa")] == ["New York City", "Los Angeles", "Chicago"]
    assert len(find_places("usa", limit=5)) == 5
    assert best_place("usa") is None


def test_cities_of_one_country_with_one_clock_are_offered_once() -> None:
    assert [place.zone for place in find_places("Kazakhstan")] == ["Asia/Almaty"]


def test_namesakes_in_two_countries_are_both_offered_though_their_clocks_agree() -> None:
    assert {"Canada", "United States"} <= {place.country for place in find_places("Cambridge")}


def test_a_zone_without_a_city_has_no_country() -> None:
    assert best_place("antarctica/troll") == Place("Troll", "", "Antarctica/Troll")
    assert best_place("utc") == Place("UTC", "", "UTC")


@given(st.text(max_size=70))
def test_whatever_is_typed_gives_zones_that_exist(typed: str) -> None:
    assert all(is_zone(place.zone) for place in find_places(typed))


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (51.5, -0.12, "Europe/London"),
        (48.85, 2.35, "Europe/Paris"),
        (27.7, 85.3, "Asia/Kathmandu"),
        (-33.9, 151.2, "Australia/Sydney"),
        (33.66, -95.55, "America/Chicago"),
    ],
)
def test_a_point_has_a_zone(latitude: float, longitude: float, zone: str) -> None:
    assert zone_at(latitude, longitude) == zone


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(90.1, 0.0), (-91.0, 0.0), (0.0, 180.5), (0.0, -999.0), (float("nan"), 0.0), (0.0, float("inf"))],
)
def test_a_point_off_the_globe_has_none(latitude: float, longitude: float) -> None:
    assert zone_at(latitude, longitude) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_of_the_globe_has_a_zone_that_exists(latitude: float, longitude: float) -> None:
    zone = zone_at(latitude, longitude)
    assert zone is not None
    assert ZoneInfo(zone).key == zone


@pytest.mark.parametrize(
    ("wall", "now", "expected"),
    [
        (time(12, 0), WINTER_NOON, {"London"}),
        (time(13, 0), SUMMER_NOON, {"London", "Kinshasa"}),
        (time(13, 5), WINTER_NOON, {"Berlin"}),
        (time(7, 0), WINTER_NOON, {"New York City", "Lima"}),
        (time(17, 30), WINTER_NOON, {"Mumbai"}),
        (time(17, 45), WINTER_NOON, {"Kathmandu"}),
        (time(2, 0), WINTER_NOON, {"Honolulu"}),
        (time(1, 0), WINTER_NOON, {"Auckland", "Pago Pago"}),
        (time(23, 55), datetime(2026, 1, 20, 0, 2, tzinfo=UTC), {"London"}),
    ],
)
def test_a_clock_tells_where_it_stands(wall: time, now: datetime, expected: set[str]) -> None:
    assert expected <= {place.name for place in zones_now_at(wall, now)}


def test_a_clock_half_an_hour_off_stands_nowhere() -> None:
    assert zones_now_at(time(12, 20), WINTER_NOON) == ()
    assert len(zones_now_at(time(12, 10), WINTER_NOON)) == len(zones_now_at(time(12, 0), WINTER_NOON))
    assert zones_now_at(time(12, 11), WINTER_NOON) == ()


def test_each_clock_is_offered_once_and_all_show_that_time() -> None:
    offered = zones_now_at(time(7, 0), WINTER_NOON)
    assert len({place.zone for place in offered}) == len(offered) <= 4
    assert all(WINTER_NOON.astimezone(ZoneInfo(place.zone)).hour == 7 for place in offered)


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        (None, None),
        ("", None),
        ("en", None),
        ("en-GB", "Europe/London"),
        ("EN-ie", "Europe/Dublin"),
        ("en-US", "America/New_York"),
        ("de", "Europe/Berlin"),
        ("de-AT", "Europe/Vienna"),
        ("de-formal", "Europe/Berlin"),
        ("fr", "Europe/Paris"),
        ("pt", "Europe/Lisbon"),
        ("pt-br", "America/Sao_Paulo"),
        ("pt_BR", "America/Sao_Paulo"),
        ("es", "Europe/Madrid"),
        ("es-419", None),
        ("uk", "Europe/Kyiv"),
        ("zh-hans", "Asia/Shanghai"),
        ("zh-Hant-TW", "Asia/Taipei"),
        ("en-XX", None),
        ("tlh", None),
        ("\N{CROISSANT}", None),
    ],
)
def test_a_language_may_propose_a_zone(code: str | None, zone: str | None) -> None:
    assert zone_for_language(code) == zone


def test_a_zone_is_known_only_as_it_is_written() -> None:
    assert is_zone("Europe/London")
    assert is_zone("UTC")
    assert not is_zone("europe/london")
    assert not is_zone("Mars/Olympus")
    assert not is_zone("localtime")
    assert not is_zone("")


def test_the_city_table_is_credited_small_and_in_order() -> None:
    raw = files("tipbot").joinpath("places.tsv").read_bytes()
    assert len(raw) < 700_000
    credit, _head, *rows = raw.decode().splitlines()
    assert "GeoNames" in credit
    assert "CC BY 4.0" in credit
    cells = [row.split("\t") for row in rows]
    thousands = [int(people) for _, _, _, people, _ in cells]
    assert thousands == sorted(thousands, reverse=True)
    assert {zone for _, _, zone, _, _ in cells} <= {zone for zone in places._zone_names() if "/" in zone}
    assert all(spelling == places.fold(spelling) for row in cells for spelling in row[4].split("|"))


def test_every_city_lies_in_a_country_of_the_country_table() -> None:
    atlas = places._atlas()
    assert {city.code for city in atlas.cities} <= atlas.country_names.keys()
    assert set(atlas.languages.values()) <= {city.code for city in atlas.cities}


def test_the_tables_are_read_once() -> None:
    find_places("paris")
    zone_for_language("de")
    assert places._atlas.cache_info().misses == 1
