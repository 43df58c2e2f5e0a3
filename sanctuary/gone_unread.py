"""Rows that seem to be gone because they could not be read: no row is told as removed for that."""

from __future__ import annotations

import re

from sqlite_utils import Database

from db.comparison import Edition
from db.rows import load_rows
from parsers.records import Agreement, Check, Listing, Reading, Record, TableRow
from parsers.records.same_text import same_text
from sanctuary.wording import counted

_LISTS = (Listing, Agreement, TableRow)
"""The tables whose rows are known by a name that is printed."""
_SHOWN = 3


def gone_unread(db: Database, before: Edition | None, reading: Reading) -> tuple[Check, ...]:
    """Return a failed check if a problem of a reading names a row that stood before and is gone.

    ``before`` is the edition that the reading will be compared with, None if there is none.
    """
    unread = [_plain(each.text) for each in reading.problems if each.text and not each.individual]
    if before is None or not unread:
        return ()
    gone: list[str] = []
    for table in reading.tables:
        if table in _LISTS:
            there = {_name(row) for row in reading.rows(table)}
            stood = dict.fromkeys(map(_name, load_rows(db, before.reading_id, table)))
            gone += [name for name in stood if name and name not in there]
    words = [re.compile(rf"(?<!\w){re.escape(name)}(?!\w)") for name in gone]
    lost = [name for name, word in zip(gone, words, strict=True) if any(map(word.search, unread))]
    return (_check(lost),) if lost else ()


def _check(lost: list[str]) -> Check:
    names = "; ".join(lost[:_SHOWN]) + (" …" if len(lost) > _SHOWN else "")
    return Check(
        "rows_gone_unread",
        passed=False,
        required=True,
        message=f"{counted(len(lost), 'row')} of the edition before would count as removed, and a "
        f"problem names them: {names}. Look at the document; accept the reading if they are gone.",
        expected="0",
        actual=str(len(lost)),
    )


def _name(row: Record) -> str:
    """Return what names a row first, as its key has it."""
    return _plain(row.row_key().partition("|")[0])


def _plain(text: str) -> str:
    return same_text(text).casefold()
