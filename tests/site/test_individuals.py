"""Below ``full``, rows about individuals are closed on every way in."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sqlite_utils import Database

from db.settings import individual_rows, save_individual_rows
from sanctuary.site.ours import read
from tests.site.histories import CITIZENSHIP, FACILITY, closed_weeks, two_weeks
from tests.site.serving import Site, served
from tests.site.test_compare import PAGE, REVISIONS, text_of

CLOSED = ("declined_detainers", "detainer_offences", "current_declined_detainers", "facilities")
LEVELS = ("counts", "off")


@pytest.fixture(scope="module")
def histories(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a database for each level, which no test writes to."""
    paths = {}
    for level in ("full", *LEVELS):
        folder = tmp_path_factory.mktemp(level)
        closed_weeks(folder, level).close()
        paths[level] = folder / "tracker.db"
    return paths


def without_permissions(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Datasette allow all, so that only SQLite is in the way."""

    async def allow(*_: Any, **__: Any) -> bool:
        return True

    monkeypatch.setattr(site.datasette, "permission_allowed", allow)


def without_authorizer(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let SQLite read all, so that only Datasette's permissions are in the way."""
    monkeypatch.setattr("sanctuary.site.hardening.guard", lambda *_: None)


def test_all_is_open_at_full(histories: dict[str, Path]) -> None:
    with served(histories["full"]) as site:
        for table in CLOSED:
            assert site.get(f"/tracker/{table}").status_code == 200
            assert site.sql(f"SELECT * FROM {table}").json()


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("table", CLOSED)
@pytest.mark.parametrize("form", ["", ".json", ".csv", ".csv?_stream=on"])
def test_the_page_of_a_table_or_view_is_closed_by_permission(
    histories: dict[str, Path], monkeypatch: pytest.MonkeyPatch, level: str, table: str, form: str
) -> None:
    with served(histories[level]) as site:
        without_authorizer(site, monkeypatch)
        answer = site.get(f"/tracker/{table}{form}")
        assert answer.status_code == 403
        assert FACILITY not in answer.text


@pytest.mark.parametrize("level", LEVELS)
def test_the_page_of_a_row_is_closed_by_permission(
    histories: dict[str, Path], monkeypatch: pytest.MonkeyPatch, level: str
) -> None:
    with served(histories[level]) as site:
        without_authorizer(site, monkeypatch)
        assert site.get("/tracker/declined_detainers/1").status_code == 403
        assert site.get("/tracker/DECLINED_DETAINERS/1.json").status_code == 403


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM declined_detainers",
        "SELECT citizenship FROM DECLINED_DETAINERS",
        "SELECT offence FROM detainer_offences",
        "SELECT facility FROM current_declined_detainers",
        "SELECT 1 FROM current_declined_detainers",
        "SELECT rowid FROM declined_detainers WHERE rowid = 1",
        "SELECT (SELECT facility FROM declined_detainers LIMIT 1)",
        "WITH rows AS (SELECT * FROM declined_detainers) SELECT facility FROM rows",
        "SELECT count(*) FROM declined_detainers WHERE citizenship LIKE 'S%'",
        "SELECT max(facility) FROM declined_detainers",
        "SELECT name FROM sources WHERE EXISTS (SELECT facility FROM declined_detainers)",
    ],
)
def test_sql_is_closed_by_the_authorizer(
    histories: dict[str, Path], monkeypatch: pytest.MonkeyPatch, level: str, form: str, sql: str
) -> None:
    with served(histories[level]) as site:
        without_permissions(site, monkeypatch)
        answer = site.sql(sql, form)
        assert FACILITY not in answer.text
        assert CITIZENSHIP not in answer.text
        if form == "json":
            assert answer.status_code == 400


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "page",
    [
        "/tracker/sources.json?_where=" + quote("(SELECT facility FROM declined_detainers) != ''"),
        '/tracker/declined_detainers.json?_through={"table":"detainer_offences","column":"offence",'
        '"value":"ARSON"}',
    ],
)
def test_filters_of_other_tables_are_no_way_in(
    histories: dict[str, Path], level: str, page: str
) -> None:
    with served(histories[level]) as site:
        answer = site.get(page)
        assert answer.status_code in (400, 403, 500)
        assert FACILITY not in answer.text


def test_their_counts_stay_readable_at_counts_and_close_at_off(histories: dict[str, Path]) -> None:
    with served(histories["counts"]) as site:
        assert site.get("/tracker/declined_counts.json?_shape=array").json()
        assert site.sql("SELECT value FROM declined_counts").status_code == 200
        assert site.get("/tracker/declined_by_citizenship").status_code == 200
    with served(histories["off"]) as site:
        assert site.get("/tracker/declined_counts").status_code == 403
        assert site.sql("SELECT value FROM declined_counts").status_code == 400
        assert site.sql("SELECT count(*) FROM declined_counts").status_code == 400
        assert site.get("/tracker/declined_by_citizenship").status_code == 403
        assert "declined_by_citizenship" not in site.get("/tracker").text


@pytest.mark.parametrize(("level", "status"), [("full", 200), ("counts", 403), ("off", 403)])
def test_the_file_is_not_handed_out(histories: dict[str, Path], level: str, status: int) -> None:
    path = histories[level]
    with served(path, immutables=[str(path)]) as site:
        assert site.get("/tracker.db").status_code == status
        assert ("Download SQLite DB" in site.get("/tracker").text) == (status == 200)


def test_compare_shows_section_ii_as_counts(histories: dict[str, Path]) -> None:
    with served(histories["counts"]) as site:
        page = site.get(f"{PAGE}?{REVISIONS}").text
        assert "2 detainers in the one edition, 1 detainer in the other" in text_of(page)
        assert "as their number only" in page
        assert 'name="robots"' not in page
        for form in ("", ".json", ".csv", ".md"):
            answer = site.get(f"{PAGE}{form}?{REVISIONS}")
            assert answer.status_code == 200
            assert FACILITY not in answer.text
            assert CITIZENSHIP not in answer.text


def test_compare_shows_nothing_of_section_ii_at_off(histories: dict[str, Path]) -> None:
    with served(histories["off"]) as site:
        page = site.get(f"{PAGE}?{REVISIONS}")
        assert page.status_code == 200
        assert "detainers recorded as declined" not in page.text
        assert "neither rows about individuals nor their number" in page.text
        tables = site.get(f"{PAGE}.json?{REVISIONS}").json()["tables"]
        assert set(tables) == {"report_totals", "detainer_counts", "listings"}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize(
    "page", ["/", "/tracker", "/tracker?_show_hidden=1", "/tracker/readings/1", "/tracker/listings"]
)
def test_other_pages_work_and_do_not_offer_what_is_closed(
    histories: dict[str, Path], level: str, page: str
) -> None:
    with served(histories[level]) as site:
        answer = site.get(page)
        assert answer.status_code == 200
        assert "/tracker/declined_detainers" not in answer.text
        assert "/tracker/current_declined_detainers" not in answer.text


def test_a_change_of_the_setting_reaches_a_running_server(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    with served(tmp_path / "tracker.db", settings={"num_sql_threads": 1}) as site:
        sql = "SELECT facility FROM declined_detainers"
        assert FACILITY in site.sql(sql).text
        save_individual_rows(db, "counts")
        assert site.sql(sql).status_code == 400
        assert site.get("/tracker/declined_detainers").status_code == 403
        save_individual_rows(db, "full")
        assert FACILITY in site.sql(sql).text
        assert site.get("/tracker/declined_detainers").status_code == 200
    db.close()


def test_text_that_a_parser_stumbled_over_is_empty(tmp_path: Path) -> None:
    for level, text in (("full", FACILITY), ("counts", None)):
        (tmp_path / level).mkdir()
        db = closed_weeks(tmp_path / level, level)
        db.table("problems").insert(
            {
                "source_id": "zembla-report",
                "kind": "unread",
                "message": "a row could not be read",
                "text": FACILITY,
                "evidence": "[]",
                "recorded_at": "2026-01-01T00:00:00Z",
            }
        )
        db.close()
        with served(tmp_path / level / "tracker.db") as site:
            assert site.sql("SELECT text FROM problems").json() == [{"text": text}]


def test_an_unknown_word_closes_all(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    save_individual_rows(db, "some")
    assert individual_rows(db) == "off"
    db.close()


@pytest.mark.parametrize("level", LEVELS)
def test_a_connection_across_databases_is_guarded_too(
    histories: dict[str, Path], level: str
) -> None:
    with served(histories[level], crossdb=True) as site:
        sql = quote("SELECT facility FROM [tracker].declined_detainers")
        assert site.get(f"/_memory.json?sql={sql}").status_code == 400
        sql = quote("SELECT jurisdiction FROM [tracker].listings")
        assert site.get(f"/_memory.json?sql={sql}").status_code == 200


@pytest.mark.parametrize("level", LEVELS)
def test_our_own_pages_are_guarded_too(histories: dict[str, Path], level: str) -> None:
    with served(histories[level]) as site:
        database = site.datasette.get_database("tracker")

        def look(db: Database) -> list[tuple[str]]:
            return db.execute("SELECT facility FROM declined_detainers").fetchall()

        with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
            site.run(read(database, look))
