"""What the history knows of a source: enough to order its editions and to name it on a page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlite_utils import Database

from db.names import note_source_name
from db.quotes import renew_quotes
from db.row_views import save_row_view
from db.settings import authorize_anew

_LISTS = ("lists_say", "row_columns")


@dataclass(frozen=True)
class Source:
    """One entry of ``sources.yml``, as far as it is published with the data."""

    id: str
    title: str
    publisher: str
    address: str | None
    address_seen: bool
    lifecycle: str
    """``active``, ``one-off`` or ``ended``."""
    parser: str
    editions: str
    """``period``: an edition a period, with revisions; ``content``: one a change of content."""
    confirm_after_seconds: int
    """How long a page has to stay gone before its edition counts as withdrawn."""
    why: str
    schedule: str = "daily"
    """``hourly``, ``daily``, ``weekly`` or a cron expression."""
    timezone: str = "UTC"
    """In which the schedule is meant."""
    deadline_seconds: int | None = None
    """How long it may be unreadable before it has gone dark; None for what is over."""
    jurisdiction: str | None = None
    """Whose policy it is."""
    lists_say: tuple[str, ...] = ()
    """What lists say of the policy, a sentence each."""
    access: str = "unknown"
    """``open``, ``refused``, ``mirror`` or ``unknown``: whether the address answers tools."""
    publish: str = "full"
    """``full``, ``diff`` or ``link``: how much of its text a site may show."""
    max_gap_seconds: int = 2 * 24 * 3600
    """How far apart two captures that agree may be for the time between them to be observed."""

    partial: bool = False
    """It is known in part: that a place is not on it says nothing."""
    ended_on: str | None = None
    """The day on which its publisher ended the series, ISO 8601."""
    corrects: str | None = None
    """The source whose documents its corrections are about."""
    row_columns: tuple[str, ...] = ()
    """The columns of the view of its rows, where they have no record type of their own."""


def save_source(db: Database, source: Source) -> None:
    """Write ``source`` over what was known of it, and anew what follows for what lists quote."""
    row = asdict(source)
    for name in _LISTS:
        row[name] = json.dumps(row[name], ensure_ascii=False)
    with db.atomic():
        before, published = _looked_up(db, source.id), _published(db, source.id)
        db.table("sources").upsert(row, pk="id")
        save_row_view(db, source.id, source.row_columns)
        if source.jurisdiction:
            note_source_name(db, source.id, source.jurisdiction)
        if published not in (None, source.publish):
            authorize_anew(db)
        if before is not None and _looked_up(db, source.id) != before:
            renew_quotes(db, source.id)


def _looked_up(db: Database, source_id: str) -> tuple[str | None, int] | None:
    """Return what decides which texts a claim is looked up in."""
    sql = "SELECT jurisdiction, max_gap_seconds FROM sources WHERE id = ?"
    found: tuple[str | None, int] | None = db.execute(sql, [source_id]).fetchone()
    return found


def _published(db: Database, source_id: str) -> str | None:
    row = db.execute("SELECT publish FROM sources WHERE id = ?", [source_id]).fetchone()
    return None if row is None else str(row[0])


def load_source(db: Database, source_id: str) -> Source:
    """Return the source of that id.

    Raises KeyError if the database does not know it.
    """
    for row in db.query("SELECT * FROM sources WHERE id = ?", [source_id]):
        return _source(row)
    raise KeyError(source_id)


def all_sources(db: Database) -> list[Source]:
    """Return all sources that the database knows, by id."""
    return [_source(row) for row in db.query("SELECT * FROM sources ORDER BY id")]


def _source(row: dict[str, Any]) -> Source:
    lists = {name: tuple(json.loads(row[name])) for name in _LISTS}
    flags = {name: bool(row[name]) for name in ("address_seen", "partial")}
    known = {field.name: row[field.name] for field in fields(Source)}
    return Source(**{**known, **lists, **flags})


def source_ids(db: Database) -> list[str]:
    """Return the ids of all sources that the database knows, in order."""
    return [row[0] for row in db.execute("SELECT id FROM sources ORDER BY id")]
