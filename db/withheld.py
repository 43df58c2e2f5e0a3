"""What is withheld: which documents are not in the archive, and which rows no edition shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from sqlite_utils import Database

from parsers.records import Check, Record

SAID_OF_A_ROW = "what it says is withheld with a row"
"""Stands for the words of a failed check, which can be those of a row that is withheld."""


def is_withheld(db: Database, sha256: str) -> bool:
    """Say whether the bytes of a document are kept out of the archive.

    That is so if it is withheld itself, or if it holds a row that is.
    """
    return bool(
        db.execute(
            "SELECT 1 FROM withheld_documents WHERE document_sha256 = ? LIMIT 1", [sha256]
        ).fetchone()
    )


def is_withheld_whole(db: Database, source_id: str, sha256: str) -> bool:
    """Say whether a document of a source is withheld itself, and not for a row that it holds."""
    return bool(
        db.execute(
            """SELECT 1 FROM withheld_documents JOIN withheld ON withheld.id = withheld_id
            WHERE document_sha256 = ? AND source_id = ? AND table_name IS NULL LIMIT 1""",
            [sha256, source_id],
        ).fetchone()
    )


def withheld_for_rows(db: Database) -> list[tuple[int, str, str]]:
    """Return the documents that are withheld for a row: by which order, of which source."""
    return [
        (row[0], row[1], row[2])
        for row in db.execute(
            """SELECT withheld.id, source_id, document_sha256 FROM withheld_documents
            JOIN withheld ON withheld.id = withheld_id WHERE table_name IS NOT NULL
            ORDER BY withheld.id, document_sha256"""
        )
    ]


def is_deleted(db: Database, sha256: str) -> bool:
    """Say whether what was withheld of a document was deleted: it is not kept if it comes again."""
    return bool(
        db.execute(
            """SELECT 1 FROM withheld_documents
            WHERE document_sha256 = ? AND deleted_at IS NOT NULL LIMIT 1""",
            [sha256],
        ).fetchone()
    )


def gives_no_rows(db: Database, *readings: int) -> bool:
    """Say whether the document of any of these readings is withheld as a whole."""
    marks = ",".join("?" * len(readings))
    return bool(
        db.execute(
            f"""SELECT 1 FROM readings
            JOIN withheld_documents
                ON withheld_documents.document_sha256 = readings.document_sha256
            JOIN withheld ON withheld.id = withheld_id
                AND withheld.source_id = readings.source_id AND table_name IS NULL
            WHERE readings.id IN ({marks}) LIMIT 1""",
            list(readings),
        ).fetchone()
    )


def leave_out(
    db: Database, source_id: str, sha256: str, records: Iterable[Record]
) -> tuple[Record, ...]:
    """Return the ``records`` of a document without those that the source is not to show.

    A document that has one is noted as withheld. Call it in a transaction.
    """
    withheld = {
        (row[0], row[1]): row[2]
        for row in db.execute(
            """SELECT table_name, row_key_sha256, id FROM withheld
            WHERE source_id = ? AND table_name IS NOT NULL""",
            [source_id],
        )
    }
    if not withheld:
        return tuple(records)
    kept = []
    for record in records:
        withheld_id = withheld.get((record.table, hash_of_key(record.row_key())))
        if withheld_id is None:
            kept.append(record)
        else:
            note_documents(db, withheld_id, [sha256])
    return tuple(kept)


def say_less(checks: Iterable[Check]) -> tuple[Check, ...]:
    """Return the ``checks`` of a reading that lacks a row, without words that can be the row's."""
    return tuple(
        check if check.passed else replace(check, message=SAID_OF_A_ROW, expected="", actual="")
        for check in checks
    )


def note_documents(db: Database, withheld_id: int, documents: Iterable[str]) -> None:
    """Note that the bytes of ``documents`` hold what is withheld."""
    for sha256 in documents:
        db.execute(
            """INSERT OR IGNORE INTO withheld_documents (document_sha256, withheld_id)
            VALUES (?, ?)""",
            [sha256, withheld_id],
        )


def forget_documents(db: Database, withheld_id: int, documents: Iterable[str]) -> None:
    """Take back that the bytes of ``documents`` hold what is withheld: they do not."""
    for sha256 in documents:
        db.execute(
            "DELETE FROM withheld_documents WHERE document_sha256 = ? AND withheld_id = ?",
            [sha256, withheld_id],
        )


def hash_of_key(key: str) -> str:
    """Return by what a row is known that is not to be named: the sha256 of its key."""
    return hashlib.sha256(key.encode()).hexdigest()
