"""Where a capture of a list falls that comes late: between the one before it and the one after it.

All captures of a list stand in one order, and those of equal content in a row show one edition. So
a late one belongs to the edition before it, to the one after it, or begins one of its own, which
cuts the one around it in two. Of all others only the numbers move on.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.showings import (
    IN_GROUP,
    Group,
    Moved,
    Showing,
    begin_edition,
    group_params,
    renew_edition,
)


@dataclass(frozen=True)
class _Neighbour:
    """The edition of the capture before or after a late one."""

    id: int
    revision: int
    content_hash: str


def place_late(db: Database, group: Group, showing: Showing, moved: Moved) -> None:
    """Put a capture before others of its list. Call it in a transaction."""
    before, after = (_neighbour(db, group, showing, side) for side in ("<", ">"))
    if before is not None and before.content_hash == showing.content_hash:
        moved.lay(db, showing, before.id)
        renew_edition(db, before.id)
    elif after is not None and after.content_hash == showing.content_hash:
        moved.lay(db, showing, after.id)
        renew_edition(db, after.id)
        # What follows is compared with what it shows first, which is another document now.
        moved.touched |= {after.id} | _of_revision(db, group, after.revision + 1)
    elif before is not None and before == after:
        _cut(db, group, showing, before, moved)
    else:
        revision = before.revision + 1 if before else 1
        _move_on(db, group, revision, 1)
        edition_id = begin_edition(db, group, showing, revision)
        moved.lay(db, showing, edition_id)
        moved.touched |= {edition_id} | ({after.id} if after else set())


def _cut(db: Database, group: Group, showing: Showing, around: _Neighbour, moved: Moved) -> None:
    """Begin an edition in the midst of another, whose later captures show a third from now on."""
    _move_on(db, group, around.revision + 1, 2)
    edition_id = begin_edition(db, group, showing, around.revision + 1)
    rest = [
        Showing(row[0], row[1], None, row[2], around.content_hash, around.id)
        for row in db.execute(
            """SELECT capture_id, captured_at, reading_id FROM sightings
            JOIN captures ON captures.id = capture_id
            WHERE edition_id = ? AND (captured_at, captures.id) > (?, ?)
            ORDER BY captured_at, captures.id""",
            [around.id, showing.captured_at, showing.capture_id],
        ).fetchall()
    ]
    again = begin_edition(db, group, rest[0], around.revision + 2)
    moved.lay(db, showing, edition_id)
    for each in rest:
        db.execute("DELETE FROM sightings WHERE capture_id = ?", [each.capture_id])
        moved.lay(db, each, again)
    for each_id in (around.id, again):
        renew_edition(db, each_id)
    moved.touched |= {around.id, edition_id, again}
    moved.touched |= _of_revision(db, group, around.revision + 3)


def _neighbour(db: Database, group: Group, showing: Showing, side: str) -> _Neighbour | None:
    order = "DESC" if side == "<" else "ASC"
    row = db.execute(
        f"""SELECT editions.id, revision, content_hash
        FROM captures INDEXED BY captures_by_time
        CROSS JOIN sightings ON capture_id = captures.id
        CROSS JOIN editions ON editions.id = edition_id
        WHERE captures.source_id = :source_id AND role = 'document'
            AND captured_at {side}= :at AND (captured_at, captures.id) {side} (:at, :id)
            AND {IN_GROUP}
        ORDER BY captured_at {order}, captures.id {order} LIMIT 1""",
        {**group_params(group), "at": showing.captured_at, "id": showing.capture_id},
    ).fetchone()
    return _Neighbour(*row) if row else None


def _of_revision(db: Database, group: Group, revision: int) -> set[int]:
    rows = db.execute(
        f"SELECT id FROM editions WHERE {IN_GROUP} AND revision = :revision",
        {**group_params(group), "revision": revision},
    )
    return {row[0] for row in rows}


def _move_on(db: Database, group: Group, revision: int, by: int) -> None:
    """Make room in the numbers of a list before ``revision``."""
    db.execute(
        f"UPDATE editions SET revision = revision + :by WHERE {IN_GROUP} AND revision >= :revision",
        {**group_params(group), "revision": revision, "by": by},
    )
