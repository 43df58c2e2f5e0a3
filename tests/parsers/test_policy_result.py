"""A page without law is held, and never passes for a policy that was emptied."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.options import BadOptions
from parsers.policy.result import PolicyOptions, is_reserved, policy_options, policy_reading
from parsers.records import Policy, PolicySection, Reading

POLICY = Policy(
    jurisdiction="Zembla",
    title="Detainers",
    citation=None,
    instrument_type="code",
    host="page",
    host_id="1",
    address=None,
    version_label=None,
    position=1,
    evidence=(),
)


def section(host_id: str, body: str, note: str | None = None) -> PolicySection:
    return PolicySection(
        host_id=host_id,
        number=f"§ {host_id}",
        heading=None,
        path=(),
        body=body,
        history_note=note,
        events=(),
        anchor=None,
        position=1,
        evidence=(),
    )


def failed(reading: Reading) -> list[str]:
    return [check.name for check in reading.failed_required()]


def test_a_policy_with_law_passes() -> None:
    reading = policy_reading(POLICY, [section("1", "Law."), section("2", "[Reserved]")])
    assert failed(reading) == []
    assert reading.edition.title == "Detainers"
    assert len(reading.records) == 3


@pytest.mark.parametrize(
    "bodies",
    [
        [],
        ["", ""],
        ["(Reserved)"],
        ["[Reserved]", "through § 230-190. (Reserved)"],
        ["[1] Editor’s Note: This also superseded former Art. II."],
    ],
)
def test_a_policy_without_law_is_held(bodies: list[str]) -> None:
    sections = [section(str(place), body) for place, body in enumerate(bodies)]
    assert failed(policy_reading(POLICY, sections)) == ["has_law"]


@pytest.mark.parametrize(
    "body",
    [
        "The Zembla Code has moved to eCode360.",
        "This code is now hosted on another site.\nPlease update your bookmarks.",
        "The Code of Ordinances has been moved to eCode360",
    ],
)
def test_a_notice_that_the_code_moved_is_held(body: str) -> None:
    assert failed(policy_reading(POLICY, [section("1", body)])) == ["not_moved"]


def test_a_law_about_something_that_moved_is_law() -> None:
    law = "The office has moved to the second floor. " + "It keeps its hours there. " * 40
    assert failed(policy_reading(POLICY, [section("1", law)])) == []


def test_a_section_that_stands_there_twice_is_held() -> None:
    reading = policy_reading(POLICY, [section("1", "Law."), section("1", "Law.")])
    assert failed(reading) == ["sections_unique"]


def test_a_note_with_a_day_that_was_not_understood_is_said() -> None:
    reading = policy_reading(POLICY, [section("1", "Law.", "[Approved on 2.1.2017, cf. 1-2-3]")])
    (check,) = [check for check in reading.checks if check.name == "notes_read"]
    assert not check.passed
    assert "§ 1" in check.message
    assert failed(reading) == []


@pytest.mark.parametrize(
    "text", ["(Reserved)", "[RESERVED]", " reserved. ", "through 9. (Reserved)"]
)
def test_a_text_that_keeps_a_number_free_is_reserved(text: str) -> None:
    assert is_reserved(text)


@pytest.mark.parametrize("text", ["", None, "All rights reserved to the people.", "Law."])
def test_any_other_text_is_not(text: str | None) -> None:
    assert not is_reserved(text)


def test_options_stand_for_what_a_document_does_not_print() -> None:
    wanted = policy_options({"jurisdiction": "Zembla", "title": "T"}, PolicyOptions)
    assert (wanted.jurisdiction, wanted.title, wanted.instrument_type) == ("Zembla", "T", "code")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"instrument_type": "law"}, "instrument_type: .*'law' is none of code, ordinance"),
        ({"jurisdicton": "Zembla"}, "jurisdicton"),
        ({"title": ""}, "title"),
    ],
)
def test_a_wrong_option_is_named(options: dict[str, Any], says: str) -> None:
    with pytest.raises(BadOptions, match=says):
        policy_options(options, PolicyOptions)


def test_the_notice_of_a_specimen_is_carried() -> None:
    reading = policy_reading(
        POLICY, [section("1", "Law.")], title="A title", notice="SPECIMEN only"
    )
    assert (reading.edition.title, reading.edition.notice) == ("A title", "SPECIMEN only")
