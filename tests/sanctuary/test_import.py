"""``sanctuary import``: a document that a person saved becomes part of the history."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper.archive import Archive
from tests.sanctuary.commands import (
    REVISION_1,
    REVISION_2,
    WEEK_1,
    WEEK_2,
    Commands,
    list_page,
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "list.html"
    file.write_bytes(list_page(("A, Zembla", "One"), ("B, Zembla", "Two"), ("C, Zembla", "Three")))
    return file


def test_a_week_after_another_gives_editions_and_changes(sanctuary: Commands) -> None:
    first = sanctuary(
        "import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20T14:00-04:00"
    )
    assert (first.code, first.out) == (0, "specimen-ddor: 1 new\n")
    sanctuary("import", WEEK_2, "--source", "specimen-ddor", "--captured-at", "2017-03-29")
    assert sanctuary.rows("SELECT period_start, revision, public_from FROM editions") == [
        ("2017-01-28", 1, "2017-03-20T18:00:00Z"),
        ("2017-02-04", 1, "2017-03-29T00:00:00Z"),
    ]
    kinds = {kind for (kind,) in sanctuary.rows("SELECT DISTINCT kind FROM changes")}
    assert {"published", "added", "removed"} <= kinds


def test_a_second_document_for_a_period_is_a_revision(sanctuary: Commands) -> None:
    for file, day in ((REVISION_1, "2017-03-01"), (REVISION_2, "2017-03-08")):
        sanctuary("import", file, "--source", "specimen-freedonia", "--captured-at", day)
    assert sanctuary.rows("SELECT revision FROM editions ORDER BY revision") == [(1,), (2,)]
    assert sanctuary.rows("SELECT DISTINCT kind FROM changes ORDER BY kind") == [
        ("corrected",),
        ("published",),
    ]


def test_the_bytes_are_in_the_archive_under_their_hash(sanctuary: Commands, page: Path) -> None:
    sanctuary("import", page, "--source", "specimen-list")
    ((sha256,),) = sanctuary.rows("SELECT sha256 FROM documents")
    archive = Archive.at(sanctuary.data_dir / "archive")
    assert list(archive.hashes()) == [sha256]
    assert archive.get(sha256) == page.read_bytes()


def test_the_same_document_at_the_same_time_changes_nothing(
    sanctuary: Commands, page: Path
) -> None:
    words = ("import", page, "--source", "specimen-list", "--captured-at", "2025-06-01T10:00")
    sanctuary(*words)
    again = sanctuary(*words)
    assert (again.code, again.out) == (
        0,
        "list.html: specimen-list holds this document already; nothing was written\n",
    )
    assert sanctuary.rows("SELECT count(*) FROM captures") == [(1,)]


def test_a_later_time_is_one_more_sighting_of_the_same_edition(
    sanctuary: Commands, page: Path
) -> None:
    for day in ("2025-06-01", "2025-06-08"):
        sanctuary("import", page, "--source", "specimen-list", "--captured-at", day)
    assert sanctuary.rows("SELECT count(*) FROM sightings") == [(2,)]
    assert sanctuary.rows("SELECT public_until FROM editions") == [("2025-06-08T00:00:00Z",)]


def test_without_a_time_a_document_that_is_held_is_not_taken_again(
    sanctuary: Commands, page: Path
) -> None:
    sanctuary("import", page, "--source", "specimen-list", "--captured-at", "2025-06-01")
    again = sanctuary("import", page, "--source", "specimen-list")
    assert "holds this document already; nothing was written" in again.out
    assert sanctuary.rows("SELECT count(*) FROM captures") == [(1,)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--source", "nowhere"), "there are: specimen-agreements"),
        (("--source", "specimen-list", "--captured-at", "yesterday"), "is no time like"),
        (("--source", "specimen-list", "--captured-at", "2999-01-01"), "is in the future"),
        ((), "--source"),
    ],
)
def test_wrong_words_are_a_usage_error(
    sanctuary: Commands, page: Path, words: tuple[str, ...], said: str
) -> None:
    answer = sanctuary("import", page, *words)
    assert answer.code == 2
    assert said in answer.err
    assert not (sanctuary.data_dir / "tracker.db").exists()


@pytest.mark.parametrize("data", [b"", b"no page", b"<!doctype html><p>no table", b"%PDF-1.7 cut"])
def test_what_cannot_be_read_is_archived_and_kept_with_its_problem(
    sanctuary: Commands, tmp_path: Path, data: bytes
) -> None:
    file = tmp_path / "broken.html"
    file.write_bytes(data)
    answer = sanctuary("import", file, "--source", "specimen-list")
    assert (answer.code, answer.out) == (1, "specimen-list: 1 failed\n")
    assert answer.err.startswith("specimen-list: broken.html: ")
    assert answer.err.count("\n") == 1
    ((sha256, message),) = sanctuary.rows("SELECT document_sha256, message FROM problems")
    assert message in answer.err
    assert Archive.at(sanctuary.data_dir / "archive").get(sha256) == data
    assert "1 unreadable" in sanctuary("status").out
    again = sanctuary("import", file, "--source", "specimen-list")
    assert (again.code, again.err) == (1, answer.err)
    assert len(sanctuary.rows("SELECT 1 FROM captures")) == 1


def test_where_it_was_has_to_be_an_address(sanctuary: Commands, page: Path) -> None:
    words = ("import", page, "--source", "specimen-list", "--address")
    wrong = sanctuary(*words, "on my desk")
    assert wrong.code == 2
    assert "'on my desk' is no address like https://example.org/list" in wrong.err
    assert sanctuary(*words, "https://example.org/list").code == 0
    assert sanctuary.rows("SELECT address, proof FROM captures") == [
        ("https://example.org/list", "person")
    ]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("2025-06-01", "2025-06-01T00:00:00Z"),
        ("2025-06-01T10:00", "2025-06-01T10:00:00Z"),
        ("2025-06-01T10:00:07.9Z", "2025-06-01T10:00:07Z"),
        ("2025-06-01T23:30-04:00", "2025-06-02T03:30:00Z"),
    ],
)
def test_a_time_without_a_zone_is_utc(
    sanctuary: Commands, page: Path, text: str, stored: str
) -> None:
    sanctuary("import", page, "--source", "specimen-list", "--captured-at", text)
    assert sanctuary.rows("SELECT captured_at FROM captures") == [(stored,)]


def test_a_time_outside_the_calendar_is_a_usage_error(sanctuary: Commands, page: Path) -> None:
    words = ("import", page, "--source", "specimen-list", "--captured-at")
    answer = sanctuary(*words, "0001-01-01T00:00+14:00")
    assert answer.code == 2
    assert "is no time like" in answer.err


def test_an_import_is_a_run_with_a_manifest(sanctuary: Commands, page: Path) -> None:
    sanctuary("import", page, "--source", "specimen-list", "--captured-at", "2025-06-01")
    ((command, finished, manifest),) = sanctuary.rows(
        "SELECT command, finished_at IS NOT NULL, manifest FROM runs"
    )
    assert (command, finished) == ("import", 1)
    (capture,) = json.loads(manifest)["captures"]
    assert (capture["source"], capture["captured_at"]) == ("specimen-list", "2025-06-01T00:00:00Z")
    sanctuary("import", page, "--source", "specimen-list", "--captured-at", "2025-06-01")
    assert sanctuary.rows("SELECT count(*) FROM runs") == [(1,)]
