"""How much of what is said of lists a site shows, where only its address may be shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.sources import save_source
from parsers.records import EditionClaim, Reading, Statement
from tests.db.corrections import resolve_names
from tests.db.history import LIST, listing, load, new_database, reading
from tests.site.serving import Site, served

SECRET = "We asked the ministry twice and heard nothing."
PLACE = "Franklin County, IA"
LETTERS = replace(LIST, id="zembla-letters", title="Letters", parser="statement")
TABLES = ("statements", "current_statements", "standing_statements", "statements_and_notes")


def history(folder: Path, publish: str) -> Path:
    """Load a list, and a letter about it under that word."""
    db = new_database(folder)
    save_source(db, replace(LETTERS, publish=publish))
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing(PLACE)]))
    letter = Statement(
        statement_kind="letter",
        title="A letter to the ministry",
        publisher=PLACE,
        issued="2025-06-02",
        issued_text=None,
        about=LIST.id,
        jurisdiction=PLACE,
        text=SECRET,
        address=None,
        position=1,
        evidence=(),
    )
    said = Reading(EditionClaim("Letters"), (Statement,), (letter,))
    load(db, replace(LETTERS, publish=publish), "2025-06-02T10:00:00Z", said)
    resolve_names(db)
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {word: history(tmp_path_factory.mktemp(word), word) for word in ("full", "link")}


@pytest.fixture(scope="module")
def sites(paths: dict[str, Path]) -> Iterator[dict[str, Site]]:
    with served(paths["full"]) as full, served(paths["link"]) as link:
        yield {"full": full, "link": link}


@pytest.mark.parametrize("form", ["", ".json", ".csv"])
@pytest.mark.parametrize("table", TABLES)
def test_no_table_has_a_text_that_is_kept_off(
    sites: dict[str, Site], table: str, form: str
) -> None:
    for word, site in sites.items():
        answer = site.get(f"/tracker/{table}{form}")
        assert answer.status_code == 200
        assert "A letter to the ministry" in answer.text
        assert (SECRET in answer.text) == (word == "full"), word


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT text FROM statements",
        "SELECT TEXT FROM main.STATEMENTS",
        "SELECT text FROM statements_and_notes",
        "SELECT (SELECT s.text FROM statements AS s WHERE s.id = readings.id - 1) FROM readings",
        "SELECT title FROM statements WHERE text LIKE '%twice%'",
    ],
)
def test_no_sql_reads_it(sites: dict[str, Site], sql: str) -> None:
    answers = {word: site.sql(sql).text for word, site in sites.items()}
    assert "twice" in answers["full"] or "letter" in answers["full"]
    assert "twice" not in answers["link"]
    assert "letter" not in answers["link"]


def test_the_page_of_a_listing_shows_its_title_and_not_its_text(sites: dict[str, Site]) -> None:
    for word, site in sites.items():
        page = site.get("/tracker/listings/1").text
        assert "A letter to the ministry" in page
        assert (SECRET in page) == (word == "full"), word


@pytest.mark.parametrize("form", ["", ".json"])
def test_the_page_of_a_place_shows_its_title_and_not_its_text(
    sites: dict[str, Site], form: str
) -> None:
    for word, site in sites.items():
        answer = site.get(f"/tracker/-/place{form}?name=Franklin+County,+Iowa")
        if answer.status_code == 302:
            answer = site.get(answer.headers["location"])
        assert "A letter to the ministry" in answer.text
        assert (SECRET in answer.text) == (word == "full"), word


def test_a_text_that_is_open_is_shown_beside_one_that_is_not(tmp_path: Path) -> None:
    db = Database(history(tmp_path, "full"))
    save_source(db, replace(LETTERS, id="zembla-closed", publish="link"))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for table in TABLES:
            assert SECRET in site.get(f"/tracker/{table}.json").text
            assert SECRET in site.get(f"/tracker/-/download/{table}.json").text
            assert SECRET not in site.sql("SELECT text FROM main.statements").text
