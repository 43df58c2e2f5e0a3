"""The tables of a document are found before anybody has mapped their columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.errors import Unreadable
from parsers.table.surveyed import survey_tables

FIXTURES = Path(__file__).parents[1] / "fixtures" / "table"
HEADER = ("Jurisdiction", "Date Enacted", "Policy", "Criteria")


@pytest.mark.parametrize(
    ("name", "where", "header", "rows"),
    [
        ("list.html", {}, HEADER, 3),
        ("two-tables.html", {"select": "body > table:nth-of-type(2)"}, HEADER, 1),
        ("rows-spanned.html", {}, HEADER, 3),
        ("csv-list.csv", {"format": "csv", "delimiter": ";"}, HEADER, 3),
        (
            "csv-windows-1252.csv",
            {"format": "csv", "encoding": "windows-1252", "delimiter": ","},
            ("Jurisdiction", "Policy"),
            1,
        ),
        ("xlsx-list.xlsx", {"format": "xlsx", "sheet": "List 1"}, HEADER, 6),
        ("pdf-list.pdf", {"format": "pdf"}, HEADER, 5),
    ],
)
def test_a_table_of_each_form_is_found(
    name: str, where: dict[str, str], header: tuple[str, ...], rows: int
) -> None:
    first = survey_tables((FIXTURES / name).read_bytes())[-1 if name == "two-tables.html" else 0]
    assert (dict(first.where), first.header, first.rows) == (where, header, rows)


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def test_what_stands_above_the_header_is_not_taken_for_it() -> None:
    (table,) = survey_tables(csv("SPECIMEN,,", "Jail,Beds,Kind", "Tarn,12,a", "Oak,3,b"))
    assert (table.header, table.rows, table.telling) == (("Jail", "Beds", "Kind"), 2, (0,))


def test_rows_that_are_mostly_numbers_are_no_header() -> None:
    (table,) = survey_tables(csv("7,12,a", "9,3,b"))
    assert (table.has_header, table.header, table.rows) == (False, ("1", "2", "3"), 2)


def test_the_columns_that_tell_rows_apart_are_as_few_as_do() -> None:
    (table,) = survey_tables(csv("County,State,Beds", "Oak,W,1", "Oak,E,1", "Tarn,W,1"))
    assert table.telling == (0, 1)
    (alike,) = survey_tables(csv("County,State", "Oak,W", "Oak,W"))
    assert alike.telling == (0, 1)


def test_a_page_without_a_table_has_none_and_broken_bytes_are_told() -> None:
    assert survey_tables(b"<p>Zembla</p>") == []
    with pytest.raises(Unreadable):
        survey_tables(b"PK\x03\x04 no workbook")
