"""``sanctuary quotes`` says what lists quote, and where it stands in the laws that are held."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.sources import save_source
from sanctuary.claims import LIMITS
from tests.db.history import LIST, listing, load, new_database, reading
from tests.db.naming import name_all
from tests.db.policies import DETAINERS, page, section
from tests.db.test_quotes import LAW, PLACE, PLACES
from tests.sanctuary.commands import Commands

HOSTILE = "Hidden\x1b[31m hours"


@pytest.fixture
def commands(tmp_path: Path) -> Commands:
    commands = Commands(tmp_path)
    db = new_database(commands.data_dir)
    save_source(db, LAW)
    load(db, LAW, "2025-06-01T10:00:00Z", page(section("§ 9-2", DETAINERS, heading="Holding")))
    rows = [
        listing(PLACE, criteria=("Holds “more than 24 hours”.", f"“{HOSTILE}”")),
        listing("Kinbote, Zembla", criteria=("A “rule” of its own.",), position=2),
    ]
    load(db, LIST, "2025-06-02T12:00:00Z", reading(rows))
    name_all(db, PLACES)
    db.close()
    return commands


def test_each_phrase_stands_with_what_was_found_and_where(commands: Commands) -> None:
    answer = commands("quotes")
    assert answer.code == 0
    assert answer.out.splitlines()[:4] == [
        "“more than 24 hours”, List of Zembla: Onhava, Zembla, 2025-06-02 12:00 UTC",
        "  Found, but not word for word: § 9-2 Holding",
        "  more than [-24-]{+48+} hours",
        "  looked for in: Article II: Detainers (code), 1 version",
    ]
    assert LIMITS in " ".join(answer.out.split())
    assert "1 phrase of places of which no policy is watched" in answer.out
    assert "Kinbote" not in answer.out


def test_one_place_is_asked_for_as_a_list_prints_it(commands: Commands) -> None:
    answer = commands("quotes", "kinbote, zembla")
    assert "“rule”" in answer.out
    assert "looked for in: nothing: no policy of this place is held" in answer.out
    assert "Onhava" not in answer.out
    assert commands("quotes", "Nowhere").out == (
        "No list that is held quotes anything of Nowhere.\n"
    )


def test_machines_get_all_of_it(commands: Commands) -> None:
    found = json.loads(commands("quotes", "--json").out)
    assert [(each["phrase"], each["result"]) for each in found] == [
        ("rule", "no_text"),
        ("more than 24 hours", "near"),
        (HOSTILE, "absent"),
    ]


def test_what_is_scraped_cannot_move_the_terminal(commands: Commands) -> None:
    assert "\x1b" not in commands("quotes").out


def test_an_empty_history_quotes_nothing(tmp_path: Path) -> None:
    commands = Commands(tmp_path)
    new_database(commands.data_dir).close()
    assert commands("quotes").out == "No list that is held quotes anything.\n"
