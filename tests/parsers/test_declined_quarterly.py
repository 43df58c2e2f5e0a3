"""Of a report of unknown layout prose, tables and cases are kept, and what is not known is said."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from parsers.declined_quarterly import PARSER
from parsers.errors import NotThisDocument
from parsers.fiscal_period import days_in, fiscal_quarter, sentence_periods
from parsers.printed_period import Period
from parsers.records import CaseNarrative, FoundRow, Reading, ReportTotal
from tests.parsers.golden import FIXTURES, assert_expected, outcome

FOLDER = FIXTURES / "declined-quarterly"
REPORTS = sorted(FOLDER.glob("*.pdf"))
Q2 = Period("2018-01-01", "2018-03-31")


def read(name: str) -> Reading:
    return PARSER.read((FOLDER / f"{name}.pdf").read_bytes(), {})


def cases(reading: Reading) -> list[str]:
    return [row.text for row in reading.rows(CaseNarrative) if isinstance(row, CaseNarrative)]


def prose(reading: Reading) -> list[tuple[str, str]]:
    rows = [row for row in reading.rows(ReportTotal) if isinstance(row, ReportTotal)]
    return [(row.name, row.text) for row in rows]


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_a_report_is_read_as_expected(report: Path) -> None:
    assert_expected(report, outcome(PARSER, report.read_bytes(), {}))


def test_the_committed_files_are_what_the_script_draws(tmp_path: Path) -> None:
    script = tmp_path / "make_quarterly.py"
    script.write_bytes((FOLDER / "make_quarterly.py").read_bytes())
    subprocess.run([sys.executable, "-B", script], check=True)
    drawn = {path.name: path.read_bytes() for path in tmp_path.glob("*.pdf")}
    assert drawn == {path.name: path.read_bytes() for path in REPORTS}


@pytest.mark.parametrize("name", [p.stem for p in REPORTS if p.stem != "weekly-title"])
def test_every_reading_says_that_the_layout_is_not_known(name: str) -> None:
    assert read(name).problems[0].kind == "unknown_layout"
    assert read(name).edition.notice == "SPECIMEN, NOT AN ICE DOCUMENT"


def test_cases_are_kept_apart_from_prose_to_the_next_known_heading() -> None:
    reading = read("quarter")
    assert cases(reading) == [
        "Onhava County Jail",
        "On January 9, 2018, Onhava County did not honor a detainer on a citizen of Syldavia. "
        "He was arrested again on March 2, 2018, in the same county, and was then held for the "
        "office.",
        "The county gave no reason for it, then or later, though it had been asked for one twice.",
        "A 40-year-old Bordurian was released in Bera on February 1, 2018, one day after the "
        "detainer came in.",
    ]
    told = " ".join(text for _, text in prose(reading))
    assert "Syldavia" not in told
    assert "Bordurian" not in told
    assert ("report_scope", "Records are entered by hand.") in prose(reading)


def test_tables_are_kept_row_by_row_without_a_name_for_any_column() -> None:
    rows = [row for row in read("quarter").rows(FoundRow) if isinstance(row, FoundRow)]
    assert [(row.table_number, row.row_number, row.cells) for row in rows] == [
        (1, 1, ("Place", "Column B", "Column C")),
        (1, 2, ("Onhava, Zembla", "Syldavia", "2/1/2018")),
        (1, 3, ("Bera, Zembla", "", "3/9/2018")),
        (2, 1, ("Yeslove, Zembla", "Borduria", "3/30/2018")),
    ]


def test_what_was_left_over_is_a_problem_whose_text_may_be_of_a_person() -> None:
    (left,) = [p for p in read("text-beside-table").problems if p.kind == "text_beside_table"]
    assert left.text == "See Bera"
    assert left.individual


@pytest.mark.parametrize("name", ["quarter", "days-below-title"])
def test_the_period_is_the_one_that_is_stated(name: str) -> None:
    edition = read(name).edition
    assert (edition.period_start, edition.period_end) == (Q2.start, Q2.end)
    assert read(name).failed_required() == []


@pytest.mark.parametrize("name", ["no-period", "year-of-two-digits", "periods-disagree"])
def test_a_period_that_is_not_stated_or_not_once_holds_the_report(name: str) -> None:
    """When the series began is told in every issue: it is the period of none."""
    edition = read(name).edition
    assert (edition.period_start, edition.period_end) == (None, None)
    assert [check.name for check in read(name).failed_required()] == ["period_stated"]


def test_the_weekly_report_is_another_document() -> None:
    with pytest.raises(NotThisDocument, match="the weekly one is for the parser ddor"):
        read("weekly-title")


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("Fiscal Year (FY) 2018, Second Quarter", Q2),
        ("FY2018 Q2", Q2),
        ("2nd Quarter, fiscal year 2018", Q2),
        ("FY 2018 Q1", Period("2017-10-01", "2017-12-31")),
        ("FY 2020, Quarter 3", Period("2020-04-01", "2020-06-30")),
        ("Fourth Quarter of Fiscal Year 2018", Period("2018-07-01", "2018-09-30")),
        ("FY18 Q2", None),
        ("FY 2018", None),
        ("Second Quarter", None),
        ("FY 2018, Q1 and Q2", None),
        ("FY 2017 Q2 and FY 2018 Q2", None),
    ],
)
def test_a_fiscal_quarter_is_read_if_year_and_quarter_are_whole(
    text: str, period: Period | None
) -> None:
    assert fiscal_quarter(text) == period


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("January 1, 2018 through March 31, 2018", Q2),
        ("Jan. 1 – Mar. 31, 2018", Q2),
        ("2018-01-01 to 03-31", Q2),
        ("2018-01-01 to 2018-03-31", Q2),
        ("1/1/2018 - 3/31/2018", Q2),
        ("March 31, 2018 to January 1, 2018", None),
        ("2018-13-01 to 2018-14-31", None),
        ("January 1, 2018", None),
        ("January to March 2018", None),
    ],
)
def test_two_days_are_a_period(text: str, period: Period | None) -> None:
    assert days_in(text) == period


def test_only_a_sentence_on_the_detainers_issued_states_the_period() -> None:
    texts = [
        "A detainer was lodged on January 1, 2018 and again on March 31, 2018.",
        "The series begins in the second quarter of FY 2018.",
        "It covers detainers that were issued between January 1, 2018 and March 31, 2018. So.",
    ]
    stated = list(sentence_periods((text, ()) for text in texts))
    assert [(each.text, each.period) for each in stated] == [(texts[2].split(" So")[0], Q2)]
