"""``sanctuary notify``: what waits, trying it, sending it, and nowhere a secret."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from db.withholding import Order, withhold_document
from sanctuary.cli.app import App
from sanctuary.cli.watch import _Look
from sanctuary.clock import utc_now
from sanctuary.notify.sending import Sender
from sanctuary.watching import Stop
from sanctuary.workspace import Workspace
from tests.sanctuary.commands import SOURCES, Commands, list_page
from tests.sanctuary.notify.webhook import Webhook, webhook

SECRET = "zq7-token-4711"
PASSWORD = "zq7-word-0815"
NOTIFY = """
  notify:
    site: https://tracker.zembla.example
    targets: {desk: DESK_ADDRESS, newsroom: NEWSROOM_ADDRESS}
    rules:
      - {name: all, to: [desk], kinds: [added]}
      - {name: more, to: [newsroom], kinds: [added], sources: [specimen-list]}
"""
TWO = [("Kinbote", "Rule 1"), ("Yewslip", "Rule 2")]
THREE = [*TWO, ("New Wye", "Rule 3")]
ADDED = (
    "Added to List of jurisdictions (specimen) (Sanctuary Tracker's specimens): New Wye (Rule 3)"
)


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as found:
        yield found


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data directory of a list to which a place has just been added."""
    folder = tmp_path_factory.mktemp("history")
    found = watching(folder)
    for rows in (TWO, THREE):
        take(found, rows)
    return found.data_dir


@pytest.fixture
def run(tmp_path: Path, history: Path, hook: Webhook, monkeypatch: pytest.MonkeyPatch) -> Commands:
    """Return the command line over a copy of it, and where its targets are."""
    monkeypatch.setenv("DESK_ADDRESS", hook.address(SECRET))
    shutil.copytree(history, tmp_path / "history")
    return watching(tmp_path)


def watching(folder: Path) -> Commands:
    kept = folder / "secrets"
    kept.write_text(f"NEWSROOM_ADDRESS=json://{PASSWORD}:{SECRET}@127.0.0.1:1/{SECRET}\n")
    kept.chmod(0o600)
    settings = f"  contact: https://example.org/tests\n  secrets: {kept}{NOTIFY}"
    return Commands(folder, SOURCES.replace("  contact: https://example.org/tests\n", settings))


def take(run: Commands, rows: Sequence[tuple[str, str]], *before: str) -> str:
    page = run.data_dir.parent / "page.html"
    page.write_bytes(list_page(*rows))
    return run(*before, "import", page, "--source", "specimen-list").out


@pytest.fixture
def unset(tmp_path: Path) -> Commands:
    return Commands(tmp_path)


def test_what_waits_is_said_by_the_commands_that_make_it_and_listed(run: Commands) -> None:
    listed = run("notify", "list")
    assert [line.split()[1:3] for line in listed.out.splitlines()] == [
        ["waiting", "desk"],
        ["waiting", "newsroom"],
    ]
    assert ADDED in listed.out
    assert [each["target"] for each in run("notify", "list", "--json").data()] == [
        "desk",
        "newsroom",
    ]
    said = "4 notifications wait; the next run sends what is due, or `sanctuary notify send`\n"
    assert said in take(run, [*THREE, ("Onhava", "Rule 4")])
    assert take(run, [*THREE, ("Lavender", "Rule 5")], "--quiet") == ""


def test_what_waits_can_be_listed_though_what_it_tells_of_was_withheld(run: Commands) -> None:
    workspace = Workspace(run.data_dir)
    with workspace.writing() as db:
        (sha256,) = db.execute(
            "SELECT document_sha256 FROM captures ORDER BY captured_at DESC, id DESC LIMIT 1"
        ).fetchone()
        withhold_document(db, sha256, Order("It names a child.", "Ida"), utc_now())
    listed = run("notify", "list")
    assert "which is not shown any more" in listed.out
    assert ADDED not in listed.out


def test_a_dry_run_prints_all_of_it_and_sends_and_marks_nothing(
    run: Commands, hook: Webhook
) -> None:
    before = run.dump()
    answer = run("notify", "send", "--dry-run")
    assert f"To desk (at once, 1 item): [no official document] {ADDED[:40]}" in answer.out
    assert "https://tracker.zembla.example/tracker/-/change/" in answer.out
    bodies = run("notify", "send", "--dry-run", "--json", "--form", "markdown").data()
    assert [each["target"] for each in bodies] == ["desk", "newsroom"]
    assert bodies[0]["body"].startswith("## List of jurisdictions")
    assert hook.posted == []
    assert run.dump() == before


def test_what_is_due_is_sent_once_and_what_fails_is_an_exit_code(
    run: Commands, hook: Webhook
) -> None:
    first = run("notify", "send")
    assert first.code == 1
    assert first.out.startswith("desk: sent, 1 item: ")
    assert first.err.startswith("newsroom: not sent: ")
    assert "; tried again 20" in first.err
    assert run("notify", "send").code == 0
    assert len(hook.posted) == 1
    waits = "Nothing is due to be told yet; 1 waiting: `sanctuary notify list` says until when.\n"
    assert run("notify", "send", "--dry-run").out == waits
    assert [each["state"] for each in run("notify", "list", "--json").data()] == ["waiting"]


def test_a_run_sends_what_is_due_even_if_no_source_is_and_fails_for_no_target(
    run: Commands, hook: Webhook
) -> None:
    answer = run("run", "--due")
    assert answer.code == 0
    assert "sanctuary: notifications: newsroom: not sent: " in answer.err
    assert len(hook.posted) == 1


def test_each_minute_of_a_watch_sends_what_is_due(run: Commands, hook: Webhook) -> None:
    look = _Look(App(run.data_dir, run.sources_file), Stop(), None)
    look()
    look()
    assert len(hook.posted) == 1


def test_a_fault_of_ours_in_sending_fails_no_run(
    run: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sender, "send_waiting", lambda _: {}["nothing"])
    answer = run("run", "--due")
    assert answer.code == 0
    assert "sanctuary: unexpected KeyError ('nothing'); please report it\n" in answer.err


def test_what_is_given_up_or_unknown_is_sent_once_more_if_a_person_says_so(
    run: Commands, hook: Webhook
) -> None:
    hook.status = None
    assert "; it may have come all the same; `sanctuary" in run("notify", "send").err
    hook.status = 200
    run("notify", "send")
    assert len(hook.posted) == 1
    assert run("notify", "retry").code == 2
    assert "'#99' was neither given up" in run("notify", "retry", "#99").err
    said = run("notify", "retry", "--unknown")
    assert said.out.startswith("1 notification will be sent once more")
    assert run("notify", "send").code == 0
    assert len(hook.posted) == 2


def test_a_test_message_says_what_came_of_each_target(run: Commands, hook: Webhook) -> None:
    answer = run("notify", "test")
    assert answer.code == 1
    desk, newsroom = answer.out.splitlines()
    assert desk == "desk: sent"
    assert newsroom.startswith("newsroom: not sent: ")
    assert hook.posted[0]["title"] == "Sanctuary Tracker: a test"
    assert run("notify", "test", "desk").code == 0
    assert "there are: desk, newsroom" in run("notify", "test", "nobody").err


def test_a_test_says_what_is_wrong_with_the_file_of_secrets(run: Commands) -> None:
    kept = run.data_dir.parent / "secrets"
    kept.chmod(0o644)
    answer = run("notify", "test", "--json").data()
    assert f"chmod 600 {kept}" in answer[1]["reason"]
    assert answer[0]["sent"]


def test_without_targets_there_is_nobody_to_tell(unset: Commands) -> None:
    answer = unset("notify", "test")
    assert (answer.code, "names no targets" in answer.err) == (1, True)
    assert unset("notify", "send").code == 0
    assert unset("notify", "send", "--dry-run").out == "Nothing is due to be told.\n"


def test_no_secret_comes_to_any_file_log_or_line(run: Commands, hook: Webhook) -> None:
    said = ""
    hook.status = 401
    for words in (
        ("notify", "test"),
        ("notify", "send", "--dry-run"),
        ("--verbose", "notify", "send"),
        ("--verbose", "run", "--due"),
        ("notify", "send", "--json"),
        ("notify", "list"),
        ("notify", "list", "--json"),
        ("status", "--json"),
        ("status",),
    ):
        answer = run(*words)
        said += answer.out + answer.err
    written = b"".join(file.read_bytes() for file in run.data_dir.rglob("*") if file.is_file())
    assert "desk" in said
    assert b"newsroom" in written
    for word in (SECRET, PASSWORD):
        assert word not in said
        assert word.encode() not in written
