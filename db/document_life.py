"""The life of one document: its captures, its readings, and the editions that show these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlite_utils import Database

from parsers.records import RECORD_TYPES, Check


@dataclass(frozen=True)
class HeldDocument:
    """Distinct bytes, as they were recorded when they first came."""

    sha256: str
    size: int
    media_type: str | None
    """As its server stated it."""
    file_name: str | None
    archived_at: str


@dataclass(frozen=True)
class Capture:
    """One capture that brought the document, or found it unchanged."""

    source_id: str
    role: str
    address: str | None
    final_address: str | None
    """Where redirects led; of the capture of a web archive where it stands in that."""
    captured_at: str
    proof: str
    verdict: str
    reason: str | None


@dataclass(frozen=True)
class Witness:
    """The captures that show a document at one address, on one's word."""

    proof: str
    """Whose word the times are: ``own``, ``archive`` or ``person``."""
    address: str | None
    leads_to: str | None
    """Where redirects led, if that is another address; of a web archive where it keeps it."""
    captures: int
    first: str
    last: str


@dataclass(frozen=True)
class ShownIn:
    """An edition that shows a reading, or did."""

    period_start: str | None
    period_end: str | None
    revision: int
    public_from: str | None
    public_until: str | None
    since: str
    """When this database took to show the reading there."""
    until: str | None
    """When it ceased to; None if it shows it."""

    @property
    def selector(self) -> str | None:
        """What finds the edition again, as ``Edition.selector``; None if nobody ever saw it."""
        if self.period_start:
            return f"{self.period_start}..{self.period_end}@{self.revision}"
        return self.public_from


@dataclass(frozen=True)
class ReadingLife:
    """One reading of a document for a source: who read it, how it fared, who shows it."""

    id: int
    document_sha256: str
    source_id: str
    source_title: str
    publisher: str
    source_address: str | None
    publish: str
    is_policy: bool
    """It is of a source of policies, whose editions stand on the page of the policy."""
    parser: str
    parser_version: str
    status: str
    notice: str | None
    title: str | None
    period_start: str | None
    period_end: str | None
    recorded_at: str
    decided_at: str | None
    decided_by: str | None
    decision_reason: str | None
    stands: bool
    """It is the one that is shown for the document."""
    superseded_at: str | None
    """When another took its place; None if none did."""
    editions: tuple[ShownIn, ...]


@dataclass(frozen=True)
class RowsOf:
    """The rows of one table that a reading has."""

    table: str
    rows: int
    first: int
    """The position of the first."""


@dataclass(frozen=True)
class Found:
    """A problem of a reading, without the printed text, which can be about a person."""

    kind: str
    message: str


def held_document(db: Database, sha256: str) -> HeldDocument | None:
    """Return what is recorded of a document, None if it is not known."""
    for row in db.query("SELECT * FROM documents WHERE sha256 = ?", [sha256]):
        return HeldDocument(**row)
    return None


def captures_of(db: Database, sha256: str, most: int) -> list[Capture]:
    """Return the first captures of a document for any source, at most so many, in order of time."""
    rows = db.query(
        """SELECT source_id, role, address, final_address, captured_at, proof, verdict, reason
        FROM captures WHERE document_sha256 = ? AND role != 'note'
        ORDER BY captured_at, id LIMIT ?""",
        [sha256, most],
    )
    return [Capture(**row) for row in rows]


def witnesses_of(db: Database, sha256: str, source_id: str) -> list[Witness]:
    """Return who vouches for a document of a source, in the order of the first capture."""
    rows = db.query(
        """SELECT proof, address, nullif(final_address, address) AS leads_to, count(*) AS captures,
            min(captured_at) AS first, max(captured_at) AS last
        FROM captures WHERE document_sha256 = ? AND source_id = ? AND role != 'note'
        GROUP BY proof, address, leads_to ORDER BY first, proof""",
        [sha256, source_id],
    )
    return [Witness(**row) for row in rows]


def count_captures(db: Database, sha256: str) -> int:
    """Return how many captures brought a document, or found it unchanged."""
    sql = "SELECT count(*) FROM captures WHERE document_sha256 = ? AND role != 'note'"
    return int(db.execute(sql, [sha256]).fetchone()[0])


def readings_of(db: Database, sha256: str) -> list[ReadingLife]:
    """Return every reading of a document, for whatever source, the first first."""
    rows = db.query(
        """SELECT readings.id, readings.document_sha256, readings.source_id,
            sources.title AS source_title, publisher,
            address AS source_address, publish, jurisdiction IS NOT NULL OR EXISTS (
                SELECT 1 FROM policies WHERE reading_id = readings.id) AS is_policy,
            readings.parser, parser_version, status, notice,
            readings.title, period_start, period_end, readings.recorded_at, decided_at, decided_by,
            decision_reason,
            max(document_readings.id IS NOT NULL AND superseded_at IS NULL) AS stands,
            max(superseded_at) AS superseded_at
        FROM readings JOIN sources ON sources.id = readings.source_id
        LEFT JOIN document_readings ON reading_id = readings.id
        WHERE readings.document_sha256 = ? GROUP BY readings.id ORDER BY readings.id""",
        [sha256],
    )
    return [
        ReadingLife(
            **{
                **row,
                "is_policy": bool(row["is_policy"]),
                "stands": bool(row["stands"]),
                "superseded_at": None if row["stands"] else row["superseded_at"],
                "editions": _editions(db, row["id"]),
            }
        )
        for row in list(rows)
    ]


def checks_of(db: Database, reading_id: int) -> list[Check]:
    """Return the checks of a reading, in their order."""
    rows = db.query(
        """SELECT name, passed, required, message, expected, actual FROM checks
        WHERE reading_id = ? ORDER BY id""",
        [reading_id],
    )
    return [
        Check(**{**row, "passed": bool(row["passed"]), "required": bool(row["required"])})
        for row in rows
    ]


def problems_of(db: Database, reading_id: int) -> list[Found]:
    """Return the problems of a reading, in their order."""
    sql = "SELECT kind, message FROM problems WHERE reading_id = ? ORDER BY id"
    return [Found(*row) for row in db.execute(sql, [reading_id])]


def rows_by_table(db: Database, reading_id: int, tables: Iterable[str]) -> list[RowsOf]:
    """Return of which of these tables a reading has rows, and how many."""
    wanted = frozenset(tables)
    found = []
    for table in (record.table for record in RECORD_TYPES if record.table in wanted):
        rows, first = db.execute(
            f"SELECT count(*), min(position) FROM {table} WHERE reading_id = ?", [reading_id]
        ).fetchone()
        if rows:
            found.append(RowsOf(table, rows, first))
    return found


def _editions(db: Database, reading_id: int) -> tuple[ShownIn, ...]:
    rows = db.query(
        """SELECT period_start, period_end, revision, public_from, public_until,
            edition_readings.recorded_at AS since, superseded_at AS until
        FROM edition_readings JOIN editions ON editions.id = edition_id
        WHERE reading_id = ? ORDER BY edition_readings.id""",
        [reading_id],
    )
    return tuple(ShownIn(**row) for row in rows)
