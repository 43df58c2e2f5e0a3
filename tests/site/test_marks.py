"""What a publisher corrected is marked wherever it is shown; what others say stands beside."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from db.log import Wanted, logged
from db.notes import Note, add_note
from db.selectors import last_editions
from db.settings import save_individual_rows
from sanctuary.cli.look import _logged_data
from sanctuary.difference import difference
from sanctuary.difference_formats import to_csv, to_json, to_markdown
from sanctuary.exhibit.subject import find_subject
from sanctuary.terminal import console, print_difference
from tests.db.corrections import correction, load_corrections
from tests.db.history import NOW, REPORT
from tests.site.histories import CITIZENSHIP, FACILITY, HOSTILE, two_weeks
from tests.site.serving import Site, served

MARK = "Zembla Ministry said in “Corrections”, by 2017-04-10 10:00 UTC: "
ISSUED = f"{MARK}The rows of Yewslip, Zembla were wrong."
DECLINED = f"{MARK}The rows of Kinbote, Zembla were wrong."
REVISIONS = "source=zembla-report&from=2017-01-28..2017-02-03@1&to=2017-01-28..2017-02-03@2"
WEEKS = "source=zembla-report&from=2017-01-28..2017-02-03@1&to=2017-02-04..2017-02-10@1"


def history(folder: Path) -> Database:
    """Load two weeks, the first corrected in Sections I and II, and notes on listings."""
    db = two_weeks(folder)
    load_corrections(
        db,
        correction("Yewslip, Zembla", "detainer_counts"),
        replace(correction("Kinbote, Zembla"), position=2),
    )
    key = db.execute("SELECT row_key FROM listings WHERE jurisdiction LIKE 'Kinbote%'").fetchone()
    note(db, "A dispute", source_id=REPORT.id, row_key=key[0])
    note(db, HOSTILE, source_id=REPORT.id, row_key=key[0], address="javascript:alert(1)")
    return db


def note(db: Database, title: str, **values: Any) -> int:
    given = {
        **dict.fromkeys(
            ("address", "document_sha256", "source_id", "jurisdiction_id", "row_key", "public_id")
        ),
        **values,
    }
    told = Note(
        kind="dispute",
        title=title,
        publisher="Kinbote, Zembla",
        issued="2017-04-01",
        text=HOSTILE,
        added_by="Conmal",
        **given,
    )
    return add_note(db, told, (), NOW)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("marks")
    history(folder).close()
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with served(folder / "tracker.db") as site:
        yield site


@pytest.fixture
def db(folder: Path) -> Iterator[Database]:
    db = Database(folder / "tracker.db")
    yield db
    db.close()


@pytest.mark.parametrize(
    ("page", "said", "times"),
    [
        ("detainer_counts", ISSUED, 1),
        ("current_detainer_counts", ISSUED, 1),
        ("declined_detainers", DECLINED, 3),
        ("current_declined_detainers", DECLINED, 3),
        ("declined_counts", DECLINED, 2),
        ("current_declined_counts", DECLINED, 2),
        ("detainer_counts/2", ISSUED, 1),
        ("rows_that_were_corrected", ISSUED, 1),
    ],
)
def test_a_corrected_row_is_marked_on_every_page_that_shows_it(
    site: Site, page: str, said: str, times: int
) -> None:
    assert html.unescape(site.get(f"/tracker/{page}").text).count(said) == times


@pytest.mark.parametrize("view", ["current_detainer_counts", "current_declined_counts"])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_the_mark_goes_with_the_rows_of_a_view_in_every_form(
    site: Site, view: str, form: str
) -> None:
    assert "The rows of " in site.get(f"/tracker/{view}.{form}").text


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".md"])
@pytest.mark.parametrize("asked", [REVISIONS, WEEKS])
def test_a_comparison_says_which_of_its_rows_were_corrected(
    site: Site, asked: str, form: str
) -> None:
    page = html.unescape(site.get(f"/tracker/-/compare{form}?{asked}").text.replace("\\", ""))
    assert "The rows of Yewslip, Zembla were wrong." in page
    assert "The rows of Kinbote, Zembla were wrong." in page


def test_the_change_of_a_corrected_row_says_so_itself(db: Database) -> None:
    before, after = _revisions(db)
    found = difference(db, before, after)
    data = json.loads(to_json(found))
    issued = data["tables"]["detainer_counts"]["changes"]
    assert [change["corrections"] for change in issued] == [[ISSUED]]
    rows = csv.DictReader(io.StringIO(to_csv(found)))
    assert {row["correction"] for row in rows if row["table"] == "detainer_counts"} == {ISSUED}
    assert "corrected by its publisher" in to_markdown(found)


def test_what_others_say_stands_beside_the_change_and_is_no_part_of_it(db: Database) -> None:
    editions = last_editions(db, REPORT.id, 9)
    first, second = editions[0], next(each for each in editions if each.period_start > "2017-02")
    found = difference(db, first, second)
    (change,) = [each for each in found.changes() if each.kind == "changed"]
    assert [said.title for said in found.beside.said(change)] == [HOSTILE, "A dispute"]
    assert {field.field for field in change.fields} == {"criteria"}
    assert "said of it" in to_markdown(found)
    assert "A dispute" in to_csv(found)


def test_the_terminal_says_both(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    print_difference(console(), difference(db, *_revisions(db)))
    out = capsys.readouterr().out
    assert f"corrected by its publisher: {ISSUED}" in out


def test_the_log_says_both_of_a_change(db: Database) -> None:
    told = [_logged_data(db, change) for change in logged(db, Wanted(source=REPORT.id))]
    marked = [each["place"] for each in told if each["corrections"]]
    assert marked == ["Yewslip, Zembla"]
    assert {each["place"] for each in told if each["statements"]} == {"Kinbote, Zembla"}


def test_an_exhibit_says_both(db: Database) -> None:
    assert find_subject(db, "detainer_counts:2").facts["corrected_by_its_publisher"] == [ISSUED]
    (row,) = db.execute(
        "SELECT min(id) FROM listings WHERE jurisdiction LIKE 'Kinbote%'"
    ).fetchone()
    assert "A dispute" in find_subject(db, f"listings:{row}").facts["said_of_it"][1]


def test_the_page_of_a_listing_shows_what_others_say_as_text(site: Site) -> None:
    page = site.get("/tracker/listings/1").text
    assert "What others say of this listing" in page
    assert "A dispute" in page
    assert "put here by Conmal" in page
    assert HOSTILE not in page
    assert "javascript:alert" not in page
    assert "What others say" not in site.get("/tracker/listings/2").text


def test_a_comparison_shows_what_others_say_as_text(site: Site) -> None:
    page = site.get(f"/tracker/-/compare?{WEEKS}").text
    assert "put here by Conmal" in page
    assert HOSTILE not in page
    assert 'href="javascript' not in page


@pytest.mark.parametrize(("level", "counts"), [("counts", 200), ("off", 403)])
def test_marks_open_no_row_about_an_individual(tmp_path: Path, level: str, counts: int) -> None:
    db = history(tmp_path)
    save_individual_rows(db, level)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        assert site.get("/tracker/corrected_detainers").status_code == 403
        assert site.get("/tracker/current_declined_detainers").status_code == 403
        assert site.sql("SELECT row_id FROM corrected_detainers").status_code == 400
        assert site.get("/tracker/corrected_declined_counts").status_code == counts
        assert site.get("/tracker/current_declined_counts").status_code == counts
        assert site.get("/tracker/corrected_rows").status_code == 200
        assert ISSUED in html.unescape(site.get("/tracker/current_detainer_counts").text)
        for form in ("", ".json", ".csv", ".md"):
            page = site.get(f"/tracker/-/compare{form}?{REVISIONS}").text.replace("\\", "")
            assert CITIZENSHIP not in page
            assert FACILITY not in page
            assert ("The rows of Kinbote, Zembla were wrong" in page) == (level == "counts")


def _revisions(db: Database) -> tuple[Any, Any]:
    editions = [each for each in last_editions(db, REPORT.id, 9) if each.period_start < "2017-02"]
    return editions[0], editions[1]
