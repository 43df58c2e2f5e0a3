"""Documents read by the workers of a Dask cluster: the same history, whoever dies meanwhile."""

from __future__ import annotations

import pickle
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from distributed import Client, LocalCluster
from distributed.scheduler import KilledWorker

from parsers.registry import Way
from sanctuary import cluster as clusters
from sanctuary.bundles import Readable
from sanctuary.errors import CannotRead, ClusterFails, NoDask
from sanctuary.readers import Coming, Order, Readers, open_readers
from sanctuary.reading import ReadingLimits
from sanctuary.replaying import replay
from sanctuary.sources_file import load_sources
from sanctuary.workspace import Workspace
from scraper.archive import Archive
from scraper.errors import DamagedArchive
from tests.sanctuary.commands import Commands
from tests.sanctuary.hostile import PARSERS, invented_page

SOURCES = """
sources:
  - id: zembla
    title: Places of Zembla (specimen)
    publisher: Zembla Office of Lists, an invented office
    address: null
    parser: invented
    options: {{state: {state}}}
    editions: content
    why: For tests.
"""
NOW = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def parsers() -> Iterator[None]:
    """Install the invented parsers, here and in processes that are started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PARSERS)
        patch.setenv("PYTHONPATH", str(PARSERS), prepend=":")
        yield


@pytest.fixture(scope="module")
def cluster(parsers: None) -> Iterator[str]:
    """The address of a cluster of two worker processes."""
    with LocalCluster(
        n_workers=0, processes=False, protocol="tcp://", dashboard_address=":0"
    ) as scheduler:
        address = scheduler.scheduler_address
        dask = [sys.executable, "-m", "dask", "worker", address, "--no-nanny", "--nthreads=1"]
        workers = [
            subprocess.Popen([*dask, "--no-dashboard"], stderr=subprocess.DEVNULL) for _ in range(2)
        ]
        try:
            with Client(address, set_as_default=False) as client:
                client.wait_for_workers(2, timeout=60)
            yield address
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()


@pytest.fixture
def readers(cluster: str, tmp_path: Path) -> Iterator[Readers]:
    with open_readers(Archive.at(tmp_path / "archive"), ReadingLimits(), cluster=cluster) as there:
        yield there


def pages(folder: Path) -> Iterator[bytes]:
    """Yield pages of a list: one ends its reader, one the worker that has it read."""
    for number in range(1, 7):
        places = [f"Onhava {each}" for each in range(number)]
        match number:
            case 2:
                yield invented_page(places=places, ends="SIGKILL")
            case 4:
                yield invented_page(places=places, kills_once=str(folder / "once"))
            case _:
                yield invented_page(places=places)


@pytest.fixture(scope="module")
def before(parsers: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the history of a list, as it was read for another state."""
    folder = tmp_path_factory.mktemp("before")
    sanctuary = Commands(folder, SOURCES.format(state="Freedonia"))
    for day, page in enumerate(pages(folder), start=1):
        file = folder / f"{day}.html"
        file.write_bytes(page)
        sanctuary("import", file, "--source", "zembla", "--captured-at", f"2025-06-{day:02}")
    (folder / "watched.yml").write_text(SOURCES.format(state="Zembla"))
    return folder


def after(before: Path, folder: Path, cluster: str | None) -> list[str]:
    """Return the whole database as SQL after a replay."""
    shutil.copytree(before / "history", folder)
    sources = load_sources(before / "watched.yml")
    workspace = Workspace(folder)
    told: list[tuple[str, str]] = []
    with (
        workspace.writing() as db,
        open_readers(workspace.archive, ReadingLimits(), cluster=cluster) as readers,
    ):
        replay(
            *(db, workspace.archive, sources.sources[0], readers, lambda: NOW, lambda _: None),
            lambda reread: told.append((reread.name, reread.outcome)),
            keep=True,
        )
    assert told == [(f"{day}.html", "differs") for day in (1, 3, 4, 5, 6)] + [
        ("2.html", "unreadable")
    ]
    connection = sqlite3.connect(folder / "tracker.db")
    try:
        return list(connection.iterdump())
    finally:
        connection.close()


def test_the_same_database_comes_out_though_a_worker_is_killed(
    before: Path, cluster: str, tmp_path: Path
) -> None:
    here = after(before, tmp_path / "here", None)
    (before / "once").mkdir()
    there = after(before, tmp_path / "there", cluster)
    assert not (before / "once").exists(), "no worker was killed"
    assert there == here


def order(sha256: str, version: str = "1") -> Order:
    document = Readable("zembla", sha256)
    return Order(document, "invented", version, {}, Way.VERIFIED, ReadingLimits())


def test_a_worker_with_another_version_of_the_parser_refuses(readers: Readers) -> None:
    sha256 = readers.archive.put(invented_page(places=["Onhava"]))
    with pytest.raises(ClusterFails, match=r"invented is wanted as 99, and is there as 1; install"):
        readers._begin(order(sha256, version="99")).result()


def test_a_document_that_is_lost_is_told_as_here(readers: Readers) -> None:
    lost = Archive.hash_of(b"lost")
    with pytest.raises(DamagedArchive, match="it is not in the archive"):
        readers._begin(order(lost)).result()


def test_what_a_worker_does_not_see_is_not_lost(readers: Readers) -> None:
    """Each process has a ``memory:`` of its own, as each machine has folders of its own."""
    readers.archive = Archive.at("memory://seen-here-alone")
    sha256 = readers.archive.put(invented_page(places=["Onhava"]))
    with pytest.raises(ClusterFails, match="does not see what the archive at memory://"):
        readers._begin(order(sha256)).result()


@pytest.mark.parametrize("words", [("replay", "--accept"), ("run",)])
def test_a_scheduler_that_does_not_answer_is_one_line_and_nothing_is_written(
    before: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setattr(clusters, "_CONNECT_SECONDS", 0.1)
    sanctuary = Commands(before, SOURCES.format(state="Zembla"))
    as_it_was = sanctuary.dump()
    answer = sanctuary(*words, "--cluster", "tcp://127.0.0.1:1")
    assert (answer.code, answer.out) == (1, "")
    *_, line = answer.err.splitlines()
    assert line.startswith("sanctuary: the cluster at tcp://127.0.0.1:1: its scheduler does")
    assert line.endswith("mend it, or leave out --cluster to read here")
    assert sanctuary.dump() == as_it_was


def test_a_cluster_behind_tls_needs_certificates_here(tmp_path: Path) -> None:
    with (
        pytest.raises(ClusterFails, match="names no certificates"),
        open_readers(Archive.at(tmp_path), ReadingLimits(), cluster="tls://127.0.0.1:1"),
    ):
        pass


def test_a_scheduler_without_workers_is_told_at_once(tmp_path: Path) -> None:
    with (
        LocalCluster(
            n_workers=0, processes=False, protocol="tcp://", dashboard_address=":0"
        ) as alone,
        pytest.raises(ClusterFails, match="no worker has joined it"),
        open_readers(Archive.at(tmp_path), ReadingLimits(), cluster=f"{alone.scheduler_address}"),
    ):
        pass


@pytest.mark.parametrize("address", ["10.0.0.5:8786", "inproc://x", "tcp://a b:1", "http://a:1"])
def test_what_is_no_address_of_a_scheduler_is_a_usage_error(
    sanctuary: Commands, address: str
) -> None:
    answer = sanctuary("replay", "--cluster", address)
    assert answer.code == 2
    assert "is no address like tcp://10.0.0.5:8786" in answer.err


def test_without_dask_it_says_what_to_install(
    sanctuary: Commands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "sanctuary.cluster")
    with (
        pytest.raises(NoDask, match=r"install sanctuary-tracker\[cluster\]"),
        open_readers(Archive.at(tmp_path), ReadingLimits(), cluster="tcp://127.0.0.1:1"),
    ):
        pass


def test_a_worker_that_may_not_start_processes_says_how_it_can(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Daemon:
        daemon = True

    monkeypatch.setattr("sanctuary.cluster.multiprocessing.current_process", Daemon)
    said = clusters.read_there(order("0" * 64), str(tmp_path))
    assert b"DASK_DISTRIBUTED__WORKER__DAEMON=False" in said


def test_what_a_worker_answers_is_checked(readers: Readers) -> None:
    for answer in (pickle.dumps([1]), b"[]", b'{"refused":[]}', b'{"edition":{}}', "text", None):
        future: Future[object] = Future()
        future.set_result(answer)
        with pytest.raises(ClusterFails, match="a worker answered what is no reading"):
            there(readers, future).result()


def test_a_cluster_that_loses_its_workers_or_itself_says_nothing_of_the_document(
    readers: Readers,
) -> None:
    killed: Future[object] = Future()
    killed.set_exception(KilledWorker("read", None, 3))  # type: ignore[arg-type]
    with pytest.raises(CannotRead, match="worker after worker of the cluster ended at it"):
        there(readers, killed).result()
    lost: Future[object] = Future()
    lost.cancel()
    with pytest.raises(ClusterFails, match="its scheduler is lost"):
        there(readers, lost).result()
    elsewhere: Future[object] = Future()
    elsewhere.set_exception(ModuleNotFoundError("No module named 'sanctuary'"))
    with pytest.raises(ClusterFails, match="need the same sanctuary-tracker as is here"):
        there(readers, elsewhere).result()


def there(readers: Readers, future: Future[object]) -> Coming:
    return clusters._There(readers, order("0" * 64), future)  # type: ignore[arg-type]
