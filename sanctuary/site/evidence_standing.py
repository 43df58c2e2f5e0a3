"""What has become of the reading that a row belongs to, in words that stand above all else."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.document_life import ReadingLife
from db.row_address import RowAddress, read_by
from db.rows import load_rows
from parsers.records import Record
from sanctuary.wording import day_and_time


@dataclass(frozen=True)
class Standing:
    """How a reading stands: ``current``, ``superseded``, ``held``, ``rejected`` or ``unshown``."""

    word: str
    words: str
    now: RowAddress | None = None
    """The same row, by its key, in the reading that stands in its place."""


def standing_of(
    db: Database, reading: ReadingLife, readings: list[ReadingLife], row: Record
) -> Standing:
    """Return how the reading of a row stands among the ``readings`` of its document."""
    if reading.status == "held":
        return Standing(
            "held",
            "Held for review: a check failed, so nobody has accepted this reading and no edition "
            "shows it. Do not cite it as published.",
        )
    if reading.status == "rejected":
        who = f"{reading.decided_by}: {reading.decision_reason}"
        return Standing(
            "rejected", f"Rejected: a person looked at this reading and turned it down ({who})."
        )
    if reading.stands and any(each.until is None for each in reading.editions):
        return Standing(
            "current", "Current: this is the reading that the tracker shows of this document."
        )
    newer = next(
        (each for each in readings if each.stands and each.source_id == reading.source_id), None
    )
    if newer is None or newer.id == reading.id:
        return Standing("unshown", "No edition shows this reading now.")
    when = f" on {day_and_time(reading.superseded_at)}" if reading.superseded_at else ""
    words = (
        f"Superseded{when}: a newer reading of the same document is shown in its place. That is "
        "our reading, not a change by the publisher."
    )
    return Standing("superseded", words, _same_row(db, newer, row))


def _same_row(db: Database, newer: ReadingLife, row: Record) -> RowAddress | None:
    key = row.row_key()
    for each in load_rows(db, newer.id, type(row)):
        if each.row_key() == key:
            return RowAddress(
                newer.source_id,
                newer.document_sha256,
                row.table,
                each.position,
                read_by(newer.parser, newer.parser_version),
            )
    return None
