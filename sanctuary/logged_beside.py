"""What stands beside a change: caveats of its numbers, corrections, and what others say of it."""

from __future__ import annotations

from sqlite_utils import Database

from db.caveats import caveats_of
from db.corrected import Mark, marks_of_change
from db.log import LoggedChange
from db.statements import Said, statements_about
from parsers.records import INDIVIDUAL_TABLES
from sanctuary.difference import OF_ISSUED
from sanctuary.place_counts import NOT_DECLINED


def caveats_beside(db: Database, change: LoggedChange) -> tuple[str, ...]:
    """Return what its report says of its numbers of detainers issued; nothing where it has none."""
    if change.table_name not in OF_ISSUED:
        return ()
    edition = change.edition_after_id
    return (caveats_of(db, [edition]).get(edition, ()) if edition else ()) or (NOT_DECLINED,)


def marks_beside(db: Database, change: LoggedChange) -> tuple[Mark, ...]:
    """Return the corrections of the row of a change; of rows about individuals none."""
    if change.table_name is None or change.place is None or change.table_name in INDIVIDUAL_TABLES:
        return ()
    editions = (change.edition_before_id, change.edition_after_id)
    return marks_of_change(db, change.table_name, change.place, editions)


def said_beside(db: Database, change: LoggedChange) -> list[Said]:
    """Return what others say of a change, and of its row unless that is about an individual."""
    if change.table_name is None or change.place is None or change.table_name in INDIVIDUAL_TABLES:
        return statements_about(db, public_id=change.public_id)
    return statements_about(
        db,
        jurisdiction_id=change.jurisdiction_id,
        source_id=change.source_id,
        row_key=change.row_key,
        public_id=change.public_id,
        printed=change.place,
    )
