"""What two engines read of a page is compared cell by cell and line by line."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.pdf.agreement import compared, engines_agree, found_by_second
from parsers.pdf.layout import Cell, Line, Page, Row, Table
from parsers.pdf.pdfium_pages import Unvouched
from parsers.records import Box, PageSpot

STYLE = ("Vera", 9.0)
WIDTH, HEIGHT = 100.0, 20.0


def line(text: str, left: float = 72.0, top: float = 40.0, *, is_bullet: bool = False) -> Line:
    return Line(text, (left, top, left + 60.0, top + 9.0), is_bullet, STYLE)


def cell(text: str, column: int = 0, row: int = 0) -> Cell:
    left, top = 72.0 + column * WIDTH, 100.0 + row * HEIGHT
    box = (left, top, left + WIDTH, top + HEIGHT)
    return Cell(box, (line(text, left + 5, top + 5),) if text else ())


def table(*texts: tuple[str, ...]) -> Table:
    rows = tuple(
        tuple(cell(text, column, number) for column, text in enumerate(row))
        for number, row in enumerate(texts)
    )
    right, bottom = 72.0 + WIDTH * len(texts[0]), 100.0 + HEIGHT * len(texts)
    return Table(
        (72.0, 100.0, right, bottom),
        tuple(Row(cells, (72.0, cells[0].box[1], right, cells[0].box[3])) for cells in rows),
        (),
    )


def page(*lines: Line, tables: tuple[Table, ...] = (), turned: Line | None = None) -> Page:
    return Page(3, lines, tables, turned)


def told(ours: Page, theirs: Page) -> list[tuple[str, str | None, Box]]:
    """Return what each problem says, its text, and its place."""
    found = []
    for problem in compared(ours, theirs).differences:
        (spot,) = problem.evidence
        assert isinstance(spot, PageSpot)
        assert (problem.kind, spot.page) == ("engines_differ", 3)
        found.append((problem.message, problem.text, spot.bbox))
    return found


LISTED = table(("Place", "Count"), ("Onhava, Zembla", "17"), ("Bera, Zembla", ""))


def test_pages_that_are_the_same_agree() -> None:
    same = compared(
        page(line("A report"), tables=(LISTED,)), page(line("A report"), tables=(LISTED,))
    )
    assert (same.compared, same.differences) == (True, ())
    assert engines_agree([same]).passed


def test_the_reading_of_the_first_engine_stands() -> None:
    ours, theirs = page(line("Zembla")), page(line("Zemb1a"))
    kept = compared(ours, theirs)
    assert replace(kept, compared=False, differences=()) == ours


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Onhava, Zembla", "Onhava,Zembla"),
        ("Onhava, Zembla", "Onhava,\N{NO-BREAK SPACE} Zembla"),
        ("Onhava, Zembla", "On hava, Zembla"),
    ],
)
def test_white_space_does_not_count(ours: str, theirs: str) -> None:
    assert told(page(line(ours)), page(line(theirs))) == []
    assert told(page(tables=(table((ours,)),)), page(tables=(table((theirs,)),))) == []


def test_where_a_line_is_broken_does_not_count() -> None:
    assert (
        told(page(line("A policy of"), line("Zembla")), page(line("A policy"), line("of Zembla")))
        == []
    )


def test_a_cell_that_is_read_differently_is_told_with_both_readings_and_its_box() -> None:
    other = table(("Place", "Count"), ("Onhava, Zembla", "11"), ("Bera, Zembla", ""))
    assert told(page(tables=(LISTED,)), page(tables=(other,))) == [
        (
            "page 3: two engines read a cell differently",
            "pdfplumber: 17\nPDFium: 11",
            cell("17", 1, 1).box,
        )
    ]


def test_a_cell_in_which_one_engine_sees_nothing_is_told() -> None:
    other = table(("Place", "Count"), ("Onhava, Zembla", "17"), ("Bera, Zembla", "4"))
    ((_, text, box),) = told(page(tables=(LISTED,)), page(tables=(other,)))
    assert (text, box) == ("pdfplumber: (nothing)\nPDFium: 4", cell("4", 1, 2).box)


def test_a_bullet_that_one_engine_does_not_see_is_told() -> None:
    bullet = line("A warrant", is_bullet=True)
    ((_, text, _),) = told(page(bullet), page(line("A warrant")))
    assert text == "pdfplumber: • A warrant\nPDFium: A warrant"


def test_boxes_may_differ_by_less_than_a_point() -> None:
    x0, top, x1, bottom = cell("17").box
    near = Cell((x0 + 0.4, top, x1, bottom - 0.7), cell("17").lines)
    ours, theirs = table(("17",)), table(("17",))
    theirs = replace(theirs, rows=(replace(theirs.rows[0], cells=(near,)),))
    assert told(page(tables=(ours,)), page(tables=(theirs,))) == []
    assert told(page(tables=(theirs,)), page(tables=(ours,))) == []


def test_a_cell_that_one_engine_takes_for_two_is_told_once_for_each_that_is_not_there() -> None:
    whole = cell("Onhava 17")
    whole = replace(whole, box=(72.0, 100.0, 72.0 + 2 * WIDTH, 120.0))
    parted = table(("Onhava", "17"))
    one = replace(parted, rows=(replace(parted.rows[0], cells=(whole, whole)),))
    assert [each[:2] for each in told(page(tables=(one,)), page(tables=(parted,)))] == [
        (
            "page 3: pdfplumber alone finds a cell here",
            "pdfplumber: Onhava 17\nPDFium: Onhava 17",
        )
    ]
    assert [each[1] for each in told(page(tables=(parted,)), page(tables=(one,)))] == [
        "pdfplumber: Onhava\nPDFium: Onhava 17",
        "pdfplumber: 17\nPDFium: (nothing)",
    ]


def test_a_table_that_one_engine_alone_finds_is_told_once_with_what_the_other_reads_there() -> None:
    inside = line("Onhava 17", 80.0, 104.0)
    small = table(("Onhava", "17"))
    ((said, text, box),) = told(page(line("Title"), tables=(small,)), page(line("Title"), inside))
    assert said == "page 3: pdfplumber alone finds a table here"
    assert (text, box) == ("pdfplumber: Onhava 17\nPDFium: Onhava 17", small.box)
    ((said, text, box),) = told(page(line("Title"), inside), page(line("Title"), tables=(small,)))
    assert said == "page 3: PDFium alone finds a table here"
    assert (text, box) == ("pdfplumber: Onhava 17\nPDFium: Onhava 17", small.box)


def test_a_table_with_other_cells_throughout_is_one_place() -> None:
    ours = table(*(("Onhava", "17", "31") for _ in range(26)))
    wide = table(*(("Onhava", "1731") for _ in range(26)))
    theirs = replace(wide, rows=tuple(replace(row, cells=(row.cells[1],)) for row in wide.rows))
    ((said, _, box),) = told(page(tables=(ours,)), page(tables=(theirs,)))
    assert (said, box) == ("page 3: two engines read a table differently", ours.box)


def test_each_run_of_lines_that_differ_is_one_place() -> None:
    same = line("A report of Zembla", top=20.0)
    ours = page(same, line("It has 17", top=40.0), line("rows", top=52.0), line("End", top=70.0))
    theirs = page(same, line("It has 11", top=40.0), line("cows", top=52.0), line("End", top=70.0))
    assert told(ours, theirs) == [
        (
            "page 3: two engines read text outside the cells differently",
            "pdfplumber: It has 17 rows\nPDFium: It has 11 cows",
            (72.0, 40.0, 132.0, 61.0),
        )
    ]


@pytest.mark.parametrize("where", ["strays", "turned"])
def test_text_in_no_cell_and_turned_text_are_compared(where: str) -> None:
    def with_text(text: str) -> Page:
        if where == "turned":
            return page(turned=line(text))
        return page(tables=(replace(LISTED, strays=(line(text),)),))

    assert told(with_text("See note"), with_text("See n0te"))
    assert told(with_text("See note"), with_text("See note")) == []


def test_a_page_that_the_second_engine_alone_finds_is_told() -> None:
    alone = found_by_second(page(line("A last page")))
    (problem,) = alone.differences
    assert problem.message == "page 3: PDFium finds this page, pdfplumber does not"
    assert problem.text is None
    assert not engines_agree([alone]).passed
    assert not engines_agree([found_by_second(Unvouched(3, "text is turned"))]).passed


def test_a_page_that_cannot_be_vouched_for_holds_nothing_and_is_named() -> None:
    turned = compared(page(line("Zembla")), Unvouched(3, "text is turned"))
    check = engines_agree([compared(page(), page()), turned])
    assert check.passed
    assert check.message == (
        "Two engines read the same. By pdfplumber alone: page 3 (text is turned)."
    )


def test_the_check_counts_what_differs_and_says_nothing_of_what_is_printed() -> None:
    differs = compared(page(line("Zembla")), page(line("Zemb1a")))
    check = engines_agree([*[replace(differs, number=number) for number in range(1, 8)]])
    assert (check.passed, check.required, check.actual) == (False, True, "7")
    assert check.message == (
        "Two engines read 7 places differently, on pages 1, 2, 3, 4, 5 and 2 more."
    )


def test_pages_of_one_engine_alone_are_not_said_to_agree() -> None:
    check = engines_agree([page(line("Zembla"))])
    assert check.passed
    assert check.message == "Each page was read by one engine alone: nothing was compared."


WORDS = st.text("Zemblo 17-•", max_size=6)
GRIDS = st.tuples(st.integers(1, 4), st.integers(1, 3)).flatmap(
    lambda size: st.lists(
        st.lists(WORDS, min_size=size[1], max_size=size[1]).map(tuple),
        min_size=size[0],
        max_size=size[0],
    )
)


@settings(max_examples=50)
@given(GRIDS, st.data())
def test_a_cell_is_told_if_and_only_if_its_letters_differ(
    texts: list[tuple[str, ...]], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(texts) - 1))
    column = data.draw(st.integers(0, len(texts[0]) - 1))
    other = [list(each) for each in texts]
    other[row][column] = data.draw(WORDS)
    ours, theirs = table(*texts), table(*map(tuple, other))
    differs = texts[row][column].replace(" ", "") != other[row][column].replace(" ", "")
    boxes = [box for _, _, box in told(page(tables=(ours,)), page(tables=(theirs,)))]
    assert boxes == ([cell("", column, row).box] if differs else [])
