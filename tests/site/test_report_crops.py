"""Beside a problem stands its place on the page, where a picture of that page may be shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.settings import save_individual_rows
from db.sources import save_source
from parsers.records import HtmlSpot, PageSpot, Problem
from sanctuary.page_image import Size
from sanctuary.site.rendering import NotRendered
from sanctuary.site.report_crops import cut
from scraper.archive import Archive
from tests.db.history import REPORT, load, new_database
from tests.site.histories import report, week_1
from tests.site.serving import served

PAGE = "/tracker/-/report/zembla-report"
LETTER = Size(612.0, 792.0)
PROBLEMS = (
    Problem("date", "a date is not read", evidence=(PageSpot(2, (100.0, 200.0, 180.0, 212.0)),)),
    Problem("other", "nothing is drawn of this", evidence=(HtmlSpot("#row"),)),
)


def history(folder: Path, *problems: Problem) -> str:
    """Load a report with problems, whose document is in the archive; return its hash."""
    db = new_database(folder)
    read = replace(report(1, week_1()), problems=problems)
    stored = load(db, REPORT, "2017-03-20T10:00:00Z", read)
    db.close()
    place = Path(Archive.at(folder / "archive").place_of(stored.document_sha256))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"%PDF-1.7 that nobody reads here")
    return stored.document_sha256


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the pages whose size was asked for; every page is a letter's."""
    asked: list[int] = []

    async def page_size(_database: Any, _sha256: str, page: int) -> Size:
        asked.append(page)
        return LETTER

    monkeypatch.setattr("sanctuary.site.rendering.page_size", page_size)
    return asked


def test_a_problem_is_shown_where_it_stands_on_the_page(tmp_path: Path, drawn: list[int]) -> None:
    sha256 = history(tmp_path, *PROBLEMS)
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE).text
    assert f'href="/tracker/-/document/{sha256}/page/2.png" width="612.0" height="792.0"' in page
    assert 'viewBox="0.0 176.0 612.0 60.0"' in page
    assert '<rect x="100.0" y="200.0" width="80.0" height="12.0">' in page
    assert "nothing is drawn of this" in page
    assert drawn == [2]


def closed_rows(folder: Path) -> None:
    db = new_database(folder)
    save_individual_rows(db, "counts")
    db.close()


def kept_texts(folder: Path) -> None:
    db = new_database(folder)
    save_source(db, replace(REPORT, publish="diff"))
    db.close()


def no_archive(folder: Path) -> None:
    (folder / "archive").rename(folder / "elsewhere")


@pytest.mark.parametrize("close", [closed_rows, kept_texts, no_archive])
def test_no_picture_is_shown_or_drawn_where_none_may_be(
    tmp_path: Path, drawn: list[int], close: Callable[[Path], None]
) -> None:
    history(tmp_path, *PROBLEMS)
    close(tmp_path)
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE).text
    assert "a date is not read" in page
    assert "<image" not in page
    assert drawn == []


def test_a_page_that_cannot_be_drawn_leaves_the_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> Size:
        raise NotRendered("it is broken")

    monkeypatch.setattr("sanctuary.site.rendering.page_size", broken)
    history(tmp_path, *PROBLEMS)
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE).text
    assert "a date is not read" in page
    assert "<image" not in page


def test_no_more_than_a_few_pages_of_a_report_are_drawn(tmp_path: Path, drawn: list[int]) -> None:
    box = (10.0, 10.0, 20.0, 20.0)
    history(tmp_path, *(Problem("x", f"no {n}", evidence=(PageSpot(n, box),)) for n in range(1, 9)))
    with served(tmp_path / "tracker.db") as site:
        page = site.get(PAGE).text
    assert drawn == [1, 2, 3, 4]
    assert len(re.findall("<image", page)) == 4


def test_a_cut_never_leaves_the_page() -> None:
    top = cut(1, LETTER, (0.0, 2.0, 600.0, 10.0))
    bottom = cut(1, LETTER, (0.0, 780.0, 600.0, 800.0))
    assert (top.y, top.height) == (0.0, 34.0)
    assert bottom.y + bottom.height == LETTER.height
