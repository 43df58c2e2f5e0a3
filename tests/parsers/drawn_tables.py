"""One table, drawn in each of the forms that ``parser: table`` reads."""

from __future__ import annotations

import csv
import html
import io
from collections.abc import Callable, Mapping, Sequence

from openpyxl import Workbook
from reportlab.lib import colors
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import (
    Flowable,
    PageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
)

Rows = Sequence[Sequence[str]]


def as_csv(rows: Rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def as_html(rows: Rows) -> bytes:
    body = "".join(
        f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>" for row in rows
    )
    return f"<!doctype html><table>{body}</table>".encode()


def as_xlsx(rows: Rows) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append([text or None for text in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_pdf(rows: Rows, notice: str = "", height: float = 400.0, rules: bool = True) -> bytes:
    """Return a ruled table on as many pages as it needs, its header on each."""
    return as_pdf_pages([rows], notice, height, rules)


def as_pdf_pages(
    pages: Sequence[Rows],
    notice: str = "",
    height: float = 400.0,
    rules: bool = True,
    between: str = "",
) -> bytes:
    """Return a ruled table whose rows stand on these pages; ``between`` begins the later ones."""
    body = getSampleStyleSheet()["BodyText"]
    grid = [("GRID", (0, 0), (-1, -1), 0.7, colors.black), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    story: list[Flowable] = [Paragraph(notice, body), Spacer(1, 8)] if notice else []
    for number, rows in enumerate(pages):
        story += [PageBreak()] if number else []
        story += [Paragraph(between, body)] if number and between else []
        cells = [[Paragraph(html.escape(text), body) for text in row] for row in rows]
        widths = [500 / len(rows[0])] * len(rows[0])
        story.append(Table(cells, widths, repeatRows=1, style=grid if rules else []))
    out = io.BytesIO()
    SimpleDocTemplate(
        out,
        pagesize=(600, height),
        leftMargin=50,
        rightMargin=50,
        topMargin=40,
        bottomMargin=40,
        invariant=1,
        title=notice,
    ).build(story)
    return out.getvalue()


FORMS: Mapping[str, Callable[[Rows], bytes]] = {
    "csv": as_csv,
    "html": as_html,
    "xlsx": as_xlsx,
    "pdf": as_pdf,
}
