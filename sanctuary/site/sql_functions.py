"""Functions of SQL that stand for SQLite's own, whose time grows with the product of two texts.

``trim`` of one long text by another takes minutes in a single step, in which nothing interrupts it.
These take time by the sum of both, and say what SQLite's say.
"""

from __future__ import annotations

import sqlite3

LONGEST_VALUE = 500_000
"""Bytes in one value. Without a limit one SELECT takes 900 MB within its second."""
_TOO_LONG = " " * (LONGEST_VALUE + 1)
"""A value that SQLite refuses with its own words."""

Value = str | bytes | int | float | None


def put_functions(connection: sqlite3.Connection) -> None:
    """Put the functions on a connection in the place of SQLite's."""
    for name, count, function in (
        ("instr", 2, _instr),
        ("replace", 3, _replace),
        ("trim", 2, lambda text, chars: _trimmed(text, chars, left=True, right=True)),
        ("ltrim", 2, lambda text, chars: _trimmed(text, chars, left=True, right=False)),
        ("rtrim", 2, lambda text, chars: _trimmed(text, chars, left=False, right=True)),
    ):
        connection.create_function(name, count, function, deterministic=True)


def _instr(text: Value, part: Value) -> int | None:
    if text is None or part is None:
        return None
    if isinstance(text, bytes) and isinstance(part, bytes):
        return text.find(part) + 1
    return _text(text).find(_text(part)) + 1


def _replace(text: Value, old: Value, new: Value) -> str | None:
    if text is None or old is None or new is None:
        return None
    whole, gone, come = _text(text), _text(old), _text(new)
    if not gone:
        return whole
    # Asked before it is made: two long texts can make one of 100 GB.
    if len(whole) + whole.count(gone) * (len(come) - len(gone)) > LONGEST_VALUE:
        return _TOO_LONG
    return whole.replace(gone, come)


def _trimmed(text: Value, chars: Value, *, left: bool, right: bool) -> str | None:
    if text is None or chars is None:
        return None
    whole, gone = _text(text), frozenset(_text(chars))
    begin, end = 0, len(whole)
    while left and begin < end and whole[begin] in gone:
        begin += 1
    while right and begin < end and whole[end - 1] in gone:
        end -= 1
    return whole[begin:end]


def _text(value: str | bytes | float) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
