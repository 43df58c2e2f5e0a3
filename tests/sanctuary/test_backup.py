"""``sanctuary backup`` and ``restore``: the whole history, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from sanctuary import backup as backup_module
from sanctuary.archive_place import archive_in, note_address
from scraper.archive import Archive
from tests.db.released import put
from tests.sanctuary.commands import Answer, Commands, list_page


def take_in(commands: Commands, *days: str) -> None:
    page = commands.sources_file.with_name("list.html")
    for day in days:
        page.write_bytes(list_page(("Onhava, Zembla", "Rule"), ("Kinbote, Zembla", f"Of {day}")))
        answer = commands("import", page, "--source", "specimen-list", "--captured-at", day)
        assert answer.code == 0


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    commands = Commands(tmp_path_factory.mktemp("history"))
    take_in(commands, "2025-06-01", "2025-06-08")
    return commands.data_dir


@pytest.fixture
def kept(tmp_path: Path, history: Path, monkeypatch: pytest.MonkeyPatch) -> Commands:
    commands = Commands(tmp_path)
    shutil.copytree(history, commands.data_dir)
    monkeypatch.chdir(tmp_path)
    return commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "backup"


def at(commands: Commands, data_dir: Path) -> Commands:
    """Return the command line over another data directory."""
    other = Commands(commands.sources_file.parent)
    other.data_dir = data_dir
    return other


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", "tracker.db-wal", "tracker.db-shm")
    }


def documents(data_dir: Path) -> list[str]:
    return list(Archive.at(data_dir / "archive").hashes())


def told(commands: Commands) -> list[str]:
    """Return the whole database as SQL, in an order that does not depend on that of its file."""
    return sorted(commands.dump())


def ok(answer: Answer) -> Answer:
    assert (answer.code, answer.err) == (0, "")
    return answer


def test_what_is_restored_is_the_history_that_was_backed_up(
    kept: Commands, folder: Path, tmp_path: Path
) -> None:
    ok(kept("backup", folder))
    restored = at(kept, tmp_path / "restored")
    ok(restored("restore", folder))
    assert told(restored) == told(kept)
    assert documents(restored.data_dir) == documents(kept.data_dir)
    ok(restored("verify"))
    assert restored("log", "--json").out == kept("log", "--json").out


def test_a_backup_is_a_data_directory_at_once(kept: Commands, folder: Path) -> None:
    before = told(kept)
    ok(kept("backup", folder))
    copy = at(kept, folder)
    assert ok(copy("log")).out == kept("log").out
    ok(copy("verify"))
    assert told(copy) == before


def test_the_second_backup_copies_only_what_is_new(kept: Commands, folder: Path) -> None:
    assert ok(kept("backup", folder, "--json")).data()["new"] == 2
    before = files_in(folder / "archive")
    take_in(kept, "2025-06-15")
    data = ok(kept("backup", folder, "--json")).data()
    assert (data["documents"], data["new"], data["missing"]) == (3, 1, [])
    after = files_in(folder / "archive")
    assert {name: after[name] for name in before} == before
    assert told(at(kept, folder)) == told(kept)


def test_it_says_how_much_there_is(kept: Commands, folder: Path) -> None:
    out = ok(kept("backup", folder)).out
    assert out.startswith(f"{folder}: 2 documents (2 new, ")
    said = json.loads((folder / "backup.json").read_text())
    assert said["rows"]["captures"] == 2
    assert said["database_bytes"] == (folder / "tracker.db").stat().st_size


def test_files_of_the_folder_go_along(kept: Commands, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "metadata.yml").write_text("title: Ours\n")
    ok(kept("backup", folder))
    assert (folder / "sources.yml").read_text() == kept.sources_file.read_text()
    answer = ok(at(kept, tmp_path / "restored")("restore", folder))
    assert (tmp_path / "restored" / "metadata.yml").read_text() == "title: Ours\n"
    assert "sources.yml, metadata.yml of the backup" in answer.out


@pytest.fixture
def writing(kept: Commands) -> Iterator[None]:
    """Let another process hold the lock, in the middle of a transaction."""
    with (
        FileLock(kept.data_dir / ".lock"),
        closing(sqlite3.connect(kept.data_dir / "tracker.db", isolation_level=None)) as writer,
    ):
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM change_fields")
        yield
        writer.execute("ROLLBACK")


def test_it_needs_not_wait_for_who_writes_and_copies_one_moment(
    kept: Commands, folder: Path, writing: None
) -> None:
    ok(kept("backup", folder))
    assert told(at(kept, folder)) == told(kept)


def test_a_document_that_comes_meanwhile_is_in_the_next_backup(
    kept: Commands, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = backup_module.copy_database

    def and_then_another(database: Path, copy: Path) -> None:
        plain(database, copy)
        take_in(kept, "2025-06-15")

    with monkeypatch.context() as patch:
        patch.setattr(backup_module, "copy_database", and_then_another)
        assert ok(kept("backup", folder, "--json")).data()["documents"] == 2
    ok(at(kept, folder)("verify"))
    assert ok(kept("backup", folder, "--json")).data()["documents"] == 3


def test_what_is_withheld_meanwhile_is_in_no_backup(
    kept: Commands, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, sha256 = backup_module.copy_database, documents(kept.data_dir)[0]

    def and_then_withhold(database: Path, copy: Path) -> None:
        plain(database, copy)
        if sha256 in documents(kept.data_dir):
            assert kept("withhold", sha256, "--reason", "By order.").code == 0

    monkeypatch.setattr(backup_module, "copy_database", and_then_withhold)
    assert ok(kept("backup", folder, "--json")).data()["missing"] == []
    assert sha256 not in documents(folder)
    ok(at(kept, folder)("verify"))


def test_what_is_withheld_later_leaves_the_backup_with_the_next(
    kept: Commands, folder: Path
) -> None:
    ok(kept("backup", folder))
    sha256 = documents(kept.data_dir)[0]
    kept("withhold", sha256, "--reason", "By order.")
    ok(kept("backup", folder))
    assert documents(folder) == documents(kept.data_dir)
    assert files_in(folder / "withheld") == files_in(kept.data_dir / "withheld") != {}
    assert (folder / "withheld").stat().st_mode & 0o077 == 0
    ok(at(kept, folder)("verify"))


@pytest.mark.parametrize("step", ["_copy_documents", "put_in_place"])
def test_one_that_is_broken_off_leaves_the_backup_of_before(
    kept: Commands, folder: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def stop(*_: object) -> None:
        raise OSError(f"stopped at {step}")

    with monkeypatch.context() as patch:
        patch.setattr(backup_module, step, stop)
        assert kept("backup", folder).code == 1
    assert not (folder / "tracker.db").exists()
    assert "no history" in at(kept, folder)("status").err
    assert at(kept, folder.with_name("new"))("restore", folder).code == 1
    ok(kept("backup", folder))
    before = told(at(kept, folder))
    take_in(kept, "2025-06-15")
    with monkeypatch.context() as patch:
        patch.setattr(backup_module, step, stop)
        assert kept("backup", folder).code == 1
    assert told(at(kept, folder)) == before
    ok(at(kept, folder.with_name("new"))("restore", folder))
    ok(kept("backup", folder))


def test_what_sqlite_left_beside_the_backup_of_before_does_not_spoil_the_next(
    kept: Commands, folder: Path
) -> None:
    ok(kept("backup", folder))
    (folder / "tracker.db-wal").write_bytes(b"of another database")
    ok(kept("backup", folder))
    assert not (folder / "tracker.db-wal").exists()
    assert told(at(kept, folder)) == told(kept)


def test_a_database_that_only_its_owner_reads_stays_so(kept: Commands, folder: Path) -> None:
    (kept.data_dir / "tracker.db").chmod(0o600)
    ok(kept("backup", folder))
    assert (folder / "tracker.db").stat().st_mode & 0o777 == 0o600


def test_what_goes_along_is_open_to_nobody_else(kept: Commands, folder: Path) -> None:
    kept.sources_file.chmod(0o600)
    kept.data_dir.chmod(0o700)
    ok(kept("backup", folder))
    ok(at(kept, folder.with_name("restored"))("restore", folder))
    for copy in (folder, folder.with_name("restored")):
        assert copy.stat().st_mode & 0o777 == 0o700
        assert (copy / "sources.yml").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", ["withheld", "metadata.yml", "releases"])
def test_a_backup_with_a_link_in_it_brings_in_nothing_from_elsewhere(
    kept: Commands, folder: Path, tmp_path: Path, name: str
) -> None:
    ok(kept("backup", folder))
    (folder / name).symlink_to(tmp_path)
    answer = at(kept, tmp_path / "restored")("restore", folder)
    assert answer.code == 1
    assert f"its {name} leads elsewhere" in answer.err
    assert not (tmp_path / "restored").exists()


def test_nothing_is_written_or_deleted_through_a_link_in_the_folder(
    kept: Commands, folder: Path, tmp_path: Path
) -> None:
    ok(kept("backup", folder))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine").write_text("")
    (folder / "withheld").symlink_to(tmp_path / "elsewhere")
    (kept.data_dir / "withheld").mkdir(mode=0o700)
    (kept.data_dir / "withheld" / "its").symlink_to(tmp_path / "elsewhere")
    ok(kept("backup", folder))
    assert [each.name for each in (tmp_path / "elsewhere").iterdir()] == ["mine"]
    assert not (folder / "withheld").is_symlink()
    assert (folder / "withheld" / "its").is_symlink()


def test_data_packages_go_along_and_come_back(kept: Commands, folder: Path, tmp_path: Path) -> None:
    releases = kept.data_dir / "releases"
    (releases / "2025-06" / "data").mkdir(parents=True)
    (releases / "2025-06" / "data" / "listings.csv").write_text("a")
    (releases / "2025-06.zip").write_text("packed")
    (releases / ".part-x").mkdir()
    ok(kept("backup", folder))
    shutil.rmtree(releases)
    ok(kept("backup", folder))
    ok(at(kept, tmp_path / "restored")("restore", folder))
    assert set(files_in(tmp_path / "restored" / "releases")) == {
        "2025-06/data/listings.csv",
        "2025-06.zip",
    }


def test_a_document_that_is_lost_is_told(kept: Commands, folder: Path) -> None:
    archive = Archive.at(kept.data_dir / "archive")
    lost = documents(kept.data_dir)[0]
    Path(archive.place_of(lost)).unlink()
    answer = kept("backup", folder)
    assert answer.code == 1
    assert lost in answer.err
    assert ok(at(kept, folder)("log")).out == kept("log").out


def test_one_that_the_backup_has_lost_is_copied_anew(kept: Commands, folder: Path) -> None:
    ok(kept("backup", folder))
    path = Path(Archive.at(folder / "archive").place_of(documents(folder)[0]))
    path.chmod(0o644)
    path.write_bytes(b"rotten")
    ok(kept("backup", folder))
    ok(at(kept, folder)("verify"))


def test_documents_of_an_archive_elsewhere_are_copied_too(
    kept: Commands, folder: Path, tmp_path: Path
) -> None:
    (kept.data_dir / "archive").rename(tmp_path / "elsewhere")
    note_address(kept.data_dir, str(tmp_path / "elsewhere"))
    ok(kept("backup", folder))
    assert documents(folder) == list(archive_in(kept.data_dir).hashes())
    ok(at(kept, folder)("verify"))


@pytest.mark.parametrize(
    ("where", "said"),
    [("history", "the data directory"), ("history/inside", "inside it"), (".", "something else")],
)
def test_a_folder_that_is_none_for_it_is_left_alone(
    kept: Commands, tmp_path: Path, where: str, said: str
) -> None:
    before = files_in(tmp_path)
    answer = kept("backup", tmp_path / where)
    assert answer.code == 1
    assert said in answer.err
    assert files_in(tmp_path) == before


@pytest.mark.parametrize("is_new", [True, False])
def test_a_backup_that_went_on_by_itself_is_not_replaced(
    kept: Commands, folder: Path, is_new: bool
) -> None:
    ok(kept("backup", folder))
    copy = at(kept, folder)
    page = kept.sources_file.with_name("list.html")
    known = Archive.at(folder / "archive").get(documents(folder)[0])
    new = list_page(("Onhava, Zembla", "Rule"), ("Kinbote, Zembla", "Another"))
    page.write_bytes(new if is_new else known)
    said = ("--source", "specimen-list", "--captured-at", "2025-06-22")
    assert copy("import", page, *said).code == 0
    before = told(copy)
    answer = kept("backup", folder)
    assert answer.code == 1
    assert "another history" in answer.err
    assert told(copy) == before


def test_nothing_is_restored_over_a_history(kept: Commands, folder: Path) -> None:
    ok(kept("backup", folder))
    before = told(kept)
    answer = kept("restore", folder)
    assert answer.code == 1
    assert "nothing is replaced" in answer.err
    assert told(kept) == before


def test_nor_where_documents_are_said_to_be_elsewhere(
    kept: Commands, folder: Path, tmp_path: Path
) -> None:
    ok(kept("backup", folder))
    other = at(kept, tmp_path / "other")
    other.data_dir.mkdir()
    note_address(other.data_dir, str(tmp_path / "elsewhere"))
    answer = other("restore", folder)
    assert (answer.code, "archive.address already" in answer.err) == (1, True)


def test_a_damaged_backup_is_not_restored(kept: Commands, folder: Path, tmp_path: Path) -> None:
    ok(kept("backup", folder))
    data = bytearray((folder / "tracker.db").read_bytes())
    data[-100] ^= 1
    (folder / "tracker.db").write_bytes(data)
    answer = at(kept, tmp_path / "restored")("restore", folder)
    assert answer.code == 1
    assert "not what the backup left" in answer.err
    assert not (tmp_path / "restored").exists()


def test_what_was_written_to_a_backup_is_not_restored_unseen(
    kept: Commands, folder: Path, tmp_path: Path
) -> None:
    ok(kept("backup", folder))
    writer = sqlite3.connect(folder / "tracker.db", isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    sha256 = hashlib.sha256((folder / "tracker.db").read_bytes()).hexdigest()
    said = json.loads((folder / "backup.json").read_text())
    (folder / "backup.json").write_text(json.dumps({**said, "database_sha256": sha256}))
    with closing(writer):
        writer.execute("DELETE FROM change_fields")
        answer = at(kept, tmp_path / "restored")("restore", folder)
    assert answer.code == 1
    assert "was written to since" in answer.err


def test_what_is_no_backup_is_not_restored(kept: Commands, tmp_path: Path) -> None:
    answer = at(kept, tmp_path / "restored")("restore", kept.data_dir)
    assert answer.code == 1
    assert "holds no backup" in answer.err


def test_two_backups_into_one_folder_do_not_mix(kept: Commands, folder: Path) -> None:
    folder.mkdir(parents=True)
    with FileLock(folder / ".lock"):
        answer = kept("backup", folder)
    assert answer.code == 1
    assert "another command is writing" in answer.err


@pytest.mark.parametrize("release", ["01", "13"])
def test_a_history_of_an_earlier_version_is_copied_as_it_is(
    tmp_path: Path, folder: Path, release: str
) -> None:
    old = Commands(tmp_path)
    old.data_dir.mkdir()
    put(release, old.data_dir / "tracker.db")
    for _ in range(2):
        answer = old("backup", folder)
        assert answer.code == 1, "its documents are not in the tests"
        assert told(at(old, folder)) == told(old)


def test_where_there_is_no_history_nothing_is_made(tmp_path: Path, folder: Path) -> None:
    answer = Commands(tmp_path)("backup", folder)
    assert answer.code == 1
    assert "no history" in answer.err
    assert not folder.exists()
