"""Each check of ``sanctuary doctor``: what it says where all is well, and where it is not."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from filelock import FileLock

from db.connection import open_database
from db.outbox import OutboxCounts
from db.targets import TargetState
from sanctuary.doctor import answers, calls, folder, history, installed, machine, watched
from sanctuary.doctor.finding import Finding, State
from sanctuary.doctor.machine import Mount
from sanctuary.notify.settings import NotifySettings
from sanctuary.sources import Settings, Source, Sources
from sanctuary.writer import Writer, note_writer, this_process
from scraper.archive import Archive
from scraper.judge import Kind, Verdict

NOW = "2026-11-02T12:00:00Z"
TODAY = date(2026, 11, 2)
LIST = {
    "id": "freedonia-list",
    "title": "List of Freedonia",
    "publisher": "Freedonia Ministry",
    "address": "https://freedonia.example/list",
    "parser": "table",
    "options": {"record": "listings", "columns": {"Jurisdiction": "jurisdiction"}},
    "editions": "content",
    "why": "For tests.",
}


def state(finding: Finding) -> str:
    assert finding.said
    assert bool(finding.remedy) or finding.state in (State.OK, State.NOTE)
    return finding.state.value


def source(**changed: object) -> Source:
    return Source.model_validate({**LIST, **changed})


# The machine


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("ext4", "ok"),
        ("overlay", "ok"),
        ("fuse.fuse-overlayfs", "ok"),
        ("nfs4", "broken"),
        ("cifs", "broken"),
        ("9p", "broken"),
        ("fuse.sshfs", "broken"),
        ("fuse.rclone", "broken"),
        ("tmpfs", "warning"),
    ],
)
def test_a_database_does_not_belong_on_a_network_file_system(kind: str, found: str) -> None:
    mounted = [Mount("/", "xfs"), Mount("/mnt", kind), Mount("/mnt/other", "xfs")]
    assert state(machine.file_system(Path("/mnt/zembla/data"), mounted)) == found
    assert state(machine.file_system(Path("/mnt/other/data"), mounted)) == "ok"
    assert state(machine.file_system(Path("/mntx"), mounted)) == "ok", "a name that begins alike"


def test_of_two_file_systems_at_one_point_the_later_counts() -> None:
    mounted = [Mount("/mnt", "ext4"), Mount("/mnt", "nfs")]
    assert state(machine.file_system(Path("/mnt/data"), mounted)) == "broken"


def test_a_folder_is_looked_at_where_its_link_leads(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "here").symlink_to(tmp_path / "there")
    mounted = [Mount("/", "ext4"), Mount(str(tmp_path / "there"), "nfs")]
    assert state(machine.file_system(tmp_path / "here" / "data", mounted)) == "broken"


@pytest.mark.parametrize(
    ("free", "full_on", "found"),
    [
        (50_000_000_000, None, "ok"),
        (50_000_000_000, "2027-06-01", "ok"),
        (50_000_000_000, "2026-11-20", "warning"),
        (900_000_000, None, "warning"),
        (90_000_000, None, "broken"),
    ],
)
def test_a_disk_that_is_full_or_soon_will_be(free: int, full_on: str | None, found: str) -> None:
    assert state(machine.disk(free, full_on, TODAY)) == found


@pytest.mark.parametrize(
    ("newest", "ahead", "found"),
    [
        (None, [], "ok"),
        ("2026-11-02T12:00:30Z", [], "ok"),
        ("2026-11-03T12:00:00Z", [], "broken"),
        ("2026-11-02T11:00:00Z", [-1.0, 2.0, 0.0], "ok"),
        ("2026-11-02T11:00:00Z", [-1.0, 2.0, 9000.0], "ok"),
        ("2026-11-02T11:00:00Z", [90.0, 91.0, 92.0], "warning"),
        ("2026-11-02T11:00:00Z", [-9000.0, -9001.0], "broken"),
    ],
)
def test_a_clock_that_was_set_back_or_is_off(
    newest: str | None, ahead: list[float], found: str
) -> None:
    assert state(machine.clock(NOW, newest, ahead)) == found


def test_the_data_of_time_zones_may_be_missing() -> None:
    assert state(machine.zones(["America/New_York", "UTC"])) == "ok"
    assert state(machine.zones(["Zembla/Onhava"])) == "broken"


# The data directory


def test_a_folder_that_can_be_written_to_or_made(tmp_path: Path) -> None:
    assert state(folder.rights(tmp_path)) == "ok"
    assert list(tmp_path.iterdir()) == [], "nothing stays of the try"
    assert state(folder.rights(tmp_path / "not" / "yet")) == "note"


def test_a_folder_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"")
    assert state(folder.rights(file)) == "broken"
    # Who runs the tests may be root, to whom nothing is denied.
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("-wal"))
    (tmp_path / "tracker.db-wal").write_bytes(b"")
    found = folder.rights(tmp_path)
    assert (state(found), "tracker.db-wal" in found.said) == ("broken", True)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert state(folder.rights(tmp_path / "not" / "yet")) == "broken"


def test_who_holds_the_lock_is_named(tmp_path: Path) -> None:
    assert folder.lock(tmp_path, NOW).said == "nobody writes"
    note_writer(tmp_path / ".lock.json", this_process(NOW))
    (tmp_path / ".lock").touch()
    assert state(folder.lock(tmp_path, NOW)) == "note", "a command that was killed"
    with FileLock(tmp_path / ".lock"):
        found = folder.lock(tmp_path, NOW)
    assert (state(found), f"process {os.getpid()}" in found.said) == ("ok", True)
    assert not folder.is_held(tmp_path / ".lock")


def test_a_lock_that_is_held_for_half_a_day_may_be_of_one_that_hangs() -> None:
    who = Writer(7, 0.0, "sanctuary run", "2026-11-01T12:00:00Z", "onhava")
    found = folder.held_by(who, NOW)
    assert (state(found), "kill 7" in found.remedy) == ("warning", True)
    assert state(folder.held_by(None, NOW)) == "ok"


# The history


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a database with nothing in it."""
    path = tmp_path_factory.mktemp("made") / "tracker.db"
    open_database(path).close()
    return path


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    path = tmp_path / "tracker.db"
    path.write_bytes(made.read_bytes())
    return path


def states(found: Iterator[Finding]) -> list[str]:
    return [state(each) for each in found]


def test_a_database_of_this_version_that_is_whole(copy: Path, tmp_path: Path) -> None:
    assert states(history.database(copy)) == ["ok", "ok"]
    assert states(history.database(tmp_path / "no.db")) == ["note"]


def test_a_database_of_another_version(copy: Path) -> None:
    with sqlite3.connect(copy) as db:
        db.execute("DELETE FROM _sqlite_migrations WHERE rowid > 3")
    older = list(history.database(copy))
    assert (state(older[0]), "backup" in older[0].remedy) == ("note", True)
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE _sqlite_migrations SET name = 'm999' WHERE rowid = 1")
    (newer,) = history.database(copy)
    assert (state(newer), "newer version" in newer.said) == ("broken", True)


def test_a_database_that_is_damaged_or_none_of_ours(copy: Path, tmp_path: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[8192:200_000] = b"x" * (200_000 - 8192)
    copy.write_bytes(data)
    assert states(history.database(copy))[-1] == "broken"
    other = tmp_path / "other.db"
    other.write_bytes(b"no database at all" * 100)
    assert states(history.database(other)) == ["broken"]


def test_a_check_that_takes_too_long_is_left(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "_STEPS", 1)
    assert states(history.database(copy, seconds=-1.0)) == ["ok", "note"]


def test_a_journal_that_keeps_readers_out(copy: Path) -> None:
    with sqlite3.connect(copy) as db:
        db.execute("PRAGMA journal_mode = DELETE")
    db.close()
    assert states(history.database(copy)) == ["ok", "ok", "warning"]


def test_a_journal_that_grows(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "LARGE_WAL", 0)
    with sqlite3.connect(copy) as db:
        db.execute("UPDATE runs SET command = ''")
        db.execute("CREATE TABLE something (id)")
        db.commit()
        assert states(history.database(copy))[-1] == "warning"
    db.close()


def test_documents_of_the_archive_are_read(tmp_path: Path) -> None:
    kept = Archive.at(tmp_path / "archive")
    assert state(history.archive(kept, [])) == "ok"
    sha256 = kept.put(b"SPECIMEN of a list")
    assert "1 document read" in history.archive(kept, [sha256]).said
    missing = history.archive(kept, [sha256, "0" * 64])
    assert (state(missing), "document 000000000000" in missing.said) == ("broken", True)


def test_an_archive_that_is_slow_is_not_read_to_the_end(tmp_path: Path) -> None:
    kept = Archive.at(tmp_path / "archive")
    moments = iter([0.0, 1.0, 100.0])
    wanted = [kept.put(b"SPECIMEN one"), "0" * 64]
    assert state(history.archive(kept, wanted, lambda: next(moments))) == "ok"


def test_an_archive_that_is_not_where_the_settings_say() -> None:
    assert list(history.archive_place("/a", None)) == list(history.archive_place("/a", "/a")) == []
    assert states(history.archive_place("/a", "s3://bucket/b")) == ["broken"]


# What is watched


def test_the_file_that_ships_is_nobodys_own() -> None:
    sources = Sources(sources=[source()])
    assert state(watched.sources_file(Path("sources.yml"), sources, False)) == "ok"
    assert state(watched.sources_file(Path("sources.yml"), sources, True)) == "note"


@pytest.mark.parametrize(
    ("contact", "found"),
    [
        ("desk@kinbote.org", "ok"),
        (None, "warning"),
        ("you@example.org", "warning"),
        ("https://www.example.com/contact", "warning"),
        ("https://myexample.com/", "ok"),
    ],
)
def test_a_publisher_can_reach_somebody(contact: str | None, found: str) -> None:
    assert state(watched.contact(Settings(contact=contact))) == found


def test_what_ships_otherwise_than_the_own_file_has_it() -> None:
    own, ships = Sources(sources=[source()]), Sources(sources=[source()])
    assert state(watched.entries(own, ships)) == "ok"
    ships = Sources(sources=[source(schedule="hourly"), source(id="freedonia-new")])
    found = watched.entries(own, ships)
    assert state(found) == "note"
    assert found.said.endswith(
        "your sources.yml lacks freedonia-new; it has otherwise: freedonia-list"
    )


def test_many_ids_are_counted() -> None:
    assert watched.some([*"abcdefgh"]) == "a, b, c, d, e and 3 more"


def test_what_is_past_its_deadline_or_was_never_tried() -> None:
    assert states(watched.freshness({}, [], 3)) == ["ok"]
    assert states(watched.freshness({"a": NOW}, ["b"], 3)) == ["warning", "note"]
    assert states(watched.freshness({}, [], 0)) == ["warning"]


def test_secrets_that_the_settings_name_are_there_or_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(
        proxy_login="LOGIN",
        keys={"api.kinbote.example": {"api-id": "KEY_ID", "api-key": "KEY"}},
        notify=NotifySettings(targets={"desk": "DESK"}),
    )
    assert states(watched.secrets(Settings())) == ["ok"]
    assert states(watched.secrets(settings)) == ["broken", "note", "warning"]
    monkeypatch.setenv("KEY", "opensesame")
    assert states(watched.secrets(settings)) == ["broken", "broken", "warning"]
    for name in ("KEY_ID", "LOGIN", "DESK"):
        monkeypatch.setenv(name, "opensesame")
    (found,) = watched.secrets(settings)
    assert (state(found), "opensesame" in found.said) == ("ok", False)
    monkeypatch.delenv("LOGIN")
    file = tmp_path / "secrets"
    file.write_text("LOGIN=opensesame\n")
    file.chmod(0o644)
    (found,) = watched.secrets(settings.model_copy(update={"secrets": file}))
    assert (state(found), "chmod 600" in found.remedy) == ("broken", True)


def test_messages_that_do_not_come_through() -> None:
    settings = Settings(notify=NotifySettings(targets={"desk": "DESK"}))
    failing = TargetState("desk", NOW, "no answer", None, None)
    fine = replace(failing, failing_since=None)
    assert state(watched.told(Settings(), OutboxCounts(), [])) == "note"
    assert state(watched.told(settings, OutboxCounts(), [fine])) == "ok"
    assert state(watched.told(settings, OutboxCounts(), [failing])) == "warning"
    assert state(watched.told(settings, OutboxCounts(unknown=1), [fine])) == "warning"
    assert states(watched.names_in_rules([("monday", "places", "Onhava")])) == ["warning"]


# What calls it


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        ("this user's crontab", "*/5 * * * * /opt/bin/sanctuary --data-dir /x run --due", True),
        ("this user's crontab", "# */5 * * * * sanctuary run --due", False),
        ("this user's crontab", "0 8 * * * sanctuary status --check", False),
        ("sanctuary.service", 'ExecStart="/opt/bin/sanctuary" "run" "--due"', True),
        (
            "sanctuary.yml",
            "          sanctuary --sources sources.yml run --due || [ $? -eq 3 ]",
            True,
        ),
        ("compose.yaml", "image: sanctuary-tracker\ncommand: [watch]", True),
        ("compose.yaml", "image: another\ncommand: [watch]", False),
    ],
)
def test_what_calls_it_is_found(place: str, text: str, found: bool) -> None:
    assert calls.callers({place: text}, []) == ([place] if found else [])


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["/venv/bin/python", "/venv/bin/sanctuary", "--data-dir", "x", "watch"], True),
        (["sanctuary", "watch"], True),
        (["/venv/bin/python", "/venv/bin/sanctuary", "doctor"], False),
        (["watch", "ls", "sanctuary/x"], False),
        ([], False),
    ],
)
def test_a_process_that_watches_is_found(words: list[str], found: bool) -> None:
    assert bool(calls.callers({}, [words])) is found


def test_nothing_that_calls_it_is_worth_a_word(tmp_path: Path) -> None:
    assert state(calls.schedule([])) == "note"
    assert state(calls.schedule(["compose.yaml"])) == "ok"
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    workflow = tmp_path / ".github" / "workflows" / "sanctuary.yml"
    workflow.write_text("run: sanctuary run --due\n")
    texts = calls.texts_of_this_machine([tmp_path])
    assert str(workflow) in calls.callers(texts, calls.commands_of_this_machine())


# Answers


def said(verdict: Verdict, status: int | None = 200, **of_source: object) -> answers.Said:
    of = source(**of_source)
    address = of.address or ""
    question = answers.Question("freedonia.example", of, address, Kind.HTML, None)
    return answers.Said(question, verdict, "as it was", status, None)


GOOD = said(Verdict.DOCUMENT)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (said(Verdict.UNCHANGED, 304), []),
        (said(Verdict.TRUNCATED), []),
        (said(Verdict.TRUNCATED, 500), ["warning"]),
        (said(Verdict.GONE, 404), ["warning"]),
        (said(Verdict.WRONG_KIND), ["warning"]),
        (said(Verdict.ERROR, None), ["warning"]),
        (said(Verdict.BLOCKED, 403), ["warning"]),
        (said(Verdict.BLOCKED, 403, access="refused"), ["note"]),
        (said(Verdict.BLOCKED, 403, access="refused", when_refused="wayback"), ["note"]),
    ],
)
def test_each_answer_that_is_not_the_document_is_told(
    other: answers.Said, found: list[str]
) -> None:
    assert [state(each) for each in answers.said_of([GOOD, other])] == ["ok", *found]


def test_where_nobody_answers_it_is_the_network() -> None:
    silent = said(Verdict.ERROR, None)
    assert [state(each) for each in answers.said_of([silent])] == ["broken"]
    assert [state(each) for each in answers.said_of([silent, silent])] == ["broken"]
    assert [state(each) for each in answers.said_of([])] == ["note"]


def test_one_question_a_host_and_none_for_what_is_not_fetched() -> None:
    asked = answers.questions(
        [
            source(),
            source(id="two", address="https://freedonia.example/two"),
            source(id="three", address="https://ended.example/", lifecycle="ended"),
            source(id="four", address=None),
        ],
        None,
    )
    assert [(each.host, each.source.id) for each in asked] == [
        ("freedonia.example", "freedonia-list")
    ]


# What is installed


def test_a_sqlite_that_is_too_old() -> None:
    assert state(installed.program()) == "ok"
    assert state(installed.program((3, 37, 2))) == "broken"


def test_packages_of_others_under_our_names() -> None:
    assert states(installed.packages({}, {})) == ["ok"]
    assert states(installed.packages({"db": "/tmp/db"}, {})) == ["broken"]
    assert states(installed.packages({}, {"parsers": ["other-parsers"]})) == ["broken"]


def test_extras_are_told_with_what_they_want() -> None:
    wanted = [
        "click>=8.1",
        'pyarrow>=18; extra == "parquet"',
        "s3fs>=2025.9; extra == 'remote'",
        'sshfs>=2025.2; extra == "remote"',
        'pytest>=8.3; extra == "dev"',
    ]
    found = list(installed.extras(wanted, {"pyarrow": "18.0", "s3fs": "1"}.get))
    assert [state(each) for each in found] == ["ok", "note"]
    assert found[0].said == "parquet: pyarrow 18.0"
    assert "it wants sshfs" in found[1].said


def test_a_browser_is_for_the_tests_alone() -> None:
    assert state(installed.browser(lambda name: f"/usr/bin/{name}")) == "ok"
    assert state(installed.browser(lambda name: None)) == "note"
