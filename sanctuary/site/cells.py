"""Cells of Datasette's own pages: links to what has a page, and lists, times, units in words."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from db.cell_facts import edition_of, public_id_of, read_from
from parsers.records import RECORD_BY_TABLE
from parsers.web_address import web_address
from sanctuary.report_rows import where
from sanctuary.site.addresses import Addresses
from sanctuary.site.hooks import hookimpl
from sanctuary.site.ours import is_ours
from sanctuary.site.page_facts import look_up, place_of_name, shows_one_row
from sanctuary.wording import day_and_time

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
_VIEW_OF = re.compile(r"(?:current_|standing_)?(.+)")
_LONGEST = 400
"""Characters of a list that a table shows; the page of the row has it whole."""
_LONGEST_READ = 20_000
"""Characters beyond which a table shows the beginning of the JSON as it is."""
_LONGEST_ADDRESS = 60


@dataclass(frozen=True)
class Cell:
    """A value in a row of a table, a view or (without a table) of an answer to SQL."""

    datasette: Datasette
    database: Database
    row: sqlite3.Row
    column: str
    value: Any
    """Datasette gives the number of another row alone, or with what that row is called."""
    table: str | None

    @property
    def to(self) -> Addresses:
        """The addresses of the pages."""
        return Addresses(self.datasette, self.database)

    @property
    def records(self) -> str | None:
        """The table of records whose rows the table or view shows, None for any other."""
        match = _VIEW_OF.fullmatch(self.table or "")
        return match[1] if match and match[1] in RECORD_BY_TABLE else None

    def beside(self, column: str) -> Any:
        """Return the value in another column of the row, None if there is none."""
        return _plain(self.row[column]) if column in self.row.keys() else None  # noqa: SIM118


Show = Callable[[Cell], Awaitable[Markup | None]]


async def _evidence(cell: Cell) -> Markup | None:
    spots = _read_json(cell.value)
    if not isinstance(spots, list):
        return None
    words = where(spots)
    reading, position = cell.beside("reading_id"), cell.beside("position")
    if cell.records and reading is not None and position is not None:
        read = await look_up(cell.database, read_from, reading)
        if read is not None:
            return _link(cell.to.evidence(read.row(cell.records, position)), words)
    if cell.column != "evidence" and cell.beside("change_id") is not None:
        public_id = await look_up(cell.database, public_id_of, cell.beside("change_id"))
        return _link(cell.to.change(public_id), words) if public_id else Markup.escape(words)
    document = cell.beside("document_sha256")
    return _link(cell.to.document(document), words) if document else Markup.escape(words)


async def _document(cell: Cell) -> Markup | None:
    sha256 = str(_plain(cell.value))
    return _link(cell.to.document(sha256), sha256[:12])


async def _file_name(cell: Cell) -> Markup | None:
    return _link(cell.to.document(str(cell.row["sha256"])), str(cell.value))


async def _reading(cell: Cell) -> Markup | None:
    number = _plain(cell.value)
    read = await look_up(cell.database, read_from, number)
    if read is None:
        return None
    return Markup('{} <span class="sanctuary-of">of document {} of {}</span>').format(
        _link(cell.to.table("readings", number), number),
        _link(cell.to.document(read.document_sha256), read.document_sha256[:12]),
        _link(cell.to.table("sources", read.source_id), read.source_id),
    )


async def _edition(cell: Cell) -> Markup | None:
    edition = await look_up(cell.database, edition_of, _plain(cell.value))
    if edition is None:
        return None
    words = f"{edition.period_start} to {edition.period_end}" if edition.period else "first seen "
    words += (
        f", revision {edition.revision}" if edition.period else day_and_time(edition.public_from)
    )
    return _link(cell.to.report(edition.source_id, edition.selector), words)


async def _source(cell: Cell) -> Markup | None:
    return _link(cell.to.table("sources", _plain(cell.value)), _called(cell.value))


async def _title_of_source(cell: Cell) -> Markup | None:
    source = str(cell.row["id"])
    of_policy = cell.beside("jurisdiction")
    return _link(cell.to.policy(source) if of_policy else cell.to.report(source), cell.value)


async def _policy(cell: Cell) -> Markup | None:
    source = cell.beside("source_id")
    return _link(cell.to.policy(source), cell.value) if source else None


async def _change(cell: Cell) -> Markup | None:
    return _link(cell.to.change(str(cell.value)), cell.value)


async def _change_of(cell: Cell) -> Markup | None:
    public_id = await look_up(cell.database, public_id_of, _plain(cell.value))
    return _link(cell.to.change(public_id), public_id) if public_id else None


async def _place(cell: Cell) -> Markup | None:
    place = str(_plain(cell.value))
    return _link(cell.to.place(place), _called(cell.value))


async def _name_of_place(cell: Cell) -> Markup | None:
    return _link(cell.to.place(str(cell.row["id"])), cell.value)


async def _printed_place(cell: Cell) -> Markup | None:
    place, name = cell.beside("jurisdiction_id"), cell.beside("name_id")
    if place is None and name is not None:
        place = await place_of_name(cell.database, name)
    address = cell.to.place(place) if place else cell.to.place_named(str(cell.value))
    return _link(address, cell.value)


async def _row_of_view(cell: Cell) -> Markup | None:
    # In a table Datasette makes the number a link itself.
    return _link(cell.to.table(cell.records, cell.value), cell.value) if cell.records else None


async def _row_of_table(cell: Cell) -> Markup | None:
    # With what the other row is called Datasette makes a link of it itself.
    if isinstance(cell.value, dict):
        return None
    return _link(cell.to.table(_ROWS_OF[cell.column], cell.value), cell.value)


async def _lines(cell: Cell) -> Markup | None:
    if not shows_one_row() and len(str(cell.value)) > _LONGEST_READ:
        return None
    value = _read_json(cell.value)
    if not isinstance(value, list | dict):
        return None
    lines = [_line(each) for each in value] if isinstance(value, list) else _pairs(value)
    if not lines:
        return Markup('<span class="sanctuary-of">none</span>')
    if not shows_one_row():
        lines = _shortened(lines)
    return Markup("<br>").join(lines)


async def _field_of_change(cell: Cell) -> Markup | None:
    return await _lines(cell) if cell.beside("field") in _LISTS else None


async def _moment(cell: Cell) -> Markup | None:
    moment = str(cell.value)
    if not _MOMENT.fullmatch(moment):
        return None
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        moment, moment, day_and_time(moment)
    )


async def _span(cell: Cell) -> Markup | None:
    if not isinstance(cell.value, int):
        return None
    for unit, seconds in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        if cell.value % seconds == 0 and cell.value >= seconds:
            count = cell.value // seconds
            return Markup.escape(f"{count:,} {unit}{'' if count == 1 else 's'}")
    return Markup.escape(f"{cell.value:,} seconds")


async def _bytes(cell: Cell) -> Markup | None:
    return Markup.escape(f"{cell.value:,} bytes") if isinstance(cell.value, int) else None


async def _address(cell: Cell) -> Markup | None:
    text = str(cell.value).strip()
    address = web_address(text)
    if address is None:
        return Markup.escape(cell.value)
    too_long = len(text) > _LONGEST_ADDRESS and not shows_one_row()
    return Markup('<a href="{}" rel="noreferrer nofollow">{}</a>').format(
        address, f"{text[:_LONGEST_ADDRESS]}…" if too_long else text
    )


_ROWS_OF = {
    **dict.fromkeys(("capture_id", "first_capture_id", "last_capture_id", "found_in"), "captures"),
    **dict.fromkeys(("text_id", "other_text_id"), "section_texts"),
    "correction_id": "corrections",
    "declined_detainer_id": "declined_detainers",
    "listing_id": "listings",
    "name_id": "jurisdiction_names",
    "policy_section_id": "policy_sections",
    "run_id": "runs",
    "withheld_id": "withheld",
}
"""By column: the table whose row it names."""
_LISTS = frozenset(
    {
        *("criteria", "lists_say", "path", "candidates", "row_columns", "cells", "differences"),
        *("other_columns", "fields", "fields_text", "key_fields", "context", "searched"),
        *("headers", "request_headers", "transport", "summary", "manifest"),
    }
)
"""Columns whose values are JSON."""
_MOMENTS = frozenset(
    {
        *("public_from", "public_until", "observed_after", "observed_by", "captured_at"),
        *("recorded_at", "superseded_at", "decided_at", "archived_at", "started_at"),
        *("finished_at", "retry_after", "doubted_at", "withheld_at", "deleted_at", "attached_at"),
        *("taken_back_at", "applied_at", "last_stated", "said_after", "said_by", "last_said"),
        *("known_from", "known_until", "first_seen", "last_seen"),
        *("agreement_last_stated", "other_last_stated", "version_seen_from"),
        *("version_seen_until", "claimed_from", "claimed_until"),
    }
)
_SHOWN: dict[str, Show] = {
    **dict.fromkeys(_LISTS, _lines),
    **dict.fromkeys(_MOMENTS, _moment),
    **dict.fromkeys(_ROWS_OF, _row_of_table),
    **dict.fromkeys(("evidence", "evidence_before", "evidence_after"), _evidence),
    **dict.fromkeys(
        (
            *("edition_id", "edition_before_id", "edition_after_id"),
            *("first_edition_id", "last_edition_id", "policy_edition_id"),
        ),
        _edition,
    ),
    **dict.fromkeys(("source_id", "corrects", "about", "policy_source_id"), _source),
    **dict.fromkeys(("jurisdiction_id", "parent_id", "location_id", "operator_id"), _place),
    **dict.fromkeys(("before", "after"), _field_of_change),
    **dict.fromkeys(("confirm_after_seconds", "deadline_seconds", "max_gap_seconds"), _span),
    "document_sha256": _document,
    "reading_id": _reading,
    "public_id": _change,
    "change_id": _change_of,
    "id": _row_of_view,
}
"""By column, which says the same thing in whatever table, view or query it stands."""
_SHOWN_IN: dict[tuple[str, str], Show] = {
    ("documents", "size"): _bytes,
    ("documents", "file_name"): _file_name,
    ("sources", "title"): _title_of_source,
    ("jurisdictions", "name"): _name_of_place,
    **{(view, "title"): _policy for view in ("current_policies", "standing_policies")},
    **{(table, "place"): _printed_place for table in ("changes", "current_changes")},
    **{
        (f"{view}{record.table}", record.place): _printed_place
        for record in RECORD_BY_TABLE.values()
        if record.place is not None
        for view in ("", "current_", "standing_")
    },
}
"""By table and column, where the column says it there alone."""


@hookimpl
def render_cell(
    row: sqlite3.Row,
    value: object,
    column: str,
    table: str | None,
    database: str,
    datasette: Datasette,
) -> Callable[[], Awaitable[Markup | None]] | None:
    """Show what has a page of its own as a link to it, and lists, times and units in words.

    Any other cell is shown as Datasette does.
    """
    if value in (None, ""):
        return None
    show = _SHOWN_IN.get((table or "", column)) or _SHOWN.get(column)
    if show is None and isinstance(value, str) and value.lstrip().lower().startswith("http"):
        show = _address
    if show is None:
        return None
    shown = show

    async def in_ours() -> Markup | None:
        served = datasette.get_database(database)
        if not await is_ours(served):
            return None
        return await shown(Cell(datasette, served, row, column, value, table))

    return in_ours


def _plain(value: Any) -> Any:
    """Return the number or id of another row."""
    return value["value"] if isinstance(value, dict) else value


def _called(value: Any) -> str:
    """Return what another row is called, by its label where Datasette gives one."""
    return str(value["label"] or value["value"]) if isinstance(value, dict) else str(value)


def _link(address: str, text: object) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)


def _read_json(value: object) -> Any:
    try:
        return json.loads(str(value))
    except (ValueError, RecursionError):
        return None


def _line(value: Any) -> str:
    if isinstance(value, list):
        return ": ".join(_line(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(_pairs(value))
    return "" if value is None else str(value)


def _pairs(value: dict[str, Any]) -> list[str]:
    return [f"{name}: {_line(each)}" for name, each in value.items() if each not in (None, [], {})]


def _shortened(lines: list[str]) -> list[str]:
    found: list[str] = []
    left = _LONGEST
    for line in lines:
        if left <= 0:
            return [*found, "…"]
        found.append(line if len(line) <= left else f"{line[:left]}…")
        left -= len(line)
    return found
