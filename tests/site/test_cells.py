"""A list in a cell is shown as its lines, and what it says stays text."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.db.history import LIST, listing, load, new_database, reading
from tests.site.histories import HOSTILE, two_weeks
from tests.site.serving import served

TWO = ("Will not honor detainers", HOSTILE)
LINES = "Will not honor detainers<br>&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;"


def test_criteria_stand_one_on_a_line_and_are_never_markup(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("A, Zembla", criteria=TWO)]))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        for page in ("/tracker/listings", "/tracker/current_listings", "/tracker/listings/1"):
            assert LINES in site.get(page).text
            assert "<script>alert" not in site.get(page).text


def test_the_cells_of_a_stranger_are_left_alone(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE t (criteria TEXT)")
        other.execute('INSERT INTO t VALUES (\'["one", "two"]\')')
    other.close()
    with served(tmp_path / "tracker.db", tmp_path / "other.db") as site:
        assert "one<br>two" not in site.get("/other/t").text
        assert "[&#34;one&#34;, &#34;two&#34;]" in site.get("/other/t").text


def test_a_ready_query_is_named_in_the_title_of_its_page(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    with served(tmp_path / "tracker.db") as site:
        page = site.get("/tracker/corrected_reports").text
        assert "<title>What a corrected report changed</title>" in page
        assert "select 1" in site.get("/tracker?sql=select+1").text.split("</title>")[0]
