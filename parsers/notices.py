"""Correction and other notices on a publisher's page, each kept as the text it prints.

ICE posted what was wrong in its first report as a paragraph that begins "Correction:"; whether the
file itself was ever replaced is not known. A paragraph counts as a notice if it begins with a
word of ``parsers.notice_leads`` and a colon. Beside its text, what a correction says of single
places is read (``parsers.corrections``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup

from parsers.corrections import read_correction
from parsers.errors import NotThisDocument
from parsers.html_table import css_path, ids_of, parse_page, shown_text, specimen_notice
from parsers.notice_leads import notice_name
from parsers.records import Correction, EditionClaim, HtmlSpot, Problem, Reading, ReportTotal
from parsers.registry import Parser

_BLOCKS = ("p", "li")


def read(data: bytes, options: Mapping[str, Any]) -> Reading:
    """Return the notices of an HTML page, in its order; a page without one gives none.

    Takes no options. Raises Unreadable for bytes of another kind, NotThisDocument for a page
    without text.
    """
    page = parse_page(data)
    if page.body is None or shown_text(page.body) is None:
        raise NotThisDocument(
            "the page has no text", remedy="look at it: it may be filled in by a script"
        )
    notices = tuple(
        ReportTotal(name=name, number=None, text=text, position=position, evidence=(spot,))
        for position, (name, text, spot) in enumerate(_notices(page), start=1)
    )
    corrections: list[Correction] = []
    problems: list[Problem] = []
    for notice in notices:
        if notice.name == "correction":
            found = read_correction(notice.text, 1 + len(corrections), notice.evidence)
            corrections += found.corrections
            problems += found.problems
    return Reading(
        edition=EditionClaim(
            title=shown_text(page.title) if page.title else None, notice=specimen_notice(page)
        ),
        tables=(ReportTotal, Correction),
        records=(*notices, *corrections),
        problems=tuple(problems),
    )


def _notices(page: BeautifulSoup) -> Iterator[tuple[str, str, HtmlSpot]]:
    ids = ids_of(page)
    for block in page.find_all(_BLOCKS):
        if block.find(_BLOCKS) is not None:
            continue
        text = shown_text(block) or ""
        name = notice_name(text)
        if name is not None:
            number = 1 + len(block.find_previous_siblings(block.name))
            yield name, text, HtmlSpot(css_path(block, number, ids))


PARSER = Parser(
    name="notices",
    revision=3,
    libraries=("beautifulsoup4", "lxml"),
    tables=(ReportTotal, Correction),
    reads="html",
    read=read,
)
