"""What two engines read differently is said, held, shown with both readings, and for a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.parsers.golden import FIXTURES
from tests.sanctuary.commands import Answer, Commands
from tests.site.serving import served

SOURCE = "specimen-ddor"
REPORT = FIXTURES / "ddor-faults" / "letters-mapped-to-nothing.pdf"
"""One engine believes that two of its letters stand for nothing."""
SAID = "Two engines read 2 places differently, on page 2."


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Commands, Answer]:
    sanctuary = Commands(tmp_path_factory.mktemp("differ"))
    return sanctuary, sanctuary("import", REPORT, "--source", SOURCE, "--captured-at", "2017-03-20")


def test_parse_says_what_differs_and_ends_as_held(sanctuary: Commands) -> None:
    answer = sanctuary("parse", REPORT, "--parser", "ddor")
    assert answer.code == 3
    assert f"engines_agree: {SAID}" in answer.err
    texts = [each["text"] for each in answer.data()["problems"]]
    assert texts == [
        "pdfplumber: eslove, Zembla\nPDFium: Yeslove, Zembla",
        "pdfplumber: eorgia\nPDFium: Georgia",
    ]


def test_parse_fast_compares_nothing_and_says_so(sanctuary: Commands) -> None:
    answer = sanctuary("parse", REPORT, "--parser", "ddor", "--fast")
    assert answer.code == 0
    read = answer.data()
    assert read["document"]["parser_version"].endswith("+fast")
    assert read["records"]["detainer_counts"][1]["jurisdiction"] == "Yeslove, Zembla"
    (check,) = [each for each in read["checks"] if each["name"] == "engines_agree"]
    assert check["message"] == "Each page was read by one engine alone: nothing was compared."


def test_import_holds_it(imported: tuple[Commands, Answer]) -> None:
    sanctuary, answer = imported
    assert answer.code == 3
    assert SAID in answer.out + answer.err
    assert sanctuary.rows("SELECT count(*) FROM editions") == [(0,)]


def test_held_prints_both_readings_but_nothing_of_an_individual(
    imported: tuple[Commands, Answer],
) -> None:
    sanctuary, _ = imported
    said = sanctuary("held", "#1").out
    assert "[SPECIMEN, NOT AN ICE DOCUMENT]" in said
    assert "problem: page 2: two engines read a cell differently" in said
    assert "pdfplumber: eslove, Zembla\nPDFium: Yeslove, Zembla\n" in said
    assert "eorgia" not in said


def test_the_page_shows_both_readings_and_the_cell_in_its_box(
    imported: tuple[Commands, Answer],
) -> None:
    sanctuary, _ = imported
    ((sha256,),) = sanctuary.rows("SELECT sha256 FROM documents")
    with served(sanctuary.data_dir / "tracker.db") as site:
        body = site.get(f"/tracker/-/held?source={SOURCE}&document={sha256}").text
        picture = site.get(f"/tracker/-/document/{sha256}/page/2.png")
    assert '<p class="printed">pdfplumber: eslove, Zembla</p>' in body
    assert '<p class="printed">PDFium: Yeslove, Zembla</p>' in body
    assert "eorgia" not in body
    assert body.count(f"/document/{sha256}/page/2.png") == 2
    assert '<rect x="54.0" y="156.2" width="220.0"' in body
    assert picture.content.startswith(b"\x89PNG")


def test_a_person_can_accept_the_reading_that_stands(tmp_path: Path) -> None:
    sanctuary = Commands(tmp_path)
    sanctuary("import", REPORT, "--source", SOURCE, "--captured-at", "2017-03-20")
    assert sanctuary("accept", "#1", "--reason", "The page was looked at.").code == 0
    assert ("eslove, Zembla",) in sanctuary.rows("SELECT jurisdiction FROM current_detainer_counts")
    problems = sanctuary.rows("SELECT kind, text, evidence FROM problems ORDER BY id")
    assert [kind for kind, _, _ in problems] == ["engines_differ"] * 2
    assert problems[1][1] is None
    assert json.loads(problems[1][2])[0]["page"] == 2
