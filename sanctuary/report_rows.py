"""The rows and paragraphs of an edition, each with where it was read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.comparison import Edition
from db.corrected import Mark, Marks
from db.reported import PrintedRow, count_rows, printed_rows
from db.row_address import RowAddress
from db.sources import Source
from parsers.records import Record, ReportTotal
from sanctuary.wording import TABLE_TITLES

ROWS_SHOWN = 100
"""Rows of a table on one page."""
_SECTIONS = {
    "section_i": "detainer_counts",
    "section_ii": "declined_detainers",
    "section_iii": "listings",
}
"""The table that a section holds, by the name of its paragraphs."""
_BESIDE = ("caveat", "correction", "note")
"""What a report says of its own numbers."""


@dataclass(frozen=True)
class Words:
    """The reading that an edition shows, as far as its rows are addressed by it."""

    source_id: str
    document_sha256: str
    reading_id: int
    read_by: str
    publish: str

    def address(self, table: str, position: int) -> RowAddress:
        """Return the address of a row."""
        return RowAddress(self.source_id, self.document_sha256, table, position, self.read_by)


@dataclass(frozen=True)
class Row:
    """A row of a table, as it is printed."""

    address: RowAddress
    where: str
    """In the document, in words."""
    values: dict[str, Any]
    jurisdiction_id: str | None
    marks: tuple[Mark, ...]

    def data(self, evidence: Callable[[RowAddress], str]) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "position": self.address.position,
            **self.values,
            "jurisdiction_id": self.jurisdiction_id,
            "evidence": evidence(self.address),
            "corrections": [mark.said for mark in self.marks],
        }


@dataclass(frozen=True)
class ReportTable:
    """A table of an edition: a page of its rows, or only how many it has."""

    name: str
    individual: bool
    rows_held: int
    rows: tuple[Row, ...] = ()
    page: int = 1
    kept_off: bool = False
    """Its rows may not be shown."""
    largest: int = 0
    """Of Section I: the largest number of detainers issued, to which the others are drawn."""

    @property
    def title(self) -> str:
        """What it holds, in words."""
        return TABLE_TITLES[self.name]

    @property
    def pages(self) -> int:
        """How many pages of rows it has."""
        return -(-self.rows_held // ROWS_SHOWN)

    @property
    def first(self) -> int:
        """The number of the first row that is shown, from 1."""
        return (self.page - 1) * ROWS_SHOWN + 1

    def data(self, evidence: Callable[[RowAddress], str]) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "rows_held": self.rows_held,
            "page": self.page,
            "pages": self.pages,
            "kept_off": self.kept_off,
            "rows": [row.data(evidence) for row in self.rows],
        }


@dataclass(frozen=True)
class Paragraph:
    """A number or a paragraph that the report states of itself."""

    name: str
    number: int | None
    text: str
    address: RowAddress
    where: str


@dataclass(frozen=True)
class Stated:
    """What a report states of itself."""

    totals: tuple[Paragraph, ...] = ()
    beside: tuple[Paragraph, ...] = ()
    """Its own caveats, corrections and notes, which go wherever its numbers go."""
    summary: tuple[Paragraph, ...] = ()
    of_tables: tuple[tuple[str, tuple[Paragraph, ...]], ...] = ()
    """By the table of their section."""
    rest: tuple[Paragraph, ...] = ()
    """Section IV, and what else it says."""

    def of_table(self, table: str) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the section of a table."""
        return dict(self.of_tables).get(table, ())

    def data(self, evidence: Callable[[RowAddress], str]) -> list[dict[str, Any]]:
        """Return it as plain data, in the order of the document."""
        of_tables = [each for _, texts in self.of_tables for each in texts]
        found = [*self.totals, *self.beside, *self.summary, *of_tables, *self.rest]
        return [
            {
                "position": each.address.position,
                "name": each.name,
                "number": each.number,
                "text": each.text,
                "evidence": evidence(each.address),
            }
            for each in sorted(found, key=lambda each: each.address.position)
        ]


def words_of(source: Source, edition: Edition, read_by: str) -> Words:
    """Return how rows of an edition are addressed, and how much of its texts may be shown."""
    return Words(source.id, edition.document_sha256, edition.reading_id, read_by, source.publish)


def read_table(
    db: Database, record: type[Record], words: Words, marks: Marks, page: int
) -> ReportTable:
    """Return a page of the rows of a table, from 1; the last one where there are not so many."""
    held = count_rows(db, words.reading_id, record)
    page = max(1, min(page, -(-held // ROWS_SHOWN)))
    start = (page - 1) * ROWS_SHOWN
    rows = printed_rows(db, words.reading_id, record, start, ROWS_SHOWN) if held else []
    largest = 0
    if record.table == "detainer_counts":
        sql = "SELECT max(detainers_issued) FROM detainer_counts WHERE reading_id = ?"
        largest = int(db.execute(sql, [words.reading_id]).fetchone()[0] or 0)
    return ReportTable(
        record.table,
        record.individual,
        held,
        tuple(_row(words, record, row, marks) for row in rows),
        page,
        largest=largest,
    )


def read_stated(db: Database, words: Words) -> Stated:
    """Return what a report states of itself, each paragraph in its place."""
    found = [
        _paragraph(words, row) for row in printed_rows(db, words.reading_id, ReportTotal, 0, -1)
    ]
    texts = [each for each in found if each.number is None and each.name != "period"]
    named = {*_BESIDE, "summary", *_SECTIONS}
    return Stated(
        totals=tuple(each for each in found if each.number is not None),
        beside=tuple(each for each in texts if each.name in _BESIDE),
        summary=_of(texts, "summary"),
        of_tables=tuple((table, _of(texts, name)) for name, table in _SECTIONS.items()),
        rest=tuple(each for each in texts if each.name not in named),
    )


def where(spots: Iterable[dict[str, Any]]) -> str:
    """Return spots in words, as they are stored: ``page 2 and 3``, ``row 12 of sheet A``."""
    spots = list(spots)
    pages = dict.fromkeys(str(spot["page"]) for spot in spots if "page" in spot)
    if pages:
        return f"page {' and '.join(pages)}"
    for spot in spots:
        if "sheet" in spot:
            return f"row {spot['row']}" + (f" of sheet {spot['sheet']}" if spot["sheet"] else "")
    return "in the document"


def _of(texts: Iterable[Paragraph], name: str) -> tuple[Paragraph, ...]:
    return tuple(each for each in texts if each.name == name)


def _paragraph(words: Words, row: PrintedRow) -> Paragraph:
    return Paragraph(
        row.values["name"],
        row.values["number"],
        row.values["text"],
        words.address("report_totals", row.position),
        where(row.evidence),
    )


def _row(words: Words, record: type[Record], row: PrintedRow, marks: Marks) -> Row:
    values = dict(row.values)
    if record.table == "statements" and words.publish != "full":
        values["text"] = None
    return Row(
        words.address(record.table, row.position),
        where(row.evidence),
        values,
        row.jurisdiction_id,
        marks.get((record.table, row.position), ()),
    )
