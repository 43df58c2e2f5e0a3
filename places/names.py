"""Which jurisdiction a printed name is taken for, by rules that are written in docs/places.md.

Never by likeness across states or kinds. What no rule decides stays unresolved: same-named places
are the very error that ICE had to correct in 2017 (Franklin County in Iowa, New York and
Pennsylvania).
"""

from __future__ import annotations

import re
from dataclasses import replace

import us

from parsers.records import Jurisdiction, NameMatch, PrintedName
from places.agencies import is_agency, resolve_agency
from places.answers import Around, Method, taken_for, undecided
from places.boards import resolve_board
from places.cities import FARTHEST, places_named, resolve_city, resolve_plain, resolve_town
from places.counties import county_named, joint_name, resolve_county
from places.distance import far_apart
from places.gazetteer import Gazetteer
from places.likeness import likeness
from places.printed import Apart, Named, named, take_apart
from places.states import state_code
from places.words import key_of

LONGEST = 300
"""Characters of a name, more than twice the longest of an agency; what is longer is no name."""

_SELF_IDENTIFICATION = re.compile(r"self identification as a state sanctuary jurisdiction")


def resolve(name: PrintedName, gazetteer: Gazetteer) -> NameMatch:
    """Return which jurisdiction a printed name is taken for, by which rule and why.

    The same name with the same around it always gives the same answer, and the jurisdiction is
    always one of the state that is printed.
    """
    if any(len(each or "") > LONGEST for each in (name.printed, name.state, name.county)):
        return undecided("unknown", f"No name has more than {LONGEST} characters.")
    apart = take_apart(name)
    if apart.other_state:
        return undecided(
            "contradiction",
            f"The name says {_state_name(gazetteer, apart.state)}, what stands around it says "
            f"{apart.other_state}.",
        )
    if name.agency_type or is_agency(apart.printed):
        return resolve_agency(name, apart, gazetteer)
    if apart.state is None:
        return _no_state(apart, gazetteer)
    around = Around(apart.printed, gazetteer.of_state(apart.state), name.level)
    match = _in_state(name, apart, around)
    if apart.misspelt_state and match.jurisdiction:
        reason = f'"{apart.misspelt_state}" must be {around.state}. {match.reason}'
        score = likeness(key_of(apart.misspelt_state), key_of(around.state))
        return replace(match, method="misspelt", reason=reason, score=score, misspelt=True)
    return match


def _state_name(gazetteer: Gazetteer, code: str | None) -> str:
    return gazetteer.states[code].name if code else "nothing"


def _in_state(name: PrintedName, apart: Apart, around: Around) -> NameMatch:
    state = around.places.state
    if not apart.parts:
        return _state_or_namesake(name, around)
    if _SELF_IDENTIFICATION.match(key_of(apart.printed)):
        return taken_for(
            state,
            "self_identification",
            f"The line has no name of its own; it stands under the heading {name.state}.",
        )
    if state.state == "DC":
        return _in_district(apart, around)
    if name.level == "state":
        return undecided("unknown", "The list says that it names states, and this is none.")
    if name.county:
        county = _county_of_column(around, name.county)
        if county is None:
            return undecided(
                "unknown", f'"{name.county}" beside the name is no county of {around.state}.'
            )
        around = replace(around, county=county)
    if len(apart.parts) == 1:
        return _one_part(around, apart.parts[0])
    if len(apart.parts) == 2:
        return _three_parts(around, *apart.parts)
    return undecided("unknown", "There are more commas than a place and its county need.")


def _state_or_namesake(name: PrintedName, around: Around) -> NameMatch:
    """Resolve what is the name of a state; some counties and cities have one, too."""
    state = around.places.state
    key = key_of(name.printed)
    one_government = state.state in ("DC", "GU")
    if name.level in (None, "state") or one_government:
        county = county_named(around.places, key)
        namesakes = [*places_named(around, key), *([county] if county else ())]
        if name.level is None and name.state and namesakes and not one_government:
            return undecided(
                "ambiguous",
                f"{state.name} is a state, and there are places of that name in it.",
                [state, *namesakes],
            )
        return taken_for(state, "state", _state_reason(state))
    if not name.state:
        return undecided(
            "no_state",
            f"The list says that it names {_plural(name.level)}; this is the name of a state.",
        )
    return _one_part(around, name.printed)


def _state_reason(state: Jurisdiction) -> str:
    if state.state in ("DC", *(str(each.abbr) for each in us.states.TERRITORIES)):
        return f"{state.name} is no state, but stands where states do."
    return f"{state.name} is a state."


def _plural(level: str) -> str:
    return {"state": "states", "county": "counties", "city": "cities"}[level]


def _in_district(apart: Apart, around: Around) -> NameMatch:
    key = key_of(", ".join(apart.parts))
    if key in ("washington", "city of washington", "washington city"):
        return taken_for(
            around.places.state, "state", "Washington and the District of Columbia are one."
        )
    return undecided("unknown", "The District of Columbia has no counties and no other cities.")


def _county_of_column(around: Around, printed: str) -> Jurisdiction | None:
    part = named(printed, around.places.state.state)
    if part is None:
        return None
    return resolve_county(replace(around, level="county"), part, "column").jurisdiction


def _one_part(around: Around, part: str) -> NameMatch:
    name = named(part, around.places.state.state)
    if name is None:
        return undecided("unknown", "What the brackets say of the name is not known.")
    if around.level == "county":
        return _under_counties(around, name)
    if name.kind == "county":
        return _not_of_level(around, name) or resolve_county(around, name, "county")
    if name.kind == "town":
        return resolve_town(around, name)
    if around.places.state.state == "PR" and name.kind in (None, "city"):
        return resolve_county(around, replace(name, kind=None), "municipio")
    board = resolve_board(around.places, part, name)
    if board:
        return board
    if around.level == "city":
        return joint_name(around, name.whole) or resolve_city(
            around, name, "city" if name.kind else "column"
        )
    if name.kind == "city":
        return resolve_city(around, name, "city")
    return joint_name(around, name.whole) or resolve_plain(around, name)


def _under_counties(around: Around, name: Named) -> NameMatch:
    """Resolve a name of which the list says that it is a county's.

    Its own word goes before what the list says of all: New York City stood under "County, State".
    """
    if name.kind in ("city", "town") and county_named(around.places, name.whole) is None:
        if name.kind == "town":
            return resolve_town(around, name)
        return resolve_city(around, name, "city")
    return resolve_county(around, name, "county" if name.kind == "county" else "column")


def _not_of_level(around: Around, name: Named) -> NameMatch | None:
    """Under cities, a name with the word county is one only if no city has it as its name."""
    if around.level != "city" or not places_named(around, name.whole):
        return None
    return resolve_city(around, name, "column")


def _three_parts(around: Around, first: str, second: str) -> NameMatch:
    """Resolve a place with what it lies in: "Iowa City, Johnson County", "Queens County, NYC"."""
    code = around.places.state.state
    inner, outer = named(first, code), named(second, code)
    if inner is None or outer is None:
        return undecided("unknown", "What the brackets say of the name is not known.")
    if outer.kind == "county":
        county = county_named(around.places, outer.base)
        if county is None or inner.kind == "county":
            return undecided("unknown", f"{second} is no county of {around.state}.")
        if around.county and around.county != county:
            return undecided("contradiction", f"It says {second}, beside it {around.county.name}.")
        within = replace(around, county=county)
        if inner.kind == "town":
            return resolve_town(within, inner)
        return _method(resolve_city(within, inner, "city"), "three_parts")
    if inner.kind != "county":
        return undecided("unknown", f"{second} is no county, and {first} does not say it is one.")
    match = resolve_county(around, inner, "three_parts")
    cities = places_named(around, outer.whole)
    if len(cities) != 1:
        return undecided("unknown", f"{second} is not one place of {around.state}.", cities)
    if match.jurisdiction and far_apart(match.jurisdiction, cities[0]) > FARTHEST:
        return undecided("contradiction", f"{first} is far from {second}.", cities)
    return match


def _method(match: NameMatch, method: Method) -> NameMatch:
    exact = match.jurisdiction is not None and not match.misspelt
    return replace(match, method=method) if exact else match


def _no_state(apart: Apart, gazetteer: Gazetteer) -> NameMatch:
    """Answer for a name without a state, with all that has it exactly."""
    if apart.parts and named(apart.parts[0], "") is None:
        return undecided("unknown", "What the brackets say of the name is not known.")
    candidates = []
    for code in gazetteer.states:
        part = named(apart.parts[0], code) if apart.parts else None
        if part is None:
            continue
        places = gazetteer.of_state(code)
        county = county_named(places, part.base if part.kind == "county" else part.whole)
        candidates += [county] if county else []
        if part.kind != "county":
            around = Around(apart.printed, places)
            candidates += places_named(around, part.whole) or places_named(around, part.base)
    last = apart.parts[-1] if len(apart.parts) > 1 else None
    why = f'"{last}" is no state' if last and not state_code(last) else "No state is printed"
    told = f"{why}, and places of one name lie in several." if candidates else f"{why}."
    return undecided("no_state", told, candidates)
