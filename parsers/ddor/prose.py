"""What a report says in sentences: its paragraphs, and the numbers it states of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from parsers.ddor.sections import LABELS, Outline, Part
from parsers.notice_leads import notice_name
from parsers.pdf.body import Block
from parsers.pdf.layout import BULLET, Line, Table, box_around, joined
from parsers.records import PageSpot, Problem, ReportTotal

_WIDER = 1.15
"""Lines further apart than this times the usual distance belong to two paragraphs."""
_ENDS = re.compile(r"[.:!?][”\"’)]*$")
_NATIONWIDE = re.compile(r"\bissued ([0-9][0-9,]*) detainers (?:throughout|across|nationwide)\b")
_LISTED = re.compile(r"\(([0-9][0-9,]*) to these (\w+)\b")
_CAVEAT = re.compile(r"\byet to be determined\b")
# A full stop ends a sentence if a capital follows, unless it stands behind an initial ("U.S.")
# or a short form of a month.
_SENTENCE = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][”\"]))(?<!\b[A-Z]\.)"
    r"(?<!\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.)\s+(?=[“\"A-Z])"
)
_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph, its lines joined, and where it stands: a spot a page."""

    part: str
    text: str
    spots: tuple[PageSpot, ...]


@dataclass(frozen=True)
class Stated:
    """What a report states of the rows of Section I."""

    total: int | None
    """Detainers issued to the listed jurisdictions."""
    jurisdictions: int | None
    """How many jurisdictions that are."""


def paragraphs(outline: Outline) -> list[Paragraph]:
    """Return the paragraphs of all parts, in order."""
    usual = _usual_distance(outline)
    return [
        _paragraph(part.name, group) for part in outline.parts for group in _groups(part, usual)
    ]


def _usual_distance(outline: Outline) -> float:
    distances = [
        _distance(above, below)
        for part in outline.parts
        for above, below in pairwise(part.blocks)
        if _are_lines_of_one_page(above, below)
    ]
    return median(distances) if distances else 0.0


def _distance(above: Block, below: Block) -> float:
    return below.content.box[1] - above.content.box[1]


def _are_lines_of_one_page(above: Block, below: Block) -> bool:
    lines = isinstance(above.content, Line) and isinstance(below.content, Line)
    return lines and above.page == below.page


def _groups(part: Part, usual: float) -> Iterable[list[Block]]:
    group: list[Block] = []
    for block in part.blocks:
        if isinstance(block.content, Table):
            if group:
                yield group
            group = []
            continue
        if group and not _continues(group[-1], block, usual):
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _continues(above: Block, below: Block, usual: float) -> bool:
    """Say whether a line goes on with the paragraph of the line above it."""
    if not isinstance(above.content, Line) or not isinstance(below.content, Line):
        return False
    if below.content.is_bullet:
        return False
    if above.page == below.page:
        return _distance(above, below) <= _WIDER * usual
    return _ENDS.search(above.content.text) is None


def _paragraph(part: str, blocks: Sequence[Block]) -> Paragraph:
    lines = [block.content for block in blocks if isinstance(block.content, Line)]
    text = joined(line.text for line in lines)
    return Paragraph(
        part=part,
        text=f"{BULLET} {text}" if lines[0].is_bullet else text,
        spots=tuple(
            PageSpot(page, box_around(b.content.box for b in blocks if b.page == page))
            for page in dict.fromkeys(block.page for block in blocks)
        ),
    )


def report_totals(outline: Outline, said: Sequence[Paragraph]) -> list[ReportTotal]:
    """Return what a report states of itself: period, numbers, caveat, notices, then all prose.

    A sentence that states a number or the caveat stands beside the paragraph it is part of.
    """
    found: list[tuple[str, int | None, str, tuple[PageSpot, ...]]] = []
    period = outline.period
    if period is not None and isinstance(period.content, Line):
        found.append(("period", None, period.content.text, (period.spot,)))
    for paragraph in said:
        if paragraph.part != "section_i":
            continue
        for sentence in sentences(paragraph.text):
            nationwide, listed = _NATIONWIDE.search(sentence), _LISTED.search(sentence)
            if nationwide:
                number = _number(nationwide[1])
                found.append(("detainers_issued_nationwide", number, sentence, paragraph.spots))
            if listed:
                number = _number(listed[1])
                found.append(("detainers_issued_listed", number, sentence, paragraph.spots))
            if _CAVEAT.search(sentence):
                found.append(("caveat", None, sentence, paragraph.spots))
    found += [
        (notice_name(paragraph.text) or paragraph.part, None, paragraph.text, paragraph.spots)
        for paragraph in said
    ]
    return [
        ReportTotal(name=name, number=number, text=text, position=position, evidence=spots)
        for position, (name, number, text, spots) in enumerate(found, start=1)
    ]


def _number(text: str) -> int:
    return int(text.replace(",", ""))


def sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph."""
    return _SENTENCE.split(text)


def stated_of_section_i(totals: Sequence[ReportTotal]) -> Stated:
    """Return what the report states of the rows of Section I, None where it states nothing."""
    for total in totals:
        listed = _LISTED.search(total.text)
        if total.name == "detainers_issued_listed" and listed:
            word = listed[2].lower()
            count = int(word) if word.isdecimal() else None
            if word in _WORDS:
                count = 1 + _WORDS.index(word)
            return Stated(total.number, count)
    return Stated(None, None)


def below_tables(outline: Outline, said: Sequence[Paragraph]) -> list[Problem]:
    """Return the prose below a section's table: a note, or a row whose rules were not seen."""
    problems = []
    for part in outline.parts:
        tables = [block for block in part.blocks if isinstance(block.content, Table)]
        if not tables or part.name == "section_iv":
            continue
        first = min((block.page, block.content.box[3]) for block in tables)
        problems += [
            Problem(
                "text_below_table",
                f"page {paragraph.spots[0].page}: text stands below the table of "
                f"{LABELS[part.name]}; it is kept as prose",
                paragraph.text,
                paragraph.spots,
            )
            for paragraph in said
            if paragraph.part == part.name
            and (paragraph.spots[0].page, paragraph.spots[0].bbox[1]) >= first
        ]
    return problems
