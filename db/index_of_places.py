"""The places that lists, reports, agreements and policies name, to be found by state."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

# Names of rows about individuals alone make no entry. A look at the index for each name, not one at
# all rows.
_IS_NAMED = f"""({
    " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE name_id = jurisdiction_names.id)"
        for table in ("listings", "detainer_counts", "agreements", "policies")
    )
} OR EXISTS (SELECT 1 FROM sources
        WHERE sources.id = source_id AND sources.jurisdiction = printed))"""


@dataclass(frozen=True)
class NamedPlace:
    """A jurisdiction with how many sources name it."""

    id: str
    kind: str
    name: str
    state: str
    sources: int


@dataclass(frozen=True)
class StateOfPlaces:
    """A state with how many places in it, itself among them, some source names."""

    state: str
    name: str
    places: int


def states_of_places(db: Database) -> list[StateOfPlaces]:
    """Return the states in which any place is named, by name."""
    rows = db.query(
        f"""SELECT named.state, coalesce(states.name, named.state) AS name, places
        FROM (SELECT state, count(*) AS places FROM jurisdictions WHERE EXISTS (
            SELECT 1 FROM jurisdiction_names
            WHERE jurisdiction_id = jurisdictions.id AND {_IS_NAMED}) GROUP BY state) AS named
        LEFT JOIN jurisdictions AS states ON states.kind = 'state' AND states.state = named.state
        ORDER BY name COLLATE NOCASE"""
    )
    return [StateOfPlaces(**row) for row in rows]


def places_of_state(db: Database, state: str) -> list[NamedPlace]:
    """Return the places of a state (two letters) that any source names, by kind and name."""
    rows = db.query(
        f"""SELECT jurisdictions.id, kind, name, state, count(DISTINCT source_id) AS sources
        FROM jurisdiction_names JOIN jurisdictions ON jurisdictions.id = jurisdiction_id
        WHERE {_IS_NAMED} AND state = ?
        GROUP BY jurisdictions.id ORDER BY kind, name, jurisdictions.id""",
        [state],
    )
    return [NamedPlace(**row) for row in rows]


def unresolved_names(db: Database) -> list[str]:
    """Return the printed names that stand for no place yet, each once, in their order."""
    rows = db.execute(
        f"""SELECT DISTINCT printed FROM jurisdiction_names
        WHERE jurisdiction_id IS NULL AND NOT reviewed AND {_IS_NAMED} ORDER BY printed"""
    )
    return [row[0] for row in rows]
