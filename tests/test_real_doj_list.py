"""The three states of the DOJ list as a history, where they are at hand, on pages that we typeset.

The list of 2025-08-05 was seen whole. The other two are that one less the removals that were
announced: test input, and no edition of the source.
"""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from parsers.doj_list import PARSER
from sanctuary.shipped import shipped
from tests.db.history import LIST, changes, editions, history, load, new_database
from tests.parsers.list_pages import FORMS, doj_page, release
from tests.parsers.test_federal_lists_real import FOLDER, STATES, doj_groups
from tests.sanctuary.commands import Commands

SOURCE = "doj-sanctuary-list"
SEEN = {"2025-08-05": "2025-08-06", "2025-09-26": "2025-09-27", "2025-10-31": "2025-11-01"}
"""By the day of a list: the day on which these tests have it seen, at ten."""
REMOVED = [
    ("removed", "Nevada", "2025-08-06T10:00:00Z", "2025-09-27T10:00:00Z"),
    ("removed", "Baltimore County, MD", "2025-09-27T10:00:00Z", "2025-11-01T10:00:00Z"),
]
TOLD = ("kind", "place", "observed_after", "observed_by")

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real lists are not at hand")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """Import the three by the entry that ships, and the last once more with another date on it."""
    folder = tmp_path_factory.mktemp("doj")
    watched = yaml.safe_load(shipped("sources.yml").read_text("utf-8"))
    entry = [source for source in watched["sources"] if source["id"] == SOURCE]
    sanctuary = Commands(folder, yaml.safe_dump({"sources": entry}))
    pages = {
        SEEN[day]: doj_page(doj_groups(day), ("h2", "items"), f"Updated on {day}") for day in STATES
    }
    pages["2025-11-02"] = doj_page(doj_groups("2025-10-31"), ("h2", "items"), "Updated 2025-11-02")
    for seen, page in pages.items():
        file = folder / f"{seen}.html"
        file.write_bytes(page)
        words = ("--source", SOURCE, "--captured-at", f"{seen}T10:00")
        answer = sanctuary("import", file, *words)
        assert (answer.code, answer.err) == (0, ""), seen
    return sanctuary


def test_the_changes_are_the_two_removals_each_between_two_days(imported: Commands) -> None:
    told = imported.rows(
        f"""SELECT {", ".join(TOLD)} FROM changes
        WHERE superseded_at IS NULL AND kind != 'published' ORDER BY observed_by"""
    )
    assert told == REMOVED
    said = imported("log", "--source", SOURCE).out
    assert "between 2025-08-06 10:00 UTC and 2025-09-27 10:00 UTC" in said
    assert "(U.S. Department of Justice (DOJ))" in said


def test_each_edition_has_as_many_names_as_its_list(imported: Commands) -> None:
    counted = imported.rows(
        """SELECT editions.public_from, count(*) FROM current_listings
        JOIN editions ON editions.id = edition_id GROUP BY edition_id ORDER BY 1"""
    )
    assert [number for _, number in counted] == [35, 34, 33] == list(STATES.values())
    by_level = "SELECT level, count(*) FROM current_listings GROUP BY level ORDER BY level"
    assert imported.rows(by_level) == [
        ("city", 3 * 18),
        ("county", 4 + 4 + 3),
        ("state", 13 + 12 + 12),
    ]


def test_another_date_of_update_is_no_edition_and_no_change(imported: Commands) -> None:
    assert imported.rows("SELECT count(*) FROM documents") == [(4,)]
    assert imported.rows("SELECT count(*), max(public_until) FROM editions") == [
        (3, "2025-11-02T10:00:00Z")
    ]
    titles = imported.rows("SELECT title FROM readings ORDER BY id")
    assert [title.rsplit(" · ")[-1] for (title,) in titles][2:] == [
        "Updated on 2025-10-31",
        "Updated 2025-11-02",
    ]


def test_no_name_is_taken_for_another_and_none_is_renamed(imported: Commands) -> None:
    kinds = imported.rows("SELECT DISTINCT kind FROM changes ORDER BY kind")
    assert kinds == [("published",), ("removed",)]


@pytest.mark.parametrize("form", [*FORMS, None])
def test_the_changes_are_the_same_in_every_form(
    tmp_path: Path, form: tuple[str, str] | None
) -> None:
    db = new_database(tmp_path)
    for day in STATES:
        groups = doj_groups(day)
        page = doj_page(groups, form) if form else release(groups)
        load(db, LIST, f"{SEEN[day]}T10:00:00Z", PARSER.read(page, {}))
    assert [change for change in changes(db, *TOLD) if change[0] != "published"] == REMOVED
    db.close()


def test_a_page_whose_form_changes_with_its_list_changes_in_its_names_alone(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    for day, form in zip(STATES, FORMS[::5], strict=False):
        page = doj_page(doj_groups(day), form)
        load(db, LIST, f"{SEEN[day]}T10:00:00Z", PARSER.read(page, {}))
    assert [change for change in changes(db, *TOLD) if change[0] != "published"] == REMOVED
    db.close()


def test_the_order_of_loading_does_not_matter(tmp_path: Path) -> None:
    histories = set()
    days = list(STATES)
    for number in range(3):
        random.Random(number).shuffle(days)
        db = new_database(tmp_path / str(number))
        for day in days:
            reading = PARSER.read(release(doj_groups(day)), {})
            load(db, replace(LIST, parser="doj-list"), f"{SEEN[day]}T10:00:00Z", reading)
        assert len(editions(db, LIST)) == 3
        histories.add(history(db))
        db.close()
    assert len(histories) == 1
