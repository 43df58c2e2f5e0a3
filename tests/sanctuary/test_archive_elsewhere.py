"""A history whose documents are behind an address: all of it works as with a folder beside it."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest
from s3fs import S3FileSystem

from sanctuary.archive_place import NOTE, archive_in, note_address
from sanctuary.cli import fetch
from sanctuary.outcome import Outcome, one_failure
from sanctuary.site import document_access
from sanctuary.workspace import Workspace
from scraper.archive import Archive
from scraper.errors import ArchiveUnreachable
from tests.sanctuary.commands import REVISION_1, Commands
from tests.sanctuary.loopback import HandClock, Page, Publisher
from tests.sanctuary.watching import SOURCES, THREE, TWO
from tests.scraper.stores import Store, s3_server
from tests.site.archived import Put, archived
from tests.site.serving import served

UNREACHABLE = "no route to the server of the store"


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        yield publisher


def sources(publisher: Publisher, archive: str = "") -> str:
    said = f"settings:\n  archive: {archive}\n" if archive else "settings:\n"
    return SOURCES.format(host=publisher.host).replace("settings:\n", said)


def run(watched: Commands, publisher: Publisher, page: bytes, day: str) -> None:
    publisher.pages["/list"] = Page(page)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fetch, "utc_now", HandClock(f"{day}T10:00:00Z"))
        answer = watched("run", "freedonia-list")
    assert (answer.code, answer.err) == (0, "")


@pytest.fixture(scope="module")
def whole(s3: str, publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """A history of two days whose documents never were on this disk."""
    watched = Commands(tmp_path_factory.mktemp("whole"), sources(publisher, f"{s3}/whole"))
    run(watched, publisher, TWO, "2025-06-01")
    run(watched, publisher, THREE, "2025-06-02")
    return watched


@pytest.fixture(scope="module")
def shown(s3: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Put]:
    """A database that a site shows, and a report of two pages in it."""
    folder = tmp_path_factory.mktemp("shown")
    report = archived(folder).report
    for _ in archive_in(folder).copy_to(Archive.at(f"{s3}/shown")):
        pass
    shutil.rmtree(folder / "archive")
    note_address(folder, f"{s3}/shown")
    return folder / "tracker.db", report


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the store not be reached from now on."""
    monkeypatch.setattr(S3FileSystem, "_call_s3", not_reached)
    monkeypatch.setattr(document_access, "_ASKED_AGAIN", {})


@pytest.fixture
def copied(whole: Commands, tmp_path: Path) -> Commands:
    """The history of two days, to be written to; the store is the same."""
    watched = Commands(tmp_path, whole.sources_file.read_text())
    shutil.copytree(whole.data_dir, watched.data_dir)
    return watched


async def not_reached(*_: object, **__: object) -> None:
    raise ConnectionError(UNREACHABLE)


def documents(watched: Commands) -> list[str]:
    return [row[0] for row in watched.rows("SELECT sha256 FROM documents ORDER BY sha256")]


def test_every_document_is_there_and_none_is_here(whole: Commands, s3: str) -> None:
    assert (whole.data_dir / NOTE).read_text() == f"{s3}/whole\n"
    assert not (whole.data_dir / "archive").exists()
    assert list(archive_in(whole.data_dir).hashes()) == documents(whole)
    assert len(documents(whole)) >= 2


def test_verify_reads_them_there(whole: Commands) -> None:
    answer = whole("verify")
    assert (answer.code, answer.err) == (0, "")
    assert "all is as it was" in answer.out


def test_where_they_are_is_told_to_the_operator_alone(whole: Commands, s3: str) -> None:
    answer = whole("archive")
    assert answer.code == 0
    assert f"{len(documents(whole))} documents at {s3}/whole, " in answer.out
    said = json.loads(whole("archive", "--json").out)
    assert said["bytes"] > 0
    assert (said["address"], said["documents"]) == (f"{s3}/whole", len(documents(whole)))
    assert not [line for line in whole.dump() if s3 in line]


def test_an_exhibit_has_the_documents(whole: Commands, tmp_path: Path) -> None:
    file = tmp_path / "exhibit.zip"
    assert whole("exhibit", "listings:1", "--output", file).code == 0
    with zipfile.ZipFile(file) as exhibit:
        assert TWO in [exhibit.read(name) for name in exhibit.namelist()]


def test_replay_and_status_go_on(copied: Commands) -> None:
    assert copied("replay").code == 0
    disk = copied("status", "--json").data()["disk"]
    assert disk["archive_bytes"] == archive_in(copied.data_dir).size()


def test_the_site_shows_document_and_picture_and_never_the_address(
    shown: tuple[Path, Put], s3: str
) -> None:
    database, report = shown
    with served(database) as site:
        data = site.get(f"{report.document}/file").content
        page = site.get(report.document)
        picture = site.get(f"{report.document}/page/1.png")
        assert Archive.hash_of(data) == report.sha256
        assert page.status_code == 200
        assert picture.status_code == 200
        assert picture.content.startswith(b"\x89PNG")
        assert s3 not in page.text
        assert s3 not in site.sql("SELECT * FROM settings").text


# Away is not lost.


@pytest.mark.usefixtures("away")
def test_verify_tells_no_document_as_lost_that_it_could_not_read(whole: Commands) -> None:
    answer = whole("verify")
    assert answer.code == 1
    (line,) = [line for line in answer.out.splitlines() if line.startswith("archive:")]
    assert UNREACHABLE in line
    assert "cannot be reached" in line
    assert "1 thing wrong" in answer.out


@pytest.mark.usefixtures("away")
def test_replay_stops_and_tells_no_document_as_missing(copied: Commands) -> None:
    with Workspace(copied.data_dir).writing() as db, db.atomic():
        db.execute("UPDATE readings SET parser_version = 'of an older parser'")
    before = copied.dump()
    answer = copied("replay", "--accept")
    assert answer.code == 1
    assert "missing" not in answer.out
    assert UNREACHABLE in answer.err
    assert copied.dump() == before


@pytest.mark.usefixtures("away")
def test_status_goes_on_and_says_so(whole: Commands) -> None:
    answer = whole("status")
    assert answer.code == 0
    assert "archive cannot be reached" in answer.out


def test_a_run_that_loses_sight_of_it_stops_and_the_next_one_goes_on(
    copied: Commands, publisher: Publisher
) -> None:
    before = len(documents(copied))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(S3FileSystem, "_call_s3", not_reached)
        publisher.pages["/list"] = Page(TWO + b"<!-- of the third day -->")
        answer = copied("run", "freedonia-list")
    assert answer.code == 1
    assert UNREACHABLE in answer.err
    assert answer.err.count("\n") == 1
    assert len(documents(copied)) == before
    assert copied("run", "freedonia-list").code == 0
    assert len(documents(copied)) == before + 1


def test_it_is_no_failure_of_one_source_that_the_archive_is_out_of_sight(whole: Commands) -> None:
    outcome, away = Outcome("freedonia-list"), ArchiveUnreachable("s3://zembla", UNREACHABLE)
    with (
        whole.looking() as db,
        pytest.raises(ArchiveUnreachable),
        one_failure(db, outcome, "the list", HandClock("2025-06-03T10:00:00Z")),
    ):
        raise away
    assert not outcome.failed


@pytest.mark.usefixtures("away")
def test_the_site_says_try_again_and_not_why(shown: tuple[Path, Put], s3: str) -> None:
    database, report = shown
    with served(database) as site:
        page = site.get(report.document)
        picture = site.get(f"{report.document}/page/2.png")
    assert page.status_code == 200
    assert "the archive cannot be reached just now" in page.text
    assert picture.status_code == 503
    for answer in (page, picture):
        assert UNREACHABLE not in answer.text
        assert s3 not in answer.text


@pytest.mark.usefixtures("away")
def test_visitors_do_not_wait_one_after_the_other_for_a_store_that_does_not_answer(
    shown: tuple[Path, Put], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, report = shown
    asked = []

    async def counted(*_: object, **__: object) -> None:
        asked.append(1)
        await not_reached()

    monkeypatch.setattr(S3FileSystem, "_call_s3", counted)
    with served(database) as site:
        site.get(report.document)
        first = len(asked)
        assert "cannot be reached just now" in site.get(report.document).text
        assert len(asked) == first > 0
        monkeypatch.setattr(document_access, "monotonic", lambda: monotonic() + 31)
        site.get(report.document)
        assert len(asked) > first


def test_the_site_never_says_what_is_wrong_with_a_note(
    shown: tuple[Path, Put], tmp_path: Path
) -> None:
    database, report = shown
    shutil.copytree(database.parent, tmp_path / "noted")
    (tmp_path / "noted" / NOTE).unlink()
    (tmp_path / "noted" / NOTE).write_bytes(b"https://kinbote.example/archive")
    with served(tmp_path / "noted" / database.name) as site:
        for address in (report.document, f"{report.document}/file"):
            answer = site.get(address)
            assert answer.status_code == 503
            assert "not known just now" in answer.text
            assert "kinbote" not in answer.text
            assert str(tmp_path) not in answer.text


# Moving.


def test_documents_that_are_here_are_moved_when_a_person_says_so(
    publisher: Publisher, s3: str, tmp_path: Path
) -> None:
    watched = Commands(tmp_path, sources(publisher))
    run(watched, publisher, TWO, "2025-06-01")
    assert watched("archive", "--move").code == 2
    watched.sources_file.write_text(sources(publisher, f"{s3}/moved"))
    refused = watched("run", "freedonia-list")
    assert refused.code == 1
    assert f"settings.archive says {s3}/moved" in refused.err
    said = json.loads(watched("archive", "--move", "--json").out)
    assert (said["address"], said["documents"]) == (f"{s3}/moved", 1)
    assert Store(f"{s3}/moved").all_files() == Store(str(watched.data_dir / "archive")).all_files()
    shutil.rmtree(watched.data_dir / "archive")
    run(watched, publisher, THREE, "2025-06-02")
    assert watched("verify").code == 0
    assert not (watched.data_dir / "archive").exists()
    assert "already" in watched("archive", "--move").out


def test_an_address_that_never_kept_anything_is_mended_in_the_settings(
    publisher: Publisher, s3: str, tmp_path: Path
) -> None:
    watched = Commands(tmp_path, sources(publisher, "s3://yewslip/mended"))
    publisher.pages["/list"] = Page(TWO)
    assert "bucket does not exist" in watched("run", "freedonia-list").err
    watched.sources_file.write_text(sources(publisher, f"{s3}/mended"))
    assert watched("run", "freedonia-list").code == 0
    assert archive_in(watched.data_dir).has(Archive.hash_of(TWO))


def test_a_folder_by_another_name_is_the_same_place(copied: Commands, publisher: Publisher) -> None:
    documents = copied.data_dir / "documents"
    copied.sources_file.write_text(sources(publisher, str(documents)))
    assert "stay until you delete them" in copied("archive", "--move").out
    (copied.data_dir / "link").symlink_to(documents)
    copied.sources_file.write_text(sources(publisher, str(copied.data_dir / "link")))
    assert copied("run", "freedonia-list").code == 1
    answer = copied("archive", "--move")
    assert answer.code == 0
    assert "already" in answer.out
    assert "delete" not in answer.out
    assert (copied.data_dir / NOTE).read_text() == f"{copied.data_dir / 'link'}\n"


def test_settings_that_say_nothing_leave_them_where_they_are(
    copied: Commands, publisher: Publisher
) -> None:
    copied.sources_file.write_text(sources(publisher))
    run(copied, publisher, THREE, "2025-06-03")
    assert not (copied.data_dir / "archive").exists()


def test_the_first_document_goes_there_also_if_a_person_saved_it(
    publisher: Publisher, s3: str, tmp_path: Path
) -> None:
    watched = Commands(tmp_path, sources(publisher, f"{s3}/saved"))
    assert watched("import", REVISION_1, "--source", "freedonia-reports").code == 0
    assert not (watched.data_dir / "archive").exists()
    assert watched("verify").code == 0


def test_what_is_withheld_leaves_the_store(publisher: Publisher, s3: str, tmp_path: Path) -> None:
    watched = Commands(tmp_path, sources(publisher, f"{s3}/withheld"))
    run(watched, publisher, TWO, "2025-06-01")
    (watched.data_dir / "archive").mkdir()
    answer = watched("withhold", Archive.hash_of(TWO), "--reason", "an order")
    assert answer.code == 0
    assert f"perhaps {watched.data_dir / 'archive'}" in answer.out
    assert NOTE not in answer.out
    assert f"perhaps old versions at {s3}/withheld, if the store keeps any" in answer.out
    assert Archive.hash_of(TWO) not in "".join(Store(f"{s3}/withheld").names())
    assert (watched.data_dir / "withheld" / Archive.hash_of(TWO)).read_bytes() == TWO
    archive_in(tmp_path).put(TWO)
    watched.sources_file.write_text(sources(publisher, str(tmp_path / "archive")))
    assert watched("archive", "--move").code == 0
    assert not archive_in(tmp_path).holds(Archive.hash_of(TWO))


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("s3://kinbote:secret@zembla/archive", "no login belongs in it"),
        ("https://zembla.example/archive", "https:// keeps no archive; allowed: a folder"),
        ("memory://archive", "what is in memory is gone with the command"),
        ("archive", "neither a folder as an absolute path nor"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_tells_no_secret(
    publisher: Publisher, tmp_path: Path, address: str, said: str
) -> None:
    watched = Commands(tmp_path, sources(publisher, address))
    answer = watched("run")
    assert answer.code == 1
    assert "settings: archive: " in answer.err
    assert said in answer.err
    assert "secret" not in answer.err


@pytest.mark.parametrize("noted", [b"\xff", b"", b"https://zembla.example/archive\n"])
def test_a_note_that_holds_no_address_is_not_taken_for_none(copied: Commands, noted: bytes) -> None:
    (copied.data_dir / NOTE).unlink()
    (copied.data_dir / NOTE).write_bytes(noted)
    for command in ("verify", "run"):
        answer = copied(command)
        assert answer.code == 1
        assert str(copied.data_dir / NOTE) in answer.err
    assert not (copied.data_dir / "archive").exists()
