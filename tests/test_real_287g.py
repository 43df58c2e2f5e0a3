"""ICE's 37 workbooks of May and June 2025 as a history, where they are at hand.

The counts by hand were taken from the XML of the sheets with zipfile and regular expressions, not
with our reader: rows by state, agency, county and support type, blanks unified, case folded.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from sanctuary.shipped import shipped
from tests.db.history import history
from tests.sanctuary.commands import Answer, Commands

ROOT = Path(__file__).parents[1]
FOLDER = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real")) / "287g"
PARTICIPATING, PENDING = "ice-287g-participating", "ice-287g-pending"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real workbooks are not at hand")


def imported(folder: Path, files: list[Path]) -> Commands:
    """Import the workbooks in this order, each with the capture time that its name begins with."""
    folder.mkdir()
    sanctuary = Commands(folder, shipped("sources.yml").read_text())
    for file in files:
        answer = import_(sanctuary, file)
        assert (answer.code, answer.err) == (0, ""), file.name
    return sanctuary


def import_(sanctuary: Commands, file: Path) -> Answer:
    return sanctuary("import", file, "--source", source_of(file), "--captured-at", time_of(file))


def source_of(file: Path) -> str:
    return PARTICIPATING if "participating" in file.name else PENDING


def time_of(file: Path) -> str:
    match = re.match(r"sheets_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)__", file.name)
    assert match is not None
    year, month, day, hour, minute, second = match.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}"


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.xlsx"))


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    return imported(tmp_path_factory.mktemp("real") / "in-order", files())


def test_each_list_has_as_many_editions_as_it_had_contents(in_order: Commands) -> None:
    assert in_order.rows("SELECT source_id, count(*) FROM editions GROUP BY source_id") == [
        (PARTICIPATING, 14),
        (PENDING, 22),
    ]
    assert in_order.rows("SELECT count(*) FROM documents") == [(37,)]


def test_none_is_held_and_every_source_stands_well(in_order: Commands) -> None:
    for standing in in_order("status", "--json").data()["sources"]:
        assert standing["held"] == standing["unreadable"] == []
        assert standing["last_failure"] is None
    assert in_order.rows("SELECT DISTINCT status FROM readings") == [("accepted",)]


def test_any_order_of_loading_gives_the_same_history(in_order: Commands, tmp_path: Path) -> None:
    shuffled = files()
    random.Random(287).shuffle(shuffled)
    other = imported(tmp_path / "shuffled", shuffled)
    with in_order.looking() as db, other.looking() as other_db:
        assert history(other_db) == history(db)


def test_importing_a_file_again_writes_nothing_and_says_so(in_order: Commands) -> None:
    before = in_order.dump()
    file = files()[7]
    for when in (("--captured-at", time_of(file)), ()):
        answer = in_order("import", file, "--source", source_of(file), *when)
        assert answer.code == 0
        assert answer.out == (
            f"{file.name}: {source_of(file)} holds this document already; nothing was written\n"
        )
    assert in_order.dump() == before


@pytest.mark.parametrize(
    ("source", "before", "after", "rows", "by_hand", "respelt", "county_mended"),
    [
        # Indialantic became Indiatlantic.
        (PARTICIPATING, "2025-05-19T02:49:22Z", "2025-05-19", (571, 581), (11, 1, 9), 1, 0),
        # The Sheriff's Offic of Berrian County became an Office.
        (PARTICIPATING, "2025-05-20", "2025-05-22", (588, 603), (18, 3, 0), 1, 0),
        # Ocala and Bradley County got their counties, which were #N/A.
        (PARTICIPATING, "2025-06-26", "2025-06-27", (728, 737), (11, 2, 80), 0, 2),
        (PENDING, "2025-06-26", "2025-06-27", (68, 61), (3, 10, 0), 0, 0),
    ],
)
def test_counts_by_hand_agree(
    in_order: Commands,
    source: str,
    before: str,
    after: str,
    rows: tuple[int, int],
    by_hand: tuple[int, int, int],
    respelt: int,
    county_mended: int,
) -> None:
    """By hand a name spelt anew and a county filled in are one row that came and one that went."""
    data = in_order("diff", source, before, after, "--format", "json").data()
    table = data["tables"]["agreements"]
    assert (table["rows_from"], table["rows_to"]) == rows
    came, went, changed = by_hand
    assert data["counts"] == {
        "added": came - respelt - county_mended,
        "removed": went - respelt - county_mended,
        "changed": changed + county_mended,
        "renamed": respelt,
    }


def test_any_two_editions_compare_in_every_format(in_order: Commands) -> None:
    names = [
        f"#{edition_id}"
        for (edition_id,) in in_order.rows(
            f"SELECT id FROM editions WHERE source_id = '{PARTICIPATING}' ORDER BY revision"
        )
    ]
    for before, after in random.Random(14).sample([(a, b) for a in names for b in names], 8):
        for form in ("text", "json", "markdown", "csv"):
            answer = in_order("diff", PARTICIPATING, before, after, "--format", form)
            assert (answer.code, answer.err) == (0, ""), (before, after, form)


def test_the_changes_say_the_same_as_the_differences(in_order: Commands) -> None:
    """Every row of the log between two editions is a row of their difference."""
    logged = Counter(
        in_order.rows(
            f"""SELECT edition_after_id, kind FROM current_changes
            WHERE source_id = '{PENDING}' AND table_name = 'agreements'"""
        )
    )
    ids = [
        edition_id
        for (edition_id,) in in_order.rows(
            f"SELECT id FROM editions WHERE source_id = '{PENDING}' ORDER BY revision"
        )
    ]
    for before, after in pairwise(ids):
        counts = in_order("diff", PENDING, f"#{before}", f"#{after}", "--format", "json").data()
        added = logged[(after, "added")] + logged[(after, "returned")]
        assert counts["counts"] == {
            "added": added,
            "removed": logged[(after, "removed")],
            "changed": logged[(after, "changed")],
            "renamed": logged[(after, "renamed")],
        }
