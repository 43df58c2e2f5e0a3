"""What a document holds, found out in a process of its own, since it comes from outside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from parsers.errors import ReadingError
from sanctuary.confined import NotDone, confined
from sanctuary.reading import ReadingLimits, start_readers
from scraper.bodies import Kind


@dataclass(frozen=True)
class TableSeen:
    """A table, as ``parsers.table.surveyed.Surveyed`` says it."""

    where: Mapping[str, Any]
    header: tuple[str, ...]
    has_header: bool
    rows: int
    telling: tuple[int, ...]
    first: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Survey:
    """What a document holds; all texts are the publisher's."""

    title: str | None = None
    """Of a page: its title."""
    words: int = 0
    """Of a page: the words of its paragraphs."""
    form: str | None = None
    """The parser that takes it for one of its own documents."""
    form_held: bool = False
    """What that parser reads would be held."""
    tables: tuple[TableSeen, ...] = ()
    fault: str | None = None
    """Why it could not be looked at, as a clause."""


def survey(document: bytes, kind: Kind, limits: ReadingLimits) -> Survey:
    """Return what ``document`` holds: title and words of a page, its form, its tables in order."""
    start_readers()
    try:
        found = json.loads(confined(surveyed, document, kind, limits.pages, limits=limits))
    except NotDone as error:
        return Survey(fault=str(error))
    tables = (
        TableSeen(
            where=table["where"],
            header=tuple(table["header"]),
            has_header=table["has_header"],
            rows=table["rows"],
            telling=tuple(table["telling"]),
            first=tuple(map(tuple, table["first"])),
        )
        for table in found["tables"]
    )
    form = found["form"] or {"parser": None, "held": False}
    return Survey(
        title=found["title"],
        words=found["words"],
        form=form["parser"],
        form_held=form["held"],
        tables=tuple(tables),
        fault=found["fault"],
    )


def surveyed(document: bytes, kind: Kind, most_pages: int) -> bytes:
    """Return a survey as JSON, for a process that is confined."""
    # Only the process that is confined needs them.
    from parsers.pdf.document import has_more_pages
    from parsers.table.surveyed import survey_tables
    from sanctuary.adding.forms import known_form

    plain: dict[str, Any] = {"title": None, "words": 0, "form": None, "tables": [], "fault": None}
    found = {**plain}
    if kind is Kind.PDF and has_more_pages(document, most_pages):
        return json.dumps({**plain, "fault": f"it has more than {most_pages:,} pages"}).encode()
    is_page = kind is Kind.HTML
    if is_page:
        found |= _of_page(document)
    form = known_form(document, kind)
    found["form"] = asdict(form) if form else None
    try:
        found["tables"] = [asdict(table) for table in survey_tables(document)]
    except ReadingError as error:
        # A page is more than its tables.
        found["fault"] = None if is_page else str(error)
    return json.dumps(found).encode()


def _of_page(document: bytes) -> dict[str, Any]:
    from parsers.html_table import parse_page, shown_text

    page = parse_page(document)
    words = sum(len((shown_text(text) or "").split()) for text in page.find_all("p"))
    return {"title": shown_text(page.title) if page.title else None, "words": words}
