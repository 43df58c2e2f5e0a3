"""What one statement of somebody else's SQL may take of memory and time.

Each limit holds off statements that were tried: without them a SELECT of a few lines took 2 GB, or
a thread for minutes, in spite of the limit of one second.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sanctuary.site.sql_functions import LONGEST_VALUE, put_functions

LARGEST_ANSWER = 20_000_000
"""Characters in all rows that one statement returns: a thousand long values are 500 MB."""
MEMORY = 200_000_000
"""Bytes that SQLite may hold in this process. An aggregate of long values asks for more at a time
than the longest value, and copies of a common table expression double with each level."""
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    # A row of 2,000 long values is a gigabyte before anybody can count it.
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    # The clock is not looked at within an expression, nor while a statement is prepared.
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 32,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 100_000,
    # A comparison takes the length of the text times that of the pattern: 16 s at the usual limit.
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    # Datasette asks for the labels of all rows of a page in one statement.
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 2_000,
}
_STEPS = 100
"""Steps of SQLite's machine between two looks at the clock. Each may call a function on a long
value: of Datasette's own 1,000 such steps a statement of one second takes 25."""


def limit_statements(connection: sqlite3.Connection) -> None:
    """Limit what each statement on a connection may take.

    The limit of memory holds for the whole process: SQLite has no other.
    """
    for category, most in _LIMITS.items():
        connection.setlimit(category, most)
    connection.execute(f"PRAGMA hard_heap_limit = {MEMORY}")
    put_functions(connection)
    _limit_answers(connection)


def _limit_answers(connection: sqlite3.Connection) -> None:
    """Let no statement return more than LARGEST_ANSWER."""
    returned = 0

    def begin(_sql: str) -> None:
        nonlocal returned
        returned = 0

    def count(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> sqlite3.Row:
        nonlocal returned
        returned += sum(len(value) for value in row if isinstance(value, str | bytes))
        if returned > LARGEST_ANSWER:
            raise sqlite3.OperationalError(
                "the answer is too large: ask for fewer rows or columns, or parts of long values"
            )
        return sqlite3.Row(cursor, row)

    connection.set_trace_callback(begin)
    connection.row_factory = count


@contextmanager
def time_limit(connection: sqlite3.Connection, milliseconds: float) -> Iterator[None]:
    """Interrupt what runs on a connection once the time is over, to stand for Datasette's own.

    Raises OperationalError where the memory is used up, which Datasette answers as a fault of the
    statement.
    """
    deadline = time.perf_counter() + milliseconds / 1000
    connection.set_progress_handler(lambda: time.perf_counter() >= deadline, _STEPS)
    try:
        yield
    except MemoryError:
        raise sqlite3.OperationalError("the statement takes more memory than it may") from None
    finally:
        connection.set_progress_handler(None, _STEPS)
