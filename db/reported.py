"""What an edition holds, for a page that shows it as its publisher set it: rows and counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from parsers.records import Box, PageSpot, Record, spot_from_json

_LISTS = ("criteria", "other_columns", "cells", "fields", "fields_text", "evidence")
"""Columns that hold JSON."""


@dataclass(frozen=True)
class Reporter:
    """A source whose editions can be shown as a page each."""

    source_id: str
    title: str
    publisher: str
    of_periods: bool
    """It publishes a report a period; else it is a list or a page that changes."""
    editions: int


@dataclass(frozen=True)
class PrintedRow:
    """A row of a table of records, with the place that its name is taken for."""

    position: int
    values: dict[str, Any]
    """By column, without those that only this database has."""
    evidence: list[dict[str, Any]]
    """The spots where it was read, as they are stored."""
    jurisdiction_id: str | None


@dataclass(frozen=True)
class DeclinedCount:
    """How many declined detainers share one value: of one dimension, never two."""

    value: str
    disposition: str | None
    """Of an offence: ``conviction``, ``charge`` or ``not stated``."""
    detainers: int


@dataclass(frozen=True)
class ProblemOnPage:
    """What could not be read of a document, or only with doubt."""

    kind: str
    message: str
    text: str | None
    """The printed text, unless it is about an individual: for who may see the document."""
    boxes: tuple[tuple[int, Box], ...]
    """Page and box, where the document has pages."""


def reporters(db: Database, source_id: str | None = None) -> list[Reporter]:
    """Return the sources whose editions can be shown, or that one: reports first, then by title.

    Policies are not among them: they have pages of their own.
    """
    rows = db.query(
        """SELECT sources.id AS source_id, title, publisher, editions = 'period' AS of_periods,
            (SELECT count(*) FROM editions WHERE source_id = sources.id
                AND public_from IS NOT NULL) AS editions
        FROM sources WHERE (:source_id IS NULL OR sources.id = :source_id)
        AND jurisdiction IS NULL AND NOT EXISTS (
            SELECT 1 FROM readings JOIN policies ON reading_id = readings.id
            WHERE readings.source_id = sources.id)
        AND EXISTS (SELECT 1 FROM editions JOIN edition_readings ON edition_id = editions.id
            WHERE editions.source_id = sources.id AND superseded_at IS NULL)
        ORDER BY of_periods DESC, title, sources.id""",
        {"source_id": source_id},
    )
    return [Reporter(**{**row, "of_periods": bool(row["of_periods"])}) for row in rows]


def printed_rows(
    db: Database, reading_id: int, record: type[Record], start: int, count: int
) -> list[PrintedRow]:
    """Return ``count`` rows of a reading, from number ``start`` (the first is 0), in their order.

    A ``count`` of -1 is all of them.
    """
    of_place = record.place is not None and "name_id" in db.table(record.table).columns_dict
    place = (
        "(SELECT jurisdiction_id FROM jurisdiction_names WHERE id = name_id)"
        if of_place
        else "NULL"
    )
    columns = [
        name for name in db.table(record.table).columns_dict if name in record.value_fields()
    ]
    rows = db.query(
        f"""SELECT position, evidence, {place} AS place_id, {", ".join(columns)}
        FROM {record.table} WHERE reading_id = ? ORDER BY position, id LIMIT ? OFFSET ?""",
        [reading_id, count, start],
    )
    return [_printed(row) for row in rows]


def count_rows(db: Database, reading_id: int, record: type[Record]) -> int:
    """Return how many rows of a table a reading holds."""
    sql = f"SELECT count(*) FROM {record.table} WHERE reading_id = ?"
    return int(db.execute(sql, [reading_id]).fetchone()[0])


def declined_counts(db: Database, reading_id: int) -> dict[str, list[DeclinedCount]]:
    """Return the declined detainers of a reading as counts, by dimension, the largest first."""
    found: dict[str, list[DeclinedCount]] = {}
    for row in db.query(
        """SELECT dimension, value, disposition, detainers FROM declined_counts
        WHERE reading_id = ? ORDER BY dimension, detainers DESC, value""",
        [reading_id],
    ):
        found.setdefault(row.pop("dimension"), []).append(DeclinedCount(**row))
    return found


def declined_months(db: Database, reading_id: int) -> list[DeclinedCount]:
    """Return by month of declining how many detainers a reading holds; the rows have to be open."""
    rows = db.query(
        """SELECT coalesce(substr(date_declined, 1, 7), 'not stated') AS value,
            NULL AS disposition, count(*) AS detainers
        FROM declined_detainers WHERE reading_id = ? GROUP BY 1 ORDER BY 1""",
        [reading_id],
    )
    return [DeclinedCount(**row) for row in rows]


def problems_on_pages(db: Database, reading_id: int) -> tuple[ProblemOnPage, ...]:
    """Return what could not be read of the document of a reading, and where on its pages."""
    rows = db.query(
        "SELECT kind, message, text, evidence FROM problems WHERE reading_id = ? ORDER BY id",
        [reading_id],
    )
    return tuple(
        ProblemOnPage(
            row["kind"],
            row["message"],
            row["text"],
            tuple(
                (spot.page, spot.bbox)
                for spot in map(spot_from_json, json.loads(row["evidence"]))
                if isinstance(spot, PageSpot)
            ),
        )
        for row in rows
    )


def _printed(row: dict[str, Any]) -> PrintedRow:
    values = {
        name: json.loads(value) if name in _LISTS and isinstance(value, str) else value
        for name, value in row.items()
    }
    return PrintedRow(
        position=values.pop("position"),
        evidence=values.pop("evidence"),
        jurisdiction_id=values.pop("place_id"),
        values=values,
    )
