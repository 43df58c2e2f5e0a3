"""The changes as they are asked for: by time, source, kind, state and place, the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlite_utils import Database

from db.changes import ChangedField


@dataclass(frozen=True)
class Wanted:
    """Which changes are asked for; None asks for all. State and place are matched as printed."""

    since: str | None = None
    source: str | None = None
    kind: str | None = None
    state: str | None = None
    place: str | None = None


@dataclass(frozen=True)
class LoggedChange:
    """A current change with the words that a sentence about it needs."""

    public_id: str
    kind: str
    cause: str
    source_id: str
    source_title: str
    publisher: str
    table_name: str | None
    place: str | None
    state: str | None
    row_key: str
    edition_before_id: int | None
    edition_after_id: int | None
    period_before: str | None
    period_after: str | None
    observed_after: str | None
    observed_by: str
    recorded_at: str
    notice: str | None
    """What the document says of itself if it is no official one."""
    fields: tuple[ChangedField, ...]


_SQL = """SELECT changes.id, changes.public_id, changes.kind, changes.cause, changes.source_id,
    sources.title AS source_title, sources.publisher, changes.table_name, changes.place,
    changes.state, changes.row_key, changes.edition_before_id, changes.edition_after_id,
    before.period_start || '..' || before.period_end || '@' || before.revision AS period_before,
    after.period_start || '..' || after.period_end || '@' || after.revision AS period_after,
    changes.observed_after, changes.observed_by, changes.recorded_at,
    (SELECT readings.notice FROM edition_readings
        JOIN readings ON readings.id = edition_readings.reading_id
        WHERE edition_id = coalesce(changes.edition_after_id, changes.edition_before_id)
        AND edition_readings.superseded_at IS NULL) AS notice
    FROM changes JOIN sources ON sources.id = changes.source_id
    LEFT JOIN editions AS before ON before.id = changes.edition_before_id
    LEFT JOIN editions AS after ON after.id = changes.edition_after_id
    WHERE changes.superseded_at IS NULL
    AND (:since IS NULL OR changes.observed_by >= :since)
    AND (:source IS NULL OR changes.source_id = :source)
    AND (:kind IS NULL OR changes.kind = :kind)
    AND (:state IS NULL OR lower(changes.state) = lower(:state))
    AND (:place IS NULL OR instr(lower(changes.place), lower(:place)) > 0)
    ORDER BY changes.observed_by DESC, changes.id DESC"""


def logged(db: Database, wanted: Wanted) -> Iterator[LoggedChange]:
    """Yield the current changes that are asked for, the newest first.

    ``since`` is compared with the end of the window: when the change was first observed.
    """
    params = {
        "since": wanted.since,
        "source": wanted.source,
        "kind": wanted.kind,
        "state": wanted.state,
        "place": wanted.place,
    }
    for row in list(db.query(_SQL, params)):
        change_id = row.pop("id")
        fields = tuple(
            ChangedField(**field)
            for field in db.query(
                """SELECT field, before, after, evidence_before, evidence_after
                FROM change_fields WHERE change_id = ? ORDER BY id""",
                [change_id],
            )
        )
        yield LoggedChange(**row, fields=fields)
