"""Code Publishing: a chapter's page, its list of contents and its chrome left out."""

from __future__ import annotations

from typing import Any

from parsers.policy.codepublishing import PARSER
from parsers.records import Reading
from tests.parsers import code_hosts
from tests.parsers.code_hosts import failed, policy, sections
from tests.parsers.golden import FIXTURES

PAGE = "https://www.codepublishing.com/WA/Freedonia/html/Freedonia03/Freedonia0318.html"
FOR_PEOPLE = "https://www.codepublishing.com/WA/Freedonia/#!/Freedonia03/Freedonia0318.html"


def read(name: str, **options: Any) -> Reading:
    return code_hosts.read("codepublishing", name, **options)


def test_a_history_note_that_ends_a_paragraph_is_parted_from_it() -> None:
    rows = sections(read("version-1.html"))
    assert rows["3.18.010"].body.endswith("the safety of all.")
    assert rows["3.18.010"].history_note == "(Ord. 4547 § 1, 2017)."
    assert rows["3.18.020"].body.endswith("signed by a judge, as adopted (Ord. 12).")
    held = rows["3.18.030"]
    assert held.body.endswith("They are paid at the jail.")
    assert [(event.date, event.law) for event in held.events] == [("2017", "Ord. 4547")]
    assert "reviser" in (held.history_note or "")


def test_lists_of_contents_and_navigation_are_not_read() -> None:
    bodies = " ".join(row.body for row in sections(read("version-1.html")).values())
    for chrome in ("Sections:", "Findings.", "Chapter 3.17", "Back to top", "is current through"):
        assert chrome not in bodies
    assert list(sections(read("parts-and-old-anchors.html"))) == ["28.01", "28.10"]


def test_a_section_is_known_by_its_id_and_its_deep_link_ends_with_it() -> None:
    row = sections(read("version-1.html"))["3.18.020"]
    assert (row.host_id, row.anchor) == ("3.18.020", f"{PAGE}#3.18.020")
    reading = read("version-1.html", address=f"{FOR_PEOPLE}#3.18.010")
    assert sections(reading)["3.18.020"].anchor == f"{FOR_PEOPLE}#3.18.020"
    assert policy(reading).host_id == "Freedonia0318"


def test_an_article_stands_above_its_sections_and_loose_words_are_kept() -> None:
    rows = sections(read("parts-and-old-anchors.html"))
    assert rows["28.01"].path == ("CHAPTER 28 ZONING", "Article I. General Provisions")
    assert rows["28.10"].path == ("CHAPTER 28 ZONING", "Article II. Districts")
    assert rows["28.01"].body.splitlines() == [
        "A parade is a march.",
        "(a) A march is a walk.",
        "Loose words at the end.",
    ]
    assert (rows["28.01"].host_id, rows["28.10"].host_id) == ("JD_28.01", "28.10")


def test_the_currency_at_the_foot_of_the_page_is_the_version() -> None:
    assert policy(read("version-4-wrapped-anew.html")).version_label == (
        "The Freedonia Municipal Code is current through Ordinance 4950, passed June 3, 2025."
    )


def test_numbered_paragraphs_of_a_page_without_sections_are_law() -> None:
    reading = read("without-sections.html")
    assert failed(reading) == []
    (row,) = sections(reading).values()
    assert row.body.startswith("1. The people of Freedonia govern themselves.\n2. ")


def test_a_law_that_moves_an_office_is_no_notice_that_the_code_moved() -> None:
    page = (FIXTURES / "codepublishing" / "version-1.html").read_text("utf-8")
    office = "The office has moved to the site of the jail."
    more = "It stays there. " * 50
    law = page.replace("In this chapter:", f'{office}</p><p class="P1">{more}')
    assert office in law
    assert failed(PARSER.read(law.encode(), {})) == []
