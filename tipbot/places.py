"""Which time zone a place is in, offline: by coordinates, by name in many spellings, by what its clocks show.

The city and country tables beside this module come from GeoNames (CC BY 4.0); tools/make_places.py wrote them.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

import tzfpy
from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST_QUESTION = 60
# A short word with one letter changed is another word; only a long one bears two errors.
ONE_ERROR_FROM, TWO_ERRORS_FROM = 4, 9
REGION = re.compile("[a-z]{2}|[0-9]{3}")
CLOCK_TOLERANCE = timedelta(minutes=10)
# A namesake this many times smaller is not what somebody meant without saying so: Paris, not Paris in Texas.
CLEARLY_BIGGER = 5
# Far enough ahead that only the rules in force today apply; January and July tell summer time apart.
PROBES = (datetime(2035, 1, 15, tzinfo=UTC), datetime(2035, 7, 15, tzinfo=UTC))
NOT_PLACES = frozenset({"localtime", "Factory"})
# Apostrophes of every kind, accents and modifier letters: people leave them out or type another one.
SILENT = frozenset({"Mn", "Lm", "Pi", "Pf", "Sk"})
_NO_WORD = re.compile(r"[\W_]+")
SPELLED_OUT = str.maketrans(
    {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"}
    | {"\N{LATIN SMALL LETTER DOTLESS I}": "i", "'": "", ".": ""}
)


class Place(NamedTuple):
    """A place to offer: its name and country (English; country "" where none fits) and its IANA zone."""

    name: str
    country: str
    zone: str


class _City(NamedTuple):
    name: str
    code: str
    zone: str
    thousands: int


class _Atlas:
    """The shipped tables: cities by falling population, their spellings by length, countries."""

    def __init__(self) -> None:
        self.cities: list[_City] = []
        self.country_names: dict[str, str] = {}
        self.country_codes: dict[str, str] = {}
        self.languages: dict[str, str] = {}
        for code, name, spellings, languages in _rows("countries.tsv"):
            self.country_names[code] = name
            self.country_codes |= dict.fromkeys(_spellings(name, spellings), code)
            self.languages |= dict.fromkeys(filter(None, languages.split("|")), code)
        self._read_cities()
        self.zones: dict[str, _City] = {}
        for city in self.cities:
            self.zones.setdefault(city.zone, city)
        self.first_zones = {city.code: city.zone for city in reversed(self.cities)}

    def _read_cities(self) -> None:
        spelled: list[tuple[str, int]] = []
        shared: dict[str, str] = {}
        for number, (name, code, zone, thousands, spellings) in enumerate(_rows("places.tsv")):
            # One string per zone and country, however many of the cities carry it.
            where = shared.setdefault(code, code), shared.setdefault(zone, zone)
            self.cities.append(_City(name, *where, int(thousands)))
            spelled += ((spelling, number) for spelling in _spellings(name, spellings))
        # Namesakes stay in their order, which is by population.
        spelled.sort(key=lambda pair: _by_length(pair[0]))
        self.spellings = [spelling for spelling, _ in spelled]
        self.owners = array("I", (number for _, number in spelled))

    def cities_named(self, spelling: str) -> list[_City]:
        """Return the cities of a folded name, the most populous first."""
        first = bisect_left(self.spellings, _by_length(spelling), key=_by_length)
        last = bisect_right(self.spellings, _by_length(spelling), key=_by_length)
        return [self.cities[number] for number in self.owners[first:last]]

    def cities_near(self, spelling: str, errors: int) -> list[_City]:
        """Return the cities at most so many typing errors away, the fewest errors and most people first."""
        first = bisect_left(self.spellings, len(spelling) - errors, key=len)
        last = bisect_right(self.spellings, len(spelling) + errors, key=len)
        likely = self.spellings[first:last]
        near = process.extract(spelling, likely, scorer=OSA.distance, score_cutoff=errors, limit=None)
        ranked = sorted((distance, self.owners[first + index]) for _, distance, index in near)
        return [self.cities[number] for _, number in ranked]

    def cities_of(self, code: str) -> list[_City]:
        """Return a country's biggest city for each of its clocks."""
        return _one_per_clock(city for city in self.cities if city.code == code)

    def place(self, city: _City) -> Place:
        """Return a city as readers see it."""
        return Place(city.name, self.country_names[city.code], city.zone)


def find_places(text: str, limit: int = 3) -> tuple[Place, ...]:
    """Return what `text` may mean (a city, country or zone name, typing errors allowed), likeliest first.

    Places of one country whose clocks agree are offered once. Nothing recognisable gives an empty tuple.
    """
    query = _question(text)
    found = _exact(text, query) or _near(query) if query else []
    return tuple(found[:limit])


def best_place(text: str) -> Place | None:
    """Return the one place `text` clearly means, or None where a reader should choose or be asked again."""
    query = _question(text)
    found = _exact(text, query) if query else []
    if len(found) == 1:
        return found[0]
    # Several clocks in one country are a choice; several namesakes only when they are of like size.
    if not found or query in _atlas().country_codes:
        return None
    first, second = _one_per_clock(_cities_meant(query))[:2]
    return found[0] if first.thousands >= CLEARLY_BIGGER * second.thousands else None


def zone_at(latitude: float, longitude: float) -> str | None:
    """Return the IANA zone at a point given in degrees, or None where there is no such point on Earth."""
    zone = tzfpy.get_tz(longitude, latitude)
    return zone if is_zone(zone) else None


def zones_now_at(wall: time, now: datetime) -> tuple[Place, ...]:
    """Return a well-known city for every clock that shows `wall`, give or take ten minutes, at `now`.

    Two cities that agree today but change to summer time differently are both returned.
    """
    atlas = _atlas()
    biggest: dict[tuple[timedelta, ...], _City] = {}
    for zone, city in atlas.zones.items():
        if _is_near(now.astimezone(ZoneInfo(zone)), wall):
            biggest.setdefault((_offset(zone, now), *_clock(zone)), city)
    return tuple(atlas.place(city) for city in biggest.values())


def zone_for_language(language_code: str | None) -> str | None:
    """Return a first zone to propose for an IETF tag such as "de", "pt-br" or "en-GB", None without a clue."""
    if not language_code:
        return None
    atlas = _atlas()
    language, *subtags = language_code.replace("_", "-").lower().split("-")
    # Other subtags name a script ("hant") or a variant ("formal"); 419, Latin America, is no one country.
    region = next((subtag for subtag in subtags if REGION.fullmatch(subtag)), None)
    code = region.upper() if region else atlas.languages.get(language)
    return atlas.first_zones.get(code or "")


def is_zone(name: str) -> bool:
    """Say whether `name`, exactly as written, is an IANA time zone that this machine knows."""
    return name in _zone_names()


@cache
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones() - NOT_PLACES)


def fold(text: str) -> str:
    """Return `text` without case, accents and punctuation, so that spellings of one name become equal."""
    letters = text.casefold().translate(SPELLED_OUT)
    if not letters.isascii():
        letters = unicodedata.normalize("NFKD", letters)
        letters = "".join(letter for letter in letters if unicodedata.category(letter) not in SILENT)
    words = _NO_WORD.sub(" ", letters).split()
    return " ".join("saint" if word == "st" else word for word in words)


def _question(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_QUESTION or any(unicodedata.category(letter) in {"Cc", "Cs"} for letter in text):
        return ""
    return fold(text)


def _exact(text: str, query: str) -> list[Place]:
    atlas = _atlas()
    typed = text.strip()
    if zone := typed if "/" in typed and is_zone(typed) else _zones_in_full().get(query):
        return [_place_of_zone(zone)]
    if cities := _one_per_clock(_cities_meant(query)):
        return [atlas.place(city) for city in cities]
    zone = _zone_endings().get(query)
    return [_place_of_zone(zone)] if zone else []


def _cities_meant(query: str) -> list[_City]:
    atlas = _atlas()
    code = atlas.country_codes.get(query)
    cities = atlas.cities_of(code) if code else []
    return [*cities, *atlas.cities_named(query)] or _cities_in_country(query)


def _cities_in_country(query: str) -> list[_City]:
    """Read "paris france" as the Paris in France."""
    atlas = _atlas()
    words = query.split()
    for cut in range(1, len(words)):
        code = atlas.country_codes.get(" ".join(words[cut:]))
        if cities := [city for city in atlas.cities_named(" ".join(words[:cut])) if city.code == code]:
            return cities
    return []


def _near(query: str) -> list[Place]:
    atlas = _atlas()
    errors = (len(query) >= ONE_ERROR_FROM) + (len(query) >= TWO_ERRORS_FROM)
    if not errors or any(letter.isdigit() for letter in query):
        return []
    codes = dict.fromkeys(_values_near(query, atlas.country_codes, errors))
    cities = [city for code in codes for city in atlas.cities_of(code)]
    if found := _one_per_clock([*cities, *atlas.cities_near(query, errors)]):
        return [atlas.place(city) for city in found]
    return [_place_of_zone(zone) for zone in _values_near(query, _zones_in_full(), errors)]


def _values_near(query: str, table: dict[str, str], errors: int) -> list[str]:
    near = process.extract(query, table.keys(), scorer=OSA.distance, score_cutoff=errors)
    return [table[name] for name, _, _ in near]


def _one_per_clock(cities: Iterable[_City]) -> list[_City]:
    first: dict[tuple[str, tuple[timedelta, ...]], _City] = {}
    for city in cities:
        first.setdefault((city.code, _clock(city.zone)), city)
    return list(first.values())


@cache
def _clock(zone: str) -> tuple[timedelta, ...]:
    return tuple(_offset(zone, probe) for probe in PROBES)


def _offset(zone: str, moment: datetime) -> timedelta:
    return moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta()


def _is_near(local: datetime, wall: time) -> bool:
    day = timedelta(days=1)
    apart = timedelta(hours=local.hour - wall.hour, minutes=local.minute - wall.minute) % day
    return min(apart, day - apart) <= CLOCK_TOLERANCE


@cache
def _zones_in_full() -> dict[str, str]:
    # Folding would turn Etc/GMT+5 into Etc/GMT-5: zones with a number are known only as IANA writes them.
    full = (zone for zone in sorted(_zone_names()) if "/" in zone)
    return {fold(zone): zone for zone in full if not any(letter.isdigit() for letter in zone)}


@cache
def _zone_endings() -> dict[str, str]:
    """Zones by what follows the continent (those with cities win), and those without one, such as UTC."""
    endings: dict[str, str] = {}
    for zone in sorted(_zones_in_full().values(), key=lambda zone: (zone in _atlas().zones, zone)):
        words = [fold(part) for part in zone.split("/")]
        endings |= {" ".join(words[cut:]): zone for cut in range(1, len(words))}
    return endings | {fold(zone): zone for zone in _zone_names() if zone.isalpha()}


def _place_of_zone(zone: str) -> Place:
    atlas = _atlas()
    city = atlas.zones.get(zone)
    return Place(zone.rpartition("/")[2].replace("_", " "), atlas.country_names[city.code] if city else "", zone)


@cache
def _atlas() -> _Atlas:
    return _Atlas()


def _by_length(spelling: str) -> tuple[int, str]:
    return len(spelling), spelling


def _rows(name: str) -> Iterator[list[str]]:
    text = files("tipbot").joinpath(name).read_text(encoding="utf-8")
    return (line.split("\t") for line in text.splitlines() if not line.startswith("#"))


def _spellings(name: str, others: str) -> Iterator[str]:
    yield fold(name)
    yield from filter(None, others.split("|"))
