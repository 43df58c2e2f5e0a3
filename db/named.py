"""The printed names of a place, and the rows that print one of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from parsers.records import Jurisdiction


@dataclass(frozen=True)
class NameOfPlace:
    """A name as a source prints it, and why it is taken for the place."""

    id: int
    source_id: str
    printed: str
    jurisdiction_id: str | None
    reason: str | None
    misspelt: bool
    reviewed: bool
    """A person decided it."""


_NAMES = "SELECT id, source_id, printed, jurisdiction_id, reason, misspelt, reviewed"


def known_jurisdiction(db: Database, jurisdiction_id: str) -> Jurisdiction | None:
    """Return a jurisdiction that the history knows by its id, None if nothing names it."""
    for row in db.query("SELECT * FROM jurisdictions WHERE id = ?", [jurisdiction_id]):
        return Jurisdiction(**row)
    return None


def bodies_of(db: Database, jurisdiction_id: str) -> list[Jurisdiction]:
    """Return the agencies, jails and systems of a place that the history knows, by name."""
    rows = db.query(
        """SELECT * FROM jurisdictions WHERE parent_id = ?
            AND kind IN ('agency', 'jail', 'system') ORDER BY name, id""",
        [jurisdiction_id],
    )
    return [Jurisdiction(**row) for row in rows]


def of_the_same_name(db: Database, jurisdiction: Jurisdiction) -> list[Jurisdiction]:
    """Return the other places that some source prints and that share the name, by id.

    What a name shares is the part of the id that stands for it: a Nassau County, a city and a town
    of Nassau are one name.
    """
    name = name_in_id(jurisdiction)
    rows = db.query(
        """SELECT * FROM jurisdictions WHERE kind NOT IN ('agency', 'jail', 'system') AND id != :id
            AND (instr(id || '/', '/' || kind || '/' || :name || '/')
                OR NOT instr(id, '/' || kind || '/'))
            AND id IN (SELECT jurisdiction_id FROM jurisdiction_names) ORDER BY id""",
        {"id": jurisdiction.id, "name": name},
    )
    return [other for other in (Jurisdiction(**row) for row in rows) if name_in_id(other) == name]


def name_in_id(jurisdiction: Jurisdiction) -> str:
    """Return the part of an id that stands for the name: ``nassau`` of us/ny/county/nassau."""
    _, found, below = jurisdiction.id.partition(f"/{jurisdiction.kind}/")
    return below.split("/")[0] if found else jurisdiction.name.casefold().replace(" ", "-")


def names_of(db: Database, jurisdiction_ids: Collection[str]) -> list[NameOfPlace]:
    """Return the printed names that are taken for one of these jurisdictions, by source."""
    return _names(
        db,
        "jurisdiction_id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(jurisdiction_ids))],
    )


def names_printed(db: Database, text: str) -> list[NameOfPlace]:
    """Return the names that are printed exactly so, resolved or not, by source.

    A state may follow that stands in a column of its own (``db.places.printed_place``).
    """
    name, _, state = text.rpartition(", ")
    where = "printed = ? OR printed = ? AND json_extract(context, '$.state') = ?"
    return _names(db, where, [text, name, state])


def place_of_row(db: Database, table: str, row_id: int) -> str | None:
    """Return the id of the jurisdiction for which the name that a row prints is taken.

    None where that is not decided, or the rows of this table name no place.
    """
    if "name_id" not in db.table(table).columns_dict:
        return None
    row = db.execute(
        f"""SELECT jurisdiction_id FROM {table}
        JOIN jurisdiction_names ON jurisdiction_names.id = name_id WHERE {table}.id = ?""",
        [row_id],
    ).fetchone()
    return None if row is None else row[0]


def _names(db: Database, where: str, params: list[Any]) -> list[NameOfPlace]:
    rows = db.query(
        f"{_NAMES} FROM jurisdiction_names WHERE {where} ORDER BY source_id, printed, id", params
    )
    return [
        NameOfPlace(**{**row, "misspelt": bool(row["misspelt"]), "reviewed": bool(row["reviewed"])})
        for row in rows
    ]


IN_STATE = """jurisdiction_id IS NULL AND NOT reviewed AND (
    lower(json_extract(context, '$.state')) IN (lower(:state), lower(:name))
    OR lower(printed) = lower(:name)
    OR lower(printed) LIKE '%, ' || lower(:state)
    OR lower(printed) LIKE '%, ' || lower(:name)
    OR lower(printed) LIKE '%, ' || lower(:name) || ' (%'
    OR EXISTS (SELECT 1 FROM json_each(candidates)
        WHERE value LIKE 'us/' || lower(:state) || '/%'))"""
"""In SQL: a printed name that stands for no jurisdiction yet, and lies in a state.

``:state`` is its two letters, ``:name`` its name. Of a name without its state nothing can be said.
"""


def unresolved_in(db: Database, state: str, state_name: str) -> dict[str, int]:
    """Return by source how many names of its list in one state stand for no jurisdiction yet."""
    rows = db.execute(
        f"""SELECT source_id, count(*) FROM jurisdiction_names
        WHERE {IN_STATE} AND EXISTS (SELECT 1 FROM listings JOIN edition_readings
            ON edition_readings.reading_id = listings.reading_id AND superseded_at IS NULL
            WHERE name_id = jurisdiction_names.id) GROUP BY source_id""",
        {"state": state, "name": state_name},
    )
    return dict(rows.fetchall())


def unresolved_counts(db: Database, state: str, state_name: str) -> dict[int, tuple[str, ...]]:
    """Return by reading the names of Section I in one state that stand for no jurisdiction yet."""
    found: dict[int, tuple[str, ...]] = {}
    rows = db.execute(
        f"""SELECT reading_id, printed FROM detainer_counts
        JOIN jurisdiction_names ON jurisdiction_names.id = name_id
        WHERE {IN_STATE} ORDER BY reading_id, position""",
        {"state": state, "name": state_name},
    )
    for reading_id, printed in rows:
        found[reading_id] = (*found.get(reading_id, ()), printed)
    return found


@dataclass(frozen=True)
class ListSource:
    """A source whose documents list jurisdictions."""

    id: str
    title: str
    publisher: str
    partial: bool
    in_report: bool
    """It is Section III of a report, which has other sections that name places."""
    notice: str | None
    """What its newest document says of itself if it is no official one."""


def lists(db: Database) -> list[ListSource]:
    """Return the sources of which an edition ever held listings, by title and id."""
    rows = db.query(
        """SELECT sources.id, sources.title, publisher, partial, max(readings.notice) AS notice,
            EXISTS (SELECT 1 FROM readings JOIN reading_sizes ON reading_id = readings.id
                WHERE readings.source_id = sources.id
                AND table_name = 'detainer_counts') AS in_report
        FROM sources JOIN editions ON editions.source_id = sources.id
        JOIN edition_readings ON edition_id = editions.id AND superseded_at IS NULL
        JOIN readings ON readings.id = edition_readings.reading_id
        JOIN reading_sizes ON reading_sizes.reading_id = readings.id AND table_name = 'listings'
        GROUP BY sources.id ORDER BY sources.title, sources.id"""
    )
    flags = ("partial", "in_report")
    return [ListSource(**{**row, **{name: bool(row[name]) for name in flags}}) for row in rows]


def listing_sources(db: Database, names: Iterable[NameOfPlace]) -> frozenset[str]:
    """Return the sources of which an edition lists one of these names."""
    rows = db.execute(
        """SELECT DISTINCT source_id FROM current_listings
        WHERE name_id IN (SELECT value FROM json_each(?))""",
        [json.dumps([name.id for name in names])],
    )
    return frozenset(row[0] for row in rows)


def rows_naming(
    db: Database, table: str, names: Iterable[int], order: str = "public_from, edition_id, id"
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a ``current_`` view that print one of these names, with their source.

    Each has ``title``, ``publisher`` and ``document_sha256`` beside its columns.
    """
    yield from db.query(
        f"""SELECT current_{table}.*, sources.title AS source_title,
            sources.publisher AS source_publisher, readings.document_sha256
        FROM current_{table} JOIN sources ON sources.id = current_{table}.source_id
        JOIN readings ON readings.id = current_{table}.reading_id
        WHERE name_id IN (SELECT value FROM json_each(?)) ORDER BY {order}""",
        [json.dumps(sorted(names))],
    )


@dataclass(frozen=True)
class PolicySource:
    """A policy of a place that is watched."""

    id: str
    title: str
    publisher: str
    versions: int

    @property
    def words(self) -> str:
        """All of that in a sentence."""
        held = f"{self.versions} version{'' if self.versions == 1 else 's'} held"
        return f"{self.title}, {self.publisher}: {held if self.versions else 'no version held yet'}"


def policies_of(db: Database, names: Collection[NameOfPlace]) -> list[PolicySource]:
    """Return the sources of policies that belong to one of these names, by title.

    It is theirs if the entry of the source or the policy itself prints the name.
    """
    rows = db.query(
        """SELECT id, title, publisher,
            (SELECT count(*) FROM edition_readings
                JOIN editions ON editions.id = edition_readings.edition_id
                WHERE editions.source_id = sources.id AND superseded_at IS NULL) AS versions
        FROM sources WHERE id IN (
            SELECT sources.id FROM sources JOIN jurisdiction_names ON source_id = sources.id
                AND printed = sources.jurisdiction
                WHERE jurisdiction_names.id IN (SELECT value FROM json_each(:ids))
            UNION SELECT source_id FROM current_policies
                WHERE name_id IN (SELECT value FROM json_each(:ids)))
        ORDER BY title, id""",
        {"ids": json.dumps([name.id for name in names])},
    )
    return [PolicySource(**row) for row in rows]
