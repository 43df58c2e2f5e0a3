"""Hostile texts in every table stay texts on every page and feed that can be reached."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import httpx
import pytest
from lxml import etree, html

from parsers.records import RECORD_TYPES
from tests.site.hostile_history import MARK, hostile_history
from tests.site.serving import Site, served

TABLES = [record.table for record in RECORD_TYPES]
OTHERS = ["current_listings", "sources", "readings", "problems", "change_fields"]
SEEDS = (
    *("/", "/tracker", "/tracker/-/changes.atom", "/tracker/-/changes.csv"),
    *(f"/tracker/{name}?_size=4" for name in (*TABLES, *OTHERS)),
    *(f"/tracker/{table}/1" for table in ("listings", "agreements", "table_rows")),
    *(f"/tracker/{table}.csv" for table in ("listings", "statements", "change_fields")),
    *("/tracker/listings.json", "/tracker/jurisdiction_history?jurisdiction="),
    f"/tracker/-/search?q={MARK}",
)
MOST = 150
"""Pages that are looked at: the seeds, and of each kind of page of ours that they lead to one."""
_ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "xlink:href")


@dataclass
class Answer:
    """What an address answered."""

    address: str
    response: httpx.Response

    @property
    def kind(self) -> str:
        """The type of the answer without its parameters."""
        return str(self.response.headers.get("content-type", "")).split(";")[0]

    @cached_property
    def page(self) -> Any:
        """The elements of a page."""
        return html.document_fromstring(self.response.text)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Answer]]:
    folder = tmp_path_factory.mktemp("hostile")
    hostile_history(folder).close()
    with served(folder / "tracker.db") as site:
        yield list(crawl(site))


def crawl(site: Site) -> Iterator[Answer]:
    """Ask for the seeds, and for one page of each kind of ours that an answer leads to."""
    waiting = deque(SEEDS)
    seen = Counter(map(kind_of, SEEDS))
    for _ in range(MOST):
        if not waiting:
            return
        address = waiting.popleft()
        answer = Answer(address, site.get(address))
        yield answer
        for link in links(answer):
            if link.startswith("/tracker/-/") and not seen[kind_of(link)]:
                seen[kind_of(link)] += 1
                waiting.append(link)
    raise AssertionError(f"more kinds of pages than {MOST}: {waiting[0]}")


def links(answer: Answer) -> Iterator[str]:
    if answer.kind == "text/html":
        for href in answer.page.xpath("//a/@href | //link/@href"):
            address = urlsplit(urljoin(f"http://localhost{answer.address}", str(href)))
            if address.netloc == "localhost":
                yield address.path + (f"?{address.query}" if address.query else "")


def kind_of(address: str) -> str:
    """Return what pages of one kind share: their path without what it names, what they ask."""
    parts = urlsplit(address)
    path = re.sub(
        r"(/-/(?:report|policy|place|evidence|change))/.*?(\.[a-z]+)?$", r"\1/…\2", parts.path
    )
    path = re.sub(r"[0-9a-f]{64}", "…", path)
    path = re.sub(r"(/-/download)/[a-z_]+", r"\1/…", path)
    return f"{path}?{sorted({each.split('=')[0] for each in parts.query.split('&')})}"


def of_kind(answers: list[Answer], *kinds: str) -> list[Answer]:
    found = [answer for answer in answers if answer.kind in kinds]
    assert found, f"nothing of the kind {kinds}"
    return found


def test_every_page_answers_and_all_kinds_are_among_them(answers: list[Answer]) -> None:
    assert {
        a.address: a.response.status_code for a in answers if a.response.status_code >= 500
    } == {}
    reached = {answer.address for answer in answers}
    for page in ("changes", "compare", "place", "report", "policy", "held"):
        assert any(f"/-/{page}" in address for address in reached), page
    shown = [answer for answer in answers if MARK in answer.response.text]
    assert len(shown) > len(TABLES)


def test_no_element_and_no_attribute_of_a_page_came_from_a_text(answers: list[Answer]) -> None:
    for answer in of_kind(answers, "text/html"):
        for element in answer.page.iter(etree.Element):
            where = f"{answer.address}: {element.tag} {dict(element.attrib)}"[:300]
            assert MARK not in element.tag, where
            assert not (element.tag in ("script", "style") and MARK in (element.text or "")), where
            assert not (element.tag == "img" and element.get("src") == "x"), where
            for name, value in element.attrib.items():
                assert MARK not in name, where
                assert not (name.startswith("on") and MARK in value), where
                if name in _ADDRESSES:
                    scheme = urlsplit(value.strip().lower()).scheme
                    assert scheme in ("", "http", "https"), where


def test_no_text_is_a_template(answers: list[Answer]) -> None:
    # A template that took it for its own would have put something in its place.
    for answer in of_kind(answers, "text/html"):
        assert "{{  }}" not in answer.response.text, answer.address


def test_every_feed_is_well_formed_and_leads_to_no_script(answers: list[Answer]) -> None:
    for answer in of_kind(answers, "application/atom+xml"):
        feed = etree.fromstring(answer.response.content)
        for element in feed.iter():
            assert MARK not in str(element.tag)
            for name in element.attrib:
                assert MARK not in str(name)
        for link in feed.iter("{*}link"):
            assert urlsplit(str(link.get("href"))).scheme in ("http", "https")
        for content in feed.xpath("//*[@type='html']"):
            inner = html.fragment_fromstring(str(content.text or ""), create_parent=True)
            assert not inner.xpath("//script | //*[@onerror] | //a[starts-with(@href, 'javas')]")


def test_no_cell_of_a_table_to_download_is_a_formula(answers: list[Answer]) -> None:
    for answer in of_kind(answers, "text/csv"):
        csv.field_size_limit(10_000_000)
        for row in csv.reader(io.StringIO(answer.response.content.decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.startswith(("=", "+", "@", "\t", "\r")), answer.address
                assert "\x1b" not in cell, answer.address


def test_what_is_for_machines_says_so_and_cannot_be_taken_for_a_page(answers: list[Answer]) -> None:
    for answer in of_kind(answers, "application/json"):
        json.loads(answer.response.text)
        assert "\u202e" not in answer.response.text, answer.address
    for answer in answers:
        assert answer.response.headers["x-content-type-options"] == "nosniff"
        if answer.response.text.lstrip().lower().startswith("<!doctype html"):
            assert answer.kind == "text/html"
        if answer.kind == "text/plain" or answer.kind.startswith("text/markdown"):
            assert "\x1b" not in answer.response.text, answer.address


def test_no_header_of_an_answer_holds_a_text(answers: list[Answer]) -> None:
    for answer in answers:
        for name, value in answer.response.headers.items():
            if name.lower() not in ("link", "location", "content-disposition"):
                assert MARK not in unquote(value), (answer.address, name)
