"""A difference as JSON, CSV, Markdown and on the terminal."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from db.selectors import find_edition, last_editions
from sanctuary.difference import Difference, difference, fields_said, summary
from sanctuary.difference_formats import to_csv, to_json, to_markdown
from sanctuary.terminal import print_difference
from tests.db.history import LIST, REPORT, declined, listing, load, new_database, reading


@pytest.fixture
def of_a_list(tmp_path: Path) -> Difference:
    db = new_database(tmp_path)
    before = [listing("A, Zembla", criteria=("Within 48 hours.",)), listing("B, Zembla")]
    after = [listing("A, Zembla", criteria=("Within 24 hours.",)), listing("=C, Zembla")]
    load(db, LIST, "2025-06-01T10:00:00Z", reading(before))
    load(db, LIST, "2025-06-02T10:00:00Z", reading(after))
    found = difference(
        db, find_edition(db, LIST.id, "2025-06-01"), find_edition(db, LIST.id, "2025-06-02")
    )
    db.close()
    return found


@pytest.fixture
def of_two_weeks(tmp_path: Path) -> Difference:
    db = new_database(tmp_path)
    load(db, REPORT, "2017-03-20T10:00:00Z", reading([listing(), declined("Jail One")], week=1))
    load(db, REPORT, "2017-03-29T10:00:00Z", reading([listing(), declined("Jail Two")], week=2))
    found = difference(
        db,
        find_edition(db, REPORT.id, "2017-01-28..2017-02-03"),
        find_edition(db, REPORT.id, "2017-02-04..2017-02-10"),
    )
    db.close()
    return found


def terminal(diff: Difference, *, coloured: bool) -> str:
    out = Console(
        file=io.StringIO(), width=200, force_terminal=coloured, markup=False, highlight=False
    )
    print_difference(out, diff)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert isinstance(text, str)
    return text


def test_the_summary_names_publisher_editions_and_counts(of_a_list: Difference) -> None:
    assert summary(of_a_list) == (
        "List of Zembla (Zembla Ministry), from the edition first seen 2025-06-01 10:00 UTC (#1) "
        "to the edition first seen 2025-06-02 10:00 UTC (#2): 1 added, 1 removed, 1 changed."
    )


def test_json_has_counts_fields_and_evidence(of_a_list: Difference) -> None:
    data = json.loads(to_json(of_a_list))
    assert data["counts"] == {"added": 1, "removed": 1, "changed": 1, "renamed": 0}
    changed = data["tables"]["listings"]["changes"][0]
    assert changed["fields"] == [
        {"field": "criteria", "before": ["Within 48 hours."], "after": ["Within 24 hours."]}
    ]
    assert changed["evidence_after"] == [{"page": 1, "bbox": [1.0, 3.0, 3.0, 5.0]}]


def test_csv_has_a_line_a_field_and_no_formula(of_a_list: Difference) -> None:
    rows = list(csv.DictReader(io.StringIO(to_csv(of_a_list))))
    assert rows[0] == {
        "kind": "changed",
        "happened": "",
        "table": "listings",
        "row": "A, Zembla (Kinbote Rule)",
        "field": "criteria",
        "before": "Within 48 hours.",
        "after": "Within 24 hours.",
        "from": "2025-06-01T10:00:00Z",
        "to": "2025-06-02T10:00:00Z",
        "observed_after": "2025-06-01T10:00:00Z",
        "observed_by": "2025-06-02T10:00:00Z",
        "notice": "",
        "caveat": "",
        "correction": "",
        "statements": "",
    }
    assert {row["row"] for row in rows if row["kind"] == "added"} == {"'=C, Zembla (Kinbote Rule)"}


def test_markdown_strikes_what_went(of_a_list: Difference) -> None:
    text = to_markdown(of_a_list)
    assert "~~Within 48 hours.~~ **Within 24 hours.**" in text
    assert "- **removed** B, Zembla (Kinbote Rule)" in text


def test_the_terminal_marks_words_by_signs_where_there_is_no_colour(of_a_list: Difference) -> None:
    assert "criteria: Within [-48-]{+24+} hours." in terminal(of_a_list, coloured=False)
    coloured = terminal(of_a_list, coloured=True)
    assert "[-48-]" not in coloured
    assert "\x1b[" in coloured


def test_rows_of_different_weeks_are_counted_not_compared(of_two_weeks: Difference) -> None:
    data = json.loads(to_json(of_two_weeks))
    assert data["tables"]["declined_detainers"] == {
        "rows_from": 1,
        "rows_to": 1,
        "rows_unchanged": None,
        "compared": "counts",
        "numbers": [],
        "changes": [],
    }
    text = terminal(of_two_weeks, coloured=False)
    assert "1 detainer in one period, 1 detainer in the other" in text
    assert "Jail" not in text


def test_a_row_that_came_shows_no_field_without_a_word(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    bare = replace(listing("Onhava, Zembla"), criteria=(), position=2)
    load(db, LIST, "2025-06-01T00:00:00Z", reading([listing()]))
    load(db, LIST, "2025-06-02T00:00:00Z", reading([listing(), bare]))
    diff = difference(db, *last_editions(db, LIST.id, 2))
    (change,) = (each for table in diff.tables for each in table.changes or [])
    assert "criteria" not in [field.field for field in fields_said(change)]
    assert "criteria" in [field.field for field in change.fields]
    assert "criteria" not in to_markdown(diff)
