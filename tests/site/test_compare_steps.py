"""Finding one's way in a comparison: presets, from change to change, to the evidence; in print."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from db.comparison import TableComparison
from db.diff import RowChange
from db.withholding import Order, withhold_document
from parsers.records import Listing
from sanctuary.difference import unchanged
from tests.db.history import LIST, NOW, agreement, listing, load, reading
from tests.site.histories import two_weeks
from tests.site.serving import Site, served
from tests.site.test_compare import PAGE, REVISIONS, text_of

DAYS = ("2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z")
"""Which editions of the list of agreements there are."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("steps")
    two_weeks(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture(scope="module")
def page(site: Site) -> str:
    return site.get(f"{PAGE}?{REVISIONS}").text


def articles(page: str) -> list[str]:
    return re.findall(r"<article.*?</article>", page, flags=re.DOTALL)


def test_each_change_has_an_anchor_and_leads_to_the_next_and_the_one_before(page: str) -> None:
    rows = articles(page)
    assert [re.findall(r' id="(change-\d+)"', row) for row in rows] == [
        [f"change-{number}"] for number in range(1, len(rows) + 1)
    ]
    assert [re.findall(r'href="#(change-\d+)">(\w+) change', row) for row in rows] == [
        [("change-2", "Next")],
        [("change-3", "Next"), ("change-1", "Previous")],
        [("change-2", "Previous")],
    ]
    assert all('tabindex="-1"' in row for row in rows), "the focus goes with the link"


def test_a_list_above_jumps_to_every_change(page: str) -> None:
    jump = page[page.index('<nav class="jump"') : page.index("</nav>", page.index("jump"))]
    targets = re.findall(r'<li><a href="#([^"]+)"', jump)
    assert targets == [f"change-{number}" for number in range(1, 4)]
    assert all(f'id="{target}"' in page for target in targets)


def test_both_sides_of_a_change_lead_to_their_evidence(page: str) -> None:
    changed = next(row for row in articles(page) if 'class="row changed' in row)
    before, after = re.findall(r'href="([^"]+/-/evidence/[^"]+)"', changed)
    assert before != after
    for link in (before, after):
        assert re.search(r"/zembla-report/[0-9a-f]{64}/report_totals/1\?read_by=[0-9a-f]{8}$", link)
    (gone, *_) = [row for row in articles(page) if 'class="row removed' in row]
    assert len(re.findall("/-/evidence/", gone)) == 1


def test_the_share_that_stayed_is_said_by_table(page: str) -> None:
    seen = text_of(page)
    assert "Listed jurisdictions 3 3 0 0 0 0 3 of 3 rows (100 %)" in seen
    assert "Unchanged: 1 of 1 row (100 %)." in seen


def test_a_share_is_rounded_down() -> None:
    row = listing()
    change = RowChange("added", None, row, ())
    table = TableComparison(Listing, 99_999, 100_000, [change])
    assert unchanged(table) == "99,999 of 100,000 rows (99.9\u00a0%)"
    assert unchanged(TableComparison(Listing, 1, 1, None)) is None
    assert unchanged(TableComparison(Listing, 1, 0, [])) is None


@pytest.mark.parametrize("query", ["", "?source=zembla-report"])
def test_what_a_corrected_report_changed_is_a_link(site: Site, query: str) -> None:
    page = site.get(f"{PAGE}{query}").text
    (link,) = re.findall(r'href="([^"]+)">2017-01-28 to 2017-02-03, revision 1 to 2</a>', page)
    assert html.unescape(link) == f"{PAGE}?{REVISIONS}"
    assert "2 added" in text_of(site.get(html.unescape(link)).text) or articles(page)


def test_a_printed_comparison_says_its_address(page: str) -> None:
    (said,) = re.findall(r'<p class="in-print">([^<]+)</p>', page)
    assert html.unescape(said).endswith(f"http://localhost{PAGE}?{REVISIONS}")


def test_a_withheld_document_is_not_compared(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    (sha256,) = db.execute(
        "SELECT document_sha256 FROM readings WHERE source_id = 'zembla-list' ORDER BY id"
    ).fetchone()
    withhold_document(db, sha256, Order("A reason.", "Shade"), NOW)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        asked = "source=zembla-list", f"source=zembla-list&from={DAYS[0]}&to={DAYS[1]}"
        for form, query in product(("", ".json", ".csv", ".md"), asked):
            answer = site.get(f"{PAGE}{form}?{query}")
            assert answer.status_code == 404
            assert "withheld" in answer.text
            assert "Kinbote Sheriff" not in answer.text


def test_unasked_the_last_two_editions_are_compared_that_can_be_shown(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    load(db, LIST, "2025-06-03T10:00:00Z", reading((agreement("Shade Police"),)))
    (*_, (sha256,)) = db.execute(
        "SELECT document_sha256 FROM readings WHERE source_id = 'zembla-list' ORDER BY id"
    )
    withhold_document(db, sha256, Order("A reason.", "Shade"), NOW)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        shown = site.get(f"{PAGE}.json?source=zembla-list").json()
    assert [shown[side]["selector"] for side in ("from", "to")] == list(DAYS)
