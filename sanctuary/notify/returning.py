"""What came back before anybody was told that it was gone: a row, or a whole list.

A removal waits for the grace period of its source before it is told, and a whole list for longer:
a page that lacks a row for an hour is more often a fault than news. What is back within that time
is told to nobody, neither that it went nor that it returned. The time counts from the first capture
without it to the first capture with it again.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlite_utils import Database

from db.log import LoggedChange, logged_by_ids
from sanctuary.sources import Sources

_BACK = {"removed": "returned", "withdrawn": "restored"}
"""By the kind of what went: the kind of its return."""
_WENT = {back: went for went, back in _BACK.items()}
_OF_ROW = """FROM changes INDEXED BY changes_by_row
    WHERE source_id = :source AND table_name IS :table AND row_key = :key AND kind = :kind
    AND superseded_at IS NULL"""


class Returning:
    """Looks for what came back, by the settings of the sources."""

    def __init__(self, db: Database, watched: Sources) -> None:
        """Take the history, and what is watched with how long each source is waited for."""
        self._db = db
        self._settings = watched.settings.notify
        self._sources = {source.id: source for source in watched.sources}
        self._most: dict[tuple[int | None, str | None], bool] = {}

    def waited_until(self, change: LoggedChange) -> datetime:
        """Return until when the return of what ``change`` says is waited for.

        That is when it was observed, for what does not go.
        """
        at = datetime.fromisoformat(change.observed_by)
        return at + self._wait(change) if change.kind in _BACK else at

    def is_back(self, change: LoggedChange) -> bool:
        """Say whether what went by ``change`` came back within its time."""
        if change.kind not in _BACK:
            return False
        (back_at,) = self._db.execute(
            f"SELECT min(observed_by) {_OF_ROW} AND observed_by >= :at",
            self._row(change, _BACK[change.kind]),
        ).fetchone()
        return back_at is not None and _moment(back_at) <= self.waited_until(change)

    def what_went(self, change: LoggedChange) -> LoggedChange | None:
        """Return the change by which that went which ``change`` says is back within its time.

        None for what is no return, or took longer.
        """
        if change.kind not in _WENT:
            return None
        row = self._db.execute(
            f"SELECT id {_OF_ROW} AND observed_by <= :at ORDER BY observed_by DESC LIMIT 1",
            self._row(change, _WENT[change.kind]),
        ).fetchone()
        if row is None:
            return None
        went = next(logged_by_ids(self._db, [row[0]]))
        return went if _moment(change.observed_by) <= self.waited_until(went) else None

    def _row(self, change: LoggedChange, kind: str) -> dict[str, str | None]:
        return {
            "source": change.source_id,
            "table": change.table_name,
            "key": change.row_key,
            "kind": kind,
            "at": change.observed_by,
        }

    def _wait(self, change: LoggedChange) -> timedelta:
        source = self._sources.get(change.source_id)
        if change.kind == "withdrawn" or self._is_most_of_a_list(change):
            own = source.hiccup if source else None
            return self._settings.hiccup if own is None else own
        own = source.grace if source else None
        return self._settings.grace if own is None else own

    def _is_most_of_a_list(self, change: LoggedChange) -> bool:
        """Say whether more than half of the rows of a list went at once."""
        step = (change.edition_after_id, change.table_name)
        if step not in self._most:
            (went,) = self._db.execute(
                """SELECT count(*) FROM changes WHERE edition_after_id = ? AND table_name = ?
                AND kind = 'removed' AND superseded_at IS NULL""",
                step,
            ).fetchone()
            (stood,) = self._db.execute(
                """SELECT coalesce(max(rows), 0) FROM reading_sizes
                JOIN edition_readings ON edition_readings.reading_id = reading_sizes.reading_id
                WHERE edition_id = ? AND superseded_at IS NULL AND table_name = ?""",
                [change.edition_before_id, change.table_name],
            ).fetchone()
            self._most[step] = 2 * went > stood
        return self._most[step]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
