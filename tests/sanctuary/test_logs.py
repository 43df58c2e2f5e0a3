"""The log on standard error: what it tells, in which form, and what it never tells."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner

from sanctuary import logs
from sanctuary.cli import cli, main
from sanctuary.logs import (
    about,
    begin_run,
    for_machines,
    for_people,
    logging_to_stderr,
    new_run,
    this_run,
)
from sanctuary.secrets import Secrets
from scraper.pace import Pace
from tests.sanctuary.commands import Answer, Commands
from tests.sanctuary.loopback import Page, Publisher
from tests.sanctuary.watching import BLOCKED, SOURCES, THREE, TWO, index
from tests.scraper.hand_time import HandTime

ROOT = Path(__file__).parent.parent.parent
HOSTILE = 'x"\n{"level": "error"}\r\x1b[31m\u202e\u2028y'


def record(event: str = "asked", **facts: object) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "scraper.exchange", "levelno": 20, "levelname": "INFO"})
    made.msg, made.created, made.facts = event, 1764547200.25, facts
    return made


def told(answer: Answer) -> list[dict[str, object]]:
    """Return the lines of the log among what stands on standard error."""
    return [json.loads(line) for line in answer.err.splitlines() if line.startswith("{")]


@pytest.fixture(scope="module")
def publisher() -> Iterator[Publisher]:
    with Publisher() as publisher:
        publisher.pages["/list"] = Page(TWO)
        publisher.pages["/reports/"] = BLOCKED
        yield publisher


@pytest.fixture(scope="module")
def ran(publisher: Publisher, tmp_path_factory: pytest.TempPathFactory) -> tuple[Commands, Answer]:
    """Run once, with all that is logged; one source answers, and one refuses."""
    watched = Commands(tmp_path_factory.mktemp("ran"), SOURCES.format(host=publisher.host))
    return watched, watched("--verbose", "run")


def test_each_request_is_told_with_what_came(
    ran: tuple[Commands, Answer], publisher: Publisher
) -> None:
    asked = [line for line in told(ran[1]) if line["event"] == "asked"]
    (of_list,) = [line for line in asked if str(line["address"]).endswith("/list")]
    assert of_list["method"] == "GET"
    assert of_list["status"] == 200
    assert of_list["bytes"] == len(TWO)
    assert isinstance(of_list["ms"], int)
    assert of_list["source"] == "freedonia-list"
    assert len(asked) == 3, "robots.txt is a request, too"


def test_each_verdict_reading_and_decision_is_told(ran: tuple[Commands, Answer]) -> None:
    lines = told(ran[1])
    verdicts = {line["source"]: line["verdict"] for line in lines if line["event"] == "judged"}
    assert verdicts == {"freedonia-list": "document", "freedonia-reports": "blocked"}
    (read,) = [line for line in lines if line["event"] == "read"]
    assert (read["source"], read["parser"], read["records"]) == ("freedonia-list", "table", 2)
    (accepted,) = [line for line in lines if line["event"] == "accepted"]
    assert accepted["document"] == read["document"]
    assert [line["new"] for line in lines if "new" in line] == [1]
    assert {"lock taken", "lock let go"} <= {line["event"] for line in lines}


def test_one_run_has_one_id_everywhere(ran: tuple[Commands, Answer]) -> None:
    watched, answer = ran
    (run,) = {line["run"] for line in told(answer)}
    assert watched.rows("SELECT public_id FROM runs") == [(run,)]
    assert len(str(run)) == 12
    assert new_run() == begin_run() == this_run() != run
    assert begin_run() != begin_run(), "a process that begins two runs"


def test_what_is_printed_is_the_same_with_and_without(ran: tuple[Commands, Answer]) -> None:
    watched, answer = ran
    assert answer.out == "freedonia-list: 1 new\nfreedonia-reports: 1 failed\n"
    usual = watched("run")
    assert usual.out == "freedonia-list: 1 unchanged\nfreedonia-reports: 1 failed\n"
    assert told(usual) == []
    assert "freedonia-reports: http" in usual.err


def test_quiet_tells_what_failed_and_nothing_else(ran: tuple[Commands, Answer]) -> None:
    watched, _ = ran
    good = watched("--quiet", "run", "freedonia-list")
    assert (good.code, good.out, good.err) == (0, "", "")
    bad = watched("-q", "run", "freedonia-reports")
    assert (bad.code, bad.out) == (1, "")
    assert bad.err.startswith("freedonia-reports: http")


def test_more_and_less_at_once_is_refused_and_both_go_before_the_command(
    sanctuary: Commands,
) -> None:
    assert sanctuary("-q", "-v", "status").code == 2
    answer = sanctuary("status", "--verbose")
    assert (answer.code, answer.err) == (2, "sanctuary: --verbose goes before the command\n")


def test_a_request_that_is_made_again_is_told(tmp_path: Path) -> None:
    with Publisher() as publisher:
        publisher.pages["/list"] = Page(b"", 503, headers={"Retry-After": "3"})
        publisher.pages["/reports/"] = index()
        watched = Commands(tmp_path, SOURCES.format(host=publisher.host))
        lines = told(watched("-v", "run", "freedonia-list"))
    again = [line for line in lines if line["event"] == "asks again"]
    assert [line["came"] for line in again] == ["status 503"] * 3
    assert all(isinstance(line["seconds"], float) and line["seconds"] >= 3 for line in again)


def test_a_wait_that_a_host_has_asked_for_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pace = Pace(tmp_path, HandTime().timing)
    pace.rest("yewslip.example", 30)
    with caplog.at_level(logging.INFO, "scraper"):
        pace.take("yewslip.example", 2, 60)
    (line,) = [json.loads(for_machines(each)) for each in caplog.records]
    assert (line["event"], line["host"], line["seconds"]) == (
        "host wants a rest",
        "yewslip.example",
        30.0,
    )


def test_an_import_names_its_source_too(ran: tuple[Commands, Answer], tmp_path: Path) -> None:
    file = tmp_path / "list.html"
    file.write_bytes(THREE)
    words = ["import", file, "--source", "freedonia-list", "--captured-at", "2020-01-01"]
    lines = told(ran[0]("-v", *words))
    assert {"read", "accepted"} <= {line["event"] for line in lines}
    assert {line["source"] for line in lines} == {"freedonia-list"}


def test_who_finds_the_lock_held_says_so(ran: tuple[Commands, Answer], tmp_path: Path) -> None:
    watched, _ = ran
    from sanctuary.workspace import Workspace

    with Workspace(watched.data_dir).writing():
        answer = watched("-v", "run", "freedonia-list")
    assert [line["event"] for line in told(answer)] == ["lock is held"]
    assert answer.code == 1


def test_the_form_for_machines_is_a_json_object_with_names_that_stay() -> None:
    with about("freedonia-list"):
        assert json.loads(for_machines(record(address="http://x/", ms=3))) == {
            "at": "2025-12-01T00:00:00.250+00:00",
            "level": "info",
            "run": this_run(),
            "source": "freedonia-list",
            "event": "asked",
            "logger": "scraper.exchange",
            "address": "http://x/",
            "ms": 3,
        }


def test_people_read_a_line() -> None:
    with about("freedonia-list"):
        said = for_people(record(address="http://x/", ms=3))
    assert said == "00:00:00 freedonia-list asked address=http://x/ ms=3"


def test_on_a_terminal_it_is_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    class Terminal:
        def isatty(self) -> bool:
            return True

        def write(self, text: str) -> None:
            written.append(text)

        def flush(self) -> None:
            pass

    monkeypatch.setattr(sys, "stderr", Terminal())
    with logging_to_stderr(logging.INFO):
        logging.getLogger("scraper.x").info("asked", extra={"facts": {"ms": 1}})
    assert written[0].endswith(" asked ms=1\n")


@pytest.mark.parametrize("form", [for_machines, for_people])
def test_hostile_text_cannot_begin_a_line_nor_drive_a_terminal(form: object) -> None:
    assert callable(form)
    for made in (record(address=HOSTILE), record(HOSTILE)):
        said = form(made)
        assert len(said.splitlines()) == 1
        assert said.isprintable()


def test_a_traceback_cannot_begin_a_line_either() -> None:
    made = record()
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        made.exc_info = sys.exc_info()
    lines = for_people(made).splitlines()
    assert all(line.startswith("    ") and line.isprintable() for line in lines[1:])
    assert "ValueError" in json.loads(for_machines(made))["traceback"]


@pytest.mark.parametrize("form", [for_machines, for_people])
def test_no_secret_is_told(form: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert callable(form)
    monkeypatch.setenv("TARGET", "slack://opensesame/zembla-token")
    Secrets(None).get("TARGET")
    made = record(
        "cannot reach slack://opensesame/zembla-token",
        reason="zembla-token is refused",
        address="https://kinbote:hunter22@x.example/?page=2&api_key=k3y&sig=s1g",
    )
    try:
        raise ValueError("opensesame")
    except ValueError:
        made.exc_info = sys.exc_info()
    said = form(made)
    for secret in ("opensesame", "zembla-token", "hunter22", "kinbote", "k3y", "s1g"):
        assert secret not in said
    assert "page=2" in said


def test_no_secret_stands_in_the_traceback_of_what_nobody_could_foresee(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TARGET", "opensesame-zembla")
    secret = Secrets(None).get("TARGET")

    def fails(**_: object) -> None:
        raise KeyError(f"\x1b[31m{secret} of Onhava")

    monkeypatch.setattr("sanctuary.cli.cli", fails)
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("Traceback")
    assert "of Onhava" in said
    assert "zembla" not in said
    assert "\x1b" not in said


def test_a_secret_that_is_cut_off_is_not_told_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TARGET", "s3same-open-wide")
    Secrets(None).get("TARGET")
    said = for_people(record(reason="x" * (logs.LONGEST - 8) + "s3same-open-wide"))
    assert "s3same" not in said


def test_a_text_without_end_is_cut() -> None:
    assert len(for_people(record(address="x" * 100_000))) < 2 * logs.LONGEST


def test_threads_name_the_source_that_each_is_at() -> None:
    said: dict[str, str] = {}

    def work(source: str) -> None:
        with about(source):
            said[source] = json.loads(for_machines(record()))["source"]

    threads = [Thread(target=work, args=[name]) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said == {"one": "one", "two": "two"}
    assert "source" not in json.loads(for_machines(record()))


def test_libraries_are_heard_only_where_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to_stderr(logging.INFO):
        logging.getLogger("apprise").info("small talk")
        logging.getLogger("apprise").warning("mind the gap")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["event"] == "mind the gap"
    with logging_to_stderr(logging.ERROR):
        logging.getLogger("apprise").warning("mind the gap")
    assert capsys.readouterr().err == "", "--quiet quietens them, too"


def test_nothing_stays_of_it_when_the_command_has_ended(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = list(logging.getLogger().handlers)
    CliRunner().invoke(cli, ["--verbose", "sources", "--help"])
    assert logging.getLogger().handlers == before
    assert logging.getLogger("scraper").level == logging.NOTSET


def test_a_log_that_cannot_be_written_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    class Full:
        def isatty(self) -> bool:
            return False

        def write(self, text: str) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stderr", Full())
    with logging_to_stderr(logging.INFO):
        logging.getLogger("scraper").info("asked")


def test_the_manual_explains_every_event_and_makes_none_up() -> None:
    text = (ROOT / "docs" / "logging.md").read_text("utf-8")
    events = text.split("| event |", 1)[1].split("\n\n", 1)[0]
    told = {
        each
        for line in events.splitlines()[2:]
        for each in re.findall("`(.+?)`", line.split("|")[1])
    }
    code = "".join(
        file.read_text("utf-8") for name in logs.OURS for file in (ROOT / name).rglob("*.py")
    )
    logged = set(re.findall(r'_log\.[a-z]+\("([^"]+)"', code))
    warnings_in_sentences = {each for each in logged if "%" in each}
    assert told - {"accepted", "held", "failed"} == logged - warnings_in_sentences
