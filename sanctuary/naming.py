"""From printed names to places: what people decided first, the rules of ``places`` for the rest.

Names are resolved where they were noted: after each document, and when a command that writes ends.
A name that a command left behind when it died is picked up by the next. What a name is taken for
depends on the name, the rules and the decisions alone, not on what was loaded before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlite_utils import Database

from db.facilities import (
    NotedFacility,
    Whereabouts,
    facilities,
    newest_facility,
    place_facility,
)
from db.names import (
    NotedName,
    all_names,
    forget_unnamed,
    known_jurisdictions,
    name_anew,
    names_to_resolve,
    resolve,
    sources_named_anew,
    write_geoid_changes,
)
from db.quotes import renew_quotes, renew_quotes_of_names
from db.settings import setting, write_setting
from parsers.records import Jurisdiction, NameMatch, PrintedName
from parsers.records.same_text import same_text
from sanctuary.decisions import DECIDED_BY, METHOD, Decisions, NameDecision
from sanctuary.errors import CommandError
from sanctuary.gazetteer import load_places

if TYPE_CHECKING:
    from places.gazetteer import Gazetteer

_RULES = "naming_rules"
_CHECKED = "naming_decisions"


class UnknownPlace(CommandError):
    """A decision names a jurisdiction that nobody knows: a person mends it."""

    def __init__(self, entry: str, key: str, place: str) -> None:
        """Take what the entry is known by, its key, and the id that it names."""
        super().__init__(
            f"jurisdictions.yml: {entry}: {key}: there is no {place}; name one that "
            "`sanctuary jurisdictions show` knows, or describe it in an entry of its own (place: …)"
        )


class Places:
    """What names are resolved with: the gazetteer, and the places that people described."""

    def __init__(self, decisions: Decisions) -> None:
        """Take what people decided; the gazetteer is loaded when it is first asked."""
        self._own = {each.place: each.jurisdiction() for each in decisions.places}

    @cached_property
    def _gazetteer(self) -> Gazetteer:
        return load_places()

    def get(self, place: str) -> Jurisdiction | None:
        """Return the jurisdiction of that id, None if there is none."""
        return self._own.get(place) or self._gazetteer.get(place)

    def chain(self, jurisdiction: Jurisdiction) -> tuple[Jurisdiction, ...]:
        """Return a jurisdiction with all that it lies in: the outermost first, itself last."""
        if jurisdiction.parent_id not in self._own:
            return self._gazetteer.chain(jurisdiction)
        return (*self.chain(self._own[jurisdiction.parent_id]), jurisdiction)

    def resolve(self, name: PrintedName) -> NameMatch:
        """Return what the rules take a name for."""
        from places.names import resolve as by_rules

        return by_rules(name, self._gazetteer)


def begin_naming(db: Database, decisions: Decisions) -> None:
    """Let names be resolved by these decisions for as long as ``db`` is open.

    Names that were decided or resolved otherwise wait to be resolved anew: where a decision came,
    went or is another, and all that no person decided where the rules are others. Raises
    UnknownPlace if a decision names a jurisdiction that nobody knows.
    """
    rules = rules_version()
    entries = decisions.model_dump_json()
    with db.atomic():
        # On this connection alone: what is decided of a name that is withheld is not published.
        db.execute(
            """CREATE TEMP TABLE IF NOT EXISTS decisions (
                entries TEXT NOT NULL,
                facilities INTEGER NOT NULL
            ) STRICT"""
        )
        db.execute("DELETE FROM temp.decisions")
        # No facility has been looked at yet.
        db.execute("INSERT INTO temp.decisions VALUES (?, 0)", [entries])
        checked = hashlib.sha256(f"{rules} {entries}".encode()).hexdigest()
        is_new = setting(db, _RULES) != rules
        if setting(db, _CHECKED) != checked:
            _check(decisions)
            name_anew(db, _decided_otherwise(db, decisions))
            write_setting(db, _CHECKED, checked)
        if is_new:
            name_anew(db, [each.noted.id for each in all_names(db) if not each.reviewed])
            write_setting(db, _RULES, rules)


def rules_version() -> str:
    """Return by what it is known that names may be resolved otherwise.

    That is a hash of the rules, the code of ``places``, and of the versions of its data packages.
    """
    import places
    from places.packages import versions

    said = hashlib.sha256(json.dumps(versions(), sort_keys=True).encode())
    for module in sorted(Path(places.__path__[0]).glob("*.py")):
        said.update(module.read_bytes())
    return said.hexdigest()


def _check(decisions: Decisions) -> None:
    places = Places(decisions)
    for entry, key, place in decisions.named():
        if places.get(place) is None:
            raise UnknownPlace(entry.name(), key, place)


def _decided_otherwise(db: Database, decisions: Decisions) -> Iterator[int]:
    """Yield the names beside which another decision is written than stands in the file today.

    Or another place, where a person described that place.
    """
    described = {each.place: each.jurisdiction() for each in decisions.places}
    known = known_jurisdictions(db)
    for each in all_names(db):
        place = each.jurisdiction
        decision = _decision(decisions, each.noted)
        wanted = decision and (decision.jurisdiction_id, decision.said())
        written = (place.id if place else None, each.reason) if each.reviewed else None
        around = _chain(known, place.id if place else None)
        if wanted != written or any(_is_described_otherwise(one, described) for one in around):
            yield each.noted.id


def _chain(known: Mapping[str, Jurisdiction], place: str | None) -> Iterator[Jurisdiction]:
    """Yield a place that is written, and all that it lies in by what is written."""
    while place is not None:
        yield known[place]
        place = known[place].parent_id


def _is_described_otherwise(place: Jurisdiction, known: Mapping[str, Jurisdiction]) -> bool:
    if place.id in known:
        return place != known[place.id]
    return place.authority.startswith(DECIDED_BY)


def _decision(decisions: Decisions, noted: NotedName) -> NameDecision | None:
    around = {key: value for key, value in asdict(noted.name).items() if value is not None}
    printed = around.pop("printed")
    return decisions.of_name(noted.source_id, printed, around)


def resolve_names(db: Database) -> None:
    """Resolve the names that nobody has tried to yet, and renew what depends on them.

    Where nothing is new the gazetteer is not loaded. People's decisions are those of
    ``begin_naming``; without it the rules decide alone.
    """
    names, facility = names_to_resolve(db), newest_facility(db)
    looked_at = _looked_at(db)
    if not names and looked_at in (None, facility):
        return
    decisions = _decisions_of(db)
    places = Places(decisions or Decisions())
    with db.atomic():
        again = sources_named_anew(db)
        if names:
            for noted in names:
                _resolve(db, noted, decisions or Decisions(), places)
            _write_geoid_changes(db)
            renew_quotes_of_names(db, [noted.id for noted in names])
            for source_id in again:
                renew_quotes(db, source_id)
        placed = False
        if decisions is not None and looked_at != facility:
            placed = _place_facilities(db, decisions, places)
            db.execute("UPDATE temp.decisions SET facilities = ?", [facility])
        if again or placed:
            forget_unnamed(db)


def _looked_at(db: Database) -> int | None:
    """Return the newest facility of which a decision was looked for; None if nobody said any."""
    there = db.execute("SELECT 1 FROM sqlite_temp_master WHERE name = 'decisions'").fetchone()
    if there is None:
        return None
    return int(db.execute("SELECT facilities FROM temp.decisions").fetchone()[0])


def _decisions_of(db: Database) -> Decisions | None:
    """Return what was decided, None if nobody said what was."""
    if _looked_at(db) is None:
        return None
    (entries,) = db.execute("SELECT entries FROM temp.decisions").fetchone()
    return Decisions.model_validate_json(entries)


def _resolve(db: Database, noted: NotedName, decisions: Decisions, places: Places) -> None:
    decision = _decision(decisions, noted)
    if decision is None:
        match = places.resolve(noted.name)
    else:
        place = decision.jurisdiction_id
        found = places.get(place) if place else None
        if place and found is None:
            raise UnknownPlace(decision.name(), "jurisdiction", place)
        match = NameMatch(found, METHOD, decision.said())
    known: tuple[Jurisdiction, ...] = ()
    if match.jurisdiction:
        # What the rules make as printed may be described by a person.
        known = places.chain(places.get(match.jurisdiction.id) or match.jurisdiction)
    resolve(db, noted.id, match, known, decision is not None)


def _write_geoid_changes(db: Database) -> None:
    from places.geoids import GEOID_CHANGES

    write_geoid_changes(db, [asdict(each) for each in GEOID_CHANGES])


def _place_facilities(db: Database, decisions: Decisions, places: Places) -> bool:
    """Write of each facility what a person decided, and say whether anything is another."""
    placed = False
    known = known_jurisdictions(db)
    described = {each.place: each.jurisdiction() for each in decisions.places}
    for facility in facilities(db):
        wanted = _whereabouts(decisions, facility)
        stands = (facility.whereabouts.location_id, facility.whereabouts.operator_id)
        around = [one for place in stands for one in _chain(known, place)]
        other = any(_is_described_otherwise(one, described) for one in around)
        if wanted != facility.whereabouts or other:
            for key, place in (("location", wanted.location_id), ("operator", wanted.operator_id)):
                _make_known(db, places, facility, key, place)
            place_facility(db, facility.id, wanted)
            placed = True
    return placed


def _whereabouts(decisions: Decisions, facility: NotedFacility) -> Whereabouts:
    decision = decisions.of_facility(
        facility.source_id, facility.printed, facility.jurisdiction_printed
    )
    if decision is None:
        return Whereabouts()
    return Whereabouts(decision.location, decision.operator, decision.said())


def _make_known(
    db: Database, places: Places, facility: NotedFacility, key: str, place: str | None
) -> None:
    if place is None:
        return
    found = places.get(place)
    if found is None:
        raise UnknownPlace(f"{facility.source_id}: {facility.printed}", key, place)
    for jurisdiction in places.chain(found):
        db.table("jurisdictions").upsert(asdict(jurisdiction), pk="id")


def find_place(text: str, db: Database | None = None) -> NameMatch:
    """Return what a person means who types ``text``: an id, or a name with its state.

    With ``db`` it may be a place that only the history knows, or a name as a document prints it,
    where all that print it so mean one place.
    """
    words = text.strip()
    if db is not None and (known := _known(db, words)) is not None:
        return known
    places = Places(Decisions())
    if "/" in words:
        found = places.get(words)
        if found is not None:
            return NameMatch(found, "id", f"{words} is its id.")
        return NameMatch(None, "id", f"There is no jurisdiction with the id {words}.")
    match = places.resolve(PrintedName(words))
    if match.jurisdiction is None and db is not None:
        return _printed(db, words) or match
    return match


def _known(db: Database, place: str) -> NameMatch | None:
    for row in db.query("SELECT * FROM jurisdictions WHERE id = ?", [place]):
        return NameMatch(Jurisdiction(**row), "id", f"{place} is its id.")
    return None


def _printed(db: Database, words: str) -> NameMatch | None:
    """Return the one place that documents mean by a name, None if there is no such one."""
    folded = same_text(words).casefold()
    found = {
        each.jurisdiction.id: each.jurisdiction
        for each in all_names(db)
        if each.jurisdiction and same_text(each.noted.name.printed).casefold() == folded
    }
    if len(found) != 1:
        return None
    (place,) = found.values()
    return NameMatch(place, "printed", f"Documents print {words}, and are taken to mean it.")
