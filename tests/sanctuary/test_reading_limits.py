"""A parser may hang, crash, fill the memory or lie: it costs its document, and nothing else."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from parsers.records import Problem, Reading, ReportTotal
from parsers.registry import parser_named
from sanctuary.errors import NoSuchParser, ParserDoesNotLoad
from sanctuary.reading import LIMIT_KINDS, ReadingLimits, find_parser, read_document
from tests.sanctuary.commands import WEEK_1
from tests.sanctuary.hostile import PARSERS, TIGHT

pytestmark = pytest.mark.usefixtures("hostile_parsers")
SHORT = replace(TIGHT, wall_seconds=0.5)


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder where nothing is, and see what is left in it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def deed(name: str, limits: ReadingLimits = TIGHT) -> Reading | Problem:
    return read_document("hostile", name.encode(), {}, limits)


def said_by(name: str) -> dict[str, str]:
    reading = deed(name)
    assert isinstance(reading, Reading)
    totals = [row for row in reading.records if isinstance(row, ReportTotal)]
    return {total.name: total.text for total in totals}


def still_reads() -> bool:
    return isinstance(deed("chatter"), Reading)


def alive_of(pids: Iterable[int]) -> list[psutil.Process]:
    """Wait for processes to end, and return those that do not; nobody may care for the dead."""
    _, running = psutil.wait_procs([p for pid in pids for p in _process(pid)], timeout=5)
    return [process for process in running if process.status() != psutil.STATUS_ZOMBIE]


def _process(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [] if process.status() == psutil.STATUS_ZOMBIE else [process]
    except psutil.NoSuchProcess:
        return []


@pytest.mark.parametrize(
    ("name", "kind", "message"),
    [
        ("spin", "too_slow", "more than 1 s of a core; .*settings.reading.cpu_seconds"),
        ("fill address space", "too_large", "more than 500 MB of address space .*address_space_mb"),
        ("ask for much", "too_large", r"\(it held \d+ MB\).*settings.reading.address_space_mb"),
        ("call it broken", "too_large", "more than 500 MB of address space"),
        (
            "fill memory",
            "too_large",
            r"more than 250 MB \(it held 2\d\d MB\);.*reading.resident_mb",
        ),
        ("segfault", "crashed", "was ended by SIGSEGV; please report it with the document"),
        ("abort", "crashed", "was ended by SIGABRT"),
        ("kill itself", "crashed", "was ended by SIGKILL .*want of memory"),
        ("exit", "crashed", "ended with exit code 7"),
        ("sys.exit", "crashed", "ended with exit code 1"),
        ("exit quietly", "crashed", "ended without an answer"),
        ("pickle", "crashed", "answered what is no reading"),
        ("garbage", "crashed", "answered what is no reading"),
        ("deep json", "crashed", "answered what is no reading"),
        ("other json", "crashed", "answered what is no reading"),
        ("unknown table", "crashed", r"answered what is no reading \(KeyError: 'sqlite_master'\)"),
        ("wrong type", "crashed", r"no reading \(EditionClaim: title: Input should be a valid str"),
        ("endless answer", "too_large", "takes more than 50,000,000 bytes"),
        ("write a file", "parser_failed", "File too large"),
        ("recurse", "parser_failed", "RecursionError"),
        ("stranger", "parser_failed", "no record type of parsers.records"),
        ("none", "parser_failed", "NoneType, not a Reading"),
        ("no such deed", "parser_failed", "KeyError"),
    ],
)
def test_what_a_parser_does_costs_its_document_and_is_said_in_one_line(
    name: str, kind: str, message: str, empty_folder: Path
) -> None:
    problem = deed(name)
    assert isinstance(problem, Problem)
    assert problem.kind == kind
    assert re.search(message, problem.message)
    assert "\n" not in problem.message
    assert ";" in problem.message
    assert not [file for file in empty_folder.iterdir() if file.stat().st_size]
    assert still_reads()


def test_what_may_go_otherwise_under_other_limits_is_known_by_its_kind() -> None:
    assert {"too_large", "too_slow", "too_many_pages", "crashed"} == LIMIT_KINDS
    assert TIGHT.text != replace(TIGHT, pages=101).text


def test_a_hang_is_ended_by_the_clock() -> None:
    problem = deed("hang", SHORT)
    assert isinstance(problem, Problem)
    assert problem.kind == "too_slow"
    assert re.search(r"more than 0.5 s \(it had \d+ s of a core\);.*wall_seconds", problem.message)


def test_who_is_deaf_to_the_first_signal_is_ended_by_the_second() -> None:
    problem = deed("spin deaf")
    assert isinstance(problem, Problem)
    assert problem.kind == "crashed"


def test_nothing_lives_on_of_what_a_parser_started() -> None:
    assert not alive_of([int(said_by("leave a process")["pid"])])


def test_nothing_lives_on_of_what_hangs(empty_folder: Path) -> None:
    def at_work() -> set[int]:
        return {pid for pid in psutil.pids() if _works_in(empty_folder, pid)}

    said_by("tell limits")
    servers = at_work()  # whichever test reads first starts them, in its folder
    deed("start a process and hang", SHORT)
    assert not alive_of(at_work() - servers)


def _works_in(folder: Path, pid: int) -> bool:
    try:
        return psutil.Process(pid).cwd() == str(folder) and pid != os.getpid()
    except psutil.Error:
        return False


def test_the_process_is_bound_before_it_has_the_document() -> None:
    limits = said_by("tell limits")
    assert limits == {
        "core": "(0, 0)",
        "file_size": "(0, 0)",
        "cpu": "(1, 2)",
        "address_space": "(500000000, 500000000)",
        "leads_session": "True",
        "deaf_to_ctrl_c": "True",
        "stdin": "",
        "streams": "['/dev/null', '/dev/null', '/dev/null']",
    }


def test_what_a_parser_prints_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    deed("chatter")
    assert capfd.readouterr() == ("", "")


def test_a_third_party_has_its_options() -> None:
    page = b'<pre>{"places": ["Onhava"]}</pre>'
    reading = read_document("invented", page, {"state": "Freedonia"}, TIGHT)
    assert reading == parser_named("invented").read(page, {"state": "Freedonia"})
    assert "Onhava, Freedonia" in str(reading)


def test_a_parser_that_does_not_load_is_told_with_its_package() -> None:
    for asked in (find_parser, lambda name: read_document(name, b"", {}, TIGHT)):
        with pytest.raises(ParserDoesNotLoad, match="package hostile-parsers does not load"):
            asked("not-loading")
        with pytest.raises(
            NoSuchParser, match=r"no parser 'tea-leaves'; there are: .*, ddor, .*, hostile"
        ):
            asked("tea-leaves")


def test_several_are_read_at_a_time() -> None:
    deeds = ["chatter", "segfault", "tell limits", "pickle", "chatter", "exit"]
    with ThreadPoolExecutor(3) as threads:
        answers = list(threads.map(deed, deeds))
    kinds = [answer.kind if isinstance(answer, Problem) else "read" for answer in answers]
    assert kinds == ["read", "crashed", "read", "crashed", "read", "crashed"]


SCRIPT = f"""
import sys
sys.path.insert(0, {str(PARSERS)!r})
from sanctuary.reading import ReadingLimits, read_document

def main():
    print(read_document(sys.argv[1], open(sys.argv[2], "rb").read(), {{}}, ReadingLimits()))
"""
GUARDED = f"{SCRIPT}\nif __name__ == '__main__':\n    main()\n"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    file = tmp_path / "deed"
    file.write_bytes(b"hang")
    return file


def hanging(*words: object) -> tuple[subprocess.Popen[str], list[psutil.Process]]:
    """Start a program that reads what hangs; return it and all processes that it started."""
    command = [sys.executable, *map(str, words)]
    program = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while True:
        assert program.poll() is None, program.communicate()
        started = psutil.Process(program.pid).children(recursive=True)
        if any(_hangs(process) for process in started):
            return program, started


def _hangs(process: psutil.Process) -> bool:
    """Say whether a process leads a session and waits: a child that has its document."""
    try:
        leads = os.getsid(process.pid) == process.pid
        return leads and process.status() == psutil.STATUS_SLEEPING
    except (ProcessLookupError, psutil.Error):
        return False


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_child_outlives_a_parent_that_is_killed(
    tmp_path: Path, document: Path, number: signal.Signals
) -> None:
    script = tmp_path / "reads.py"
    script.write_text(GUARDED)
    program, started = hanging(script, "hostile", document)
    with program:
        program.send_signal(number)
    assert not alive_of(process.pid for process in started)


def test_ctrl_c_ends_child_and_command_in_one_line(tmp_path: Path, document: Path) -> None:
    start = f"import sys; sys.path.insert(0, {str(PARSERS)!r})\n"
    start += "from sanctuary.cli import main; sys.argv[0] = 'sanctuary'; main()"
    program, started = hanging("-c", start, "parse", document, "--parser", "hostile")
    os.killpg(program.pid, signal.SIGINT)  # as a terminal does, to all that it shows
    out, err = program.communicate()
    assert (out, err) == ("", "\nsanctuary: stopped\n")
    assert program.returncode == 1
    assert not alive_of(process.pid for process in started)


def test_a_script_and_a_module_can_read(tmp_path: Path) -> None:
    script = tmp_path / "reads.py"
    script.write_text(GUARDED)
    for words in ([str(script)], ["-m", "reads"]):
        command = [sys.executable, *words, "ddor", str(WEEK_1)]
        result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert result.stdout.startswith("Reading(")
        assert result.stderr == ""


def test_a_child_that_cannot_begin_is_no_fault_of_the_document(tmp_path: Path) -> None:
    script = tmp_path / "reads.py"
    script.write_text(f"{SCRIPT}\nmain()\n")  # each child runs it, and would start one more
    command = [sys.executable, str(script), "ddor", str(WEEK_1)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "CannotRead: no process could be started to read it" in result.stderr
