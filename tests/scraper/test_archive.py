"""The archive: written once, whole or not at all, and never believed without looking."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.archive import Archive
from scraper.errors import DamagedArchive, NotArchived

NO_SHA256 = [
    "",
    "ab",
    "../../../etc/passwd",
    "A" * 64,
    "g" * 64,
    "0" * 63,
    "0" * 65,
    "0" * 64 + "\n",
    "/" * 64,
    "٠" * 64,
]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "data" / "archive")


def damage(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def files(archive: Archive) -> list[Path]:
    return [path for path in archive.root.rglob("*") if path.is_file()]


@settings(deadline=None)
@given(st.binary(max_size=5000))
def test_what_was_put_is_got(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    archive = Archive(tmp_path_factory.getbasetemp() / "shared-archive")
    sha256 = archive.put(data)
    assert sha256 == archive.hash_of(data)
    assert archive.get(sha256) == data
    assert archive.has(sha256)


def test_a_document_stands_under_its_hash(archive: Archive) -> None:
    sha256 = archive.put(b"abc")
    assert sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files(archive) == [archive.root / "ba" / sha256]


def test_the_same_bytes_are_kept_once_and_their_file_is_left_alone(archive: Archive) -> None:
    sha256 = archive.put(b"report")
    before = archive.path_of(sha256).stat()
    assert archive.put(b"report") == sha256
    after = archive.path_of(sha256).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(files(archive)) == 1


def test_nobody_may_write_to_a_document(archive: Archive) -> None:
    mode = archive.path_of(archive.put(b"report")).stat().st_mode
    assert not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


@pytest.mark.parametrize("damaged", [b"", b"repor", b"report and more", b"REPORT"])
def test_a_damaged_document_is_refused_and_put_mends_it(archive: Archive, damaged: bytes) -> None:
    sha256 = archive.put(b"report")
    damage(archive.path_of(sha256), damaged)
    assert not archive.has(sha256)
    with pytest.raises(DamagedArchive, match="its bytes have changed") as refused:
        archive.get(sha256)
    assert refused.value.sha256 == sha256
    archive.put(b"report")
    assert archive.get(sha256) == b"report"


def test_a_document_that_is_not_there_is_refused(archive: Archive) -> None:
    sha256 = archive.hash_of(b"never seen")
    assert not archive.has(sha256)
    with pytest.raises(DamagedArchive, match="not in the archive"):
        archive.get(sha256)


def test_a_document_that_cannot_be_read_is_refused(archive: Archive) -> None:
    sha256 = archive.hash_of(b"report")
    archive.path_of(sha256).mkdir(parents=True)
    with pytest.raises(DamagedArchive, match="cannot be read"):
        archive.get(sha256)


@pytest.mark.parametrize("name", NO_SHA256)
def test_a_name_that_is_no_sha256_leads_nowhere(archive: Archive, name: str) -> None:
    for use in (archive.path_of, archive.has, archive.get):
        with pytest.raises(ValueError, match="no sha256"):
            use(name)


WRITES_PAST_THE_LIMIT = """
    import resource, sys
    from pathlib import Path
    from scraper.archive import Archive
    from scraper.errors import NotArchived

    archive = Archive(Path(sys.argv[1]))
    archive.put(b"small")
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        archive.put(b"large" * 10_000)
    except NotArchived as error:
        print(error.reason)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_takes_only_a_part_keeps_nothing_of_it(archive: Archive) -> None:
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(WRITES_PAST_THE_LIMIT), str(archive.root)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert child.stdout.strip() == os.strerror(errno.EFBIG)
    assert files(archive) == [archive.path_of(archive.hash_of(b"small"))]


def test_a_write_that_is_short_without_a_word_is_noticed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Short:
        st_size = 3

    with monkeypatch.context() as patch:
        patch.setattr("scraper.archive.os.fstat", lambda _: Short())
        with pytest.raises(NotArchived, match="only 3 of 6 bytes"):
            archive.put(b"report")
    assert not files(archive)


@pytest.mark.parametrize("step", ["scraper.archive.os.fsync", "pathlib.Path.replace"])
def test_a_fault_before_the_document_has_its_name_leaves_nothing(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    archive.put(b"first")

    def fails(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(step, fails)
    with pytest.raises(NotArchived, match=os.strerror(errno.EIO)):
        archive.put(b"second")
    assert [path.read_bytes() for path in files(archive)] == [b"first"]


def test_a_fault_while_a_damaged_document_is_replaced_leaves_it_as_it_was(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive.path_of(archive.put(b"report"))
    damage(path, b"rep")

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("scraper.archive.os.fsync", fails)
    with pytest.raises(NotArchived):
        archive.put(b"report")
    assert files(archive) == [path]
    assert path.read_bytes() == b"rep"


def test_what_is_interrupted_leaves_nothing_either(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    archive.put(b"first")
    monkeypatch.setattr("scraper.archive.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        archive.put(b"second")
    assert [path.read_bytes() for path in files(archive)] == [b"first"]


def test_the_bytes_are_synced_before_the_name_and_the_folder_after_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put(b"first")
    archive.path_of(archive.hash_of(b"second")).parent.mkdir(exist_ok=True)
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append("folder synced" if is_folder else "bytes synced")
        fsync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        steps.append("named")
        return replace(path, target)

    monkeypatch.setattr("scraper.archive.os.fsync", noted_fsync)
    monkeypatch.setattr("pathlib.Path.replace", noted_replace)
    archive.put(b"second")
    assert steps == ["bytes synced", "named", "folder synced"]


def test_a_place_where_no_folder_can_be_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file, where a folder should be")
    archive = Archive(tmp_path / "archive")
    with pytest.raises(NotArchived) as refused:
        archive.put(b"report")
    assert refused.value.path == archive.path_of(archive.hash_of(b"report"))
    assert "then run again" in str(refused.value)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_without_the_right_to_write_is_an_error(archive: Archive) -> None:
    archive.root.mkdir(parents=True)
    archive.root.chmod(0o500)
    try:
        with pytest.raises(NotArchived, match=os.strerror(errno.EACCES)):
            archive.put(b"report")
    finally:
        archive.root.chmod(0o700)
    assert not files(archive)


def test_an_unwritable_folder_is_an_error_for_root_too(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> int:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    archive.put(b"first")
    monkeypatch.setattr("scraper.archive.os.open", denied)
    with pytest.raises(NotArchived, match=os.strerror(errno.EACCES)):
        archive.put(b"second")
    assert len(files(archive)) == 1
