"""How much of the texts of a change our pages and feeds show (``sanctuary.site.published``)."""

from __future__ import annotations

from dataclasses import replace

from db.changes import ChangedField
from db.log import LoggedChange
from parsers.records import PolicySection, Statement
from sanctuary.words import redline, shortened

_LAW = (PolicySection.table, "body")
_SAID = (Statement.table, "text")
TEXTS = frozenset({_LAW, _SAID})
"""By table: the fields that are the text of a law, or of what is said of a list."""


def change_as_published(change: LoggedChange, publish: str) -> LoggedChange:
    """Return a change without the texts that ``publish`` of its source keeps off the pages.

    A field that is kept off stays, without a value on either side: that it differs is said.
    """
    if publish == "full":
        return change
    fields = tuple(_published(change.table_name, field, publish) for field in change.fields)
    return replace(change, fields=fields)


def _published(table: str | None, field: ChangedField, publish: str) -> ChangedField:
    of = (table, field.field)
    if of == _SAID or (of == _LAW and publish == "link"):
        return replace(field, before=None, after=None)
    if of != _LAW or field.before is None or field.after is None:
        return field
    pieces = shortened(redline(field.before, field.after))
    return replace(
        field,
        before="".join(piece.text for piece in pieces if piece.mark != "new"),
        after="".join(piece.text for piece in pieces if piece.mark != "gone"),
    )
