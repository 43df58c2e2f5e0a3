"""Reading the pages of a long code into sections, beside taking their text and no more."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from importlib import import_module
from pathlib import Path

import lxml.html
from bs4 import BeautifulSoup

from benchmarks.environment import NOT_INSTALLED, installed
from benchmarks.figure import Figure, Row
from benchmarks.measuring import costs
from benchmarks.sections import code
from parsers.records import PolicySection
from parsers.registry import parser_named

PAGES = 20
SECTIONS = 500
"""Sections on a page."""

Texts = Callable[[bytes], Sequence[str]]

_HOSTS = {"ecode360": "pages of eCode360", "municode": "answers of Municode"}
_PEERS = {
    "beautifulsoup4": "BeautifulSoup's `get_text`",
    "lxml": "lxml's `text_content`",
    "selectolax": "selectolax's `text`",
}
ROWS = tuple(
    Row(f"reading {PAGES * SECTIONS:,} sections in {PAGES} {what}", peer)
    for what in _HOSTS.values()
    for peer in _PEERS.values()
)


def figures() -> list[Figure]:
    """Return what it costs to read 10,000 sections of two hosts."""
    half = len(_PEERS)
    return [
        *_figures(ROWS[:half], "ecode360", ecode360_page, page_texts),
        *_figures(ROWS[half:], "municode", municode_answer, municode_texts),
    ]


def _figures(
    rows: Sequence[Row],
    parser: str,
    page: Callable[[Sequence[PolicySection]], bytes],
    texts: Texts,
) -> list[Figure]:
    sections, _ = code(PAGES * SECTIONS)
    ways = (beautiful_soup, lxml_text, selectolax_text)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(PAGES):
            part = sections[number * SECTIONS : (number + 1) * SECTIONS]
            (Path(folder) / f"{number:02}").write_bytes(page(part))
        path = Path(folder)
        peers = {
            row: partial(take_text, path, texts, way)
            for row, way, package in zip(rows, ways, _PEERS, strict=True)
            if installed(package)
        }
        ours, *others = costs(partial(read_pages, path, parser), *peers.values())
    theirs = dict(zip(peers, others, strict=True))
    said = "ours with numbers, headings, notes, their dates, and where each section stands"
    return [
        row.figure(ours, theirs[row], said)
        if row in theirs
        else row.without_peer(ours, NOT_INSTALLED)
        for row in rows
    ]


def read_pages(folder: Path, parser: str) -> None:
    """Read every page as the child of ``sanctuary parse`` does."""
    found = 0
    for path in sorted(folder.iterdir()):
        found += len(parser_named(parser).read(path.read_bytes(), {}).rows(PolicySection))
    assert found >= PAGES * SECTIONS, found


def take_text(folder: Path, texts: Texts, text_of: Callable[[str], str]) -> None:
    """Take the text of every piece of markup, whichever it is of."""
    for path in sorted(folder.iterdir()):
        for markup in texts(path.read_bytes()):
            assert text_of(markup)


def beautiful_soup(markup: str) -> str:
    """Return the text by BeautifulSoup, on the parser that we use too."""
    return BeautifulSoup(markup, "lxml").get_text("\n", strip=True)


def lxml_text(markup: str) -> str:
    """Return the text by lxml."""
    return str(lxml.html.document_fromstring(markup).text_content())


def selectolax_text(markup: str) -> str:
    """Return the text by selectolax."""
    peer = import_module("selectolax.lexbor")
    return str(peer.LexborHTMLParser(markup).text(separator="\n"))


def ecode360_page(sections: Sequence[PolicySection]) -> bytes:
    """Return the page of an invented article, as eCode360 builds one."""
    title = _ecode360_title("h3", "articleTitle", "8000000", "Article I", "Of All Things")
    articles = [f"<article>{title}{_ecode360_text('8000000', _NOTE)}</article>"]
    for row in sections:
        paragraphs = "".join(
            f'<section class="litem" id="{row.host_id}{letter}"><a class="litem_number">'
            f'({letter})</a><div class="litem_content"><div class="para">{escape(text)}</div>'
            "</div></section>"
            for letter, text in _paragraphs(row)
        )
        title = _ecode360_title(
            "h4", "sectionTitle", row.host_id, row.number or "", row.heading or ""
        )
        articles.append(
            f"<article>{title}{_ecode360_text(row.host_id, paragraphs + _NOTE)}</article>"
        )
    return (
        '<!DOCTYPE html><html><head><title>Article I</title></head><body data-guid="8000000" '
        'data-page-string="Article I: Of All Things" data-customer-name="City of Freedonia">'
        f'<main id="content">{"".join(articles)}</main></body></html>'
    ).encode()


_NOTE = (
    '<div class="history">[Adopted <span class="legref"><span class="hisdate">7-9-2003</span> by '
    '<span class="loclaw">Ord. No. 2003-13</span></span>]</div>'
)


def _ecode360_text(guid: str, markup: str) -> str:
    return f'<div class="content" id="{guid}_content">{markup}</div>'


def _ecode360_title(tag: str, kind: str, guid: str, number: str, heading: str) -> str:
    return f"""
  <header>
    <div data-component="{tag}"
         class="contentTitle barTitle {kind} {guid}"
        id="{guid}"
        data-guid="{guid}"
        data-full-title="{number}: {heading}"
    >
      <label class="selectionLabel" id="{guid}_label" for="{guid}_input">
        <input type="checkbox" id="{guid}_input">
        <div class="titleLinkContainer">
          <a href="#{guid}" class="titleLink">
            <span class="titleNumber">{number}</span>
            <span class="titleTitle" data-guid="{guid}">{heading}</span>
          </a>
        </div>
      </label>
    </div>
    <div class="notes" id="notes-{guid}">Notes (2)</div>
  </header>
  """


def municode_answer(sections: Sequence[PolicySection]) -> bytes:
    """Return the answer for an invented chapter, as Municode's API gives one."""
    docs = []
    for row in sections:
        title = f"Sec. {(row.number or '').removeprefix('§ ')}. - {row.heading}."
        paragraphs = "".join(
            f'\n <p class="incr0">\n ({letter})\n </p>'
            f'\n <p class="content1">\n {escape(text)}\n </p>'
            for letter, text in _paragraphs(row)
        )
        docs.append(
            {
                "Id": f"PTIICOOR_CH1_S{row.host_id}",
                "Title": title,
                "TitleHtml": f'<div class="chunk-title">{title}</div>',
                "NodeDepth": 3,
                "ChunkGroupStartingNodeId": "PTIICOOR_CH1",
                "Content": f'<div class="chunk-content">{paragraphs}\n <p class="historynote0">\n '
                "(Ord. No. 2003-13, § 2, 7-9-03)\n </p></div>",
            }
        )
    return json.dumps({"Docs": docs}).encode()


def page_texts(page: bytes) -> list[str]:
    """Return the markup of a page, in one piece."""
    return [page.decode()]


def municode_texts(answer: bytes) -> list[str]:
    """Return the pieces of markup of an answer."""
    return [doc["Content"] for doc in json.loads(answer)["Docs"]]


def _paragraphs(row: PolicySection) -> list[tuple[str, str]]:
    return [(line[1], line[4:]) for line in row.body.split("\n")]
