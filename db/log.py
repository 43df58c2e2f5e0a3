"""The changes as they are asked for: by time, source, kind, state and place, the newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from sqlite_utils import Database

from db.changes import ChangedField


@dataclass(frozen=True)
class Wanted:
    """Which changes are asked for; None asks for all. State and place are matched as printed.

    With both ``place`` and ``names``: what either finds.
    """

    since: str | None = None
    source: str | None = None
    kind: str | None = None
    state: str | None = None
    place: str | None = None
    cause: str | None = None
    """None leaves out those of ``replay``, which are no news; ``all`` does not."""
    names: tuple[int, ...] | None = None
    """Ids of printed names (``db.names``): changes of rows that print one of them."""


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
    jurisdiction_id: str | None
    """For which jurisdiction the printed place is taken; None where it is not resolved."""
    state: str | None
    detail: str | None
    """What tells the row from others of its place (``db.places.printed_detail``)."""
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


_FROM = """FROM changes JOIN sources ON sources.id = changes.source_id
    LEFT JOIN jurisdiction_names ON jurisdiction_names.id = changes.name_id
    LEFT JOIN editions AS before ON before.id = changes.edition_before_id
    LEFT JOIN editions AS after ON after.id = changes.edition_after_id
    LEFT JOIN edition_readings AS shown_before ON shown_before.edition_id = before.id
        AND shown_before.superseded_at IS NULL
    LEFT JOIN edition_readings AS shown_after ON shown_after.edition_id = after.id
        AND shown_after.superseded_at IS NULL
    WHERE changes.superseded_at IS NULL
    AND (:since IS NULL OR changes.observed_by >= :since)
    AND (:source IS NULL OR changes.source_id = :source)
    AND (:kind IS NULL OR changes.kind = :kind)
    AND (:cause = 'all' OR coalesce(changes.cause = :cause, changes.cause != 'replay'))
    AND (:state IS NULL OR lower(changes.state) = lower(:state))
    AND (coalesce(:place, :names) IS NULL
        OR instr(lower(changes.place), lower(:place)) > 0
        OR changes.name_id IN (SELECT value FROM json_each(:names)))"""


def _of_row(table: str, value: str, side: str) -> str:
    return f"""(SELECT {value} FROM {table} WHERE changes.table_name = '{table}'
        AND {table}.reading_id = {side}.reading_id AND {table}.row_key = changes.row_key LIMIT 1)"""


_DETAILS = ", ".join(
    _of_row(table, value, side)
    for side in ("shown_after", "shown_before")
    for table, value in (
        ("agreements", "coalesce(support_type, support_type_text)"),
        ("listings", "policy"),
        ("policies", "title"),
        (
            "policy_sections",
            """coalesce(nullif(trim(coalesce(number, '') || ' ' || coalesce(heading, '')), ''),
                host_id)""",
        ),
        (
            "table_rows",
            """(SELECT group_concat(coalesce(json_extract(fields, '$.' || value),
                json_extract(fields_text, '$.' || value)), ', ') FROM json_each(key_fields))""",
        ),
    )
)
# An edition before its rows, and these by place: the order does not depend on that of loading.
_SQL = f"""SELECT changes.id, changes.public_id, changes.kind, changes.cause, changes.source_id,
    sources.title AS source_title, sources.publisher, changes.table_name, changes.place,
    jurisdiction_names.jurisdiction_id, changes.state, coalesce({_DETAILS}) AS detail,
    changes.row_key, changes.edition_before_id, changes.edition_after_id,
    before.period_start || '..' || before.period_end || '@' || before.revision AS period_before,
    after.period_start || '..' || after.period_end || '@' || after.revision AS period_after,
    changes.observed_after, changes.observed_by, changes.recorded_at,
    (SELECT notice FROM readings
        WHERE id = coalesce(shown_after.reading_id, shown_before.reading_id)) AS notice
    {_FROM}
    ORDER BY changes.observed_by DESC, changes.source_id, changes.table_name IS NOT NULL,
        changes.table_name, changes.kind, changes.state, changes.place, changes.row_key,
        changes.public_id
    LIMIT :limit"""


def logged(db: Database, wanted: Wanted, limit: int | None = None) -> Iterator[LoggedChange]:
    """Yield the current changes that are asked for, the newest first, at most ``limit``.

    ``since`` is compared with the end of the window: when the change was first observed.
    """
    for row in list(db.query(_SQL, {**_params(wanted), "limit": -1 if limit is None else limit})):
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


def count_logged(db: Database, wanted: Wanted) -> int:
    """Return how many changes are asked for."""
    return int(db.execute(f"SELECT count(*) {_FROM}", _params(wanted)).fetchone()[0])


def _params(wanted: Wanted) -> dict[str, object]:
    names = None if wanted.names is None else json.dumps(wanted.names)
    return {**asdict(wanted), "names": names}
