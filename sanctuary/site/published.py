"""How much of the texts of a policy our pages show: what ``publish`` of its source lets them.

``full``: the texts. ``diff``: of a text that changed the words that did, with a few around them; of
one that came or went the whole. ``link``: no text. Numbers, headings, notes and links are always
shown.
"""

from __future__ import annotations

from dataclasses import replace

from db.diff import FieldChange, RowChange
from parsers.records import PolicySection
from parsers.records.same_text import same_text
from sanctuary.difference import Difference, pieces_of
from sanctuary.words import shortened

_BODY = "body"

IN_WORDS = {
    "full": "",
    "diff": "This site shows of the texts of this source only what changed. The whole text is "
    "where its publisher shows it.",
    "link": "This site shows no text of this source: numbers and headings only. The text is where "
    "its publisher shows it.",
}


def as_published(diff: Difference) -> Difference:
    """Return a difference without the texts that ``publish`` of its source keeps off the pages."""
    publish = diff.source.publish
    if publish == "full":
        return diff
    take = _without_body if publish == "link" else _only_what_changed
    tables = [
        replace(table, changes=[take(change) for change in table.changes])
        if table.record is PolicySection and table.changes is not None
        else table
        for table in diff.tables
    ]
    return replace(diff, tables=tables)


def _only_what_changed(change: RowChange) -> RowChange:
    if change.kind not in ("changed", "renamed"):
        return change
    field = next((each for each in change.fields if each.field == _BODY), None)
    pieces = shortened(pieces_of(change, field)) if field else []
    before = "".join(piece.text for piece in pieces if piece.mark != "new")
    after = "".join(piece.text for piece in pieces if piece.mark != "gone")
    return _with_bodies(change, before, after)


def _without_body(change: RowChange) -> RowChange:
    return _with_bodies(change, "", "")


def _with_bodies(change: RowChange, before: str, after: str) -> RowChange:
    """Return a change with these texts; that the text is another stays said."""
    return replace(
        change,
        before=_with_body(change.before, before),
        after=_with_body(change.after, after),
        fields=tuple(
            FieldChange(_BODY, same_text(before) or None, same_text(after) or None)
            if each.field == _BODY
            else each
            for each in change.fields
        ),
    )


def _with_body(row: object, body: str) -> PolicySection | None:
    return replace(row, body=body) if isinstance(row, PolicySection) else None
