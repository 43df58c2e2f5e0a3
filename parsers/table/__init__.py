"""A source without code: the rows of a table, read through a map of its columns.

An HTML table, a CSV, a worksheet and the ruled tables of a PDF are read into the same rows
(``parsers.table.shape``), and one mapper makes records of them. A row that has no cell of its own
under every header, or that lacks what names it, is no record but a problem: which value belongs to
which column is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from parsers.records import EditionClaim, Listing, PeriodRow, Reading, TableRow
from parsers.registry import Parser, Way
from parsers.table.checks import header_known, rows_filtered, rows_not_struck, rows_read, rows_whole
from parsers.table.laid_out import laid_out
from parsers.table.option_values import Form
from parsers.table.options import TableOptions, form_in, row_columns, table_options
from parsers.table.problems import duplicate_keys, other_columns, other_rows
from parsers.table.rows import RECORDS, read_rows
from parsers.table.shape import Found


def read_table(document: bytes, options: Mapping[str, Any], way: Way = Way.VERIFIED) -> Reading:
    """Read the rows of a table.

    Takes the bytes of the document and the options of ``parsers.table.options.TableOptions``.
    Returns one record a row in the order of the document; texts have their white space collapsed.
    Raises BadOptions if the options are wrong, Unreadable if the bytes are broken, NotThisDocument
    if the table or one of its columns is not there or cannot be told from another.
    """
    wanted = table_options(options)
    found = find_rows(document, wanted, way)
    table = laid_out(found.parts, wanted)
    records, problems = read_rows(table, wanted)
    notice = found.notice or table.notice
    return Reading(
        edition=EditionClaim(title=found.title, notice=notice),
        tables=(RECORDS[wanted.record],),
        records=tuple(records),
        checks=(
            rows_read(records, wanted),
            header_known(table, wanted),
            *rows_whole(table),
            *rows_not_struck(table),
            *rows_filtered(table, wanted),
            *found.checks,
        ),
        problems=(
            *found.problems,
            *other_rows(table),
            *other_columns(table),
            *problems,
            *duplicate_keys(records),
        ),
    )


def form_of(document: bytes) -> Form:
    """Return the form that the bytes tell: what begins like none of the others is a CSV."""
    if b"%PDF-" in document[:1024] and not document.lstrip().startswith(b"<"):
        return "pdf"
    if document.startswith(b"PK\x03\x04"):
        return "xlsx"
    start = document.decode("utf-8", "replace").lstrip("\ufeff\ufffd\0 \t\r\n")
    return "html" if start.startswith("<") else "csv"


def find_rows(document: bytes, wanted: TableOptions, way: Way) -> Found:
    """Return the rows of a document in its form, whatever its header; raises as ``read_table``."""
    # Only the libraries of the form that is read are loaded.
    match wanted.form or form_of(document):
        case "html":
            from parsers.table.html_form import read_html

            return read_html(document, wanted)
        case "csv":
            from parsers.table.csv_form import read_csv

            return read_csv(document, wanted)
        case "xlsx":
            from parsers.table.xlsx_form import read_xlsx

            return read_xlsx(document, wanted)
        case "pdf":
            from parsers.table.pdf_form import read_pdf

            return read_pdf(document, wanted, way)


def _reads(options: Mapping[str, Any]) -> str:
    return form_in(options) or "html"


PARSER = Parser(
    name="table",
    revision=7,
    libraries=(
        *("beautifulsoup4", "soupsieve", "lxml", "openpyxl"),
        *("pdfplumber", "pdfminer.six", "pypdfium2"),
    ),
    tables=(Listing, TableRow, PeriodRow),
    reads="html",
    reads_by=_reads,
    read=read_table,
    read_fast=partial(read_table, way=Way.FAST),
    options=TableOptions,
    row_columns=row_columns,
)
