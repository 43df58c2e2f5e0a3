"""The specimens say that they are specimens, keep to what is known, and have their faults."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from pdfplumber.page import Page
from pypdf import PdfReader
from pypdf.constants import UserAccessPermissions

FOLDER = Path(__file__).parent / "fixtures" / "ddor"
CONTENT = json.loads((FOLDER / "content.json").read_text("utf-8"))
PDFS = sorted(path.name for path in FOLDER.glob("*.pdf"))
REPORTS = sorted(CONTENT["reports"])

KNOWN_COUNTS = {
    "2017-01-28": {
        "Clark, Nevada": 51,
        "Nassau, New York": 38,
        "Cook, Illinois": 13,
        "Montgomery, Iowa": 12,
        "Snohomish, Washington": 12,
        "Franklin, New York": 9,
        "Washington, Oregon": 7,
        "Alachua, Florida": 5,
        "Franklin, Iowa": 5,
        "Franklin, Pennsylvania": 5,
    },
    "2017-02-04": {
        "Los Angeles, California": 162,
        "New York City, New York": 73,
        "Kern, California": 65,
        "Clark, Nevada": 54,
    },
    "2017-02-11": {},
}
KNOWN_LISTINGS = {
    ("Ithaca, New York", "Buffalo", "February 2017", "Municipal Code Change"): (
        "Will only honor “warrantless detainer requests from the federal government under limited,"
        " specified circumstances” such as violent or serious crimes or terrorist activities",
    ),
    (
        "Travis County, Texas",
        "San Antonio",
        "January 2017",
        "Travis County Sheriff’s Office Policy on Cooperation with U.S. Immigration and Customs"
        " Enforcement",
    ): (
        "Willing to accept requests accompanied by a court order",
        "Willing to accept requests when the subject of the detainer request is charged with or"
        " has been convicted of Capital Murder, First Degree Murder, Aggravated Sexual Assault, or"
        " Continuous Smuggling of Persons",
    ),
    (
        "Iowa City, Johnson County, Iowa",
        "Saint Paul",
        "January 2017",
        "Resolution Reaffirming the Public Safety Function of Local Law Enforcement",
    ): ("Willing to only accept some requests for notifications, I-247N form.",),
}
NATIONWIDE = {"2017-01-28": 3083, "2017-02-04": 2825, "2017-02-11": 2868}

REAL_STATES = {
    *("Alabama", "Alaska", "Arizona", "Arkansas", "California", "Colorado", "Connecticut"),
    *("Delaware", "District of Columbia", "Florida", "Georgia", "Hawaii", "Idaho", "Illinois"),
    *("Indiana", "Iowa", "Kansas", "Kentucky", "Louisiana", "Maine", "Maryland", "Massachusetts"),
    *("Michigan", "Minnesota", "Mississippi", "Missouri", "Montana", "Nebraska", "Nevada"),
    *("New Hampshire", "New Jersey", "New Mexico", "New York", "North Carolina", "North Dakota"),
    *("Ohio", "Oklahoma", "Oregon", "Pennsylvania", "Rhode Island", "South Carolina"),
    *("South Dakota", "Tennessee", "Texas", "Utah", "Vermont", "Virginia", "Washington"),
    *("West Virginia", "Wisconsin", "Wyoming"),
}


def is_invented(jurisdiction: str) -> bool:
    invented = CONTENT["invented"]
    return (
        jurisdiction in invented["agencies"]
        or jurisdiction.rpartition(", ")[2] in invented["states"]
    )


def real_rows(report: str, table: str) -> list[dict[str, Any]]:
    rows = CONTENT["reports"][report]["records"][table]
    return [row for row in rows if not is_invented(row["jurisdiction"])]


def start_of(report: str) -> str:
    return str(CONTENT["reports"][report]["edition"]["period_start"])


def is_of_ice(report: str) -> bool:
    return not report.startswith("freedonia")


@contextmanager
def pages_of(name: str) -> Iterator[list[Page]]:
    with pdfplumber.open(FOLDER / name) as document:
        yield document.pages


def rows_on(page: Page) -> list[list[str | None]]:
    return [row for table in page.extract_tables() for row in table]


def test_every_file_has_content_and_all_content_a_file() -> None:
    assert sorted(CONTENT["specimens"]) == PDFS
    assert sorted(set(CONTENT["specimens"].values())) == REPORTS


def test_the_committed_content_is_what_the_script_builds(tmp_path: Path) -> None:
    built = tmp_path / "content.json"
    subprocess.run(
        [sys.executable, "-B", FOLDER / "make_specimens.py", "--content", built], check=True
    )
    assert json.loads(built.read_text("utf-8")) == CONTENT


@pytest.mark.parametrize("name", PDFS)
def test_every_page_says_that_it_is_a_specimen(name: str) -> None:
    with pages_of(name) as pages:
        lines = [page.extract_text(x_tolerance=1.5).splitlines() for page in pages]
    assert lines
    for number, printed in enumerate(lines, start=1):
        assert printed[0] == "SPECIMEN, NOT AN ICE DOCUMENT"
        assert printed[-1] == str(number)


@pytest.mark.parametrize("report", REPORTS)
def test_section_1_gives_real_places_the_counts_that_are_known_and_no_others(report: str) -> None:
    counts = {
        row["jurisdiction"]: row["detainers_issued"] for row in real_rows(report, "detainer_counts")
    }
    assert counts == (KNOWN_COUNTS[start_of(report)] if is_of_ice(report) else {})


@pytest.mark.parametrize("report", REPORTS)
def test_section_3_holds_the_known_rows_word_for_word_in_week_1_only(report: str) -> None:
    rows = {
        (
            row["jurisdiction"],
            row["field_office"],
            row["date_enacted_text"],
            row["policy"],
        ): tuple(row["criteria"])
        for row in real_rows(report, "listings")
    }
    assert rows == (KNOWN_LISTINGS if report == "week 1" else {})


@pytest.mark.parametrize("report", REPORTS)
def test_section_2_is_of_invented_places_alone(report: str) -> None:
    assert CONTENT["reports"][report]["records"]["declined_detainers"]
    assert real_rows(report, "declined_detainers") == []


@pytest.mark.parametrize("report", REPORTS)
def test_invented_places_have_invented_field_offices(report: str) -> None:
    offices = {
        row["field_office"]
        for row in CONTENT["reports"][report]["records"]["listings"]
        if is_invented(row["jurisdiction"])
    }
    assert offices <= {None, *CONTENT["invented"]["field_offices"]}


def test_the_invented_states_are_none_of_the_real_ones() -> None:
    assert not REAL_STATES & set(CONTENT["invented"]["states"])


@pytest.mark.parametrize("report", [report for report in REPORTS if is_of_ice(report)])
def test_the_national_total_is_the_reported_one(report: str) -> None:
    totals = CONTENT["reports"][report]["records"]["report_totals"]
    stated = [t for t in totals if t["name"] == "detainers_issued_nationwide"]
    assert [total["number"] for total in stated] == [NATIONWIDE[start_of(report)]]
    assert f"{stated[0]['number']:,}" in stated[0]["text"]


def test_no_report_of_the_invented_agency_speaks_of_ice() -> None:
    told = [json.dumps(CONTENT["reports"][name]) for name in REPORTS if not is_of_ice(name)]
    assert told
    assert not any("ICE " in text.replace("NOT AN ICE DOCUMENT", "") for text in told)


@pytest.mark.parametrize("report", REPORTS)
def test_a_stated_total_is_the_sum_of_its_rows(report: str) -> None:
    records = CONTENT["reports"][report]["records"]
    stated = [
        total["number"]
        for total in records["report_totals"]
        if total["name"] == "detainers_issued_listed"
    ]
    total = sum(row["detainers_issued"] for row in records["detainer_counts"])
    assert stated == ([] if report == "week 2" else [total])


def test_the_locked_file_opens_with_an_empty_password_and_forbids_copying() -> None:
    reader = PdfReader(FOLDER / "ddor-2017-01-28-locked.pdf")
    assert reader.is_encrypted
    assert reader.decrypt("")
    permissions = reader.user_access_permissions
    assert permissions is not None
    assert UserAccessPermissions.EXTRACT not in permissions


def test_the_thin_rules_are_rectangles_and_its_bullets_come_before_their_items() -> None:
    with pages_of("ddor-2017-01-28-thin-rules.pdf") as pages:
        assert not any(page.lines for page in pages)
        assert all(page.rects for page in pages[1:])
        printed = "".join(char["text"] for char in pages[0].chars)
    assert "••••Section I:" in printed


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("ddor-2017-01-28-broken-rows.pdf", "Paul)"),
        ("ddor-2017-02-11-broken-rows.pdf", ""),
    ],
)
def test_broken_rows_go_on_over_the_page_without_a_repeated_header(
    name: str, beginning: str
) -> None:
    with pages_of(name) as pages:
        first = rows_on(pages[-1])[0]
    jurisdiction, enacted, *_, criteria = first
    assert (jurisdiction, enacted) == (beginning, "")
    assert criteria is not None
    assert not criteria.startswith("•")


def test_the_word_file_repeats_headers_over_a_bullet_that_goes_on() -> None:
    with pages_of("ddor-2017-01-28-word.pdf") as pages:
        tops = [rows_on(page)[:2] for page in pages[2:]]
        bullets = {char["text"] for page in pages for char in page.chars} & {"•", "\uf0b7"}
        shapes = {page.width > page.height for page in pages}
    assert ["Jurisdiction (AOR)", "Date Enacted", "Policy", "Criteria for Honoring Detainer"] in [
        header for header, _ in tops
    ]
    assert any(first[:3] == ["", "", ""] and first[-1] for _, first in tops)
    assert bullets == {"\uf0b7"}
    assert shapes == {True, False}
