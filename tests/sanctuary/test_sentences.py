"""A change in words names the publisher and the list, says "between", and names nobody."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.log import LoggedChange, Wanted, logged
from parsers.records import DetainerCount, Record, ReportTotal
from sanctuary.sentences import field_lines, sentence, window
from tests.db.history import (
    LIST,
    REPORT,
    agreement,
    declined,
    listing,
    load,
    load_gone,
    new_database,
    reading,
)

LISTED = "List of Zembla (Zembla Ministry)"
REPORTED = "Report of Zembla (Zembla Ministry), 2017-01-28..2017-02-03@2"


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return new_database(tmp_path)


def of_list(db: Database, *editions: Sequence[Record]) -> list[LoggedChange]:
    """Return what the last of these editions changed, as the log has it."""
    for day, rows in enumerate(editions, start=1):
        load(db, LIST, f"2025-06-0{day}T10:00:00Z", reading(rows))
    return [c for c in logged(db, Wanted()) if c.observed_by[:10] == f"2025-06-0{len(editions)}"]


def of_revision(db: Database, first: Sequence[Record], second: Sequence[Record]) -> list[str]:
    load(db, REPORT, "2017-03-20T10:00:00Z", reading(first, week=1))
    load(db, REPORT, "2017-03-27T10:00:00Z", reading(second, week=1))
    return [sentence(change) for change in logged(db, Wanted(kind="corrected"))]


def total(name: str, number: int | None, text: str) -> ReportTotal:
    return ReportTotal(name=name, number=number, text=text, position=1, evidence=())


def count(number: int) -> DetainerCount:
    return DetainerCount(
        rank=1, jurisdiction="Kinbote", detainers_issued=number, position=1, evidence=()
    )


def test_a_row_that_came_and_one_that_went(db: Database) -> None:
    one, other = listing("A, Zembla"), listing("B, Zembla", None)
    added, removed = of_list(db, [one], [other])
    assert sentence(added) == f"Added to {LISTED}: B, Zembla"
    assert sentence(removed) == f"Removed from {LISTED}: A, Zembla (Kinbote Rule)"
    assert window(added) == "between 2025-06-01 10:00 UTC and 2025-06-02 10:00 UTC"
    assert field_lines(added) == field_lines(removed) == []


def test_agreements_of_one_agency_are_told_apart(db: Database) -> None:
    models = [agreement(support_type=model) for model in ("Jail Model", "Task Force Model")]
    assert {sentence(change) for change in of_list(db, [listing()], models)} >= {
        f"Added to {LISTED}: Onhava Police, Zembla (Jail Model)",
        f"Added to {LISTED}: Onhava Police, Zembla (Task Force Model)",
    }


def test_a_changed_row_says_what_differs_on_both_sides(db: Database) -> None:
    before = listing(office=None, criteria=("Will not honor.",))
    (changed,) = of_list(db, [before], [listing(criteria=("Will not honor.", "Will notify."))])
    assert sentence(changed) == f"Changed in {LISTED}: Kinbote, Zembla (Kinbote Rule)"
    assert field_lines(changed) == [
        "field_office: (empty) → Onhava",
        "criteria: Will not honor. → Will not honor.; Will notify.",
    ]


def test_a_name_spelt_anew_a_row_that_returned_and_a_first_edition(db: Database) -> None:
    wrong, right = listing("Kinbotte, Zembla"), listing("Kinbote, Zembla")
    (renamed,) = of_list(db, [wrong], [right])
    assert sentence(renamed) == f"Renamed in {LISTED}: Kinbote, Zembla (Kinbote Rule)"
    assert field_lines(renamed) == ["jurisdiction: Kinbotte, Zembla → Kinbote, Zembla"]
    load(db, LIST, "2025-06-03T10:00:00Z", reading([listing("B, Zembla")]))
    load(db, LIST, "2025-06-04T10:00:00Z", reading([right]))
    returned = next(iter(logged(db, Wanted(kind="returned"))))
    assert sentence(returned) == f"Returned to {LISTED}: Kinbote, Zembla (Kinbote Rule)"
    first = next(iter(logged(db, Wanted(kind="published"))))
    assert sentence(first) == f"Published: {LISTED}"
    assert window(first) == "by 2025-06-01 10:00 UTC"


def test_a_page_that_was_taken_down_and_published_again(db: Database) -> None:
    page = "http://127.0.0.1/list"
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing()]), address=page)
    load_gone(db, LIST, "2025-06-02T10:00:00Z", page)
    load_gone(db, LIST, "2025-06-03T10:00:00Z", page)
    load(db, LIST, "2025-06-04T10:00:00Z", reading([listing()]), address=page)
    restored, withdrawn, _ = logged(db, Wanted())
    assert sentence(withdrawn) == f"Taken down: {LISTED}"
    assert sentence(restored) == f"Published again: {LISTED}"


def test_a_correction_says_what_became_of_the_row(db: Database) -> None:
    before = [listing("A, Zembla"), listing("B, Zembla", office=None), count(7)]
    after = [listing("B, Zembla"), listing("C, Zembla"), count(9)]
    assert sorted(of_revision(db, before, after)) == [
        f"Corrected in {REPORTED}: added C, Zembla (Kinbote Rule)",
        f"Corrected in {REPORTED}: changed B, Zembla (Kinbote Rule)",
        f"Corrected in {REPORTED}: changed Kinbote",
        f"Corrected in {REPORTED}: taken out A, Zembla (Kinbote Rule)",
    ]
    lines = [line for change in logged(db, Wanted()) for line in field_lines(change)]
    assert sorted(lines) == ["detainers_issued: 7 → 9", "field_office: (empty) → Onhava"]


def test_what_a_report_states_is_called_by_its_name_and_a_new_paragraph_is_quoted(
    db: Database,
) -> None:
    before = [total("detainers_issued_nationwide", 3, "ICE issued 3.")]
    notice = "Correction: it was 2."
    after = [total("detainers_issued_nationwide", 2, "ICE issued 2."), total("n", None, notice)]
    assert sorted(of_revision(db, before, after)) == [
        f"Corrected in {REPORTED}: added {notice}",
        f"Corrected in {REPORTED}: changed detainers issued nationwide",
    ]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (["One", "Two"], ["One"], "1 detainer taken out of Section II"),
        (
            ["One"],
            ["Two", "Three"],
            "2 detainers added to Section II, 1 detainer taken out of Section II",
        ),
    ],
)
def test_detainers_are_counted_and_nobody_is_named(
    db: Database, before: list[str], after: list[str], said: str
) -> None:
    rows = [[declined(f"Jail {name}") for name in names] for names in (before, after)]
    assert of_revision(db, rows[0], rows[1]) == [f"Corrected in {REPORTED}: {said}"]
    (change,) = logged(db, Wanted(kind="corrected"))
    assert field_lines(change) == []


def test_hostile_text_stays_on_its_line(db: Database) -> None:
    fake = "X\nRemoved from List of Zembla: Y\x1b[2J"
    (added,) = of_list(db, [listing()], [listing(), listing(fake)])
    assert sentence(added) == (
        f"Added to {LISTED}: X Removed from List of Zembla: Y\ufffd[2J (Kinbote Rule)"
    )
    (changed,) = of_list(
        db, [listing()], [listing(), listing(fake)], [listing(), listing(fake, office=fake)]
    )
    assert field_lines(changed) == [
        "field_office: Onhava → X Removed from List of Zembla: Y\ufffd[2J"
    ]
