"""One policy of an agency's manual, as Lexipol and others typeset them: a PDF, numbered heads.

Sections are found by their numbers (``413.1 PURPOSE AND SCOPE``, ``413.1.1 DEFINITIONS``), set in
bold or in capitals. What says where a passage came from ("State", "Federal", "Agency Content") is
no part of the policy where it stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from statistics import median
from typing import Any

from pydantic import Field

from parsers.pdf.document import read_pages
from parsers.pdf.layout import BULLET, Line, Table, box_around, joined
from parsers.policy.manual_pages import Placed, PolicyPages, head_of, policy_pages
from parsers.policy.result import PolicyOptions, policy_options, policy_reading
from parsers.records import Check, PageSpot, Policy, PolicySection, Problem, Reading
from parsers.registry import Parser, Way

_TAG = re.compile(
    r"(?:(?:Federal|State|Agency Content|Best Practice|Discretionary|Law)(?: MODIFIED)?(?:\s+|$))+"
)
_ENUMERATOR = re.compile(r"\(?(?:[0-9]{1,2}|[A-Za-z]|[ivx]{1,4})[.)]\s+\S")
_WIDER = 1.15
"""Lines further apart than this times the usual distance belong to two paragraphs."""
_INDENT = 3.0
"""Points; a line that begins so much further left than an item of a list is not part of it."""
_ENDS = re.compile(r"[.:;!?][”\"’)]*$|[;,] (?:and|or)$")
_UNMAPPED = re.compile(r"\(cid:[0-9]+\)")

Number = tuple[int, ...]


class ManualOptions(PolicyOptions):
    """What an entry of a source may say of a manual."""

    instrument_type: str = "agency policy"
    """One of ``parsers.records.policy.INSTRUMENT_TYPES``."""
    policy: str | None = Field(default=None, min_length=1, coerce_numbers_to_str=True)
    """The number of the policy to read, where the file holds more than one."""


@dataclass
class _Section:
    number: Number
    printed: str
    title: list[Placed]
    content: list[Placed] = field(default_factory=list)


def read_policy(document: bytes, options: Mapping[str, Any], way: Way = Way.VERIFIED) -> Reading:
    """Read one policy of a manual.

    Takes the bytes of the PDF and ``ManualOptions``. Returns the policy and its sections, each with
    the boxes it was read from. Raises Unreadable for bytes that are no sound PDF, NotThisDocument
    for a PDF without text or numbered heads, or without the policy that is wanted.
    """
    stated = policy_options(options, ManualOptions)
    found = policy_pages(list(read_pages(document, way)), stated.policy)
    sections, problems = _sections(found)
    usual = _usual_distance(found.body)
    records = [
        _record(section, sections, usual, stated.address, position)
        for position, section in enumerate(sections, start=1)
    ]
    policy = Policy(
        jurisdiction=stated.jurisdiction or found.place,
        title=stated.title or found.title or f"Policy {found.number}",
        citation=stated.citation or f"Policy {found.number}",
        instrument_type=stated.instrument_type,
        host="policy-manual",
        host_id=found.number,
        address=stated.address,
        version_label=found.dated,
        position=1,
        evidence=records[0].evidence[:1],
    )
    problems += [
        _problem("turned_text", "text runs in another direction than the page", placed)
        for placed in found.turned
    ]
    problems += found.differences
    reading = policy_reading(policy, records, problems, notice=found.notice)
    return replace(
        reading,
        checks=(
            *reading.checks,
            _numbers_run_on(sections),
            _letters_mapped(found.body),
            found.engines_agree,
        ),
    )


def _sections(found: PolicyPages) -> tuple[list[_Section], list[Problem]]:
    """Return the sections in order; a head whose number goes back is text, and a problem."""
    sections: list[_Section] = []
    problems: list[Problem] = []
    for placed in found.body:
        line = placed.content
        head = head_of(line) if isinstance(line, Line) else None
        if head is not None and head["policy"] == found.number:
            number = tuple(int(part) for part in head["rest"].split(".")[1:])
            if not sections or number > sections[-1].number:
                printed = head["policy"] + head["rest"]
                sections.append(_Section(number, printed, [placed]))
                continue
            problems.append(_problem("number_out_of_order", "the number goes back", placed))
        section = sections[-1]
        if not section.content and _continues_head(section.title[-1], placed):
            section.title.append(placed)
        else:
            section.content.append(placed)
    return sections, problems


def _continues_head(above: Placed, placed: Placed) -> bool:
    """Say whether a line is the second of a head: in its type and capitals, straight below it."""
    head, line = above.content, placed.content
    if not isinstance(head, Line) or not isinstance(line, Line) or above.page != placed.page:
        return False
    close = line.box[1] - head.box[3] < head.style[1]
    return close and line.style == head.style and line.text.isupper()


def _usual_distance(body: Sequence[Placed]) -> float:
    steps = [
        below.content.box[1] - above.content.box[1]
        for above, below in pairwise(body)
        if above.page == below.page and below.content.box[1] > above.content.box[1]
    ]
    return median(steps) if steps else 0.0


def _record(
    section: _Section,
    sections: Sequence[_Section],
    usual: float,
    address: str | None,
    position: int,
) -> PolicySection:
    placed = [*section.title, *section.content]
    pages = list(dict.fromkeys(each.page for each in placed))
    return PolicySection(
        host_id=section.printed,
        number=section.printed,
        heading=_heading(section),
        path=tuple(
            f"{other.printed} {_heading(other)}"
            for other in sections
            if other is not section and section.number[: len(other.number)] == other.number
        ),
        body="\n".join(_paragraphs(section.content, usual)),
        history_note=None,
        events=(),
        anchor=f"{address}#page={pages[0]}" if address else None,
        position=position,
        evidence=tuple(
            PageSpot(page, box_around(each.content.box for each in placed if each.page == page))
            for page in pages
        ),
    )


def _heading(section: _Section) -> str:
    texts = [placed.content.text for placed in section.title if isinstance(placed.content, Line)]
    first = (
        head_of(section.title[0].content) if isinstance(section.title[0].content, Line) else None
    )
    return joined([first["title"] if first else "", *texts[1:]])


def _paragraphs(content: Sequence[Placed], usual: float) -> Iterator[str]:
    """Yield the paragraphs, tables with a bar between cells, without the tags of provenance."""
    group: list[Line] = []
    above: Placed | None = None
    for placed in content:
        if isinstance(placed.content, Table):
            yield from _paragraph(group)
            group = []
            for row in placed.content.rows:
                cells = dict.fromkeys(cell for cell in row.cells if cell is not None)
                yield " | ".join(cell.text for cell in cells)
        elif above is not None and _continues(above, placed, usual, group):
            group.append(placed.content)
        else:
            yield from _paragraph(group)
            group = [placed.content]
        above = placed
    yield from _paragraph(group)


def _paragraph(lines: Sequence[Line]) -> Iterator[str]:
    text = joined(line.text for line in lines)
    if text and not _TAG.fullmatch(text):
        yield f"{BULLET} {text}" if lines[0].is_bullet else text


def _continues(above: Placed, placed: Placed, usual: float, group: Sequence[Line]) -> bool:
    """Say whether a line goes on with the paragraph of the line above it."""
    before, line = above.content, placed.content
    if not isinstance(before, Line) or not isinstance(line, Line) or not group:
        return False
    if line.is_bullet or _ENUMERATOR.match(line.text):
        return False
    if len(group) == 1 and _TAG.fullmatch(before.text):
        return False
    is_item = group[0].is_bullet or _ENUMERATOR.match(group[0].text)
    if is_item and line.box[0] < group[0].box[0] - _INDENT:
        return False
    if above.page == placed.page:
        return line.box[1] - before.box[1] <= _WIDER * usual
    return _ENDS.search(before.text) is None


def _problem(kind: str, said: str, placed: Placed) -> Problem:
    text = placed.content.text if isinstance(placed.content, Line) else None
    spot = PageSpot(placed.page, placed.content.box)
    return Problem(kind, f"page {placed.page}: {said}", text, (spot,))


def _numbers_run_on(sections: Sequence[_Section]) -> Check:
    gaps = [
        f"{before.printed} to {after.printed}"
        for before, after in pairwise(sections)
        if not _follows(before.number, after.number)
    ]
    return Check(
        "numbers_run_on",
        passed=not gaps,
        required=False,
        message=f"The numbers jump from {'; '.join(gaps)}." if gaps else "No number is left out.",
    )


def _follows(before: Number, after: Number) -> bool:
    return after == (*before, 1) or any(
        after == (*before[:depth], before[depth] + 1) for depth in range(len(before))
    )


def _letters_mapped(body: Sequence[Placed]) -> Check:
    pages = list(dict.fromkeys(p.page for p in body if _UNMAPPED.search(_text(p.content))))
    named = ", ".join(map(str, pages))
    return Check(
        "letters_mapped",
        passed=not pages,
        required=True,
        message=f"The file does not say which letters stand on page {named}."
        if pages
        else "Every letter is known.",
    )


def _text(content: Line | Table) -> str:
    if isinstance(content, Line):
        return content.text
    return " ".join(text for row in content.rows for text in row.texts)


PARSER = Parser(
    name="policy-manual",
    revision=3,
    libraries=("pdfplumber", "pdfminer.six", "pypdfium2"),
    tables=(Policy, PolicySection),
    reads="pdf",
    read=read_policy,
    read_fast=partial(read_policy, way=Way.FAST),
    options=ManualOptions,
)
