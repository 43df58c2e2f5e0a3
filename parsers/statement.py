"""What a place, a court or a publisher says of a listing: one page or PDF, and the places it is of.

What it is, of which list and of which places, and who says it stands in the options of its entry
(``StatementOptions``); title, date and text stand in the document, where CSS selectors find them.
Nothing is taken for one of them that was not named: a page that has changed is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from bs4 import BeautifulSoup, Tag
from pydantic import BaseModel, ConfigDict, Field, model_validator

from parsers.errors import NotThisDocument
from parsers.html_table import css_path, ids_of, parse_page, shown_text, specimen_notice
from parsers.options import BadOptions, Selector, checked_options
from parsers.pdf.body import body_of
from parsers.pdf.document import read_pages
from parsers.pdf.layout import Line
from parsers.policy.html_text import readable
from parsers.printed_dates import iso_day
from parsers.records import Check, EditionClaim, HtmlSpot, Problem, Reading, Spot, Statement
from parsers.registry import Parser

_PDF = b"%PDF-"
_HEADER_WITHIN = 1024
_Text = Annotated[str, Field(min_length=1)]


class StatementOptions(BaseModel):
    """What a document is, whom it is about, and where on a page its parts stand."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    kind: Literal["dispute", "letter", "agreement", "court order", "announcement"]
    """What it is."""
    about: _Text
    """The id of the source whose listing it is about."""
    places: Annotated[list[_Text], Field(min_length=1)]
    """The places it is about, each as the document prints it, with its state."""
    publisher: _Text
    """Who says it; not who shows a copy."""
    address: str | None = None
    """Where a person reads it."""
    select: Selector | None = None
    """Of a page: CSS selector of its text; what several elements hold is read in their order."""
    title: _Text | None = None
    """The title, where no element of a page holds it, or of a PDF."""
    title_select: Selector | None = None
    """Of a page: CSS selector of the one element that holds the title."""
    issued: date | None = None
    """Its date, where the document does not print it."""
    date_select: Selector | None = None
    """Of a page: CSS selector of the one element that holds the date and nothing else."""

    @model_validator(mode="after")
    def _one_title_one_date(self) -> StatementOptions:
        if (self.title is None) == (self.title_select is None):
            raise ValueError("give either title or title_select")
        if self.issued is not None and self.date_select is not None:
            raise ValueError("give issued or date_select, not both")
        return self


@dataclass(frozen=True)
class _Found:
    """What a document holds."""

    title: str
    issued_text: str | None
    text: str
    evidence: tuple[Spot, ...]
    notice: str | None
    problems: tuple[Problem, ...] = ()
    checks: tuple[Check, ...] = ()


def read(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Return a statement for each place that the options name.

    Raises BadOptions for wrong options, or those of a page for a PDF; Unreadable for broken bytes;
    NotThisDocument if a selector finds nothing, or more than the one element it is for.
    """
    wanted = checked_options(options, StatementOptions, "a statement")
    is_pdf = _PDF in document[:_HEADER_WITHIN]
    found = _of_pdf(document, wanted) if is_pdf else _of_page(document, wanted)
    issued = wanted.issued.isoformat() if wanted.issued else None
    problems = list(found.problems)
    if found.issued_text is not None:
        issued = iso_day(found.issued_text)
        if issued is None:
            said = "the date of the statement cannot be read: it is kept as printed"
            problems.append(Problem("unread_date", said, found.issued_text, found.evidence))
    records = tuple(
        Statement(
            statement_kind=wanted.kind,
            title=found.title,
            publisher=wanted.publisher,
            issued=issued,
            issued_text=found.issued_text,
            about=wanted.about,
            jurisdiction=place,
            text=found.text,
            address=wanted.address,
            position=position,
            evidence=found.evidence,
        )
        for position, place in enumerate(wanted.places, start=1)
    )
    return Reading(
        edition=EditionClaim(title=found.title, notice=found.notice),
        tables=(Statement,),
        records=records,
        checks=found.checks,
        problems=tuple(problems),
    )


def _of_page(document: bytes, wanted: StatementOptions) -> _Found:
    page = parse_page(document)
    if wanted.select is None:
        raise BadOptions(
            "the options of a statement are wrong: select: a page needs the selector of its text",
            remedy="mend the entry of the source",
        )
    texts = [element for element in page.select(wanted.select) if readable(element)]
    if not texts:
        raise _nothing("select", wanted.select)
    title = wanted.title or shown_text(_the_one(page, "title_select", wanted.title_select or ""))
    printed = None
    if wanted.date_select is not None:
        printed = shown_text(_the_one(page, "date_select", wanted.date_select))
    ids = ids_of(page)
    spots = tuple(
        HtmlSpot(css_path(each, 1 + len(each.find_previous_siblings(each.name)), ids))
        for each in texts
    )
    text = "\n".join(readable(each) for each in texts)
    return _Found(title or "", printed, text, spots, specimen_notice(page))


def _the_one(page: BeautifulSoup, option: str, selector: str) -> Tag:
    """Return the one element with a text that a selector finds."""
    found = [element for element in page.select(selector) if shown_text(element)]
    if not found:
        raise _nothing(option, selector)
    if len(found) > 1:
        raise NotThisDocument(
            f"{len(found)} elements answer to {option} ({selector}), where one is wanted",
            remedy=f"look at the page, and mend the option {option}",
        )
    return found[0]


def _nothing(option: str, selector: str) -> NotThisDocument:
    return NotThisDocument(
        f"nothing on the page answers to {option} ({selector})",
        remedy=f"look at the page: it may have changed; else mend the option {option}",
    )


def _of_pdf(document: bytes, wanted: StatementOptions) -> _Found:
    if wanted.title is None or wanted.select or wanted.date_select:
        raise BadOptions(
            "the options of a statement are wrong: a PDF has no selectors: name its title, and "
            "its date as issued",
            remedy="mend the entry of the source",
        )
    body = body_of(read_pages(document))
    lines: list[str] = []
    spots: list[Spot] = []
    for block in body.blocks:
        content = block.content
        spots.append(block.spot)
        if isinstance(content, Line):
            lines.append(content.text)
        else:
            lines += [" | ".join(text for text in row.texts if text) for row in content.rows]
    text = "\n".join(line for line in lines if line)
    return _Found(
        title=wanted.title,
        issued_text=None,
        text=text,
        evidence=tuple(spots),
        notice=body.notice,
        problems=body.left.all(),
        checks=(body.engines_agree,),
    )


PARSER = Parser(
    name="statement",
    revision=3,
    libraries=("beautifulsoup4", "lxml", "pdfplumber", "pdfminer.six", "pypdfium2"),
    tables=(Statement,),
    reads="html",
    read=read,
    options=StatementOptions,
)
