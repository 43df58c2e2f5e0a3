"""Correction notices on a publisher's page are kept as they are printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from parsers.notices import PARSER
from parsers.records import HtmlSpot, ReportTotal
from tests.parsers.golden import FIXTURES, assert_expected, outcome

PAGES = sorted((FIXTURES / "notices").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_page_is_read_as_expected(page: Path) -> None:
    assert_expected(page, outcome(PARSER, page.read_bytes(), {}))


def test_the_anchor_of_a_notice_selects_it_on_the_page() -> None:
    data = (FIXTURES / "notices" / "correction-on-a-page.html").read_bytes()
    page = BeautifulSoup(data, "lxml")
    rows = PARSER.read(data, {}).rows(ReportTotal)
    assert len(rows) == 3
    for row in rows:
        assert isinstance(row, ReportTotal)
        (spot,) = row.evidence
        assert isinstance(spot, HtmlSpot)
        (element,) = page.select(spot.anchor)
        assert " ".join(element.get_text().split()) == row.text
