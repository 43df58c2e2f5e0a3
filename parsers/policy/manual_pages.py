"""The pages of a policy manual: which policy each belongs to, without what pages repeat.

Manuals that Lexipol typesets print on each page the agency, the words "Policy Manual" and the
title of the policy, and at its foot a line such as ``Copyright Lexipol, LLC 2022/02/25, All Rights
Reserved.`` with the title and a page number. The first page of a policy prints its number too, in
large figures beside the agency. The date at the foot is that of the file: the whole manual is
issued anew with it, whatever changed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.errors import NotThisDocument
from parsers.pdf.agreement import engines_agree
from parsers.pdf.furniture import running_lines, without_furniture
from parsers.pdf.layout import Line, Page, Table
from parsers.records import Check, Problem

HEAD = re.compile(r"(?P<policy>[0-9]{1,4})(?P<rest>(?:\.[0-9]{1,3}){1,4})\.?\s+(?P<title>\S.*)")
_LEADERS = re.compile(r"\.{4,}|(?:\s\.){4,}")
_MANUAL = "Policy Manual"
_FOOT = re.compile(
    r"Copyright\b.*|Published with permission\b.*|.*\bAll Rights Reserved\b.*|"
    r"(?P<title>.+?)\s*[-–—]\s*[0-9]{1,4}|[0-9]{4}/[0-9]{2}/[0-9]{2}|"
    r"Page [0-9]+(?: of [0-9]+)?|[*]+ ?DRAFT ?[*]+",
    re.IGNORECASE,
)
_ISSUED = re.compile(r"\b[0-9]{4}/[0-9]{2}/[0-9]{2}\b")
_DATED = re.compile(
    r"(?:Effective|Issued|Revised|Revision|Adopted|Approved|Updated|Date)\b.*[0-9]{4}$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?P<place>\S.*?)\s+(?:Sheriff(?:['’]?s)? (?:Office|Department)|"
    r"Police Department|Police Bureau|Department of Public Safety|Department of Corrections)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A line or a table, with the page it stands on."""

    page: int
    content: Line | Table


@dataclass(frozen=True)
class PolicyPages:
    """One policy of a manual."""

    number: str
    title: str | None
    agency: str | None
    """Whose manual it is, as printed at the head of the page."""
    dated: str | None
    """What the first page or the foot says of the date."""
    notice: str | None
    body: tuple[Placed, ...]
    """From the first numbered head on, in reading order."""
    turned: tuple[Placed, ...]
    """Text that runs in another direction than the page."""
    differences: tuple[Problem, ...]
    """What two engines read differently on its pages."""
    engines_agree: Check

    @property
    def place(self) -> str | None:
        """The agency without the words for its office: ``Benton County``."""
        office = _OFFICE.fullmatch(self.agency) if self.agency else None
        return office["place"] if office else None


def is_bold(line: Line) -> bool:
    """Say whether the text of a line begins in bold."""
    return re.search("bold|black|heavy", line.style[0], re.IGNORECASE) is not None


def head_of(line: Line) -> re.Match[str] | None:
    """Return the number and title of a line that is set as a numbered head: bold or in capitals.

    A line of a list of contents is none.
    """
    head = HEAD.fullmatch(line.text)
    if head is None or _LEADERS.search(line.text):
        return None
    return head if is_bold(line) or head["title"].isupper() else None


def policy_pages(pages: Sequence[Page], wanted: str | None) -> PolicyPages:
    """Return the policy with the number ``wanted``, or the only one of the document.

    A policy begins on the page that has the head of its first section (``413.1``). Raises
    NotThisDocument if there is no numbered head, not the policy, or more than one to choose from.
    """
    by_number = _pages_by_policy(pages)
    if not by_number:
        raise NotThisDocument(
            "no page has a numbered head such as 413.1 PURPOSE AND SCOPE",
            remedy="check that the file is a policy manual of this form",
        )
    if wanted is not None and wanted not in by_number:
        raise NotThisDocument(
            f"policy {wanted} is not in the file; it has {_listed(by_number)}",
            remedy="mend the option policy, or find the part of the manual that has it",
        )
    if wanted is None and len(by_number) > 1:
        raise NotThisDocument(
            f"the file has {len(by_number)} policies: {_listed(by_number)}",
            remedy="name one with the option policy",
        )
    number = wanted or next(iter(by_number))
    return _read(number, by_number[number])


def _listed(numbers: Sequence[str] | dict[str, list[Page]], most: int = 5) -> str:
    named = list(numbers)
    more = f" and {len(named) - most} more" if len(named) > most else ""
    return ", ".join(named[:most]) + more


def _pages_by_policy(pages: Sequence[Page]) -> dict[str, list[Page]]:
    found: dict[str, list[Page]] = {}
    current: str | None = None
    for page in pages:
        begins = _begins(page)
        current = begins or current
        if current is not None:
            found.setdefault(current, []).append(page)
    return found


def _begins(page: Page) -> str | None:
    """Return the number of the policy whose first section this page has."""
    for line in page.lines:
        head = head_of(line)
        if head and head["rest"] == ".1":
            return head["policy"]
    return None


def _read(number: str, pages: Sequence[Page]) -> PolicyPages:
    first = pages[0]
    start = next(i for i, line in enumerate(first.lines) if _is_first_head(line, number))
    agency, title, dated = _front([line.text for line in first.lines[:start]], number)
    repeated = {text for text in (agency, title, _MANUAL, f"Policy {number}", "Policy") if text}
    repeated |= {f"{agency} {_MANUAL}", f"Policy {agency}", f"{number} {_MANUAL}", number}
    running = running_lines(pages)
    body: list[Placed] = []
    notices: dict[str, None] = {}
    issued: list[str] = []
    for page in pages:
        kept, said = without_furniture(page, running)
        notices |= dict.fromkeys(said)
        issued += [line.text for line in page.lines if line not in kept or _is_foot(line, title)]
        if page is first:
            top = first.lines[start].box[1]
            kept = [line for line in kept if line.box[1] >= top]
        while page is not first and kept and kept[0].text in repeated:
            del kept[0]
        while kept and _is_foot(kept[-1], title):
            del kept[-1]
        content: list[Line | Table] = [*kept, *page.tables]
        content.sort(key=lambda each: (each.box[1], each.box[0]))
        body += [Placed(page.number, each) for each in content]
    return PolicyPages(
        number=number,
        title=title,
        agency=agency,
        dated=dated or _date_of(issued),
        notice=next(iter(notices), None),
        body=tuple(body),
        turned=tuple(Placed(page.number, page.turned) for page in pages if page.turned),
        differences=tuple(problem for page in pages for problem in page.differences),
        engines_agree=engines_agree(pages),
    )


def _is_first_head(line: Line, number: str) -> bool:
    head = head_of(line)
    return head is not None and head["policy"] == number and head["rest"] == ".1"


def _front(texts: Sequence[str], number: str) -> tuple[str | None, str | None, str | None]:
    """Return agency, title and date of what the first page prints above the first section.

    The word "Policy" and the number stand beside the agency, so that they may be on its line.
    """
    above: list[str] = []
    below: list[str] = []
    dated = None
    part = above
    for text in texts:
        if text.startswith("SPECIMEN"):
            continue
        if _DATED.fullmatch(text):
            dated = text
            continue
        plain = text if text.startswith(_MANUAL) else re.sub(r"^Policy\b\s*", "", text)
        plain = re.sub(rf"^{number}\b\s*", "", plain)
        before, manual, after = plain.partition(_MANUAL)
        if before.strip():
            part.append(before.strip())
        if manual:
            part = below
        if after.strip():
            part.append(after.strip())
    return " ".join(above) or None, " ".join(below) or None, dated


def _is_foot(line: Line, title: str | None) -> bool:
    foot = _FOOT.fullmatch(line.text)
    return foot is not None and (foot["title"] is None or foot["title"] == title)


def _date_of(feet: Sequence[str]) -> str | None:
    dates = {match[0] for text in feet for match in _ISSUED.finditer(text)}
    return dates.pop() if len(dates) == 1 else None
