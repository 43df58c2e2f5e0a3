"""Which rule wants what: the names in the rules, looked up and held against what happened.

A place is matched by its identity, so that a rule finds it however a list prints it. What happens
to a source as a whole (published, taken down, not readable) is of no place, unless the source is
the policy of one: with a filter by state or place it is told to those whose rule names the source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.log import LoggedChange
from parsers.records.same_text import same_text
from sanctuary.notify.settings import Rule
from sanctuary.sources import Sources


@dataclass(frozen=True)
class Wish:
    """A rule whose names were looked up."""

    rule: Rule
    sources: frozenset[str] | None
    """The ids of the sources that it names; None where it names none and wants all."""
    places: frozenset[str]
    """The ids of its places, as far as they are known."""
    printed: frozenset[str]
    """Its places as they are written, folded: names that nobody has resolved are found by them."""
    states: frozenset[str]
    """Its states, folded: two letters where they are known, else as they are written."""
    at_home: frozenset[str]
    """The sources that are policies of its places and states."""
    state_of: dict[str, str]
    """By the id of a place: its state, folded. Empty for a rule without states."""

    def wants(self, change: LoggedChange) -> bool:
        """Say whether the rule asks for a change."""
        rule = self.rule
        if self.sources is not None and change.source_id not in self.sources:
            return False
        if rule.kinds and change.kind not in rule.kinds:
            return False
        if not rule.states and not rule.places:
            return True
        if change.table_name is None:
            return rule.names_source(change.source_id) or change.source_id in self.at_home
        return self._is_in_a_state(change) and self._is_a_place(change)

    def wants_held(self, source_id: str) -> bool:
        """Say whether the rule asks to be told that a document of a source is held."""
        names_it = self.sources is not None and source_id in self.sources
        if self.rule.held is None:
            return names_it
        return self.rule.held and (self.sources is None or names_it)

    def _is_in_a_state(self, change: LoggedChange) -> bool:
        if not self.rule.states:
            return True
        state = self.state_of.get(change.jurisdiction_id or "")
        return bool(self.states & {state, folded_state(change.state or "")})

    def _is_a_place(self, change: LoggedChange) -> bool:
        if not self.rule.places:
            return True
        if change.jurisdiction_id is not None:
            return change.jurisdiction_id in self.places
        return _folded(change.place or "") in self.printed


def look_up(db: Database, watched: Sources) -> list[Wish]:
    """Return the rules of ``watched`` with their names looked up, in their order."""
    homes = _homes(db)
    return [_wish(db, watched, rule, homes) for rule in watched.settings.notify.rules]


def unknown_names(db: Database, watched: Sources) -> Iterator[tuple[str, str, str]]:
    """Yield the names in rules that mean nothing that is known: rule, key and name.

    A list may print them some day, so that they are no faults of the file.
    """
    ids = {source.id for source in watched.sources}
    for rule in watched.settings.notify.rules:
        for state in rule.states:
            if len(folded_state(state)) != 2:
                yield rule.name, "states", state
        for place in rule.places:
            if _place_id(db, place) is None:
                yield rule.name, "places", place
        for policy in rule.policies:
            if policy not in ids and _place_id(db, policy) is None:
                yield rule.name, "policies", policy


def folded_state(text: str) -> str:
    """Return a state by its two letters, folded; what is none as it is written, folded."""
    from places.states import state_code

    return (state_code(text) or _folded(text)).casefold() if text else ""


@dataclass(frozen=True)
class _Homes:
    """Whose policies the sources are, and in which states places lie."""

    of_source: dict[str, set[str]]
    """By source: the ids of the places whose policy it is."""
    state_of: dict[str, str]


def _homes(db: Database) -> _Homes:
    of_source: dict[str, set[str]] = defaultdict(set)
    for source_id, place in db.execute(
        "SELECT source_id, jurisdiction_id FROM policy_jurisdictions"
    ):
        of_source[source_id].add(place)
    states = db.execute("SELECT id, state FROM jurisdictions")
    return _Homes(of_source, {place: state.casefold() for place, state in states})


def _wish(db: Database, watched: Sources, rule: Rule, homes: _Homes) -> Wish:
    places = {found for each in rule.places if (found := _place_id(db, each)) is not None}
    states = {folded_state(each) for each in rule.states}
    return Wish(
        rule=rule,
        sources=_sources(db, watched, rule, homes),
        places=frozenset(places),
        printed=frozenset(map(_folded, rule.places)),
        states=frozenset(states),
        at_home=frozenset(
            source_id
            for source_id, own in homes.of_source.items()
            if (not rule.places or own & places)
            and (not rule.states or states & {homes.state_of.get(place) for place in own})
        ),
        state_of=homes.state_of if rule.states else {},
    )


def _sources(db: Database, watched: Sources, rule: Rule, homes: _Homes) -> frozenset[str] | None:
    if not rule.sources and not rule.policies:
        return None
    found = {source.id for source in watched.sources if rule.names_source(source.id)}
    for policy in rule.policies:
        if any(source.id == policy for source in watched.sources):
            found.add(policy)
        elif (place := _place_id(db, policy)) is not None:
            found |= {each for each, own in homes.of_source.items() if place in own}
    return frozenset(found)


def _place_id(db: Database, text: str) -> str | None:
    # It loads the gazetteer, for which a rule without places need not wait.
    from sanctuary.naming import find_place

    found = find_place(text, db).jurisdiction
    return None if found is None else found.id


def _folded(text: str) -> str:
    return same_text(text).casefold()
