"""A run that goes on writing: documents of the large history, one after the other."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from random import Random

from sqlite_utils import Database

from benchmarks import invented
from db.captures import Capture, Document, record_capture
from db.connection import open_database
from db.readings import ReadBy, store_reading
from db.rows import load_rows
from db.selectors import last_editions
from db.sources import load_source
from parsers.records import Agreement, EditionClaim, Listing, Policy, PolicySection, Reading, Record

_DOCUMENTS: tuple[tuple[str, tuple[type[Record], ...]], ...] = (
    ("generated-policy-1", (Policy, PolicySection)),
    ("generated-list-1", (Listing,)),
    ("generated-policy-2", (Policy, PolicySection)),
    ("generated-agreements", (Agreement,)),
)


def write_on(database: Path) -> None:
    """Accept documents without end, each like the newest of its source but for three rows."""
    db, random = open_database(database), Random(1)
    for source_id, tables in cycle(_DOCUMENTS):
        _accept_one(db, random, source_id, tables)


def _accept_one(
    db: Database, random: Random, source_id: str, tables: tuple[type[Record], ...]
) -> None:
    source, (last,) = load_source(db, source_id), last_editions(db, source_id, 1)
    rows = [row for table in tables for row in load_rows(db, last.reading_id, table)]
    for at in random.sample(range(len(rows)), k=3):
        rows[at] = invented.amended(random, rows[at])
    moment = datetime.fromisoformat(last.public_until) + timedelta(minutes=1)
    now = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    sha256 = hashlib.sha256(f"{source_id} {now}".encode()).hexdigest()
    capture = Capture(
        source_id, "document", source.address, now, "own", "document", document_sha256=sha256
    )
    record_capture(db, capture, Document(sha256, 1, None, None), None, now)
    reading = Reading(EditionClaim(notice=invented.NOTICE), tables, tuple(rows))
    store_reading(db, ReadBy(source_id, sha256, source.parser, "1"), reading, (), now)
