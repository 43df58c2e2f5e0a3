"""ICE's quarterly Declined Detainer Report, of which one issue is known to exist (FY 2018, Q2).

Its layout was never seen. So its prose is kept paragraph by paragraph, its tables row by row as
they stand, without a name for any column, and what it tells case by case apart: a row or a case may
be about a person. Where it is in doubt whether a paragraph tells of a case, it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from parsers.ddor.prose import Paragraph, paragraphs
from parsers.ddor.sections import Outline, Part, line_text, plain
from parsers.errors import NotThisDocument
from parsers.fiscal_period import Statement, agreed, named_period, sentence_periods
from parsers.pdf.body import Block, body_of
from parsers.pdf.document import read_pages
from parsers.pdf.layout import Table
from parsers.records import (
    CaseNarrative,
    Check,
    EditionClaim,
    FoundRow,
    PageSpot,
    Problem,
    Reading,
    ReportTotal,
)
from parsers.registry import Parser, Way

_TITLE = re.compile(r"(?:u s |ice |quarterly )*declined detainer report(?: .{0,60})?")
_BELOW_TITLE = 3
"""Lines below the title that may state the period."""
_HEADING = re.compile(r"(?:Section\s+(?P<number>[IVX]+)\s*[:.–—-].*)|(?P<name>[A-Z][\w ]+?):?")
_NAMED = {"summary": "summary", "report scope and data fidelity": "report_scope"}
_NO_HEADING = "text"
_TELLS_A_CASE = re.compile(
    r"\b(?:he|she|him|his|her|hers|himself|herself)\b|[0-9]-?\s?year-?\s?old\b"
    r"|\b(?:citizen|national)\b[^.]{0,40}\bof\b|\bthe subject\b"
    r"|\bwas (?:re-?)?(?:arrested|booked|charged|convicted|released|transferred|encountered)\b",
    re.IGNORECASE,
)
_ENDS_SENTENCE = re.compile(r"[.:!?][”\"’)]*$")


def read_report(document: bytes, options: Mapping[str, Any], way: Way = Way.VERIFIED) -> Reading:
    """Read a report.

    Takes the bytes of the PDF; there are no options. Returns what it states of itself, the rows of
    its tables as found, and its case narratives, each in the order of the report. Raises Unreadable
    for bytes that are no sound PDF, NotThisDocument for a PDF that has no text or another title.
    """
    body = body_of(read_pages(document, way))
    title = _title(body.blocks)
    named = _named((title, *_lines_below(body.blocks, title)))
    heads = {title.spot, *(spot for each in named for spot in each.spots)}
    said = paragraphs(_outline(block for block in body.blocks if block.spot not in heads))
    cases = _cases(said)
    told = set(cases)
    prose = [paragraph for paragraph in said if paragraph not in told]
    stated = [*named, *sentence_periods((p.text, p.spots) for p in prose)]
    period = agreed(stated)
    return Reading(
        edition=EditionClaim(
            title=line_text(title),
            period_start=period.start if period else None,
            period_end=period.end if period else None,
            notice=body.notice,
        ),
        tables=(ReportTotal, FoundRow, CaseNarrative),
        records=(*_totals(stated, prose), *_found_rows(body.blocks), *_narratives(cases)),
        checks=(_period_stated(stated), body.engines_agree),
        problems=(
            Problem(
                "unknown_layout",
                "the layout of this report is not known: its tables are kept as found, and which "
                "paragraphs tell of a case is told by their words",
            ),
            *(replace(problem, individual=True) for problem in body.left.all()),
        ),
    )


def _title(blocks: Sequence[Block]) -> Block:
    for block in blocks:
        text = line_text(block)
        if text and _TITLE.fullmatch(plain(text)) and not _ENDS_SENTENCE.search(text):
            return block
    raise NotThisDocument(
        "no line is the title Declined Detainer Report",
        remedy="check that the file is the quarterly report; the weekly one is for the parser ddor",
    )


def _lines_below(blocks: Sequence[Block], title: Block) -> list[Block]:
    first = 1 + next(index for index, block in enumerate(blocks) if block is title)
    below = []
    for block in blocks[first : first + _BELOW_TITLE]:
        text = line_text(block)
        if text is None or block.page != title.page or _ENDS_SENTENCE.search(text):
            break
        below.append(block)
    return below


def _named(blocks: Iterable[Block]) -> list[Statement]:
    """Return the period as the title states it, or a line below it."""
    periods = [(block, named_period(line_text(block) or "")) for block in blocks]
    return [
        Statement(line_text(block) or "", period, (block.spot,))
        for block, period in periods
        if period is not None
    ]


def _outline(blocks: Iterable[Block]) -> Outline:
    """Return the report in parts, as far as a line is a heading that is known."""
    names = [_NO_HEADING]
    parts: list[list[Block]] = [[]]
    for block in blocks:
        name = _heading(line_text(block))
        if name is None:
            parts[-1].append(block)
        else:
            names.append(name)
            parts.append([])
    return Outline(
        title=None,
        period=None,
        parts=tuple(Part(name, None, tuple(part)) for name, part in zip(names, parts, strict=True)),
        problems=(),
    )


def _heading(text: str | None) -> str | None:
    found = _HEADING.fullmatch(text or "")
    if found is None:
        return None
    if found["number"]:
        return f"section_{found['number'].lower()}"
    return _NAMED.get(plain(found["name"]))


def _cases(said: Sequence[Paragraph]) -> list[Paragraph]:
    """Return the paragraphs that tell of a case.

    From the first that does on, all of its part do: a case may go on, and the next begin, without
    such a word. A line above the first that ends no sentence is its heading.
    """
    cases: list[Paragraph] = []
    telling: str | None = None
    for number, paragraph in enumerate(said):
        if paragraph.part != telling:
            if not _TELLS_A_CASE.search(paragraph.text):
                continue
            telling = paragraph.part
            above = said[number - 1] if number else None
            if above and above.part == telling and not _ENDS_SENTENCE.search(above.text):
                cases.append(above)
        cases.append(paragraph)
    return cases


def _totals(stated: Sequence[Statement], prose: Sequence[Paragraph]) -> list[ReportTotal]:
    """Return the statements of the period, then all prose.

    A sentence that states the period stands beside the paragraph it is part of.
    """
    found = [("period", each.text, each.spots) for each in stated]
    found += [(paragraph.part, paragraph.text, paragraph.spots) for paragraph in prose]
    return [
        ReportTotal(name=name, number=None, text=text, position=position, evidence=spots)
        for position, (name, text, spots) in enumerate(found, start=1)
    ]


def _found_rows(blocks: Sequence[Block]) -> list[FoundRow]:
    tables = [(block.page, block.content) for block in blocks if isinstance(block.content, Table)]
    rows = [
        (table_number, row_number, page, row)
        for table_number, (page, table) in enumerate(tables, start=1)
        for row_number, row in enumerate(table.rows, start=1)
        if any(row.texts)
    ]
    return [
        FoundRow(
            table_number=table_number,
            row_number=row_number,
            cells=row.texts,
            position=position,
            evidence=(PageSpot(page, row.box),),
        )
        for position, (table_number, row_number, page, row) in enumerate(rows, start=1)
    ]


def _narratives(cases: Sequence[Paragraph]) -> list[CaseNarrative]:
    return [
        CaseNarrative(text=case.text, position=position, evidence=case.spots)
        for position, case in enumerate(cases, start=1)
    ]


def _period_stated(stated: Sequence[Statement]) -> Check:
    periods = sorted({f"{each.period.start}..{each.period.end}" for each in stated})
    if not periods:
        message = "The report states no period, neither by its days nor as a fiscal quarter."
    elif len(periods) > 1:
        message = f"The report states different periods: {', '.join(periods)}."
    else:
        message = f"The report states its period: {periods[0]}."
    return Check(
        "period_stated",
        passed=len(periods) == 1,
        required=True,
        message=message,
        expected="one period",
        actual=", ".join(periods),
    )


PARSER = Parser(
    name="declined-detainer-quarterly",
    revision=3,
    libraries=("pdfplumber", "pdfminer.six", "pypdfium2"),
    tables=(ReportTotal, FoundRow, CaseNarrative),
    reads="pdf",
    read=read_report,
    read_fast=partial(read_report, way=Way.FAST),
)
