"""What is offered for download, and the tables as files: whole, safe, and no more than is shown."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet
import pytest
from sqlite_utils import Database

from db.settings import save_individual_rows
from db.sources import save_source
from sanctuary.site.database_file import copied
from sanctuary.site.download_list import GROUPS, groups_of
from tests.db.history import LIST, listing, load, reading
from tests.site.histories import CITIZENSHIP, FACILITY, NOTICE, law, load_laws, two_weeks
from tests.site.serving import HOST, Site, served
from tests.site.test_compare import text_of

PAGE = "/tracker/-/downloads"
FORMULA = "=1+1"
BOOKKEEPING = {
    *("_sqlite_migrations", "reading_sizes", "row_counts", "settings", "text_shingles"),
    *("unread_captures", "outbox", "deliveries", "targets"),
}
INDIVIDUAL = ("declined_detainers", "current_declined_detainers", "detainer_offences", "facilities")


def address(table: str, form: str = "csv") -> str:
    return f"/tracker/-/download/{table}.{form}"


def history(folder: Path, publish: str = "full", rows: str = "full") -> Path:
    db = two_weeks(folder)
    load_laws(db)
    load(db, LIST, "2025-06-03T10:00:00Z", reading([listing(FORMULA, "Zembla’s “Ütz”\x1b")]))
    save_source(db, replace(law("Aros"), publish=publish))
    save_individual_rows(db, rows)
    db.close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(history(tmp_path_factory.mktemp("open"))) as site:
        yield site


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(history(tmp_path_factory.mktemp("closed"), "diff", "counts")) as site:
        yield site


def rows_of(site: Site, table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(site.get(address(table)).text)))


def test_every_table_that_is_no_bookkeeping_is_in_one_group(site: Site) -> None:
    tables = [name for group in GROUPS for name in group.tables]
    assert len(tables) == len(set(tables))
    database = Database(Path(site.datasette.get_database("tracker").path))
    there = {*database.table_names(), *database.view_names()}
    database.close()
    assert set(tables) == {name for name in there if "_fts" not in name} - BOOKKEEPING


def test_views_of_single_sources_are_a_group(site: Site) -> None:
    (group,) = groups_of(frozenset({"rows_zembla_fees", "settings"}))
    assert group.tables == {"rows_zembla_fees": "Rows of zembla-fees"}


def test_the_page_offers_each_with_its_description_rows_and_files(site: Site) -> None:
    page = site.get(PAGE).text
    seen = text_of(page)
    assert "Every change that was ever recorded" in seen
    assert NOTICE in seen
    for form in ("csv", "json", "parquet"):
        assert f'href="{address("current_listings", form)}"' in page
    assert 'href="/tracker/-/database.db"' in page
    tables = {each["name"]: each for each in site.get(f"{PAGE}.json").json()["tables"]}
    for name in ("listings", "current_listings", "current_policy_sections"):
        assert tables[name]["rows"] == len(rows_of(site, name))
    assert tables["standing_listings"]["rows"] is None
    assert tables["listings"]["downloads"]["csv"] == HOST + address("listings")


def test_the_data_dictionary_says_what_every_column_holds(site: Site) -> None:
    rows = list(csv.DictReader(io.StringIO(site.get(f"{PAGE}.csv").text)))
    (row,) = (row for row in rows if (row["table"], row["column"]) == ("detainer_counts", "rank"))
    assert row["type"] == "INTEGER"
    assert row["description"].startswith("Place by number of detainers")
    assert all(row["description"] for row in rows)


def test_the_three_forms_hold_the_same_rows(site: Site) -> None:
    for table in ("current_declined_counts", "jurisdictions", "current_policy_sections"):
        as_json = site.get(address(table, "json")).json()
        sheet = pyarrow.parquet.read_table(io.BytesIO(site.get(address(table, "parquet")).content))
        assert as_json == sheet.to_pylist()
        as_text = [
            {name: "" if value is None else str(value) for name, value in row.items()}
            for row in as_json
        ]
        assert as_text == rows_of(site, table)
        assert as_json


def test_a_file_of_parquet_says_what_its_columns_hold(site: Site) -> None:
    data = site.get(address("detainer_counts", "parquet")).content
    schema = pyarrow.parquet.read_schema(io.BytesIO(data))
    assert schema.field("rank").type == pyarrow.int64()
    assert schema.field("rank").metadata[b"description"].startswith(b"Place by number")


def test_cells_are_no_formulas_in_csv_and_as_printed_elsewhere(site: Site) -> None:
    (row,) = (row for row in rows_of(site, "listings") if FORMULA in row["jurisdiction"])
    assert (row["jurisdiction"], row["policy"]) == (f"'{FORMULA}", "Zembla’s “Ütz”\ufffd")
    answer = site.get(address("listings", "json"))
    (printed,) = (row for row in answer.json() if row["jurisdiction"] == FORMULA)
    assert printed["policy"].endswith("\x1b")
    assert "\x1b" not in answer.text


def test_an_empty_table_is_a_whole_file(site: Site) -> None:
    assert site.get(address("notes", "json")).json() == []
    assert rows_of(site, "notes") == []
    data = site.get(address("notes", "parquet")).content
    assert pyarrow.parquet.read_table(io.BytesIO(data)).num_rows == 0


def test_files_come_as_attachments_that_no_search_engine_keeps(site: Site) -> None:
    answer = site.get(address("listings"))
    assert answer.headers["content-disposition"] == 'attachment; filename="listings.csv"'
    assert answer.headers["x-robots-tag"] == "noindex"
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def test_rows_carry_the_notice_of_their_document(site: Site) -> None:
    for table in ("current_listings", "listings", "current_changes", "declined_counts"):
        assert NOTICE in {row["notice"] for row in rows_of(site, table)}, table


@pytest.mark.parametrize(
    "name", ["settings.csv", "listings_fts.csv", "sqlite_master.csv", "nothing.csv", "notes.xml"]
)
def test_what_is_not_offered_is_not_found(site: Site, name: str) -> None:
    assert site.get(f"/tracker/-/download/{name}").status_code == 404


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_rows_about_individuals_stay_closed_where_the_setting_says_so(
    site: Site, closed: Site, form: str
) -> None:
    for table in INDIVIDUAL:
        assert site.get(address(table, form)).status_code == 200
        answer = closed.get(address(table, form))
        assert answer.status_code == 403
        assert CITIZENSHIP not in answer.text
    page = closed.get(PAGE).text
    assert f'href="{address("declined_detainers")}"' not in page
    assert "Not shown on this site" in text_of(page)
    assert FACILITY not in closed.get(address("jurisdiction_names", form)).text


def test_the_authorizer_closes_them_though_permissions_did_not(
    closed: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def every(_: object, tables: Any) -> frozenset[str]:
        return frozenset(tables)

    monkeypatch.setattr("sanctuary.site.visit.Visit.visible", every)
    answer = closed.get(address("declined_detainers"))
    assert answer.status_code != 200
    assert CITIZENSHIP not in answer.text


def test_texts_that_may_not_be_shown_are_in_no_file(site: Site, closed: Site) -> None:
    open_text, kept_off = "The Glitterntin police shall not", "The Aros police shall not"
    for table in ("current_policy_sections", "standing_policy_sections"):
        assert kept_off in site.get(address(table)).text
        text = closed.get(address(table)).text
        assert kept_off not in text
        assert open_text in text
    assert kept_off in site.get(address("section_texts")).text
    assert kept_off not in closed.get(address("section_texts")).text


def test_a_table_or_database_that_may_not_be_seen_stays_closed(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = site.datasette._metadata_local["databases"]["tracker"]
    monkeypatch.setitem(metadata["tables"]["listings"], "allow", False)
    assert site.get(address("listings")).status_code == 403
    monkeypatch.setitem(metadata, "allow", False)
    assert site.get(address("agreements")).status_code == 403
    assert site.get(PAGE).status_code == 403


def test_the_whole_database_is_a_file_as_it_stands_while_it_is_written_to(
    site: Site, tmp_path: Path
) -> None:
    answer = site.get("/tracker/-/database.db")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="tracker.db"'
    (tmp_path / "taken.db").write_bytes(answer.content)
    taken = Database(tmp_path / "taken.db")
    assert taken.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert taken["listings"].count == len(rows_of(site, "listings"))


@pytest.mark.parametrize("setting", ["counts", "off"])
def test_the_whole_database_stays_here_where_rows_are_closed(tmp_path: Path, setting: str) -> None:
    db = two_weeks(tmp_path)
    save_individual_rows(db, setting)
    db.close()
    with served(tmp_path / "tracker.db") as closed:
        assert closed.get("/tracker/-/database.db").status_code == 403
        assert "not offered as one file" in closed.get(PAGE).text


def test_the_whole_database_stays_here_where_downloads_are_off(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    with served(tmp_path / "tracker.db", settings={"allow_download": False}) as closed:
        assert closed.get("/tracker/-/database.db").status_code == 403


def test_the_copy_is_gone_once_it_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    two_weeks(tmp_path / "history").close()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    pieces = copied(tmp_path / "history" / "tracker.db")
    assert next(pieces).startswith(b"SQLite format 3")
    pieces.close()
    assert list((tmp_path / "temporary").iterdir()) == []


def test_without_pyarrow_parquet_is_not_offered(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("downloads", "download"):
        monkeypatch.setattr(f"sanctuary.site.{module}.has_parquet", lambda: False)
    assert ".parquet" not in site.get(PAGE).text
    answer = site.get(address("listings", "parquet"))
    assert answer.status_code == 501
    assert "pip install 'sanctuary-tracker[parquet]'" in answer.text
