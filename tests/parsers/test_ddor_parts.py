"""The rules by which a report is taken apart: headings, periods, sentences, offences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.ddor.columns import SHAPES, columns_of
from parsers.ddor.period import Period, period_in
from parsers.ddor.prose import sentences
from parsers.ddor.sections import SECTIONS, Outline, outline
from parsers.ddor.values import number_of, offences_of
from parsers.errors import NotThisDocument
from parsers.pdf.body import Block
from parsers.pdf.layout import Line
from parsers.printed_dates import iso_day
from parsers.records import Offence, PageSpot, Problem

BODY = ("Body", 9.0)
BOLD = ("Body-Bold", 9.0)


def lines(*texts: str | tuple[str, tuple[str, float]]) -> list[Block]:
    """Return lines below one another on page 1, in the style of the body unless one is given."""
    blocks = []
    for number, text in enumerate(texts):
        said, style = text if isinstance(text, tuple) else (text, BODY)
        bullet = said.startswith("• ")
        box = (0.0, 11.0 * number, 100.0, 11.0 * number + 9)
        blocks.append(Block(1, Line(said.removeprefix("• "), box, bullet, style)))
    return blocks


def headings(found: Outline) -> dict[str, str]:
    return {part.name: part.heading.text for part in found.parts if part.heading}


def kinds(found: Outline) -> list[str]:
    return [problem.kind for problem in found.problems]


FOUR = (
    "Section I: Highest Volume of Detainers Issued between January 28, 2017 and February 3, 2017",
    "Section II: Jurisdictions with Recorded Declined Detainers between January 28, 2017 and"
    " February 3, 2017",
    "Section III: Table of Jurisdictions that have Enacted Policies which Limit Cooperation with"
    " ICE",
    "Section IV: Report Scope and Data Fidelity",
)


def test_the_titles_in_the_list_are_not_the_headings() -> None:
    listed = [f"• {title}" for title in FOUR]
    found = outline(lines("Summary", *listed, *((title, BOLD) for title in FOUR), "The end."))
    assert tuple(headings(found)) == SECTIONS
    summary, *_, last = found.parts
    assert summary.blocks == ()
    assert [block.content.text for block in last.blocks if isinstance(block.content, Line)] == [
        "The end."
    ]


def test_a_heading_that_is_only_in_the_list_is_missing() -> None:
    found = outline(lines(*(f"• {title}" for title in FOUR), *((t, BOLD) for t in FOUR[:3])))
    assert found.missing == ["section_iv"]


def test_a_title_goes_on_as_long_as_it_is_one() -> None:
    first = "Section I: Highest Volume of Detainers Issued to Non-Cooperative Jurisdictions between"
    rest = "January 28, 2017, and February 3, 2017"
    found = outline(lines((first, BOLD), (rest, BOLD), "During the week"))
    assert headings(found) == {"section_i": f"{first} {rest}"}
    assert len(found.parts[1].blocks) == 1


def test_a_title_may_wrap_before_it_can_be_known() -> None:
    first, rest = (
        "Section II: Jurisdictions with",
        FOUR[1].removeprefix("Section II: Jurisdictions with "),
    )
    found = outline(lines((first, BOLD), (rest, BOLD), "Prose"))
    assert headings(found) == {"section_ii": FOUR[1]}


def test_a_title_above_every_page_of_its_section_is_one_heading() -> None:
    listed = [f"• {title}" for title in FOUR]
    real = [(title, BOLD) for title in (*FOUR[:3], FOUR[2], FOUR[3])]
    found = outline(lines("Summary", *listed, *real, "The end."))
    assert tuple(headings(found)) == SECTIONS
    third = found.part("section_iii")
    assert third is not None
    assert third.blocks == ()


def test_four_headings_of_which_the_last_goes_on_are_no_list() -> None:
    found = outline(lines(*((title, BOLD) for title in (*FOUR, FOUR[3])), "The end."))
    assert tuple(headings(found)) == SECTIONS


def test_a_title_may_change_its_style_on_the_way() -> None:
    first, rest = FOUR[1].split(" and")
    found = outline(lines((first, BOLD), f"and{rest}", "Prose"))
    assert headings(found) == {"section_ii": FOUR[1]}


@pytest.mark.parametrize(
    "title",
    [
        "Section III: Table of Jurisdictions that have Enacted Policies which Limit Cooperation"
        " with ICE",
        "Section III Table of Jurisdictions that have Enacted Policies which Restrict Cooperation"
        " with ICE",
        "SECTION III. TABLE OF JURISDICTIONS THAT HAVE ENACTED POLICIES WHICH RESTRICT COOPERATION"
        " WITH ICE.",
        "Section III – Table of Jurisdictions that have Enacted Policies which Restrict"
        " Cooperation with the Agency",
    ],
)
def test_punctuation_and_case_of_a_title_do_not_count(title: str) -> None:
    found = outline(lines((title, BOLD), "Prose"))
    assert headings(found) == {"section_iii": title}
    assert "unknown_heading" not in kinds(found)


def test_another_wording_is_a_heading_all_the_same_and_is_reported() -> None:
    title = "Section IV: Report Scope, Limits and Fidelity of Data"
    found = outline(lines((title, BOLD), "Prose"))
    assert headings(found) == {"section_iv": title}
    assert "unknown_heading" in kinds(found)


def test_a_line_of_prose_that_begins_with_a_section_is_no_heading() -> None:
    with pytest.raises(NotThisDocument):
        outline(
            lines("Section II of future weekly reports. As further noted in", "Section IV, ICE")
        )


def test_text_above_the_title_is_reported_but_the_agency_is_known() -> None:
    title = ("Weekly Declined Detainer Outcome Report", BOLD)
    found = outline(lines("DRAFT", "ZEMBLA REMOVAL OFFICE", title, (FOUR[3], BOLD)))
    assert [problem.text for problem in found.problems] == ["DRAFT"]


def test_a_title_that_is_not_found_is_reported() -> None:
    found = outline(lines("Some other report", (FOUR[3], BOLD)))
    assert found.title is None
    assert kinds(found) == ["no_title"]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("Jan. 28 – Feb. 3, 2017", "2017-01-28", "2017-02-03"),
        ("Feb 4 – Feb 10, 2017", "2017-02-04", "2017-02-10"),
        ("Feb 11 Feb 17, 2017", "2017-02-11", "2017-02-17"),
        ("between January 28, 2017, and February 3, 2017", "2017-01-28", "2017-02-03"),
        ("Dec. 31, 2016 – Jan. 6, 2017", "2016-12-31", "2017-01-06"),
        ("Sept. 30 – Oct. 6, 2017", "2017-09-30", "2017-10-06"),
        ("May 27 – June 2 2017", "2017-05-27", "2017-06-02"),
    ],
)
def test_a_period_is_read_in_every_form(text: str, start: str, end: str) -> None:
    assert period_in(f"For Recorded Declined Detainers {text}") == Period(start, end)


@pytest.mark.parametrize(
    "text",
    [
        "Dec. 31 – Jan. 6, 2017",  # which year the first day is of is not guessed
        "Jan. 28 – Feb. 3",
        "Jan. 28, 2017",
        "Feb. 30 – Mar. 3, 2017",
        "February 2017",
    ],
)
def test_a_period_is_never_completed(text: str) -> None:
    assert period_in(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2/1/2017", "2017-02-01"),
        ("02/04/201 7", "2017-02-04"),
        ("Jan. 28, 2017", "2017-01-28"),
        ("Sept. 5, 2016", "2016-09-05"),
        ("1/2/0217", None),
        ("2/30/2017", None),
        ("2/1/17", None),
    ],
)
def test_a_day_is_read_as_far_as_it_is_printed(text: str, day: str | None) -> None:
    assert iso_day(text) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [("3,083", 3083), ("51", 51), ("1,234,567", 1234567), ("0", 0)],
)
def test_a_number_has_commas_or_none(text: str, number: int) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize("text", ["", "l7", "1,23", "12.5", "-3", "5*", "٥", "1 234"])
def test_what_is_no_whole_number_is_none(text: str) -> None:
    assert number_of(text) is None


def convicted(name: str) -> Offence:
    return Offence(name, "conviction")


def charged(name: str) -> Offence:
    return Offence(name, "charge")


@pytest.mark.parametrize(
    ("activity", "offences"),
    [
        ("Robbery (Conviction)", [convicted("Robbery")]),
        ("Assault", [Offence("Assault", None)]),
        ("Fraud (Conviction); Order (Charge)", [convicted("Fraud"), charged("Order")]),
        ("Fraud (Conviction), Larceny (Charge)", [convicted("Fraud"), charged("Larceny")]),
        ("Fraud (Convicted) Larceny (Charged)", [convicted("Fraud"), charged("Larceny")]),
        (
            "Robbery (Conviction); Intimidation",
            [convicted("Robbery"), Offence("Intimidation", None)],
        ),
        ("Intimidation; Robbery (Charge)", [Offence("Intimidation", None), charged("Robbery")]),
        ("Assault, Aggravated (Charge)", [charged("Assault, Aggravated")]),
        ("Assault (Felony) (Charge)", [charged("Assault (Felony)")]),
        ("Fraud (Conviction)/Larceny (Charge)", [convicted("Fraud"), charged("Larceny")]),
        ("Fraud (Conviction)Larceny (Charge)", [convicted("Fraud"), charged("Larceny")]),
        ("Fraud (Conviction) and Larceny (Charge)", [convicted("Fraud"), charged("Larceny")]),
        ("Fraud (Conviction). Larceny", [convicted("Fraud"), Offence("Larceny", None)]),
        ("Assault (Pending)", [Offence("Assault (Pending)", None)]),
        ("Sexual Assault - Carnal Abuse (Charge)", [charged("Sexual Assault - Carnal Abuse")]),
        ("", []),
    ],
)
def test_offences_are_taken_apart_and_no_disposition_is_guessed(
    activity: str, offences: list[Offence]
) -> None:
    assert offences_of(activity) == offences


@given(
    st.lists(st.tuples(st.text("abc", min_size=1), st.sampled_from(["charge", "conviction", None])))
)
def test_what_is_printed_with_semicolons_is_read_back(told: list[tuple[str, str | None]]) -> None:
    printed = "; ".join(f"{name} ({said.title()})" if said else name for name, said in told)
    assert offences_of(printed) == [Offence(name, said) for name, said in told]


def test_sentences_end_at_a_full_stop_but_not_at_an_initial_or_a_month() -> None:
    text = "The U.S. Agency on Jan. 28 did. “It did.” Then it ended (see 3.5). No?"
    assert sentences(text) == [
        "The U.S. Agency on Jan. 28 did.",
        "“It did.”",
        "Then it ended (see 3.5).",
        "No?",
    ]


@pytest.mark.parametrize(
    ("section", "labels", "fields"),
    [
        ("section_i", "Jurisdiction|Number of Detainers Issued", "jurisdiction detainers_issued"),
        (
            "section_ii",
            "Jurisdiction (AOR)|Facility Name|Detainer Issued Date|Date Detainer Was Declined|"
            "Country of Citizenshi p|Criminal Activity",
            "jurisdiction facility date_issued date_declined citizenship activity",
        ),
        (
            "section_iii",
            "Jurisdiction|AOR|Enacted Date|Policy|Criteria for Honoring ICE Detainers",
            "jurisdiction field_office date_enacted policy criteria",
        ),
    ],
)
def test_a_header_is_known_in_several_wordings(section: str, labels: str, fields: str) -> None:
    found = columns_of(labels.split("|"), SHAPES[section])
    assert found is not None
    assert found.fields == tuple(fields.split())


def test_a_header_row_needs_every_column_once() -> None:
    shape = SHAPES["section_i"]
    found = columns_of(("County, State", "AOR", "Issued Detainers"), shape)
    assert found is not None
    assert found.fields == ("jurisdiction", None, "detainers_issued")
    assert found.name_of(1) == "AOR"
    assert columns_of(("County, State", "AOR"), shape) is None
    assert columns_of(("Jurisdiction", "County, State", "Issued Detainers"), shape) is None


@pytest.mark.parametrize(
    ("top", "bottom", "individual"),
    [
        (1.0, 10.0, False),
        (1.0, 20.0, True),
        (12.0, 20.0, True),
        (12.0, 40.0, True),
        (23, 40, False),
    ],
)
def test_a_problem_that_reaches_into_section_ii_may_be_about_a_person(
    top: float, bottom: float, *, individual: bool
) -> None:
    found = outline(lines(*((title, BOLD) for title in FOUR)))
    (problem,) = found.guarded(
        [Problem("engines_differ", "page 1: …", "text", (PageSpot(1, (0.0, top, 90.0, bottom)),))]
    )
    assert problem.individual is individual
