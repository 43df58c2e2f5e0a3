"""The parts of a report, found by their headings in the wordings of all three weeks.

Every section title stands twice, in the list of the summary and as a heading, and may stand again
above every page of its section. A dash, an apostrophe or a full stop in it may be there or not, and
long titles wrap.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from parsers.errors import NotThisDocument
from parsers.pdf.body import Block
from parsers.pdf.layout import Line, joined
from parsers.records import PageSpot, Problem, Spot

SECTIONS = ("section_i", "section_ii", "section_iii", "section_iv")
LABELS = {
    "summary": "Summary",
    "section_i": "Section I",
    "section_ii": "Section II",
    "section_iii": "Section III",
    "section_iv": "Section IV",
}

_DAY = r"[a-z]+ \d{1,2}(?: \d{4})?"
_BETWEEN = rf"between {_DAY} (?:and|through|to) {_DAY}"
_LIMIT = r"(?:which|that) (?:limit|restrict) cooperation with (?:the )?[a-z]+"
_TITLES = {
    "section_i": (
        r"section i highest volume of detainers",
        rf"section i highest volume of detainers issued(?: to non ?cooperative jurisdictions)?"
        rf" {_BETWEEN}(?: to jurisdictions {_LIMIT})?",
    ),
    "section_ii": (
        r"section ii jurisdictions with recorded declined detainers",
        r"section ii jurisdictions with recorded declined detainers"
        rf"(?: broken down by individuals released)? {_BETWEEN}",
    ),
    "section_iii": (
        r"section iii table of jurisdictions",
        rf"section iii table of jurisdictions that have enacted policies {_LIMIT}",
    ),
    "section_iv": (r"section iv report scope", r"section iv report scope and data fidelity"),
}
"""How a title begins, and the whole of it, in small letters without punctuation."""
_LONGEST = 4
"""Lines of a title."""
_SUMMARY = "summary"
_REPORT = re.compile(r"(?:weekly )?declined detainer (?:outcome )?report")
_PERIOD = re.compile(r"for recorded declined detainers .*")


@dataclass(frozen=True)
class Heading:
    """A section title: its text, and the run of blocks it stands in."""

    section: str
    text: str
    first: int
    after: int
    block: Block
    is_known: bool
    """The title has one of the wordings of the three weeks."""


@dataclass(frozen=True)
class Part:
    """The summary or a section, with all between its heading and the next one."""

    name: str
    heading: Heading | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Outline:
    """A report taken apart."""

    title: Block | None
    period: Block | None
    """The line below the title that states the period."""
    parts: tuple[Part, ...]
    """The summary, then every section that was found, in order."""
    problems: tuple[Problem, ...]

    def part(self, name: str) -> Part | None:
        """Return the part of that name, None if it was not found."""
        return next((part for part in self.parts if part.name == name), None)

    def guarded(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """Return the problems, those that reach into Section II marked as of individuals."""
        starts = [
            (part.heading.block.page, part.heading.block.content.box[1], part.name)
            for part in self.parts
            if part.heading
        ]
        return tuple(
            replace(problem, individual=True)
            if any("section_ii" in _parts_at(starts, spot) for spot in problem.evidence)
            else problem
            for problem in problems
        )

    @property
    def missing(self) -> list[str]:
        """The sections that were not found."""
        return [name for name in SECTIONS if self.part(name) is None]


def _parts_at(starts: Sequence[tuple[int, float, str]], spot: Spot) -> list[str]:
    """Return the sections that a spot stands in or reaches into, none above the first."""
    if not isinstance(spot, PageSpot):
        return []
    _, top, _, bottom = spot.bbox
    begun = [name for page, start, name in starts if (page, start) <= (spot.page, top)]
    reached = [name for page, start, name in starts if page == spot.page and top < start < bottom]
    return begun[-1:] + reached


def plain(text: str) -> str:
    """Return a text in small letters, with everything but letters and digits as one blank."""
    return " ".join(re.findall(r"[a-z0-9]+", text.casefold()))


def outline(blocks: Sequence[Block]) -> Outline:
    """Return the parts of a report.

    Raises NotThisDocument if it has none of the sections.
    """
    found = _headings(blocks)
    headings = _real(found)
    if not headings:
        raise NotThisDocument(
            "no heading of the Declined Detainer Outcome Report was found",
            remedy="check that the file is this report, and which parser it needs",
        )
    listed = [each for each in found if each.first < headings[0].first]
    front, title, period, problems = _front(blocks[: headings[0].first], listed)
    # A title may stand above every page of its section.
    again = {
        index
        for each in found
        if each not in headings and each.first > headings[0].first
        for index in range(each.first, each.after)
    }
    parts = [Part("summary", None, front)]
    for number, heading in enumerate(headings):
        end = headings[number + 1].first if number + 1 < len(headings) else len(blocks)
        body = blocks[heading.after : end]
        # A running title above later pages says nothing new.
        repeated = {line_text(each) for each in (title, period) if each}
        kept = tuple(
            block
            for index, block in enumerate(body, start=heading.after)
            if line_text(block) not in repeated and index not in again
        )
        parts.append(Part(heading.section, heading, kept))
    problems += [
        Problem(
            "unknown_heading",
            f"page {each.block.page}: the title of {LABELS[each.section]} has another wording",
            each.text,
            (each.block.spot,),
        )
        for each in headings
        if not each.is_known
    ]
    return Outline(title, period, tuple(parts), tuple(problems))


def line_text(block: Block) -> str | None:
    """Return the text of a block that is a line, None for a table."""
    return block.content.text if isinstance(block.content, Line) else None


def _headings(blocks: Sequence[Block]) -> list[Heading]:
    """Return every place where a section title stands, in order."""
    found = []
    for first in range(len(blocks)):
        section = _begins(_opening(blocks, first))
        if section is not None:
            found.append(_heading(section, blocks, first))
    return found


def _opening(blocks: Sequence[Block], first: int) -> str | None:
    """Return the line at ``first``, with those below it if a title's beginning breaks off."""
    opening = line_text(blocks[first])
    if opening is None or not re.match(r"section [iv]+\b", plain(opening)):
        return opening
    for block in blocks[first + 1 : first + _LONGEST - 1]:
        line = block.content
        if _begins(opening) or not isinstance(line, Line) or line.is_bullet:
            break
        if block.page != blocks[first].page:
            break
        opening = joined((opening, line.text))
    return opening


def _begins(text: str | None) -> str | None:
    if text is None:
        return None
    said = plain(text)
    for section, (beginning, _) in _TITLES.items():
        if said.startswith(beginning):
            return section
    return None


def _heading(section: str, blocks: Sequence[Block], first: int) -> Heading:
    """Return the title that begins at ``first``.

    It has as many lines as make it one of the known wordings; in another wording it goes on as long
    as the style of its first line.
    """
    lines: list[Line] = []
    for block in blocks[first : first + _LONGEST]:
        line = block.content
        if not isinstance(line, Line) or block.page != blocks[first].page:
            break
        if lines and (line.is_bullet or _begins(line.text)):
            break
        lines.append(line)
    texts = [joined(line.text for line in lines[:count]) for count in range(1, len(lines) + 1)]
    whole = re.compile(_TITLES[section][1])
    known = [count for count, text in enumerate(texts, 1) if whole.fullmatch(plain(text))]
    in_style = takewhile(lambda line: line.style == lines[0].style, lines)
    count = known[-1] if known else len(list(in_style))
    return Heading(
        section=section,
        text=texts[count - 1],
        first=first,
        after=first + count,
        block=blocks[first],
        is_known=bool(known),
    )


def _real(found: Sequence[Heading]) -> list[Heading]:
    """Return the headings among the titles, as far as they are in order.

    Behind the list of all sections the first title of each is one; without such a list, the last.
    """
    headings: list[Heading] = []
    listed, behind = found[: len(SECTIONS)], found[len(SECTIONS) :]
    is_list = tuple(each.section for each in listed) == SECTIONS
    if is_list and behind and behind[0].section != SECTIONS[-1]:
        for each in behind:
            place = SECTIONS.index(each.section)
            if all(SECTIONS.index(other.section) < place for other in headings):
                headings.append(each)
        return headings
    for section in SECTIONS:
        candidates = [each for each in found if each.section == section]
        if candidates and (not headings or candidates[-1].first > headings[-1].first):
            headings.append(candidates[-1])
    return headings


def _front(
    blocks: Sequence[Block], listed: Sequence[Heading]
) -> tuple[tuple[Block, ...], Block | None, Block | None, list[Problem]]:
    """Return what the summary says, the title, the line of the period, and what is not known."""
    in_list = {index for each in listed for index in range(each.first, each.after)}
    title = period = None
    above: list[Block] = []
    kept: list[Block] = []
    for index, block in enumerate(blocks):
        said = plain(line_text(block) or "")
        if index in in_list or said == _SUMMARY:
            continue
        if title is None and _REPORT.fullmatch(said):
            title, above, kept = block, kept, []
        elif period is None and _PERIOD.fullmatch(said):
            period = block
        else:
            kept.append(block)
    problems = []
    if title is None:
        problems.append(Problem("no_title", "the title of the report was not found"))
    # The line right above the title names the agency.
    problems += [
        Problem(
            "text_above_title",
            f"page {block.page}: text stands above the title",
            line_text(block),
            (block.spot,),
        )
        for block in above[:-1]
    ]
    return tuple(kept), title, period, problems
