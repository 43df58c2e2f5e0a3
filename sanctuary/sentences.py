"""A change in words. Every sentence names the publisher and the list, and says "between"."""

from __future__ import annotations

import json

from db.changes import ChangedField
from db.log import LoggedChange
from sanctuary.difference import day_and_time

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
    """Return what happened in one sentence, without a final window."""
    period = change.period_after or change.period_before
    name = f"{change.source_title} ({change.publisher})"
    if period:
        name += f", {period}"
    lead = f"{_LEAD[change.kind]} {name}"
    if change.table_name in _INDIVIDUAL_TABLES:
        return f"{lead}: {_counts(change)} of Section II"
    subject = change.place or _first_text(change)
    return f"{lead}: {subject}" if subject and change.table_name else lead


def window(change: LoggedChange) -> str:
    """Return when it happened, as far as it was seen: between two captures."""
    if change.observed_after is None:
        return f"by {day_and_time(change.observed_by)}"
    return f"between {day_and_time(change.observed_after)} and {day_and_time(change.observed_by)}"


def field_lines(change: LoggedChange) -> list[str]:
    """Return what changed within the row, a line a field; nothing for rows that came or went."""
    if change.kind not in ("changed", "renamed", "corrected") or (
        change.table_name in _INDIVIDUAL_TABLES
    ):
        return []
    return [
        f"{f.field}: {_shown(f.field, f.before)} → {_shown(f.field, f.after)}"
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
