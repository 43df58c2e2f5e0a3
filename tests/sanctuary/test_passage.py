"""The text around a place in a page, an answer, a workbook and a CSV."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from parsers.bundle import Part, packed
from parsers.records import HtmlSpot, PartSpot, SheetSpot, spot_from_json
from sanctuary.passage import (
    BLOCK,
    NoPassage,
    Rows,
    Text,
    block_at,
    block_of,
    cut_out,
    passage_at,
    read_passage,
)

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAGE = b"""<html><head><title>no</title></head><body><p>Before.</p>
<p id="a">The <b>passage</b>&lt;i&gt;</p><script>x()</script><p>After.</p></body></html>"""


def text(document: bytes, spot: HtmlSpot | PartSpot) -> Text:
    found = read_passage(passage_at(document, spot))
    assert isinstance(found, Text)
    return found


def rows(document: bytes, spot: HtmlSpot | SheetSpot) -> Rows:
    if isinstance(spot, SheetSpot):
        return cut_out(read_passage(block_at(document, spot.sheet, block_of(spot))), spot.row)
    found = read_passage(passage_at(document, spot))
    assert isinstance(found, Rows)
    return found


@pytest.mark.parametrize("anchor", ["a", "#a", "body > p:nth-of-type(2)"])
def test_an_element_is_found_by_its_id_or_path_and_shown_as_text(anchor: str) -> None:
    assert text(PAGE, HtmlSpot(anchor)) == Text("Before.", "The passage<i>", "After.")


def test_a_row_of_a_page_stands_among_the_rows_around_it() -> None:
    lines = "".join(f"<tr><td>{n}</td><td>x</td></tr>" for n in range(1, 31))
    page = f"<table>{lines}</table>".encode()
    found = rows(page, HtmlSpot("tr:nth-of-type(20)"))
    assert [row.number for row in found.rows] == list(range(14, 27))
    assert [row.cells for row in found.rows if row.is_row] == [("20", "x")]
    assert found.first is not None
    assert found.first.cells == ("1", "x")


def test_every_row_of_a_workbook_and_a_csv_is_found_where_it_was_read() -> None:
    for name in ("xlsx-list", "csv-list"):
        suffix = name.partition("-")[0]
        document = (FIXTURES / "table" / f"{name}.{suffix}").read_bytes()
        expected = json.loads((FIXTURES / "table" / f"{name}.expected.json").read_text())
        for record in expected["records"]["listings"]:
            spot = spot_from_json(record["evidence"][0])
            assert isinstance(spot, SheetSpot)
            (line,) = [row for row in rows(document, spot).rows if row.is_row]
            assert record["jurisdiction"].split(",")[0] in " ".join(line.cells)


@pytest.mark.parametrize("row", [1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 2 * BLOCK + 9])
def test_a_row_has_the_same_rows_around_it_wherever_its_block_ends(row: int) -> None:
    last = 2 * BLOCK + 9
    document = "".join(f"row {n},x\n" for n in range(1, last + 1)).encode()
    found = rows(document, SheetSpot("", row))
    around = range(max(1, row - 6), min(last, row + 6) + 1)
    assert [each.number for each in found.rows] == list(around)
    assert [each.cells[0] for each in found.rows if each.is_row] == [f"row {row}"]
    assert (found.first is None) == (row <= 7)
    with pytest.raises(NoPassage):
        rows(document, SheetSpot("", last + 1))


def test_a_csv_that_two_signs_could_part_is_shown_as_its_lines() -> None:
    found = rows(b"a,b;c\nd,e;f\n", SheetSpot("", 2))
    assert [row.cells for row in found.rows] == [("a,b;c",), ("d,e;f",)]


def test_a_value_of_an_answer_stands_between_its_neighbours_without_markup() -> None:
    docs = [{"Title": f"Sec. {n}", "Content": f"<p>Text <i>{n}</i></p>"} for n in range(4)]
    document = packed([Part("http://127.0.0.1/a", json.dumps({"Docs": docs}).encode())])
    found = text(document, PartSpot("http://127.0.0.1/a", "Docs[1]"))
    assert found.passage == "Title: Sec. 1\nContent: Text 1"
    assert found.before == "Title: Sec. 0\nContent: Text 0"
    inner = text(document, PartSpot("http://127.0.0.1/a", "Docs[1].Content"))
    assert inner.passage == "Text 1"


@pytest.mark.parametrize(
    ("document", "spot"),
    [
        (PAGE, HtmlSpot("#b")),
        (b'{"a": 1}', HtmlSpot("b[0]")),
        (b'{"a": 1}', HtmlSpot("a!")),
        (packed([]), PartSpot("http://127.0.0.1/a", "x")),
    ],
)
def test_a_place_that_is_not_there_is_no_passage(
    document: bytes, spot: HtmlSpot | PartSpot
) -> None:
    with pytest.raises(NoPassage):
        passage_at(document, spot)


def test_an_answer_that_is_no_passage_is_refused() -> None:
    for answer in (b"", b"{}", b'{"before": 1, "passage": "", "after": ""}'):
        with pytest.raises(ValueError, match="no passage"):
            read_passage(answer)
