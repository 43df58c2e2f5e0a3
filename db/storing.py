"""Records to rows of their tables, all of a reading at once (``db.rows`` has the way back)."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlite_utils import Database

from db.bulk import insert_rows
from db.counts import note_count, store_counts
from db.facilities import note_facilities
from db.field_offices import note_offices
from db.names import TABLES, note_names
from db.reading_sizes import note_size
from db.rows import CHILDREN, STORED_WITH_KEY, words_sha256
from db.similar import note_texts
from parsers.records import DeclinedDetainer, Listing, PolicySection, Record
from parsers.records.same_text import same_text


def _as_mapping(value: Any) -> dict[str, object]:
    """Return what ``dataclasses.asdict`` does of a dataclass, without copying what it holds."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


_json = json.JSONEncoder(ensure_ascii=False, default=_as_mapping).encode


def store_rows(db: Database, reading_id: int, records: Iterable[Record]) -> None:
    """Write ``records`` under ``reading_id``, each into its table. Call it in a transaction."""
    by_table: dict[type[Record], list[Record]] = {}
    for record in records:
        by_table.setdefault(type(record), []).append(record)
    for record_type, rows in by_table.items():
        if record_type is PolicySection:
            ids = _store_sections(db, reading_id, rows)
        else:
            ids = _store(db, reading_id, record_type, rows)
        if record_type.table in CHILDREN:
            _store_children(db, record_type, zip(ids, rows, strict=True))
        if record_type is DeclinedDetainer:
            store_counts(db, reading_id)
            note_facilities(db, reading_id)
        elif record_type.individual:
            note_count(db, reading_id, record_type, len(rows))
        if record_type is Listing:
            note_offices(db, reading_id)
        if not record_type.individual:
            note_size(db, reading_id, record_type)


_OWN_PLACE = {"declined_detainers": ("offences",), "policy_sections": ("events", "body")}
"""The fields that stand in tables of their own."""


def _store(
    db: Database,
    reading_id: int,
    record_type: type[Record],
    rows: Sequence[Record],
    more: Mapping[str, Callable[[Any], object]] = MappingProxyType({}),
) -> range:
    """Write rows of one type with ``more`` columns than they have fields, and return their ids."""
    elsewhere = _OWN_PLACE.get(record_type.table, ())
    fields = [name for name in record_type.value_fields() if name not in elsewhere]
    added: dict[str, Sequence[object]] = {
        name: [value(row) for row in rows] for name, value in more.items()
    }
    if record_type.kind is STORED_WITH_KEY:
        added["row_key"] = [row.row_key() for row in rows]
    if record_type.table in TABLES:
        added["name_id"] = note_names(db, reading_id, rows)
    more_of_rows = zip(*added.values(), strict=True) if added else [()] * len(rows)
    return insert_rows(
        db,
        record_type.table,
        ("reading_id", "position", "evidence", *fields, *added),
        (
            (
                reading_id,
                row.position,
                _json(row.evidence),
                *[
                    value if type(value := getattr(row, name)) in _AS_IT_IS else _stored(value)
                    for name in fields
                ],
                *more_values,
            )
            for row, more_values in zip(rows, more_of_rows, strict=True)
        ),
    )


_AS_IT_IS = frozenset((str, int, float, bool, type(None)))
"""The types of what is stored without being put into JSON."""


def _stored(value: object) -> object:
    if isinstance(value, str | int | float):
        return value
    if not value:
        return "{}" if isinstance(value, Mapping) else "[]"
    return _json(value)


def _store_children(
    db: Database, record_type: type[Record], rows: Iterable[tuple[int, Record]]
) -> None:
    """Write the rows that belong to rows, by the ids of these."""
    field = _OWN_PLACE[record_type.table][0]
    child, parent = CHILDREN[record_type.table]
    found: list[tuple[int, int, Any]] = [
        (row_id, position, each)
        for row_id, row in rows
        for position, each in enumerate(getattr(row, field), start=1)
    ]
    if found:
        columns = [each.name for each in dataclasses.fields(found[0][2])]
        values = (
            (row_id, position, *(getattr(each, name) for name in columns))
            for row_id, position, each in found
        )
        insert_rows(db, child, (parent, "position", *columns), values)


def _store_sections(db: Database, reading_id: int, sections: Sequence[Any]) -> range:
    texts = _store_texts(db, (each.body for each in sections))
    return _store(
        db,
        reading_id,
        PolicySection,
        sections,
        {
            "text_id": lambda row: texts[row.body],
            "heading_sha256": lambda row: words_sha256(row.heading),
            "note_sha256": lambda row: words_sha256(row.history_note),
        },
    )


def _store_texts(db: Database, texts: Iterable[str]) -> dict[str, int]:
    """Store each text that is not there yet, and return the ids of all, by text."""
    ids: dict[str, int] = {}
    new: dict[str, tuple[str, str]] = {}
    for text in dict.fromkeys(texts):
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        found = db.execute("SELECT id FROM section_texts WHERE sha256 = ?", [sha256]).fetchone()
        if found is None:
            new[text] = sha256, same_text(text)
        else:
            ids[text] = int(found[0])
    stored = insert_rows(
        db,
        "section_texts",
        ("sha256", "words_sha256", "text"),
        (
            (sha256, hashlib.sha256(words.encode()).hexdigest(), text)
            for text, (sha256, words) in new.items()
        ),
    )
    note_texts(db, dict(zip(stored, (words for _, words in new.values()), strict=True)))
    return ids | dict(zip(new, stored, strict=True))
