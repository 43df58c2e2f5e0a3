"""American Legal: blocks of text written for a script, read as the sections they are."""

from __future__ import annotations

import json
from typing import Any

from parsers.records import Reading
from tests.parsers import code_hosts
from tests.parsers.code_hosts import policy, sections

CODE = "https://codelibrary.amlegal.com/codes/freedonia/latest/freedonia_oh"


def read(name: str, **options: Any) -> Reading:
    return code_hosts.read("amlegal", name, **options)


def test_components_of_the_script_leave_their_text_and_nothing_else() -> None:
    text = json.dumps(read("version-1.json").to_json()["records"])
    assert "Judicial warrant means a warrant under Section 101.02 signed by a judge." in text
    for chrome in ("className", "AnnotationDrawer", "InterCodeLink", "<"):
        assert chrome not in text


def test_a_component_that_closes_itself_takes_no_text_with_it() -> None:
    rows = sections(read("odd-blocks.json"))
    assert rows["§ 39.055"].body.splitlines() == [
        "Inside the block of its section.",
        "Above a second part",
        "Its text.",
    ]
    assert rows["CHAPTER 541"].body == "Words in no block."


def test_a_section_is_known_by_the_name_of_its_anchor() -> None:
    row = sections(read("version-1.json", address=CODE))["541.02"]
    assert row.host_id == "JD_541.02"
    assert row.anchor == f"{CODE}/0-0-0-602#JD_541.02"
    assert row.path == ("CHAPTER 541 Civil Detainers",)


def test_only_a_paragraph_wholly_in_brackets_is_a_history_note() -> None:
    row = sections(read("chicago-style.json"))["2-900-020"]
    assert "Ord. 5" in row.body
    assert [(event.kind, event.law) for event in row.events] == [
        ("added", "Coun. J. 9-12-12, p. 33041"),
        ("amended", "Coun. J. 2-22-17, p. 43916"),
    ]


def test_a_text_without_a_heading_has_that_of_the_answer() -> None:
    row = sections(read("san-francisco-style.json"))["SEC. 12H.2"]
    assert (row.heading, row.host_id) == ("CIVIL DETAINERS; USE OF FUNDS.", "SEC. 12H.2")
    assert [event.date for event in row.events] == [None, "2016-06-17"]
    assert "ballot" not in row.body


def test_a_list_of_the_sections_is_no_text_of_their_chapter() -> None:
    row = sections(read("version-1.json"))["CHAPTER 541"]
    assert (row.body, row.history_note) == ("", "Arrest - see GEN. OFF. 501.02")


def test_the_currency_is_the_version_wherever_it_stands() -> None:
    first, last = read("version-1.json"), read("version-4-wrapped-anew.json")
    assert (policy(first).version_label or "").startswith("Local legislation current through March")
    assert policy(last).version_label == "Local legislation current through June 30, 2026"
    assert policy(read("chicago-style.json")).version_label is None


def test_a_saved_page_gives_the_sections_of_the_answer() -> None:
    saved, answer = read("saved-page.html"), read("version-1.json")
    assert list(sections(saved)) == list(sections(answer))
    for ours, theirs in zip(sections(saved).values(), sections(answer).values(), strict=True):
        assert ours.content() | {"anchor": None} == theirs.content() | {"anchor": None}
    assert policy(saved).address == f"{CODE}/0-0-0-501"
