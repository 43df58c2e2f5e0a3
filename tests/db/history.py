"""Loading invented lists and reports into a database, and reading back its history."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.captures import Capture, Document, record_capture
from db.connection import open_database
from db.life import note_gone
from db.readings import ReadBy, StoredReading, find_reading, show_captures, store_reading
from db.sources import Source, save_source
from parsers.records import (
    RECORD_TYPES,
    Agreement,
    Check,
    DeclinedDetainer,
    EditionClaim,
    Listing,
    Offence,
    PageSpot,
    Reading,
    Record,
)

NOW = "2026-01-01T00:00:00Z"

LIST = Source(
    id="zembla-list",
    title="List of Zembla",
    publisher="Zembla Ministry",
    address="http://127.0.0.1/list",
    address_seen=True,
    lifecycle="active",
    parser="table",
    editions="content",
    confirm_after_seconds=3 * 3600,
    why="An invented list.",
)
REPORT = Source(
    id="zembla-report",
    title="Report of Zembla",
    publisher="Zembla Ministry",
    address="http://127.0.0.1/reports",
    address_seen=True,
    lifecycle="active",
    parser="ddor",
    editions="period",
    confirm_after_seconds=3 * 3600,
    why="An invented report.",
)
WEEKS = {
    1: ("2017-01-28", "2017-02-03"),
    2: ("2017-02-04", "2017-02-10"),
    3: ("2017-02-11", "2017-02-17"),
}


def listing(
    jurisdiction: str = "Kinbote, Zembla",
    policy: str | None = "Kinbote Rule",
    *,
    date: str | None = "2017-01",
    office: str | None = "Onhava",
    criteria: tuple[str, ...] = ("Will not honor.",),
    position: int = 1,
) -> Listing:
    return Listing(
        jurisdiction=jurisdiction,
        field_office=office,
        date_enacted=date,
        date_enacted_text=date,
        policy=policy,
        criteria=criteria,
        position=position,
        evidence=(PageSpot(1, (1.0, 2.0 + position, 3.0, 4.0 + position)),),
    )


def declined(facility: str = "Onhava Jail", *, activity: str = "ARSON (Charge)") -> Record:
    return DeclinedDetainer(
        jurisdiction="Kinbote, Zembla",
        facility=facility,
        date_declined="2017-02-01",
        date_declined_text="2/1/2017",
        citizenship="Georgia",
        date_issued="2016-12-24",
        date_issued_text="12/24/2016",
        activity=activity,
        offences=(Offence("ARSON", "charge"),),
        position=1,
        evidence=(PageSpot(2, (1.0, 2.0, 3.0, 4.0)),),
    )


def agreement(
    agency: str | None = "Onhava Police", *, position: int = 1, **values: Any
) -> Agreement:
    texts: dict[str, Any] = {
        "state": "Zembla",
        "agency": agency,
        "agency_type": "City",
        "county": "Kinbote",
        "support_type": "Task Force Model",
        "signed": "2025-05-08",
        "moa_url": None,
        "addendum_url": None,
        **values,
    }
    texts |= {f"{name}_text": value for name, value in texts.items()}
    return Agreement(**texts, status="participating", position=position, evidence=())


def reading(
    records: Sequence[Record], week: int | None = None, checks: tuple[Check, ...] = ()
) -> Reading:
    start, end = WEEKS[week] if week else (None, None)
    return Reading(
        edition=EditionClaim("Invented", start, end),
        tables=(Listing,),
        records=tuple(records),
        checks=checks,
    )


def new_database(folder: Path) -> Database:
    """Open a database that knows two sources, made anew if the folder has none."""
    folder.mkdir(exist_ok=True)
    file = folder / "tracker.db"
    if not file.exists():
        file.write_bytes(_made_once())
    db = open_database(file)
    # No power is cut in a test: without waiting for the disk hundreds of histories are tried.
    db.execute("PRAGMA synchronous = OFF")
    return db


@cache
def _made_once() -> bytes:
    """Return the file: to make one takes all migrations, twenty times as long as to copy it."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "tracker.db"
        db = open_database(file)
        save_source(db, LIST)
        save_source(db, REPORT)
        db.close()
        return file.read_bytes()


def load(
    db: Database,
    source: Source,
    captured_at: str,
    what: Reading,
    *,
    address: str | None = None,
    name: str | None = None,
    found_in: int | None = None,
    now: str = NOW,
) -> StoredReading:
    """Record a capture of a document with this reading, and accept or hold it."""
    sha256 = hashlib.sha256((name or repr(what)).encode()).hexdigest()
    record_capture(
        db,
        Capture(
            source.id,
            "document",
            address,
            captured_at,
            "person",
            "document",
            document_sha256=sha256,
            found_in=found_in,
        ),
        Document(sha256, 1, "text/plain", None),
        None,
        now,
    )
    read_by = ReadBy(source.id, sha256, source.parser, "1")
    stored = find_reading(db, read_by)
    if stored is None:
        return store_reading(db, read_by, what, (), now)
    if stored.status == "accepted":
        show_captures(db, stored, "first", now)
    return stored


def load_gone(
    db: Database, source: Source, captured_at: str, address: str, *, now: str = NOW
) -> None:
    """Record a capture that found the address gone."""
    record_capture(
        db,
        Capture(source.id, "document", address, captured_at, "own", "gone", status=404),
        None,
        None,
        now,
    )
    note_gone(db, source, address, captured_at, now)


def load_blocked(
    db: Database, source: Source, captured_at: str, address: str | None, *, now: str = NOW
) -> None:
    """Record a capture that brought a challenge in place of the document."""
    capture = Capture(source.id, "document", address, captured_at, "own", "blocked", status=403)
    record_capture(db, capture, None, None, now)


def load_unchanged(
    db: Database,
    source: Source,
    captured_at: str,
    address: str | None,
    stored: StoredReading,
    *,
    now: str = NOW,
) -> int:
    """Record a capture to which the server said "not modified", and return its id."""
    capture = Capture(
        source.id,
        "document",
        address,
        captured_at,
        "own",
        "unchanged",
        status=304,
        document_sha256=stored.document_sha256,
    )
    capture_id = record_capture(db, capture, None, None, now)
    show_captures(db, stored, "first", now)
    return capture_id


def load_index(db: Database, source: Source, captured_at: str) -> int:
    """Record a capture of the page that links to the documents, and return its id."""
    sha256 = hashlib.sha256(captured_at.encode()).hexdigest()
    return record_capture(
        db,
        Capture(
            source.id,
            "index",
            source.address,
            captured_at,
            "own",
            "document",
            document_sha256=sha256,
        ),
        Document(sha256, 1, "text/html", None),
        None,
        NOW,
    )


def changes(db: Database, *columns: str) -> list[tuple[Any, ...]]:
    """Return these columns of the current changes, in the order of their windows."""
    return db.execute(
        f"""SELECT {", ".join(columns)} FROM changes WHERE superseded_at IS NULL
        ORDER BY observed_by, kind, row_key, place"""
    ).fetchall()


def editions(db: Database, source: Source) -> list[tuple[Any, ...]]:
    """Return period, revision, public from and until of every edition, in order."""
    return db.execute(
        """SELECT period_start, revision, public_from, public_until FROM editions
        WHERE source_id = ? AND public_from IS NOT NULL ORDER BY period_start, revision""",
        [source.id],
    ).fetchall()


def history(db: Database) -> str:
    """Return the whole history, without ids, captures, runs and the times of recording."""
    parts: dict[str, Any] = {
        "editions": db.execute(
            """SELECT source_id, period_start, period_end, revision, editions.content_hash,
                public_from, public_until,
                (SELECT document_sha256 FROM edition_readings
                 JOIN readings ON readings.id = reading_id
                 WHERE edition_id = editions.id AND superseded_at IS NULL)
            FROM editions WHERE public_from IS NOT NULL ORDER BY 1, 2, 4"""
        ).fetchall(),
        "sightings": db.execute(
            """SELECT editions.source_id, period_start, revision, captured_at, address
            FROM sightings JOIN editions ON editions.id = edition_id
            JOIN captures ON captures.id = capture_id ORDER BY 1, 2, 3, 4, 5"""
        ).fetchall(),
        "rows": {record.table: _rows(db, record.table) for record in RECORD_TYPES},
        "offences": db.execute(
            """SELECT source_id, period_start, revision, current_declined_detainers.position,
                detainer_offences.position, offence, disposition
            FROM current_declined_detainers JOIN detainer_offences
                ON declined_detainer_id = current_declined_detainers.id ORDER BY 1, 2, 3, 4, 5"""
        ).fetchall(),
        "changes": db.execute(
            """SELECT kind, source_id, table_name, row_key, place, state, observed_after,
                observed_by, cause,
                (SELECT period_start || '@' || revision FROM editions WHERE id = edition_before_id),
                (SELECT period_start || '@' || revision FROM editions WHERE id = edition_after_id),
                (SELECT json_group_array(json_array(field, before, after,
                    evidence_before, evidence_after))
                 FROM change_fields WHERE change_id = changes.id)
            FROM changes WHERE superseded_at IS NULL ORDER BY 1, 2, 3, 4, 5, 7, 8, 12"""
        ).fetchall(),
        "entries": db.execute(
            """SELECT entries.source_id, table_name, row_key, first.period_start, first.revision,
                last.period_start, last.revision
            FROM entries JOIN editions AS first ON first.id = first_edition_id
            JOIN editions AS last ON last.id = last_edition_id ORDER BY 1, 2, 3"""
        ).fetchall(),
    }
    return json.dumps(parts, indent=1)


def _rows(db: Database, table: str) -> list[dict[str, Any]]:
    """Return the rows that the editions show, with all columns that are no ids."""
    rows = db.query(
        f"SELECT * FROM current_{table} ORDER BY source_id, period_start, revision, position"
    )
    ids = ("id", "edition_id", "reading_id", "name_id")
    return [{name: row[name] for name in row if name not in ids} for row in rows]
