"""ICE's Weekly Declined Detainer Outcome Report, and reports of its form.

Section I counts the detainers issued to the jurisdictions that received most of them, Section II
has a row for each detainer that was recorded as declined, Section III lists jurisdictions that
limit cooperation, Section IV says what the numbers cover. The layout of ICE's files is known only
in part, so what is read is found by headings and column headers, never by its place on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from parsers.ddor import checks
from parsers.ddor.period import Period, stated_periods
from parsers.ddor.prose import below_tables, paragraphs, report_totals, stated_of_section_i
from parsers.ddor.rows import SectionRows, section_rows
from parsers.ddor.sections import Outline, line_text, outline
from parsers.ddor.values import (
    ReadRows,
    read_counts,
    read_detainers,
    read_listings,
    reads_count,
    reads_detainer,
    reads_listing,
)
from parsers.errors import NotThisDocument
from parsers.pdf.body import body_of
from parsers.pdf.document import read_pages
from parsers.pdf.layout import Table
from parsers.records import (
    DeclinedDetainer,
    DetainerCount,
    EditionClaim,
    Listing,
    Problem,
    Reading,
    Record,
    ReportTotal,
)
from parsers.registry import Parser, Way

_READS = {
    "section_i": (reads_count, read_counts),
    "section_ii": (reads_detainer, read_detainers),
    "section_iii": (reads_listing, read_listings),
}


def read_report(document: bytes, options: Mapping[str, Any], way: Way = Way.VERIFIED) -> Reading:
    """Read a report.

    Takes the bytes of the PDF; there are no options. Returns report totals, the counts of Section
    I, the detainers of Section II and the listings of Section III, each in the order of the
    report. Raises Unreadable for bytes that are no sound PDF, NotThisDocument for a PDF that has
    no text, none of the sections, or no row in any of their tables.
    """
    body = body_of(read_pages(document, way))
    parts = outline(body.blocks)
    left = body.left.guarded_by(parts.guarded)
    printed = {name: _printed(parts, name) for name in _READS}
    read = {name: rows_of(printed[name].rows) for name, (_, rows_of) in _READS.items()}
    records: dict[str, list[Record]] = {name: rows.records for name, rows in read.items()}
    if not any(records.values()):
        raise NotThisDocument(
            "the sections have no table with a row that could be read",
            remedy="check that the file is this report, and whole",
        )
    said = paragraphs(parts)
    totals = report_totals(parts, said)
    stated = stated_periods(parts)
    period = _agreed(stated)
    misfits = parts.guarded(_misfits(parts, printed, read))
    others = (
        *(each for name in _READS for each in printed[name].problems),
        *(each for name in _READS for each in read[name].problems),
        *below_tables(parts, said),
    )
    return Reading(
        edition=EditionClaim(
            title=line_text(parts.title) if parts.title else None,
            period_start=period.start if period else None,
            period_end=period.end if period else None,
            notice=body.notice,
        ),
        tables=(ReportTotal, DetainerCount, DeclinedDetainer, Listing),
        records=(*totals, *(record for name in _READS for record in records[name])),
        checks=(
            *checks.of_structure(parts, records, misfits),
            *checks.of_period(stated, period, records["section_ii"]),
            *checks.of_counts(
                stated_of_section_i(totals), records["section_i"], printed["section_i"].rows
            ),
            checks.of_order(records["section_iii"]),
            *checks.of_pages(left),
            body.engines_agree,
        ),
        problems=(*parts.problems, *misfits, *parts.guarded(others), *left.all()),
    )


def _printed(parts: Outline, name: str) -> SectionRows:
    part = parts.part(name)
    reads, _ = _READS[name]
    return section_rows(part, reads) if part else SectionRows()


def _agreed(stated: list[tuple[str, Period]]) -> Period | None:
    """Return the period if all that state one state the same."""
    different = {period for _, period in stated}
    return different.pop() if len(different) == 1 else None


def _misfits(
    parts: Outline, printed: dict[str, SectionRows], read: dict[str, ReadRows]
) -> list[Problem]:
    """Return the rows that became no record, those of tables where none should be included."""
    misfits = [each for name in _READS for each in (*printed[name].misfits, *read[name].misfits)]
    for part in parts.parts:
        if part.name in _READS:
            continue
        misfits += [
            Problem(
                "foreign_table",
                f"page {block.page}: a table stands where the report has none",
                " | ".join(text for row in block.content.rows for text in row.texts if text),
                (block.spot,),
            )
            for block in part.blocks
            if isinstance(block.content, Table)
        ]
    return misfits


PARSER = Parser(
    name="ddor",
    revision=4,
    libraries=("pdfplumber", "pdfminer.six", "pypdfium2"),
    tables=(ReportTotal, DetainerCount, DeclinedDetainer, Listing),
    reads="pdf",
    read=read_report,
    read_fast=partial(read_report, way=Way.FAST),
)
