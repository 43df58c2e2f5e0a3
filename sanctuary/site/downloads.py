"""The page with all that can be downloaded, and the data dictionary as JSON and CSV."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlite_utils

from db.reading_sizes import count_current_rows
from parsers.records import RECORD_BY_TABLE
from sanctuary.safe_text import csv_safe
from sanctuary.site.database_file import why_not
from sanctuary.site.download_files import has_parquet
from sanctuary.site.download_list import groups_of, is_offered
from sanctuary.site.navigation import notices
from sanctuary.site.visit import CONTENT_TYPES, Visit

if TYPE_CHECKING:
    from datasette.app import Datasette


@dataclass(frozen=True)
class ColumnSaid:
    """A column with what it holds."""

    name: str
    type: str
    """``INTEGER``, ``REAL`` or ``TEXT``; empty where SQLite declares none."""
    unit: str | None
    description: str


@dataclass(frozen=True)
class TableSaid:
    """A table or view that can be downloaded."""

    name: str
    title: str
    group: str
    description: str
    rows: int | None
    """None of a view that nobody counted before: that takes as long as reading it."""


Described = Mapping[str, Mapping[str, Any]]
"""What the metadata says of tables, by their names."""


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with what can be downloaded, as a page, or as the data dictionary."""
    visit = await Visit.of(request, datasette)
    offered = await visit.read(_offered)
    seen = await visit.visible(offered)
    # Datasette copies the whole of its metadata whenever it is asked for any of it.
    metadata = (datasette.metadata("databases") or {}).get(visit.database.name) or {}
    described = {name: (metadata.get("tables") or {}).get(name) or {} for name in seen}
    if visit.form:
        return await _dictionary(visit, described)
    tables, said = await visit.read(lambda db: (_tables(db, described), notices(db)))
    context = {
        "groups": [
            (group, [table for table in tables if table.group == group.key])
            for group in groups_of(seen)
        ],
        "forms": _forms(),
        "names": {"csv": "CSV", "json": "JSON", "parquet": "Parquet"},
        "parquet": has_parquet(),
        "notices": said,
        "closed": sorted(offered - seen),
        "no_file": await why_not(visit),
    }
    return await visit.html("sanctuary_downloads.html", context)


def _forms() -> tuple[str, ...]:
    return ("csv", "json", "parquet") if has_parquet() else ("csv", "json")


def _offered(db: sqlite_utils.Database) -> frozenset[str]:
    return frozenset(name for name in (*db.table_names(), *db.view_names()) if is_offered(name))


def _tables(db: sqlite_utils.Database, described: Described) -> list[TableSaid]:
    views = set(db.view_names())
    return [
        TableSaid(
            name=name,
            title=title,
            group=group.key,
            description=described[name].get("description") or "",
            rows=_count_of_view(db, name) if name in views else _count(db, name),
        )
        for group in groups_of(frozenset(described))
        for name, title in group.tables.items()
    ]


def _count(db: sqlite_utils.Database, table: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM [{table}]").fetchone()[0])


def _count_of_view(db: sqlite_utils.Database, view: str) -> int | None:
    """Return how many rows a view has, as far as that was counted when editions were accepted."""
    record = RECORD_BY_TABLE.get(view.removeprefix("current_"))
    counted = record is not None and not record.individual and view == f"current_{record.table}"
    return count_current_rows(db, record) if record is not None and counted else None


async def _dictionary(visit: Visit, described: Described) -> Any:
    """Answer with every table and its columns, as JSON; as CSV the columns alone."""

    def look(db: sqlite_utils.Database) -> list[tuple[TableSaid, list[ColumnSaid]]]:
        return [
            (table, _columns(db, table.name, described[table.name]))
            for table in _tables(db, described)
        ]

    found, said = await visit.read(lambda db: (look(db), notices(db)))
    if visit.form == "csv":
        return visit.text(_as_csv(found), CONTENT_TYPES["csv"])
    tables = [
        {
            **asdict(table),
            "columns": [asdict(column) for column in columns],
            "downloads": {form: visit.to.download(table.name, form) for form in _forms()},
        }
        for table, columns in found
    ]
    return visit.json({"notices": said, "tables": tables})


def _columns(
    db: sqlite_utils.Database, table: str, described: Mapping[str, Any]
) -> list[ColumnSaid]:
    said, units = described.get("columns") or {}, described.get("units") or {}
    return [
        ColumnSaid(row[1], row[2].upper(), units.get(row[1]), said.get(row[1]) or "")
        for row in db.execute(f"PRAGMA table_info([{table}])")
    ]


def _as_csv(found: list[tuple[TableSaid, list[ColumnSaid]]]) -> str:
    rows = (
        (table.name, column.name, column.type, column.unit or "", column.description)
        for table, columns in found
        for column in columns
    )
    return csv_safe(("table", "column", "type", "unit", "description"), rows)
