"""Code Publishing (codepublishing.com, *.municipal.codes; part of General Code): a chapter's page.

Below a heading and a list of its sections ("Sections:") stand the sections: ``h3.Cite``, whose id
is the number, then ``p.P1`` and the like. Who changed a section ends its last paragraph, or stands
alone. A code that moved to eCode360 leaves a notice, which is no repeal.

The options are those of ``parsers.policy.result.PolicyOptions``; ``address`` is that of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bs4 import BeautifulSoup, Tag

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.html_table import css_path, ids_of, parse_page, shown_text, specimen_notice
from parsers.policy.code_notes import law_and_notes, note_split_off, without_contents
from parsers.policy.code_titles import number_and_heading
from parsers.policy.html_text import readable
from parsers.policy.html_walk import parted_at
from parsers.policy.result import PolicyOptions, moved_notice, policy_options, policy_reading
from parsers.policy.saved_page import saved_page
from parsers.records import Check, HtmlSpot, Policy, PolicySection, Problem, Reading
from parsers.registry import Parser

_MAIN = "#mainContent"
_NO_LAW = "#navTop, #navBottom, nav, form, input, button, [class*=TOC]"
"""Chrome, and lists of contents: ``p.CiteTOC`` of a chapter, ``p.CHTOC`` of a title."""
_SECTION = "h3.Cite"
_TITLE = "h1, .Title"
_PART = "h2, .Article, .CH, .SUBCH, .Part"
_HISTORY = "[class*=HistoryNote]"
_CURRENT = re.compile(r"\bThe (?:(?!The ).){3,100}? is current through .{3,200}?[0-9]{4}\.")
_OF_A_CODE = re.compile(r"\b(?:codes?|eCode360|website|site)\b", re.IGNORECASE)
_PAGE = re.compile(r"(?P<page>[^/?#]+)\.html?(?:[?#]|$)")


@dataclass(frozen=True, slots=True)
class _Chapter:
    """What the sections of a page have in common."""

    host_id: str
    number: str | None
    heading: str | None
    address: str | None
    ids: Counter[str]

    @property
    def title(self) -> str | None:
        """Number and heading, as they stand above the sections; None if it has neither."""
        return " ".join(part for part in (self.number, self.heading) if part) or None


def read(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read a chapter section by section, in the order of the page.

    Raises BadOptions for wrong options, Unreadable if the bytes are no page, NotThisDocument for
    a page without ``#mainContent``: one that a script fills in, or that says where the code moved.
    """
    wanted = policy_options(options, PolicyOptions)
    if not document.strip():
        raise NotThisDocument("the document is empty", remedy="fetch it again")
    saved = saved_page(document)
    page = parse_page(saved.html)
    main = page.select_one(_MAIN)
    if main is None:
        raise _not_a_page(page)
    address = wanted.address or saved.address or _canonical(page)
    title = main.select_one(_TITLE) or main.select_one(_PART)
    number, heading = number_and_heading(_line(title)) if title else (None, None)
    named = _PAGE.search((address or "").replace("#!/", ""))
    host_id = named["page"] if named else number or heading or "page"
    chapter = _Chapter(host_id, number, heading, address, ids_of(page))
    sections = list(_sections(main, title, chapter))
    policy = Policy(
        jurisdiction=wanted.jurisdiction,
        title=wanted.title or heading or number or host_id,
        citation=wanted.citation or number,
        instrument_type=wanted.instrument_type,
        host="codepublishing",
        host_id=host_id,
        address=address,
        version_label=_version(page),
        position=1,
        evidence=(HtmlSpot(_MAIN),),
    )
    reading = policy_reading(
        policy,
        sections,
        list(_problems(main)),
        title=shown_text(page.title) if page.title else None,
        notice=specimen_notice(page),
    )
    return replace(reading, checks=(*reading.checks, _still_here(page)))


def _not_a_page(page: BeautifulSoup) -> NotThisDocument:
    notice = moved_notice(shown_text(page.body or page) or "")
    if notice:
        return NotThisDocument(
            f"the page says that the code moved: {notice}",
            remedy="it is not repealed: look where it is now, and give the source that address",
        )
    return NotThisDocument(
        "the page has no text of a code",
        remedy="take the page of a chapter, https://www.codepublishing.com/ST/Place/html/…, not "
        "its address with #!, which a script fills in",
    )


def _canonical(page: BeautifulSoup) -> str | None:
    link = page.select_one("link[rel=canonical][href]")
    return collapsed(str(link["href"])) if link else None


def _version(page: BeautifulSoup) -> str | None:
    """Return what the page says of its version, wherever it says so."""
    found = _CURRENT.search(_line(page))
    return found[0] if found else None


def _sections(main: Tag, title: Tag | None, chapter: _Chapter) -> Iterator[PolicySection]:
    """Yield the sections, and of the chapter and its articles what they say besides them."""
    headings = [found for found in main.select(f"{_SECTION}, {_PART}") if found is not title]
    numbers = [number_and_heading(_line(heading))[0] for heading in headings]
    listed = [number for number in numbers if number]
    article: tuple[str, ...] = ()
    position = 0
    for mark, below in parted_at(main, [*([title] if title else []), *headings]):
        is_section = mark is not None and mark.css.match(_SECTION)
        lines = [line for line in readable(below, f"{_HISTORY}, {_NO_LAW}").split("\n") if line]
        notes = [_line(note) for note in below.select(_HISTORY)]
        number, heading = number_and_heading(_line(mark)) if mark else (None, None)
        inner = mark is not None and mark is not title
        above = tuple(filter(None, [chapter.title])) if inner else ()
        if is_section:
            above = (*above, *article)
            lines, split = note_split_off(lines)
            notes += split
        else:
            article = (_line(mark),) if mark is not None and inner else ()
            lines = without_contents(lines, listed)
        law = law_and_notes(lines, notes)
        is_all = mark is title and not headings
        if not (is_section or is_all or law.body or law.note):
            continue
        position += 1
        name = None
        if mark is not None and inner:
            name = _name(mark) or (number if is_section else None)
        yield PolicySection(
            host_id=name or (chapter.host_id if mark is title else f"{chapter.host_id}-{position}"),
            number=number,
            heading=heading,
            path=above,
            body=law.body,
            history_note=law.note,
            events=law.events,
            anchor=_anchor(chapter.address, name),
            position=position,
            evidence=(HtmlSpot(_spot(mark, chapter.ids)),),
        )


def _name(heading: Tag) -> str | None:
    """Return what the page calls a section: the id of its heading, or of the anchor in it."""
    anchor = heading.select_one("a[name], a[id]")
    inner = str(anchor.get("name") or anchor.get("id")) if anchor else None
    return collapsed(str(heading.get("id") or "")) or inner


def _anchor(address: str | None, name: str | None) -> str | None:
    """Return the deep link to a section; in an address with ``#!`` the page itself follows it."""
    if address is None:
        return None
    page, sign, place = address.partition("#!")
    page = f"{page}{sign}{place.partition('#')[0]}" if sign else address.partition("#")[0]
    return f"{page}#{name}" if name else page


def _spot(heading: Tag | None, ids: Counter[str]) -> str:
    if heading is None:
        return _MAIN
    known = ids[str(heading.get("id", ""))] == 1
    return css_path(heading, 1 if known else _place(heading), ids)


def _place(heading: Tag) -> int:
    return 1 + len(heading.find_previous_siblings(heading.name))


def _line(element: Tag) -> str:
    return " ".join(readable(element).split())


def _still_here(page: BeautifulSoup) -> Check:
    """A code that moved leaves pages behind that nobody changes any more."""
    lines = readable(page.body or page, f"{_MAIN} {_SECTION} ~ *").split("\n")
    notices = [found for line in lines if _OF_A_CODE.search(line) and (found := moved_notice(line))]
    notice = next(iter(notices), None)
    said = "No notice says that the code is published elsewhere."
    if notice:
        said = f"A notice on the page says that the code is published elsewhere: {notice}"
    return Check("still_here", passed=notice is None, required=True, message=said)


def _problems(main: Tag) -> Iterator[Problem]:
    for image in main.select("img"):
        name = collapsed(str(image.get("alt") or image.get("src") or "")) or "a picture"
        said = f"{name} is a picture, whose text is not read"
        yield Problem("picture_not_read", said, name)


PARSER = Parser(
    name="codepublishing",
    revision=1,
    libraries=("beautifulsoup4", "lxml"),
    tables=(Policy, PolicySection),
    reads="html",
    read=read,
    options=PolicyOptions,
)
