"""Which place a person means: by its id, by its name, or as a list prints it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from db.named import NameOfPlace, known_jurisdiction, names_of, names_printed
from parsers.records import Jurisdiction
from sanctuary.gazetteer import load_places
from sanctuary.naming import find_place


@dataclass(frozen=True)
class FoundPlace:
    """What was found for a text: a jurisdiction, names that stand for none yet, or a choice."""

    text: str
    jurisdiction: Jurisdiction | None = None
    chain: tuple[Jurisdiction, ...] = ()
    """What it lies in, the outermost first."""
    names: tuple[NameOfPlace, ...] = ()
    """The printed names of that jurisdiction; or those printed exactly so that stand for none."""
    candidates: tuple[Jurisdiction, ...] = ()
    """Where nothing is found: the places that it might be."""
    reason: str = ""
    """Where nothing is found: why, in a sentence."""

    @property
    def is_found(self) -> bool:
        """There is something to show."""
        return self.jurisdiction is not None or bool(self.names)


def jurisdiction_of_id(db: Database, jurisdiction_id: str) -> Jurisdiction | None:
    """Return a jurisdiction by its id, whether or not anything that is held names it."""
    return known_jurisdiction(db, jurisdiction_id) or load_places().get(jurisdiction_id)


def place_of_id(db: Database, jurisdiction_id: str) -> FoundPlace | None:
    """Return the place of an id; None if there is none."""
    found = jurisdiction_of_id(db, jurisdiction_id)
    return _found(db, jurisdiction_id, found) if found else None


def find(db: Database, text: str) -> FoundPlace:
    """Return what ``text`` means: an id, a name with its state, or a name exactly as printed.

    A text that two places answer to finds neither, but both as candidates.
    """
    text = text.strip()
    match = find_place(text, db)
    if match.jurisdiction is not None:
        return _found(db, text, match.jurisdiction)
    printed = names_printed(db, text)
    resolved = {name.jurisdiction_id for name in printed if name.jurisdiction_id}
    candidates = _known(db, dict.fromkeys([*match.candidates, *sorted(resolved)]))
    if candidates:
        return FoundPlace(text, candidates=candidates, reason=match.reason)
    return FoundPlace(text, names=tuple(printed), reason=match.reason)


def _found(db: Database, text: str, jurisdiction: Jurisdiction) -> FoundPlace:
    return FoundPlace(
        text,
        jurisdiction,
        chain=chain_of(db, jurisdiction),
        names=tuple(names_of(db, [jurisdiction.id])),
    )


def chain_of(db: Database, jurisdiction: Jurisdiction) -> tuple[Jurisdiction, ...]:
    """Return what a jurisdiction lies in, the outermost first."""
    found: list[Jurisdiction] = []
    parent = jurisdiction.parent_id
    while parent is not None and (above := jurisdiction_of_id(db, parent)) is not None:
        if above in found:
            break
        found.insert(0, above)
        parent = above.parent_id
    return tuple(found)


def _known(db: Database, ids: Iterable[str]) -> tuple[Jurisdiction, ...]:
    return tuple(found for each in ids if (found := jurisdiction_of_id(db, each)))
