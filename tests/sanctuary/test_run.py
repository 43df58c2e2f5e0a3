"""``sanctuary run`` over a publisher on loopback: new, the same, gone, refused or broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sanctuary import __version__
from sanctuary.cli import fetch, status
from scraper.archive import Archive
from tests.sanctuary.commands import REVISION_1, REVISION_2, WEEK_1, WEEK_2, Commands, list_page
from tests.sanctuary.loopback import HandClock, Page, Publisher
from tests.sanctuary.watching import SOURCES as WATCHED
from tests.sanctuary.watching import THREE, TWO, index, pdf

SOURCES = (
    WATCHED
    + """\
  - id: freedonia-ended
    title: A list that ended
    publisher: Freedonia Ministry
    address: http://{host}/ended
    lifecycle: ended
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction}}}}
    editions: content
    why: For tests.
"""
)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    clock = HandClock()
    monkeypatch.setattr(fetch, "utc_now", clock)
    monkeypatch.setattr(status, "utc_now", clock)
    return clock


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages["/list"] = Page(TWO)
        publisher.pages["/reports/"] = index("one.pdf")
        publisher.pages["/reports/one.pdf"] = pdf(REVISION_1)
        yield publisher


@pytest.fixture
def watched(tmp_path: Path, publisher: Publisher, clock: HandClock) -> Commands:
    return Commands(tmp_path, SOURCES.format(host=publisher.host))


def changes(watched: Commands, source: str) -> list[tuple[str, str | None, str]]:
    """Return kind and window of the changes of a source, the oldest first."""
    found = watched("log", "--source", source, "--json").data()
    return [(c["kind"], c["observed_after"], c["observed_by"]) for c in reversed(found)]


def test_the_first_run_finds_everything_new(watched: Commands) -> None:
    answer = watched("run")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "freedonia-list: 1 new\nfreedonia-reports: 1 new\n"
    assert watched.rows("SELECT source_id, public_from FROM editions ORDER BY 1") == [
        ("freedonia-list", "2025-06-01T10:00:00Z"),
        ("freedonia-reports", "2025-06-01T10:00:00Z"),
    ]
    assert watched.rows("SELECT command, started_at, finished_at FROM runs") == [
        ("run", "2025-06-01T10:00:00Z", "2025-06-01T10:00:00Z")
    ]


def test_what_came_before_is_unchanged_and_one_more_sighting(
    watched: Commands, clock: HandClock
) -> None:
    watched("run")
    clock.now = "2025-06-02T10:00:00Z"
    answer = watched("run")
    assert answer.out == "freedonia-list: 1 unchanged\nfreedonia-reports: 1 unchanged\n"
    assert watched.rows("SELECT DISTINCT public_until FROM editions") == [("2025-06-02T10:00:00Z",)]
    assert len(changes(watched, "freedonia-list")) == 1


def test_a_list_that_changes_and_goes_back_is_new_each_time(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    for day, page in ((1, TWO), (2, THREE), (3, TWO)):
        publisher.pages["/list"] = Page(page)
        clock.now = f"2025-06-0{day}T10:00:00Z"
        assert watched("run", "freedonia-list").out == "freedonia-list: 1 new\n"
    assert changes(watched, "freedonia-list") == [
        ("published", None, "2025-06-01T10:00:00Z"),
        ("added", "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"),
        ("removed", "2025-06-02T10:00:00Z", "2025-06-03T10:00:00Z"),
    ]


def test_a_list_in_other_bytes_with_the_same_rows_is_unchanged(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", "freedonia-list")
    publisher.pages["/list"] = Page(TWO + b"<!-- rendered at 11:00 -->")
    clock.now = "2025-06-01T11:00:00Z"
    assert watched("run", "freedonia-list").out == "freedonia-list: 1 unchanged\n"


def test_a_page_that_is_gone_twice_is_taken_down_and_may_come_back(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", "freedonia-list")
    page = publisher.pages.pop("/list")
    clock.now = "2025-06-02T10:00:00Z"
    once = watched("run", "freedonia-list")
    assert (once.code, once.out) == (0, "freedonia-list: 1 gone\n")
    assert "gone when last tried" in watched("status").out
    assert len(changes(watched, "freedonia-list")) == 1

    clock.now = "2025-06-02T12:59:59Z"  # not three hours later
    watched("run", "freedonia-list")
    assert len(changes(watched, "freedonia-list")) == 1

    clock.now = "2025-06-02T13:00:00Z"
    watched("run", "freedonia-list")
    withdrawn = ("withdrawn", "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z")
    assert changes(watched, "freedonia-list")[1:] == [withdrawn]
    assert "taken down" in watched("status").out

    publisher.pages["/list"] = page
    clock.now = "2025-06-03T10:00:00Z"
    assert watched("run", "freedonia-list").out == "freedonia-list: 1 unchanged\n"
    restored = ("restored", "2025-06-02T13:00:00Z", "2025-06-03T10:00:00Z")
    assert changes(watched, "freedonia-list")[1:] == [withdrawn, restored]


def test_a_report_that_replaces_another_is_a_revision(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", "freedonia-reports")
    publisher.pages["/reports/one.pdf"] = pdf(REVISION_2)
    clock.now = "2025-06-08T10:00:00Z"
    assert watched("run", "freedonia-reports").out == "freedonia-reports: 1 new\n"
    kinds = [kind for kind, *_ in changes(watched, "freedonia-reports")]
    assert kinds[0] == "published"
    assert set(kinds[1:]) == {"corrected"}


def test_a_report_that_is_linked_no_more_is_asked_for_all_the_same(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/reports/"] = index("w1.pdf")
    publisher.pages["/reports/w1.pdf"] = pdf(WEEK_1)
    watched("run", "freedonia-reports")
    publisher.pages["/reports/"] = index("w2.pdf")
    publisher.pages["/reports/w2.pdf"] = pdf(WEEK_2)
    del publisher.pages["/reports/w1.pdf"]
    for hour in (10, 20):
        clock.now = f"2025-06-08T{hour}:00:00Z"
        watched("run", "freedonia-reports")
    assert ("withdrawn", "2025-06-01T10:00:00Z", "2025-06-08T10:00:00Z") in changes(
        watched, "freedonia-reports"
    )
    assert "freedonia-reports  1 link gone from its page\n" in watched("status").out


def test_reports_that_go_with_their_page_are_seen_to_be_gone(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    watched("run", "freedonia-reports")
    publisher.pages.clear()
    for hour in (10, 20):
        clock.now = f"2025-06-08T{hour}:00:00Z"
        answer = watched("run", "freedonia-reports")
        assert (answer.code, answer.out) == (1, "freedonia-reports: 1 gone, 1 failed\n")
    assert [kind for kind, *_ in changes(watched, "freedonia-reports")] == [
        "published",
        "withdrawn",
    ]


CHALLENGE = Page(b"<!doctype html><title>Just a moment...</title><p>Checking", 503)


@pytest.mark.parametrize(
    ("page", "verdict", "said"),
    [
        (CHALLENGE, "blocked", "a challenge of Cloudflare came back"),
        (Page(b"no", 403), "blocked", "status 403"),
        (Page(b"%PDF-1.7 of another page\n%%EOF"), "wrong_kind", "PDF came where HTML is wanted"),
        (Page(b""), "empty", "the body is empty"),
        (Page(b"<h1>Oops</h1>", 500), "error", "status 500"),
    ],
)
def test_what_is_not_the_document_fails_alone_and_is_never_a_removal(
    watched: Commands, publisher: Publisher, clock: HandClock, page: Page, verdict: str, said: str
) -> None:
    watched("run")
    publisher.pages["/list"] = page
    for day in (2, 3):
        clock.now = f"2025-06-0{day}T10:00:00Z"
        answer = watched("run")
        assert answer.code == 1
        assert answer.out == "freedonia-list: 1 failed\nfreedonia-reports: 1 unchanged\n"
        assert f"http://{publisher.host}/list: {verdict}: " in answer.err
        assert said in answer.err
        assert answer.err.count("\n") == (2 if verdict == "blocked" else 1)
    assert [kind for kind, *_ in changes(watched, "freedonia-list")] == ["published"]
    assert watched.rows("SELECT count(*) FROM current_listings WHERE source_id LIKE '%list'") == [
        (2,)
    ]
    status = watched("status").out
    assert "failed when last tried" in status
    assert f"failed: freedonia-list: http://{publisher.host}/list: {verdict}" in status


def test_a_refusal_is_archived_as_it_came(watched: Commands, publisher: Publisher) -> None:
    publisher.pages["/list"] = CHALLENGE
    watched("run", "freedonia-list")
    ((sha256,),) = watched.rows("SELECT document_sha256 FROM captures WHERE verdict = 'blocked'")
    assert Archive.at(watched.data_dir / "archive").get(sha256) == CHALLENGE.body


def test_an_index_without_links_fails_and_says_what_to_do(
    watched: Commands, publisher: Publisher
) -> None:
    publisher.pages["/reports/"] = index("report.docx")
    answer = watched("run", "freedonia-reports")
    assert answer.code == 1
    assert "no link answers to \\.pdf$" in answer.err
    assert "mend the pattern in sources.yml" in answer.err
    assert "no link answers to" in watched("status").out


def test_an_unreadable_document_is_told_once_a_run_brought_it_and_stays_in_status(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/list"] = Page(b"<!doctype html><p>The list has moved to another office.")
    first = watched("run", "freedonia-list")
    assert (first.code, first.out) == (1, "freedonia-list: 1 failed\n")
    readings = watched.rows("SELECT status, parser_version FROM readings")
    assert [status for status, _ in readings] == ["failed"]

    # The same page again: not read again, but it is still what is published there.
    clock.now = "2025-06-02T10:00:00Z"
    assert watched("run", "freedonia-list").code == 1
    assert len(watched.rows("SELECT id FROM readings")) == 1

    publisher.pages["/list"] = Page(TWO)
    clock.now = "2025-06-03T10:00:00Z"
    mended = watched("run", "freedonia-list")
    assert (mended.code, mended.out, mended.err) == (0, "freedonia-list: 1 new\n", "")
    status = watched("status").out
    assert "1 unreadable" in status
    assert "unreadable: #1 of freedonia-list, list: " in status
    assert watched("reject", "#1", "--reason", "the page of a day").code == 0
    assert "unreadable" not in watched("status").out


def test_what_is_held_is_told_in_each_run_until_a_person_decides(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/list"] = Page(THREE)
    watched("run", "freedonia-list")
    publisher.pages["/list"] = Page(list_page(("Pinky, Freedonia", "Rule Two")))
    for day in (2, 3):
        clock.now = f"2025-06-0{day}T10:00:00Z"
        answer = watched("run")
        assert answer.code == 3
        assert answer.out.startswith("freedonia-list: 1 held\n")
        assert "the list went from 3 rows to 1" in answer.err
    watched("accept", "#2", "--reason", "two were taken off")
    clock.now = "2025-06-04T10:00:00Z"
    assert watched("run").code == 0
    assert changes(watched, "freedonia-list")[1:] == [
        ("removed", "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"),
        ("removed", "2025-06-01T10:00:00Z", "2025-06-02T10:00:00Z"),
    ]


def test_a_run_that_has_both_failed_and_held_exits_with_1(
    watched: Commands, publisher: Publisher, clock: HandClock
) -> None:
    publisher.pages["/list"] = Page(THREE)
    watched("run")
    publisher.pages["/list"] = Page(list_page(("Pinky, Freedonia", "Rule Two")))
    publisher.pages["/reports/"] = CHALLENGE
    clock.now = "2025-06-02T10:00:00Z"
    answer = watched("run")
    assert answer.out == "freedonia-list: 1 held\nfreedonia-reports: 1 failed\n"
    assert answer.code == 1


def test_the_summary_for_machines_is_the_same(watched: Commands) -> None:
    answer = watched("run", "--json")
    assert answer.code == 0
    (run,) = watched.rows("SELECT public_id FROM runs")[0]
    assert answer.data()[0] == {
        "run": run,
        "source_id": "freedonia-list",
        "new": 1,
        "unchanged": 0,
        "gone": 0,
        "never_found": 0,
        "held": 0,
        "failed": 0,
        "messages": [],
    }


def test_only_what_is_active_is_fetched_unless_it_is_named(
    watched: Commands, publisher: Publisher
) -> None:
    watched("run")
    assert "/ended" not in publisher.asked
    publisher.pages["/ended"] = Page(TWO)
    assert watched("run", "freedonia-ended").out == "freedonia-ended: 1 new\n"


def test_every_request_says_who_asks(watched: Commands, publisher: Publisher) -> None:
    watched("run")
    assert publisher.agents == {f"SanctuaryTracker/{__version__} (+https://example.org/tests)"}


def test_without_a_contact_a_warning_says_where_it_belongs(
    tmp_path: Path, publisher: Publisher, clock: HandClock
) -> None:
    sources = SOURCES.format(host=publisher.host).replace(
        "  contact: https://example.org/tests", ""
    )
    answer = Commands(tmp_path, sources)("run")
    assert answer.code == 0
    assert answer.err == (
        "sanctuary: no contact is set; put an address into settings.contact of sources.yml, "
        "so that a publisher can reach you\n"
    )


def test_a_host_that_nobody_allowed_is_not_asked(
    tmp_path: Path, publisher: Publisher, clock: HandClock
) -> None:
    sources = SOURCES.format(host=publisher.host).replace(f'["{publisher.host}"]', "[]")
    answer = Commands(tmp_path, sources)("run", "freedonia-list")
    assert answer.code == 1
    assert "not public" in answer.err
    assert publisher.asked == []


def test_a_source_without_an_address_says_what_to_do(tmp_path: Path) -> None:
    answer = Commands(tmp_path)("run", "specimen-list")
    assert answer.code == 1
    assert "it has no address; `sanctuary import` takes its documents" in answer.err


def test_an_unknown_source_is_a_usage_error(watched: Commands) -> None:
    answer = watched("run", "sylvania-list")
    assert answer.code == 2
    assert "no source 'sylvania-list'; there are: freedonia-ended, freedonia-list" in answer.err
    assert not watched.data_dir.exists()
