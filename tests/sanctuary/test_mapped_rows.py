"""Rows of a table without a record type of its own, from the import to the exhibit."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.connection import open_database
from db.row_views import save_row_view, view_name
from db.sources import save_source
from parsers.records import Problem
from sanctuary.reading import ReadingLimits, read_document
from sanctuary.sources_file import load_sources
from tests.parsers.drawn_tables import as_pdf_pages
from tests.sanctuary.commands import Commands
from tests.site.serving import served

SOURCES = """
sources:
  - id: freedonia-jails
    title: Jails of Freedonia (specimen)
    publisher: Freedonia Ministry of Jails, an invented ministry
    address: null
    parser: table
    options:
      record: table_rows
      columns: {Jail: jail, GEOID: geoid, Beds: beds, Opened: opened}
      key: [geoid]
      types: {beds: integer, opened: date}
    editions: content
    why: For tests.
  - id: freedonia-counts
    title: Detainers by jail (specimen)
    publisher: Freedonia Ministry of Jails, an invented ministry
    address: null
    parser: table
    options:
      record: period_rows
      columns: {Jail: jail, Issued: issued}
      key: [jail]
      types: {issued: integer}
    editions: content
    why: For tests.
"""
FIRST = """SPECIMEN
Jail,GEOID,Beds,Opened
Tarn Jail,01001,"1,204",February 2017
Oakholt Jail,02002,12 beds,2014
Ellmoor Jail,03003,7,
"""
SECOND = """SPECIMEN
Jail,GEOID,Beds,Opened
Tarn Jail,01001,"1,304",February 2017
Oakholt Jail,02002,about 12,2014
Fenwick Jail,04004,9,
"""


def saved(commands: Commands, name: str, text: str, source: str, day: str) -> None:
    file = commands.data_dir.parent / name
    file.write_text(text, encoding="utf-8")
    answer = commands("import", file, "--source", source, "--captured-at", f"{day}T10:00:00Z")
    assert answer.code == 0, answer.err


@pytest.fixture(scope="module")
def jails(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """A history that was made once; no test writes to it."""
    commands = Commands(tmp_path_factory.mktemp("jails"), SOURCES)
    saved(commands, "first.csv", FIRST, "freedonia-jails", "2025-06-01")
    saved(commands, "second.csv", SECOND, "freedonia-jails", "2025-06-08")
    counts = "SPECIMEN\nJail,Issued\nTarn Jail,3\n"
    saved(commands, "counts.csv", counts, "freedonia-counts", "2025-06-01")
    return commands


def test_each_source_has_a_view_of_its_columns(jails: Commands) -> None:
    rows = jails.rows(
        """SELECT jail, geoid, beds, beds_text, opened, opened_text, notice
        FROM rows_freedonia_jails WHERE revision = 1 ORDER BY position"""
    )
    assert rows == [
        ("Tarn Jail", "01001", 1204, "1,204", "2017-02", "February 2017", "SPECIMEN"),
        ("Oakholt Jail", "02002", None, "12 beds", "2014", "2014", "SPECIMEN"),
        ("Ellmoor Jail", "03003", 7, "7", None, None, "SPECIMEN"),
    ]
    assert jails.rows("SELECT jail, issued FROM rows_freedonia_counts") == [("Tarn Jail", 3)]


def test_what_changed_is_told_by_column(jails: Commands) -> None:
    found = {(each["kind"], each["row_key"]): each for each in jails("log", "--json").data()}
    changes = {
        key: {f["field"]: (f["before"], f["after"]) for f in each["fields"]}
        for key, each in found.items()
        if key[0] != "published"
    }
    assert changes["changed", "01001"] == {"beds": ("1204", "1304")}
    # What does not fit its type is compared as it is printed.
    assert changes["changed", "02002"] == {"beds": ("12 beds", "about 12")}
    assert changes["added", "04004"]["jail"] == (None, "Fenwick Jail")
    assert changes["removed", "03003"]["jail"] == ("Ellmoor Jail", None)
    assert len(changes) == 4


def test_the_difference_is_told_in_words(jails: Commands) -> None:
    answer = jails("diff", "freedonia-jails")
    assert answer.code == 0, answer.err
    assert "changed 01001" in answer.out
    assert "added 04004" in answer.out


def test_how_a_row_is_told_from_others_is_not_shown_as_a_value_of_it(jails: Commands) -> None:
    assert "- jail: Tarn Jail; geoid: 01001" in jails("show", "freedonia-jails").out
    assert "key_fields" not in jails("show", "freedonia-jails").out
    assert "key_fields" not in jails("diff", "freedonia-jails").out


def test_rows_that_stand_are_in_the_view_of_what_stands(jails: Commands) -> None:
    rows = jails.rows("SELECT json_extract(fields, '$.geoid') FROM standing_table_rows ORDER BY 1")
    assert rows == [("01001",), ("02002",), ("04004",)]


def test_a_row_has_an_exhibit_that_says_where_it_stands(jails: Commands, tmp_path: Path) -> None:
    (row_id,) = jails.rows("SELECT max(id) FROM table_rows WHERE row_key = '01001'")[0]
    out = tmp_path / "exhibit.zip"
    answer = jails("exhibit", f"table_rows:{row_id}", "-o", out)
    assert answer.code == 0, answer.err
    with zipfile.ZipFile(out) as packed:
        (name,) = (each for each in packed.namelist() if each.endswith("FACTS.txt"))
        facts = packed.read(name).decode()
    assert "row 3" in facts
    assert "second.csv" in facts or "SPECIMEN" in facts


def test_the_pages_show_the_rows(jails: Commands) -> None:
    with served(jails.data_dir / "tracker.db") as site:
        rows = site.get("/tracker/rows_freedonia_jails.json?_shape=array").json()
        assert {row["geoid"] for row in rows} == {"01001", "02002", "03003", "04004"}
        page = site.get("/tracker/-/compare?source=freedonia-jails")
        assert page.status_code == 200
        assert "1304" in page.text
        assert "row 3" in page.text
        page = site.get("/tracker/-/changes?source=freedonia-jails")
        assert "Fenwick Jail" in page.text
        for each in ("key fields", "key_fields"):
            assert each not in page.text


def test_a_row_can_be_withheld(tmp_path: Path) -> None:
    commands = Commands(tmp_path, SOURCES)
    saved(commands, "first.csv", FIRST, "freedonia-jails", "2025-06-01")
    (row_id,) = commands.rows("SELECT id FROM table_rows WHERE row_key = '01001'")[0]
    words = ("withhold", f"table_rows:{row_id}", "--reason", "a test", "--by", "me")
    answer = commands(*words)
    assert answer.code == 0, answer.err
    assert commands.rows("SELECT geoid FROM rows_freedonia_jails ORDER BY 1") == [
        ("02002",),
        ("03003",),
    ]


def test_a_pdf_has_no_more_pages_than_the_limit_though_the_parser_reads_other_forms() -> None:
    pages = [[["Jail"], [f"jail {page}"]] for page in range(3)]
    options = {"record": "table_rows", "columns": {"Jail": "jail"}, "key": ["jail"]}
    limits = ReadingLimits(pages=2)
    problem = read_document("table", as_pdf_pages(pages), options, limits)
    assert isinstance(problem, Problem)
    assert problem.kind == "too_many_pages"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return open_database(tmp_path / "tracker.db")


def test_a_view_follows_the_column_map_and_goes_with_it(db: Database) -> None:
    save_row_view(db, "freedonia-jails", ("jail", "beds", "beds_text"))
    name = view_name("freedonia-jails")
    columns = [column.name for column in db.view(name).columns]
    assert columns[:6] == ["period_start", "period_end", "revision", "jail", "beds", "beds_text"]
    save_row_view(db, "freedonia-jails", ("jail",))
    assert "beds" not in [column.name for column in db.view(name).columns]
    before = db.execute("PRAGMA schema_version").fetchone()
    save_row_view(db, "freedonia-jails", ("jail",))
    assert db.execute("PRAGMA schema_version").fetchone() == before
    save_row_view(db, "freedonia-jails", ())
    assert name not in db.view_names()


@pytest.mark.parametrize("word", ["case", "order", "null", "values", "rowid"])
def test_a_column_may_have_a_word_of_sql_for_a_name(db: Database, word: str) -> None:
    save_row_view(db, "freedonia-jails", (word, f"{word}_text"))
    names = [name for name, *_ in db.execute("SELECT * FROM rows_freedonia_jails").description]
    assert names[3:5] == [word, f"{word}_text"]


@pytest.mark.parametrize("column", ["x; DROP TABLE sources", 'a"b', "A", "1a", "a b", "a'b", ""])
def test_no_column_but_a_name_in_small_letters_becomes_part_of_the_schema(
    db: Database, column: str
) -> None:
    with pytest.raises(ValueError, match="no name of a column"):
        save_row_view(db, "freedonia-jails", (column,))
    assert not [name for name in db.view_names() if name.startswith("rows_")]


@pytest.mark.parametrize("source_id", ["A", "a b", "a'; DROP TABLE x; --", "a--b", "-a"])
def test_no_source_but_one_with_an_id_has_a_view(db: Database, source_id: str) -> None:
    with pytest.raises(ValueError, match="no id of a source"):
        save_row_view(db, source_id, ("jail",))


def test_lists_of_jurisdictions_have_no_view_of_their_own(db: Database, tmp_path: Path) -> None:
    file = tmp_path / "sources.yml"
    file.write_text(SOURCES)
    jails, counts = load_sources(file).sources
    assert jails.facts().row_columns == (
        *("jail", "geoid", "beds", "beds_text", "opened", "opened_text"),
    )
    save_source(db, counts.facts())
    assert [name for name in db.view_names() if name.startswith("rows_")] == [
        "rows_freedonia_counts"
    ]
    stored = db.execute("SELECT row_columns FROM sources").fetchone()[0]
    assert json.loads(stored) == ["jail", "issued", "issued_text"]


def test_a_document_is_read_anew_once_its_options_are_mended(tmp_path: Path) -> None:
    file = tmp_path / "jails.csv"
    file.write_text(FIRST)
    wrong = SOURCES.replace("Jail: jail, GEOID", "Gaol: jail, GEOID")
    sanctuary = Commands(tmp_path, wrong)
    assert sanctuary("import", file, "--source", "freedonia-jails").code == 1
    assert sanctuary.rows("SELECT status FROM readings") == [("failed",)]
    mended = Commands(tmp_path, SOURCES)
    answer = mended("replay", "freedonia-jails", "--accept")
    assert answer.code == 0, answer.out + answer.err
    assert mended.rows("SELECT count(*) FROM current_table_rows") == [(3,)]
    assert mended.rows("SELECT DISTINCT cause FROM changes") == [("publisher",)]
