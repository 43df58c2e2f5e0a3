"""Records to rows of their table, and back, without loss."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.apart import apart
from db.counts import note_count, store_counts
from db.facilities import note_facilities
from db.field_offices import note_offices
from db.names import note_names
from db.reading_sizes import note_size
from db.similar import note_texts
from parsers.records import (
    RECORD_TYPES,
    DeclinedDetainer,
    Listing,
    Offence,
    PolicySection,
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


def store_rows(db: Database, reading_id: int, records: Iterable[Record]) -> None:
    """Write ``records`` under ``reading_id``, each into its table. Call it in a transaction."""
    by_table: dict[type[Record], list[Record]] = {}
    for record in records:
        by_table.setdefault(type(record), []).append(record)
    for record_type, rows in by_table.items():
        if record_type is DeclinedDetainer:
            for row in rows:
                _store_declined(db, reading_id, row)
            store_counts(db, reading_id)
            note_facilities(db, reading_id)
        elif record_type is PolicySection:
            _store_sections(db, reading_id, rows)
        else:
            db.table(record_type.table).insert_all(_columns(row, reading_id) for row in rows)
            if record_type.individual:
                note_count(db, reading_id, record_type, len(rows))
        if record_type is Listing:
            note_offices(db, reading_id)
        note_names(db, record_type.table, reading_id)
        if not record_type.individual:
            note_size(db, reading_id, record_type)


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


def _columns(record: Record, reading_id: int) -> dict[str, Any]:
    row: dict[str, Any] = {"reading_id": reading_id, "position": record.position}
    for name in record.value_fields():
        value = getattr(record, name)
        row[name] = _json(value) if isinstance(value, tuple | Mapping) else value
    row["evidence"] = _json([dataclasses.asdict(spot) for spot in record.evidence])
    if record.kind is STORED_WITH_KEY:
        row["row_key"] = record.row_key()
    return row


def _store_declined(db: Database, reading_id: int, record: Record) -> None:
    row = _columns(record, reading_id)
    offences = json.loads(row.pop("offences"))
    row_id = db.table("declined_detainers").insert(row).last_pk
    db.table("detainer_offences").insert_all(
        {"declined_detainer_id": row_id, "position": position, **offence}
        for position, offence in enumerate(offences, start=1)
    )


def _store_sections(db: Database, reading_id: int, sections: Sequence[Record]) -> None:
    rows = [_columns(section, reading_id) for section in sections]
    texts = _store_texts(db, [row["body"] for row in rows])
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM policy_sections").fetchone()[0]
    events = []
    for row_id, row in enumerate(rows, start=first):
        row["id"] = row_id
        row["text_id"] = texts[row.pop("body")]
        row["heading_sha256"] = words_sha256(row["heading"])
        row["note_sha256"] = words_sha256(row["history_note"])
        events += [
            {"policy_section_id": row_id, "position": position, **event}
            for position, event in enumerate(json.loads(row.pop("events")), start=1)
        ]
    db.table("policy_sections").insert_all(rows)
    db.table("section_events").insert_all(events)


def _store_texts(db: Database, texts: Iterable[str]) -> dict[str, int]:
    """Store each text that is not there yet, and return the ids of all, by text."""
    ids = {}
    new = {}
    for text in dict.fromkeys(texts):
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        found = db.execute("SELECT id FROM section_texts WHERE sha256 = ?", [sha256]).fetchone()
        if found is None:
            words = same_text(text)
            found = db.execute(
                """INSERT INTO section_texts (sha256, words_sha256, text) VALUES (?, ?, ?)
                RETURNING id""",
                [sha256, hashlib.sha256(words.encode()).hexdigest(), text],
            ).fetchone()
            new[found[0]] = words
        ids[text] = int(found[0])
    note_texts(db, new)
    return ids


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
