"""What a source said, for people, machines and a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.text import Text

from db.diff import plain_content
from db.places import printed_place
from sanctuary.difference import OF_ISSUED
from sanctuary.safe_text import csv_safe, one_line
from sanctuary.stated import Stated, StatedRow, StatedTable
from sanctuary.wording import NO_VALUES, TABLE_TITLES, counted, describe, plain, seen_in_public


def print_stated(out: Console, said: Stated) -> None:
    """Print it for people: which question was answered, the edition, and its rows by table."""
    if said.notice:
        out.print(Text(one_line(said.notice), style="bold reverse"))
    for number, answer in enumerate(said.answers):
        out.print(Text(one_line(answer), style="bold" if number == 0 else ""))
    edition = said.edition
    line = f"{describe(edition)}; {seen_in_public(edition)}"
    out.print(Text(f"{line}; document {edition.document_sha256[:12]}", style="dim"))
    if said.unresolved_names:
        names = counted(said.unresolved_names, "printed name")
        stand = "stands" if said.unresolved_names == 1 else "stand"
        out.print(Text(f"{names} {stand} for no place that is known.", style="dim"))
    for caveat in said.caveats:
        out.print(Text(one_line(caveat), style="italic"))
    for table in said.tables:
        _print_table(out, table)
    if not said.tables:
        out.print(Text("It has no such row."))


def _print_table(out: Console, table: StatedTable) -> None:
    out.print()
    out.print(
        Text(TABLE_TITLES.get(table.record.table, table.record.table), style="bold underline")
    )
    noun = "detainer" if table.record.individual else "row"
    if table.rows is None:
        said = "Rows about individuals are shown as their number only."
        out.print(Text(f"{counted(table.count, noun)}. {said}"))
        return
    out.print(Text(f"{counted(table.count, noun)}."))
    for row in table.rows:
        out.print(Text(one_line(_line(row))))
        for mark in row.marks:
            out.print(Text(f"  corrected by its publisher: {one_line(mark.said)}", style="italic"))


def _line(row: StatedRow) -> str:
    """Return a row on one line: its place, then what else it says."""
    place = printed_place(row.record)
    named = {row.record.place, "state"} | NO_VALUES if place else NO_VALUES
    content = plain_content(row.record)
    rest = [f"{name}: {plain(content[name])}" for name in content if name not in named]
    said = "; ".join(each for each in rest if not each.endswith(": "))
    return f"- {place}: {said}" if place and said else f"- {place or said}"


def stated_data(said: Stated) -> dict[str, Any]:
    """Return it as plain data."""
    return {
        "source": {
            "id": said.source.id,
            "title": said.source.title,
            "publisher": said.source.publisher,
        },
        "answers": list(said.answers),
        "state": said.state,
        "edition": {**asdict(said.edition), "name": said.edition.name},
        "notice": said.notice,
        "caveats": list(said.caveats),
        "unresolved_names": said.unresolved_names,
        "tables": [
            {
                "table": table.record.table,
                "count": table.count,
                "rows": None if table.rows is None else [_row_data(row) for row in table.rows],
            }
            for table in said.tables
        ],
    }


def _row_data(row: StatedRow) -> dict[str, Any]:
    return {
        **row.record.to_json(),
        "jurisdiction_id": row.jurisdiction_id,
        "corrections": [mark.data() for mark in row.marks],
    }


_BEFORE = (
    "table",
    "source_id",
    "publisher",
    "period_start",
    "period_end",
    "revision",
    "public_from",
    "public_until",
    "state",
)
_AFTER = ("jurisdiction_id", "correction", "count", "caveat", "notice")


def stated_csv(said: Stated) -> str:
    """Return it as CSV, safe in a spreadsheet: a line a row, with the columns of all its tables.

    A table whose rows may only be counted has one line, with their number.
    """
    names = dict.fromkeys(
        name
        for table in said.tables
        if table.rows is not None
        for name in table.record.value_fields()
    )
    columns = (*_BEFORE, *names, *_AFTER)
    rows = ([plain(cells.get(name)) for name in columns] for cells in _cells(said))
    return csv_safe(columns, rows)


def _cells(said: Stated) -> Iterator[dict[str, Any]]:
    edition = said.edition
    for table in said.tables:
        whole = {
            "table": table.record.table,
            "source_id": said.source.id,
            "publisher": said.source.publisher,
            "period_start": edition.period_start,
            "period_end": edition.period_end,
            "revision": edition.revision,
            "public_from": edition.public_from,
            "public_until": edition.public_until,
            "state": said.state,
            "caveat": " ".join(said.caveats) if table.record.table in OF_ISSUED else "",
            "notice": said.notice,
        }
        if table.rows is None:
            yield {**whole, "count": table.count}
        for row in table.rows or ():
            values = {name: _plain(value) for name, value in row.record.to_json().items()}
            yield {
                **values,
                **whole,
                "jurisdiction_id": row.jurisdiction_id,
                "correction": " ".join(mark.said for mark in row.marks),
            }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
