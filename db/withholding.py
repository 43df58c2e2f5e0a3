"""What is taken out of the history because it must not be shown, with a note that it was.

A document that is withheld gives no rows and no changes; its edition stays, with its hash and when
it was public. A row that is withheld is in no edition of its source, those to come among them. What
was taken out is handed to the caller, who keeps it where only the operator reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from db.changes import renew_changes
from db.entries import renew_entries
from db.errors import NothingToWithhold
from db.facilities import UNPRINTED
from db.field_offices import forget_offices
from db.list_events import renew_list_events
from db.names import forget_unnamed, unprinted
from db.outbox import tell_nobody
from db.quotes import forget_quotes, renew_quotes
from db.reading_sizes import renew_sizes
from db.rows import CHILDREN, load_rows
from db.sources import load_source
from db.withheld import SAID_OF_A_ROW, hash_of_key, note_documents
from parsers.records import RECORD_BY_TABLE, RECORD_TYPES, Record

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Order:
    """Why something is withheld, and by whom."""

    reason: str
    by: str


@dataclass(frozen=True)
class TakenOut:
    """What stood in the database, by table, and the documents that hold it."""

    source_id: str
    withheld_id: int
    documents: tuple[str, ...]
    tables: dict[str, Rows] = field(default_factory=dict)


def withhold_document(db: Database, sha256: str, order: Order, now: str) -> list[TakenOut]:
    """Take all that was read from a document out of every source that has it.

    Raises NothingToWithhold if no source does, or it was withheld before.
    """
    sources = [
        row[0]
        for row in db.execute(
            """SELECT DISTINCT source_id FROM captures WHERE document_sha256 = :sha256
            AND source_id NOT IN (
                SELECT source_id FROM withheld JOIN withheld_documents ON withheld_id = withheld.id
                WHERE document_sha256 = :sha256 AND table_name IS NULL)""",
            {"sha256": sha256},
        )
    ]
    if not sources:
        raise NothingToWithhold(sha256[:12], "no source has this document, or not any more")
    with db.atomic():
        return [_document_of(db, source_id, sha256, order, now) for source_id in sources]


def _document_of(db: Database, source_id: str, sha256: str, order: Order, now: str) -> TakenOut:
    readings = _ids(
        db, "SELECT id FROM readings WHERE source_id = ? AND document_sha256 = ?", source_id, sha256
    )
    editions = _ids(
        db,
        f"SELECT DISTINCT edition_id FROM edition_readings WHERE reading_id IN ({_list(readings)})",
    )
    taken = TakenOut(source_id, _note(db, {"source_id": source_id}, order, now), (sha256,))
    note_documents(db, taken.withheld_id, taken.documents)
    forget_quotes(db, source_id)
    for record in RECORD_TYPES:
        _take(db, taken, record.table, f"reading_id IN ({_list(readings)})")
    for table in ("declined_counts", "row_counts"):
        _take(db, taken, table, f"reading_id IN ({_list(readings)})")
    for reading_id in readings:
        renew_sizes(db, reading_id)
    shown = _list(editions)
    _take_changes(
        db,
        taken,
        f"""table_name IS NOT NULL
        AND (edition_before_id IN ({shown}) OR edition_after_id IN ({shown}))""",
    )
    for table in ("problems", "checks"):
        _take(db, taken, table, f"reading_id IN ({_list(readings)})")
    _take_messages(db, taken)
    db.execute(f"UPDATE readings SET title = NULL, notice = NULL WHERE id IN ({_list(readings)})")
    _renew(db, source_id, editions, now)
    _forget_names(db, taken)
    return taken


def withhold_row(db: Database, table: str, row_id: int, order: Order, now: str) -> TakenOut:
    """Take a row out of all editions of its source, and what changed in it out of the changes.

    Raises NothingToWithhold if there is no such row.
    """
    record_type = RECORD_BY_TABLE.get(table)
    if record_type is None:
        raise NothingToWithhold(f"{table}:{row_id}", "there is no such table")
    found = db.execute(
        f"""SELECT readings.id, source_id FROM {table}
        JOIN readings ON readings.id = reading_id WHERE {table}.id = ?""",
        [row_id],
    ).fetchone()
    if found is None:
        raise NothingToWithhold(f"{table}:{row_id}", "there is no such row")
    reading_id, source_id = found
    key = next(
        record.row_key()
        for stored_id, record in _with_ids(db, reading_id, record_type)
        if stored_id == row_id
    )
    with db.atomic():
        return _row_of(db, source_id, record_type, key, order, now)


def _row_of(
    db: Database, source_id: str, record_type: type[Record], key: str, order: Order, now: str
) -> TakenOut:
    table = record_type.table
    ids: list[int] = []
    readings: list[int] = []
    for reading_id in _ids(db, "SELECT id FROM readings WHERE source_id = ?", source_id):
        held = [
            i for i, record in _with_ids(db, reading_id, record_type) if record.row_key() == key
        ]
        ids += held
        readings += [reading_id] if held else []
    documents = tuple(
        row[0]
        for row in db.execute(
            f"SELECT DISTINCT document_sha256 FROM readings WHERE id IN ({_list(readings)})"
        )
    )
    row = {"source_id": source_id, "table_name": table, "row_key_sha256": hash_of_key(key)}
    taken = TakenOut(source_id, _note(db, row, order, now), documents)
    note_documents(db, taken.withheld_id, documents)
    forget_quotes(db, source_id)
    _take(db, taken, table, f"id IN ({_list(ids)})")
    for reading_id in readings:
        renew_sizes(db, reading_id)
    _take_changes(
        db, taken, "source_id = ? AND table_name = ? AND row_key = ?", source_id, table, key
    )
    # A note goes by the key of its row, which says what stood there.
    db.execute(
        "UPDATE notes SET row_key = ? WHERE source_id = ? AND row_key = ?",
        [hash_of_key(key), source_id, key],
    )
    # The text of a problem or a check may be that of the row.
    _take(db, taken, "problems", f"reading_id IN ({_list(readings)})")
    failed = f"reading_id IN ({_list(readings)}) AND NOT passed"
    taken.tables["checks"] = list(db.query(f"SELECT * FROM checks WHERE {failed}"))
    db.execute(
        f"UPDATE checks SET message = ?, expected = '', actual = '' WHERE {failed}", [SAID_OF_A_ROW]
    )
    _take_messages(db, taken)
    editions = _ids(
        db,
        f"SELECT DISTINCT edition_id FROM edition_readings WHERE reading_id IN ({_list(readings)})",
    )
    # A row that is in none of the next editions may have got another name there.
    editions += _ids(
        db,
        f"""SELECT DISTINCT edition_after_id FROM changes WHERE superseded_at IS NULL
        AND edition_before_id IN ({_list(editions)}) AND edition_after_id IS NOT NULL""",
    )
    _renew(db, source_id, editions, now)
    # What the row was renamed from or paired with is closed now, and still names it.
    _take_changes(
        db, taken, "source_id = ? AND table_name = ? AND superseded_at = ?", source_id, table, now
    )
    _forget_names(db, taken)
    return taken


def note_deletion(db: Database, sha256: str, now: str) -> None:
    """Note that what was withheld of a document is not kept any more, by anybody here."""
    with db.atomic():
        db.execute(
            """UPDATE withheld_documents SET deleted_at = ?
            WHERE document_sha256 = ? AND deleted_at IS NULL""",
            [now, sha256],
        )
        db.execute(
            """UPDATE withheld SET deleted_at = ? WHERE deleted_at IS NULL AND id IN (
                SELECT withheld_id FROM withheld_documents WHERE document_sha256 = ?)""",
            [now, sha256],
        )


def forget_what_was_deleted(db: Database) -> None:
    """Write the database file anew, so that nothing that was taken out is left in it."""
    for table in ("listings_fts", "changes_fts", "policies_fts", "section_texts_fts"):
        db.execute(f"INSERT INTO {table}({table}) VALUES ('rebuild')")
    db.execute("VACUUM")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _note(db: Database, row: dict[str, str], order: Order, now: str) -> int:
    full = {**row, "reason": order.reason, "withheld_by": order.by, "withheld_at": now}
    return int(db.table("withheld").insert(full).last_pk or 0)


def _take(db: Database, taken: TakenOut, table: str, where: str, *params: object) -> None:
    rows = list(db.query(f"SELECT * FROM {table} WHERE {where}", params))
    taken.tables.setdefault(table, []).extend(rows)
    if table in CHILDREN:
        child, parent = CHILDREN[table]
        _take(db, taken, child, f"{parent} IN ({_list([row['id'] for row in rows])})")
    db.execute(f"DELETE FROM {table} WHERE {where}", params)
    if table == "policy_sections":
        # A text that is printed elsewhere, too, is not withheld there.
        texts = _list({row["text_id"] for row in rows})
        unused = "id NOT IN (SELECT text_id FROM policy_sections)"
        _take(db, taken, "section_texts", f"id IN ({texts}) AND {unused}")


def _forget_names(db: Database, taken: TakenOut) -> None:
    """Take out what no row of the source prints any more: names, facilities, field offices."""
    _take(db, taken, "jurisdiction_names", unprinted(taken.source_id))
    _take(db, taken, "facilities", UNPRINTED, taken.source_id)
    forget_unnamed(db)
    forget_offices(db)


def _take_messages(db: Database, taken: TakenOut) -> None:
    """Take what problems and checks said out of what the runs said of the source."""
    words = [row["message"] for table in ("problems", "checks") for row in taken.tables[table]]
    for run_id, text in db.execute(
        "SELECT id, summary FROM runs WHERE summary IS NOT NULL"
    ).fetchall():
        summary = json.loads(text)
        for source in summary.get("sources", []):
            if source["source_id"] == taken.source_id:
                source["messages"] = [
                    "withheld" if any(word in message for word in words) else message
                    for message in source["messages"]
                ]
        said = json.dumps(summary, ensure_ascii=False)
        if said != text:
            db.table("runs").update(run_id, {"summary": said})


def _take_changes(db: Database, taken: TakenOut, where: str, *params: object) -> None:
    ids = _list(_ids(db, f"SELECT id FROM changes WHERE {where}", *params))
    _take(db, taken, "change_fields", f"change_id IN ({ids})")
    _take(db, taken, "changes", f"id IN ({ids})")


def _renew(db: Database, source_id: str, editions: list[int], now: str) -> None:
    renew_entries(db, source_id)
    if editions:
        renew_changes(db, load_source(db, source_id), set(editions), now)
        tell_nobody(db, source_id, "it was written anew as something was withheld", now)
    renew_list_events(db, source_id)
    renew_quotes(db, source_id)


def _with_ids(db: Database, reading_id: int, record_type: type[Record]) -> list[tuple[int, Record]]:
    ids = _ids(
        db,
        f"SELECT id FROM {record_type.table} WHERE reading_id = ? ORDER BY position, id",
        reading_id,
    )
    return list(zip(ids, load_rows(db, reading_id, record_type), strict=True))


def _ids(db: Database, sql: str, *params: object) -> list[int]:
    return [row[0] for row in db.execute(sql, params)]


def _list(ids: Iterable[int]) -> str:
    return ", ".join(map(str, ids))
