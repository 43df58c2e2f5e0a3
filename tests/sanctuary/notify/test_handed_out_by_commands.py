"""Every command that writes hands out what it queued, also what one before it left behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sanctuary import workspace
from sanctuary.cli import fetch
from sanctuary.clock import in_utc, utc_now
from tests.sanctuary.commands import Commands, list_page
from tests.sanctuary.loopback import HandClock, Page, Publisher

NOTIFY = """settings:
  allow_hosts: ["{host}"]
  delay: 0s
  notify:
    targets: {{desk: DESK_ADDRESS}}
    operators: [desk]
    rules: [{{name: all, to: [desk]}}]
sources:
  - id: freedonia-list
    title: List of Freedonia
    publisher: Freedonia Ministry
    address: http://{host}/list
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    schedule: hourly
    expect: {{max_lost: 0.4}}
    why: An invented list.
"""
ROWS = [(f"Onhava {number}", "Rule") for number in range(1, 4)]


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


@pytest.fixture
def watched(tmp_path: Path, publisher: Publisher) -> Commands:
    """A list that has been read once."""
    publisher.pages = {"/list": Page(list_page(*ROWS))}
    watched = Commands(tmp_path, NOTIFY.format(host=publisher.host))
    assert watched("run").code == 0
    return watched


def kinds(watched: Commands) -> list[tuple[str, str, str]]:
    return watched.rows(
        """SELECT coalesce(changes.kind, outbox.kind), rule, deliveries.state
        FROM deliveries JOIN outbox ON outbox.id = item_id
        LEFT JOIN changes ON public_id = key ORDER BY deliveries.id"""
    )


def test_a_run_hands_out_and_a_second_adds_nothing(watched: Commands) -> None:
    assert [row[:2] for row in kinds(watched)] == [("published", "all")]
    watched("run")
    assert len(kinds(watched)) == 1


def test_accepting_what_is_held_hands_out_its_changes(
    watched: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Two captures of one second have no order.
    a_minute_on = datetime.fromisoformat(utc_now()) + timedelta(minutes=1)
    monkeypatch.setattr(fetch, "utc_now", HandClock(in_utc(a_minute_on)))
    publisher.pages["/list"] = Page(list_page(*ROWS[:1]))
    assert watched("run").code == 3
    assert [row[:2] for row in kinds(watched)][1:] == [("held", "operators")]
    assert watched("accept", "#2", "--reason", "It is so.").code == 0
    assert [row[:2] for row in kinds(watched)][2:] == [("removed", "all")] * 2


def test_what_a_command_left_that_died_is_handed_out_by_the_next(
    watched: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.pages["/list"] = Page(list_page(*ROWS, ("Yewslip", "Rule")))

    def dies(*_: object) -> None:
        raise OSError("the machine went down")

    with monkeypatch.context() as patch:
        patch.setattr("sanctuary.notify.queueing.hand_out", dies)
        assert watched("run").code == 1
    assert len(kinds(watched)) == 1
    watched("run")
    assert [row[:2] for row in kinds(watched)][1:] == [("added", "all")]


def test_status_says_what_waits(watched: Commands) -> None:
    assert "1 notification is to be sent, the first due 20" in watched("status").out
    assert watched("status", "--json").data()["outbox"]["waiting"] == 1


def test_where_it_is_not_known_what_is_watched_it_waits(watched: Commands) -> None:
    with workspace.Workspace(watched.data_dir).writing() as db:
        db.execute("UPDATE outbox SET handed_out_at = NULL")
    assert watched.rows("SELECT count(*) FROM outbox WHERE handed_out_at IS NULL") == [(1,)]
