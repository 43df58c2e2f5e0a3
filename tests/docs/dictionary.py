"""The page docs/dictionary.md: every table, view and column, from the schema and metadata.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from sqlite_utils import Database

from db.connection import open_database
from sanctuary.shipped import shipped

_HEAD = """# The data dictionary

This page is made by `make docs` from the schema of the database and from `metadata.yml`. A site
hands the same out as `/tracker/-/downloads.csv` and `.json`, with what its own sources add (a view
`rows_…` for each source of `parser: table`).

Begin with the views. `current_…` is what each edition of a list or report says, `standing_…` what
stands today, `current_changes` what changed. Tables without such a name hold the rows of every
reading of every document. How editions, readings and changes hang together is in
[history.md](history.md), the times in [time.md](time.md).

Days are ISO 8601 text, as far as they are printed (`2017-02` is a month). Moments are in UTC.
GEOIDs are text. A column that ends in `_text` is what is printed, the one of its name without it
is the normal form; a value without a normal form is empty there. Numbers of rows (`id`, and what
points to one) are those of one database file: cite hashes and keys instead.
"""


def dictionary() -> str:
    """Return the whole page."""
    metadata = yaml.safe_load(shipped("metadata.yml").read_text("utf-8"))
    (database,) = metadata["databases"].values()
    described: dict[str, dict[str, Any]] = database["tables"]
    with TemporaryDirectory() as folder:
        db = open_database(Path(folder) / "tracker.db")
        parts = [_HEAD, "| table or view | what it holds |", "| --- | --- |"]
        parts += [
            f"| [`{name}`](#{name}) | {_cell(said['title'])} |" for name, said in described.items()
        ]
        for name, said in described.items():
            parts += ["", f"## {name}", "", *_section(db, name, said)]
        db.close()
    return "\n".join((*parts, ""))


def _section(db: Database, name: str, said: dict[str, Any]) -> Iterator[str]:
    view = name in db.view_names()
    yield f"{'View' if view else 'Table'}. {_line(said['description'])}"
    yield ""
    yield "| column | type | what it means |"
    yield "| --- | --- | --- |"
    leads = {} if view else {key.column: key.other_table for key in db.table(name).foreign_keys}
    for column, type_ in db.execute(f"SELECT name, type FROM pragma_table_xinfo('{name}')"):
        meaning = _cell(said["columns"][column])
        to = leads.get(column)
        yield f"| `{column}` | {type_.lower()} | {meaning}{f' → [`{to}`](#{to})' if to else ''} |"


def _line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _cell(text: str) -> str:
    return _line(text).replace("|", "\\|")
