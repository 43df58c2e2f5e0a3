"""``sanctuary verify``: all that is kept is what it was, or a line says what to do."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sanctuary.workspace import Workspace
from scraper.archive import Archive
from tests.sanctuary.commands import WEEK_1, Commands, list_page


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a list, its changes and a report."""
    folder = tmp_path_factory.mktemp("history")
    sanctuary, page = Commands(folder), folder / "list.html"
    for day, places in (("2025-06-01", "ABC"), ("2025-06-08", "ABD")):
        page.write_bytes(list_page(*((f"{place}, Zembla", "Rule") for place in places)))
        sanctuary("import", page, "--source", "specimen-list", "--captured-at", day)
    sanctuary("import", WEEK_1, "--source", "specimen-ddor", "--captured-at", "2017-03-20")
    return sanctuary.data_dir


@pytest.fixture
def kept(sanctuary: Commands, history: Path) -> Commands:
    """That history, to be written to."""
    shutil.copytree(history, sanctuary.data_dir)
    return sanctuary


def alter(kept: Commands, sql: str) -> None:
    connection = sqlite3.connect(kept.data_dir / "tracker.db")
    connection.execute(sql)
    connection.commit()
    connection.close()


def documents(kept: Commands) -> list[str]:
    return list(Archive.at(kept.data_dir / "archive").hashes())


def file_of(kept: Commands, sha256: str) -> Path:
    path = Path(Archive.at(kept.data_dir / "archive").place_of(sha256))
    path.chmod(0o644)
    return path


def test_where_all_is_well_it_says_how_much_that_is(kept: Commands) -> None:
    answer = kept("verify")
    assert (answer.code, answer.err) == (0, "")
    ((size, newest),) = kept.rows(
        "SELECT (SELECT sum(size) FROM documents), manifest_sha256 FROM runs WHERE id = 3"
    )
    assert answer.out == (
        f"all is as it was: 3 documents, {size:,} bytes, 3 readings, 3 runs\n"
        f"the newest manifest is {newest}\n"
    )


def test_nothing_is_written(kept: Commands) -> None:
    before = kept.dump()
    files = {path: path.read_bytes() for path in (kept.data_dir / "archive").rglob("*.*")}
    kept("verify")
    assert kept.dump() == before
    after = {path: path.read_bytes() for path in (kept.data_dir / "archive").rglob("*.*")}
    assert after == files


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-1] ^= 0xFF
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (flip, "put it back from a copy of the archive"),
        (lambda path: path.write_bytes(path.read_bytes()[:-1]), "put it back from a copy"),
        (lambda path: path.write_bytes(b""), "put it back from a copy"),
        (Path.unlink, "is not in the archive; put it back"),
    ],
    ids=["flipped", "short", "empty", "missing"],
)
def test_a_document_that_is_damaged_or_missing_is_named(
    kept: Commands, harm: Callable[[Path], object], said: str
) -> None:
    sha256 = documents(kept)[0]
    harm(file_of(kept, sha256))
    answer = kept("verify")
    assert answer.code == 1
    (line,) = [line for line in answer.out.splitlines() if line.startswith("archive: ")]
    assert sha256 in line
    assert said in line
    assert answer.out.splitlines()[-1].startswith("1 thing wrong: 3 documents")


def test_a_folder_of_the_archive_that_cannot_be_read_is_named(
    kept: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> list[str]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("scraper.local_shelf.LocalShelf.listed", denied)
    answer = kept("verify")
    assert answer.code == 1
    assert "/archive cannot be read (Permission denied); mend its rights" in answer.out


def test_what_does_not_belong_in_the_archive_is_named(kept: Commands) -> None:
    (kept.data_dir / "archive" / "notes.txt").write_text("mine")
    answer = kept("verify")
    assert answer.code == 1
    assert "notes.txt is nothing that the archive put there; move it away" in answer.out


@pytest.mark.parametrize(
    ("sql", "kind", "said"),
    [
        (
            "DELETE FROM documents WHERE sha256 = (SELECT min(sha256) FROM documents)",
            "reference",
            "name what documents lacks",
        ),
        ("DELETE FROM runs WHERE id = 2", "reference", "1 row of captures name what runs lacks"),
        ("UPDATE runs SET manifest = '{}' WHERE id = 2", "manifest", "run 2: its manifest is not"),
        ("UPDATE captures SET status = 404 WHERE id = 2", "manifest", "run 2: its capture of"),
        ("UPDATE listings SET policy = 'Other' WHERE id = 1", "rows", "its rows are not those"),
        ("DELETE FROM listings WHERE id = 1", "rows", "reading #1 of specimen-list"),
        ("DELETE FROM listings_fts_data WHERE id > 10", "search", "'rebuild'"),
        ("UPDATE list_events SET day = '2016-01-01'", "prepared", "list_events is not what"),
        (
            "INSERT INTO unread_captures SELECT id, source_id FROM captures LIMIT 1",
            "prepared",
            "unread_captures is not what",
        ),
        ("UPDATE reading_sizes SET rows = rows + 1", "prepared", "reading_sizes is not what"),
    ],
)
def test_what_is_altered_in_the_database_is_found(
    kept: Commands, sql: str, kind: str, said: str
) -> None:
    alter(kept, sql)
    answer = kept("verify")
    assert answer.code == 1
    found = [line for line in answer.out.splitlines() if line.startswith(f"{kind}: ")]
    assert any(said in line for line in found), answer.out


def test_a_search_index_without_a_row_of_its_table_is_found(kept: Commands) -> None:
    alter(
        kept,
        """INSERT INTO listings_fts(listings_fts, rowid, jurisdiction, field_office, policy,
            criteria)
        SELECT 'delete', id, jurisdiction, field_office, policy, criteria FROM listings LIMIT 1""",
    )
    answer = kept("verify")
    assert answer.code == 1
    assert "the search index listings_fts is not that of its table" in answer.out
    mend = "INSERT INTO listings_fts(listings_fts) VALUES ('rebuild')"
    assert mend in answer.out
    alter(kept, mend)
    assert kept("verify").code == 0


def test_a_damaged_file_of_the_database_is_found(kept: Commands) -> None:
    database = kept.data_dir / "tracker.db"
    alter(kept, "PRAGMA wal_checkpoint(TRUNCATE)")
    ((size, root),) = kept.rows(
        """SELECT (SELECT page_size FROM pragma_page_size),
        (SELECT rootpage FROM sqlite_master WHERE name = 'captures_by_time')"""
    )
    data = bytearray(database.read_bytes())
    start = (root - 1) * size
    data[start : start + 200] = b"\xff" * 200
    database.write_bytes(data)
    answer = kept("verify")
    assert answer.code == 1
    assert "restore a copy of tracker.db" in answer.out


def test_a_document_that_a_dead_command_left_is_no_fault_and_told(kept: Commands) -> None:
    sha256 = Archive.at(kept.data_dir / "archive").put(b"left by a command that died")
    answer = kept("verify")
    assert answer.code == 0
    assert f"note: 1 document in the archive that the database does not know (the first is {sha256}"


def test_what_is_recorded_while_it_looks_is_no_finding(
    kept: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A run goes on between the list of the archive, the copy of the database and the hashing."""
    looked = Archive.hashes

    def hashes(archive: Archive) -> object:
        found = list(looked(archive))
        page = tmp_path / "meanwhile.html"
        page.write_bytes(list_page(("A, Zembla", "New"), ("B, Zembla", "New"), ("C, Zembla", "x")))
        kept("import", page, "--source", "specimen-list", "--captured-at", "2025-06-09")
        return iter(found)

    monkeypatch.setattr(Archive, "hashes", hashes)
    answer = kept("verify")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith("all is as it was: 4 documents")


def test_what_is_archived_before_and_recorded_while_it_looks_is_not_told(
    kept: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "meanwhile.html"
    page.write_bytes(list_page(("A, Zembla", "New"), ("B, Zembla", "New"), ("C, Zembla", "x")))
    Archive.at(kept.data_dir / "archive").put(page.read_bytes())
    look = Archive.check

    def check(archive: Archive) -> object:
        kept("import", page, "--source", "specimen-list", "--captured-at", "2025-06-09")
        return look(archive)

    monkeypatch.setattr(Archive, "check", check)
    answer = kept("verify")
    assert answer.code == 0
    assert "note: " not in answer.out


def test_who_writes_need_not_wait_and_is_not_waited_for(kept: Commands) -> None:
    with Workspace(kept.data_dir).writing() as db, db.atomic():
        db.execute("UPDATE runs SET summary = '{}'")
        assert kept("verify").code == 0


def test_it_is_said_for_machines_too(kept: Commands) -> None:
    alter(kept, "DELETE FROM listings WHERE id = 1")
    answer = kept("verify", "--json")
    assert answer.code == 1
    data = answer.data()
    assert data["documents"] == 3
    assert {finding["kind"] for finding in data["findings"]} >= {"rows"}


def test_where_nothing_is_there_it_says_so(sanctuary: Commands) -> None:
    answer = sanctuary("verify")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "no history in" in answer.err


def test_a_document_that_is_withheld_is_not_missed(kept: Commands) -> None:
    data = {sha256: Archive.at(kept.data_dir / "archive").get(sha256) for sha256 in documents(kept)}
    sha256 = report_of(kept)
    assert kept("withhold", sha256, "--reason", "an order").code == 0
    assert kept("verify").code == 0
    Archive.at(kept.data_dir / "archive").put(data[sha256])
    answer = kept("verify")
    assert answer.code == 1
    assert f"withheld: document {sha256} is withheld and in the archive all the same" in answer.out


def report_of(kept: Commands) -> str:
    sql = "SELECT document_sha256 FROM readings WHERE source_id = 'specimen-ddor'"
    ((sha256,),) = kept.rows(sql)
    return str(sha256)
