"""What a source is expected to give: a reading that does not is held."""

from __future__ import annotations

from typing import Any

import pytest

from parsers.records import Agreement, Check, EditionClaim, Reading
from sanctuary.expectations import checks
from sanctuary.sources import Expect, Source
from tests.db.history import agreement

PUBLIC = "2025-06-30T10:00:00Z"


def source(**expect: Any) -> Source:
    return Source(
        id="zembla-agreements",
        title="Agreements of Zembla",
        publisher="Zembla Ministry",
        address=None,
        parser="ice-287g",
        editions="content",
        expect=Expect(**expect),
        why="Invented.",
    )


def checked(*rows: Agreement, rows_before: int = 0, **expect: Any) -> dict[str, Check]:
    reading = Reading(EditionClaim(), (Agreement,), rows)
    found = checks(source(**expect), reading, rows_before, PUBLIC)
    assert all(check.required for check in found)
    return {check.name: check for check in found}


@pytest.mark.parametrize(("share", "passed"), [(0.5, True), (0.6, False)])
def test_a_column_is_filled_in_the_share_of_rows_that_is_expected(
    share: float, passed: bool
) -> None:
    rows = agreement("One"), agreement("Two", county=None)
    check = checked(*rows, filled={"county": share})["filled_county"]
    assert check.passed is passed
    if not passed:
        assert check.message == ("1 of 2 rows have a value in county, where 60% are expected")


def test_a_list_without_rows_fills_nothing() -> None:
    assert not checked(filled={"county": 0.0})["filled_county"].passed


@pytest.mark.parametrize(
    ("signed", "passed"),
    [
        ("2025-05-31", True),
        ("2025-05-30", False),
        ("2025-05", True),
        ("2025-04", False),
        ("2025", True),
        ("2024", False),
        ("2025-13", False),
        ("soon", False),
        (None, False),
    ],
)
def test_the_newest_date_is_no_older_than_is_expected(signed: str | None, passed: bool) -> None:
    rows = agreement("One", signed="2020-01-01"), agreement("Two", signed=signed)
    check = checked(*rows, newest_within={"signed": "30d"})["newest_signed"]
    assert check.passed is passed


@pytest.mark.parametrize(("rows", "passed"), [(5, True), (4, False)])
def test_a_list_loses_no_more_than_is_expected(rows: int, passed: bool) -> None:
    agencies = [agreement(f"Agency {number}") for number in range(rows)]
    assert checked(*agencies, rows_before=10, max_lost=0.5)["not_too_many_lost"].passed is passed
