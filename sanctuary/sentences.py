"""A change in words. Every sentence names the publisher and the list, and says "between"."""

from __future__ import annotations

import json

from db.changes import ChangedField
from db.log import LoggedChange
from sanctuary.difference import day_and_time
from sanctuary.safe_text import one_line

_LEAD = {
    "added": "Added to",
    "removed": "Removed from",
    "returned": "Returned to",
    "changed": "Changed in",
    "renamed": "Renamed in",
    "corrected": "Corrected in",
    "published": "Published:",
    "withdrawn": "Taken down:",
    "restored": "Published again:",
    "went_dark": "Not readable:",
}
_INDIVIDUAL_TABLES = frozenset({"declined_detainers"})


def sentence(change: LoggedChange) -> str:
    """Return what happened in one sentence and on one line, without its window."""
    period = change.period_after or change.period_before
    name = f"{change.source_title} ({change.publisher})"
    if period:
        name += f", {period}"
    said = f"{_LEAD[change.kind]} {name}"
    if change.table_name in _INDIVIDUAL_TABLES:
        said = f"{said}: {_counts(change)} of Section II"
    elif change.table_name:
        said = f"{said}: {_correction(change)}{_subject(change)}"
    return one_line(said)


def _subject(change: LoggedChange) -> str:
    if not change.place:
        return _first_text(change) or change.row_key
    return f"{change.place} ({change.detail})" if change.detail else change.place


def _correction(change: LoggedChange) -> str:
    """Return what a correction did to its row, as the words before the row."""
    if change.kind != "corrected":
        return ""
    if all(field.before is None for field in change.fields):
        return "added "
    return "taken out " if all(field.after is None for field in change.fields) else "changed "


def window(change: LoggedChange) -> str:
    """Return when it happened, as far as it was seen: between two captures."""
    if change.observed_after is None:
        return f"by {day_and_time(change.observed_by)}"
    return f"between {day_and_time(change.observed_after)} and {day_and_time(change.observed_by)}"


def field_lines(change: LoggedChange) -> list[str]:
    """Return what changed within the row, a line a field; nothing for rows that came or went."""
    if (
        change.kind not in ("changed", "renamed", "corrected")
        or change.table_name in _INDIVIDUAL_TABLES
        or _correction(change) in ("added ", "taken out ")
    ):
        return []
    return [
        one_line(f"{f.field}: {_shown(f.field, f.before)} → {_shown(f.field, f.after)}")
        for f in change.fields
    ]


def _shown(field: str, value: str | None) -> str:
    if value is None:
        return "(empty)"
    return "; ".join(json.loads(value)) if field == "criteria" else value


def _first_text(change: LoggedChange) -> str | None:
    texts = [field.after or field.before for field in change.fields if field.field != "name"]
    return next((text for text in texts if text), None)


def _counts(change: LoggedChange) -> str:
    counts: dict[str, ChangedField] = {field.field: field for field in change.fields}
    parts = [
        f"{counts[f'rows_{kind}'].after} detainers {kind}"
        for kind in ("added", "removed", "changed")
        if f"rows_{kind}" in counts
    ]
    return ", ".join(parts)
