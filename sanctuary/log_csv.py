"""The log as CSV, safe in a spreadsheet: the same on the command line and on the site."""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from db.log import LoggedChange
from sanctuary.logged_beside import caveats_beside
from sanctuary.safe_text import csv_safe
from sanctuary.sections import in_words
from sanctuary.sentences import field_lines, happened, sentence

LOG_COLUMNS = (
    "public_id",
    "kind",
    "happened",
    "cause",
    "source_id",
    "publisher",
    "place",
    "state",
    "detail",
    "observed_after",
    "observed_by",
    "sentence",
    "differs",
    "notice",
    "jurisdiction_id",
    "caveats",
)


def log_csv(db: Database, changes: Iterable[LoggedChange]) -> str:
    """Return changes as CSV with ``LOG_COLUMNS``, a line a change."""
    lines = (_cells(db, change) for change in changes)
    return csv_safe(LOG_COLUMNS, ([cells[name] or "" for name in LOG_COLUMNS] for cells in lines))


def _cells(db: Database, change: LoggedChange) -> dict[str, str | None]:
    return {
        **{name: getattr(change, name, None) for name in LOG_COLUMNS},
        "happened": in_words(happened(change)),
        "sentence": sentence(change),
        "differs": "; ".join(field_lines(change)),
        "caveats": " ".join(caveats_beside(db, change)),
    }
