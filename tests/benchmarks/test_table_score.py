"""Tables that were found are compared with those that are printed, by neighbours and by rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import table_truth, tables
from benchmarks.table_cells import Cell, Counts, Table, counts, grid_of, without_spans
from benchmarks.table_truth import Document

GRID = [["Place", "2015"], ["Zembla", "3"], ["Onhava", ""]]
PRINTED: list[Table] = [grid_of(GRID)]


def right(*found: Table) -> Counts:
    return counts(PRINTED, found)


def test_each_cell_with_text_has_a_neighbour_to_the_right_and_one_below() -> None:
    assert right(grid_of(GRID)) == Counts(printed=5, found=5, right=5, rows=3, right_rows=3)


@given(st.lists(st.lists(st.text("ab ", max_size=2), min_size=3, max_size=3), max_size=4))
def test_a_table_is_all_right_beside_itself(rows: list[list[str]]) -> None:
    of = counts([grid_of(rows)], [grid_of(rows)])
    assert (of.printed, of.rows) == (of.right, of.right_rows) == (of.found, of.rows)


def test_neither_white_space_nor_an_empty_row_or_column_counts() -> None:
    apart = [["", *row[:1], "", *(f" {text}\n" for text in row[1:])] for row in GRID]
    assert right(grid_of([["", "", "", ""], *apart])) == right(grid_of(GRID))


def test_a_value_in_the_column_beside_is_no_row_read_right() -> None:
    moved = grid_of([["Place", "2015", "2016"], ["Zembla", "", "3"], ["Onhava", "", ""]])
    assert counts([moved], [grid_of([["Place", "2015", "2016"], *GRID[1:]])]).right_rows == 2


def test_two_cells_read_as_one_lose_their_neighbours() -> None:
    merged = right(grid_of([["Place", "2015"], ["Zembla Onhava", "3"]]))
    assert (merged.found, merged.right, merged.right_rows) == (4, 2, 1)


def test_a_cell_over_two_columns_stands_above_the_cells_of_both() -> None:
    table = [Cell("Detainers", 0, 0, 0, 1), Cell("2015", 1, 0, 1, 0), Cell("2016", 1, 1, 1, 1)]
    assert counts([table], []).printed == 3
    assert counts([without_spans(table)], []).printed == 2


def test_the_same_pair_twice_is_right_once_if_it_is_printed_once() -> None:
    assert right(grid_of(GRID), grid_of(GRID)).right == 5


def test_the_cells_of_the_competition_cover_the_rows_and_columns_that_its_file_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "us-900.pdf").write_bytes(b"")
    (tmp_path / "pdf" / "us-900-str.xml").write_text(
        "<document><table id='1'><region id='1'>"
        "<cell start-row='0' start-col='1' end-col='2'><content>Both</content></cell>"
        "<cell start-row='1' start-col='1'><content>One</content></cell>"
        "</region></table></document>"
    )
    monkeypatch.setattr(table_truth, "REAL", tmp_path)
    (document,) = table_truth.icdar_2013()
    assert document.tables == ([Cell("Both", 0, 1, 0, 2), Cell("One", 1, 1, 1, 1)],)


def test_tables_below_each_other_in_a_csv_are_told_apart_by_their_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "two.pdf").write_bytes(b"")
    (tmp_path / "pdf" / "two.csv").write_text('a,"b\nc"\nd,e\nf,g,h\n')
    monkeypatch.setattr(table_truth, "REAL", tmp_path)
    (document,) = table_truth.tabula_tests()
    assert document.tables == (grid_of([["a", "b\nc"], ["d", "e"]]), grid_of([["f", "g", "h"]]))


def test_a_document_without_any_table_found_costs_recall_and_no_precision() -> None:
    blank = Document(Path("a.pdf"), tuple(PRINTED))
    score = tables.score(lambda *_: [], [blank])
    assert (score.recall, score.precision, score.value, score.read) == (0, 0, 0, 0)
    half = tables.score(lambda path, _: PRINTED if path.stem == "b" else [], [blank, _named("b")])
    assert (half.recall, half.precision, half.read) == (0.5, 1, 1)


def test_without_the_real_documents_their_rows_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_truth, "REAL", tmp_path)
    monkeypatch.setattr(table_truth, "FIXTURES", tmp_path)
    figures = tables.figures()
    assert [(figure.what, figure.peer) for figure in figures] == [
        (row.what, row.peer) for row in tables.ROWS
    ]
    assert {(figure.ours, figure.note) for figure in figures} == {("", table_truth.NOT_AT_HAND)}


def _named(name: str) -> Document:
    return Document(Path(f"{name}.pdf"), tuple(PRINTED))
