"""What Datasette takes the columns, keys and references of a table for: those of the file.

A view of the same name on the connection (``sanctuary.site.open_texts``) has neither keys nor
references, and SQLite speaks of it first.
"""

from __future__ import annotations

import importlib
import sqlite3
from collections.abc import Callable
from typing import Any

_MODULES = ("datasette.utils", "datasette.utils.internal_db", "datasette.database")


def ask_the_file() -> None:
    """Let Datasette ask for the columns and references of the tables in the file itself."""
    # Datasette leaves no other way in: it has no hook for what a table is.
    for module in map(importlib.import_module, _MODULES):
        for name in ("table_column_details", "get_outbound_foreign_keys"):
            asking = module.__dict__.get(name)
            if asking is not None and not isinstance(asking, _OfTheFile):
                module.__dict__[name] = _OfTheFile(asking)


class _OfTheFile:
    """A function of Datasette that asks of a table by PRAGMA, with ``main`` before its name."""

    def __init__(self, asking: Callable[..., Any]) -> None:
        self._asking = asking

    def __call__(self, connection: sqlite3.Connection, table: str) -> Any:
        return self._asking(_OfMain(connection), table)


class _OfMain:
    """A connection on which a PRAGMA is one of the schema of the file."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def execute(self, sql: str) -> sqlite3.Cursor:
        """Run a PRAGMA."""
        return self._connection.execute(sql.replace("PRAGMA ", "PRAGMA main.", 1))
