"""How every source stands: one sentence, what needs a person first, the same for monitors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from db.attempts import Answered, answered, attempts
from db.captures import Capture, finish_run, record_capture, record_problem, start_run
from db.deliveries import Planned, plan, settle_failed
from db.health import waiting
from db.outbox import queued
from db.readings import ReadBy, store_failure
from db.settings import save_individual_rows
from db.sources import Source, save_source
from db.standing import standings
from parsers.records import Check, Problem
from sanctuary.health import is_watched
from tests.db.deliveries import claim_due
from tests.db.history import (
    LIST,
    NOW,
    REPORT,
    declined,
    listing,
    load,
    load_unchanged,
    new_database,
    reading,
)
from tests.site.histories import HOSTILE
from tests.site.serving import Site, served
from tests.site.test_compare import text_of
from tests.test_docs import ROOT, first_cells

PAGE = "/tracker/-/health"
DAY = 24 * 3600
WATCHED = replace(LIST, deadline_seconds=3 * DAY)
DARK = replace(WATCHED, id="aros-list", title="List of Aros")
HELD = replace(WATCHED, id="onhava-list", title="List of Onhava")
OVER = replace(LIST, id="ended-list", title="Ended list", lifecycle="ended")
TODAY = "2025-06-10T12:00:00Z"


def watch(db: Database, source: Source, *days: str) -> None:
    """Let a source be accepted and then found unchanged on these days of June."""
    save_source(db, source)
    stored = load(db, source, "2025-06-01T10:00:00Z", reading([listing()]), name=source.id)
    for day in days:
        load_unchanged(db, source, f"2025-06-{day}T10:00:00Z", source.address, stored)


def some_trouble(folder: Path) -> Database:
    """Make a history of a good source, one gone dark, one that holds a reading, one that ended."""
    db = new_database(folder)
    db.execute("DELETE FROM sources WHERE id = ?", [REPORT.id])
    watch(db, WATCHED, "09", "10")
    watch(db, DARK, "02")
    for day in ("09", "10"):
        blocked = Capture(
            DARK.id, "document", DARK.address, f"2025-06-{day}T10:00:00Z", "own", "blocked", HOSTILE
        )
        record_capture(db, blocked, None, start_run(db, "run", "0.1.0", NOW), NOW)
    watch(db, HELD, "10")
    half = (Check("enough_rows", False, True, f"it lost half {HOSTILE}"),)
    load(db, HELD, "2025-06-10T11:00:00Z", reading([listing()], checks=half))
    watch(db, OVER)
    run = start_run(db, "run", "0.1.0", "2025-06-10T10:00:00Z")
    outcomes = [{"source_id": "zembla-list", "new": 2, "held": 1, "messages": [HOSTILE]}]
    finish_run(db, run, {"sources": outcomes}, "2025-06-10T10:02:30Z")
    start_run(db, "import", "0.1.0", "2025-06-10T11:00:00Z")
    first, second = (item.id for item in queued(db)[:2])
    plan(db, [Planned(first, "all", "desk", "at once", NOW)])
    settle_failed(db, [each.id for each in claim_due(db, NOW)], f"no answer {HOSTILE}", NOW)
    plan(db, [Planned(second, "all", "desk", "at once", NOW)])
    return db


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("health")
    some_trouble(folder).close()
    return folder


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[Site]:
    with (
        pytest.MonkeyPatch.context() as patch,
        served(folder / "tracker.db") as site,
    ):
        patch.setattr("sanctuary.site.health.utc_now", lambda: TODAY)
        yield site


def test_it_says_what_waits_to_be_sent_and_what_could_not_be_sent(site: Site) -> None:
    page = site.get(PAGE).text
    seen = text_of(page)
    assert "1 notification is to be sent, the first due 20" in seen
    assert "1 notification could not be sent." in seen
    assert "desk" not in page
    outbox = site.get(f"{PAGE}.json").json()["outbox"]
    assert (outbox["waiting"], outbox["failed"], outbox["oldest_waiting"]) == (1, 1, NOW)


def test_one_sentence_says_how_all_stands(site: Site) -> None:
    page = site.get(PAGE)
    assert page.status_code == 200
    seen = text_of(page.text)
    assert "1 of 3 sources that are watched was not read within its deadline" in seen
    assert "1 reading and 4 undecided names wait for a person." in seen
    assert HOSTILE not in page.text
    assert "script-src" not in page.headers["content-security-policy"]


def test_what_needs_a_person_stands_first_and_what_is_over_last(site: Site) -> None:
    data = site.get(f"{PAGE}.json").json()
    found = [each["source_id"] for each in data["sources"]]
    assert found == ["aros-list", "onhava-list", "zembla-list", "ended-list"]
    assert [each["needs_a_person"] for each in data["sources"]] == [True, True, False, False]


def test_a_source_says_how_far_it_last_came(site: Site) -> None:
    good = site.get(f"{PAGE}.json").json()["sources"][2]
    assert good["last_tried"] == good["last_fetched"] == "2025-06-10T10:00:00Z"
    assert good["last_read"] == good["last_accepted"] == NOW
    assert good["next_due"] > TODAY
    assert good["words"] == "good"
    assert "last_30_days" not in good


def test_a_dark_source_says_since_when_and_what_its_server_said(site: Site) -> None:
    dark = site.get(f"{PAGE}.json").json()["sources"][0]
    assert dark["past_deadline"]
    assert dark["unread_since"] == "2025-06-02T10:00:00Z"
    assert "gone dark: not read for 8 days" in dark["words"]
    assert dark["last_failure"].endswith(f"blocked: {HOSTILE}")
    assert site.get(f"{PAGE}.json").json()["counts"]["failing"] == 1


def test_a_held_reading_says_why_and_leads_to_its_document(site: Site) -> None:
    page = site.get(PAGE).text
    held = site.get(f"{PAGE}.json").json()["sources"][1]["held"][0]
    assert "it lost half" in held["reasons"][0]
    assert f'/tracker/-/document/{held["document_sha256"]}"' in page
    assert 'href="/tracker/-/held"' in page


def test_a_monitor_reads_one_word_and_always_gets_an_answer(site: Site) -> None:
    answer = site.get(f"{PAGE}.json")
    assert answer.status_code == 200
    data = answer.json()
    assert data["ok"] is False
    assert data["counts"]["past_deadline"] == 1
    assert data["counts"]["held"] == 1
    assert data["next"] is None
    assert data["disk"]["database_bytes"] > 0


def test_every_key_of_the_answer_to_a_monitor_is_explained(site: Site) -> None:
    data = site.get(f"{PAGE}.json").json()
    assert first_cells("site.md", "Health") == set(data)
    text = (ROOT / "docs" / "site.md").read_text("utf-8").partition("## Health")[2]
    for name in (*data["counts"], *data["runs"][0], *data["disk"], "last_accepted", "words"):
        assert f"`{name}`" in text


def test_runs_say_how_long_they_took_and_what_came(site: Site) -> None:
    seen = text_of(site.get(PAGE).text)
    assert "2 minutes run 0.1.0 1 2 new, 1 held" in seen
    assert "goes on, or broke off import 0.1.0 0 nothing" in seen


def test_sources_are_shown_in_pages(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sanctuary.site.health.SOURCES_SHOWN", 3)
    with served(folder / "tracker.db") as site:
        first, second = site.get(PAGE).text, site.get(f"{PAGE}?page=2").text
        after = site.get(f"{PAGE}.json").json()["next"]
        names = [each["source_id"] for each in site.get(after).json()["sources"]]
        beyond = text_of(site.get(f"{PAGE}?page=99").text)
    assert "Page 1 of 2" in text_of(first)
    assert "Ended list" not in first
    assert "Ended list" in second
    assert names == ["ended-list"]
    assert "Page 2 of 2" in beyond


def test_a_history_that_is_new_is_good_and_says_so(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    db.execute("DELETE FROM sources")
    db.close()
    with served(tmp_path / "tracker.db") as site:
        data, seen = site.get(f"{PAGE}.json").json(), text_of(site.get(PAGE).text)
    assert data["ok"] is True
    assert "No source is watched; nothing waits for a person." in seen
    assert "Nothing was run yet." in seen


@pytest.mark.parametrize("level", ["counts", "off"])
def test_below_full_it_counts_no_name_that_only_rows_about_individuals_print(
    tmp_path: Path, level: str
) -> None:
    db = new_database(tmp_path)
    load(db, REPORT, "2017-03-20T10:00:00Z", reading([declined()], 1))
    db.close()
    with served(tmp_path / "tracker.db") as site:
        before = site.get(f"{PAGE}.json").json()["counts"]["names_undecided"]
        db = Database(tmp_path / "tracker.db")
        save_individual_rows(db, level)
        db.close()
        after = site.get(f"{PAGE}.json").json()["counts"]["names_undecided"]
    assert (before, after) == (1, 0)


def test_a_document_that_could_not_be_read_needs_a_person(tmp_path: Path) -> None:
    db = new_database(tmp_path)
    watch(db, WATCHED, "10")
    load(db, REPORT, "2025-06-10T10:00:00Z", reading([listing()], 1), name="broken")
    row = db.execute("SELECT document_sha256 FROM readings WHERE source_id = ?", [REPORT.id])
    read_by = ReadBy(REPORT.id, row.fetchone()[0], REPORT.parser, "2")
    store_failure(db, read_by, Problem("unreadable", "it is cut short"), NOW)
    db.close()
    with served(tmp_path / "tracker.db") as site:
        data = site.get(f"{PAGE}.json").json()
    assert data["counts"]["unreadable"] == 1
    assert data["sources"][0]["source_id"] == REPORT.id


def test_when_a_source_was_tried_is_what_all_its_attempts_say(folder: Path) -> None:
    db = Database(folder / "tracker.db")
    found = answered(db, TODAY)
    for source_id in (WATCHED.id, DARK.id, HELD.id, OVER.id):
        tried = attempts(db, source_id)
        good = [each.good_at for each in tried if each.good_at]
        assert found[source_id] == Answered(
            tried[0].at if tried else None,
            tried[-1].at if tried else None,
            max(good, default=None),
        )
    db.close()


def test_a_source_fails_that_has_a_last_failure_and_no_other(tmp_path: Path) -> None:
    db = some_trouble(tmp_path)
    record_problem(db, OVER.id, None, Problem("failed", "the parser is not there"), NOW)
    failing = {source_id for source_id, each in waiting(db).items() if each.failing}
    said = {each.source_id for each in standings(db, TODAY) if each.last_failure}
    assert failing == said == {DARK.id, OVER.id}
    db.close()


def test_the_standing_of_some_sources_is_what_it_is_among_all(folder: Path) -> None:
    db = Database(folder / "tracker.db")
    every = {each.source_id: each for each in standings(db, TODAY)}
    assert standings(db, TODAY, [DARK.id]) == [every[DARK.id]]
    assert standings(db, TODAY, []) == []
    db.close()


def test_a_source_without_an_address_is_watched_once_it_was_asked_for() -> None:
    dated = replace(WATCHED, address=None)
    assert not is_watched(dated, Answered())
    assert is_watched(dated, Answered(first_tried=TODAY))
    assert not is_watched(OVER, Answered(first_tried=TODAY))
