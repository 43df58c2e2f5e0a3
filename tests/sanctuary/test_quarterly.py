"""The quarterly report through the commands: rows about individuals leave as the setting says."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.parsers.golden import FIXTURES
from tests.sanctuary.commands import Commands

FOLDER = FIXTURES / "declined-quarterly"
REPORT, CORRECTED = FOLDER / "quarter.pdf", FOLDER / "quarter-corrected.pdf"
SOURCES = """
settings:
  contact: https://example.org/tests
sources:
  - id: specimen-quarterly
    title: Declined Detainer Report (specimen)
    publisher: Zembla Removal Office, an invented agency
    address: null
    parser: declined-detainer-quarterly
    editions: period
    why: For tests.
"""


@pytest.fixture
def quarterly(tmp_path: Path) -> Commands:
    return Commands(tmp_path, SOURCES)


def take_in(commands: Commands, file: Path, day: str) -> str:
    answer = commands("import", file, "--source", "specimen-quarterly", "--captured-at", day)
    return answer.out + answer.err


def close(commands: Commands, level: str) -> None:
    text = commands.sources_file.read_text()
    closed = text.replace("settings:", f"settings:\n  individual_rows: {level}")
    commands.sources_file.write_text(closed)


def test_a_report_is_read_and_says_that_its_layout_is_not_known(quarterly: Commands) -> None:
    assert take_in(quarterly, REPORT, "2019-07-15") == "specimen-quarterly: 1 new\n"
    assert quarterly.rows("SELECT kind, message LIKE '%not known%' FROM problems") == [
        ("unknown_layout", 1)
    ]
    assert quarterly.rows("SELECT period_start, period_end FROM editions") == [
        ("2018-01-01", "2018-03-31")
    ]


@pytest.mark.parametrize("name", ["no-period", "year-of-two-digits", "periods-disagree"])
def test_a_report_without_one_period_is_held(quarterly: Commands, name: str) -> None:
    file = FOLDER / f"{name}.pdf"
    assert quarterly("import", file, "--source", "specimen-quarterly").code == 3
    assert quarterly.rows("SELECT status FROM readings") == [("held",)]
    assert quarterly.rows("SELECT count(*) FROM editions") == [(0,)]


def test_a_problem_keeps_nothing_of_what_may_be_a_row_about_a_person(quarterly: Commands) -> None:
    take_in(quarterly, FOLDER / "text-beside-table.pdf", "2019-07-15")
    assert quarterly.rows("SELECT text FROM problems WHERE kind = 'text_beside_table'") == [(None,)]


@pytest.mark.parametrize("level", ["counts", "off"])
@pytest.mark.parametrize("name", ["found_rows:1", "case_narratives:1", "capture:1"])
def test_no_exhibit_and_no_warc_file_has_it_where_the_setting_says_so(
    quarterly: Commands, tmp_path: Path, level: str, name: str
) -> None:
    take_in(quarterly, REPORT, "2019-07-15")
    close(quarterly, level)
    answer = quarterly("exhibit", name, "-o", tmp_path / "x.zip")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "individual_rows does not let out" in answer.err
    assert quarterly("export", "--warc", "-o", tmp_path / "x.warc.gz").code == 0
    written = (tmp_path / "x.warc.gz").read_bytes()
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(written))]
    assert "resource" not in kinds
    assert "metadata" in kinds


@pytest.mark.parametrize("level", ["counts", "off"])
def test_the_difference_holds_nothing_of_a_row(quarterly: Commands, level: str) -> None:
    close(quarterly, level)
    take_in(quarterly, REPORT, "2019-07-15")
    take_in(quarterly, CORRECTED, "2019-07-22")
    for form in ([], ["--format", "json"]):
        answer = quarterly("diff", "specimen-quarterly", *form)
        assert answer.code == 0, answer.err
        assert "Borduria" not in answer.out
    tables = json.loads(quarterly("diff", "specimen-quarterly", "--format", "json").out)["tables"]
    counted = {name: (table["rows_from"], table["rows_to"]) for name, table in tables.items()}
    if level == "off":
        assert set(counted) <= {"report_totals"}
    else:
        assert counted["found_rows"] == (4, 3)
        assert counted["case_narratives"] == (4, 3)
        assert tables["found_rows"]["changes"] == []


def test_a_case_that_is_withheld_is_in_no_edition(quarterly: Commands) -> None:
    take_in(quarterly, REPORT, "2019-07-15")
    ((row,),) = quarterly.rows("SELECT id FROM case_narratives WHERE text LIKE '%Bordurian%'")
    answer = quarterly("withhold", f"case_narratives:{row}", "--reason", "an order")
    assert answer.code == 0, answer.err
    take_in(quarterly, CORRECTED, "2019-07-22")
    assert not any("Bordurian" in line for line in quarterly.dump())


def test_a_report_that_is_withheld_leaves_no_row_and_no_number_of_them(
    quarterly: Commands,
) -> None:
    take_in(quarterly, REPORT, "2019-07-15")
    ((sha256,),) = quarterly.rows("SELECT sha256 FROM documents")
    assert quarterly.rows("SELECT count(*) FROM row_counts") == [(2,)]
    assert quarterly("withhold", sha256, "--reason", "an order").code == 0
    for table in ("found_rows", "case_narratives", "row_counts"):
        assert quarterly.rows(f"SELECT count(*) FROM {table}") == [(0,)]
