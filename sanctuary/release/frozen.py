"""A copy of the database for one data package: what may not be handed out is closed in it.

Its tables are read as a site's downloads are, under the same guards.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, cast

from datasette.app import Datasette
from sqlite_utils import Database

from db.connection import open_read_only
from db.copying import copy_database
from db.settings import INDIVIDUAL_ROWS, individual_rows, save_individual_rows
from sanctuary.release.described import Described, Field, Table
from sanctuary.site.download_list import groups_of, is_offered
from sanctuary.site.download_rows import Column, Row, TableRows
from sanctuary.sources import Sources

_PUBLISH = ("full", "diff", "link")
_SAID_OF_NOTICE = "What the document says of itself if it is no official one, such as a specimen"
_ONE_OF = re.compile(r"\b(\w+) (?:TEXT|INTEGER)\b[^,]*?CHECK \(\s*\1\s+IN\s*\(([^)]*)\)")


@dataclass(frozen=True)
class Offered:
    """A table or view that is offered, with the words of that."""

    name: str
    title: str
    group: str


@dataclass(frozen=True)
class Schema:
    """What the database itself says of a table."""

    values: Mapping[str, tuple[str, ...]]
    """By column, where it names the values that are allowed."""
    primary_key: tuple[str, ...]
    foreign_keys: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Frozen:
    """The copy, and how its tables are read."""

    path: Path
    offered: tuple[Offered, ...]
    """In the order in which a site offers them."""
    individual_rows: str
    texts_kept_off: tuple[str, ...]
    """Ids of the sources whose texts are not in the package, or not whole."""
    described: Described
    schemas: Mapping[str, Schema]
    """By name of a table or view."""
    served: Datasette

    @contextmanager
    def looking(self) -> Iterator[Database]:
        """Open the copy to read."""
        with closing(open_read_only(self.path)) as db:
            yield db

    @contextmanager
    def opened(self, offered: Offered) -> Iterator[Opened | None]:
        """Open a table to read; None is given for one that ``individual_rows`` closes."""
        database = self.served.get_database(self.path.stem)
        with (
            TableRows(self.served, database, offered.name) as rows,
            closing(cast("Generator[Row, None, None]", iter(rows))) as every,
        ):
            try:
                first = list(islice(every, 1))
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_AUTH:
                    raise
                yield None
                return
            table = self._table(offered, rows.columns)
            yield Opened(table, rows.columns, chain(first, every))

    def _table(self, offered: Offered, columns: list[Column]) -> Table:
        name = offered.name
        schema = self.schemas[name]
        fields = tuple(
            Field(
                column.name,
                column.type,
                self.described.unit(name, column.name),
                self.described.column(name, column.name)
                or (_SAID_OF_NOTICE if column.name == "notice" else ""),
                schema.values.get(column.name, ()),
            )
            for column in columns
        )
        said = self.described.table(name)
        keys = schema.primary_key, schema.foreign_keys
        return Table(name, offered.title, offered.group, said, fields, *keys)


@dataclass(frozen=True)
class Opened:
    """A table with its rows, which are read once."""

    table: Table
    columns: list[Column]
    rows: Iterator[Row]


def freeze(database: Path, folder: Path, sources: Sources, described: Described) -> Frozen:
    """Copy the database into ``folder`` as it stands at this moment.

    Of what the sources file says of individuals and of texts, and what the database was told when
    something was last written, the stricter holds.
    """
    path = folder / "tracker.db"
    copy_database(database, path)
    with closing(Database(sqlite3.connect(path), execute_plugins=False)) as db:
        _close(db, sources)
        kept_off = db.execute("SELECT id FROM sources WHERE publish != 'full' ORDER BY 1")
        names = frozenset(filter(is_offered, (*db.table_names(), *db.view_names())))
        return Frozen(
            path,
            tuple(
                Offered(name, title, group.title)
                for group in groups_of(names)
                for name, title in group.tables.items()
            ),
            individual_rows(db),
            tuple(row[0] for row in kept_off.fetchall()),
            described,
            {name: _schema(db, name) for name in names},
            Datasette([str(path)]),
        )


def _close(db: Database, sources: Sources) -> None:
    wanted = sources.settings.individual_rows
    save_individual_rows(db, max(wanted, individual_rows(db), key=INDIVIDUAL_ROWS.index))
    for source in sources.sources:
        stricter = _PUBLISH[_PUBLISH.index(source.publish) :]
        db.execute(
            "UPDATE sources SET publish = ? WHERE id = ? AND publish NOT IN (SELECT value FROM "
            "json_each(?))",
            [source.publish, source.id, json.dumps(stricter)],
        )
    db.conn.commit()


def _values(db: Database, name: str) -> dict[str, tuple[str, ...]]:
    """Return by column which values the schema allows, where it names them.

    A view of a table's rows has those of the table.
    """
    base = re.sub("^(current|standing)_", "", name)
    sql = db.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name IN (?, ?)", [name, base]
    ).fetchone()
    return {
        match[1]: tuple(value.strip().strip("'") for value in match[2].split(","))
        for match in _ONE_OF.finditer(sql[0] if sql else "")
    }


def _schema(db: Database, name: str) -> Schema:
    info: list[Any] = db.execute(f"PRAGMA table_info([{name}])").fetchall()
    primary = [row[1] for row in sorted(info, key=lambda row: int(row[5])) if row[5]]
    foreign = [
        (row[3], row[2], row[4] or "id")
        for row in db.execute(f"PRAGMA foreign_key_list([{name}])").fetchall()
    ]
    return Schema(_values(db, name), tuple(primary), tuple(sorted(foreign)))
