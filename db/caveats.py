"""What the reports say of their own numbers: it goes wherever these go."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database


def caveats_of(db: Database, editions: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """Return the caveats of editions by their ids, as each edition states them; else nothing."""
    wanted = sorted(set(editions))
    found: dict[int, tuple[str, ...]] = {}
    for edition, text in db.execute(
        f"""SELECT edition_id, text FROM edition_readings
        JOIN report_totals ON report_totals.reading_id = edition_readings.reading_id
        WHERE edition_id IN ({",".join("?" * len(wanted))}) AND superseded_at IS NULL
        AND name = 'caveat' ORDER BY edition_id, position""",
        wanted,
    ):
        found[edition] = (*found.get(edition, ()), text)
    return found


def caveats_of_reading(db: Database, reading_id: int) -> tuple[str, ...]:
    """Return the caveats that a reading of a report holds, in their order; of others none."""
    rows = db.execute(
        """SELECT text FROM report_totals WHERE reading_id = ? AND name = 'caveat'
        ORDER BY position""",
        [reading_id],
    )
    return tuple(row[0] for row in rows)
