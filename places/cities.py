"""Rules for names of cities, towns and other populated places."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.records import Jurisdiction, NameMatch
from places.answers import Around, Method, listed, misspelt_for, taken_for, undecided
from places.counties import county_named
from places.distance import far_apart
from places.government import (
    CITY_IS_COUNTY,
    COUNTIES_WITHOUT_GOVERNMENT,
    TOWN_IS_BESIDE_VILLAGE,
    TOWN_IS_MUNICIPALITY,
)
from places.likeness import like_names, misspelling_of
from places.printed import Named
from places.words import slug_of

CERTAIN_POPULATION = 5000
"""From so many inhabitants on, a place outside the county of its name is taken for a city."""

FARTHEST = 80.0
"""Kilometres between the points of a place and of the county that is printed with it."""

_OTHER_NAMES = {
    ("CA", "suisun city"): "suisun",
    ("FL", "saint lucie village"): "saint lucie",
    ("NY", "new york"): "new york city",
}
"""What the data calls a city otherwise."""


def places_named(around: Around, key: str) -> tuple[Jurisdiction, ...]:
    """Return the populated places of a state with this name, as a key."""
    names = around.places.places_by_name
    other = _OTHER_NAMES.get((around.places.state.state, key))
    found = names.get(key) or (names.get(other) if other else None)
    if found:
        return found
    if key in around.places.postal_names:
        return ()
    return around.places.places_by_letters.get(key.replace(" ", ""), ())


def resolve_city(around: Around, named: Named, method: Method) -> NameMatch:
    """Resolve a name that is a city's: by its own word, or by what the list says of it.

    ``Jersey City`` is the name of a place; ``Kent City`` in Washington is Kent, with the word.
    """
    whole = places_named(around, named.whole)
    if named.kind and not whole:
        found = places_named(around, named.base)
        independent = [each for each in found if each.geoid]
        if named.word in ("city", "city of") and independent:
            found = (independent[0],)
        elif named.is_behind and named.whole in around.places.postal_names:
            return _only_postal(around, found)
        return _one_of(around, named, found, method)
    return _one_of(around, named, whole, method)


def _only_postal(around: Around, like: Sequence[Jurisdiction] = ()) -> NameMatch:
    return undecided(
        "unknown",
        f"{around.state} has a postal name like that, but no place of it is in the data.",
        like,
    )


def _one_of(
    around: Around, named: Named, found: Sequence[Jurisdiction], method: Method
) -> NameMatch:
    if not found:
        return _misspelt(around, named)
    inside = _in_county(around, found)
    if around.county and not inside:
        return undecided(
            "contradiction",
            f"What {around.state} has of that name does not lie in {around.county.name}.",
            found,
        )
    if len(inside) > 1:
        return undecided(
            "ambiguous", f"{around.state} has {len(inside)} places of that name.", inside
        )
    place = inside[0]
    if place.id in around.places.elsewhere and around.county is None:
        return undecided(
            "ambiguous",
            f"All mail for that name goes to another part of {around.state} than the one place of "
            "it in the data.",
            [place],
        )
    county = county_named(around.places, named.whole)
    if method != "city" and county and _may_be_another(around, place, county):
        return undecided(
            "ambiguous",
            f"{place.name} in {around.state} is a small place that does not lie in the county of "
            "its name; which of them is meant is not said.",
            [place, county],
        )
    if place.geoid:
        return taken_for(
            place, "independent_city", f"{place.name} is a city that lies in no county."
        )
    return taken_for(place, method, _city_reason(around, named, place, method))


def _in_county(around: Around, found: Sequence[Jurisdiction]) -> list[Jurisdiction]:
    """Return those that lie in the county printed beside the name.

    A place of which the data does not say the county may do, if it is the only one of its name.
    """
    county = around.county
    if county is None:
        return list(found)
    mail = around.places.mail_counties
    inside = [each for each in found if county.id == each.id or county.id in mail[each.id]]
    if inside or len(found) > 1:
        return inside
    (only,) = found
    unknown = not mail[only.id] and not only.geoid
    return [only] if unknown and far_apart(only, county) <= FARTHEST else []


def _may_be_another(around: Around, place: Jurisdiction, county: Jurisdiction) -> bool:
    """Say whether a small place may be taken for the county of its name elsewhere in the state."""
    small = around.places.population[place.id] < CERTAIN_POPULATION
    return small and around.places.mail_counties[place.id] != {county.id} and not place.geoid


def _city_reason(around: Around, named: Named, place: Jurisdiction, method: Method) -> str:
    beside = f"{around.state} has one populated place of that name"
    if around.county and place.parent_id == around.county.id:
        beside = f"{place.name} lies in {around.county.name}"
    if method == "column":
        return f"The list says that it names cities, and {beside}."
    if method == "city" and named.kind and named.word:
        return f'"{named.word.capitalize()}" says what it is, and {beside}.'
    return f"{beside[0].upper()}{beside[1:]}."


def resolve_plain(around: Around, named: Named) -> NameMatch:
    """Resolve a name without a word for its kind, of which no list says what it is."""
    places = places_named(around, named.whole)
    county = county_named(around.places, named.whole)
    if not county:
        if not places:
            return _unknown(around, named.whole)
        return _one_of(around, named, places, "city")
    if len(places) == 1 and county.geoid in CITY_IS_COUNTY:
        return taken_for(
            places[0],
            "consolidated",
            f"{places[0].name} and {county.name} have one government; without a word for its kind "
            "the name is the city's.",
        )
    if len(places) == 1 and county.state in COUNTIES_WITHOUT_GOVERNMENT:
        return taken_for(
            places[0],
            "city",
            f"The counties of {around.state} have no government; without a word for its kind the "
            "name is the city's.",
        )
    if not places:
        return undecided(
            "ambiguous",
            f"Only {county.name} is known by that name in {around.state}, but no word says that a "
            "county is meant.",
            [county],
        )
    names = listed([f"{len(places)} places" if len(places) > 1 else "a place", county.name])
    return undecided("ambiguous", f"{around.state} has {names} of that name.", [*places, county])


def resolve_town(around: Around, named: Named) -> NameMatch:
    """Resolve a name that says town or township.

    Towns are municipalities in most states, the only ones in New England. In New York and
    Wisconsin, and townships everywhere, they are parts of counties, which no package lists: one is
    made from what is printed, if its county is printed, too.
    """
    state = around.places.state
    divides = "township" in (named.word or "") or state.state in TOWN_IS_BESIDE_VILLAGE
    if not divides or (named.word == "town" and places_named(around, named.whole)):
        found = resolve_city(around, named, "city")
        if found.jurisdiction or state.state not in TOWN_IS_MUNICIPALITY:
            return found
    if around.county is None:
        return undecided(
            "no_county",
            f"Townships and towns of {around.state} can share a name, and no county is printed.",
            places_named(around, named.base),
        )
    if around.county.geoid is None or around.county.kind != "county":
        return undecided("no_county", f"{around.county.name} has no townships.")
    town = printed_town(around.county, named)
    return taken_for(
        town, "town", f"Made as printed, in {around.county.name}: no package lists townships."
    )


def printed_town(county: Jurisdiction, named: Named) -> Jurisdiction:
    """Return the town or township that is printed as one of this county."""
    base = named.base.title()
    name = f"{base} Township" if "township" in (named.word or "") else f"Town of {base}"
    state, _, inside = county.id.partition("/county/")
    return Jurisdiction(
        f"{state}/town/{inside}/{slug_of(named.base)}",
        "town",
        name,
        county.state,
        None,
        None,
        None,
        None,
        county.id,
        "printed",
    )


def _misspelt(around: Around, named: Named) -> NameMatch:
    places = around.places
    key = named.base if named.kind else named.whole
    if key in places.postal_names:
        return _only_postal(around)
    likeness = misspelling_of(key, places.places_by_name, complete=False)
    found = places.places_by_name[likeness.known] if likeness else ()
    if likeness is None or len(found) != 1 or not _in_county(around, found):
        return _unknown(around, key)
    if found[0].id in places.elsewhere:
        return _unknown(around, key)
    return misspelt_for(
        found[0],
        f"{around.state} has no place spelt so; {found[0].name} is the only one that it can be "
        "with a slip of the pen.",
        likeness.score,
    )


def _unknown(around: Around, key: str) -> NameMatch:
    names = around.places.places_by_name
    like = [place for name in like_names(key, names) for place in names[name]]
    return undecided("unknown", f"{around.state} has no place of that name in the data.", like)
