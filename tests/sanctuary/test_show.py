"""``show`` says what a source said: for a week, on a day in public, on a day in this database."""

from __future__ import annotations

import csv
import io

import pytest

from db.connection import open_database
from db.settings import save_individual_rows
from parsers.records import DetainerCount, ReportTotal
from tests.db.history import LIST, REPORT, declined, listing, load, load_gone, new_database, reading
from tests.sanctuary.commands import Commands

A, B = listing("Kinbote, Zembla"), listing("Shade, Zembla", position=2)
PAGE = "http://127.0.0.1/list"
REPORT_PAGE = "http://127.0.0.1/1.pdf"
CAVEAT = "It is not known what became of these detainers."


def count(number: int) -> DetainerCount:
    return DetainerCount(
        rank=1,
        jurisdiction="Kinbote, Zembla",
        detainers_issued=number,
        position=1,
        evidence=(),
    )


def total(name: str, text: str) -> ReportTotal:
    return ReportTotal(name=name, number=None, text=text, position=1, evidence=())


@pytest.fixture
def shown(sanctuary: Commands) -> Commands:
    """A list that was found late in part and taken down, and a report that was corrected."""
    db = new_database(sanctuary.data_dir)
    load(db, LIST, "2025-06-01T10:00:00Z", reading([A]), address=PAGE, now="2025-06-01T11:00:00Z")
    load(db, LIST, "2025-06-04T10:00:00Z", reading([B]), address=PAGE, now="2025-06-20T11:00:00Z")
    for day in ("2025-06-05", "2025-06-06"):
        load_gone(db, LIST, f"{day}T10:00:00Z", PAGE, now=f"{day}T11:00:00Z")
    for day, rows in (
        ("2025-06-01", [A, B, count(7), total("caveat", CAVEAT), declined()]),
        ("2025-06-08", [A, count(5), total("caveat", CAVEAT), declined()]),
    ):
        moment = f"{day}T10:00:00Z"
        load(db, REPORT, moment, reading(rows, week=1), address=REPORT_PAGE, now=moment)
    db.close()
    return sanctuary


def places(answer: str) -> list[str]:
    return [
        row["jurisdiction"]
        for row in csv.DictReader(io.StringIO(answer))
        if row["table"] == "listings"
    ]


def listed(shown: Commands, source: str, *words: str) -> list[str]:
    answer = shown("show", source, *words, "--format", "csv")
    assert answer.code == 0, answer.err
    return places(answer.out)


def test_what_was_published_on_a_day(shown: Commands) -> None:
    assert listed(shown, LIST.id, "--as-published-on", "2025-06-01") == ["Kinbote, Zembla"]
    assert listed(shown, LIST.id, "--as-published-on", "2025-06-04") == ["Shade, Zembla"]
    answer = shown("show", LIST.id, "--as-published-on", "2025-06-01")
    assert answer.out.startswith(
        "What List of Zembla (Zembla Ministry) said as published on 2025-06-01.\n"
        "It was public on 2025-06-01; last seen by then on 2025-06-01 10:00 UTC.\n"
    )


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2025-06-03", "It was not observed on 2025-06-03: this is what it last stated"),
        ("2025-06-09", "Its publisher had taken it down by 2025-06-09"),
    ],
)
def test_what_did_not_stand_that_day_is_said_beside_what_was_last_stated(
    shown: Commands, day: str, said: str
) -> None:
    assert said in shown("show", LIST.id, "--as-published-on", day).out


def test_a_series_that_ended_says_so(shown: Commands) -> None:
    db = open_database(shown.data_dir / "tracker.db")
    db.execute("UPDATE sources SET lifecycle = 'ended', ended_on = '2025-06-02'")
    db.conn.commit()
    db.close()
    answer = shown("show", LIST.id, "--as-published-on", "2025-06-02")
    assert "The series had ended by 2025-06-02: this is what it last stated" in answer.out


def test_without_an_option_it_is_what_stands_today(shown: Commands) -> None:
    assert "Its publisher had taken it down by " in shown("show", LIST.id).out


def test_what_a_list_says_for_a_week_is_what_it_says_in_public(shown: Commands) -> None:
    assert listed(shown, LIST.id, "--as-of", "2025-06-01") == ["Kinbote, Zembla"]
    answer = shown("show", LIST.id, "--as-of", "2025-06-01", "--as-published-on", "2025-06-04")
    assert answer.code == 1
    assert "it has no periods" in answer.err
    assert answer.err.count("\n") == 1


def test_what_a_report_says_for_a_week_is_its_newest_revision(shown: Commands) -> None:
    assert listed(shown, REPORT.id, "--as-of", "2017-02-01") == ["Kinbote, Zembla"]
    both = ["Kinbote, Zembla", "Shade, Zembla"]
    before = ("--as-of", "2017-02-01", "--as-published-on", "2025-06-07")
    assert listed(shown, REPORT.id, *before) == both


def test_story_of_a_corrected_report_as_this_database_knew_it(shown: Commands) -> None:
    both = ["Kinbote, Zembla", "Shade, Zembla"]
    known = ("--as-of", "2017-02-01", "--as-known-on", "2025-06-07")
    assert listed(shown, REPORT.id, *known) == both
    assert "As this database knew it on 2025-06-07" in shown("show", REPORT.id, *known).out


def test_story_of_an_old_document_that_was_found_late(shown: Commands) -> None:
    published = ("--as-published-on", "2025-06-04")
    assert listed(shown, LIST.id, *published) == ["Shade, Zembla"]
    assert listed(shown, LIST.id, *published, "--as-known-on", "2025-06-19") == ["Kinbote, Zembla"]


def test_section_i_never_goes_without_its_caveat(shown: Commands) -> None:
    week = ("--as-of", "2017-02-01")
    text = shown("show", REPORT.id, *week).out
    assert text.index(CAVEAT) < text.index("Section I: detainers issued")
    assert shown("show", REPORT.id, *week, "--format", "json").data()["caveats"] == [CAVEAT]
    rows = csv.DictReader(io.StringIO(shown("show", REPORT.id, *week, "--format", "csv").out))
    assert {row["caveat"] for row in rows if row["table"] == "detainer_counts"} == {CAVEAT}


@pytest.mark.parametrize(("setting", "number"), [("full", 1), ("counts", 1), ("off", None)])
def test_rows_about_individuals_obey_the_setting(
    shown: Commands, setting: str, number: int | None
) -> None:
    db = open_database(shown.data_dir / "tracker.db")
    save_individual_rows(db, setting)
    db.close()
    week = ("show", REPORT.id, "--as-of", "2017-02-01")
    tables = {each["table"]: each for each in shown(*week, "--format", "json").data()["tables"]}
    assert tables.get("declined_detainers", {}).get("count") == number
    for form in ("text", "json", "csv"):
        assert ("Onhava Jail" in shown(*week, "--format", form).out) == (setting == "full")


def test_only_the_rows_of_a_place(shown: Commands) -> None:
    db = open_database(shown.data_dir / "tracker.db")
    row = {"id": "zz/kinbote", "kind": "county", "name": "Kinbote", "state": "ZZ"}
    db.table("jurisdictions").insert({**row, "authority": "printed"})
    db.execute(
        """UPDATE jurisdiction_names SET jurisdiction_id = 'zz/kinbote', status = 'resolved'
        WHERE printed = 'Kinbote, Zembla'"""
    )
    db.conn.commit()
    db.close()
    before = ("show", REPORT.id, "--as-of", "2017-02-01", "--as-known-on", "2025-06-07")
    answer = shown(*before, "--place", "zz/kinbote", "--format", "json")
    assert answer.code == 0, answer.err
    tables = {each["table"]: each["rows"] for each in answer.data()["tables"]}
    assert set(tables) == {"listings", "detainer_counts"}
    assert [row["jurisdiction"] for row in tables["listings"]] == ["Kinbote, Zembla"]
    nowhere = shown(*before, "--place", "Nowhere at all")
    assert (nowhere.code, nowhere.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("unknown",), 1, "no source 'unknown' in the history; there are: zembla-list"),
        ((LIST.id, "--as-published-on", "2025-05-31"), 1, "it was first seen on 2025-06-01 10:00"),
        ((LIST.id, "--as-known-on", "2025-05-31"), 1, "this database first held it on 2025-06-01"),
        ((REPORT.id, "--as-of", "2017-03-01"), 1, "there are: 2017-01-28..2017-02-03"),
        ((LIST.id, "--as-of", "June"), 2, "'June' is no day like 2025-06-01"),
    ],
)
def test_what_cannot_be_answered_is_one_line(
    shown: Commands, words: tuple[str, ...], code: int, said: str
) -> None:
    answer = shown("show", *words)
    assert (answer.code, answer.err.count("\n")) == (code, 1)
    assert said in answer.err


def test_what_a_list_prints_drives_no_terminal_and_no_spreadsheet(sanctuary: Commands) -> None:
    db = new_database(sanctuary.data_dir)
    hostile = listing("=cmd|' /C calc'!A0\x1b[2J", policy="-1\u202e")
    load(db, LIST, "2025-06-01T10:00:00Z", reading([hostile]))
    db.close()
    assert "\x1b" not in sanctuary("show", LIST.id).out
    rows = list(csv.DictReader(io.StringIO(sanctuary("show", LIST.id, "--format", "csv").out)))
    assert rows[0]["jurisdiction"].startswith("'=cmd")
    assert rows[0]["policy"].startswith("'-1")


def test_before_there_is_a_history_it_says_so(sanctuary: Commands) -> None:
    assert "no history in" in sanctuary("show", LIST.id).err


def test_of_a_day_that_lies_ahead_nothing_is_said(shown: Commands) -> None:
    answer = shown("show", LIST.id, "--as-published-on", "9999-01-01")
    assert answer.code == 1
    assert f"{LIST.id}: 9999-01-01 lies ahead; ask for " in answer.err
