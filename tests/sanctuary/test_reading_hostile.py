"""Documents that harm who reads them: a problem within limits, or a correct reading, never more."""

from __future__ import annotations

import io
import random
import resource
import runpy
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from parsers.records import Problem, Reading
from parsers.registry import parser_named
from sanctuary.reading import read_document
from tests.sanctuary.commands import REVISION_1
from tests.sanctuary.hostile import HOSTILE, TIGHT

LOCKED = HOSTILE.parent / "ddor-faults" / "locked-with-password.pdf"
MAKER = runpy.run_path(str(HOSTILE / "make_hostile.py"))
CUTS = 12
FLIPS = 12
LIST = {"record": "listings", "columns": {"Jurisdiction": "jurisdiction", "Policy": "policy"}}


def read(file: Path, parser: str = "ddor") -> Reading | Problem:
    return read_document(parser, file.read_bytes(), {}, TIGHT)


def peak_mb(*, anew: bool = False) -> float:
    """Return the most memory that this process ever held, in megabytes, or begin to count anew."""
    if anew:
        with suppress(OSError):  # Linux alone forgets
            Path("/proc/self/clear_refs").write_text("5")
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000


def test_every_file_has_its_maker() -> None:
    files = {file.name for file in HOSTILE.iterdir() if file.suffix in (".pdf", ".xlsx")}
    assert files == MAKER["DOCUMENTS"].keys()


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("bomb", {"too_large"}),
        ("page-tree-cycle", {"unreadable"}),
        ("many-pages", {"too_many_pages"}),
        ("endless-xref-stream", {"too_slow"}),
        # Whichever limit it comes to first: that depends on the speed of the machine.
        ("endless-cmap-range", {"too_slow", "too_large"}),
        ("forms-that-draw-forms", {"too_slow", "too_large"}),
        ("grid-of-many-cells", {"too_slow", "too_large"}),
        ("pages-without-a-type", {"unreadable"}),
    ],
)
def test_a_pdf_that_harms_its_reader_costs_its_own_reading(name: str, kinds: set[str]) -> None:
    before = peak_mb(anew=True)
    problem = read(HOSTILE / f"{name}.pdf")
    assert isinstance(problem, Problem)
    assert problem.kind in kinds
    assert "\n" not in problem.message
    assert peak_mb() - before < 30
    assert isinstance(read(REVISION_1), Reading)


def test_the_bomb_is_small_and_unpacks_to_hundreds_of_megabytes() -> None:
    assert (HOSTILE / "bomb.pdf").stat().st_size < 1100
    assert MAKER["BOMB"] >= 200_000_000


def test_a_file_of_too_many_pages_says_how_many_are_allowed() -> None:
    problem = read(HOSTILE / "many-pages.pdf")
    assert isinstance(problem, Problem)
    assert problem.message == (
        "it has more than 100 pages; if you trust the document, "
        "raise settings.reading.pages in sources.yml and read it again by "
        "`sanctuary replay --accept`"
    )


def test_no_page_where_another_program_sees_one_is_a_problem_and_no_empty_report() -> None:
    document = (HOSTILE / "pages-without-a-type.pdf").read_bytes()
    with pypdfium2.PdfDocument(io.BytesIO(document)) as seen:
        assert len(seen) == 1
    problem = read(HOSTILE / "pages-without-a-type.pdf")
    assert isinstance(problem, Problem)
    assert "no page was found" in problem.message


def test_a_locked_report_is_a_problem_that_says_so() -> None:
    problem = read(LOCKED)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.message.partition(";")[0]) == (
        "unreadable",
        "the file is locked with a password",
    )


WHOLE = REVISION_1.read_bytes()


@pytest.mark.parametrize("ending", [b"", b"\n%%EOF\n"], ids=["cut", "cut and closed"])
def test_a_report_cut_at_any_place_is_never_read_as_a_shorter_one(ending: bytes) -> None:
    whole = parser_named("ddor").read(WHOLE, {})
    last = WHOLE.rindex(b"%%EOF")
    for offset in (int(last * part / CUTS) for part in range(CUTS)):
        answer = read_document("ddor", WHOLE[:offset] + ending, {}, TIGHT)
        assert isinstance(answer, Problem) or answer.failed_required() or answer == whole, offset


def test_flipped_bytes_are_a_problem_or_a_reading() -> None:
    chance = random.Random(3)
    for number in range(FLIPS):
        document = bytearray(WHOLE)
        for _ in range(1 << number % 8):
            document[chance.randrange(9, len(document))] ^= 1 << chance.randrange(8)
        answer = read_document("ddor", bytes(document), {}, TIGHT)
        assert isinstance(answer, Reading | Problem)
        assert not isinstance(answer, Problem) or answer.kind != "crashed", number


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("billion-laughs-in-strings", "document type declaration"),
        ("billion-laughs-in-sheet", "document type declaration"),
        ("quadratic-blowup", "document type declaration"),
        ("external-entity", "document type declaration"),
        ("external-document-type", "document type declaration"),
        ("lying-directory", "no sheet has a header row"),
        ("one-cell", "no sheet has a header row"),
    ],
)
def test_a_workbook_that_harms_its_reader_is_refused_before_it_can(name: str, says: str) -> None:
    problem = read(HOSTILE / f"{name}.xlsx", "ice-287g")
    assert isinstance(problem, Problem)
    assert (problem.kind, says in problem.message) == ("unreadable", True), problem.message


@pytest.mark.parametrize("depth", [300, 3_000, 30_000])
def test_elements_nested_deep_are_read_like_others(depth: int) -> None:
    page = b"<!doctype html>" + b"<b>" * depth + b"<p>Correction: one row was wrong."
    answer = read_document("notices", page, {}, TIGHT)
    assert isinstance(answer, Reading)
    assert [getattr(row, "text", None) for row in answer.records] == [
        "Correction: one row was wrong."
    ]


@pytest.mark.parametrize("spans", ["rowspan=0 colspan=1000", "rowspan=99999", "colspan=1000"])
def test_a_table_whose_cells_span_more_than_any_list_is_refused(spans: str) -> None:
    head = "<table><tr><th>Jurisdiction<th>Policy"
    rows = f"<tr>{f'<td {spans}>x' * 900}" + "<tr>" * 1200
    limits = replace(TIGHT, cpu_seconds=10)
    answer = read_document("table", f"<!doctype html>{head}{rows}".encode(), LIST, limits)
    assert isinstance(answer, Problem)
    assert answer.kind == "unreadable"
    assert "spanned ones included" in answer.message


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>',
        '<!DOCTYPE html [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE html SYSTEM "http://127.0.0.1:9/never.dtd">',
    ],
)
def test_entities_that_a_page_declares_are_not_replaced(doctype: str) -> None:
    page = f"{doctype}<p>Correction: &b;".encode()
    answer = read_document("notices", page, {}, TIGHT)
    assert isinstance(answer, Reading)
    assert [getattr(row, "text", None) for row in answer.records] == ["Correction: &b;"]


@pytest.mark.parametrize(
    "document", [b"", b"%PDF-1.7\n%%EOF", b"PK\x03\x04", b"<", bytes(range(256)) * 64, b"\0" * 9999]
)
def test_bytes_of_any_kind_are_unreadable_or_read_by_every_parser(document: bytes) -> None:
    for name in ("ddor", "ice-287g", "notices"):
        answer = read_document(name, document, {}, TIGHT)
        assert isinstance(answer, Reading) or answer.kind == "unreadable"
