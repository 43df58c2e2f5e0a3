"""``sanctuary doctor``: over nothing, over a history, and over one that is broken."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanctuary.archive_place import note_address
from sanctuary.doctor import CHECKS, examination
from sanctuary.doctor.machine import Mount
from tests.sanctuary.commands import Answer, Commands
from tests.sanctuary.loopback import Page, Publisher
from tests.sanctuary.watching import BLOCKED, SOURCES, TAGGED, TWO
from tests.test_docs import first_cells


@pytest.fixture(autouse=True)
def _a_machine_that_calls_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """See nothing of the machine that the tests run on."""
    monkeypatch.setattr(examination.calls, "texts_of_this_machine", lambda folders: {})
    monkeypatch.setattr(examination.calls, "commands_of_this_machine", list)
    monkeypatch.setattr(examination.machine, "mounts", lambda: [Mount("/", "ext4")])
    monkeypatch.setattr(examination, "sharers", dict)


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages["/list"] = Page(TWO, headers=TAGGED)
        publisher.pages["/reports/"] = BLOCKED
        yield publisher


@pytest.fixture(scope="module")
def ran(publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> Commands:
    watched = Commands(tmp_path_factory.mktemp("ran"), SOURCES.format(host=publisher.host))
    watched("run")
    return watched


def states(answer: Answer) -> dict[str, str]:
    """Return the worst state that each check told."""
    order = ["ok", "note", "warning", "broken"]
    found: dict[str, str] = {}
    for each in answer.data()["findings"]:
        worst = max(found.get(each["check"], "ok"), each["state"], key=order.index)
        found[each["check"]] = worst
    return found


def test_it_works_where_there_is_nothing_yet(sanctuary: Commands) -> None:
    answer = sanctuary("doctor", "--offline", "--json")
    assert answer.code == 0
    assert answer.data()["ok"] is True
    assert states(answer)["database"] == "note"
    assert not sanctuary.data_dir.exists()


def test_a_history_that_is_well_is_told_check_by_check(ran: Commands, publisher: Publisher) -> None:
    before, asked = ran.dump(), len(publisher.asked)
    answer = ran("doctor", "--json")
    found = states(answer)
    assert set(found) == set(CHECKS)
    assert answer.code == 0
    bad = {name for name, state in found.items() if state in ("warning", "broken")}
    assert bad == {"contact"}, "it is that of an example"
    assert ran.dump() == before
    assert publisher.asked[asked:] == ["/list"], "one request a host"
    assert publisher.conditions[-1] == ("/list", TAGGED["ETag"])


def test_where_a_redirect_leads_is_told(
    ran: Commands, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publisher.pages, "/list", Page(b"", 301, headers={"Location": "/new"}))
    monkeypatch.setitem(publisher.pages, "/new", Page(TWO))
    said = [each["said"] for each in ran("doctor", "--json").data()["findings"]]
    assert f"http://{publisher.host}/list leads to http://{publisher.host}/new" in said


def test_an_archive_elsewhere_is_not_asked_where_nobody_is(ran: Commands, tmp_path: Path) -> None:
    offline = Commands(tmp_path)
    shutil.copytree(ran.data_dir, offline.data_dir)
    note_address(offline.data_dir, "s3://zembla-kept/archive")
    answer = offline("doctor", "--offline", "--json")
    (found,) = (each for each in answer.data()["findings"] if each["check"] == "archive")
    assert (found["state"], "was not asked" in found["said"]) == ("note", True)


def test_the_page_for_people_has_a_line_for_each_and_its_remedy_below(ran: Commands) -> None:
    answer = ran("doctor", "--offline")
    lines = answer.out.splitlines()
    place = lines.index("warning  contact      https://example.org/tests is an example's")
    assert lines[place + 1].startswith(f"{'':22}-> settings.contact in sources.yml")
    assert re.fullmatch(r"\d+ ok, (1 note|\d+ notes), 1 warning", lines[-1])
    assert "answers" not in answer.out


def test_a_broken_thing_ends_with_1(ran: Commands, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examination.machine, "mounts", lambda: [Mount("/", "nfs4")])
    answer = ran("doctor", "--offline", "--json")
    assert answer.code == 1
    assert answer.data()["ok"] is False
    assert states(answer)["file-system"] == "broken"


def test_a_sources_file_that_does_not_hold_hides_nothing_else(tmp_path: Path) -> None:
    watched = Commands(tmp_path, "sources:\n  - id: Zembla\n")
    answer = watched("doctor", "--json")
    assert answer.code == 1
    found = states(answer)
    assert found["sources"] == "broken"
    assert found["disk"] == "ok"
    assert "answers" not in found


def test_a_check_that_fails_itself_is_a_finding(
    ran: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> list[Mount]:
        raise RuntimeError("no such thing here")

    monkeypatch.setattr(examination.machine, "mounts", fails)
    answer = ran("doctor", "--offline", "--json")
    (found,) = [each for each in answer.data()["findings"] if each["check"] == "file-system"]
    assert found["state"] == "warning"
    assert "RuntimeError: no such thing here" in found["said"]
    assert "clock" in states(answer), "the others are looked at all the same"


def test_hostile_text_and_secrets_stay_out_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> list[Mount]:
        raise RuntimeError("\x1b[31mopensesame\u202e\nok       disk")

    monkeypatch.setattr(examination.machine, "mounts", fails)
    monkeypatch.setenv("KINBOTE", "opensesame")
    settings = "settings:\n  keys: {api.kinbote.example: {api-key: KINBOTE}}\n"
    watched = Commands(
        tmp_path, SOURCES.format(host="yewslip:80").replace("settings:\n", settings, 1)
    )
    for words in (["doctor", "--offline"], ["doctor", "--offline", "--json"]):
        answer = watched(*words)
        assert "RuntimeError" in answer.out
        assert "opensesame" not in answer.out + answer.err
        assert answer.out.replace("\n", "").isprintable()
        assert answer.out.count("\nok       disk ") == (words[-1] == "--offline")


def test_a_secret_that_is_the_name_of_a_check_hides_no_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KINBOTE", "database")
    settings = "settings:\n  keys: {api.kinbote.example: {api-key: KINBOTE}}\n"
    text = SOURCES.format(host="yewslip:80").replace("settings:\n", settings, 1)
    assert "database" in states(Commands(tmp_path, text)("doctor", "--offline", "--json"))


def test_the_manual_explains_every_check_and_makes_none_up() -> None:
    assert first_cells("doctor.md", "Checks") == set(CHECKS)
