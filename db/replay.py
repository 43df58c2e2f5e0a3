"""Archived documents and the readings of them, and the history once others stand for them.

A better reading is no change in the world. The editions show it from now on, beside the note since
when they do; what it makes differ is marked as ours (cause ``replay``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from db.captures import SHOWS_A_DOCUMENT
from db.changes import derive_changes
from db.editions import lay_anew, show_reading
from db.entries import renew_entries
from db.life import renew_life
from db.list_events import renew_list_events
from db.observations import note_document_reading
from db.quotes import renew_quotes
from db.sources import Source


@dataclass(frozen=True)
class KnownReading:
    """A reading of a document, as far as it counts for whether there should be another."""

    id: int
    status: str
    parser: str
    parser_version: str
    content_hash: str | None
    period_start: str | None
    period_end: str | None
    decided_by: str | None
    decision_reason: str | None
    problem: str | None
    """The kind of its first problem."""
    failed: tuple[str, ...]
    """The names of the checks that it failed."""


@dataclass(frozen=True)
class Archived:
    """A document of a source, and all readings of it, the oldest first."""

    sha256: str
    file_name: str | None
    captured_at: str
    """When it was first public."""
    stands: KnownReading | None
    """The reading that its captures show."""
    readings: tuple[KnownReading, ...]

    @property
    def name(self) -> str:
        """What a person knows it by: its file name, or the start of its hash."""
        return self.file_name or self.sha256[:12]

    def read_by(self, parser: str, version: str) -> KnownReading | None:
        """Return the reading that this version of this parser made."""
        for reading in self.readings:
            if (reading.parser, reading.parser_version) == (parser, version):
                return reading
        return None

    def rejection(self) -> KnownReading | None:
        """Return the reading that a person rejected, if none stands for the document."""
        rejected = [each for each in self.readings if each.status == "rejected"]
        return rejected[-1] if rejected and self.stands is None else None


def archived(db: Database, source_id: str) -> list[Archived]:
    """Return the documents that captures of a source brought, in the order they became public."""
    found = list(
        db.query(
            f"""SELECT document_sha256 AS sha256, file_name, min(captured_at) AS captured_at
            FROM captures JOIN documents ON documents.sha256 = document_sha256
            WHERE source_id = ? AND role = 'document' AND {SHOWS_A_DOCUMENT}
            GROUP BY document_sha256 ORDER BY min(captured_at), min(captures.id)""",
            [source_id],
        )
    )
    documents = []
    for row in found:
        readings = _readings(db, source_id, row["sha256"])
        stands = standing_reading(db, source_id, row["sha256"])
        standing = next((each for each in readings if each.id == stands), None)
        documents.append(Archived(**row, stands=standing, readings=readings))
    return documents


def _readings(db: Database, source_id: str, sha256: str) -> tuple[KnownReading, ...]:
    rows = db.query(
        """SELECT id, status, parser, parser_version, content_hash, period_start, period_end,
            decided_by, decision_reason,
            (SELECT kind FROM problems WHERE reading_id = readings.id ORDER BY id LIMIT 1)
                AS problem,
            (SELECT json_group_array(name) FROM checks
            WHERE reading_id = readings.id AND NOT passed) AS failed
        FROM readings WHERE source_id = ? AND document_sha256 = ? ORDER BY id""",
        [source_id, sha256],
    )
    return tuple(
        KnownReading(**{**row, "failed": tuple(json.loads(row["failed"]))}) for row in rows
    )


def standing_reading(db: Database, source_id: str, sha256: str) -> int | None:
    """Return the id of the reading that the captures of a document show, None if they show none."""
    row = db.execute(
        """SELECT reading_id FROM readings JOIN sightings ON reading_id = readings.id
        WHERE source_id = ? AND document_sha256 = ? LIMIT 1""",
        [source_id, sha256],
    ).fetchone()
    return int(row[0]) if row else None


def forget_failure(db: Database, reading_id: int) -> None:
    """Take out that a document could not be read, where this version has read it after all."""
    db.execute("DELETE FROM problems WHERE reading_id = ?", [reading_id])
    db.execute("DELETE FROM readings WHERE id = ? AND status = 'failed'", [reading_id])


def replace_readings(db: Database, source: Source, other: Mapping[int, int], now: str) -> None:
    """Let captures show other readings of their documents, by the ids of what they show today.

    The history of the whole source is derived anew, so that it ends as if these had been the first
    readings. Call it in a transaction.
    """
    for shown, instead in other.items():
        db.execute("UPDATE sightings SET reading_id = ? WHERE reading_id = ?", [instead, shown])
        note_document_reading(db, instead, now)
    lay_anew(db, source)
    editions = {
        row[0] for row in db.execute("SELECT id FROM editions WHERE source_id = ?", [source.id])
    }
    for edition_id in sorted(editions):
        show_reading(db, edition_id, "replay", now)
    renew_entries(db, source.id)
    derive_changes(db, source, editions, "replay", now)
    for (address,) in db.execute(
        "SELECT DISTINCT address FROM captures WHERE source_id = ? AND verdict = 'gone'",
        [source.id],
    ).fetchall():
        renew_life(db, source, address, now)
    renew_list_events(db, source.id)
    renew_quotes(db, source.id)
