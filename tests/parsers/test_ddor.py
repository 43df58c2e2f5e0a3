"""The weekly report is read by its headings and headers, and checked against itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from parsers.ddor import PARSER
from parsers.ddor.columns import names_counties
from parsers.errors import NotThisDocument, ReadingError, Unreadable
from parsers.records import Reading, content_hash
from tests.parsers.golden import FIXTURES, assert_expected, outcome

SPECIMENS = sorted((FIXTURES / "ddor").glob("*.pdf"))
FAULTS = sorted((FIXTURES / "ddor-faults").glob("*.pdf"))
CONTENT = json.loads((FIXTURES / "ddor" / "content.json").read_text("utf-8"))
WEEK_1 = [name for name, report in CONTENT["specimens"].items() if report == "week 1"]
STATED = {"period", "detainers_issued_nationwide", "detainers_issued_listed", "caveat"}
WHOLE = "whole"
TYPESET: dict[str, dict[str, Any]] = {
    "detainer_counts": {"other_columns": {}},
    "declined_detainers": {"other_columns": {}},
    "listings": {"state": None, "level": None, "level_text": None, "other_columns": {}},
}
"""The tables of a report, with what no cell of the specimens prints."""


@cache
def reading(path: Path) -> Reading:
    return PARSER.read(path.read_bytes(), {})


def fault(name: str) -> Reading:
    return reading(FIXTURES / "ddor-faults" / f"{name}.pdf")


def specimen(name: str) -> Reading:
    return reading(FIXTURES / "ddor" / name)


def rows(read: Reading, table: str) -> list[dict[str, Any]]:
    plain = json.loads(json.dumps(read.to_json()))["records"][table]
    return [{k: v for k, v in row.items() if k not in ("position", "evidence")} for row in plain]


def failed(read: Reading) -> set[str]:
    return {check.name for check in read.checks if not check.passed}


@pytest.mark.parametrize("path", [*SPECIMENS, *FAULTS], ids=lambda path: path.stem)
def test_a_report_is_read_as_expected(path: Path) -> None:
    assert_expected(path, outcome(PARSER, path.read_bytes(), {}))


@pytest.mark.parametrize("name", sorted(CONTENT["specimens"]))
def test_a_specimen_gives_the_records_it_was_typeset_from(name: str) -> None:
    told = CONTENT["reports"][CONTENT["specimens"][name]]
    read = specimen(name)
    assert asdict(read.edition) == told["edition"]
    for table, more in TYPESET.items():
        for row in (found := rows(read, table)):
            if table == "detainer_counts":
                del row["level"]
        assert found == [{**row, **more} for row in told["records"][table]]
    totals = rows(read, "report_totals")
    assert [t for t in totals if t["name"] in STATED | {"correction"}] == told["records"][
        "report_totals"
    ]
    for part, paragraphs in told["paragraphs"].items():
        assert [total["text"] for total in totals if total["name"] == part] == paragraphs
    assert not failed(read)
    assert not read.problems


def test_four_typographies_of_one_report_give_the_same_records() -> None:
    assert len(WEEK_1) == 4
    assert len({content_hash(specimen(name).records) for name in WEEK_1}) == 1


def test_equal_counts_share_a_rank() -> None:
    ranks = [row["rank"] for row in rows(specimen(WEEK_1[0]), "detainer_counts")]
    assert ranks == [1, 2, 3, 4, 4, 6, 7, 8, 8, 8]


def test_place_and_field_office_are_taken_apart() -> None:
    listed = rows(specimen(WEEK_1[0]), "listings")
    apart = {row["jurisdiction"]: row["field_office"] for row in listed}
    assert apart["Iowa City, Johnson County, Iowa"] == "Saint Paul"
    assert apart["Nowhere Township, North Erewhon"] is None


def test_georgia_among_citizenships_is_kept_as_printed() -> None:
    assert "Georgia" in [
        row["citizenship"] for row in rows(specimen(WEEK_1[0]), "declined_detainers")
    ]


def test_a_row_broken_over_a_page_has_a_spot_on_both() -> None:
    broken = [
        record
        for record in specimen("ddor-2017-02-11-broken-rows.pdf").records
        if record.table == "listings" and len(record.evidence) > 1
    ]
    assert [[spot.page for spot in record.evidence] for record in broken] == [[3, 4]]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("empty", Unreadable, "the file is empty"),
        ("html-page", Unreadable, "an HTML page"),
        ("cut-short", Unreadable, "cut short"),
        ("locked-with-password", Unreadable, "locked with a password"),
        ("no-pages", Unreadable, "no page was found"),
        ("no-text", NotThisDocument, "no page has text"),
        ("without-sections", NotThisDocument, "no heading"),
        ("sections-without-tables", NotThisDocument, "no table with a row"),
    ],
)
def test_what_is_no_report_is_refused_with_a_remedy(
    name: str, error: type[ReadingError], said: str
) -> None:
    with pytest.raises(error, match=said) as raised:
        fault(name)
    assert raised.value.remedy
    assert "\n" not in str(raised.value)


HELD = {
    "section-missing": {"sections_found", "rows_read"},
    "section-without-rows": {"rows_read"},
    "foreign-table": {"every_row_fits"},
    "table-in-section-iv": {"every_row_fits"},
    "cell-over-two-columns": {"every_row_fits"},
    "not-a-number": {"every_row_fits", "listed_total", "listed_jurisdictions"},
    "no-jurisdiction": {"every_row_fits", "listed_total", "listed_jurisdictions"},
    "total-does-not-add-up": {"listed_total"},
    "other-number-of-jurisdictions": {"listed_jurisdictions"},
    "declined-outside-period": {"declined_in_period"},
    "periods-disagree": {"period_agrees"},
    "text-in-no-cell": {
        *("tables_accounted", "every_row_fits", "listed_total", "listed_jurisdictions"),
    },
    "text-over-rule": {"tables_accounted"},
    "text-over-outer-rule": {"tables_accounted"},
    "row-without-closing-rule": {"tables_accounted"},
    "rest-below-text": {"every_row_fits"},
    "rest-or-row": {"every_row_fits"},
    "date-over-two-rows": {"every_row_fits", "rows_read"},
    "declined-dates-unread": {"declined_in_period"},
    "letters-not-mapped": {"characters_read"},
    "letters-mapped-to-nothing": {"engines_agree"},
}
READ_WITH_DOUBT = {
    "text-beside-table": {"pages_accounted"},
    "turned-text": {"pages_accounted"},
    "word-broken-by-column": {"words_whole"},
    "not-newest-first": {"newest_first"},
    "ranks-not-in-order": {"ranks_agree"},
    "declined-before-issued": {"issued_before_declined"},
}


@pytest.mark.parametrize(("name", "checks"), HELD.items(), ids=HELD.keys())
def test_a_report_at_odds_with_itself_is_held(name: str, checks: set[str]) -> None:
    assert {check.name for check in fault(name).failed_required()} == checks


@pytest.mark.parametrize(("name", "checks"), READ_WITH_DOUBT.items(), ids=READ_WITH_DOUBT.keys())
def test_what_is_odd_but_readable_is_said_and_not_held(name: str, checks: set[str]) -> None:
    assert failed(fault(name)) == checks
    assert not fault(name).failed_required()


def test_every_check_has_a_report_that_fails_it() -> None:
    seen = set().union(*HELD.values(), *READ_WITH_DOUBT.values())
    assert seen == {check.name for check in fault(WHOLE).checks}


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        ("foreign-table", "foreign_table", "River | Length | Source | Mouth"),
        ("not-a-number", "not_a_number", "Yeslove, Zembla | l7"),
        ("text-in-no-cell", "text_in_no_cell", "17"),
        ("text-beside-table", "text_beside_table", "see note"),
        ("turned-text", "turned_text", "turned by a stamp"),
        ("text-below-table", "text_below_table", "Source: a field of this specimen."),
        ("year-of-two-digits", "unreadable_date", "1/30/17"),
        ("bracket-not-closed", "open_bracket", "Bera, Zembla (Port"),
        ("letters-not-mapped", "unmapped_character", "Detainers Jan 28 (cid:1) Feb 3, 2017"),
        (
            "letters-mapped-to-nothing",
            "engines_differ",
            "pdfplumber: eslove, Zembla\nPDFium: Yeslove, Zembla",
        ),
        ("unknown-column", "unknown_column", "AOR"),
        ("value-missing", "missing_value", ""),
        ("word-broken-by-column", "broken_word", "Hondurania nse"),
        ("caption-above-header", "caption", "Most detainers"),
        ("note-below-broken-table", "text_below_table", "* A note of this specimen."),
    ],
)
def test_a_problem_shows_its_text_and_where_it_stands(name: str, kind: str, text: str) -> None:
    found = [problem for problem in fault(name).problems if problem.kind == kind]
    assert text in (found[0].text or "")
    assert all(problem.evidence for problem in found)


def test_what_stands_under_an_unknown_header_is_kept_under_its_own_name() -> None:
    detainers = rows(fault("unknown-column"), "declined_detainers")
    assert [row["other_columns"] for row in detainers] == [{"AOR": "Port"}, {"AOR": "Bay"}]


def test_problems_among_individuals_are_marked_and_their_messages_name_nothing() -> None:
    texts = ("Onhava", "Georgia", "6/5/15", "1/30/17", "Dates are")
    for name in ("year-of-two-digits", "cell-over-two-columns"):
        for problem in fault(name).problems:
            assert problem.individual
            assert not [text for text in texts if text in problem.message]
        for check in fault(name).checks:
            assert not [text for text in texts if text in f"{check.message}{check.actual}"]
    assert not [p for p in fault("not-a-number").problems if p.individual]


def test_what_two_engines_read_differently_is_marked_where_it_is_of_an_individual() -> None:
    of_a_place, of_a_person = fault("letters-mapped-to-nothing").problems
    assert (of_a_place.individual, of_a_person.individual) == (False, True)
    assert of_a_person.text == "pdfplumber: eorgia\nPDFium: Georgia"
    assert of_a_person.message == "page 2: two engines read a cell differently"


def test_a_year_of_two_digits_is_not_completed() -> None:
    first = rows(fault("year-of-two-digits"), "declined_detainers")[0]
    assert (first["date_declined"], first["date_declined_text"]) == (None, "1/30/17")


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("ddor-2017-01-28-word.pdf", "county"),  # County, State
        ("ddor-2017-02-04-thin-rules.pdf", None),  # Jurisdiction
    ],
)
def test_names_are_of_counties_where_the_header_over_them_says_so(
    name: str, level: str | None
) -> None:
    assert {row["level"] for row in rows(specimen(name), "detainer_counts")} == {level}


@pytest.mark.parametrize(
    ("label", "is_county"),
    [
        ("County, State", True),
        ("Coun- ty, State", True),  # a narrow column breaks the word
        ("State, County", True),
        ("", True),  # two columns, County and State
        ("City, County, State", False),
        ("Jurisdiction (AOR)", False),
    ],
)
def test_a_header_says_of_what_its_names_are(label: str, is_county: bool) -> None:
    assert names_counties(label) is is_county


def test_a_row_broken_in_all_its_cells_is_one_row() -> None:
    broken, whole = rows(fault("row-broken-in-all-cells"), "listings")
    assert broken == {
        "jurisdiction": "Onhava, Zembla",
        "field_office": "Port of Zembla",
        "date_enacted": "2017-02",
        "date_enacted_text": "February 2017",
        "policy": "City Rule 4 on the Duties of the Guard",
        "criteria": ["Will not honor detainers without a warrant", "Needs a notice"],
        **TYPESET["listings"],
    }
    assert whole["date_enacted"] == "2014"


@pytest.mark.parametrize(
    "name",
    [
        *("header-alone-on-page", "whole-row-after-page-break", "running-lines"),
        *("thick-border", "bullets-of-any-sign", "bold-by-drawing-twice", "titles-repeated"),
        *("drawing-without-text", "page-cropped", "page-cropped-beyond", "page-turned"),
    ],
)
def test_what_only_looks_different_reads_the_same(name: str) -> None:
    assert content_hash(fault(name).records) == content_hash(fault(WHOLE).records)
    assert not failed(fault(name))


def test_a_jurisdiction_in_two_columns_is_put_together() -> None:
    detainers = rows(fault("state-and-county-apart"), "declined_detainers")
    assert [row["jurisdiction"] for row in detainers] == ["Onhava, Zembla", "Bera, Zembla"]
    assert not failed(fault("state-and-county-apart"))


def test_a_row_without_its_date_does_not_swallow_the_next() -> None:
    blank, whole = rows(fault("blank-date-at-page-foot"), "listings")
    assert (blank["jurisdiction"], blank["date_enacted"]) == ("Onhava, Zembla", None)
    assert (whole["jurisdiction"], whole["date_enacted"]) == ("Bera, Zembla", "2017")


@pytest.mark.parametrize("name", ["note-below-broken-table", "caption-above-header"])
def test_what_stands_around_a_table_does_not_keep_it_from_being_read(name: str) -> None:
    for table in ("detainer_counts", "declined_detainers", "listings"):
        assert rows(fault(name), table) == rows(fault(WHOLE), table)
    assert not failed(fault(name))


def test_a_cell_over_two_rows_belongs_to_both() -> None:
    detainers = rows(fault("cell-over-two-rows"), "declined_detainers")
    assert [row["jurisdiction"] for row in detainers] == ["Onhava, Zembla"] * 2
    assert [row["facility"] for row in detainers] == ["Onhava Jail", "Onhava Annex"]


def test_reading_again_gives_the_same() -> None:
    document = SPECIMENS[0].read_bytes()
    options: Mapping[str, Any] = {}
    assert PARSER.read(document, options) == PARSER.read(document, options)
