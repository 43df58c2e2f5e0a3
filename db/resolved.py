"""How the printed names stand: resolved, undecided, misspelt, printed no more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from db.names import TABLES

# The readings that every source shows today: of a list its newest edition, of reports the newest
# revision of each period.
_NOW = """SELECT reading_id FROM edition_readings
    JOIN editions ON editions.id = edition_readings.edition_id
    WHERE superseded_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM editions AS later WHERE later.source_id = editions.source_id
        AND later.period_start IS editions.period_start AND later.revision > editions.revision)"""


def _printed(readings: str) -> str:
    return " UNION ".join(
        f"SELECT name_id FROM {table} WHERE reading_id IN ({readings})" for table in TABLES
    )


_OWN_ENTRY = """sources.id = source_id AND sources.jurisdiction = printed AND context = '{}'"""
"""In SQL: the name is that of whose policy a source is, as its entry has it."""
_SQL = f"""WITH shown_now AS MATERIALIZED ({_NOW}),
    printed_now AS MATERIALIZED ({_printed("SELECT reading_id FROM shown_now")}),
    accepted AS MATERIALIZED (SELECT reading_id FROM edition_readings),
    printed AS MATERIALIZED ({_printed("SELECT reading_id FROM accepted")})
    SELECT jurisdiction_names.*, jurisdictions.name AS jurisdiction,
        sources.id IS NULL AND jurisdiction_names.id NOT IN (
            SELECT name_id FROM printed_now WHERE name_id IS NOT NULL) AS lapsed
    FROM jurisdiction_names LEFT JOIN jurisdictions ON jurisdictions.id = jurisdiction_id
    LEFT JOIN sources ON {_OWN_ENTRY}
    WHERE sources.id IS NOT NULL
        OR jurisdiction_names.id IN (SELECT name_id FROM printed WHERE name_id IS NOT NULL)
    ORDER BY source_id, printed, context"""


@dataclass(frozen=True)
class ResolvedName:
    """A name that an accepted document or an entry of a source prints, and what became of it."""

    ids: tuple[int, ...]
    """Those of its rows: tables differ in what could stand around a name, and does not."""
    source_id: str
    printed: str
    context: dict[str, str]
    """What stands around it, without what is not printed: state, level, county, agency_type."""
    status: str
    """``new``, ``resolved``, ``unresolved``, or ``no place`` where a person said so."""
    jurisdiction_id: str | None
    jurisdiction: str | None
    method: str | None
    reason: str | None
    score: float | None
    misspelt: bool
    candidates: tuple[str, ...]
    reviewed: bool
    """A person decided it."""
    lapsed: bool
    """The source prints it no more: what was decided still explains the old rows."""

    @property
    def is_undecided(self) -> bool:
        """Neither the rules nor a person decided it."""
        return self.jurisdiction_id is None and not self.reviewed


def resolved_names(db: Database) -> list[ResolvedName]:
    """Return all names that are shown: by source, name and what stands around it."""
    found: dict[tuple[object, ...], ResolvedName] = {}
    for row in db.query(_SQL):
        name = _resolved(row)
        key = (name.source_id, name.printed, *sorted(name.context.items()))
        if (same := found.get(key)) is not None:
            name = replace(same, ids=same.ids + name.ids, lapsed=same.lapsed and name.lapsed)
        found[key] = name
    return list(found.values())


def _resolved(row: dict[str, Any]) -> ResolvedName:
    context = _stated(row["context"])
    no_place = row["reviewed"] and row["jurisdiction_id"] is None
    keys = ("source_id", "printed", "jurisdiction_id", "jurisdiction", "method", "reason")
    return ResolvedName(
        **{key: row[key] for key in (*keys, "score")},
        ids=(row["id"],),
        context=context,
        status="no place" if no_place else row["status"],
        misspelt=bool(row["misspelt"]),
        candidates=tuple(json.loads(row["candidates"])),
        reviewed=bool(row["reviewed"]),
        lapsed=bool(row["lapsed"]),
    )


@dataclass(frozen=True)
class NameCounts:
    """How many names of a source wait for a person, and how many it misspells."""

    undecided: int = 0
    misspelt: int = 0


def name_counts(db: Database, tables: Collection[str] = TABLES) -> dict[str, NameCounts]:
    """Return by source how many of its names are undecided, and misspelt; without those of none.

    They are the names of ``resolved_names``, or of those what ``tables`` print.
    """
    printed = " OR ".join(
        f"""EXISTS (SELECT 1 FROM {table} JOIN edition_readings USING (reading_id)
            WHERE {table}.name_id = jurisdiction_names.id)"""
        for table in tables
    )
    rows = db.execute(
        f"""SELECT source_id, printed, context, jurisdiction_id IS NULL AND NOT reviewed, misspelt
        FROM jurisdiction_names LEFT JOIN sources ON {_OWN_ENTRY}
        WHERE (jurisdiction_id IS NULL AND NOT reviewed OR misspelt)
        AND (sources.id IS NOT NULL OR {printed})"""
    )
    found: dict[tuple[str, str, str], tuple[int, int]] = {}
    for source_id, name, context, *counted in rows:
        stated = json.dumps(_stated(context), sort_keys=True)
        found[source_id, name, stated] = (counted[0], counted[1])
    undecided: Counter[str] = Counter()
    misspelt: Counter[str] = Counter()
    for (source_id, _, _), (is_undecided, is_misspelt) in found.items():
        undecided[source_id] += is_undecided
        misspelt[source_id] += is_misspelt
    return {
        source_id: NameCounts(undecided[source_id], misspelt[source_id])
        for source_id in sorted(undecided)
    }


def _stated(context: str) -> dict[str, str]:
    """Return what stands around a name, without what is not printed."""
    return {key: value for key, value in json.loads(context).items() if value is not None}


@dataclass(frozen=True)
class Printed:
    """Where a name stands: in the newest edition that prints it."""

    table: str
    rows: int
    """How many rows of that edition print it."""
    period: str | None
    """The period of that edition, ``2017-01-28..2017-02-03``; None of a list without periods."""
    public_from: str
    document_sha256: str
    page: int | None
    """The page of the first of these rows, of a document that has pages."""


def where_printed(db: Database, name: ResolvedName) -> list[Printed]:
    """Return where a name stands, by table; nothing for the name of a source's own entry."""
    found = []
    for table in TABLES:
        rows = list(
            db.query(
                f"""SELECT shown.evidence, edition_id, shown.period_start, shown.period_end,
                    public_from, document_sha256
                FROM current_{table} AS shown JOIN readings ON readings.id = reading_id
                WHERE shown.name_id IN (SELECT value FROM json_each(?))
                ORDER BY shown.period_start DESC, public_from DESC, edition_id, position""",
                [json.dumps(name.ids)],
            )
        )
        if not rows:
            continue
        first = rows[0]
        spots = json.loads(first["evidence"])
        start, end = first["period_start"], first["period_end"]
        found.append(
            Printed(
                table=table,
                rows=sum(row["edition_id"] == first["edition_id"] for row in rows),
                period=f"{start}..{end}" if start else None,
                public_from=first["public_from"],
                document_sha256=first["document_sha256"],
                page=spots[0].get("page") if spots else None,
            )
        )
    return found
