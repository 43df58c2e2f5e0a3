"""Running the command line in a test, in a folder of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlite_utils import Database

from sanctuary.cli import cli
from sanctuary.cli.errors import exit_code_of
from sanctuary.shipped import shipped
from sanctuary.workspace import Workspace

SPECIMENS = shipped("specimens")
WEEK_1 = SPECIMENS / "ddor-2017-01-28-invented-list.pdf"
WEEK_2 = SPECIMENS / "ddor-2017-02-04-thin-rules.pdf"
WEEK_3 = SPECIMENS / "ddor-2017-02-11-broken-rows.pdf"
REVISION_1 = SPECIMENS / "freedonia-2017-01-28-rev1.pdf"
REVISION_2 = SPECIMENS / "freedonia-2017-01-28-rev2.pdf"

SOURCES = """
settings:
  contact: https://example.org/tests
sources:
  - id: specimen-ddor
    title: Weekly Declined Detainer Outcome Report (specimen)
    publisher: Sanctuary Tracker's specimens
    address: null
    parser: ddor
    editions: period
    why: For tests.
  - id: specimen-freedonia
    title: Declined Detainer Report of Freedonia (specimen)
    publisher: Freedonia Removal Agency, an invented agency
    address: null
    parser: ddor
    editions: period
    why: For tests.
  - id: specimen-list
    title: List of jurisdictions (specimen)
    publisher: Sanctuary Tracker's specimens
    address: null
    parser: table
    options: {record: listings, columns: {Jurisdiction: jurisdiction, Policy: policy}}
    editions: content
    expect: {min_rows: 2}
    why: For tests.
  - id: specimen-agreements
    title: Agreements (specimen)
    publisher: Sanctuary Tracker's specimens
    address: null
    parser: ice-287g
    editions: content
    why: For tests.
"""


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str

    def data(self) -> Any:
        return json.loads(self.out)


class Commands:
    """The command line over one data directory."""

    def __init__(self, folder: Path, sources: str = SOURCES) -> None:
        self.data_dir = folder / "history"
        self.sources_file = folder / "watched.yml"
        self.sources_file.write_text(sources)

    def __call__(self, *words: object) -> Answer:
        before = ["--data-dir", str(self.data_dir), "--sources", str(self.sources_file)]
        result = CliRunner().invoke(
            cli, [*before, *map(str, words)], standalone_mode=False, catch_exceptions=True
        )
        if result.exception is not None:
            code, message = exit_code_of(result.exception)
            return Answer(code, result.stdout, result.stderr + message)
        return Answer(0, result.stdout, result.stderr)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self.data_dir / "tracker.db")
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    @contextmanager
    def looking(self) -> Iterator[Database]:
        """Open the history as the commands that look do."""
        with Workspace(self.data_dir).looking() as db:
            yield db

    def dump(self) -> list[str]:
        """Return the whole database as SQL."""
        connection = sqlite3.connect(self.data_dir / "tracker.db")
        try:
            return list(connection.iterdump())
        finally:
            connection.close()


def list_page(*rows: tuple[str, str]) -> bytes:
    """Return a list page of invented places."""
    body = "".join(f"<tr><td>{place}</td><td>{policy}</td></tr>" for place, policy in rows)
    return (
        "<!doctype html><p>SPECIMEN of a list: all places are invented</p>"
        f"<table><tr><th>Jurisdiction</th><th>Policy</th></tr>{body}</table>"
    ).encode()
