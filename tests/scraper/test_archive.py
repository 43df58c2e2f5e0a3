"""The archive: written once, whole or not at all, and never believed without looking."""

from __future__ import annotations

import errno
import os
import random
import shutil
import stat
import subprocess
import sys
import textwrap
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import packing
from scraper.archive import Archive
from scraper.errors import DamagedArchive, NotArchived
from scraper.findings import BaseMissing, Damaged, Leftover, Stray, Unreadable
from scraper.packing import pack, pack_against, packed_against
from tests.scraper.failing_disk import Killed, failing

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
    return Archive.at(tmp_path / "data" / "archive")


def noise(seed: int, size: int = 20_000) -> bytes:
    """Bytes that nothing makes smaller."""
    return random.Random(seed).randbytes(size)


def page(nonce: int, seed: int = 0) -> bytes:
    """Noise with a nonce in the middle: what packs well against another page of that seed only."""
    half = noise(seed)
    return half + b"<script nonce=%032x>" % nonce + half[::-1]


def folder_of(archive: Archive) -> Path:
    assert archive.folder
    return archive.folder


def file_of(archive: Archive, sha256: str) -> Path:
    return Path(archive.place_of(sha256))


def size_of(archive: Archive, sha256: str) -> int:
    return archive.stored_sizes([sha256])[sha256]


def damage(path: Path, data: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(data)


def keep_raw(archive: Archive, data: bytes) -> str:
    """Keep a document as the archive's first form did."""
    sha256 = archive.hash_of(data)
    path = folder_of(archive) / sha256[:2] / sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(0o444)
    return sha256


def base_of(archive: Archive, sha256: str) -> str | None:
    return packed_against(file_of(archive, sha256).read_bytes())


def files(archive: Archive) -> list[Path]:
    return sorted(path for path in folder_of(archive).rglob("*") if path.is_file())


# What was put is got.


@settings(deadline=None)
@given(st.binary(max_size=5000))
def test_what_was_put_is_got(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    archive = Archive.at(tmp_path_factory.getbasetemp() / "shared-archive")
    sha256 = archive.put(data)
    assert sha256 == archive.hash_of(data)
    assert archive.get(sha256) == data
    assert archive.has(sha256)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.binary(max_size=300), st.integers(0, 5)), min_size=1, max_size=8))
def test_it_is_whatever_it_was_put_like(
    tmp_path_factory: pytest.TempPathFactory, puts: list[tuple[bytes, int]]
) -> None:
    archive = Archive.at(tmp_path_factory.mktemp("archive"))
    common = noise(0, 2_000)
    kept: dict[str, bytes] = {}
    for change, back in puts:
        data = common[:1000] + change + common[1000:]
        before = [archive.hash_of(b"never put"), *kept]
        like = before[back % len(before)]
        kept[archive.put(data, like)] = data
    assert {sha256: archive.get(sha256) for sha256 in archive.hashes()} == kept
    assert not list(archive.check())
    for sha256 in kept:
        base = base_of(archive, sha256)
        assert base is None or base_of(archive, base) is None


def test_a_document_stands_under_its_hash(archive: Archive) -> None:
    sha256 = archive.put(b"abc")
    assert sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert files(archive) == [folder_of(archive) / "ba" / f"{sha256}.zst"]
    assert file_of(archive, sha256) == files(archive)[0]


def test_the_same_bytes_are_kept_once_and_their_file_is_left_alone(archive: Archive) -> None:
    sha256 = archive.put(b"report")
    before = file_of(archive, sha256).stat()
    assert archive.put(b"report") == sha256
    after = file_of(archive, sha256).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert len(files(archive)) == 1


def test_nobody_may_write_to_a_document(archive: Archive) -> None:
    mode = file_of(archive, archive.put(b"report")).stat().st_mode
    assert not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)


@pytest.mark.parametrize("name", NO_SHA256)
def test_a_name_that_is_no_sha256_leads_nowhere(archive: Archive, name: str) -> None:
    def put_like(name: str) -> str:
        return archive.put(b"report", name)

    def sizes(name: str) -> dict[str, int]:
        return archive.stored_sizes([name])

    for use in (archive.place_of, archive.holds, archive.has, archive.get, sizes, put_like):
        with pytest.raises(ValueError, match="no sha256"):
            use(name)
    with pytest.raises(ValueError, match="no sha256"):
        archive.take_out(name)
    assert not files(archive)


# Documents that resemble another.


def test_a_page_like_another_is_stored_against_it_and_takes_little(archive: Archive) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    assert base_of(archive, second) == first
    assert file_of(archive, second).stat().st_size < 0.02 * file_of(archive, first).stat().st_size
    assert archive.get(second) == page(2)


def test_one_like_that_is_stored_against_the_first_too(archive: Archive) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    third = archive.put(page(3), like=second)
    assert base_of(archive, third) == first


def test_one_that_is_not_like_it_is_whole_and_what_follows_is_stored_against_it(
    archive: Archive,
) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2, seed=7), like=first)
    third = archive.put(page(3, seed=7), like=second)
    assert base_of(archive, second) is None
    assert base_of(archive, third) == second


def test_less_than_half_saved_is_not_worth_a_base(archive: Archive) -> None:
    first = archive.put(noise(0))
    mostly_new = archive.put(noise(0)[:9_000] + noise(1)[:11_000], like=first)
    mostly_old = archive.put(noise(0)[:11_000] + noise(1)[:9_000], like=first)
    assert base_of(archive, mostly_new) is None
    assert base_of(archive, mostly_old) == first


def test_a_document_of_the_first_form_is_good_as_a_base(archive: Archive) -> None:
    first = keep_raw(archive, page(1))
    second = archive.put(page(2), like=first)
    assert base_of(archive, second) == first
    assert archive.get(second) == page(2)


def test_what_is_too_large_for_the_zstd_command_is_whole(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "LARGEST_AGAINST", len(page(1)))
    first = archive.put(page(1))
    assert base_of(archive, archive.put(page(2), like=first)) == first
    assert base_of(archive, archive.put(page(3) + b"!", like=first)) is None
    larger = archive.put(page(4) + b"?" * 100)
    assert base_of(archive, archive.put(page(5), like=larger)) is None


@pytest.mark.parametrize("damaged", [b"", b"no frame", pack(b"another document")])
def test_a_damaged_document_is_no_base(archive: Archive, damaged: bytes) -> None:
    first = archive.put(page(1))
    damage(file_of(archive, first), damaged)
    second = archive.put(page(2), like=first)
    assert base_of(archive, second) is None
    assert archive.get(second) == page(2)


def test_a_document_is_not_stored_against_itself(archive: Archive) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    damage(file_of(archive, first), b"")
    for like in (first, second):
        archive.put(page(1), like=like)
        assert base_of(archive, first) is None
    assert archive.get(second) == page(2)


def test_what_is_mended_is_whole_since_others_may_need_it(archive: Archive) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    other = keep_raw(archive, page(3))
    damage(file_of(archive, first), b"")
    archive.put(page(1), like=other)
    assert base_of(archive, first) is None
    assert archive.get(second) == page(2)


def test_a_lost_base_that_comes_back_against_another_serves_as_before(archive: Archive) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    other = archive.put(page(3))
    file_of(archive, first).unlink()
    archive.put(page(1), like=other)
    assert base_of(archive, first) == other
    assert archive.get(second) == page(2)
    fourth = archive.put(page(4), like=second)
    assert base_of(archive, fourth) == other
    assert not list(archive.check())
    assert archive.take_out(other) == page(3)
    assert not list(archive.check())
    assert [archive.get(each) for each in (first, second, fourth)] == [page(1), page(2), page(4)]


def test_documents_that_name_each_other_end_in_an_error(archive: Archive) -> None:
    one, two = archive.put(b"one"), archive.put(b"two")
    damage(file_of(archive, one), pack_against(b"one", two, b"two"))
    damage(file_of(archive, two), pack_against(b"two", one, b"one"))
    for sha256 in (one, two):
        with pytest.raises(DamagedArchive, match="stored against itself"):
            archive.get(sha256)
    third = archive.put(b"three", like=one)
    assert base_of(archive, third) is None
    assert len(list(archive.check())) == 2


# Documents of the archive's first form.


def test_a_document_of_the_first_form_counts_as_held(archive: Archive) -> None:
    sha256 = keep_raw(archive, b"report")
    assert archive.has(sha256)
    assert archive.get(sha256) == b"report"
    assert archive.put(b"report") == sha256
    assert files(archive) == [folder_of(archive) / sha256[:2] / sha256]
    assert file_of(archive, sha256) == files(archive)[0]
    assert list(archive.hashes()) == [sha256]
    assert not list(archive.check())


def test_a_damaged_one_is_mended_in_its_place(archive: Archive) -> None:
    sha256 = keep_raw(archive, b"report")
    damage(file_of(archive, sha256), b"REPORT")
    assert not archive.has(sha256)
    archive.put(b"report")
    assert archive.get(sha256) == b"report"
    assert len(files(archive)) == 1


def test_the_good_one_of_two_forms_is_got(archive: Archive) -> None:
    sha256 = archive.put(b"report")
    packed = file_of(archive, sha256)
    keep_raw(archive, b"report")
    damage(packed, b"")
    assert archive.get(sha256) == b"report"
    assert list(archive.hashes()) == [sha256]
    assert archive.take_out(sha256) == b"report"
    assert not files(archive)


# What is damaged is refused.


@pytest.mark.parametrize(
    ("damaged", "reason"),
    [
        (b"", "cannot be unpacked"),
        (pack(b"report")[:-1], "cannot be unpacked"),
        (pack(b"report") + b"more", "cannot be unpacked"),
        (b"report", "cannot be unpacked"),
        (pack(b"REPORT"), "its bytes have changed"),
        (pack_against(b"report", "0" * 64, b""), "against 000000000000, which fails: it is not in"),
    ],
)
def test_a_damaged_document_is_refused_and_put_mends_it(
    archive: Archive, damaged: bytes, reason: str
) -> None:
    sha256 = archive.put(b"report")
    damage(file_of(archive, sha256), damaged)
    assert not archive.has(sha256)
    with pytest.raises(DamagedArchive, match=reason) as refused:
        archive.get(sha256)
    assert refused.value.sha256 == sha256
    assert "\n" not in str(refused.value)
    archive.put(b"report")
    assert archive.get(sha256) == b"report"


def test_a_document_that_is_not_there_is_refused(archive: Archive) -> None:
    sha256 = archive.hash_of(b"never seen")
    assert not archive.has(sha256)
    assert not archive.holds(sha256)
    assert archive.stored_sizes([sha256]) == {}
    for use in (archive.get, archive.take_out):
        with pytest.raises(DamagedArchive, match="not in the archive"):
            use(sha256)


def test_a_document_that_cannot_be_read_is_refused(archive: Archive) -> None:
    sha256 = archive.hash_of(b"report")
    file_of(archive, sha256).mkdir(parents=True)
    with pytest.raises(DamagedArchive, match="cannot be read"):
        archive.get(sha256)
    with pytest.raises(NotArchived):
        archive.put(b"report")
    assert not files(archive)


# A disk that fails, a machine that stops. Each step is tried.


def put_first(archive: Archive) -> None:
    archive.put(page(9, seed=9))


def put_like(archive: Archive) -> None:
    archive.put(page(9), like=archive.hash_of(page(2)))


def put_again(archive: Archive) -> None:
    archive.put(page(1))


def mend(archive: Archive) -> None:
    archive.put(page(8))


def take_out_base(archive: Archive) -> None:
    if archive.has(archive.hash_of(page(1))):
        archive.take_out(archive.hash_of(page(1)))


def take_out_other(archive: Archive) -> None:
    if archive.has(archive.hash_of(page(2))):
        archive.take_out(archive.hash_of(page(2)))


ACTS = [put_first, put_like, put_again, mend, take_out_base, take_out_other]
DONE: dict[Callable[[Archive], None], tuple[bytes | None, bytes | None]] = {
    # what is there afterwards that was not there before, and what is no more
    put_first: (page(9, seed=9), None),
    put_like: (page(9), None),
    put_again: (None, None),
    mend: (page(8), None),
    take_out_base: (None, page(1)),
    take_out_other: (None, page(2)),
}
BEFORE = [page(1), page(2), page(3), page(4), b"of the first form", b"whole"]


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with documents of all forms, one of them damaged."""
    archive = Archive.at(tmp_path_factory.mktemp("stock"))
    first = archive.put(page(1))
    for nonce in (2, 3, 4):
        assert base_of(archive, archive.put(page(nonce), like=first)) == first
    keep_raw(archive, b"of the first form")
    archive.put(b"whole")
    damage(file_of(archive, archive.put(page(8))), b"damaged")
    return folder_of(archive)


def assert_done(archive: Archive, act: Callable[[Archive], None]) -> None:
    come, gone = DONE[act]
    expected = {archive.hash_of(data) for data in [*BEFORE, page(8), come] if data}
    if gone:
        expected.remove(archive.hash_of(gone))
    assert set(archive.hashes()) == expected
    assert [type(finding) for finding in archive.check()] == ([] if act is mend else [Damaged])


def assert_nothing_lost(archive: Archive, act: Callable[[Archive], None]) -> None:
    for data in BEFORE:
        if data != DONE[act][1] or file_of(archive, archive.hash_of(data)).exists():
            assert archive.get(archive.hash_of(data)) == data
    damaged = [
        Path(each.place) for each in archive.check() if isinstance(each, Damaged | BaseMissing)
    ]
    assert damaged in ([], [file_of(archive, archive.hash_of(page(8)))])


@pytest.mark.parametrize("act", ACTS)
def test_who_dies_at_any_step_loses_nothing_and_can_do_it_again(
    tmp_path: Path, stock: Path, act: Callable[[Archive], None]
) -> None:
    for number in range(1, 100):
        root = shutil.copytree(stock, tmp_path / str(number))
        with failing(number) as steps, suppress(Killed):
            act(Archive.at(root))
        archive = Archive.at(root)
        assert_nothing_lost(archive, act)
        archive.sweep()
        act(archive)
        assert_done(archive, act)
        if steps.taken < number:
            break
    assert 1 < number < 99


@pytest.mark.parametrize("error", [errno.EIO, errno.ENOSPC, errno.EACCES])
@pytest.mark.parametrize("act", ACTS)
def test_a_fault_at_any_step_is_one_line_and_leaves_nothing_half_done(
    tmp_path: Path, stock: Path, act: Callable[[Archive], None], error: int
) -> None:
    for number in range(1, 100):
        archive = Archive.at(shutil.copytree(stock, tmp_path / str(number)))
        said = None
        with failing(number, error) as steps:
            try:
                act(archive)
            except NotArchived as refused:
                said = refused
        if steps.taken < number:
            assert said is None
            break
        assert said is not None
        assert said.reason == os.strerror(error)
        assert "\n" not in str(said)
        assert_nothing_lost(archive, act)
        assert not any(isinstance(finding, Leftover) for finding in archive.check())
        act(archive)
        assert_done(archive, act)
    assert 1 < number < 99


WRITES_PAST_THE_LIMIT = """
    import os, resource, signal, sys
    from pathlib import Path
    from scraper.archive import Archive
    from scraper.errors import NotArchived

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    archive = Archive.at(Path(sys.argv[1]))
    archive.put(b"small")
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    try:
        archive.put(os.urandom(50_000))
    except NotArchived as error:
        print(error.reason)
"""


def run_child(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_takes_only_a_part_keeps_nothing_of_it(archive: Archive) -> None:
    said, _ = run_child(WRITES_PAST_THE_LIMIT, folder_of(archive)).communicate(timeout=60)
    assert said.strip() == os.strerror(errno.EFBIG)
    assert files(archive) == [file_of(archive, archive.hash_of(b"small"))]


def test_a_write_that_is_short_without_a_word_is_noticed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Short:
        st_size = 3

    with monkeypatch.context() as patch:
        patch.setattr("scraper.local_shelf.os.fstat", lambda _: Short())
        with pytest.raises(NotArchived, match="only 3 of 19 bytes"):
            archive.put(b"report")
    assert not files(archive)


def test_bytes_that_do_not_come_back_are_an_error(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "unpack", lambda *_: b"other bytes")
    with pytest.raises(NotArchived, match="unpacks to other bytes"):
        archive.put(b"report")
    assert not files(archive)


def test_what_is_interrupted_leaves_nothing_either(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: int) -> None:
        raise KeyboardInterrupt

    first = archive.put(b"first")
    file_of(archive, archive.hash_of(b"second")).parent.mkdir(exist_ok=True)
    monkeypatch.setattr("scraper.local_shelf.os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        archive.put(b"second")
    assert files(archive) == [file_of(archive, first)]


def test_of_two_faults_the_first_is_told(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    file_of(archive, archive.hash_of(b"report")).parent.mkdir(parents=True)
    monkeypatch.setattr("scraper.local_shelf._sync", lambda _: None)
    monkeypatch.setattr("scraper.local_shelf.os.fsync", no_room)
    monkeypatch.setattr("scraper.local_shelf.os.unlink", broken)
    with pytest.raises(NotArchived, match=os.strerror(errno.ENOSPC)):
        archive.put(b"report")


def noted_steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    steps: list[str] = []
    fsync, replace, unlink = os.fsync, Path.replace, os.unlink

    def noted_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append("folder synced" if is_folder else "bytes synced")
        fsync(descriptor)

    def noted_replace(path: Path, target: Path) -> Path:
        steps.append("named")
        return replace(path, target)

    monkeypatch.setattr("scraper.local_shelf.os.fsync", noted_fsync)

    def noted_unlink(path: Path) -> None:
        unlink(path)
        steps.append("removed")

    monkeypatch.setattr("pathlib.Path.replace", noted_replace)
    monkeypatch.setattr("scraper.local_shelf.os.unlink", noted_unlink)
    return steps


def test_the_bytes_are_synced_before_the_name_and_the_folder_after_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put(b"first")
    steps = noted_steps(monkeypatch)
    archive.put(b"second")
    assert steps == ["folder synced", "bytes synced", "named", "folder synced"]


def test_the_folder_is_synced_after_a_document_is_removed(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = archive.put(b"report")
    steps = noted_steps(monkeypatch)
    archive.take_out(sha256)
    assert steps[:2] == ["removed", "folder synced"]


def test_what_is_held_is_synced_too_since_its_writer_may_have_died_before(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put(b"first")
    steps = noted_steps(monkeypatch)
    archive.put(b"first")
    assert steps == ["folder synced"]
    Archive.at(folder_of(archive)).put(b"first")
    assert steps == ["folder synced"] * 3


def test_a_place_where_no_folder_can_be_is_an_error_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file, where a folder should be")
    archive = Archive.at(tmp_path / "archive")
    with pytest.raises(NotArchived) as refused:
        archive.put(b"report")
    assert refused.value.place == archive.place_of(archive.hash_of(b"report"))
    assert "then run again" in str(refused.value)
    assert not list(archive.hashes())


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_without_the_right_to_write_is_an_error(archive: Archive) -> None:
    folder_of(archive).mkdir(parents=True)
    folder_of(archive).chmod(0o500)
    try:
        with pytest.raises(NotArchived, match=os.strerror(errno.EACCES)):
            archive.put(b"report")
    finally:
        folder_of(archive).chmod(0o700)
    assert not files(archive)


DIES_BEFORE_THE_NAME = """
    import os, signal, sys
    from pathlib import Path
    from scraper.archive import Archive

    os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    Archive.at(Path(sys.argv[1])).put(b"report")
"""


def test_what_a_killed_writer_left_is_no_document_and_is_swept(archive: Archive) -> None:
    kept = archive.put(b"kept")
    child = run_child(DIES_BEFORE_THE_NAME, folder_of(archive))
    child.communicate(timeout=60)
    assert child.returncode < 0
    (leftover,) = archive.check()
    assert isinstance(leftover, Leftover)
    assert list(archive.hashes()) == [kept]
    assert not archive.has(archive.hash_of(b"report"))
    assert archive.sweep() == 1
    assert not list(archive.check())
    assert archive.sweep() == 0


def test_sweeping_takes_nothing_else(archive: Archive) -> None:
    archive.put(page(2), like=archive.put(page(1)))
    keep_raw(archive, b"report")
    (folder_of(archive) / "notes").mkdir()
    (folder_of(archive) / "notes" / ".part-of-a-book").touch()
    (folder_of(archive) / ".part-outside").touch()
    before = files(archive)
    assert archive.sweep() == 0
    assert files(archive) == before


def test_what_cannot_be_swept_is_an_error(archive: Archive) -> None:
    path = file_of(archive, archive.put(b"kept"))
    path.with_name(".part-0123456789abcdef").touch()
    with failing(1, errno.EROFS), pytest.raises(NotArchived, match=os.strerror(errno.EROFS)):
        archive.sweep()
    assert archive.sweep() == 1


PUTS_MANY = """
    import random, sys
    from pathlib import Path
    from scraper.archive import Archive

    archive, like = Archive.at(Path(sys.argv[1])), None
    common = random.Random(0).randbytes(5_000)
    sys.stdin.readline()
    for number in range(40):
        like = archive.put(b"%d" % number + common, like)
        archive.put(f"{sys.argv[2]} {number}".encode(), like)
    assert not [each for each in archive.hashes() if not archive.has(each)]
"""


def test_two_that_put_at_once_keep_the_same_and_their_own(archive: Archive) -> None:
    command = [sys.executable, "-c", textwrap.dedent(PUTS_MANY), str(folder_of(archive))]
    children = [
        subprocess.Popen([*command, name], stdin=subprocess.PIPE, text=True)
        for name in ("one", "two")
    ]
    for child in children:
        assert child.stdin
        child.stdin.write("go\n")
        child.stdin.flush()
    for child in children:
        child.communicate(timeout=120)
    assert [child.returncode for child in children] == [0, 0]
    assert len(list(archive.hashes())) == 3 * 40
    assert not list(archive.check())


# What is held, and what it takes.


def test_all_that_is_held_is_listed_in_order(archive: Archive) -> None:
    assert list(archive.hashes()) == []
    put = {archive.put(b"%d" % number) for number in range(60)}
    put.add(keep_raw(archive, b"of the first form"))
    (folder_of(archive) / "README").touch()
    (folder_of(archive) / "00").mkdir(exist_ok=True)
    (folder_of(archive) / "00" / "README").touch()
    assert list(archive.hashes()) == sorted(put)


def test_the_size_is_what_the_disk_gives_for_it(archive: Archive) -> None:
    assert archive.size() == 0
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    assert size_of(archive, first) >= len(page(1))
    assert size_of(archive, second) < size_of(archive, first) / 2
    assert archive.size() == size_of(archive, first) + size_of(archive, second)
    (folder_of(archive) / "notes").write_bytes(noise(1))
    assert archive.size() >= size_of(archive, first) + size_of(archive, second) + 20_000


# Looking at all of it.


def test_an_archive_that_is_sound_has_no_findings(archive: Archive) -> None:
    assert list(archive.check()) == []
    archive.put(page(2), like=archive.put(page(1)))
    keep_raw(archive, b"report")
    assert list(archive.check()) == []


@pytest.mark.parametrize("raw", [False, True])
def test_a_file_of_other_bytes_is_found(archive: Archive, raw: bool) -> None:
    sha256 = keep_raw(archive, b"report") if raw else archive.put(b"report")
    path = file_of(archive, sha256)
    damage(path, b"REPORT" if raw else pack(b"REPORT"))
    assert list(archive.check()) == [Damaged(str(path), sha256, "its bytes have changed")]


def test_a_file_that_cannot_be_unpacked_is_found(archive: Archive) -> None:
    sha256 = archive.put(b"report")
    damage(file_of(archive, sha256), pack(b"report")[:-1])
    (finding,) = archive.check()
    assert isinstance(finding, Damaged)
    assert finding.reason.startswith("it cannot be unpacked")


def test_a_missing_base_is_found_at_each_that_needs_it(archive: Archive) -> None:
    first = archive.put(page(1))
    others = sorted(archive.put(page(nonce), like=first) for nonce in (2, 3))
    file_of(archive, first).unlink()
    reason = "it is not in the archive"
    assert list(archive.check()) == [
        BaseMissing(archive.place_of(each), each, first, reason) for each in others
    ]
    archive.put(page(1))
    assert list(archive.check()) == []


def test_a_damaged_base_is_found_with_those_that_need_it(archive: Archive) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    damage(file_of(archive, first), pack(b"something else"))
    found = {type(finding): finding for finding in archive.check()}
    reason = "its bytes have changed"
    assert found == {
        Damaged: Damaged(archive.place_of(first), first, reason),
        BaseMissing: BaseMissing(archive.place_of(second), second, first, reason),
    }


@pytest.mark.parametrize(
    "name",
    ["README", "ab", "lost+found/", "00/README", "00/" + "1" * 64, "00/" + "0" * 64 + ".gz"],
)
def test_what_the_archive_did_not_put_there_is_found(archive: Archive, name: str) -> None:
    stray = folder_of(archive) / name
    stray.parent.mkdir(parents=True)
    stray.mkdir() if name.endswith("/") else stray.touch()
    assert list(archive.check()) == [Stray(str(stray))]


def test_a_folder_that_cannot_be_listed_is_found_and_the_others_are_looked_at(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put(b"report")
    closed = folder_of(archive) / "00"
    closed.mkdir(exist_ok=True)
    damaged = archive.put(b"another")
    damage(file_of(archive, damaged), b"")
    iterdir = Path.iterdir

    def refusing(path: Path) -> object:
        if path == closed:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return iterdir(path)

    monkeypatch.setattr(Path, "iterdir", refusing)
    unreadable, finding = archive.check()
    assert unreadable == Unreadable(str(closed), os.strerror(errno.EIO))
    assert isinstance(finding, Damaged)


def test_a_document_that_is_taken_out_while_one_looks_is_no_finding(archive: Archive) -> None:
    sha256 = archive.put(b"report")
    stray = file_of(archive, sha256).with_name("!")
    stray.touch()
    findings = archive.check()
    assert next(findings) == Stray(str(stray))
    archive.take_out(sha256)
    assert list(findings) == []


def test_looking_takes_the_memory_of_one_document_and_its_base(archive: Archive) -> None:
    size = 1_000_000
    first = archive.put(noise(0, size))
    for number in range(12):
        archive.put(b"%d" % number + noise(0, size), like=first)
        archive.put(noise(number, size))
    tracemalloc.start()
    assert not list(archive.check())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * size


# Taking out.


def test_what_is_taken_out_is_returned_and_gone(archive: Archive) -> None:
    kept = archive.put(b"kept")
    sha256 = archive.put(b"report")
    assert archive.take_out(sha256) == b"report"
    assert not archive.has(sha256)
    assert list(archive.hashes()) == [kept]
    assert files(archive) == [file_of(archive, kept)]


def test_what_was_stored_against_it_is_stored_against_one_of_them(archive: Archive) -> None:
    first = archive.put(page(1))
    others = sorted(archive.put(page(nonce), like=first) for nonce in (2, 3, 4))
    archive.take_out(first)
    assert [base_of(archive, each) for each in others] == [None, others[0], others[0]]
    assert {archive.get(each) for each in others} == {page(2), page(3), page(4)}
    assert not list(archive.check())


def test_who_reads_one_that_was_stored_against_it_meanwhile_gets_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)

    def taken_out_first(stored: bytes) -> str | None:
        monkeypatch.setattr(packing, "packed_against", packed_against)
        archive.take_out(first)
        return packed_against(stored)

    monkeypatch.setattr(packing, "packed_against", taken_out_first)
    assert archive.get(second) == page(2)
    assert not archive.has(first)


def test_what_a_killed_writer_left_of_it_goes_too(archive: Archive) -> None:
    sha256 = archive.put(b"report")
    file_of(archive, sha256).with_name(".part-0123456789abcdef").write_bytes(pack(b"report"))
    archive.take_out(sha256)
    assert not files(archive)


def test_it_stays_while_one_that_needs_it_cannot_be_read(archive: Archive) -> None:
    first = archive.put(page(1))
    second = archive.put(page(2), like=first)
    whole = file_of(archive, second).read_bytes()
    damage(file_of(archive, second), whole[:-1])
    with pytest.raises(DamagedArchive, match="cannot be unpacked") as refused:
        archive.take_out(first)
    assert refused.value.sha256 == second
    assert archive.get(first) == page(1)
    damage(file_of(archive, second), whole)
    archive.take_out(first)
    assert archive.get(second) == page(2)


def test_a_damaged_document_is_not_taken_out_for_another(archive: Archive) -> None:
    sha256 = archive.put(b"report")
    damage(file_of(archive, sha256), pack(b"REPORT"))
    with pytest.raises(DamagedArchive):
        archive.take_out(sha256)
    assert len(files(archive)) == 1
