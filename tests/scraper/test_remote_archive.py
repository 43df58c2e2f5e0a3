"""The archive behind an address: the same files as in a folder, whatever keeps them."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import boto3
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from s3fs import S3FileSystem
from sshfs import SSHFileSystem

from scraper import remote_shelf
from scraper.archive import Archive
from scraper.archive_address import shelf_at
from scraper.errors import (
    ArchiveUnreachable,
    BadArchiveAddress,
    DamagedArchive,
    NotArchived,
)
from scraper.findings import BaseMissing, Damaged, Leftover, Stray
from scraper.local_shelf import LocalShelf
from scraper.packing import pack, packed_against
from scraper.remote_shelf import RemoteShelf
from tests.scraper.stores import BUCKET, Store, in_memory, s3_server, sftp_server
from tests.scraper.test_archive import noise, page

REMOTE = ["memory", "s3", "sftp"]
OF_NOBODY = "0" * 64


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(scope="module")
def sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with sftp_server(tmp_path_factory.mktemp("home")) as (address, _):
        yield address


@pytest.fixture(params=["folder", *REMOTE])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """A place for an archive, of each kind, that nobody has used."""
    match request.param:
        case "folder":
            return Store(str(tmp_path / "archive"))
        case "memory":
            return in_memory()
        case server:
            return Store(f"{request.getfixturevalue(server)}/{tmp_path.name}")


def fill(archive: Archive) -> tuple[str, str, str]:
    """Put a page, one like it and another document; return their hashes."""
    first = archive.put(page(1))
    return first, archive.put(page(2), like=first), archive.put(b"report")


# The same rules hold everywhere.


def test_what_was_put_is_got_by_whoever_comes(store: Store) -> None:
    assert list(store.archive().hashes()) == []
    assert store.archive().is_new()
    first, second, other = fill(store.archive())
    archive = store.archive()
    assert [archive.get(each) for each in (first, second, other)] == [page(1), page(2), b"report"]
    assert list(archive.hashes()) == sorted([first, second, other])
    assert archive.holds(first)
    assert archive.has(second)
    assert list(archive.check()) == []


def test_the_files_are_those_of_an_archive_in_a_folder(store: Store, tmp_path: Path) -> None:
    fill(store.archive())
    beside = Store(str(tmp_path / "beside"))
    fill(beside.archive())
    assert store.all_files() == beside.all_files()


def test_what_is_not_there_is_not_there(store: Store) -> None:
    archive = store.archive()
    for _ in "before and after the first document":
        assert not archive.holds(OF_NOBODY)
        assert not archive.has(OF_NOBODY)
        assert archive.stored_sizes([OF_NOBODY]) == {}
        with pytest.raises(DamagedArchive, match="not in the archive"):
            archive.get(OF_NOBODY)
        archive.put(b"report")


def test_sizes_are_of_what_is_stored(store: Store) -> None:
    archive = store.archive()
    assert archive.size() == 0
    first, second, other = fill(archive)
    sizes = store.archive().stored_sizes([first, second, other, OF_NOBODY])
    assert sizes.keys() == {first, second, other}
    assert sizes[second] < sizes[first] / 2
    assert store.archive().size() == sum(sizes.values())


def test_putting_the_same_again_writes_nothing(store: Store) -> None:
    sha256 = store.archive().put(b"report")
    with pytest.MonkeyPatch.context() as patch:
        for shelf in (RemoteShelf, LocalShelf):
            patch.setattr(shelf, "write", None)
        assert store.archive().put(b"report") == sha256


def test_a_document_of_the_first_form_is_read_as_it_lies(store: Store) -> None:
    sha256 = Archive.hash_of(b"report")
    store.write(f"{sha256[:2]}/{sha256}", b"report")
    archive = store.archive()
    assert archive.get(sha256) == b"report"
    assert archive.put(b"report") == sha256
    assert archive.stored_sizes([sha256])[sha256] >= len(b"report")
    assert store.names() == [f"{sha256[:2]}/{sha256}"]


def test_damage_is_found_and_mended_by_its_bytes(store: Store) -> None:
    first, second, _ = fill(store.archive())
    store.write(f"{first[:2]}/{first}.zst", pack(b"something else"))
    store.write("notes", b"a note")
    archive = store.archive()
    assert not archive.has(second)
    found = {type(each): each for each in archive.check()}
    assert found == {
        Damaged: Damaged(archive.place_of(first), first, "its bytes have changed"),
        BaseMissing: BaseMissing(archive.place_of(second), second, first, "its bytes have changed"),
        Stray: Stray(f"{archive.address}/notes"),
    }
    archive.put(page(1))
    assert store.archive().get(second) == page(2)


def test_one_of_no_bytes_is_damaged_and_mended(store: Store) -> None:
    sha256 = store.archive().put(b"report")
    store.write(f"{sha256[:2]}/{sha256}.zst", b"")
    assert store.archive().holds(sha256)
    with pytest.raises(DamagedArchive, match="cannot be unpacked"):
        store.archive().get(sha256)
    store.archive().put(b"report")
    assert store.archive().get(sha256) == b"report"


def test_a_lost_document_is_told_as_lost(store: Store) -> None:
    first, second, _ = fill(store.archive())
    store.remove(f"{first[:2]}/{first}.zst")
    with pytest.raises(DamagedArchive, match="not in the archive"):
        store.archive().get(second)


def test_what_is_taken_out_sets_free_what_was_stored_against_it(store: Store) -> None:
    first, second, other = fill(store.archive())
    archive = store.archive()
    assert archive.take_out(first) == page(1)
    assert not archive.has(first)
    assert store.names() == sorted(f"{each[:2]}/{each}.zst" for each in (second, other))
    assert packed_against(store.read(f"{second[:2]}/{second}.zst")) is None
    assert store.archive().get(second) == page(2)


def test_a_copy_has_every_file_as_it_lies(store: Store, tmp_path: Path) -> None:
    copied = fill(store.archive())
    other = in_memory()
    assert list(store.archive().copy_to(other.archive())) == sorted(copied)
    assert other.all_files() == store.all_files()
    back = Store(str(tmp_path / "back"))
    assert list(other.archive().copy_to(back.archive())) == sorted(copied)
    assert back.all_files() == store.all_files()


# A server that puts a file piece by piece: it gets its name last.


def test_what_a_writer_left_that_died_is_swept_with_one_question(sftp: str, tmp_path: Path) -> None:
    store = Store(f"{sftp}/{tmp_path.name}")
    sha256 = store.archive().put(b"report")
    store.write(".part-0123456789abcdef", b"half of a rep")
    archive = store.archive()
    assert list(archive.check()) == [Leftover(f"{store.address}/.part-0123456789abcdef")]
    assert archive.sweep() == 1
    assert store.names() == [f"{sha256[:2]}/{sha256}.zst"]


def test_a_server_whose_key_nobody_knows_is_not_believed(
    sftp: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    SSHFileSystem.clear_instance_cache()
    with pytest.raises(ArchiveUnreachable, match="Host key is not trusted"):
        Archive.at(f"{sftp}/{tmp_path.name}").has(OF_NOBODY)


# What was written is read back, and what cannot be reached is not lost.


class Store404(Exception):
    """What a backend raises that nobody has heard of."""


@contextmanager
def asked(step: Callable[[int, str], None], steps: tuple[str, ...]) -> Iterator[list[str]]:
    """Call ``step`` with number and name before each question to the store in memory."""
    taken: list[str] = []

    def counted(name: str) -> Callable[..., Any]:
        original = getattr(MemoryFileSystem, name)

        def asking(self: MemoryFileSystem, *args: Any, **named: Any) -> Any:
            taken.append(name)
            step(len(taken), name)
            return original(self, *args, **named)

        return asking

    with pytest.MonkeyPatch.context() as patch:
        for name in steps:
            patch.setattr(MemoryFileSystem, name, counted(name))
        yield taken


ALL_STEPS = ("pipe_file", "cat_file", "cat_ranges", "info", "ls", "rm_file", "du", "mv", "makedirs")


def test_a_store_that_keeps_fewer_bytes_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    store = in_memory()
    keep = MemoryFileSystem.pipe_file
    with monkeypatch.context() as patch:
        patch.setattr(
            MemoryFileSystem, "pipe_file", lambda fs, path, data: keep(fs, path, data[:-1])
        )
        with pytest.raises(NotArchived, match="other bytes were read back") as refused:
            store.archive().put(b"report")
    sha256 = Archive.hash_of(b"report")
    assert refused.value.place == f"{store.address}/{sha256[:2]}/{sha256}.zst"
    store.archive().put(b"report")
    assert store.archive().get(sha256) == b"report"


def test_a_document_that_another_put_at_once_and_packed_otherwise_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = in_memory()
    first = store.archive().put(page(1))
    keep = MemoryFileSystem.pipe_file

    def overtaken(files: MemoryFileSystem, path: str, data: bytes) -> None:
        keep(files, path, data)
        keep(files, path, pack(page(2)))

    monkeypatch.setattr(MemoryFileSystem, "pipe_file", overtaken)
    second = store.archive().put(page(2), like=first)
    assert packed_against(store.read(f"{second[:2]}/{second}.zst")) is None
    assert store.archive().get(second) == page(2)


def test_what_was_there_comes_back_if_what_replaces_it_does_not_read_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = in_memory()
    first, _, _ = fill(store.archive())
    before = store.all_files()
    keep, puts = MemoryFileSystem.pipe_file, []

    def once_wrong(files: MemoryFileSystem, path: str, data: bytes) -> None:
        puts.append(path)
        keep(files, path, data if len(puts) > 1 else data[:-1])

    monkeypatch.setattr(MemoryFileSystem, "pipe_file", once_wrong)
    with pytest.raises(NotArchived, match="other bytes were read back"):
        store.archive().take_out(first)
    assert store.all_files() == before


@pytest.mark.parametrize("renames", [False, True])
def test_who_dies_at_any_step_loses_nothing_and_can_do_it_again(renames: bool) -> None:
    class Killed(BaseException):
        pass

    for act in (
        lambda archive, _: archive.put(page(3), like=archive.hash_of(page(2))),
        lambda archive, first: archive.has(first) and archive.take_out(first),
    ):
        for last in range(1, 100):
            store = in_memory()
            first, second, other = fill(store.archive())

            def dies(number: int, _: str, last: int = last) -> None:
                if number >= last:
                    raise Killed

            def archive(store: Store = store) -> Archive:
                return Archive(RemoteShelf(store.address, {}, renames=renames))

            with asked(dies, ALL_STEPS) as taken, suppress(Killed):
                act(archive(), first)
            assert archive().get(second) == page(2)
            assert archive().get(other) == b"report"
            archive().sweep()
            act(archive(), first)
            assert list(archive().check()) == []
            if len(taken) < last:
                break


@pytest.mark.parametrize("error", [TimeoutError("no answer"), Store404("no\nanswer."), OSError()])
def test_an_archive_that_cannot_be_reached_has_lost_nothing(error: Exception) -> None:
    store = in_memory()
    first, second, _ = fill(store.archive())

    def fails(_: int, __: str) -> None:
        raise error

    for use in (
        lambda archive: archive.get(second),
        lambda archive: archive.has(second),
        lambda archive: archive.holds(second),
        lambda archive: list(archive.hashes()),
        lambda archive: list(archive.check()),
        lambda archive: archive.stored_sizes([second]),
        lambda archive: archive.size(),
        lambda archive: archive.take_out(first),
    ):
        with asked(fails, ALL_STEPS), pytest.raises(ArchiveUnreachable, match="reached") as refused:
            use(store.archive())
        assert "\n" not in str(refused.value)
        assert refused.value.reason in ("no answer", "OSError")
    for keep in (
        lambda archive: archive.put(b"new"),
        lambda archive: archive.put(page(3), like=second),
    ):
        with asked(fails, ALL_STEPS), pytest.raises(NotArchived):
            keep(store.archive())
    assert len(list(store.archive().hashes())) == 3


def test_one_that_is_lost_from_sight_in_the_middle_of_a_look_ends_it() -> None:
    store = in_memory()
    fill(store.archive())

    def fails(number: int, _: str) -> None:
        if number == 2:
            raise TimeoutError("no answer")

    with asked(fails, ("cat_file",)), pytest.raises(ArchiveUnreachable):
        list(store.archive().check())


def test_a_bucket_that_is_not_there_is_not_an_empty_archive(s3: str) -> None:
    archive = Archive.at("s3://yewslip/archive")
    for use in (archive.has, archive.holds, archive.get):
        with pytest.raises(ArchiveUnreachable, match="bucket"):
            use(OF_NOBODY)
    with pytest.raises(ArchiveUnreachable, match="bucket"):
        list(archive.hashes())


def test_what_others_put_meanwhile_is_seen(s3: str, tmp_path: Path) -> None:
    archive = Archive.at(f"{s3}/{tmp_path.name}")
    first = archive.put(b"report")
    assert list(archive.hashes()) == [first]
    second = Archive.hash_of(b"another")
    boto3.client("s3").put_object(
        Bucket=BUCKET, Key=f"{tmp_path.name}/{second[:2]}/{second}.zst", Body=pack(b"another")
    )
    assert list(archive.hashes()) == sorted([first, second])
    assert archive.get(second) == b"another"


def test_a_server_that_is_gone_is_unreachable_until_it_is_back(tmp_path: Path) -> None:
    with sftp_server(tmp_path / "home") as (address, break_connections):
        archive = Archive.at(f"{address}/archive")
        archive.put(b"report")
        break_connections()
        with pytest.raises(ArchiveUnreachable):
            archive.holds(OF_NOBODY)
        assert archive.put(b"another") in archive.hashes()
    for _ in range(2):
        with pytest.raises(ArchiveUnreachable):
            archive.holds(OF_NOBODY)
    with s3_server():
        remote = Archive.at("s3://zembla/archive")
        sha256 = remote.put(b"report")
    with pytest.raises(ArchiveUnreachable):
        remote.holds(sha256)


def test_a_server_that_holds_the_connection_and_says_nothing_is_given_up(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(S3FileSystem, "_call_s3", silent)
    monkeypatch.setattr(remote_shelf, "_ANSWER_SECONDS", 0.02)
    monkeypatch.setattr(remote_shelf, "_TRANSFER_SECONDS", 0.02)
    archive = Archive.at(f"{s3}/silent")
    for use in (
        lambda: archive.holds(OF_NOBODY),
        lambda: archive.get(OF_NOBODY),
        lambda: list(archive.hashes()),
        archive.size,
    ):
        with pytest.raises(ArchiveUnreachable, match="it does not answer"):
            use()
    with pytest.raises(NotArchived, match="it does not answer"):
        archive.put(b"report")


def test_what_a_backend_says_is_told_without_a_login_and_not_at_length() -> None:
    said = "cannot connect to http://kinbote:secret@proxy.example:3128/" + " and so on" * 100

    def fails(_: int, __: str) -> None:
        raise Store404(said)

    with asked(fails, ALL_STEPS), pytest.raises(ArchiveUnreachable) as refused:
        in_memory().archive().has(OF_NOBODY)
    assert "http://…@proxy.example:3128/ and so on" in refused.value.reason
    assert "secret" not in refused.value.reason
    assert len(refused.value.reason) <= 300


# What is asked.


def test_a_page_and_what_it_is_stored_against_are_asked_for_once() -> None:
    store = in_memory()
    first, second, _ = fill(store.archive())
    archive = store.archive()
    with asked(lambda *_: None, ("cat_file",)) as taken:
        for _ in range(3):
            archive.get(second)
            archive.get(first)
            archive.has(second)
    assert len(taken) == 2


def test_a_document_costs_a_store_no_more_requests_than_the_docs_say(
    s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = Archive.at(f"{s3}/{tmp_path.name}")
    call, asked_for = S3FileSystem._call_s3, []

    async def counted(files: S3FileSystem, *args: Any, **named: Any) -> Any:
        asked_for.append(args[0])
        return await call(files, *args, **named)

    monkeypatch.setattr(S3FileSystem, "_call_s3", counted)

    def requests(act: Callable[[], object]) -> int:
        asked_for.clear()
        act()
        return len(asked_for)

    first = archive.hash_of(page(1))
    assert requests(lambda: archive.put(page(1))) == 4
    assert requests(lambda: archive.put(page(2), like=first)) == 4
    anew = Archive.at(archive.address)
    assert requests(lambda: anew.put(page(1))) == 3
    assert requests(lambda: anew.get(first)) == 0
    assert requests(lambda: anew.put(page(3), like=archive.hash_of(page(2)))) == 4 + 1


def test_no_more_is_kept_in_memory_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote_shelf, "_KEPT_BYTES", 50_000)
    store = in_memory()
    kept = [store.archive().put(noise(seed)) for seed in range(3)]
    archive = store.archive()
    with asked(lambda *_: None, ("cat_file",)) as taken:
        for sha256 in [*kept, kept[2], kept[1], kept[0]]:
            archive.get(sha256)
    assert len(taken) == 4


def test_what_is_taken_out_is_forgotten(store: Store) -> None:
    archive = store.archive()
    sha256 = archive.put(b"report")
    assert archive.get(sha256) == b"report"
    archive.take_out(sha256)
    assert not archive.has(sha256)


# Addresses.


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://zembla.example/archive", "https:// keeps no archive; allowed: a folder"),
        ("github://zembla:archive@main/", "github:// keeps no archive"),
        ("data://,", "data:// keeps no archive"),
        ("reference://archive", "reference:// keeps no archive"),
        ("simplecache::s3://zembla/archive", "neither a folder"),
        ("s3://zembla/archive::file:///etc", "belongs in it"),
        ("archive", "neither a folder as an absolute path nor s3://"),
        ("", "neither a folder"),
        ("s3://", "names no bucket or server"),
        ("s3:///archive", "names no bucket or server"),
        ("s3://key:secret@zembla/archive", "no login belongs in it"),
        ("s3://key@zembla/archive", "no login belongs in it"),
        ("sftp://kinbote:secret@zembla.example/archive", "no login belongs in it"),
        ("s3://zembla/archive?versionId=1", "belongs in it"),
        ("s3://zembla/archive#1", "belongs in it"),
        ("s3://zembla/ar chive", "belongs in it"),
        ("s3://zembla/archive\n", "belongs in it"),
        ("sftp://[::1/archive", "it is no address"),
        ("s3://kinbote:secret@zem\u2100bla/archive", "it is no address"),
        ("sftp://zembla.example:port/archive", "it is no address"),
        ("sftp://zembla.example:0/archive", "no bucket, user or server has such a name"),
        ("sftp://-oProxyCommand=touch/archive", "no bucket, user or server has such a name"),
        ("sftp://$(touch)@zembla.example/archive", "no bucket, user or server has such a name"),
        ("file://zembla.example/archive", "another machine"),
        ("/archive\0", "neither a folder"),
    ],
)
def test_an_address_where_no_archive_can_be_is_refused_with_the_reason(
    address: str, said: str
) -> None:
    with pytest.raises(BadArchiveAddress) as refused:
        Archive.at(address)
    assert said in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_path_and_a_file_address_are_a_folder(tmp_path: Path) -> None:
    for address in (tmp_path / "a", str(tmp_path / "a"), (tmp_path / "a").as_uri()):
        assert Archive.at(address).folder == tmp_path / "a"
        assert Archive.at(address).address == str(tmp_path / "a")
    assert Archive.at("s3://zembla/archive").folder is None


@pytest.mark.parametrize("written", ["s3://zembla/archive/", "S3://zembla/archive"])
def test_one_archive_has_one_address_however_it_is_written(written: str) -> None:
    assert Archive.at(written).address == "s3://zembla/archive"


def test_nothing_is_asked_before_something_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert shelf_at("s3://zembla/archive").address == "s3://zembla/archive"
    assert shelf_at("sftp://127.0.0.1:1/archive").folder is None


@pytest.mark.parametrize("ask", [lambda archive: archive.has(OF_NOBODY), Archive.is_new])
def test_a_backend_that_is_not_installed_is_named_with_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[Archive], object]
) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    with pytest.raises(ArchiveUnreachable, match=r"gcsfs.*sanctuary-tracker\[remote\]"):
        ask(Archive.at("gs://zembla/archive"))
