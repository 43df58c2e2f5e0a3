"""The changes as they are asked for: by time, source, kind, state and place, the newest first.

They are found by their numbers first and then loaded, a few at a time: what a sentence needs is
asked only of those that are shown.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

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
    until: str | None = None
    """The last day on which it was first observed, an ISO day."""
    tables: tuple[str, ...] | None = None
    """Changes of rows of these tables, and those that are of no row."""
    edition: int | None = None
    """Changes into this edition."""


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
_SQL = f"""SELECT changes.id, changes.public_id, changes.kind, changes.cause, changes.source_id,
    sources.title AS source_title, sources.publisher, changes.table_name, changes.place,
    jurisdiction_names.jurisdiction_id, changes.state, coalesce({_DETAILS}) AS detail,
    changes.row_key, changes.edition_before_id, changes.edition_after_id,
    before.period_start || '..' || before.period_end || '@' || before.revision AS period_before,
    after.period_start || '..' || after.period_end || '@' || after.revision AS period_after,
    changes.observed_after, changes.observed_by, changes.recorded_at,
    (SELECT notice FROM readings
        WHERE id = coalesce(shown_after.reading_id, shown_before.reading_id)) AS notice
    FROM changes JOIN sources ON sources.id = changes.source_id
    LEFT JOIN jurisdiction_names ON jurisdiction_names.id = changes.name_id
    LEFT JOIN editions AS before ON before.id = changes.edition_before_id
    LEFT JOIN editions AS after ON after.id = changes.edition_after_id
    LEFT JOIN edition_readings AS shown_before ON shown_before.edition_id = before.id
        AND shown_before.superseded_at IS NULL
    LEFT JOIN edition_readings AS shown_after ON shown_after.edition_id = after.id
        AND shown_after.superseded_at IS NULL
    WHERE changes.id IN (SELECT value FROM json_each(?))"""
_FIELDS = """SELECT change_id, field, before, after, evidence_before, evidence_after
    FROM change_fields WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY id"""

# An edition before its rows, and these by place: the order does not depend on that of loading.
_ORDER = (
    "source_id",
    "coalesce(table_name, '')",
    "kind",
    "coalesce(state, '')",
    "coalesce(place, '')",
    "row_key",
    "public_id",
)
_NEWEST_FIRST = f"observed_by DESC, {', '.join(_ORDER)}"
_CURRENT = "SELECT id FROM changes WHERE superseded_at IS NULL"
_AT_ONCE = 500


class NoSuchChange(KeyError):
    """No change was ever told under this public id."""


def logged(
    db: Database, wanted: Wanted, limit: int | None = None, *, after: str | None = None
) -> Iterator[LoggedChange]:
    """Yield the current changes that are asked for, the newest first, at most ``limit``.

    The newest is the one that was observed last: whose window ends last. With ``after``, the public
    id of a change, those that follow it. Raises NoSuchChange if it names none.
    """
    where, params = _where(wanted)
    if after is not None:
        more, key = _following(db, after)
        where, params = f"{where} AND {more}", [*params, *key]
    sql = f"{_CURRENT}{where} ORDER BY {_NEWEST_FIRST} LIMIT ?"
    yield from logged_by_ids(db, _ids(db, sql, [*params, -1 if limit is None else limit]))


def recorded(
    db: Database, wanted: Wanted, limit: int, *, after: str | None = None
) -> list[LoggedChange]:
    """Return the current changes that are asked for, the one first that was written down last.

    That is the order of a feed: what is taken in late, of a time long ago, is new to its readers.
    ``after`` and what it raises are as in ``logged``.
    """
    where, params = _where(wanted)
    if after is not None:
        where, params = f"{where} AND id < ?", [*params, _last_row(db, after)]
    sql = f"{_CURRENT}{where} ORDER BY id DESC LIMIT ?"
    return list(logged_by_ids(db, _ids(db, sql, [*params, limit])))


def change_told(db: Database, public_id: str) -> LoggedChange:
    """Return a change by its public id, as it was told last, whether or not it still stands.

    Raises NoSuchChange if none was ever told under it.
    """
    return next(logged_by_ids(db, [_last_row(db, public_id)]))


def changes_told(db: Database, public_ids: Collection[str]) -> list[LoggedChange]:
    """Return changes by their public ids, in their order, each as ``change_told`` does.

    Raises NoSuchChange for the first of them under which none was ever told.
    """
    rows = dict(
        db.execute(
            """SELECT public_id, coalesce(max(id) FILTER (WHERE superseded_at IS NULL), max(id))
            FROM changes WHERE public_id IN (SELECT value FROM json_each(?)) GROUP BY public_id""",
            [json.dumps([*public_ids])],
        ).fetchall()
    )
    for each in public_ids:
        if each not in rows:
            raise NoSuchChange(each)
    return list(logged_by_ids(db, [rows[each] for each in public_ids]))


def logged_by_ids(db: Database, ids: Sequence[int]) -> Iterator[LoggedChange]:
    """Yield the changes of these rows of ``changes``, in their order."""
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        wanted = json.dumps(some)
        fields: dict[int, list[ChangedField]] = defaultdict(list)
        for field in db.query(_FIELDS, [wanted]):
            fields[field.pop("change_id")].append(ChangedField(**field))
        rows = {row.pop("id"): row for row in db.query(_SQL, [wanted])}
        for each in some:
            yield LoggedChange(**rows[each], fields=tuple(fields[each]))


def count_logged(db: Database, wanted: Wanted) -> int:
    """Return how many changes are asked for."""
    where, params = _where(wanted)
    sql = f"SELECT count(*) FROM ({_CURRENT}{where})"
    return int(db.execute(sql, params).fetchone()[0])


def kinds_into(db: Database, wanted: Wanted, editions: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return how many changes into each of these editions are asked for, by their kind."""
    where, params = _where(wanted)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for edition, kind, count in db.execute(
        f"""SELECT edition_after_id, kind, count(*) FROM changes
        WHERE edition_after_id IN (SELECT value FROM json_each(?)) AND superseded_at IS NULL{where}
        GROUP BY edition_after_id, kind ORDER BY kind""",
        [json.dumps(sorted(set(editions))), *params],
    ):
        found[edition][kind] = count
    return found


def last_of(db: Database, wanted: Wanted) -> str | None:
    """Return the public id of the last change that is asked for, None if there is none."""
    where, params = _where(wanted)
    oldest_first = f"observed_by, {', '.join(f'{each} DESC' for each in _ORDER)}"
    row = db.execute(
        f"""SELECT public_id FROM changes WHERE superseded_at IS NULL{where}
        ORDER BY {oldest_first} LIMIT 1""",
        params,
    ).fetchone()
    return None if row is None else str(row[0])


def _where(wanted: Wanted) -> tuple[str, list[Any]]:
    """Return what is asked for as SQL that follows other conditions, with its values."""
    found: list[tuple[str, list[Any]]] = []
    for value, sql in (
        (wanted.since, "observed_by >= ?"),
        # A tilde sorts after the T that follows the day in a moment.
        (wanted.until and f"{wanted.until}~", "observed_by < ?"),
        (wanted.source, "source_id = ?"),
        (wanted.kind, "kind = ?"),
        (wanted.edition, "edition_after_id = ?"),
        (
            wanted.state,
            """state IN (SELECT state FROM (SELECT DISTINCT state FROM changes)
                WHERE lower(state) = lower(?))""",
        ),
        (
            None if wanted.tables is None else json.dumps(wanted.tables),
            "(table_name IS NULL OR table_name IN (SELECT value FROM json_each(?)))",
        ),
    ):
        if value is not None:
            found.append((sql, [value]))
    if wanted.cause is None:
        found.append(("cause != 'replay'", []))
    elif wanted.cause != "all":
        found.append(("cause = ?", [wanted.cause]))
    places = []
    if wanted.place is not None:
        holds = """place IN (SELECT place FROM (SELECT DISTINCT place FROM changes)
            WHERE instr(lower(place), lower(?)) > 0)"""
        places.append((holds, wanted.place))
    if wanted.names is not None:
        named = "name_id IN (SELECT value FROM json_each(?))"
        places.append((named, json.dumps(wanted.names)))
    if places:
        either = " OR ".join(sql for sql, _ in places)
        found.append((f"({either})", [value for _, value in places]))
    return "".join(f" AND {sql}" for sql, _ in found), [
        each for _, values in found for each in values
    ]


def _following(db: Database, public_id: str) -> tuple[str, list[Any]]:
    """Return as SQL, with its values, what comes after a change in the order of ``logged``."""
    key = db.execute(
        f"SELECT observed_by, {', '.join(_ORDER)} FROM changes WHERE id = ?",
        [_last_row(db, public_id)],
    ).fetchone()
    values = ", ".join("?" * len(_ORDER))
    sql = f"observed_by <= ? AND (observed_by < ? OR ({', '.join(_ORDER)}) > ({values}))"
    return sql, [key[0], *key]


def _last_row(db: Database, public_id: str) -> int:
    row = db.execute(
        """SELECT id FROM changes WHERE public_id = ?
        ORDER BY superseded_at IS NOT NULL, id DESC LIMIT 1""",
        [public_id],
    ).fetchone()
    if row is None:
        raise NoSuchChange(public_id)
    return int(row[0])


def _ids(db: Database, sql: str, params: list[Any]) -> list[int]:
    return [row[0] for row in db.execute(sql, params)]
