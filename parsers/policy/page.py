"""Any page that holds a policy: its main text, in sections by its headings.

What the text is, a CSS selector says (option ``select``). Without one it is the element that holds
what readability-lxml takes for it, which may be too little or too much; that is told as a problem.
``drop`` is a CSS selector of what does not belong to the text. The other options are those of
``parsers.policy.result.PolicyOptions``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from bs4 import BeautifulSoup, Tag
from readability import Document
from readability.readability import Unparseable

from parsers.errors import NotThisDocument
from parsers.html_table import css_path, ids_of, parse_page, shown_text, specimen_notice
from parsers.options import Selector
from parsers.policy.html_text import readable
from parsers.policy.notes import events_of, is_note
from parsers.policy.page_sections import PagePart, page_parts
from parsers.policy.result import PolicyOptions, moved_notice, policy_options, policy_reading
from parsers.policy.saved_page import saved_page
from parsers.records import HtmlSpot, Policy, PolicySection, Problem, Reading
from parsers.registry import Parser

_SHELL = re.compile(
    r"(?:enable|turn on|requires?)\s+javascript|javascript\s+is\s+(?:required|disabled|not)"
    r"|just a moment|verify (?:that )?you are (?:a )?human|checking your browser|access denied",
    re.IGNORECASE,
)
_LONGEST_SHELL = 600
_LAST_CHANGED = re.compile(
    r"(?:page\s+)?(?:last\s+)?(?:updated|modified|revised|reviewed)\b.{1,40}", re.IGNORECASE
)
_FURNITURE = (
    "nav, aside, form, [role=navigation], [role=banner], [role=contentinfo], "
    "header:not(main header, article header), footer:not(main footer, article footer)"
)
"""What HTML itself says is not the text of a page."""
_WORD = re.compile(r"\w+")
_PARAGRAPHS = ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "td", "dd", "blockquote", "pre"]
_SHARE = 0.9
"""The share of the letters; the rest is what readability joins from beside the text."""


class PageOptions(PolicyOptions):
    """How the text of a policy is found on a page."""

    instrument_type: str = "agency policy"
    """One of ``parsers.records.policy.INSTRUMENT_TYPES``."""
    select: Selector | None = None
    """CSS selector of the text; what several elements hold is read in their order."""
    drop: Selector | None = None
    """CSS selector of what is not part of the text."""


def read(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read a page as HTML or as a saved MHTML.

    Raises BadOptions for wrong options, Unreadable if the bytes are no page, NotThisDocument if
    nothing answers to the selector, or if what does has no text or is what a script shows first.
    """
    wanted = policy_options(options, PageOptions)
    saved = saved_page(document)
    page = parse_page(saved.html)
    drop = wanted.drop or ""
    if not wanted.select:
        drop = f"{_FURNITURE}, {drop}" if drop else _FURNITURE
    problems: list[Problem] = []
    if wanted.select:
        texts = _outermost(page.select(wanted.select))
    else:
        texts, problems = _guessed(page, drop)
    heading, parts = page_parts(texts, drop)
    words = " ".join(line for part in parts for line in part.lines)
    _refuse_what_is_no_text(page, wanted, texts, words if parts else None)
    address = wanted.address or _canonical(page) or saved.address
    ids = ids_of(page)
    sections = [_section(part, position, ids, address) for position, part in enumerate(parts, 1)]
    page_title = shown_text(page.title) if page.title else None
    title = wanted.title or heading or page_title or address or "a page"
    policy = Policy(
        jurisdiction=wanted.jurisdiction,
        title=title,
        citation=wanted.citation,
        instrument_type=wanted.instrument_type,
        host="page",
        host_id=address or title,
        address=address,
        version_label=_version(page),
        position=1,
        evidence=(HtmlSpot("body"),),
    )
    return policy_reading(
        policy, sections, problems, title=page_title or title, notice=specimen_notice(page)
    )


def _outermost(found: Sequence[Tag]) -> list[Tag]:
    """Return the elements that are in no other of them, whose text would be there twice."""
    names = {id(tag) for tag in found}
    return [tag for tag in found if names.isdisjoint(id(parent) for parent in tag.parents)]


def _guessed(page: BeautifulSoup, drop: str) -> tuple[list[Tag], list[Problem]]:
    """Return the element that holds the main text, and a problem that says so.

    A page may name it itself (HTML, 4.4.14: ``main``).
    """
    named = page.select("main, [role=main]")
    text = named[0] if len(named) == 1 and shown_text(named[0]) else _by_readability(page, drop)
    if text is None:
        return [], []
    taken, all_words = (len(_WORD.findall(readable(tree, drop))) for tree in (text, page))
    said = (
        f"no selector says what the text is: {taken} of the {all_words} words of the page were "
        "taken for it; name it with the option select"
    )
    return [text], [Problem("text_guessed", said)]


def _by_readability(page: BeautifulSoup, drop: str) -> Tag | None:
    """Return the innermost element with nearly all that readability takes for the text.

    It is taken whole: readability itself leaves out short lists and tables, which are law as well.
    """
    letters = Counter[int]()
    elements: dict[int, Tag] = {}
    for block in _blocks(page, _summary(page, drop)):
        for holder in block.parents:
            letters[id(holder)] += len(block.get_text())
            elements[id(holder)] = holder
    most = max(letters.values(), default=0)
    # The first to be met of those with enough is the innermost: each comes before its parents.
    return next((tag for name, tag in elements.items() if letters[name] >= _SHARE * most), None)


def _summary(page: BeautifulSoup, drop: str) -> BeautifulSoup:
    whole = BeautifulSoup(str(page), "lxml")
    for element in whole.select(drop):
        element.decompose()
    if shown_text(whole) is None:
        return whole
    try:
        return BeautifulSoup(Document(str(whole)).summary(html_partial=True), "lxml")
    except Unparseable:
        return BeautifulSoup("", "lxml")


def _blocks(page: BeautifulSoup, summary: BeautifulSoup) -> list[Tag]:
    """Return the paragraphs of a page that a summary of it has, too."""
    kept = {shown_text(block) for block in summary.find_all(_PARAGRAPHS)} - {None}
    return [block for block in page.find_all(_PARAGRAPHS) if shown_text(block) in kept]


def _refuse_what_is_no_text(
    page: BeautifulSoup, wanted: PageOptions, texts: list[Tag], words: str | None
) -> None:
    if wanted.select and not texts:
        shown = shown_text(page.body or page) or ""
        moved = moved_notice(shown)
        raise NotThisDocument(
            f"nothing on the page answers to {wanted.select}"
            + (f"; it says: {moved}" if moved else ""),
            remedy="look at the page: it may have changed, or be filled in by a script",
        )
    if words is None or (len(words) <= _LONGEST_SHELL and _SHELL.search(words)):
        raise NotThisDocument(
            "the page has no text of its own" + (f": {words[:100]}" if words else ""),
            remedy="look at it: it may be filled in by a script, or refuse tools; a page that a "
            "person saved can be imported",
        )


def _section(
    part: PagePart, position: int, ids: Counter[str], address: str | None
) -> PolicySection:
    notes = [line for line in part.lines if is_note(line)]
    identity = str(part.element.get("id", "")) if part.element else ""
    path = "body"
    if part.element is not None:
        number = 1 + len(part.element.find_previous_siblings(part.element.name))
        path = css_path(part.element, number, ids)
    return PolicySection(
        host_id=part.name,
        number=part.number,
        heading=part.heading,
        path=part.path,
        body="\n".join(line for line in part.lines if not is_note(line)),
        history_note="\n".join(notes) or None,
        events=tuple(event for note in notes for event in events_of(note)),
        anchor=f"{address}#{identity}" if address and ids[identity] == 1 else None,
        position=position,
        evidence=(HtmlSpot(path),),
    )


def _canonical(page: BeautifulSoup) -> str | None:
    link = page.select_one("link[rel=canonical][href^=http]")
    return str(link["href"]).strip() if link else None


def _version(page: BeautifulSoup) -> str | None:
    """Return what the page says of its last change, as printed."""
    for text in page.find_all(string=_LAST_CHANGED):
        shown = " ".join(str(text).split())
        if _LAST_CHANGED.fullmatch(shown):
            return shown
    return None


PARSER = Parser(
    name="page",
    revision=1,
    libraries=("beautifulsoup4", "lxml", "readability-lxml"),
    tables=(Policy, PolicySection),
    reads="html",
    read=read,
    options=PageOptions,
)
