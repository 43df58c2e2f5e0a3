"""Rules for names of counties and their equivalents."""

from __future__ import annotations

from parsers.records import Jurisdiction, NameMatch
from places.answers import Around, Method, misspelt_for, taken_for, undecided
from places.gazetteer import StatePlaces
from places.government import FORMER_NAMES, JOINT_NAMES
from places.likeness import like_names, misspelling_of
from places.printed import Named
from places.words import key_of


def county_named(places: StatePlaces, key: str) -> Jurisdiction | None:
    """Return the county with this name, as a key without the word for what it is."""
    found = places.counties_by_name.get(key) or places.counties_by_letters.get(key.replace(" ", ""))
    return found[0] if found and len(found) == 1 else None


def resolve_county(around: Around, named: Named, method: Method) -> NameMatch:
    """Resolve a name that is a county's: by its own word, or by what the list says of it."""
    places = around.places
    key = named.base if named.kind == "county" else named.whole
    county = county_named(places, key)
    independent = _independent(places, key) or (
        _independent(places, named.base) if named.kind == "city" else []
    )
    if named.kind != "county" and county and independent:
        return undecided(
            "ambiguous",
            f"In {around.state} {county.name} and {independent[0].name} both count as counties.",
            [county, *independent],
        )
    if county and _other_word(named, county):
        return undecided(
            "unknown", f"{around.state} has {county.name}, but no {named.word}.", [county]
        )
    if county and around.county and county != around.county:
        return undecided(
            "contradiction",
            f"The name says {county.name}, beside it stands {around.county.name}.",
            [county, around.county],
        )
    if county:
        return taken_for(county, method, _county_reason(around, named, county, method))
    if independent and named.kind != "county":
        city = independent[0]
        return taken_for(
            city,
            "independent_city",
            f"{city.name} lies in no county of {around.state} and counts as one.",
        )
    return _by_other_names(around, key) or _misspelt(around, key)


def _independent(places: StatePlaces, key: str) -> list[Jurisdiction]:
    """Return the city of this name that counts as a county, if there is one."""
    return [each for each in places.places_by_name.get(key, ()) if each.geoid]


def _other_word(named: Named, county: Jurisdiction) -> bool:
    """Say whether the name's own word contradicts the county's: a borough is no parish."""
    word = named.word
    if word is None or word in ("county", "county of"):
        return False
    return word.removesuffix(" of") not in key_of(county.name)


def _county_reason(around: Around, named: Named, county: Jurisdiction, method: Method) -> str:
    if method == "municipio":
        return f"The municipios of {around.state} are its cities and count as counties."
    if method == "column":
        return f"The list says that it names counties, and {around.state} has {county.name}."
    if county.name.endswith("County") or named.word != "county":
        return f"{around.state} has one {county.name}."
    return f"{around.state} has no county of that name but its equivalent, {county.name}."


def joint_name(around: Around, key: str) -> NameMatch | None:
    """Resolve what a city and its county call their one government: ``Athens-Clarke``."""
    joint = JOINT_NAMES.get((around.places.state.state, key))
    if joint is None:
        return None
    geoid, city_key = joint
    county = _by_geoid(around.places, geoid)
    cities = around.places.places_by_name.get(city_key, ())
    if around.level == "city" and len(cities) == 1:
        city = cities[0]
        return taken_for(
            city,
            "consolidated",
            f"It joins the names of {city.name} and {county.name}, which have one government; the "
            "list says that it names cities.",
        )
    return taken_for(
        county,
        "consolidated",
        f"It joins the names of a city and {county.name}, which have one government.",
    )


def _by_geoid(places: StatePlaces, geoid: str) -> Jurisdiction:
    return next(each for each in places.counties if each.geoid == geoid)


def _by_other_names(around: Around, key: str) -> NameMatch | None:
    former = FORMER_NAMES.get((around.places.state.state, key))
    if former is None:
        return joint_name(around, key)
    county = _by_geoid(around.places, former)
    return taken_for(county, "former_name", f"{county.name} had this name before.")


def _misspelt(around: Around, key: str) -> NameMatch:
    places = around.places
    likeness = misspelling_of(key, places.counties_by_name, complete=True)
    if likeness and places.is_county_elsewhere(key):
        return undecided(
            "unknown",
            f"{around.state} has no county of that name, but another state does: either may be "
            "misprinted.",
            places.counties_by_name[likeness.known],
        )
    if likeness is None:
        like = [
            county
            for name in like_names(key, places.counties_by_name)
            for county in places.counties_by_name[name]
        ]
        return undecided("unknown", f"{around.state} has no county of that name.", like)
    county = places.counties_by_name[likeness.known][0]
    return misspelt_for(
        county,
        f"{around.state} has no county spelt so; {county.name} is the only one that is like it.",
        likeness.score,
    )
