"""``panel`` writes what each list said of every unit in every period, a row each."""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from pathlib import Path

import pytest

from db.states import windows_of
from places.gazetteer import load_gazetteer
from sanctuary.panel import Period, Wanted, open_panel, periods_between
from sanctuary.workspace import Workspace
from tests.db.history import LIST, REPORT, listing, load, load_gone, new_database, reading
from tests.sanctuary.commands import Commands

COUNTY, CITY, STATE, PRINCELY = "zz/county/onhava", "zz/city/onhava", "us/zz", "zz/county/princely"
ROWS = {
    "Onhava County, Zembla": (COUNTY, "county", "=Onhava County", STATE),
    "City of Onhava, Zembla": (CITY, "city", "Onhava", COUNTY),
    "Princely County, Zembla": (PRINCELY, "county", "Princely County", STATE),
    "Zembla": (STATE, "state", "Zembla", None),
}
PAGE = "http://127.0.0.1/list"
WEEKS = ("--from", "2025-06-02", "--to", "2025-06-15")


@pytest.fixture
def shown(sanctuary: Commands) -> Commands:
    """A list of a county and a city, on which the city was replaced by their state."""
    db = new_database(sanctuary.data_dir)
    for place, kind, name, parent in sorted(ROWS.values(), key=lambda row: row[1] != "state"):
        row = {"id": place, "kind": kind, "name": name, "state": "ZZ", "authority": "printed"}
        db.table("jurisdictions").insert({**row, "parent_id": parent})
    county, city, _, state = (listing(name, position=n) for n, name in enumerate(ROWS, start=1))
    load(db, LIST, "2025-06-02T10:00:00Z", reading([county, city]), address=PAGE)
    load(db, LIST, "2025-06-04T10:00:00Z", reading([county, state]), address=PAGE)
    load(db, LIST, "2025-06-08T10:00:00Z", reading([county, state]), address=PAGE)
    for day in ("09", "10"):
        load_gone(db, LIST, f"2025-06-{day}T10:00:00Z", PAGE)
    load(db, REPORT, "2025-06-02T10:00:00Z", reading([listing("Princely County, Zembla")], week=1))
    for printed, (place, *_) in ROWS.items():
        db.execute(
            """UPDATE jurisdiction_names SET jurisdiction_id = ?, status = 'resolved'
            WHERE printed = ?""",
            [place, printed],
        )
    db.conn.commit()
    db.close()
    return sanctuary


def panel(shown: Commands, *words: str) -> list[dict[str, str]]:
    answer = shown("panel", *words)
    assert answer.code == 0, answer.err
    return list(csv.DictReader(io.StringIO(answer.out)))


def of_unit(rows: list[dict[str, str]], unit: str, source: str = LIST.id) -> list[dict[str, str]]:
    return [row for row in rows if (row["unit_id"], row["source_id"]) == (unit, source)]


def days(row: dict[str, str]) -> list[int]:
    names = ("listed", "not_listed", "not_observed", "withdrawn", "ended")
    return [int(row[f"days_{name}"]) for name in names]


def test_a_row_counts_the_days_of_each_state(shown: Commands) -> None:
    first, second = of_unit(panel(shown, *WEEKS), COUNTY)
    assert (first["period_start"], first["period_end"]) == ("2025-06-02", "2025-06-08")
    # The 5th to the 7th lie in a gap of four days, and two are allowed.
    assert days(first) == [4, 0, 3, 0, 0]
    assert days(second) == [0, 0, 0, 7, 0]
    assert (first["state_at_end"], second["state_at_end"]) == ("listed", "withdrawn")
    assert (first["days_observed"], second["days_observed"]) == ("3", "2")
    assert first["editions"] == "2025-06-02T10:00:00Z; 2025-06-04T10:00:00Z"


def test_it_says_the_same_as_the_windows_of_every_place(shown: Commands) -> None:
    rows = panel(shown, *WEEKS)
    for unit in (COUNTY, PRINCELY, "us/ny/county/nassau"):
        for source in (LIST.id, REPORT.id):
            with shown.looking() as db:
                windows = windows_of(db, source, unit)
            for row in of_unit(rows, unit, source):
                start, end = (date.fromisoformat(row[name]) for name in COLUMN_DAYS)
                for state, count in zip(STATES, days(row), strict=True):
                    inside = [
                        (start.toordinal() + n)
                        for n in range((end - start).days + 1)
                        if any(
                            (each.since or "") <= _iso(start, n) <= (each.until or "9999")
                            for each in windows
                            if each.state == state
                        )
                    ]
                    assert len(inside) == count


COLUMN_DAYS = ("period_start", "period_end")
STATES = ("listed", "not listed", "not observed", "withdrawn", "ended")


def _iso(start: date, after: int) -> str:
    return date.fromordinal(start.toordinal() + after).isoformat()


def test_a_place_does_not_inherit_the_listing_of_its_state_or_county(shown: Commands) -> None:
    first, second = of_unit(panel(shown, "--unit", "place", *WEEKS), CITY)
    assert days(first) == [1, 2, 4, 0, 0]
    assert (first["named"], first["state_named"], first["county_named"]) == ("1", "1", "1")
    # Nobody can say of a list that was taken down who is named on it.
    assert (second["named"], second["state_named"], second["county_named"]) == ("", "", "")
    county = of_unit(panel(shown, *WEEKS), PRINCELY)[0]
    assert (county["named"], county["state_named"], county["county_named"]) == ("0", "1", "")


def test_every_county_there_is_has_its_rows_though_no_list_names_it(shown: Commands) -> None:
    rows = panel(shown, *WEEKS, "--list", LIST.id)
    gazetteer = load_gazetteer()
    counties = sum(len(gazetteer.of_state(code).counties) for code in gazetteer.states)
    units = {row["unit_id"] for row in rows}
    # Of the gazetteer, and the two that are invented: with independent cities as the Census has it.
    assert len(units) > counties + 2
    assert {"us/md/city/baltimore", "us/md/county/baltimore", "us/dc", COUNTY, PRINCELY} <= units
    assert len(rows) == 2 * len(units)
    assert of_unit(rows, "us/dc")[0]["state_named"] == ""
    nassau = of_unit(rows, "us/ny/county/nassau")
    assert [row["geoid"] for row in nassau] == ["36059", "36059"]
    assert days(nassau[0]) == [0, 4, 3, 0, 0]


def test_only_the_places_that_a_list_names_are_units(shown: Commands) -> None:
    rows = panel(shown, "--unit", "place", *WEEKS)
    assert {row["unit_id"] for row in rows} == {CITY}


def test_it_is_written_in_one_order_and_the_same_each_time(shown: Commands) -> None:
    rows = panel(shown, *WEEKS)
    order = [(row["unit_id"], row["source_id"], row["period_start"]) for row in rows]
    assert order == sorted(order)
    assert panel(shown, *WEEKS) == rows


def test_as_this_database_knew_it(shown: Commands) -> None:
    rows = panel(shown, *WEEKS, "--list", LIST.id, "--as-known-on", "2025-12-31")
    assert {tuple(days(row)) for row in rows} == {(0, 0, 7, 0, 0)}


def test_periods_are_weeks_from_monday_or_months_cut_to_what_is_wanted() -> None:
    wednesday, tuesday = date(2025, 1, 29), date(2025, 2, 4)
    assert periods_between(wednesday, tuesday, "week") == [
        Period(wednesday, date(2025, 2, 2)),
        Period(date(2025, 2, 3), tuesday),
    ]
    assert periods_between(wednesday, tuesday, "month") == [
        Period(wednesday, date(2025, 1, 31)),
        Period(date(2025, 2, 1), tuesday),
    ]


def test_no_cell_is_a_formula(shown: Commands) -> None:
    assert of_unit(panel(shown, *WEEKS), COUNTY)[0]["name"] == "'=Onhava County"


def test_parquet_holds_the_same_rows(shown: Commands, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    file = tmp_path / "panel.parquet"
    words = ("--unit", "place", *WEEKS)
    assert shown("panel", *words, "--format", "parquet", "-o", file).code == 0
    rows = parquet.read_table(file).to_pylist()
    assert [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in rows
    ] == panel(shown, *words)
    assert isinstance(rows[0]["days_listed"], int)


def test_without_pyarrow_the_error_says_how_to_get_it(
    shown: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    answer = shown("panel", "--format", "parquet", "-o", tmp_path / "panel.parquet")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "pip install 'sanctuary-tracker[parquet]'" in answer.err
    assert "--format" not in answer.err  # `release` says it, too, and has no such option
    assert not (tmp_path / "panel.parquet").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--list", "unknown"), 1, "'unknown' is no standing list that is held; there are: zem"),
        (("--from", "2025-06-02", "--to", "2025-06-01"), 1, "end on 2025-06-01, before it begins"),
        (("--from", "June"), 2, "'June' is no day like 2025-06-01"),
        (("--format", "parquet"), 2, "needs a file"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    shown: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = shown("panel", *words)
    assert (answer.code, answer.err.count("\n")) == (code, 1)
    assert said in answer.err


def test_a_panel_ends_today_at_the_latest(shown: Commands) -> None:
    with Workspace(shown.data_dir).looking() as db:
        wanted = Wanted("county", "week", since="2025-06-02", until="2025-06-15")
        made = open_panel(db, wanted, today="2025-06-04")
    assert [(str(each.start), str(each.end)) for each in made.periods] == [
        ("2025-06-02", "2025-06-04")
    ]
