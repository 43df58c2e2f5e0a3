"""The laws of a jurisdiction that are not yet in its code, as eCode360 lists them (New Laws).

It is the earliest place where a new law shows; the text of each is a PDF beside the list.
"""

from __future__ import annotations

from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from parsers.cell_values import collapsed
from parsers.html_table import css_path, ids_of, shown_text, specimen_notice
from parsers.policy.ecode360_words import HOST
from parsers.policy.result import PolicyOptions, policy_reading
from parsers.printed_dates import iso_as_printed, iso_day
from parsers.records import HtmlSpot, Policy, PolicySection, Problem, Reading, SectionEvent

_TABLE = "table#newLawsTable"


def laws_table(page: BeautifulSoup) -> Tag | None:
    """Return the table of new laws of a page, None if it has none."""
    return page.select_one(_TABLE)


def read_laws(
    page: BeautifulSoup, table: Tag, wanted: PolicyOptions, saved_from: str | None
) -> Reading:
    """Return the laws of a list, one a section, whose text is what the list says of it."""
    ids = ids_of(page)
    sections: list[PolicySection] = []
    problems: list[Problem] = []
    rows = [row for row in table.select("tr") if row.select_one(".titleLawCell")]
    for row in rows:
        title, adopted, subject, disposition = (
            _cell(row, name) for name in ("title", "adopted", "subject", "dispositions")
        )
        link = row.select_one(".titleLawCell a[href]")
        anchor = urljoin(HOST, str(link["href"])) if link else None
        if title is None:
            problems.append(Problem("law_without_title", "a law has no title", shown_text(row)))
        day = adopted.split("T")[0] if adopted else None
        date = (iso_day(day.replace("-", "/")) or iso_as_printed(day)) if day else None
        place = 1 + len(row.find_previous_siblings("tr"))
        sections.append(
            PolicySection(
                host_id=anchor or title or f"row {len(sections) + 1}",
                number=title,
                heading=subject,
                path=(),
                body=" | ".join(part for part in (subject, disposition) if part),
                history_note=None,
                events=(SectionEvent("adopted", date, adopted, title),) if adopted else (),
                anchor=anchor,
                position=len(sections) + 1,
                evidence=(HtmlSpot(css_path(row, place, ids)),),
            )
        )
    customer = collapsed(str(page.body.get("data-customer-name", ""))) if page.body else None
    address = wanted.address or saved_from
    policy = Policy(
        jurisdiction=wanted.jurisdiction or customer,
        title=wanted.title or "New Laws",
        citation=wanted.citation,
        instrument_type=wanted.instrument_type,
        host="ecode360",
        host_id=f"laws {customer or address or ''}".strip(),
        address=address,
        version_label=None,
        position=1,
        evidence=(HtmlSpot(_TABLE),),
    )
    title_text = shown_text(page.title) if page.title else None
    return policy_reading(
        policy, sections, problems, title=title_text, notice=specimen_notice(page)
    )


def _cell(row: Tag, name: str) -> str | None:
    cell = row.select_one(f".{name}LawCell")
    return shown_text(cell) if cell else None
