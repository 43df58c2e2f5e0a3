"""Real tables, where they are at hand: what comes of them, and why some are refused or held."""

from __future__ import annotations

import csv
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from parsers.errors import NotThisDocument
from parsers.records import Listing, Reading
from parsers.table import PARSER
from sanctuary.shipped import shipped
from sanctuary.sources_file import load_sources

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
PDFS = REAL / "pdf"

pytestmark = pytest.mark.skipif(not PDFS.is_dir(), reason="the real documents are not at hand")


def read(name: str, **options: Any) -> Reading:
    document = (PDFS / f"{name}.pdf").read_bytes()
    return PARSER.read(document, {"record": "table_rows", **options})


def printed(reading: Reading) -> list[list[str]]:
    return [
        ["" if value is None else str(value) for value in row.to_json()["fields"].values()]
        for row in reading.records
    ]


def expected(name: str) -> list[list[str]]:
    """Return the rows that others read from the table, white space collapsed."""
    with (PDFS / f"{name}.csv").open(encoding="utf-8") as file:
        return [[" ".join(cell.split()) for cell in row] for row in csv.reader(file)]


def test_the_table_of_2014_has_its_rows_levels_and_dates_as_printed() -> None:
    (source,) = (
        source
        for source in load_sources(shipped("sources.yml")).sources
        if source.id == "detainer-policies-2014"
    )
    document = (REAL / "lists" / "detainer_policies_2014.csv").read_bytes()
    reading = PARSER.read(document, source.options)
    rows = [row for row in reading.records if isinstance(row, Listing)]
    assert len(rows) == 166
    assert Counter(row.level for row in rows) == {"county": 143, "city": 21, "state": 2}
    dates = Counter((row.date_enacted, row.date_enacted_text) for row in rows)
    assert dates[None, "Jul-14"] == 45
    assert {text for day, text in dates if day} == {"2015-08-14", "2015-05-14"}
    by_name = {row.jurisdiction: row for row in rows}
    assert by_name["East Haven. Connecticut"].level == "city"
    assert by_name["Cass County, lowa"].level == "county", "the l for an I is as printed"
    assert {problem.kind for problem in reading.problems} == {"unreadable_date", "duplicate_key"}
    assert not reading.failed_required()


SCHOOLS = ("Last Name", "First Name", "Address", "City", "State", "Zip", "Occupation", "Employer")


def test_schools_has_the_rows_that_others_read_and_is_held_for_text_over_its_rules() -> None:
    headers = [*SCHOOLS, "Date", "Amount"]
    reading = read(
        "schools",
        columns={header: f"c{number}" for number, header in enumerate(headers)},
        key=["c0", "c1", "c8", "c9"],
    )
    rows = [row[1:] for row in expected("schools")]
    assert rows[0] == headers
    wanted = [row for row in rows if any(row) and row != headers]
    found = printed(reading)
    same = sum(row in wanted for row in found)
    # Names are cut or run into the next cell where the file's columns are too narrow.
    assert same / len(wanted) > 0.85
    assert [check.name for check in reading.failed_required()] == ["all_in_cells"]


def test_cells_over_columns_part_the_table_and_are_said() -> None:
    years = ("2007", "2008", "2009", "2010", "2011")
    columns = {"Volume servers in:": "place", **{year: f"in_{year}" for year in years}}
    reading = read("spanning_cells", columns=columns, key=["place"])
    wanted = expected("spanning_cells")
    of_volume = wanted[: next(n for n, row in enumerate(wanted) if row[0].startswith("Server cla"))]
    numbers = [row for row in of_volume if row[1] and row[0] != "Volume servers in:"]
    assert printed(reading) == numbers
    assert Counter(p.kind for p in reading.problems) >= Counter(
        spanning_cell=3, repeated_header=2, foreign_table=3
    )


def test_a_table_whose_header_is_over_two_rows_and_has_two_parts_is_read_as_one_part() -> None:
    columns = {"1": "item", "2": "a", "3": "b", "4": "c", "5": "d", "6": "e"}
    reading = read("twotables", columns=columns, key=["item"], header_rows=0)
    wanted = {row[0]: row for row in expected("twotables") if len(row) == 6 and row[0] and row[1]}
    found = {row[0]: row for row in printed(reading)}
    assert wanted
    for item in wanted.keys() & found.keys():
        assert found[item] == wanted[item]
    # The second table has more columns, and which is which cannot be told.
    assert "ragged_row" in {problem.kind for problem in reading.problems}


def test_a_table_without_rules_is_refused() -> None:
    with pytest.raises(NotThisDocument, match="no ruled table"):
        read("AnimalSounds", columns={"1": "a", "2": "b"}, key=["a"], header_rows=0)


def test_states_that_a_rule_parts_only_in_fives_are_held() -> None:
    columns = {str(number): f"c{number}" for number in range(1, 26)}
    reading = read(
        "nics-background-checks-2015-11", columns=columns, key=["c1"], header_rows=0, pages="1"
    )
    kinds = Counter(problem.kind for problem in reading.problems)
    assert kinds["rows_not_parted"] == 11
    assert "rows_parted" in {check.name for check in reading.failed_required()}
