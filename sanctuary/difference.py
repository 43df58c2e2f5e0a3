"""The difference of two editions as people and machines get it, on a terminal or on a page."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from sqlite_utils import Database

from db.comparison import Edition, Number, TableComparison, compare
from db.diff import RowChange
from db.places import printed_detail, printed_place
from db.settings import individual_rows
from db.sources import Source, load_source
from db.windows import observed_after, predecessor
from parsers.records import Record
from sanctuary.safe_text import cell_safe, json_safe, markdown_safe

TABLE_TITLES = {
    "report_totals": "What the report states of itself",
    "detainer_counts": "Section I: detainers issued (outcome unknown)",
    "declined_detainers": "Section II: detainers recorded as declined",
    "listings": "Listed jurisdictions",
    "agreements": "287(g) agreements",
}
KINDS = ("added", "removed", "changed", "renamed")
STATED = {
    "detainers_issued_nationwide": "detainers issued nationwide",
    "detainers_issued_listed": "detainers issued to the listed jurisdictions",
    "summary": "the summary",
    **{f"section_{number}": f"Section {number.upper()}" for number in ("i", "ii", "iii", "iv")},
}
"""What a report states of itself, in words; the rest is called by its name."""
_OF_ISSUED = frozenset({"report_totals", "detainer_counts"})
"""The tables with numbers of detainers issued: the report's own caveat goes where they go."""


@dataclass(frozen=True)
class Difference:
    """Two editions of one source, and what changed from the one to the other, by table."""

    source: Source
    before: Edition
    after: Edition
    tables: list[TableComparison]
    caveats: tuple[str, ...] = ()
    """What the reports say of their numbers, each sentence once; none where no number is shown."""
    observed_after: str | None = None
    """When the change had last not been seen; None if that is not known."""
    observed_by: str | None = None
    """When it was first seen; None if ``after`` does not come after ``before``."""
    individual_rows: str = "full"
    """What may be shown of rows about individuals (``db.settings``)."""

    def notices(self) -> list[str]:
        """What the documents say of themselves if they are no official ones, each once."""
        return sorted({e.notice for e in (self.before, self.after) if e.notice})

    def changes(self) -> Iterator[RowChange]:
        """All row changes, table by table."""
        for table in self.tables:
            yield from table.changes or []

    def count(self, kind: str) -> int:
        """How many rows were ``added``, ``removed``, ``changed`` or ``renamed``."""
        return sum(table.count(kind) for table in self.tables)


def difference(db: Database, before: Edition, after: Edition) -> Difference:
    """Return what changed from ``before`` to ``after``, two editions of one source.

    It holds of rows about individuals only what the settings of the database let be shown.
    """
    source = load_source(db, before.source_id)
    shown = individual_rows(db)
    tables = compare(db, before, after, shown)
    has_issued = any(table.record.table in _OF_ISSUED for table in tables)
    caveats = _caveats(db, before, after) if has_issued else ()
    return Difference(
        source, before, after, tables, caveats, *_window(db, source, before, after), shown
    )


def _caveats(db: Database, before: Edition, after: Edition) -> tuple[str, ...]:
    rows = db.execute(
        """SELECT text FROM report_totals WHERE name = 'caveat' AND reading_id IN (?, ?)
        GROUP BY text ORDER BY min(reading_id), min(position)""",
        [before.reading_id, after.reading_id],
    )
    return tuple(row[0] for row in rows)


def _window(
    db: Database, source: Source, before: Edition, after: Edition
) -> tuple[str | None, str | None]:
    """Return between which two captures ``before`` gave way to ``after``.

    Between neighbours that is the window of their changes. Where editions lie between them it
    reaches back to the last capture of a list, which shows one edition at a time, but for a
    report, which stays up beside the next, only to the first.
    """
    if _order(after) <= _order(before):
        return None, None
    neighbour = predecessor(db, after)
    if neighbour is not None and neighbour.id == before.id:
        start = observed_after(db, source, after)
    else:
        start = before.public_until if source.editions == "content" else before.public_from
    return (start if start and start < after.public_from else None), after.public_from


def _order(edition: Edition) -> tuple[str, str, int]:
    return (edition.period_start or "", edition.period_end or "", edition.revision)


def window(diff: Difference) -> str | None:
    """Return in words between which captures the change was made; None for a look back in time."""
    if diff.observed_by is None:
        return None
    if diff.observed_after is None:
        return f"by {day_and_time(diff.observed_by)}"
    return f"between {day_and_time(diff.observed_after)} and {day_and_time(diff.observed_by)}"


def title_of(change: RowChange) -> str:
    """Return what a row is about: its place and what tells it from others there, or its words."""
    row = change.row
    place, detail = printed_place(row), printed_detail(row)
    if place is None:
        return next((str(value) for value in row.content().values() if value), row.table)
    return f"{place} ({detail})" if detail else place


def plain(value: object) -> str:
    """Return a value as text: a list or a mapping as its lines, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(
            " / ".join(str(part) for part in item.values() if part)
            if isinstance(item, dict)
            else str(item)
            for item in value
        )
    if isinstance(value, dict):
        return "\n".join(f"{name}: {text}" for name, text in value.items())
    return str(value)


def to_json(diff: Difference) -> str:
    """Return the difference as JSON: source, editions, counts, and the changes by table."""
    return json_safe(json.dumps(as_data(diff), ensure_ascii=False, indent=2))


def as_data(diff: Difference) -> dict[str, Any]:
    """Return the difference as plain data, the shape that ``to_json`` prints."""
    return {
        "source": diff.source.id,
        "notices": diff.notices(),
        "caveats": list(diff.caveats),
        "individual_rows": diff.individual_rows,
        "observed_after": diff.observed_after,
        "observed_by": diff.observed_by,
        "from": _edition_data(diff.before),
        "to": _edition_data(diff.after),
        "counts": {kind: diff.count(kind) for kind in KINDS},
        "tables": {
            table.record.table: {
                "rows_from": table.rows_before,
                "rows_to": table.rows_after,
                "compared": "rows" if table.changes is not None else "counts",
                "numbers": [asdict(number) for number in table.numbers],
                "changes": [_change_data(change) for change in table.changes or []],
            }
            for table in diff.tables
        },
    }


def _edition_data(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition.name,
        "selector": edition.selector,
        "id": edition.id,
        "period_start": edition.period_start,
        "period_end": edition.period_end,
        "revision": edition.revision,
        "public_from": edition.public_from,
        "public_until": edition.public_until,
        "document": edition.document_sha256,
    }


def _change_data(change: RowChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "row": title_of(change),
        "fields": [asdict(field) for field in change.fields],
        "evidence_before": [asdict(spot) for spot in change.evidence_before()],
        "evidence_after": [asdict(spot) for spot in change.evidence_after()],
    }


CSV_COLUMNS = (
    "kind",
    "table",
    "row",
    "field",
    "before",
    "after",
    "from",
    "to",
    "observed_after",
    "observed_by",
    "notice",
    "caveat",
)


def to_csv(diff: Difference) -> str:
    """Return the difference as CSV, safe in a spreadsheet.

    A line for each field that differs; where only counts compare, one of the kind ``counted`` for
    each number.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(CSV_COLUMNS)
    for table in diff.tables:
        for cells in (*_counted_cells(table), *_changed_cells(table)):
            whole = (
                *cells,
                diff.before.name,
                diff.after.name,
                diff.observed_after or "",
                diff.observed_by or "",
                "; ".join(diff.notices()),
                " ".join(diff.caveats) if table.record.table in _OF_ISSUED else "",
            )
            writer.writerow(cell_safe(cell) for cell in whole)
    return out.getvalue()


def _changed_cells(table: TableComparison) -> Iterator[tuple[str, ...]]:
    for change in table.changes or []:
        for field in change.fields:
            yield (
                change.kind,
                table.record.table,
                title_of(change),
                field.field,
                plain(field.before),
                plain(field.after),
            )


def _counted_cells(table: TableComparison) -> Iterator[tuple[str, ...]]:
    if table.changes is None:
        rows = Number("rows", table.rows_before, table.rows_after)
        for number in (rows, *table.numbers):
            before, after = plain(number.before), plain(number.after)
            yield "counted", table.record.table, "", number.name, before, after


def to_markdown(diff: Difference) -> str:
    """Return the difference as Markdown, with what went struck out and what came in bold."""
    lines = [f"# {markdown_safe(diff.source.title)}", ""]
    lines += [f"> {markdown_safe(notice)}\n" for notice in diff.notices()]
    lines += [markdown_safe(summary(diff)), ""]
    if (when := window(diff)) is not None:
        lines += [f"What changed did so {when}.", ""]
    lines += [f"> {markdown_safe(caveat)}\n" for caveat in diff.caveats]
    for table in diff.tables:
        lines += [f"## {TABLE_TITLES[table.record.table]}", "", f"{table_summary(table)}", ""]
        for change in table.changes or []:
            lines.append(f"- **{change.kind}** {markdown_safe(title_of(change))}")
            lines += [
                f"  - {field.field}: {_struck(field.before)}{_bold(field.after)}"
                for field in change.fields
            ]
        lines.append("")
    return "\n".join(lines)


def _struck(value: object) -> str:
    text = plain(value)
    return f"~~{markdown_safe(text)}~~ " if text else ""


def _bold(value: object) -> str:
    text = plain(value)
    return f"**{markdown_safe(text)}**" if text else "*(empty)*"


def summary(diff: Difference) -> str:
    """Return one sentence: which two editions, and how many rows changed how."""
    counts = ", ".join(f"{n} {kind}" for kind in KINDS if (n := diff.count(kind)))
    return (
        f"{diff.source.publisher}: from {describe(diff.before)} to {describe(diff.after)}: "
        f"{counts or 'no row differs'}."
    )


def describe(edition: Edition) -> str:
    """Return an edition in words: its period and revision, or when it was first seen."""
    if edition.period:
        return f"{edition.period_start} to {edition.period_end}, revision {edition.revision}"
    return f"the edition first seen {day_and_time(edition.public_from)} (#{edition.id})"


def day_and_time(moment: str) -> str:
    """Return a moment of the database as people read it: ``2025-06-01 15:16 UTC``."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def table_summary(table: TableComparison) -> str:
    """Return one sentence on a table: how many rows each edition has, and how they compare."""
    if table.withheld:
        return (
            f"{_rows(table.record, table.rows_before)} in the one edition, "
            f"{_rows(table.record, table.rows_after)} in the other. "
            "Rows about individuals are shown as their number only."
        )
    if table.changes is None:
        return (
            f"{_rows(table.record, table.rows_before)} in one period, "
            f"{_rows(table.record, table.rows_after)} in the other. Rows of different periods are "
            f"different events: only their number is compared.{_numbers(table)}"
        )
    counts = ", ".join(f"{n} {kind}" for kind in KINDS if (n := table.count(kind)))
    before = _rows(table.record, table.rows_before)
    return f"{before}, then {table.rows_after}: {counts or 'none differs'}."


def _numbers(table: TableComparison) -> str:
    return "".join(
        f" {STATED.get(number.name, number.name.replace('_', ' ')).capitalize()}: "
        f"{_number(number.before)}, then {_number(number.after)}."
        for number in table.numbers
    )


def _number(value: int | None) -> str:
    return "not stated" if value is None else f"{value:,}"


def _rows(record: type[Record], count: int) -> str:
    noun = "detainer" if record.individual else "row"
    return f"{count} {noun}{'' if count == 1 else 's'}"
