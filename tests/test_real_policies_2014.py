"""The table of 2014, where it is at hand: imported under the name of whoever published the copy."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sanctuary.shipped import shipped
from tests.sanctuary.commands import Commands

ROOT = Path(__file__).parents[1]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
TABLE = REAL / "lists" / "detainer_policies_2014.csv"

pytestmark = pytest.mark.skipif(not TABLE.exists(), reason="the table of 2014 is not at hand")


def test_it_is_imported_as_a_list_that_is_known_in_part(tmp_path: Path) -> None:
    commands = Commands(tmp_path, shipped("sources.yml").read_text("utf-8"))
    words = ("--source", "detainer-policies-2014", "--captured-at", "2017-03-21T00:00:00Z")
    answer = commands("import", TABLE, *words)
    assert answer.code == 0, answer.err
    levels = "SELECT level, count(*) FROM current_listings GROUP BY level ORDER BY level"
    assert commands.rows(levels) == [("city", 21), ("county", 143), ("state", 2)]
    dates = """SELECT count(*), count(date_enacted) FROM current_listings
        WHERE date_enacted_text = 'Jul-14'"""
    assert commands.rows(dates) == [(45, 0)]
    printed = "SELECT level FROM current_listings WHERE jurisdiction = 'East Haven. Connecticut'"
    assert commands.rows(printed) == [("city",)]
    (source,) = commands.rows("SELECT publisher, partial, lifecycle, address FROM sources")
    assert source[0].startswith("austinbrian/sheriffs on GitHub, a copy")
    assert source[1:] == (1, "one-off", None)
