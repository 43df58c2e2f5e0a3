"""The lists of 2025 as they were reported, where they are at hand, in the form of pages of ours.

The list of the Department of Justice of 2025-08-05 was seen whole; its later two states are that
one less the removals that were announced. Of the list of 29 May 2025 only parts were seen.
"""

from __future__ import annotations

import csv
import os
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import pytest
import us

from parsers.dhs_list import PARSER as DHS
from parsers.doj_list import PARSER as DOJ
from parsers.records import Listing, Reading
from tests.parsers.list_pages import FORMS, Groups, dhs_page, doj_page, release

ROOT = Path(__file__).parents[2]
FOLDER = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real")) / "lists"
STATES = {"2025-08-05": 35, "2025-09-26": 34, "2025-10-31": 33}
HEADINGS = {"state": "STATES", "county": "COUNTIES", "city": "CITIES"}
OF_A_STATE = {"state": "State", "county": "Counties", "city": "Cities"}

NAMES = {state.abbr: state.name for state in (*us.STATES, us.states.DC)}

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real lists are not at hand")


def rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def doj_groups(day: str) -> Groups:
    of_day = rows(f"doj_list_{day}")
    return [
        (head, [row["printed"] for row in of_day if row["level"] == level])
        for level, head in HEADINGS.items()
    ]


def listings(reading: Reading) -> list[Listing]:
    assert reading.failed_required() == []
    assert reading.problems == ()
    return [row for row in reading.rows(Listing) if isinstance(row, Listing)]


@pytest.mark.parametrize("day", STATES)
def test_every_entry_comes_back_in_every_form(day: str) -> None:
    wanted = [(row["level"], row["printed"]) for row in rows(f"doj_list_{day}")]
    assert len(wanted) == STATES[day]
    groups = doj_groups(day)
    for document in (release(groups), *(doj_page(groups, form) for form in FORMS)):
        read = [(row.level, row.jurisdiction) for row in listings(DOJ.read(document, {}))]
        assert read == wanted


@pytest.mark.parametrize("form", FORMS)
def test_what_is_known_of_the_list_of_may_comes_back_under_its_state(form: tuple[str, str]) -> None:
    known = sorted(rows("dhs_list_2025-05-29_partial"), key=itemgetter("state"))
    pages = []
    wanted = []
    for state, of_state in groupby(known, key=itemgetter("state")):
        of_levels = list(of_state)
        groups = []
        for level, head in OF_A_STATE.items():
            names = [row["name"] for row in of_levels if row["level"] == level]
            groups += [(head, names)] if names else []
            wanted += [(NAMES[state], level, name) for name in names]
        pages.append((NAMES[state], groups))
    assert len(wanted) == len(known) > 150
    reading = DHS.read(dhs_page(pages, form), {})
    kinds = {problem.kind for problem in reading.problems}
    # Most lines on a state are in a newspaper's words.
    assert kinds <= {"unknown_state_line"}
    assert reading.failed_required() == []
    assert [
        (row.state, row.level, row.jurisdiction)
        for row in reading.rows(Listing)
        if isinstance(row, Listing)
    ] == wanted
