"""``sanctuary serve``: read-only, on loopback, ended by Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.settings import individual_rows
from sanctuary.shipped import shipped
from tests.sanctuary.commands import Commands
from tests.site.histories import two_weeks

SANCTUARY = [sys.executable, "-P", "-c", "from sanctuary.cli import main; main()"]


@contextmanager
def serving(data: Path, here: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``serve`` in the folder ``here`` until the context ends; give its address."""
    command = [*SANCTUARY, "--data-dir", str(data), "serve", "--port", "0", *options]
    process = subprocess.Popen(
        command,
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        said = process.stdout.readline()
        for line in process.stderr:
            if "Uvicorn running" in line:
                break
        found = re.search(r"http://\S+", said)
        assert found, said
        yield process, found.group()
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=30) as answer:
        body: bytes = answer.read()
    return body.decode()


def test_it_serves_our_pages_on_loopback_from_any_folder(tmp_path: Path) -> None:
    two_weeks(tmp_path).close()
    here = tmp_path / "elsewhere"
    for name in ("db", "parsers", "sanctuary", "datasette"):
        (here / name).mkdir(parents=True)
        (here / name / "__init__.py").write_text("raise SystemExit('not this one')")
    with serving(tmp_path, here) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        assert "Sanctuary Tracker" in fetch(address)
        assert "Compare two editions" in fetch(f"{address}tracker/-/compare")
        assert '"suggest_facets": false' in fetch(f"{address}-/settings.json")
        databases = fetch(f"{address}-/databases.json")
        assert '"is_mutable": true' in databases
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_a_port_that_is_taken_is_one_line(tmp_path: Path) -> None:
    sanctuary = Commands(tmp_path)
    sanctuary.data_dir.mkdir()
    two_weeks(sanctuary.data_dir).close()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        answer = sanctuary("serve", "--port", port)
    assert answer.code == 1
    assert answer.err.count("\n") == 1
    assert f"cannot listen on 127.0.0.1:{port}: address already in use" in answer.err


def test_a_host_of_another_machine_is_one_line(tmp_path: Path) -> None:
    sanctuary = Commands(tmp_path)
    sanctuary.data_dir.mkdir()
    two_weeks(sanctuary.data_dir).close()
    # An address of TEST-NET-1, which no machine has.
    answer = sanctuary("serve", "--host", "192.0.2.1", "--port", "0")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert "cannot listen on 192.0.2.1:0" in answer.err


@pytest.mark.parametrize("words", [("--port", "70000"), ("--port", "many")])
def test_a_port_that_is_none_is_a_usage_error(tmp_path: Path, words: tuple[str, str]) -> None:
    assert Commands(tmp_path)("serve", *words).code == 2


def test_without_a_history_it_says_what_to_do(tmp_path: Path) -> None:
    answer = Commands(tmp_path)("serve", "--port", "0")
    assert answer.code == 1
    assert "no history in" in answer.err


def test_it_takes_over_what_the_sources_say_of_individuals(tmp_path: Path) -> None:
    db = two_weeks(tmp_path)
    assert individual_rows(db) == "full"
    here = tmp_path / "here"
    here.mkdir()
    text = shipped("sources.yml").read_text("utf-8")
    (here / "sources.yml").write_text(text.replace("individual_rows: full", "individual_rows: off"))
    with serving(tmp_path, here):
        assert individual_rows(db) == "off"
    db.close()
