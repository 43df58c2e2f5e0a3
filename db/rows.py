"""Rows of a table back to the records that ``db.storing`` wrote, without loss."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.apart import apart
from parsers.records import (
    RECORD_TYPES,
    Offence,
    Record,
    SectionEvent,
    TableKind,
    spot_from_json,
)
from parsers.records.same_text import same_text

STORED_WITH_KEY = TableKind.STANDING
"""Rows of standing tables carry their key, so that SQL can follow a row through editions."""
CHILDREN = {
    "declined_detainers": ("detainer_offences", "declined_detainer_id"),
    "policy_sections": ("section_events", "policy_section_id"),
}
"""The tables whose rows have rows of their own: where these stand, and the column that names the
row they belong to."""


def load_rows(db: Database, reading_id: int, record_type: type[Record]) -> list[Record]:
    """Return the records of one type that a reading holds, in the order of the document."""
    return _records(db, record_type, _OF_READING, reading_id)


@dataclass(frozen=True)
class RowsApart:
    """What is left of the rows of a reading beside another, and how many there were."""

    records: list[Record]
    rows: int


def load_rows_apart(
    db: Database, before: int, after: int, record_type: type[Record]
) -> tuple[RowsApart, RowsApart]:
    """Return the records of one type in which two readings are not alike, in their order.

    A row of the one stands against a row of the other that prints the same values, one to one and
    wherever it stands. Most rows do in two editions of a list, and need not be read any further.
    """
    old, new = apart(
        _values_with_ids(db, before, record_type), _values_with_ids(db, after, record_type)
    )
    return (
        RowsApart(_with_ids(db, record_type, old), _count(db, before, record_type)),
        RowsApart(_with_ids(db, record_type, new), _count(db, after, record_type)),
    )


def _values_with_ids(
    db: Database, reading_id: int, record_type: type[Record]
) -> Iterator[tuple[Hashable, int]]:
    for row_id, values, _, _ in _stored(db, record_type, _OF_READING, reading_id):
        yield values, row_id


def _with_ids(db: Database, record_type: type[Record], ids: Iterable[int]) -> list[Record]:
    given = "id IN (SELECT value FROM json_each(?))"
    return _records(db, record_type, f"{record_type.table}.{given}", json.dumps([*ids]))


_OF_READING = "reading_id = ?"


def _records(db: Database, record_type: type[Record], where: str, given: int | str) -> list[Record]:
    names = record_type.value_fields()
    return [
        _record(record_type, dict(zip(names, values, strict=True)), position, evidence)
        for _, values, position, evidence in _stored(db, record_type, where, given)
    ]


def _stored(
    db: Database, record_type: type[Record], where: str, given: int | str
) -> Iterator[tuple[int, tuple[Any, ...], int, str]]:
    """Yield rows as they are stored: id, values, position and evidence.

    The values are in the order of ``value_fields``, lists and mappings as JSON.
    """
    table, names = record_type.table, record_type.value_fields()
    child = _OF_CHILDREN.get(table)
    columns = ["NULL" if name == child else _COLUMNS.get(name, name) for name in names]
    rows = db.execute(
        f"""SELECT {table}.id, {table}.position, evidence, {", ".join(columns)} FROM {table}
        {_TEXTS if "body" in names else ""}
        WHERE {where} ORDER BY {table}.position, {table}.id""",
        [given],
    )
    if child is None:
        for row_id, position, evidence, *values in rows:
            yield row_id, tuple(values), position, evidence
        return
    place = names.index(child)
    found = _children(db, record_type, where, given)
    for row_id, position, evidence, *values in rows:
        values[place] = found.get(row_id, "[]")
        yield row_id, tuple(values), position, evidence


def _count(db: Database, reading_id: int, record_type: type[Record]) -> int:
    counted = f"SELECT count(*) FROM {record_type.table} WHERE {_OF_READING}"
    return int(db.execute(counted, [reading_id]).fetchone()[0])


_COLUMNS = {"body": "section_texts.text"}
"""Of a field that stands elsewhere: in which column."""
_TEXTS = "JOIN section_texts ON section_texts.id = text_id"
_OF_CHILDREN = {"declined_detainers": "offences", "policy_sections": "events"}
"""The field that the rows of a row make up (``CHILDREN``)."""


def count_standing_rows(db: Database, reading_id: int) -> int:
    """Return how many rows of standing tables a reading holds."""
    return sum(
        _count(db, reading_id, record)
        for record in RECORD_TYPES
        if record.kind is TableKind.STANDING
    )


def words_sha256(text: str | None) -> str | None:
    """Return by what two prints of one text are known: the sha256 of its ``same_text`` form.

    None where nothing is printed.
    """
    return None if text is None else hashlib.sha256(same_text(text).encode()).hexdigest()


def _children(
    db: Database, record_type: type[Record], where: str, given: int | str
) -> dict[int, str]:
    """Return the rows that belong to the rows ``where`` names as JSON, by these rows' ids."""
    child, parent = CHILDREN[record_type.table]
    columns = [
        name for name in db.table(child).columns_dict if name not in ("id", parent, "position")
    ]
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.query(
        f"""SELECT {parent} AS row_id, {", ".join(columns)} FROM {child}
        JOIN {record_type.table} ON {record_type.table}.id = {parent}
        WHERE {where} ORDER BY {child}.{parent}, {child}.position""",
        [given],
    ):
        found.setdefault(row.pop("row_id"), []).append(row)
    return {row_id: _json(rows) for row_id, rows in found.items()}


def _record(
    record_type: type[Record], values: dict[str, Any], position: int, evidence: str
) -> Record:
    for name in values.keys() & {"other_columns", "fields", "fields_text"}:
        values[name] = json.loads(values[name])
    for name in values.keys() & {"criteria", "key_fields", "cells", "path"}:
        values[name] = tuple(json.loads(values[name]))
    if "offences" in values:
        values["offences"] = tuple(Offence(**each) for each in json.loads(values["offences"]))
    if "events" in values:
        values["events"] = tuple(SectionEvent(**each) for each in json.loads(values["events"]))
    spots = tuple(spot_from_json(spot) for spot in json.loads(evidence))
    return record_type(**values, position=position, evidence=spots)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=dataclasses.asdict)
