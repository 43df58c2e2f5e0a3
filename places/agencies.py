"""Rules for agencies, jails and state-wide systems, as lists of 287(g) agreements print them.

No package lists agencies: one is made from what is printed, if the county, city or state that it
is of is certain. Spellings of one agency (``City of Melbourne Police Department``, ``Melbourne
Police Department``) come to one id, since the place stands in it as the data names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from parsers.records import Jurisdiction, NameMatch, PrintedName
from parsers.records.one_slip import one_slip
from places.answers import EXACT, Around, Method, taken_for, undecided
from places.cities import resolve_city, resolve_town
from places.counties import county_named, resolve_county
from places.gazetteer import Gazetteer, StatePlaces
from places.printed import Apart, Named, named
from places.states import STATES
from places.words import key_of, slug_of

_AGENCY = re.compile(
    r"\b(?:sheriffs?|police|constables?|marshals?|jails?|detention center|corrections?"
    r"|correctional|department of|state police|highway patrol)\b"
)
_ALL_JAILS = re.compile(r"(?:all )?(?:(?P<state>.+) )?county jails")
_JAIL = re.compile(r".*\b(?:jail|jails|jail authority|detention center|correctional facility)")
_SYSTEM = re.compile(r".*\b(?:department|division) of corrections?(?: and rehabilitation)?")
_STATE_BODY = re.compile(
    r"(?:department of|division of|bureau of|office of|state |highway patrol|national guard"
    r"|(?:all )?county jails)"
)
_LOCAL = re.compile(r"(?:police|sheriffs?|marshals?|constables?)\b")
_SHERIFF = re.compile(r"sheriffs?(?: office| department)?")
_OF_A_STATE = re.compile(r"\b(?:university|college)\b")

# Words of which a city's agency may be called, behind the city's name; the rest is another body's.
_BODY_WORDS = (
    *("police", "department", "of", "public", "safety", "sheriffs", "sheriff", "office", "and"),
    *("corrections", "detention", "center", "jail", "marshals", "marshal", "metropolitan"),
    *("constables", "constable", "division", "correctional", "facility"),
)
_NOT_PRINTED = frozenset({"", "n a", "na", "none", "unknown"})


def is_agency(printed: str) -> bool:
    """Say whether a name is an agency's by its words."""
    return bool(_AGENCY.search(key_of(printed)))


@dataclass(frozen=True)
class _Body:
    """What follows the place in an agency's name."""

    text: str
    misspelt: bool = False


def resolve_agency(name: PrintedName, apart: Apart, gazetteer: Gazetteer) -> NameMatch:
    """Resolve an agency's name: which county, city or state it is of, and made as printed."""
    text = ", ".join(apart.parts) or apart.printed
    code = apart.state or _leading_state(text)
    if code is None:
        return undecided("no_state", "No state is printed with the agency.")
    places = gazetteer.of_state(code)
    around = Around(apart.printed, places)
    kind = (name.agency_type or "").casefold()
    system = _all_jails(places, text)
    if system:
        return system
    if apart.state is None:
        return _of_state(places, text)
    if kind == "state agency":
        return _of_state_as_listed(places, text)
    column = _column(around, name.county)
    if isinstance(column, NameMatch):
        return column
    found = (
        _of_county(around, text, column)
        or (_county_without_word(around, text, column) if kind == "county" else None)
        or _of_place(around, text, column, kind)
    )
    if found:
        return found
    if _is_of_state(places, text):
        return _of_state(places, text)
    return undecided("agency", f"Which place of {around.state} the agency is of is not certain.")


def _leading_state(text: str) -> str | None:
    """Return the state of a body of which only the name is printed: Rhode Island Department of …

    What could be a county's or a city's is none: Iowa County Sheriff's Office, Kansas City Police.
    """
    key = key_of(text)
    for state in sorted(STATES, key=lambda each: -len(str(each.name))):
        rest = key.removeprefix(f"{key_of(str(state.name))} ")
        if rest != key:
            return str(state.abbr) if _STATE_BODY.match(rest) else None
    return None


def _all_jails(places: StatePlaces, text: str) -> NameMatch | None:
    """Resolve ``Colorado County Jails``: all of a state's county jails together."""
    found = _ALL_JAILS.fullmatch(key_of(text))
    if not found or found["state"] not in (None, key_of(places.state.name)):
        return None
    name = f"{places.state.name} county jails"
    system = _made(places.state, "system", "county-jails", name)
    return taken_for(system, "system", f"It stands for all county jails of {places.state.name}.")


def _made(parent: Jurisdiction, kind: str, slug: str, name: str) -> Jurisdiction:
    state = "/".join(parent.id.split("/")[:2])
    return Jurisdiction(
        f"{state}/{kind}/{slug}",
        kind,
        name,
        parent.state,
        None,
        None,
        None,
        None,
        parent.id,
        "printed",
    )


def _kind(name: str) -> str:
    key = key_of(name)
    return "jail" if _JAIL.fullmatch(key) else "agency"


def _is_of_state(places: StatePlaces, text: str) -> bool:
    """Say whether a body is the state's: its name begins with the state's, or is its university."""
    key, state = key_of(text), key_of(places.state.name)
    rest = key.removeprefix(f"{state} ")
    if rest != key:
        return not _LOCAL.match(rest)
    return state in key and bool(_OF_A_STATE.search(key))


def _of_state_as_listed(places: StatePlaces, text: str) -> NameMatch:
    if re.search(r"\b(?:county|parish)\b", key_of(text)):
        return undecided(
            "contradiction", "The list says that it is the state's; its name says a county's."
        )
    return _of_state(places, text)


def _of_state(places: StatePlaces, text: str) -> NameMatch:
    state = places.state
    kind = "system" if _SYSTEM.fullmatch(key_of(text)) else _kind(text)
    body = _made(state, kind, slug_of(text), text)
    method: Method = "system" if kind == "system" else "agency"
    return taken_for(body, method, f"It is a body of the state of {state.name}, made as printed.")


def _column(around: Around, printed: str | None) -> Jurisdiction | NameMatch | None:
    """Return the county of the column beside a name; None if the column says nothing."""
    if printed is None or key_of(printed) in _NOT_PRINTED:
        return None
    part = named(printed, around.places.state.state)
    match = part and resolve_county(replace(around, level="county"), part, "column")
    if match and match.jurisdiction:
        return match.jurisdiction
    return undecided(
        "contradiction", f'"{printed}" beside the agency is no county of {around.state}.'
    )


def _of_county(around: Around, text: str, column: Jurisdiction | None) -> NameMatch | None:
    """Resolve an agency whose name begins with that of a county and its word."""
    words = text.split()
    keys = [key_of(word) for word in words]
    at = next((i for i, key in enumerate(keys) if i and key in ("county", "parish")), None)
    if at is None:
        return None
    whole, base = key_of(" ".join(words[: at + 1])), key_of(" ".join(words[:at]))
    match = resolve_county(around, Named(whole, base, "county", keys[at]), "county")
    return _checked(around, match, _body(words[at + 1 :]), column)


def _county_without_word(
    around: Around, text: str, column: Jurisdiction | None
) -> NameMatch | None:
    """Resolve ``Miami Dade Sheriff's Office`` of a county, if the column names the same."""
    words = text.split()
    for at, key in _prefixes(words):
        county = county_named(around.places, key)
        if county and county == column:
            match = taken_for(county, "county", f"{around.state} has one {county.name}.")
            return _checked(around, match, _body(words[at:]), column)
    return None


def _prefixes(words: list[str]) -> Iterator[tuple[int, str]]:
    """Yield how many words a name may begin with and their key, the longest first."""
    for at in range(len(words) - 1, 0, -1):
        yield at, key_of(" ".join(words[:at]))


def _checked(
    around: Around, match: NameMatch, body: _Body, column: Jurisdiction | None
) -> NameMatch:
    """Answer for an agency of a county, if the column beside it does not say another."""
    county = match.jurisdiction
    if county is None:
        return replace(match, reason=f"Which county the agency is of: {match.reason}")
    if column and column != county:
        return undecided(
            "contradiction",
            f"The name says {county.name}, the column {column.name}.",
            [county, column],
        )
    if not body.text:
        return undecided("agency", f"It names {county.name}, but no agency of it.", [county])
    return _agency(county, county.name, body, match)


def _agency(parent: Jurisdiction, place: str, body: _Body, match: NameMatch) -> NameMatch:
    """Answer with the agency of a place, which stands in its id as in the place's own."""
    name = f"{place} {body.text}"
    inside = parent.id.split("/")[3:-1]
    slug = "/".join([*inside, slug_of(name)])
    agency = _made(parent, _kind(name), slug, name)
    misspelt = match.misspelt or body.misspelt
    reason = f"An agency of {parent.name}, made as printed. {match.reason}"
    if body.misspelt:
        reason += f' "{body.text}" is misspelt.'
    return NameMatch(
        agency,
        "misspelt" if misspelt else "agency",
        reason,
        match.score if match.score is not None else EXACT,
        misspelt,
    )


def _body(words: list[str]) -> _Body:
    """Return what follows the place, with slips of the pen put right in the usual words.

    A county has one sheriff: his office and his department are one.
    """
    misspelt = False
    right = []
    for word in words:
        key = key_of(word)
        usual = [each for each in _BODY_WORDS if one_slip(key, each)]
        if key not in _BODY_WORDS and len(usual) == 1:
            word, misspelt = usual[0].title(), True
        right.append(word)
    text = " ".join(right).replace("’", "'")
    if _SHERIFF.fullmatch(key_of(text)):
        text = "Sheriff's Office"
    return _Body(text, misspelt)


def _of_place(
    around: Around, text: str, column: Jurisdiction | None, kind: str
) -> NameMatch | None:
    """Resolve an agency whose name begins with that of a city or a township."""
    within = replace(around, county=column)
    words = text.split()
    for at, _ in _prefixes(words):
        body = _body(words[at:])
        if not set(key_of(body.text).split()) <= set(_BODY_WORDS):
            continue
        part = named(" ".join(words[:at]), around.places.state.state)
        if part is None or is_agency(" ".join(words[:at])):
            continue
        rule = (
            resolve_town(within, part)
            if part.kind == "town"
            else resolve_city(
                within, part, "city" if part.kind or kind == "municipality" else "column"
            )
        )
        if rule.jurisdiction is None:
            if rule.method != "unknown":
                return replace(rule, reason=f"Which place the agency is of: {rule.reason}")
            continue
        place = rule.jurisdiction
        if kind == "county":
            return _of_county_by_place(around, place, body, column, rule)
        return _agency(place, place.name, body, rule)
    return None


def _of_county_by_place(
    around: Around,
    place: Jurisdiction,
    body: _Body,
    column: Jurisdiction | None,
    match: NameMatch,
) -> NameMatch:
    """Resolve a county's agency that has a city's name: Jacksonville Sheriff's Office, Duval."""
    if place == column:
        return _agency(place, place.name, body, match)
    if column is None:
        return undecided(
            "contradiction",
            f"The list says that it is a county's; its name says {place.name}, and no county is "
            "printed.",
            [place],
        )
    reason = f"{place.name} lies in {column.name}, whose agency the list says it is."
    return _agency(column, place.name, body, replace(match, reason=reason))
