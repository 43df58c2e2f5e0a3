"""A page of eCode360, or its print view: titles, each with the content that has its GUID.

A page has ``div.contentTitle[data-guid]`` for each part, the print view ``h2.title`` and
``h4.title`` with the GUID as id; the text of each is ``div.content#GUID_content``. All else is
chrome. An article made later has a higher GUID than its neighbours: GUIDs say nothing of the order.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bs4 import BeautifulSoup, Tag

from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.html_table import css_path, ids_of, shown_text, specimen_notice
from parsers.policy.ecode360_words import Title, address_of, deep_link, guid_in, title_of, titles_of
from parsers.policy.html_text import readable
from parsers.policy.notes import events_of, is_note
from parsers.policy.result import PolicyOptions, moved_notice, policy_reading
from parsers.records import HtmlSpot, Policy, PolicySection, Problem, Reading

_TITLES = ".contentTitle[data-guid], .title[class*=Title][id]"
_KIND = re.compile(r"([a-z]+)Title$")
_NO_KINDS = frozenset(["content", "bar", "title"])
_CHROME = "input, button, label.selectionLabel, [id^=notes-], [id^=questions-], .history"
_MARK = "data-part-of-code"
_PART = f"[{_MARK}]"
"""What is set on each title and its content, so that a part can be read without those inside it."""
_ATTACHED = ".attachmentsContainer a.nonxml"
_VERSIONS = re.compile(r"\bversions\s*:\s*(?=\[)")
_SHOWN_DATE = re.compile(r"""["']?displayDate["']?\s*:\s*(["'])(.*?)(?<!\\)\1""")


@dataclass(frozen=True, slots=True)
class _Node:
    """A part of the code that stands on the page."""

    guid: str
    kind: str
    title: Title
    element: Tag
    content: Tag | None
    path: tuple[str, ...]
    text: str
    """Without its notes."""
    notes: tuple[str, ...]
    """Its history notes, those of its subsections among them."""

    @property
    def is_section(self) -> bool:
        return self.kind == "section"

    @property
    def is_row(self) -> bool:
        """Whether it is a section, or has a note or a text besides its sections."""
        return self.is_section or bool(self.text or self.notes)


@dataclass(frozen=True, slots=True)
class _About:
    """What a page says of itself."""

    guid: str
    is_known: bool
    """The page, or the address it was saved from, names the GUID."""
    titles: tuple[Title, ...]
    jurisdiction: str | None
    version: str | None


def read_page(page: BeautifulSoup, wanted: PolicyOptions, saved_from: str | None) -> Reading:
    """Return the reading of a page; ``saved_from`` is the address that a saved file states.

    Raises NotThisDocument if it is no page of eCode360, or one without any part of a code.
    """
    titles = [title for title in page.select(_TITLES) if _is_title(title)]
    if not titles and not _is_ecode360(page):
        raise _not_a_page(page)
    about = _about(page, titles, wanted.address or saved_from)
    nodes = _nodes(page, titles, about)
    if not nodes and moved_notice(shown_text(page.body or page) or ""):
        raise _not_a_page(page)
    ids = ids_of(page)
    # What the page is of stands there even when its note is away, so that one that comes back is a
    # note and no new part of the law.
    rows = [node for node in nodes if node.is_row or node.guid == about.guid]
    sections = [_section(node, position, about, ids) for position, node in enumerate(rows, start=1)]
    last = about.titles[-1] if about.titles else Title(None, None)
    policy = Policy(
        jurisdiction=wanted.jurisdiction or about.jurisdiction,
        title=wanted.title or last.heading or last.number or f"eCode360 {about.guid}",
        citation=wanted.citation or _citation(about.titles),
        instrument_type=wanted.instrument_type,
        host="ecode360",
        host_id=about.guid,
        address=wanted.address or (address_of(about.guid) if about.is_known else None),
        version_label=about.version,
        position=1,
        evidence=(HtmlSpot("body"),),
    )
    return policy_reading(
        policy,
        sections,
        list(_problems(nodes, about)),
        title=shown_text(page.title) if page.title else None,
        notice=specimen_notice(page),
    )


def _is_ecode360(page: BeautifulSoup) -> bool:
    named = page.title is not None and "eCode360" in page.title.get_text()
    return named or page.find("body", attrs={"data-long-page-string": True}) is not None


def _not_a_page(page: BeautifulSoup) -> NotThisDocument:
    notice = moved_notice(shown_text(page.body or page) or "")
    if notice:
        return NotThisDocument(
            f"the page says that the code moved: {notice}",
            remedy="look where it is now, and give the source that address",
        )
    return NotThisDocument(
        "the page has no part of a code of eCode360",
        remedy="look at it: it may be filled in by a script, or refuse tools; a page that a person "
        "saved can be imported",
    )


def _about(page: BeautifulSoup, titles: Sequence[Tag], address: str | None) -> _About:
    body = page.body.attrs if page.body else {}
    canonical = page.select_one("link[rel=canonical][href]")
    known = (
        str(body.get("data-guid", "")).strip()
        or guid_in(address)
        or guid_in(str(canonical["href"]) if canonical else None)
    )
    first = _guid(titles[0]) if titles else None
    if not known and titles and _kind(titles[0]) != "section":
        known = first
    chain = titles_of(str(body.get("data-long-page-string") or body.get("data-page-string") or ""))
    if not chain and titles and known == first:
        chain = (_title(titles[0]),)
    return _About(
        guid=known or first or "unknown",
        is_known=bool(known),
        titles=chain,
        jurisdiction=collapsed(str(body.get("data-customer-name", ""))) or _customer(page),
        version=_version(page),
    )


def _customer(page: BeautifulSoup) -> str | None:
    """Return whose code it is by the title: ``Article I: Terms - Town of X, NY - eCode360``."""
    parts = (shown_text(page.title) or "").split(" - ") if page.title else []
    return parts[-2] if len(parts) > 2 and parts[-1] == "eCode360" else None


def _version(page: BeautifulSoup) -> str | None:
    """Return what the page says of its version; the data are JavaScript, not JSON."""
    chosen = page.select_one("select#version-selector option[selected]")
    if chosen is not None and "ARCHIVE" in chosen.get_text().upper():
        return shown_text(chosen)
    for script in page.find_all("script"):
        text = script.string or ""
        start = _VERSIONS.search(text)
        if start is None:
            continue
        try:
            versions, _ = json.JSONDecoder().raw_decode(text, start.end())
        except ValueError:
            shown = _SHOWN_DATE.search(text, start.end())
            return collapsed(shown[2]) if shown else None
        if not all(isinstance(version, dict) for version in versions):
            return None
        current = [version for version in versions if version.get("current")] or versions[:1]
        return collapsed(str(current[0].get("displayDate") or "")) if current else None
    return None


def _nodes(page: BeautifulSoup, titles: Sequence[Tag], about: _About) -> list[_Node]:
    """Return the parts that stand on the page, in its order, with the headings above each."""
    on_page = {_guid(title) for title in titles}
    # The page's own title may stand among the others, and is then no heading above itself.
    chain = about.titles[:-1] if about.guid in on_page else about.titles
    above = tuple(str(title) for title in chain)
    contents = {str(content["id"]): content for content in page.select("[id$=_content].content")}
    for element in titles:
        for part in (element, contents.get(f"{_guid(element)}_content")):
            if part is not None:
                part[_MARK] = ""
    open_parts: list[tuple[str, str]] = []
    nodes = []
    for element in titles:
        kind, title, guid = _kind(element), _title(element), _guid(element)
        kinds = [name for name, _ in open_parts]
        if kind in kinds:
            del open_parts[kinds.index(kind) :]
        path = (*above, *(name for _, name in open_parts))
        if kind != "section":
            open_parts.append((kind, str(title)))
        content = contents.get(f"{guid}_content") or _beside(element)
        text, notes = _text_and_notes(content)
        nodes.append(_Node(guid, kind, title, element, content, path, text, notes))
    return nodes


def _is_title(element: Tag) -> bool:
    """Whether an element is the title of a part; in the print view, chrome has titles as well."""
    return element.has_attr("data-guid") or str(element["id"]).isdigit()


def _guid(title: Tag) -> str:
    return str(title.get("data-guid") or title.get("id") or "")


def _kind(title: Tag) -> str:
    names = [_KIND.match(name) for name in title.get_attribute_list("class") if name]
    return next((n[1] for n in names if n and n[1] not in _NO_KINDS), "section")


def _title(element: Tag) -> Title:
    number, heading = (element.select_one(f".title{part}") for part in ("Number", "Title"))
    if number is not None or heading is not None:
        return Title(
            collapsed(number.get_text()) if number else None,
            collapsed(heading.get_text()) if heading else None,
        )
    return title_of(str(element.get("data-full-title") or shown_text(element) or ""))


def _beside(title: Tag) -> Tag | None:
    """Return the text that follows a title, where nothing has the id that it should have."""
    beside = title.find_next_sibling()
    return beside if beside and "content" in beside.get_attribute_list("class") else None


def _section(node: _Node, position: int, about: _About, ids: Counter[str]) -> PolicySection:
    element = node.element
    known = ids[str(element.get("id", ""))] == 1
    number = 1 if known else 1 + len(element.find_previous_siblings(element.name))
    return PolicySection(
        host_id=node.guid,
        number=node.title.number,
        heading=node.title.heading,
        path=node.path,
        body=node.text,
        history_note="\n".join(node.notes) or None,
        events=tuple(event for note in node.notes for event in events_of(note)),
        anchor=deep_link(about.guid if about.is_known else node.guid, node.guid),
        position=position,
        evidence=(HtmlSpot(css_path(element, number, ids)),),
    )


def _text_and_notes(content: Tag | None) -> tuple[str, tuple[str, ...]]:
    """Return the text of a part and its history notes, without those of the parts inside it."""
    if content is None:
        return "", ()
    lines = readable(content, f"{_CHROME}, {_PART}").split("\n")
    below = {id(found) for found in content.select(_PART)}
    notes = [
        " ".join(readable(note).split())
        for note in content.select(".history")
        if below.isdisjoint(id(parent) for parent in note.parents)
    ]
    notes += [line for line in lines if is_note(line)]
    return "\n".join(line for line in lines if not is_note(line)), tuple(filter(None, notes))


def _citation(titles: Sequence[Title]) -> str | None:
    return ", ".join(title.number for title in titles if title.number) or None


def _problems(nodes: Sequence[_Node], about: _About) -> Iterator[Problem]:
    if not about.is_known:
        yield Problem(
            "page_unknown",
            "the page does not say which it is; the GUID of its first section stands for it, "
            "unless the option address names the page",
        )
    placed = [(node, str(node.element.get("data-position", ""))) for node in nodes]
    numbered = [(node, int(place)) for node, place in placed if place.isdigit()]
    for (_, before), (node, after) in pairwise(numbered):
        if after < before:
            yield Problem(
                "order_unlike_positions",
                f"{node.title} stands after what eCode360 numbers higher; the order is the page's",
                str(node.title),
            )
    for node in nodes:
        if node.is_section and node.content is None:
            yield Problem(
                "section_without_text", f"{node.title} has a title and no text", str(node.title)
            )
        for link in node.content.select(_ATTACHED) if node.content else ():
            name = collapsed(str(link.get("data-title") or "")) or shown_text(link) or "a file"
            yield Problem("attachment_not_read", f"{node.title}: {name} is a file beside it", name)
