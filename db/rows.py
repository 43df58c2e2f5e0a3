"""Records to rows of their table, and back, without loss."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from db.counts import store_counts
from parsers.records import (
    RECORD_TYPES,
    DeclinedDetainer,
    Offence,
    Record,
    TableKind,
    spot_from_json,
)

STORED_WITH_KEY = TableKind.STANDING
"""Rows of standing tables carry their key, so that SQL can follow a row through editions."""


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
        else:
            db.table(record_type.table).insert_all(_columns(row, reading_id) for row in rows)


def load_rows(db: Database, reading_id: int, record_type: type[Record]) -> list[Record]:
    """Return the records of one type that a reading holds, in the order of the document."""
    rows = db.query(
        f"SELECT * FROM {record_type.table} WHERE reading_id = ? ORDER BY position",
        [reading_id],
    )
    if record_type is DeclinedDetainer:
        offences = _offences(db, reading_id)
        return [_record(record_type, {**row, "offences": offences[row["id"]]}) for row in rows]
    return [_record(record_type, row) for row in rows]


def count_standing_rows(db: Database, reading_id: int) -> int:
    """Return how many rows of standing tables a reading holds."""
    return sum(
        db.execute(
            f"SELECT count(*) FROM {record.table} WHERE reading_id = ?", [reading_id]
        ).fetchone()[0]
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


def _offences(db: Database, reading_id: int) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in db.query(
        """SELECT declined_detainers.id AS row_id, offence, disposition
        FROM declined_detainers LEFT JOIN detainer_offences
            ON detainer_offences.declined_detainer_id = declined_detainers.id
        WHERE reading_id = ? ORDER BY declined_detainers.id, detainer_offences.position""",
        [reading_id],
    ):
        row_id = row.pop("row_id")
        found.setdefault(row_id, [])
        if row["offence"] is not None:
            found[row_id].append(row)
    return found


def _record(record_type: type[Record], row: dict[str, Any]) -> Record:
    values = {name: row[name] for name in record_type.value_fields()}
    if "criteria" in values:
        values["criteria"] = tuple(json.loads(values["criteria"]))
    if "other_columns" in values:
        values["other_columns"] = json.loads(values["other_columns"])
    if "offences" in values:
        values["offences"] = tuple(Offence(**offence) for offence in values["offences"])
    evidence = tuple(spot_from_json(spot) for spot in json.loads(row["evidence"]))
    return record_type(**values, position=row["position"], evidence=evidence)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=dataclasses.asdict)
