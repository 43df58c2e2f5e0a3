"""Among the paragraphs of a code, what is enacted is told from what is noted of it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from parsers.policy.code_notes import (
    is_editorial,
    law_and_notes,
    note_split_off,
    without_contents,
)
from parsers.policy.code_titles import number_and_heading
from parsers.policy.html_text import readable
from parsers.policy.html_walk import parted_at


@pytest.mark.parametrize(
    ("printed", "number", "heading"),
    [
        ("Sec. 4211 - Home occupations.", "Sec. 4211", "Home occupations."),
        ("Sec. 46-37. - Policy for detainers.", "Sec. 46-37", "Policy for detainers."),
        ("§ 6-100. - Intent.", "§ 6-100", "Intent."),
        ("3-101 - Purpose.", "3-101", "Purpose."),
        ("10.12.030. - Speed limits; streets.", "10.12.030", "Speed limits; streets."),
        ("A. - Purpose and Intent.", "A", "Purpose and Intent."),
        ("Secs. 4202—4210 - [Reserved].", "Secs. 4202—4210", "[Reserved]."),
        ("Secs. 4217—4219. - [Reserved].", "Secs. 4217—4219", "[Reserved]."),
        ("Secs. 1-5, 1-6. - Reserved.", "Secs. 1-5, 1-6", "Reserved."),
        ("ARTICLE 7. - NONCONFORMING USES", "ARTICLE 7", "NONCONFORMING USES"),
        ("PART II - CODE OF ORDINANCES", "PART II", "CODE OF ORDINANCES"),
        ("1141.01 ZONING DISTRICT MAP ADOPTED.", "1141.01", "ZONING DISTRICT MAP ADOPTED."),
        ("2-173-020 Enforcement prohibited.", "2-173-020", "Enforcement prohibited."),
        ("SEC. 12H.2. IMMIGRATION STATUS.", "SEC. 12H.2", "IMMIGRATION STATUS."),
        ("3.18.010\u00a0\u00a0\u00a0\u00a0Findings.", "3.18.010", "Findings."),
        ("Chapter 3.18 FINDINGS", "Chapter 3.18", "FINDINGS"),
        ("Chapter 3.18", "Chapter 3.18", None),
        ("Effective date - when in force", None, "Effective date - when in force"),
        ("911 calls", None, "911 calls"),
        ("Part of a code", None, "Part of a code"),
        ("", None, None),
    ],
)
def test_a_title_is_taken_apart(printed: str, number: str | None, heading: str | None) -> None:
    assert number_and_heading(printed) == (number, heading)


@pytest.mark.parametrize("printed", ["1-" * 5000, "Sec. 1" + "-1" * 5000 + "!", "1.1" * 5000])
def test_a_number_without_end_has_not_countless_readings(printed: str) -> None:
    assert "".join(filter(None, number_and_heading(printed))) == printed


@pytest.mark.parametrize(
    "line",
    [
        "Editor's note— Ord. No. 1802, § 2, repealed former Art. IV.",
        "Editor’s Note: This law superseded another.",
        "[1] Editor's Note: See Ch. 5.",
        "(EDITOR'S NOTE: Former Section 541.03 was repealed.)",
        "*Code reviser's note: Ord. 1 numbered this section 2.",
        "Cross reference— Jail, § 30-1 et seq.",
        "State law reference— Arrest, § 19.2-81.",
        "Prior legislation: Ords. 1200 and 1301.",
        "CROSS REFERENCES",
    ],
)
def test_what_an_editor_notes_is_no_law(line: str) -> None:
    assert is_editorial(line)
    assert law_and_notes(["The law.", line]).body == "The law."


@pytest.mark.parametrize(
    "line",
    [
        "Editors of newspapers are free.",
        "Cross references in this chapter are to sections of it.",
        "Prior history of the person is kept.",
        "(a) Editor's note: this is what the form must say.",
    ],
)
def test_a_law_about_notes_is_law(line: str) -> None:
    assert not is_editorial(line)


def test_below_a_head_of_notes_there_are_only_notes() -> None:
    law = law_and_notes(["The law.", "Editor's Notes", "See the ballot.", "(Ord. 5, 6-9-98)"])
    assert (law.body, law.note) == ("The law.", "(Ord. 5, 6-9-98)\nSee the ballot.")
    assert [event.law for event in law.events] == ["Ord. 5"]


@pytest.mark.parametrize(
    ("lines", "left", "notes"),
    [
        (["It is so. (Ord. 12 § 1, 2017)."], ["It is so."], ["(Ord. 12 § 1, 2017)."]),
        (["It is so; [Ord. 12 § 1(a), 2017]"], ["It is so;"], ["[Ord. 12 § 1(a), 2017]"]),
        (
            ["Two. (Ord. 1, 2017)", "Editor's note: x"],
            ["Two.", "Editor's note: x"],
            ["(Ord. 1, 2017)"],
        ),
        (["as adopted (Ord. 12)."], ["as adopted (Ord. 12)."], []),
        (["It is so. (See the map.)"], ["It is so. (See the map.)"], []),
        (["(Ord. 12 § 1, 2017)"], ["(Ord. 12 § 1, 2017)"], []),
        (["Unclosed. Ord. 12 § 1, 2017)"], ["Unclosed. Ord. 12 § 1, 2017)"], []),
        ([], [], []),
    ],
)
def test_a_note_is_split_off_only_after_a_whole_sentence(
    lines: list[str], left: list[str], notes: list[str]
) -> None:
    assert note_split_off(lines) == (left, notes)


def test_a_list_of_the_sections_is_left_out_and_what_stands_beside_it_is_not() -> None:
    lines = ["Sections:", "1.2.010 Purpose.", "1.2.020 Terms.", "1.2.030 Old.", "A preamble."]
    assert without_contents(lines, ["1.2.010", "1.2.020"]) == ["1.2.030 Old.", "A preamble."]
    assert without_contents(lines[:4], []) == []
    assert without_contents(["Chapter 3.17 Parades", "§ 5 Purpose"], []) == []
    assert without_contents(lines, []) == lines
    law = ["1. No person may.", "2. Nor may another."]
    assert without_contents(law, []) == law


def test_a_page_is_parted_at_its_headings_and_no_word_is_lost_or_moved() -> None:
    page = BeautifulSoup(
        "<main>a<div>b<h3>H</h3>c<div><i>d</i><h3>K</h3></div>e<!-- no --></div>f</main>", "lxml"
    )
    main = page.main
    assert main is not None
    before = str(page)
    found = [
        (mark.get_text() if mark else None, readable(below).replace("\n", ""))
        for mark, below in parted_at(main, page.select("h3"))
    ]
    assert found == [(None, "ab"), ("H", "cd"), ("K", "ef")]
    assert str(page) == before
