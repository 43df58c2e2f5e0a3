"""A difference as JSON, CSV and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from db.comparison import Edition, Number, TableComparison
from db.diff import FieldChange, RowChange
from sanctuary.difference import (
    KINDS,
    OF_ISSUED,
    Difference,
    fields_said,
    happened,
    kind_of,
    pieces_of,
    summary,
    table_summary,
    title_of,
    window,
)
from sanctuary.safe_text import csv_safe, json_safe, markdown_safe
from sanctuary.sections import in_words
from sanctuary.wording import TABLE_TITLES, plain


def to_json(diff: Difference) -> str:
    """Return the difference as JSON: source, editions, counts, and the changes by table."""
    return json_safe(json.dumps(as_data(diff), ensure_ascii=False, indent=2))


def as_data(diff: Difference) -> dict[str, Any]:
    """Return the difference as plain data, the shape that ``to_json`` prints."""
    return {
        "source_id": diff.source.id,
        "notices": diff.notices(),
        "caveats": list(diff.caveats),
        "corrections": [mark.data() for mark in diff.beside.corrections()],
        "individual_rows": diff.individual_rows,
        "publish": diff.source.publish,
        "observed_after": diff.observed_after,
        "observed_by": diff.observed_by,
        "from": edition_data(diff.before),
        "to": edition_data(diff.after),
        "counts": {kind: diff.count(kind) for kind in KINDS},
        "tables": {
            table.record.table: {
                "rows_from": table.rows_before,
                "rows_to": table.rows_after,
                "rows_unchanged": table.unchanged,
                "compared": "rows" if table.changes is not None else "counts",
                "numbers": [asdict(number) for number in table.numbers],
                "changes": [
                    {
                        **_change_data(change),
                        "corrections": [mark.said for mark in diff.beside.marks(change)],
                        "statements": [said.data() for said in diff.beside.said(change)],
                    }
                    for change in table.changes or []
                ],
            }
            for table in diff.tables
        },
    }


def edition_data(edition: Edition) -> dict[str, Any]:
    """Return an edition as plain data, with all that finds it again."""
    return {
        "edition": edition.name,
        "selector": edition.selector,
        "id": edition.id,
        "period_start": edition.period_start,
        "period_end": edition.period_end,
        "revision": edition.revision,
        "public_from": edition.public_from,
        "public_until": edition.public_until,
        "document_sha256": edition.document_sha256,
    }


def _change_data(change: RowChange) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "happened": list(happened(change)),
        "row": title_of(change),
        "fields": [_field_data(change, field) for field in change.fields],
        "position_before": change.before.position if change.before else None,
        "position_after": change.after.position if change.after else None,
        "evidence_before": [asdict(spot) for spot in change.evidence_before()],
        "evidence_after": [asdict(spot) for spot in change.evidence_after()],
    }


def _field_data(change: RowChange, field: FieldChange) -> dict[str, Any]:
    """Return a field with both sides, and word by word where both are texts."""
    data = asdict(field)
    if isinstance(field.before, str) and isinstance(field.after, str):
        data["redline"] = [asdict(piece) for piece in pieces_of(change, field)]
    return data


CSV_COLUMNS = (
    "kind",
    "happened",
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
    "correction",
    "statements",
)


def to_csv(diff: Difference) -> str:
    """Return the difference as CSV, safe in a spreadsheet.

    A line for each field that differs; where only counts compare, one of the kind ``counted`` for
    each number.
    """
    return csv_safe(CSV_COLUMNS, _rows(diff))


def _rows(diff: Difference) -> Iterator[tuple[str, ...]]:
    for table in diff.tables:
        marks = " ".join(mark.said for mark in diff.beside.corrections(table.record.table))
        counted = [(cells, marks, "") for cells in _counted_cells(table)]
        for cells, correction, statements in (*counted, *_changed_cells(diff, table)):
            yield (
                *cells,
                diff.before.selector,
                diff.after.selector,
                diff.observed_after or "",
                diff.observed_by or "",
                "; ".join(diff.notices()),
                " ".join(diff.caveats) if table.record.table in OF_ISSUED else "",
                correction,
                statements,
            )


def _changed_cells(
    diff: Difference, table: TableComparison
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Yield the cells of each field that differs, with the corrections and statements beside."""
    for change in table.changes or []:
        correction = " ".join(mark.said for mark in diff.beside.marks(change))
        statements = "; ".join(said.words for said in diff.beside.said(change))
        for field in change.fields:
            cells = (
                change.kind,
                in_words(happened(change)),
                table.record.table,
                title_of(change),
                field.field,
                plain(field.before),
                plain(field.after),
            )
            yield cells, correction, statements


def _counted_cells(table: TableComparison) -> Iterator[tuple[str, ...]]:
    if table.changes is None:
        rows = Number("rows", table.rows_before, table.rows_after)
        for number in (rows, *table.numbers):
            before, after = plain(number.before), plain(number.after)
            yield "counted", "", table.record.table, "", number.name, before, after


def to_markdown(diff: Difference) -> str:
    """Return the difference as Markdown, with what went struck out and what came in bold.

    Texts are marked word by word, by elements of HTML: ``~~`` and ``**`` mark nothing within a word
    or beside a comma (CommonMark 0.31, 6.2).
    """
    lines = [f"# {markdown_safe(diff.source.title)}", ""]
    lines += [f"> {markdown_safe(notice)}\n" for notice in diff.notices()]
    lines += [markdown_safe(summary(diff)), ""]
    if (when := window(diff)) is not None:
        lines += [f"What changed did so {when}.", ""]
    lines += [f"> {markdown_safe(caveat)}\n" for caveat in diff.caveats]
    lines += [f"> {markdown_safe(mark.said)}\n" for mark in diff.beside.corrections()]
    for table in diff.tables:
        lines += [f"## {TABLE_TITLES[table.record.table]}", "", f"{table_summary(table)}", ""]
        for change in table.changes or []:
            lines.append(f"- **{kind_of(change)}** {markdown_safe(title_of(change))}")
            lines += [
                f"  - {field.field}: {_marked(change, field)}" for field in fields_said(change)
            ]
            lines += [
                f"  - corrected by its publisher: {markdown_safe(mark.said)}"
                for mark in diff.beside.marks(change)
            ]
            lines += [
                f"  - said of it: {markdown_safe(said.words)}" for said in diff.beside.said(change)
            ]
        lines.append("")
    return "\n".join(lines)


def _marked(change: RowChange, field: FieldChange) -> str:
    if not (isinstance(field.before, str) and isinstance(field.after, str)):
        return f"{_struck(field.before)}{_bold(field.after)}"
    return "".join(
        f"{_TAGS[piece.mark][0]}{_lines(piece.text)}{_TAGS[piece.mark][1]}"
        for piece in pieces_of(change, field)
    )


_TAGS = {"same": ("", ""), "gone": ("<del>", "</del>"), "new": ("<ins>", "</ins>")}


def _lines(text: str) -> str:
    """Return a piece of a text with its blanks at both ends, and its paragraphs on one line."""
    return "<br>".join(
        f"{line[: len(line) - len(line.lstrip())]}{markdown_safe(line)}"
        f"{line[len(line.rstrip()) :] if line.strip() else ''}"
        for line in text.split("\n")
    )


def _struck(value: object) -> str:
    text = plain(value)
    return f"~~{markdown_safe(text)}~~ " if text else ""


def _bold(value: object) -> str:
    text = plain(value)
    return f"**{markdown_safe(text)}**" if text else "*(empty)*"
