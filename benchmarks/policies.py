"""Accepting two versions of a long policy, beside writing as many rows and no more."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.figure import Figure, Row
from benchmarks.history import SOURCE
from benchmarks.measuring import costs
from benchmarks.sections import SECTIONS, code
from db.captures import Capture, Document, record_capture
from db.connection import open_database
from db.readings import ReadBy, store_reading
from db.sources import save_source
from parsers.records import EditionClaim, PolicySection, Reading

ACCEPTING = Row(f"accepting two versions of a policy of {SECTIONS:,} sections", "`executemany`")
ROWS = (ACCEPTING,)


def figures() -> list[Figure]:
    """Return what it costs to accept two versions of a policy."""
    ours, plain = costs(accept_versions, executemany_versions)
    said = "ours with changes, search, and the texts that are nearly the same"
    return [ACCEPTING.figure(ours, plain, said)]


def accept_versions() -> None:
    """Accept both versions, each in a transaction, with the changes between them."""
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "tracker.db")
        save_source(db, SOURCE)
        for day, version in enumerate(code(SECTIONS), start=1):
            moment = f"2025-01-0{day}T00:00:00Z"
            sha256 = hashlib.sha256(moment.encode()).hexdigest()
            reading = Reading(EditionClaim(), (PolicySection,), tuple(version))
            capture = Capture(
                SOURCE.id, "document", None, moment, "own", "document", document_sha256=sha256
            )
            record_capture(db, capture, Document(sha256, 1, None, None), None, moment)
            store_reading(db, ReadBy(SOURCE.id, sha256, "table", "1"), reading, (), moment)
        db.close()


def executemany_versions() -> None:
    """Write the same sections, text included, into a table with as many indexes."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "plain.db")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE sections (id INTEGER PRIMARY KEY, reading_id, position, host_id, number, "
            "heading, path, body, note, events)"
        )
        for column in ("reading_id, position", "number", "host_id", "heading"):
            name = column.replace(", ", "_")
            connection.execute(f"CREATE INDEX by_{name} ON sections({column})")
        for number, version in enumerate(code(SECTIONS)):
            with connection:
                connection.executemany(
                    "INSERT INTO sections VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (
                        (
                            number,
                            row.position,
                            row.host_id,
                            row.number,
                            row.heading,
                            json.dumps(row.path),
                            row.body,
                            row.history_note,
                            json.dumps([asdict(event) for event in row.events]),
                        )
                        for row in version
                    ),
                )
        connection.close()
