"""A change in words. Every sentence names the publisher and the list, and says "between"."""

from __future__ import annotations

import json
from collections.abc import Sequence

from db.changes import ChangedField
from db.log import LoggedChange
from parsers.records import INDIVIDUAL_TABLES, RECORD_BY_TABLE
from sanctuary.safe_text import one_line
from sanctuary.sections import in_words, what_happened
from sanctuary.wording import NOUNS, STATED, counted, day_and_time

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
_LISTS = {"criteria": "; ", "path": " / "}
"""The fields that are lists, and what stands between their parts on one line."""
OURS = " (our reading, not the publisher)"
"""Follows what a newer parser read in an old document."""
PLACES = {
    "declined_detainers": "Section II",
    "found_rows": "the tables as found",
    "case_narratives": "the cases that are told",
}
"""Where rows about individuals stand."""
_MANY = {
    "listings": "place",
    "agreements": "agreement",
    "policy_sections": "section",
    "corrections": "correction",
    "statements": "statement",
}
"""What many rows of a table are called together; of all others they are rows."""


def sentence(change: LoggedChange) -> str:
    """Return what happened in one sentence and on one line, without its window."""
    said = f"{_lead(change)} {_where(change)}"
    if change.table_name in INDIVIDUAL_TABLES:
        said = f"{said}: {_counts(change)}"
    elif change.table_name:
        said = f"{said}: {_correction(change)}{_subject(change)}"
    return one_line(said + OURS if change.cause == "replay" else said)


def sentence_of_many(some: Sequence[LoggedChange], count: int) -> str:
    """Return what happened to ``count`` rows at once, with the names of ``some`` of them.

    They are of one kind, table and edition, and not about individuals. Where not all are named it
    says "among them".
    """
    first = some[0]
    rows = counted(count, _MANY.get(first.table_name or "", "row"))
    named = "; ".join(f"{_correction(change)}{_subject(change)}" for change in some)
    names = f": {named}" if count == len(some) else f", among them {named}"
    return one_line(f"{_LEAD[first.kind]} {_where(first)}: {rows}{names}")


def _where(change: LoggedChange) -> str:
    """Return the list or report with its publisher, and the period."""
    period = change.period_after or change.period_before
    name = f"{change.source_title} ({change.publisher})"
    return f"{name}, {period}" if period else name


def happened(change: LoggedChange) -> tuple[str, ...]:
    """Return what became of a section (``sanctuary.sections``); of another row nothing."""
    return what_happened(change.table_name, change.kind, (f.field for f in change.fields))


def _lead(change: LoggedChange) -> str:
    if words := happened(change):
        return f"{in_words(words).capitalize()} in"
    return "Readable again:" if is_readable_again(change) else _LEAD[change.kind]


def is_readable_again(change: LoggedChange) -> bool:
    """Say whether a source that had gone dark was read again; it had not been taken down."""
    # What was taken down is keyed by its address; what could not be read by the source.
    return change.kind == "restored" and change.row_key == change.source_id


def _subject(change: LoggedChange) -> str:
    if change.place:
        return f"{change.place} ({change.detail})" if change.detail else change.place
    if _came_or_went(change):
        text = {field.field: field.after or field.before for field in change.fields}.get("text")
        if text:
            return text
    if change.detail and RECORD_BY_TABLE[change.table_name or ""].place is None:
        return change.detail
    return STATED.get(change.row_key, change.row_key)


def _correction(change: LoggedChange) -> str:
    """Return what a correction did to its row, as the words before the row."""
    if change.kind != "corrected":
        return ""
    return {"before": "added ", "after": "taken out ", None: "changed "}[_came_or_went(change)]


def _came_or_went(change: LoggedChange) -> str | None:
    """Return the side, ``before`` or ``after``, on which the row is not there."""
    record = RECORD_BY_TABLE[change.table_name or ""]
    named = record.place or next(iter(record.key))
    for field in change.fields:
        if field.field == named and field.before is None:
            return "before"
        if field.field == named and field.after is None:
            return "after"
    return None


def window(change: LoggedChange) -> str:
    """Return when it happened, as far as it was seen: between two captures."""
    return between(change.observed_after, change.observed_by)


def between(after: str | None, by: str) -> str:
    """Return a window in words; ``after`` is None where nothing was captured before."""
    if after is None:
        return f"by {day_and_time(by)}"
    return f"between {day_and_time(after)} and {day_and_time(by)}"


def fields_that_differ(change: LoggedChange) -> list[tuple[str, str, str]]:
    """Return what changed within the row, as field, before and after in words.

    Nothing for rows that came or went, whose values are those of their edition.
    """
    if not change.table_name or change.table_name in INDIVIDUAL_TABLES or _came_or_went(change):
        return []
    return [(f.field, _shown(f.field, f.before), _shown(f.field, f.after)) for f in change.fields]


def field_lines(change: LoggedChange) -> list[str]:
    """Return what changed within the row as text, a line a field."""
    return [
        one_line(f"{field}: {before or '(empty)'} → {after or '(empty)'}")
        for field, before, after in fields_that_differ(change)
    ]


def _shown(field: str, value: str | None) -> str:
    if value is None:
        return ""
    return one_line(_LISTS[field].join(json.loads(value)) if field in _LISTS else value)


def _counts(change: LoggedChange) -> str:
    counts: dict[str, ChangedField] = {field.field: field for field in change.fields}
    noun = NOUNS.get(change.table_name or "", "row")
    whence = PLACES[change.table_name or ""]
    parts = []
    for kind, words in (
        ("added", "added to"),
        ("removed", "taken out of"),
        ("changed", "changed in"),
    ):
        if f"rows_{kind}" in counts:
            number = counts[f"rows_{kind}"].after
            parts.append(f"{number} {noun}{'' if number == '1' else 's'} {words} {whence}")
    return ", ".join(parts)
