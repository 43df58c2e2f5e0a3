"""Where the row of a change stands in the editions on both sides of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.log import LoggedChange
from db.row_address import RowAddress, address_in_edition, address_of_row
from db.rows import STORED_WITH_KEY
from parsers.records import RECORD_BY_TABLE, Record


@dataclass(frozen=True)
class Sides:
    """The row before and after a change; None where there is none, or none may be named."""

    before: RowAddress | None = None
    after: RowAddress | None = None


def rows_of_change(db: Database, change: LoggedChange) -> Sides:
    """Return where the row of a change stands in its editions.

    None of a change that is of no row, or of rows about individuals, which have no addresses here.
    """
    record = RECORD_BY_TABLE.get(change.table_name or "")
    if record is None or record.individual:
        return Sides()
    return Sides(
        _row(db, change, record, change.edition_before_id, "before"),
        _row(db, change, record, change.edition_after_id, "after"),
    )


def _row(
    db: Database, change: LoggedChange, record: type[Record], edition: int | None, side: str
) -> RowAddress | None:
    """Return the row on one side: the one of its key that stands where it was read."""
    before, after = (_evidence(change, each) for each in ("before", "after"))
    evidence = before if side == "before" else after
    if edition is None or evidence is None:
        return None
    if record.kind is STORED_WITH_KEY:
        # Seldom two rows are read in one spot: the one of the key comes first.
        of_key = _row_id(
            db, record, edition, "row_key = ? AND evidence = ?", change.row_key, evidence
        )
        row_id = of_key or _row_id(db, record, edition, "evidence = ?", evidence)
        if row_id is not None:
            return address_of_row(db, record.table, row_id)
    # Before it was renamed or renumbered it had another key.
    differ = {field.field for field in change.fields}
    if side == "before" and after is not None and not differ.isdisjoint(record.key):
        return None
    return address_in_edition(db, edition, record.table, change.row_key)


def _row_id(
    db: Database, record: type[Record], edition: int, where: str, *values: str
) -> int | None:
    """Return the first row of an edition that answers to a condition."""
    row = db.execute(
        f"""SELECT id FROM {record.table} WHERE {where} AND reading_id = (
            SELECT reading_id FROM edition_readings
            WHERE edition_id = ? AND superseded_at IS NULL)
        ORDER BY position LIMIT 1""",
        [*values, edition],
    ).fetchone()
    return None if row is None else int(row[0])


def _evidence(change: LoggedChange, side: str) -> str | None:
    """Return where the row was read on one side, as JSON: all fields of a row say the same."""
    return next(filter(None, (getattr(field, f"evidence_{side}") for field in change.fields)), None)
