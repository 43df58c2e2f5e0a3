"""Below ``full``, tables as found and cases are closed like the rows of Section II."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from urllib.parse import quote

import pytest

from db.log import Wanted, logged
from db.settings import save_individual_rows
from parsers.declined_quarterly import PARSER
from parsers.records import RECORD_TYPES
from sanctuary.sentences import PLACES, sentence
from tests.db.history import REPORT, load, new_database
from tests.parsers.golden import FIXTURES
from tests.site.serving import Site, served
from tests.site.test_compare import PAGE, text_of

FOLDER = FIXTURES / "declined-quarterly"
SOURCE = replace(REPORT, parser="declined-detainer-quarterly")
REVISIONS = "source=zembla-report&from=2018-01-01..2018-03-31@1&to=2018-01-01..2018-03-31@2"
TABLES = ("found_rows", "case_narratives", "current_found_rows", "current_case_narratives")
CELL, CASE = "Borduria", "Bordurian"
"""Neither stands in the prose."""
LEVELS = ("counts", "off")


def quarterly(folder: Path, level: str) -> Path:
    """Load a quarterly report and its correction, and return the database's file."""
    db = new_database(folder)
    for name, day in (("quarter", "2019-07-15"), ("quarter-corrected", "2019-07-22")):
        reading = PARSER.read((FOLDER / f"{name}.pdf").read_bytes(), {})
        load(db, SOURCE, f"{day}T10:00:00Z", reading)
    save_individual_rows(db, level)
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Site]]:
    paths = {level: quarterly(tmp_path_factory.mktemp(level), level) for level in ("full", *LEVELS)}
    with (
        served(paths["full"]) as full,
        served(paths["counts"]) as counts,
        served(paths["off"]) as off,
    ):
        yield {"full": full, "counts": counts, "off": off}


def test_all_is_open_at_full(sites: dict[str, Site]) -> None:
    for table in TABLES:
        assert sites["full"].get(f"/tracker/{table}").status_code == 200
    assert CELL in sites["full"].sql("SELECT cells FROM found_rows").text
    assert CASE in sites["full"].sql("SELECT text FROM case_narratives").text
    page = sites["full"].get(f"{PAGE}?{REVISIONS}")
    assert CELL in page.text
    assert 'name="robots"' in page.text


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    ("table", "form"),
    [
        *product(TABLES, ["", ".json", ".csv"]),
        # A view has no pages of rows.
        *product([t for t in TABLES if not t.startswith("current_")], ["/1", "/1.json"]),
    ],
)
def test_no_page_of_them_is_shown(
    sites: dict[str, Site], level: str, table: str, form: str
) -> None:
    answer = sites[level].get(f"/tracker/{table}{form}")
    assert answer.status_code == 403
    assert CELL not in answer.text


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "sql",
    [
        *(f"SELECT * FROM {table}" for table in TABLES),
        "SELECT (SELECT cells FROM found_rows LIMIT 1)",
        "SELECT count(*) FROM case_narratives WHERE text LIKE 'A 40%'",
        "SELECT max(text) FROM CASE_NARRATIVES",
    ],
)
def test_no_sql_reads_them(sites: dict[str, Site], level: str, sql: str) -> None:
    answer = sites[level].sql(sql)
    assert answer.status_code == 400
    assert CELL not in answer.text


def test_their_number_stays_readable_at_counts_and_closes_at_off(sites: dict[str, Site]) -> None:
    sql = quote("SELECT table_name, sum(rows) AS rows FROM row_counts GROUP BY table_name")
    counted = sites["counts"].get(f"/tracker.json?_shape=array&sql={sql}").json()
    assert {row["table_name"]: row["rows"] for row in counted} == {
        "case_narratives": 7,
        "found_rows": 7,
    }
    assert sites["off"].sql("SELECT rows FROM row_counts").status_code == 400
    assert sites["off"].sql("SELECT count(*) FROM row_counts").status_code == 400
    assert sites["off"].get("/tracker/row_counts").status_code == 403


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".md"])
def test_compare_shows_their_number_at_counts(sites: dict[str, Site], form: str) -> None:
    answer = sites["counts"].get(f"{PAGE}{form}?{REVISIONS}")
    assert answer.status_code == 200
    assert CELL not in answer.text
    assert CASE not in answer.text
    if form in ("", ".md"):
        said = text_of(answer.text)
        assert "4 rows in the one edition, 3 rows in the other." in said
        assert "4 cases in the one edition, 3 cases in the other." in said


@pytest.mark.parametrize("form", ["", ".json", ".csv", ".md"])
def test_compare_shows_nothing_of_them_at_off(sites: dict[str, Site], form: str) -> None:
    answer = sites["off"].get(f"{PAGE}{form}?{REVISIONS}")
    assert answer.status_code == 200
    for text in (CELL, CASE, "found_rows", "case_narratives", "Cases that are told"):
        assert text not in answer.text


@pytest.mark.parametrize("level", LEVELS)
def test_other_pages_do_not_offer_them(sites: dict[str, Site], level: str) -> None:
    for page in ("/tracker", "/tracker?_show_hidden=1", "/tracker/readings/1"):
        answer = sites[level].get(page)
        assert answer.status_code == 200
        for table in TABLES:
            assert f"/tracker/{table}" not in answer.text
    assert sites[level].get("/tracker.db").status_code in (403, 404)


def test_a_change_tells_how_many_and_never_which(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    for name, day in (("quarter", "2019-07-15"), ("quarter-corrected", "2019-07-22")):
        reading = PARSER.read((FOLDER / f"{name}.pdf").read_bytes(), {})
        load(db, SOURCE, f"{day}T10:00:00Z", reading)
    said = [sentence(change) for change in logged(db, Wanted())]
    db.close()
    of_period = "Corrected in Report of Zembla (Zembla Ministry), 2018-01-01..2018-03-31@2"
    assert f"{of_period}: 1 row taken out of the tables as found" in said
    assert f"{of_period}: 1 case taken out of the cases that are told" in said
    assert not [each for each in said if CELL in each or CASE in each]


def test_every_table_of_individuals_is_named_in_words() -> None:
    assert set(PLACES) == {record.table for record in RECORD_TYPES if record.individual}
