"""What is said of a place claims no more than was observed, and can be read aloud."""

from __future__ import annotations

from dataclasses import replace

import pytest

from db.sources import save_source
from sanctuary.place_lines import Line
from sanctuary.place_text import shortly
from tests.db.history import LIST, listing, load, new_database, reading
from tests.sanctuary.commands import Commands
from tests.sanctuary.places import resolve_all

LONG = "List of Jurisdictions of Zembla Following Order 1: Protecting Zemblan Communities"
KINBOTE, ONHAVA = "us/zz/county/kinbote", "us/zz/city/onhava"
DAY = ("--as-published-on", "2025-06-01")
KEPT = LONG.partition(": ")[0]


def loaded(sanctuary: Commands, **like: object) -> None:
    """Load a list whose column of levels holds numbers: the county and, later, the city."""
    db = new_database(sanctuary.data_dir)
    save_source(db, replace(LIST, title=LONG, **like))  # type: ignore[arg-type]
    county = replace(listing("Kinbote, Zembla"), level="county", level_text="2")
    city = replace(listing("Onhava, Zembla", position=2), level=None, level_text="Others")
    load(db, LIST, "2025-06-01T10:00:00Z", reading([county]))
    load(db, LIST, "2025-06-03T10:00:00Z", reading([county, city]))
    resolve_all(db)
    db.close()


def test_a_column_is_no_heading_and_a_number_no_word(sanctuary: Commands) -> None:
    loaded(sanctuary)
    assert "as a county (printed “2”)" in sanctuary("place", KINBOTE).out
    assert "under “Others”" in sanctuary("place", ONHAVA).out


def test_a_long_title_stands_whole_once_and_in_the_lines_up_to_its_colon(
    sanctuary: Commands,
) -> None:
    loaded(sanctuary)
    said, _, lines = sanctuary("place", KINBOTE).out.partition("In order of time")
    assert f"{LONG} (Zembla Ministry)" in said
    assert f"In {KEPT} (Zembla Ministry), in the first edition" in lines
    assert LONG not in lines
    line = Line("added", None, "", "", "a", "Notes: of Zembla", "", "In Notes: of Zembla")
    assert shortly(line) == line.said


def test_of_a_list_known_in_part_its_silence_is_said_to_say_nothing(sanctuary: Commands) -> None:
    loaded(sanctuary, partial=True, lifecycle="ended")
    db = new_database(sanctuary.data_dir)
    save_source(db, replace(LIST, title=LONG, partial=True, lifecycle="ended"))
    load(db, LIST, "2025-06-04T10:00:00Z", reading([listing("Kinbote City, Zembla")]))
    resolve_all(db)
    db.execute("DELETE FROM listings WHERE jurisdiction = 'Onhava, Zembla'")
    db.conn.commit()
    db.close()
    said = sanctuary("place", ONHAVA).out
    assert "not named in the part that is known, which says nothing" in said
    assert "ended, the whole series, since 2025-06-07" in said
    assert "never observed" not in said
    assert "not listed" not in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*DAY, "--place", ONHAVA), "on 2025-06-01, of Onhava (us/zz/city/onhava): not listed, as"),
        (("--as-of", "2025-06-02", "--place", ONHAVA), "city/onhava): not observed."),
        (("--as-of", "2025-06-02", "--place", KINBOTE), "county/kinbote): listed."),
        (("--place", ONHAVA), "city/onhava): not observed."),
    ],
)
def test_show_says_how_the_list_stood_to_a_place_that_day(
    sanctuary: Commands, words: tuple[str, ...], said: str
) -> None:
    loaded(sanctuary)
    answer = sanctuary("show", LIST.id, *words)
    assert f"{LONG} (Zembla Ministry) on " in answer.out
    assert said in answer.out
    assert any(
        said in each
        for each in sanctuary("show", LIST.id, *words, "--format", "json").data()["answers"]
    )


def test_one_name_stands_for_no_place(sanctuary: Commands) -> None:
    db = new_database(sanctuary.data_dir)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([listing("Nowhere at all")]))
    db.close()
    assert "1 printed name stands for no place" in sanctuary("show", LIST.id).out
