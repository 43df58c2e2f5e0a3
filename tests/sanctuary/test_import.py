"""``sanctuary import``: a document that a person saved becomes part of the history."""

from __future__ import annotations

from pathlib import Path

import pytest

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
    stored = [file for file in (sanctuary.data_dir / "archive").rglob("*") if file.is_file()]
    assert [file.read_bytes() for file in stored] == [page.read_bytes()]
    assert sha256 in str(stored[0]).replace("/", "")


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
