"""Editions in the order of their publication, and where a capture falls among them.

A report has a *group* of editions for each period, its revisions; a list has one group. Within a
group the captures are taken in the order of time, and each either shows an edition that is there
or begins a new one. A capture that comes late is put in its place, so that the order of loading
does not matter: of a report the later sightings of its period are taken up and laid again; of a
list only its neighbours can show another edition, and the later ones get other numbers.

Which edition a capture shows:

- the latest, if its content is equal;
- else the one that its address showed last, if that is equal (the old file is still up beside the
  corrected one);
- else, at an address not seen before in this period, an older revision with this content (a copy
  of the old file turned up elsewhere);
- else a new one: A, then B, then A again are three.

All captures of a list, and all imports without an address, count as one address: they say what
the source said at that time.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from db.late import place_late
from db.showings import (
    IN_GROUP,
    Group,
    Moved,
    Showing,
    begin_edition,
    group_of,
    group_params,
    renew_edition,
)
from db.sources import Source


def place_captures(db: Database, source: Source, captures: list[int], reading_id: int) -> Moved:
    """Put captures of an accepted reading on the timeline. Call it in a transaction.

    They are given in the order of time. Returns what has moved, the captures themselves included.
    """
    moved = Moved()
    for capture_id in captures:
        showing, group = _showing(db, source, capture_id, reading_id)
        if not _is_late(db, group, showing.captured_at):
            edition_id, is_new = _lay(db, group, showing, [], moved)
            moved.touched |= {edition_id} if is_new else set()
        elif group.period_start is None:
            place_late(db, group, showing, moved)
        else:
            _place_late(db, group, showing, moved)
    return moved


def _place_late(db: Database, group: Group, showing: Showing, moved: Moved) -> None:
    before = _places(db, group)
    later = _take_up_after(db, group, showing.captured_at)
    in_order = sorted([showing, *later], key=lambda each: (each.captured_at, each.capture_id))
    _lay_all(db, group, in_order, before, moved)


def take_back(db: Database, source: Source, captures: list[int], since: str) -> Moved:
    """Take captures off the timeline that prove nothing, and return what has moved.

    None of them was made before ``since``. Call it in a transaction.
    """
    moved = Moved()
    marks = ",".join("?" * len(captures))
    groups = {
        group_of(source, row[0], row[1])
        for row in db.execute(
            f"""SELECT DISTINCT period_start, period_end FROM sightings
            JOIN editions ON editions.id = edition_id WHERE capture_id IN ({marks})""",
            captures,
        )
    }
    for group in groups:
        before = _places(db, group)
        later = _take_up_after(db, group, since)
        kept = [each for each in later if each.capture_id not in captures]
        _lay_all(db, group, kept, before, moved)
        for each in later:
            edition_id = each.edition_id or 0
            if each.capture_id in captures:
                moved.seen.add(edition_id)
                moved.moments.add(each.captured_at)
            renew_edition(db, edition_id)
    return moved


def _lay_all(
    db: Database,
    group: Group,
    showings: list[Showing],
    before: dict[int, tuple[object, ...]],
    moved: Moved,
) -> None:
    """Lay sightings that were taken up, and new ones, in order.

    ``before`` is what the changes depended on before they were taken up.
    """
    for each in showings:
        edition_id, is_new = _lay(db, group, each, showings, moved)
        if each.edition_id is None:
            moved.touched |= {edition_id} if is_new else set()
        elif each.edition_id != edition_id:
            moved.touched |= {edition_id, each.edition_id}
    after = _places(db, group)
    moved.touched |= _moved(before, after)
    if _are_reordered(before, after):
        # Which of them stood is another, though they show the same editions.
        moved.moments |= {each.captured_at for each in showings}
    for edition_id in moved.touched.union(each.edition_id or 0 for each in showings):
        renew_edition(db, edition_id)


def lay_anew(db: Database, source: Source) -> None:
    """Lay all sightings of a source again, by what their readings say now.

    A capture whose reading says otherwise than before keeps its edition where it can: two editions
    may become one, or one may become two. Call it in a transaction.
    """
    taken: dict[Group, list[Showing]] = {}
    for row in db.query(
        """SELECT sightings.capture_id, captured_at, address, sightings.reading_id,
            readings.content_hash, readings.period_start, readings.period_end, edition_id,
            editions.period_start AS was_start, editions.period_end AS was_end
        FROM sightings JOIN captures ON captures.id = sightings.capture_id
        JOIN readings ON readings.id = sightings.reading_id
        JOIN editions ON editions.id = sightings.edition_id
        WHERE editions.source_id = ? ORDER BY captured_at, captures.id""",
        [source.id],
    ):
        group = group_of(source, row["period_start"], row["period_end"])
        was = Group(source.id, row["was_start"], row["was_end"])
        showing = Showing(
            row["capture_id"],
            row["captured_at"],
            _address(source, row["address"]),
            row["reading_id"],
            row["content_hash"],
            row["edition_id"] if was == group else None,
        )
        taken.setdefault(group, []).append(showing)
    editions = "SELECT id FROM editions WHERE source_id = ?"
    db.execute(f"DELETE FROM sightings WHERE edition_id IN ({editions})", [source.id])
    moved = Moved()
    for group, showings in taken.items():
        for number, showing in enumerate(showings):
            _lay(db, group, showing, showings[number:], moved)
    for (edition_id,) in db.execute(editions, [source.id]).fetchall():
        renew_edition(db, edition_id)


def _is_late(db: Database, group: Group, time: str) -> bool:
    """Say whether the group has a sighting after ``time``."""
    row = db.execute(
        f"""SELECT 1 FROM editions INDEXED BY editions_by_last_sighting
        WHERE {IN_GROUP} AND public_until > :time LIMIT 1""",
        {**group_params(group), "time": time},
    ).fetchone()
    return row is not None


def _places(db: Database, group: Group) -> dict[int, tuple[object, ...]]:
    """Return what the changes into each edition of a group depend on, by edition, in their order.

    That is its first sighting, the edition before it, the reading that either shows, and when
    the one before was last seen.
    """
    rows = db.execute(
        f"""WITH shown AS (
            SELECT editions.id, revision, captured_at, reading_id, row_number() OVER (
                PARTITION BY editions.id ORDER BY captured_at, captures.id) AS number
            FROM editions JOIN sightings ON sightings.edition_id = editions.id
            JOIN captures ON captures.id = sightings.capture_id WHERE {IN_GROUP}),
        pairs AS (
            SELECT id, revision, captured_at AS first, reading_id,
                lag(id) OVER in_order AS before, lag(reading_id) OVER in_order AS reading_before
            FROM shown WHERE number = 1 WINDOW in_order AS (ORDER BY revision))
        SELECT id, first, reading_id, before, reading_before,
            (SELECT max(captured_at) FROM shown
                WHERE shown.id = before AND captured_at < first)
        FROM pairs ORDER BY revision""",
        group_params(group),
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def _moved(before: dict[int, tuple[object, ...]], after: dict[int, tuple[object, ...]]) -> set[int]:
    """Return the editions of which anything differs: all, if they stand in another order."""
    if _are_reordered(before, after):
        return {*before, *after}
    moved = {each for each, place in after.items() if before.get(each) != place}
    return moved | (before.keys() - after.keys())


def _are_reordered(before: Iterable[int], after: Iterable[int]) -> bool:
    """Say whether the editions that stay stand in another order."""
    kept = {*before} & {*after}
    return [each for each in before if each in kept] != [each for each in after if each in kept]


def _showing(
    db: Database, source: Source, capture_id: int, reading_id: int
) -> tuple[Showing, Group]:
    row = next(
        db.query(
            """SELECT captured_at, address, period_start, period_end, content_hash
            FROM captures, readings WHERE captures.id = ? AND readings.id = ?""",
            [capture_id, reading_id],
        )
    )
    address = _address(source, row["address"])
    showing = Showing(capture_id, row["captured_at"], address, reading_id, row["content_hash"])
    return showing, group_of(source, row["period_start"], row["period_end"])


def _address(source: Source, address: str | None) -> str | None:
    return address if source.editions == "period" else None


def _take_up_after(db: Database, group: Group, time: str) -> list[Showing]:
    later = [
        Showing(
            row["capture_id"],
            row["captured_at"],
            row["address"] if group.period_start else None,
            row["reading_id"],
            row["content_hash"],
            row["edition_id"],
        )
        for row in db.query(
            f"""SELECT sightings.capture_id, captured_at, address, sightings.reading_id,
                readings.content_hash, edition_id
            FROM sightings JOIN captures ON captures.id = sightings.capture_id
            JOIN readings ON readings.id = sightings.reading_id
            JOIN editions ON editions.id = sightings.edition_id
            WHERE {IN_GROUP} AND captured_at > :time ORDER BY captured_at, captures.id""",
            {**group_params(group), "time": time},
        )
    ]
    for showing in later:
        db.execute("DELETE FROM sightings WHERE capture_id = ?", [showing.capture_id])
    return later


def _lay(
    db: Database, group: Group, showing: Showing, later: list[Showing], moved: Moved
) -> tuple[int, bool]:
    """Add one sighting after all there are; return its edition, and whether it begins there."""
    latest = _latest(db, group)
    edition_id = _shown_already(db, group, showing, latest)
    is_new = edition_id is None
    if edition_id is None:
        revision = latest[1] + 1 if latest else 1
        edition_id = _new_edition(db, group, showing, revision, later)
    moved.lay(db, showing, edition_id)
    db.execute(
        "UPDATE editions SET public_until = max(public_until, ?) WHERE id = ?",
        [showing.captured_at, edition_id],
    )
    return edition_id, is_new


def _latest(db: Database, group: Group) -> tuple[int, int, str] | None:
    """Return id, revision and content hash of the last edition that has a sighting."""
    row = db.execute(
        f"""SELECT id, revision, content_hash FROM editions WHERE {IN_GROUP}
        AND EXISTS (SELECT 1 FROM sightings WHERE edition_id = editions.id)
        ORDER BY revision DESC LIMIT 1""",
        group_params(group),
    ).fetchone()
    return (row[0], row[1], row[2]) if row else None


def _shown_already(
    db: Database, group: Group, showing: Showing, latest: tuple[int, int, str] | None
) -> int | None:
    if latest is None:
        return None
    if latest[2] == showing.content_hash:
        return latest[0]
    if group.period_start is None:
        return None
    row = db.execute(
        f"""SELECT edition_id, content_hash FROM captures INDEXED BY captures_by_address
        CROSS JOIN sightings ON captures.id = sightings.capture_id
        CROSS JOIN editions ON editions.id = sightings.edition_id
        WHERE captures.source_id = :source_id AND captures.address IS :address AND {IN_GROUP}
        ORDER BY captured_at DESC, captures.id DESC LIMIT 1""",
        {**group_params(group), "address": showing.address},
    ).fetchone()
    if row is not None:
        return int(row[0]) if row[1] == showing.content_hash else None
    row = db.execute(
        f"""SELECT id FROM editions WHERE {IN_GROUP} AND content_hash = :content_hash
        AND EXISTS (SELECT 1 FROM sightings WHERE edition_id = editions.id)
        ORDER BY revision DESC LIMIT 1""",
        {**group_params(group), "content_hash": showing.content_hash},
    ).fetchone()
    return int(row[0]) if row else None


def _new_edition(
    db: Database, group: Group, showing: Showing, revision: int, later: list[Showing]
) -> int:
    """Begin an edition, in the row of one that was taken up if its content is the same."""
    for taken in later:
        if taken.edition_id is None or taken.content_hash != showing.content_hash:
            continue
        used = db.execute(
            "SELECT 1 FROM sightings WHERE edition_id = ? LIMIT 1", [taken.edition_id]
        ).fetchone()
        if not used:
            db.execute(
                "UPDATE editions SET revision = ?, content_hash = ? WHERE id = ?",
                [revision, showing.content_hash, taken.edition_id],
            )
            return taken.edition_id
    return begin_edition(db, group, showing, revision)


def show_reading(db: Database, edition_id: int, cause: str, now: str) -> None:
    """Let an edition show the reading of its first sighting, and note since when it does.

    One without a sighting shows none any more. ``cause`` is ``first``, ``accepted`` (by a person)
    or ``replay`` (a newer parser).
    """
    first = db.execute(
        """SELECT reading_id FROM sightings JOIN captures ON captures.id = sightings.capture_id
        WHERE edition_id = ? ORDER BY captured_at, captures.id LIMIT 1""",
        [edition_id],
    ).fetchone()
    shown = db.execute(
        "SELECT reading_id FROM edition_readings WHERE edition_id = ? AND superseded_at IS NULL",
        [edition_id],
    ).fetchone()
    if shown == first:
        return
    db.execute(
        """UPDATE edition_readings SET superseded_at = ?
        WHERE edition_id = ? AND superseded_at IS NULL""",
        [now, edition_id],
    )
    if first is not None:
        row = {"edition_id": edition_id, "reading_id": first[0], "recorded_at": now, "cause": cause}
        db.table("edition_readings").insert(row)
