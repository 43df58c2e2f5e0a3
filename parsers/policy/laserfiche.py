"""Laserfiche WebLink, where clerks keep minutes and ordinances: the text recognised on the pages.

Reads the bundle of what the services behind the viewer answer, the answer of
``DocumentService.aspx/GetTextHtmlForPage`` about one page, and the viewer (DocView.aspx, or a page
of WebLink 9) as a person saved it, as HTML or as text. ``follow`` knows the steps from a viewer.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup

from parsers import bundle
from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument, Unreadable
from parsers.html_table import parse_page, shown_text
from parsers.policy.answers import parts_in
from parsers.policy.html_text import readable
from parsers.policy.json_answer import json_answer
from parsers.policy.laserfiche_pages import OnPages, Page, plain_page
from parsers.policy.laserfiche_steps import (
    LaserficheOptions,
    answers_of,
    data_of,
    follow,
    pages_wanted,
)
from parsers.policy.matter import stated_type
from parsers.policy.plain_text import Part, agenda_parts, law_parts
from parsers.policy.result import policy_options, policy_reading
from parsers.policy.saved_page import saved_page
from parsers.policy.scanned_text import lines_of, paragraphs, readable_share
from parsers.records import Check, HtmlSpot, Policy, PolicySection, Problem, Reading, Spot
from parsers.registry import Parser
from parsers.web_address import web_address

_HOME = "HomeMy WebLinkAbout"
"""The links of the viewer, which run into the name of the document and that into its text."""
_CHROME = re.compile(
    r"Loading\.\.\.|Press Alt \+ R to read the document text.*|This document contains no pages\.|"
    r"View (?:images|plain text)"
)
_PLAIN_TEXT = "View plain text"
"""Above the text of a page of WebLink 9."""
_SITE = re.compile(r"\s*[-|–]\s*(?:Laserfiche )?WebLink\b.*$")
_NAMED = {
    "executive order": re.compile(r"\bexecutive order\b", re.IGNORECASE),
    "ordinance": re.compile(r"\bord(?:inances?)?\b", re.IGNORECASE),
    "resolution": re.compile(r"\breso?(?:lutions?)?\b", re.IGNORECASE),
}
"""How the name of a document says what it is."""
_LEAST_READABLE = 0.65
"""Minutes of 1976 that can just be read come to 0.87, lines that cannot be to less than 0.6."""


@dataclass(frozen=True, kw_only=True)
class _Document:
    lines: tuple[str, ...]
    name: str | None = None
    entry: str | None = None
    repository: str | None = None
    address: str | None = None
    place: str | None = None
    """Where the text stands in a page, or in an answer."""
    pages: tuple[Page, ...] = ()
    """Of a bundle, in their order."""
    lacks: tuple[int, ...] = ()
    """The pages of a bundle that are wanted and did not come."""


def read_document(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read a document of WebLink.

    Takes ``LaserficheOptions``; ``title`` is the name of the document too, where the
    bytes do not give it. Returns the policy, and its text as the sections of an ordinance, as the
    items of minutes, or as one. Raises Unreadable for broken bytes, NotThisDocument where no text
    was recognised.
    """
    stated = policy_options(options, LaserficheOptions)
    found = _document(document, stated)
    lines, glued = _without_chrome(found.lines, stated.title or found.name)
    if not any(line.strip() for line in lines):
        raise NotThisDocument(
            "no text was recognised on the pages",
            remedy="download the document, run it through text recognition and import that",
        )
    notice = next((line.strip() for line in lines if line.startswith("SPECIMEN")), None)
    text = paragraphs([line for line in lines if line.strip() != notice])
    address = stated.address or found.address
    spots: tuple[Spot, ...] = (HtmlSpot(found.place),) if found.place else ()
    on_pages = OnPages(found.pages)
    sections = [
        PolicySection(
            host_id=part.key,
            number=part.number,
            heading=part.heading,
            path=part.path,
            body=part.body,
            history_note=None,
            events=(),
            anchor=address,
            position=position,
            evidence=on_pages.spots(f"{part.heading or ''} {part.body}") or spots,
        )
        for position, part in enumerate(_parts(text), start=1)
    ]
    title = stated.title or found.name or "No title"
    said = next((kind for kind, named in _NAMED.items() if named.search(title)), None)
    kind = stated_type(stated) or said
    policy = Policy(
        jurisdiction=stated.jurisdiction,
        title=title,
        citation=stated.citation or found.name,
        instrument_type=kind or "ordinance",
        host="laserfiche",
        host_id=_host_id(found, address) or found.name or "document",
        address=address,
        version_label=None,
        position=1,
        evidence=tuple(page.spot for page in found.pages) or spots,
    )
    problems = [_kind_not_said(title)] if kind is None else []
    if glued:
        message = "the name of the document runs into its first words; name it with option title"
        problems.append(Problem("name_in_text", message, glued, spots))
    problems += [
        Problem(
            "page_without_text",
            "no text was recognised on a page, which may be blank: look at it",
            None,
            (page.spot,),
        )
        for page in found.pages
        if not plain_page(page.text).strip()
    ]
    reading = policy_reading(policy, sections, problems, notice=notice)
    return replace(
        reading,
        checks=(*reading.checks, _is_readable(lines), _is_whole(found)),
    )


def _parts(text: Sequence[str]) -> list[Part]:
    items = agenda_parts(text)
    return items if len(items) > 1 else law_parts(text)


def _document(document: bytes, stated: LaserficheOptions) -> _Document:
    start = document.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise Unreadable("the file is empty", remedy="fetch it again, or save it again")
    parts = parts_in(document)
    if parts is not None:
        return _from_parts(parts, stated)
    if start[:1] in (b"{", b"["):
        return _from_json(document)
    saved = saved_page(document)
    if re.search(rb"<(?:!doctype html|html|head|body)\b", saved.html[:4096], re.IGNORECASE):
        return _from_page(parse_page(saved.html), saved.address)
    if start.startswith((b"%PDF-", b"PK\x03\x04")):
        raise Unreadable("the file is no text", remedy="save the page of the viewer instead")
    text = start.decode("utf-8", errors="replace")
    return _Document(lines=tuple(lines_of([html.unescape(text)])))


def _from_parts(parts: Sequence[bundle.Part], stated: LaserficheOptions) -> _Document:
    answers = answers_of(parts)
    wanted = pages_wanted(answers, stated)
    pages = tuple(answers.pages[number] for number in wanted if number in answers.pages)
    return _Document(
        lines=tuple(lines_of(plain_page(page.text) for page in pages)),
        name=collapsed(answers.name) if answers.name else None,
        entry=str(answers.entry),
        repository=answers.repository,
        pages=pages,
        lacks=tuple(number for number in wanted if number not in answers.pages),
    )


def _from_json(document: bytes) -> _Document:
    data = data_of(json_answer(document, remedy="fetch the text of the pages"))
    text = data.get("text") if isinstance(data, Mapping) else data
    if not isinstance(text, str):
        raise NotThisDocument(
            "the file has no text of a page of WebLink",
            remedy="look at it: the session may have ended, and the site answered with an error",
        )
    return _Document(lines=tuple(lines_of([plain_page(text)])), place="data.text")


def _from_page(page: BeautifulSoup, address: str | None) -> _Document:
    if page.body is None:
        raise NotThisDocument("the page is empty", remedy="open it, and save it again")
    title = shown_text(page.title) if page.title else None
    query = _query(address)
    return _Document(
        lines=tuple(lines_of([readable(page.body)])),
        name=(_SITE.sub("", title) or None) if title else None,
        address=web_address(address) if address else None,
        place="body",
        entry=query.get("id"),
        repository=query.get("repo"),
    )


def _without_chrome(lines: Sequence[str], name: str | None) -> tuple[list[str], str | None]:
    """Return the lines of the document, and the first words if its name still runs into them."""
    below = max((i for i, line in enumerate(lines) if line.strip() == _PLAIN_TEXT), default=-1)
    kept = [line for line in lines[below + 1 :] if not _CHROME.fullmatch(line.strip())]
    for index, line in enumerate(kept):
        if _HOME not in line:
            continue
        before, _, rest = line.partition(_HOME)
        named = name is not None and rest.startswith(name)
        kept[index] = rest[len(name) :] if named and name is not None else rest
        # What stands above the links is chrome too.
        kept = kept[index:] if not before.strip() else [before, *kept[index:]]
        return kept, None if named else rest[:80]
    return kept, None


def _host_id(found: _Document, address: str | None) -> str | None:
    """Return repository and entry: the order of an address's parameters varies, these do not."""
    query = _query(address)
    entry = found.entry or query.get("id")
    repository = found.repository or query.get("repo")
    return "/".join(part for part in (repository, entry) if part) or None


def _query(address: str | None) -> dict[str, str]:
    """Return the query of an address, the names in small letters."""
    known = web_address(address) if address else None
    return {name.casefold(): value for name, value in parse_qsl(urlsplit(known or "").query)}


def _kind_not_said(title: str) -> Problem:
    return Problem(
        "instrument_type_unknown",
        "the title does not say whether it is an ordinance: name it with option instrument_type",
        title,
    )


def _is_readable(lines: Sequence[str]) -> Check:
    share = readable_share(lines)
    return Check(
        "text_readable",
        passed=share >= _LEAST_READABLE,
        required=True,
        message=f"{share:.0%} of what was recognised on the pages are words or numbers.",
        expected=f"at least {_LEAST_READABLE:.0%}",
        actual=f"{share:.0%}",
    )


def _is_whole(found: _Document) -> Check:
    lacks = ", ".join(map(str, found.lacks))
    return Check(
        "pages_whole",
        passed=not found.lacks,
        required=True,
        message=f"The text of page {lacks} is missing."
        if found.lacks
        else "No page is known to be missing.",
        expected=str(len(found.pages) + len(found.lacks)) if found.pages else None,
        actual=str(len(found.pages)) if found.pages else None,
    )


PARSER = Parser(
    name="laserfiche",
    revision=3,
    libraries=("beautifulsoup4", "lxml"),
    tables=(Policy, PolicySection),
    reads="html_or_json",
    read=read_document,
    follow=follow,
    options=LaserficheOptions,
)
