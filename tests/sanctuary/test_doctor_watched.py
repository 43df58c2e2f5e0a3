"""``sanctuary doctor`` on what is watched, what calls the tool, who answers, what is installed."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from db.outbox import OutboxCounts
from db.targets import TargetState
from sanctuary.doctor import answers, calls, installed, watched
from sanctuary.notify.settings import NotifySettings
from sanctuary.sources import Settings, Source, Sources
from scraper.client import Answer
from scraper.judge import Kind, Response, Verdict
from scraper.transport import Transport
from tests.sanctuary.findings import state, states

NOW = "2026-11-02T12:00:00Z"
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


def source(**changed: object) -> Source:
    return Source.model_validate({**LIST, **changed})


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
    assert states(watched.freshness({}, [], 0)) == ["note"]


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
        ("this user's crontab", "0 8 * * * sanctuary run zembla-list", False),
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


def test_a_user_without_a_home_can_look_what_calls_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 7)
    with pytest.raises(RuntimeError):
        Path.home()
    (tmp_path / "compose.yaml").write_text("services: {}")
    assert str(tmp_path / "compose.yaml") in calls.texts_of_this_machine([tmp_path])


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


def test_a_source_that_has_moved_is_told_with_where_to() -> None:
    moved = replace(GOOD, led_to="https://freedonia.example/new")
    _, found = answers.said_of([moved])
    assert state(found) == "note"
    assert "leads to https://freedonia.example/new" in found.said
    assert "`address` of" in found.remedy


def test_where_nobody_answers_it_is_the_network() -> None:
    silent = said(Verdict.ERROR, None)
    assert [state(each) for each in answers.said_of([silent])] == ["broken"]
    assert [state(each) for each in answers.said_of([silent, silent])] == ["broken"]
    assert [state(each) for each in answers.said_of([])] == ["note"]


@pytest.mark.parametrize(("headers", "ahead"), [((), 60.0), ((("Age", "9"),), None)])
def test_what_a_cache_kept_says_nothing_of_the_clock(
    monkeypatch: pytest.MonkeyPatch, headers: tuple[tuple[str, str], ...], ahead: float | None
) -> None:
    date = ("Date", "Mon, 02 Nov 2026 12:01:00 GMT")
    came = Response(200, (date, *headers), b"<html>", 6)
    answer = Answer(
        "", "", NOW, came, (), None, None, Transport("1.1", None, None, None, (), (), 0.1)
    )
    client = SimpleNamespace(get=lambda *_, **__: answer)
    monkeypatch.setattr(answers, "new_client", lambda *_, **__: nullcontext(client))
    (said,) = answers.ask(answers.questions([source()], None), Settings(), str, lambda: None)
    assert said.seconds_ahead == ahead


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
    assert states(installed.packages({"db": "elsewhere/db"}, {})) == ["broken"]
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
