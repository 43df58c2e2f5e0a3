"""What a host shows at one address, be it the page or the answer of its service, is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parsers.golden import FIXTURES
from tests.sanctuary.commands import Commands
from tests.sanctuary.loopback import Page, Publisher
from tests.sanctuary.watching import BLOCKED
from tests.sanctuary.wayback_server import Wayback

SOURCES = """
settings:
  contact: https://example.org/tests
  allow_hosts: ["{host}"]
  delay: 0s
sources:
  - id: law
    title: A law of Freedonia
    publisher: Freedonia
    address: http://{host}/law
    parser: {parser}
    editions: content
    why: For tests.
"""
IN_STEPS = """
settings:
  contact: https://example.org/tests
  allow_hosts: ["{host}", "{wayback}"]
  wayback: http://{wayback}
  delay: 0s
sources:
  - id: law
    title: A law of Freedonia
    publisher: Freedonia
    address: {address}
    discover: {{kind: host}}
    parser: amlegal
    options: {{api: "http://{host}/api"}}
    editions: content
    when_refused: wayback
    why: For tests.
"""
PAGE = "https://codelibrary.amlegal.com/codes/freedonia/latest/freedonia_wm/0-0-0-501"


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def wayback() -> Iterator[Wayback]:
    with Wayback() as wayback:
        yield wayback


@pytest.mark.parametrize(
    ("parser", "shown"),
    [
        ("amlegal", "amlegal/saved-page.html"),
        ("amlegal", "amlegal/version-1.json"),
        ("legistar", "legistar/page.html"),
        ("laserfiche", "laserfiche/old-viewer.html"),
        ("ecode360", "ecode360/ithaca-sanctuary-city.html"),
    ],
)
def test_a_page_is_taken_where_one_is_shown_and_an_answer_where_one_is(
    tmp_path: Path, publisher: Publisher, parser: str, shown: str
) -> None:
    kind = "text/html" if shown.endswith("html") else "application/json"
    publisher.pages["/law"] = Page((FIXTURES / shown).read_bytes(), media_type=kind)
    watched = Commands(tmp_path, SOURCES.format(host=publisher.host, parser=parser))
    run = watched("run")
    assert watched.rows("SELECT verdict FROM captures") == [("document",)]
    assert run.out.startswith("law: 1 ")
    assert "failed" not in run.out


def test_a_page_without_its_text_is_not_taken(tmp_path: Path, publisher: Publisher) -> None:
    publisher.pages["/law"] = Page((FIXTURES / "amlegal/shell.html").read_bytes())
    watched = Commands(tmp_path, SOURCES.format(host=publisher.host, parser="amlegal"))
    assert watched("run").code == 1
    assert watched.rows("SELECT count(*) FROM editions") == [(0,)]


def test_an_answer_that_was_cut_off_is_not_taken(tmp_path: Path, publisher: Publisher) -> None:
    whole = (FIXTURES / "amlegal/version-1.json").read_bytes()
    publisher.pages["/law"] = Page(whole[:-40], media_type="application/json")
    watched = Commands(tmp_path, SOURCES.format(host=publisher.host, parser="amlegal"))
    assert watched("run").code == 1
    assert watched.rows("SELECT verdict FROM captures") == [("truncated",)]


def test_the_archives_page_stands_in_for_a_service_that_refuses(
    tmp_path: Path, publisher: Publisher, wayback: Wayback
) -> None:
    publisher.pages["/api/clients/freedonia/"] = BLOCKED
    wayback.keep("20250206080000", PAGE, (FIXTURES / "amlegal/saved-page.html").read_bytes())
    places = {"host": publisher.host, "wayback": wayback.host, "address": PAGE}
    watched = Commands(tmp_path, IN_STEPS.format(**places))
    run = watched("run")
    assert run.out == "law: 1 new, 1 failed\n"
    assert "of 2025-02-06, stands in" in run.err
