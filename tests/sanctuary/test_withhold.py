"""``sanctuary withhold``: out of database and archive, into a folder only the operator reads."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from sanctuary.renders import Renders
from sanctuary.workspace import Workspace
from scraper.archive import Archive
from tests.sanctuary.commands import Commands, list_page

PUBLIC, SECRET = ("Kinbote, Zembla", "Rule One"), ("Shade, Zembla", "Rule Two")
LIST = "specimen-list"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "list.html"
    file.write_bytes(list_page(PUBLIC, SECRET))
    return file


@pytest.fixture
def held(sanctuary: Commands, page: Path) -> Commands:
    sanctuary("import", page, "--source", LIST, "--captured-at", "2025-06-01T10:00Z")
    return sanctuary


def sha256_of(page: Path) -> str:
    return hashlib.sha256(page.read_bytes()).hexdigest()


def in_archive(sanctuary: Commands, page: Path) -> bool:
    return Workspace(sanctuary.data_dir).archive.has(sha256_of(page))


def row(sanctuary: Commands) -> str:
    ((row_id,),) = sanctuary.rows("SELECT id FROM listings WHERE jurisdiction LIKE 'Shade%'")
    return f"listings:{row_id}"


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_document_leaves_the_archive_and_its_rows_the_database(
    held: Commands, page: Path
) -> None:
    answer = held("withhold", sha256_of(page)[:12], "--reason", "names a minor")
    assert answer.code == 0
    assert answer.out.startswith(
        "taken out of the database: 3 checks, 2 jurisdiction_names, 2 listings"
    )
    assert not in_archive(held, page)
    assert held.rows("SELECT count(*) FROM listings") == [(0,)]
    assert (held.data_dir / "withheld" / sha256_of(page)).read_bytes() == page.read_bytes()


def test_a_row_leaves_with_the_documents_that_hold_it(held: Commands, page: Path) -> None:
    answer = held("withhold", row(held), "--reason", "names a minor")
    assert answer.code == 0
    assert not in_archive(held, page)
    assert held.rows("SELECT jurisdiction FROM listings") == [("Kinbote, Zembla",)]
    taken = json.loads((held.data_dir / "withheld" / "1.json").read_text())
    assert taken["tables"]["listings"][0]["jurisdiction"] == "Shade, Zembla"


def test_only_the_operator_can_read_what_was_taken_out(held: Commands) -> None:
    held("withhold", row(held), "--reason", "names a minor")
    folder = held.data_dir / "withheld"
    assert folder.stat().st_mode & 0o077 == 0
    assert {file.stat().st_mode & 0o077 for file in folder.iterdir()} == {0}


def test_a_power_cut_does_not_take_what_was_taken_out(
    held: Commands, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = held.data_dir / "withheld"
    synced: set[int] = set()
    synced_before: set[int] = set()
    sync, take_out = os.fsync, Archive.take_out

    def noting(archive: Archive, sha256: str) -> bytes:
        synced_before.update(synced)
        return take_out(archive, sha256)

    monkeypatch.setattr(os, "fsync", lambda each: (synced.add(os.fstat(each).st_ino), sync(each)))
    monkeypatch.setattr(Archive, "take_out", noting)
    held("withhold", sha256_of(page), "--reason", "names a minor")
    assert {folder.stat().st_ino, (folder / sha256_of(page)).stat().st_ino} <= synced_before


def test_no_other_file_of_the_data_directory_holds_it(held: Commands) -> None:
    held("withhold", row(held), "--reason", "names a minor")
    for path in held.data_dir.iterdir():
        if path.name != "withheld":
            content = everything_in(path) if path.is_dir() else path.read_bytes()
            assert b"Shade" not in content, path


def test_what_was_drawn_of_it_goes_with_it(held: Commands, page: Path) -> None:
    sha256 = sha256_of(page)
    renders = Renders.of(held.data_dir / "tracker.db")
    renders.keep(sha256, "page 1", b"picture")
    answer = held("withhold", sha256, "--reason", "asked for")
    assert answer.code == 0, answer.err
    assert renders.get(sha256, "page 1") is None
    assert "renders" not in answer.out


def test_files_that_may_still_hold_it_are_named(held: Commands) -> None:
    (held.data_dir / "backup-of-may.db").write_bytes(b"")
    answer = held("withhold", row(held), "--reason", "names a minor")
    assert "perhaps " in answer.out
    assert "backup-of-may.db" in answer.out


def test_a_document_that_comes_again_does_not_come_back(held: Commands, page: Path) -> None:
    held("withhold", row(held), "--reason", "names a minor")
    held("import", page, "--source", LIST, "--captured-at", "2025-06-02T10:00Z")
    assert not in_archive(held, page)
    assert held.rows("SELECT jurisdiction FROM listings") == [("Kinbote, Zembla",)]


def test_a_row_in_another_document_does_not_come_back_either(held: Commands, page: Path) -> None:
    held("withhold", row(held), "--reason", "names a minor")
    page.write_bytes(list_page(SECRET, PUBLIC, ("Gradus, Zembla", "Rule Three")))
    held("import", page, "--source", LIST, "--captured-at", "2025-06-02T10:00Z")
    assert not in_archive(held, page)
    assert (held.data_dir / "withheld" / sha256_of(page)).exists()
    assert held.rows("SELECT count(*) FROM listings WHERE jurisdiction LIKE 'Shade%'") == [(0,)]


def test_it_is_shown_that_something_was_withheld_and_why(held: Commands, page: Path) -> None:
    held("withhold", sha256_of(page), "--reason", "names a minor", "--by", "vera")
    assert held.rows("SELECT source_id, reason, withheld_by FROM withheld") == [
        (LIST, "names a minor", "vera")
    ]
    assert held.rows("SELECT document_sha256 FROM withheld_documents") == [(sha256_of(page),)]


def test_what_is_withheld_already_is_not_told_as_if_it_were_taken_out_now(
    held: Commands, page: Path
) -> None:
    assert "taken out of the archive: document" in (
        held("withhold", sha256_of(page), "--reason", "names a minor").out
    )
    again = held("withhold", sha256_of(page), "--reason", "names a minor").out
    assert again.startswith(f"withheld already: document {sha256_of(page)[:12]}\n")


def test_status_says_that_something_was_withheld(held: Commands) -> None:
    held("withhold", row(held), "--reason", "names a minor", "--by", "vera")
    (line,) = [each for each in held("status").out.splitlines() if each.startswith("withheld: ")]
    assert line.startswith(f"withheld: {LIST}: a row of listings, 20")
    assert line.endswith(", by vera: names a minor")
    (told,) = next(
        each["withheld"]
        for each in held("status", "--json").data()["sources"]
        if each["source_id"] == LIST
    )
    assert (told["table_name"], told["reason"]) == ("listings", "names a minor")


def test_an_edition_that_is_withheld_is_not_compared(held: Commands, page: Path) -> None:
    withheld = sha256_of(page)
    page.write_bytes(list_page(PUBLIC, ("Gradus, Zembla", "Rule Three")))
    held("import", page, "--source", LIST, "--captured-at", "2025-06-02T10:00Z")
    held("withhold", withheld, "--reason", "names a minor")
    answer = held("diff", LIST)
    assert (answer.code, answer.out) == (1, "")
    assert "the document of this edition is withheld" in answer.err


def test_a_command_that_died_is_finished_by_the_next(
    held: Commands, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("scraper.archive.Archive.take_out", die)
        with pytest.raises(Killed):
            held("withhold", sha256_of(page), "--reason", "names a minor")
    assert in_archive(held, page)
    assert held("withhold", sha256_of(page), "--reason", "names a minor").code == 0
    assert not in_archive(held, page)
    assert held.rows("SELECT count(*) FROM withheld") == [(1,)]


def test_traces_of_a_row_that_a_command_left_when_it_died_go_with_the_next(
    held: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    named = row(held)
    with monkeypatch.context() as patched:
        patched.setattr("sanctuary.withholding.forget_what_was_deleted", die)
        with pytest.raises(Killed):
            held("withhold", named, "--reason", "names a minor")
    database = held.data_dir / "tracker.db"
    assert b"shade" in database.read_bytes()
    assert "there is no such row" in held("withhold", named, "--reason", "names a minor").err
    assert b"shade" not in database.read_bytes()


def test_a_document_that_is_damaged_is_told_and_not_passed_over(held: Commands, page: Path) -> None:
    stored = Path(Workspace(held.data_dir).archive.place_of(sha256_of(page)))
    stored.chmod(0o644)
    stored.write_bytes(stored.read_bytes()[:-20])
    answer = held("withhold", sha256_of(page), "--reason", "names a minor")
    assert answer.code == 1
    assert sha256_of(page)[:12] in answer.err


def test_under_order_the_copy_is_deleted_and_a_note_stays(held: Commands, page: Path) -> None:
    held("withhold", sha256_of(page), "--reason", "order of the court of Zembla")
    answer = held("withhold", sha256_of(page), "--delete")
    assert answer.code == 0
    assert list((held.data_dir / "withheld").iterdir()) == []
    ((reason, deleted_at),) = held.rows("SELECT reason, deleted_at FROM withheld")
    assert reason == "order of the court of Zembla"
    assert deleted_at is not None


def test_what_was_deleted_under_order_is_not_kept_when_it_comes_again(
    held: Commands, page: Path
) -> None:
    held("withhold", sha256_of(page), "--reason", "order of the court of Zembla")
    held("withhold", sha256_of(page), "--delete")
    held("import", page, "--source", LIST, "--captured-at", "2025-06-02T10:00Z")
    assert not in_archive(held, page)
    assert list((held.data_dir / "withheld").iterdir()) == []


def test_what_is_not_withheld_cannot_be_deleted(held: Commands, page: Path) -> None:
    answer = held("withhold", sha256_of(page), "--delete")
    assert answer.code == 1
    assert "it is not withheld; withhold it first" in answer.err
    assert in_archive(held, page)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ffffffffffff", "--reason", "x"], "no document of this history begins with ffffffffffff"),
        (["listing", "--reason", "x"], "neither table:id nor the first 8 digits of a hash"),
        (["captures:1", "--reason", "x"], "no table 'captures' of rows that were read"),
        (["ffffffffffff"], "give either --reason, or --delete"),
        (["listings:1", "--delete"], "--delete takes a document"),
    ],
)
def test_what_names_nothing_is_refused(held: Commands, words: list[str], said: str) -> None:
    answer = held("withhold", *words)
    assert answer.code == 2
    assert said in answer.err


def test_a_row_that_is_not_there_is_refused(held: Commands) -> None:
    answer = held("withhold", "listings:99", "--reason", "x")
    assert (answer.code, answer.err) == (
        1,
        "sanctuary: listings:99: there is no such row; nothing was withheld\n",
    )
