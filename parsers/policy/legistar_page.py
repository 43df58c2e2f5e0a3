"""A matter as Legistar's public page shows it (LegislationDetail.aspx), saved by a person.

Each field is a span whose id ends in a name and a 2 (``ctl00_ContentPlaceHolder1_lblFile2``); the
text, shown with ``FullText=1``, is ``ctl00_ContentPlaceHolder1_divText``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, Tag
from soupsieve import escape

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument, Unreadable
from parsers.html_table import parse_page, shown_text
from parsers.policy.html_text import readable
from parsers.policy.matter import Matter, clerk_text
from parsers.policy.saved_page import saved_page
from parsers.records import HtmlSpot, Problem, Spot
from parsers.web_address import web_address

_ID = "ctl00_ContentPlaceHolder1_"
_TEXT = f"{_ID}divText"
_GONE = re.compile(
    r"this record no longer exists|an error has occurred|"
    r"the (?:page|record) (?:you requested )?(?:was|could) not (?:be )?found",
    re.IGNORECASE,
)
_STRUCK_CLASS = re.compile(r"\.([\w-]+)\s*\{[^}]*line-through", re.IGNORECASE)
_CHROME = "script, style, noscript"


def matter_from_page(document: bytes) -> tuple[Matter, BeautifulSoup]:
    """Return the matter of a saved page, and the page.

    Raises Unreadable for bytes of another kind, NotThisDocument for the site's error page, for one
    that says that the record is gone, and for any other page.
    """
    if not document.strip():
        raise Unreadable("the file is empty", remedy="open the page, and save it again")
    saved = saved_page(document)
    page = parse_page(saved.html)
    file = _field(page, "lblFile")
    if file is None:
        _refuse(page)
    element = page.find(id=_TEXT)
    problems: list[Problem] = []
    lines: list[str] = []
    spots: tuple[Spot, ...] = ()
    if isinstance(element, Tag):
        spots = (HtmlSpot(f"#{_TEXT}"),)
        problems += _struck(page, element, spots)
        lines = [line for line in map(collapsed, readable(element, _CHROME).splitlines()) if line]
    else:
        problems.append(
            Problem(
                "text_not_shown",
                "the page was saved without its text: open its tab Text, and save it again",
            )
        )
    clerk = clerk_text(lines, spots, dotted=any(line.startswith("..") for line in lines))
    return (
        Matter(
            file=file,
            name=_field(page, "lblName"),
            title=_field(page, "lblTitle") or clerk.title,
            type=_field(page, "lblType"),
            status=_field(page, "lblStatus"),
            enacted=_field(page, "lblEnactmentDate"),
            enactment=_field(page, "lblEnactmentNumber"),
            version=_version(page),
            address=web_address(saved.address) if saved.address else None,
            lines=clerk.body,
            spots=spots,
            problems=(*problems, *clerk.problems),
        ),
        page,
    )


def _refuse(page: BeautifulSoup) -> None:
    shown = shown_text(page.body) if page.body else None
    if shown is None:
        raise NotThisDocument("the page is empty", remedy="open it in a browser, and save it again")
    gone = _GONE.search(shown)
    form = page.find("form", action=True)
    if gone or (form is not None and "error.aspx" in str(form["action"]).casefold()):
        said = gone[0] if gone else "Error.aspx"
        raise NotThisDocument(
            f"the site shows an error instead of the matter: {said}",
            remedy="look the matter up by its file number: this is no repeal",
        )
    raise NotThisDocument(
        "the page has no File # of a matter", remedy="check that it is a LegislationDetail page"
    )


def _field(page: BeautifulSoup, name: str) -> str | None:
    element = page.find(id=f"{_ID}{name}2")
    return shown_text(element) if isinstance(element, Tag) else None


def _version(page: BeautifulSoup) -> str | None:
    chosen = page.select_one(f"select#{_ID}ddlVersion option[selected]")
    return (shown_text(chosen) if chosen else None) or _field(page, "lblVersion")


def _struck(page: BeautifulSoup, text: Tag, spots: tuple[Spot, ...]) -> Iterator[Problem]:
    """Yield the words that the page strikes out: the text keeps them, without the stroke."""
    rules = "\n".join(style.get_text() for style in page.find_all("style"))
    named = [f".{escape(name)}" for name in dict.fromkeys(_STRUCK_CLASS.findall(rules))]
    for element in text.select(", ".join(["s", "strike", "del", "[style*=line-through]", *named])):
        words = shown_text(element)
        if words:
            yield Problem("struck_text", "these words are struck out", words, spots)
