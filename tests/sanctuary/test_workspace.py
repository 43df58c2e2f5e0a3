"""A data directory: made when something is written, written by one command at a time."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path

import pytest

from db.connection import open_read_only
from db.sources import save_source
from sanctuary.errors import CannotServe, CannotWrite, NothingThere, SomeoneWrites
from sanctuary.workspace import Workspace
from tests.db.history import LIST, REPORT
from tests.sanctuary.commands import Commands, list_page

NOBODY = 65534
HOLD = """
import sys
import tempfile
from pathlib import Path
from sanctuary.workspace import Workspace
with Workspace(Path(sys.argv[1])).writing():
    print("writing", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "list.html"
    file.write_bytes(list_page(("A, Zembla", "One"), ("B, Zembla", "Two")))
    return file


def test_nothing_is_made_before_something_is_written(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    with pytest.raises(NothingThere, match="--data-dir names another folder"), workspace.looking():
        pass
    assert not workspace.folder.exists()
    with workspace.writing():
        pass
    assert workspace.database.exists()


def test_a_folder_that_cannot_be_made_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    workspace = Workspace(tmp_path / "file" / "data")
    said = "choose another folder with --data-dir"
    with pytest.raises(CannotWrite, match=said), workspace.writing():
        pass


def test_who_looks_cannot_write(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    with workspace.writing():
        pass
    with workspace.looking() as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("DELETE FROM sources")


def test_a_second_writer_is_told_in_one_line_and_writes_nothing(
    sanctuary: Commands, page: Path
) -> None:
    words = ("import", page, "--source", "specimen-list", "--captured-at", "2025-06-01")
    with Workspace(sanctuary.data_dir).writing():
        for command in (words, ("run", "specimen-list"), ("accept", "#1", "--reason", "x")):
            answer = sanctuary(*command)
            assert answer.code == 1
            assert answer.err.startswith(
                f"sanctuary: another command is writing to {sanctuary.data_dir} (`"
            )
            assert f"process {os.getpid()} on {socket.gethostname()}, since 20" in answer.err
            assert answer.err.endswith("); wait for it to end\n")
            assert answer.err.count("\n") == 1
    assert sanctuary.rows("SELECT count(*) FROM captures") == [(0,)]
    assert sanctuary(*words).code == 0


def test_another_process_that_writes_is_seen_and_its_death_frees_the_place(
    sanctuary: Commands, page: Path
) -> None:
    words = ("import", page, "--source", "specimen-list", "--captured-at", "2025-06-01")
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(sanctuary.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "writing\n"
        assert "another command is writing" in sanctuary(*words).err
        assert sanctuary("status").code == 0
        other.kill()
    assert sanctuary(*words).code == 0


def test_what_a_dead_process_left_behind_is_not_believed(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left = {"pid": dead.pid, "started": 1.0, "command": "run", "since": "x", "host": "elsewhere"}
    with workspace.writing():
        note = workspace.folder / ".lock.json"
        ours = json.loads(note.read_text())
        # No such process; a process of that number that began at another time; no note at all.
        for said in (left | {"host": ours["host"]}, ours | {"started": 1.0}, {"pid": 1}, []):
            note.write_text(json.dumps(said))
            with pytest.raises(SomeoneWrites) as refused, workspace.writing():
                pass
            assert str(refused.value).endswith("data; wait for it to end")
    assert not note.exists()
    note.write_text(json.dumps(ours))
    # The note stands there, and the lock is free: nobody writes.
    with workspace.writing():
        pass


def test_the_wal_is_cut_once_no_reader_holds_it(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    wal = workspace.folder / "tracker.db-wal"
    with workspace.writing() as db:
        save_source(db, LIST)
    with workspace.looking() as reader:
        assert reader.execute("SELECT count(*) FROM sources").fetchone()[0] == 1
        with workspace.writing() as db:
            save_source(db, REPORT)
        assert wal.stat().st_size > 0
        # The reader goes on with what it began with, and nobody waited for it.
        assert reader.execute("SELECT count(*) FROM sources").fetchone()[0] == 1
    # One that has read and is idle now: the file goes with the last who has it open.
    idle = open_read_only(workspace.database)
    assert idle.execute("SELECT count(*) FROM sources").fetchone()[0] == 2
    with workspace.writing():
        pass
    assert wal.stat().st_size == 0
    idle.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user for a moment")
def test_a_folder_that_the_server_may_not_write_to_is_named_before_it_starts() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        workspace = Workspace(folder)
        with workspace.writing():
            pass
        workspace.check_rights()
        os.setresuid(NOBODY, NOBODY, 0)
        try:
            with pytest.raises(CannotServe, match="give it the right to write to"):
                workspace.check_rights()
        finally:
            os.setresuid(0, 0, 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes another user for a moment")
@pytest.mark.parametrize(("mode", "may"), [(0o644, False), (0o666, True)])
def test_a_server_that_may_only_read_the_database_would_lock_its_writer_out(
    mode: int, may: bool
) -> None:
    # What it makes beside the database has the rights of that, and belongs to it.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        workspace = Workspace(folder)
        with workspace.writing():
            pass
        workspace.database.chmod(mode)
        os.setresuid(NOBODY, NOBODY, 0)
        try:
            expected = nullcontext() if may else pytest.raises(CannotServe, match="docs/serving")
            with expected:
                workspace.check_rights()
        finally:
            os.setresuid(0, 0, 0)


def test_an_error_while_writing_frees_the_place(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    with pytest.raises(ZeroDivisionError), workspace.writing():
        raise ZeroDivisionError
    with workspace.writing():
        pass


def test_a_writer_within_a_writer_is_refused(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    with workspace.writing(), pytest.raises(SomeoneWrites), workspace.writing():
        pass


def test_a_strange_file_in_its_place_is_told_in_one_line(sanctuary: Commands) -> None:
    sanctuary.data_dir.mkdir()
    (sanctuary.data_dir / "tracker.db").write_bytes(b"not a database, but long enough " * 40)
    for command in ("log", "status", "run specimen-list"):
        answer = sanctuary(*command.split())
        assert answer.code == 1
        assert "restore a copy" in answer.err
        assert answer.err.count("\n") == 1
