"""Naming an edition: by period, by the day or moment it was public, or by id."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from sqlite_utils import Database

from db.comparison import EDITIONS, Edition
from db.errors import NoSuchEdition
from db.sources import Source

_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)(?:@(\d{1,18}))?")
_ID = re.compile(r"#(\d{1,18})")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_REMEDY = (
    "see `sanctuary sources SOURCE` for those there are, or name one as 2017-01-28 or FROM..TO"
)


def find_edition(db: Database, source_id: str, selector: str) -> Edition:
    """Return the edition of a source that ``selector`` names.

    A day (``2025-06-01``) names the edition public on it, of a report the newest period by then;
    a moment (``2025-06-01T15:16:00Z``, in UTC) the one public then, which for the moment it was
    first seen stays the same edition whatever is loaded later. ``2017-01-28..2017-02-03`` names
    the latest revision of a period, with ``@1`` its first; ``#12`` the edition of that id. Raises
    NoSuchEdition.
    """
    text = selector.strip()
    period, number = _PERIOD.fullmatch(text), _ID.fullmatch(text)
    if period:
        found = _of_period(db, source_id, *period.groups())
    elif number:
        of_id = [source_id, int(number[1])]
        found = _query(db, "editions.source_id = ? AND editions.id = ?", of_id)
    elif _MOMENT.fullmatch(text):
        found = _public_before(db, source_id, "<=", text)
    else:
        # All moments of the day come before its hour 24, which no clock shows.
        found = _public_before(db, source_id, "<", f"{_day(selector, text).isoformat()}T24")
    if found is None:
        raise NoSuchEdition(selector, f"{source_id} has no such edition", _REMEDY)
    return found


def last_editions(db: Database, source_id: str, count: int) -> list[Edition]:
    """Return the last ``count`` editions of a source in their order, fewer if there are fewer."""
    rows = db.query(
        f"""{EDITIONS} WHERE editions.source_id = ?
        ORDER BY editions.period_start DESC, editions.revision DESC LIMIT ?""",
        [source_id, count],
    )
    return [Edition(**row) for row in rows][::-1]


def first_edition(db: Database, source_id: str) -> int | None:
    """Return the id of the first edition of a source, None if none is held."""
    row = db.execute(
        """SELECT id FROM editions WHERE source_id = ? AND public_from IS NOT NULL
        ORDER BY period_start, revision LIMIT 1""",
        [source_id],
    ).fetchone()
    return None if row is None else int(row[0])


def all_editions(db: Database, source_id: str) -> list[Edition]:
    """Return every edition of a source in their order."""
    return last_editions(db, source_id, -1)


def selectors_of(editions: Sequence[Edition]) -> dict[int, str]:
    """Return for every one of a source's editions, by id, a selector that finds it again.

    It is ``Edition.selector``; of editions that share one, all but the last have their id.
    """
    last = {edition.selector: edition.id for edition in editions}
    return {
        edition.id: edition.selector if last[edition.selector] == edition.id else f"#{edition.id}"
        for edition in editions
    }


def count_editions(db: Database, source_id: str) -> int:
    """Return how many editions of a source are held."""
    sql = "SELECT count(*) FROM editions WHERE source_id = ? AND public_from IS NOT NULL"
    return int(db.execute(sql, [source_id]).fetchone()[0])


def newest_edition(db: Database) -> int:
    """Return the id of the edition that was written last of all, 0 if none is held."""
    return int(db.execute("SELECT coalesce(max(id), 0) FROM editions").fetchone()[0])


def edition_before(
    db: Database, source: Source, captured_at: str, period_start: str | None
) -> Edition | None:
    """Return the edition that a document captured at ``captured_at`` will be compared with.

    Of a list the one public before it, of a report the newest of an earlier period.
    """
    if source.editions == "period":
        return _query(
            db,
            """editions.source_id = ? AND editions.period_start < ?
            ORDER BY editions.period_start DESC, editions.revision DESC LIMIT 1""",
            [source.id, period_start],
        )
    return _query(
        db,
        """editions.source_id = ? AND editions.public_from < ?
        ORDER BY editions.public_from DESC LIMIT 1""",
        [source.id, captured_at],
    )


def _of_period(
    db: Database, source_id: str, start: str, end: str, revision: str | None
) -> Edition | None:
    where = "editions.source_id = ? AND editions.period_start = ? AND editions.period_end = ?"
    params: list[object] = [source_id, start, end]
    if revision:
        where += " AND editions.revision = ?"
        params.append(int(revision))
    return _query(db, f"{where} ORDER BY editions.revision DESC LIMIT 1", params)


def _public_before(db: Database, source_id: str, before: str, time: str) -> Edition | None:
    return _query(
        db,
        f"""editions.source_id = ? AND editions.public_from {before} ?
        ORDER BY editions.period_start DESC, editions.revision DESC LIMIT 1""",
        [source_id, time],
    )


def _query(db: Database, where: str, params: list[object]) -> Edition | None:
    for row in db.query(f"{EDITIONS} WHERE {where}", params):
        return Edition(**row)
    return None


def _day(selector: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NoSuchEdition(selector, "neither a day nor the name of an edition", _REMEDY) from None
